"""What the pages of a case call things: rules, reasons, moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

RULES: Final[Mapping[str, str]] = {
    "type": "Type of review",
    "skill": "Skills",
    "area": "Area",
    "excluded": "Exclusions and refusals",
    "conflict": "Independence",
    "available": "Availability",
    "assignment": "The other place",
    "capacity": "Hours",
    "open_cases": "Open cases",
    "year_limit": "Cases a year",
    "contract": "Contract",
    "admin": "Administration",
    "linked": "Linked cases",
    "hold": "Hold",
    "locked": "Kept with its lead",
}
_STOPS: Final[Mapping[str, tuple[str, str]]] = {
    "area": ("does not cover the area", "do not cover the area"),
    "type": ("may not lead this type of review",) * 2,
    "skill": ("lacks a skill that is needed", "lack a skill that is needed"),
    "conflict": ("has a conflict of interest", "have a conflict of interest"),
    "excluded": ("is excluded or has declined it", "are excluded or have declined it"),
    "assignment": ("has the other place of the case", "have the other place of the case"),
    "available": ("has no hours or leaves too soon", "have no hours or leave too soon"),
    "linked": ("may not, as a linked case is with someone else",) * 2,
    "admin": ("may not, as there is too little administration left",) * 2,
    "contract": ("may not, as their contract has too little left",) * 2,
    "open_cases": ("has as many open cases as allowed", "have as many open cases as allowed"),
    "year_limit": ("has had all cases of this year", "have had all cases of this year"),
    "capacity": ("has too few hours left", "have too few hours left"),
    "nothing": ("could take it",) * 2,
}
MOVES: Final[Mapping[str, str]] = {
    "in_review": "Start the review",
    "awaiting_sign_off": "Send to sign-off",
    "returned": "Return to the reviewer",
    "completed": "Sign off as completed",
    "reopened": "Open the case again",
}
"""What the button says that moves a case to a state; it is closed on a page of its own."""
MOVED: Final[Mapping[str, str]] = {
    "in_review": "The review has started.",
    "awaiting_sign_off": "The review awaits sign-off.",
    "returned": "The review is returned to the reviewer.",
    "completed": "The review is completed.",
    "reopened": "The case is open again and waits for a reviewer.",
    "closed_without_review": "The case is closed without review.",
}
HOLDS: Final[Mapping[str, str]] = {
    "coroner": "Coroner",
    "safeguarding": "Safeguarding",
    "police": "Police",
    "family": "The family asked for it",
    "other": "Another reason",
}
ACTIONS: Final[Mapping[str, str]] = {
    "put": "Kept or changed",
    "give": "Given to a reviewer",
    "take-back": "Taken back",
    "move": "Moved to another state",
    "merge": "Merged",
    "unmerge": "Parted again",
    "publish": "Published",
    "undo": "Publication undone",
    "approve": "Line of a plan approved",
    "accept": "Accepted by the reviewer",
    "declare": "Independence declared",
    "depart": "Given to another reviewer than was suggested first",
    "forget": "What it said was deleted after its time",
}


def stopped(counts: Mapping[str, int]) -> str:
    """How many reviewers each rule stops: `2 lack a skill that is needed; 1 could take it`."""
    return "; ".join(f"{number} {_stops(rule, number)}" for rule, number in counts.items())


def _stops(rule: str, number: int) -> str:
    one, many = _STOPS.get(rule, (rule, rule))
    return one if number == 1 else many
