"""What pages say of a reviewer: how full they are, and what stands in their record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from allocator.store.callers import Role
from api.pages.links import link
from api.roles import STAFF
from api.words import count, day, figure, sentence

Json = Any
WHO: Final = STAFF | {Role.AUDITOR}
"""Who works with reviewers."""
EMPLOYMENT: Final[Mapping[str, str]] = {
    "dedicated": "Dedicated: reviews are their job",
    "day_job": "Beside another job",
    "bank": "Bank",
    "agency": "Agency",
    "provider": "From a provider",
}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "ok": ("Has room", "green"),
    "full": ("Full", "yellow"),
    "over": ("Over capacity", "orange"),
    "overloaded": ("Overloaded", "red"),
    "unavailable": ("Unavailable", "grey"),
}
"""How full somebody is, in words, and the colour that goes with them."""
MARKED: Final = 110
"""Percent of capacity from which an overload is marked."""


def how_full(load: Json) -> tuple[str, str]:
    """How full a reviewer is, in words, and the colour of the tag that says so."""
    percent = load["workload_percent"]
    if load["state"] == "over" and percent is not None and percent > MARKED:
        return STATES["overloaded"]
    return STATES[load["state"]]


def record_rows(record: Mapping[str, Json], called: Callable[[str, str], str]) -> list[tuple[str, str]]:
    """What stands in a reviewer's record, in words, each with its name.

    Parameters
    ----------
    called : what an area or an organisation is called, by its kind and its code
    """
    return list(_rows(record, called))


def _rows(record: Mapping[str, Json], called: Callable[[str, str], str]) -> Iterator[tuple[str, str]]:
    home, *others = (called("area", code) for code in record["areas"])
    yield "Home area", home
    if others:
        yield "Also covers", ", ".join(others)
    yield "Hours a week for reviews", figure(record["hours_per_week"], 2)
    yield "Employment", _employment(record)
    yield "Skills", _listed(record.get("skills"), "None on record")
    yield "Review types", _listed(map(sentence, record.get("review_types", ())), "May lead any")
    posts = record.get("organisations")
    if posts:
        yield "Posts now at", ", ".join(called("organisation", code) for code in posts)
    limits = list(_limits(record))
    yield "Limits", ". ".join(limits) if limits else "None of their own"
    for name, label in (("starts_on", "First working day"), ("leaves_on", "Last working day")):
        if record.get(name):
            yield label, day(record[name])


def _employment(record: Mapping[str, Json]) -> str:
    said = EMPLOYMENT[record.get("employment", "dedicated")]
    return f"{said}: {record['provider']}" if record.get("provider") else said


def _limits(record: Mapping[str, Json]) -> Iterator[str]:
    if "max_open_cases" in record:
        yield f"At most {count(record['max_open_cases'], 'open case')} at a time"
    if "cases_a_year" in record:
        so_far = record.get("cases_this_year")
        done = f", {so_far} so far" if so_far is not None else ""
        yield f"At most {count(record['cases_a_year'], 'case')} a year{done}"
    if "max_distance_km" in record:
        yield f"Up to {figure(record['max_distance_km'])} km away"
    if "horizon_weeks" in record:
        yield f"Work of {count(record['horizon_weeks'], 'week')} is handed out at a time"
    if record.get("hours_factor", 1.0) != 1.0:
        yield f"Needs {figure(record['hours_factor'], 2)} hours for an hour of expected work"


def _listed(found: Any, none: str) -> str:
    return ", ".join(found or ()) or none


def path_of(reviewer_id: str, *more: str) -> str:
    """The address of a reviewer's page, or of one below it."""
    return link("reviewers", reviewer_id, *more)
