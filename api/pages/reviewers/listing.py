"""All reviewers: how full each is, in any order, of one area or of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from api.pages.areas import own_areas
from api.pages.charts.weeks import bar
from api.pages.page import Page, PageRoute, Shown
from api.pages.reviewers.words import EMPLOYMENT, WHO, how_full
from api.pages.typed import place_of

Json = Any
AT_ONCE: Final = 100
COLUMNS: Final[dict[str, tuple[str, Callable[[Json], Any]]]] = {
    "reviewer": ("Reviewer", lambda one: one["reviewer_id"]),
    "area": ("Home area", lambda one: one["area"]),
    "employment": ("Employment", lambda one: EMPLOYMENT[one["employment"]]),
    "workload": (
        "Workload",
        lambda one: one["workload_percent"] if one["workload_percent"] is not None else -1,
    ),
    "free": ("Free hours", lambda one: one["free_hours"]),
    "cases": ("Open cases", lambda one: one["open_cases"]),
}
"""What the list can be ordered by: its heading, and the value of a row."""
WORDS: Final = ("reviewer", "area", "employment")
"""Columns that begin with the first letter; the others with the largest number."""


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/reviewers", "reviewers", WHO, _show, menu="Reviewers"),)


def _show(page: Page) -> Shown:
    area, sort = page.query.get("area", ""), page.query.get("sort", "")
    if sort.removeprefix("-") not in COLUMNS:
        sort = "reviewer"
    found = page.ask("workloads", query={"area": area} if area else {})["items"]
    value = COLUMNS[sort.removeprefix("-")][1]
    found.sort(key=lambda one: one["reviewer_id"])
    found.sort(key=value, reverse=sort.startswith("-"))
    last = max(1, -(-len(found) // AT_ONCE))
    number = place_of(page.query.get("page", ""), last)
    rows = found[(number - 1) * AT_ONCE : number * AT_ONCE]
    return Shown(
        "reviewers.html",
        {
            "area": area,
            "areas": [{"value": code, "text": name} for code, name in own_areas(page).items()],
            "columns": [_column(name, sort, area) for name in COLUMNS],
            "rows": [(one, how_full(one), bar(one["workload_percent"])) for one in rows],
            "total": len(found),
            "first": (number - 1) * AT_ONCE + 1,
            "pagination": _pagination(number, last, sort, area),
            "employment": EMPLOYMENT,
        },
    )


def _column(name: str, sort: str, area: str) -> Json:
    """A heading: how the list is ordered by it now, and where it is ordered by it, or the other way round."""
    now = {name: "ascending", f"-{name}": "descending"}.get(sort)
    usual = name if name in WORDS else f"-{name}"
    other = name if usual.startswith("-") else f"-{name}"
    href = _address(other if sort == usual else usual, area)
    return {"text": COLUMNS[name][0], "href": href, "now": now, "is_number": name not in WORDS}


def _address(sort: str, area: str, number: int = 1) -> str:
    wanted = {"area": area, "sort": sort, "page": str(number) if number > 1 else ""}
    return "/reviewers?" + urlencode({name: value for name, value in wanted.items() if value})


def _pagination(number: int, last: int, sort: str, area: str) -> Json:
    """The pages before and after; None: all stands on one."""
    if last <= 1:
        return None
    steps = {"previous": number - 1, "next": number + 1}
    return {
        name: {"href": _address(sort, area, at), "text": f"{name.capitalize()}", "label": f"{at} of {last}"}
        for name, at in steps.items()
        if 1 <= at <= last
    }
