"""The coordinator's desk: one case or one reviewer, now, against all that stands."""

from allocator.desk.counted import counted
from allocator.desk.desk import Desk, Now, Publication
from allocator.desk.family import family
from allocator.desk.journal import Journal
from allocator.desk.load import HeldPlace, LoadAhead, LoadNow, Week, load_ahead, loads
from allocator.desk.suggest import Suggestion, Suggestions, suggest
from allocator.desk.upcoming import NextCase, NextCases, next_cases

__all__ = [
    "Desk",
    "HeldPlace",
    "Journal",
    "LoadAhead",
    "LoadNow",
    "NextCase",
    "NextCases",
    "Now",
    "Publication",
    "Suggestion",
    "Suggestions",
    "Week",
    "counted",
    "family",
    "load_ahead",
    "loads",
    "next_cases",
    "suggest",
]
