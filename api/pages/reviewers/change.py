"""A reviewer's hours, skills and limits changed; what somebody else has changed meanwhile is shown beside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from allocator.errors import BadInput
from api.pages.forms import Typed, Wrong
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.reviewers.words import EMPLOYMENT, path_of
from api.pages.stale import ask_as_shown, is_stale, next_version
from api.roles import STAFF
from api.words import in_full, sentence

Json = Any
FIELDS: Final = {
    "hours_per_week": "Hours a week for reviews",
    "employment": "Employment",
    "areas": "Areas",
    "skills": "Skills",
    "review_types": "Review types",
    "max_open_cases": "Most open cases at a time",
    "cases_a_year": "Most cases a year",
    "max_distance_km": "Farthest case, in kilometres",
}
LISTS: Final = ("areas", "skills")
"""Fields that are typed as words with commas between."""
NUMBERS: Final = ("hours_per_week", "max_open_cases", "cases_a_year", "max_distance_km")
_APART: Final = re.compile(r"[,;\n]")


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    path = "/reviewers/<record_id>/change"
    return (PageRoute(path, "reviewer-change", STAFF, _show, {"save": _save}),)


def _show(page: Page) -> Shown:
    found = page.ask("get-reviewer", page.path)
    record, types = found["record"], list(page.ask("get-policy")["policy"]["review_types"])
    now = {name: _typed(name, record.get(name)) for name in FIELDS if name != "review_types"}
    may = record.get("review_types", [])
    return Shown(
        "reviewer_change.html",
        {
            "who": found["id"],
            "version": next_version(page, found["version"]),
            "now": now,
            "labels": FIELDS,
            "employment": [{"value": value, "text": text} for value, text in EMPLOYMENT.items()],
            "types": [{"value": one, "text": sentence(one)} for one in types],
            "may_lead": page.form.getlist("review_types") if page.form else may,
            "others": _others(page, now, may) if is_stale(page) else None,
            "wrong": Wrong(page),
        },
    )


def _others(page: Page, now: Mapping[str, str], may_lead: list[str]) -> list[tuple[str, str, str]]:
    """What is typed otherwise than it is now: each field, as it is now, and as it is typed."""
    lists = {"review_types": (", ".join(may_lead), ", ".join(page.form.getlist("review_types")))}
    told = {name: (value, page.form.get(name, "").strip()) for name, value in now.items()} | lists
    return [
        (FIELDS[name], is_now or "none", typed or "none")
        for name, (is_now, typed) in told.items()
        if is_now != typed
    ]


def _save(page: Page) -> GoTo:
    who = page.path["record_id"]
    record = dict(page.ask("get-reviewer", page.path)["record"])
    typed = Typed(page.form, FIELDS)
    wanted = _wanted(typed, page.form.getlist("review_types"))
    typed.check()
    body = {name: value for name, value in (record | wanted).items() if value not in (None, [])}
    try:
        ask_as_shown(page, "put-reviewer", page.path, body)
    except BadInput as error:
        raise typed.in_words(error) from error
    return GoTo(path_of(who), "The record is changed. Plans count with it from now on.")


def _wanted(typed: Typed, types: list[str]) -> dict[str, Json]:
    """The fields as they are to be."""
    found: dict[str, Json] = {name: typed.number(name) for name in NUMBERS}
    typed.needed("hours_per_week", "give a number, 0 if they do no reviews now")
    typed.needed("areas", "give at least the home area")
    for name in LISTS:
        words = _APART.split(typed.text(name) or "")
        found[name] = [one.strip() for one in words if one.strip()]
    return found | {"employment": typed.text("employment"), "review_types": types}


def _typed(name: str, value: Json) -> str:
    """A value as it is typed."""
    if value is None:
        return "dedicated" if name == "employment" else ""
    if isinstance(value, list):
        return ", ".join(value)
    return in_full(value) if name in NUMBERS else str(value)
