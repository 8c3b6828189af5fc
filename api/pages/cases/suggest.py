"""Who should take a case now: a table of reviewers, and the page that gives it to one of them."""

from __future__ import annotations

from collections.abc import Mapping

from api.pages.cases.one import ASK, CHANGE, ONE, case_of, not_planned, shown
from api.pages.cases.said import stopped
from api.pages.links import link
from api.pages.page import GoTo, Json, Page, PageRoute, Shown
from api.pages.stale import ask_as_shown
from api.reasons import INSTEAD

BEST = 10
"""So many are shown at first."""
MANY = 1000


def pages() -> tuple[PageRoute, ...]:
    """The two pages."""
    return (
        PageRoute(f"{ONE}/suggest", "suggest", ASK, _show),
        PageRoute(f"{ONE}/give", "give-case", CHANGE, _giving, {"give": _give}),
    )


def _show(page: Page) -> Shown:
    case = case_of(page)
    if why := not_planned(case):
        return shown(page, "suggest", case=case, why=why)
    found = _found(page, MANY if page.query.get("show") == "all" else BEST)
    return shown(
        page,
        "suggest",
        case=case,
        found=found,
        stopped=stopped(found["stopped"]),
        unavailable=_unavailable(found),
    )


def _unavailable(found: Json) -> list[tuple[str, list[Json]]]:
    """Those who cannot take it, under what to call them."""
    away = [one for one in found["unable"] if "available" in one["codes"]]
    may_not = [one for one in found["unable"] if one not in away]
    groups = (("Not available", away), ("No room at present", found["others"]), ("May not take it", may_not))
    return [(heading, rows) for heading, rows in groups if rows]


def _giving(page: Page) -> Shown:
    case = case_of(page)
    if why := not_planned(case):
        return shown(page, "suggest", case=case, why=why)
    who, found = page.query.get("reviewer") or page.form.get("reviewer", ""), _found(page, MANY)
    each = {one["reviewer_id"]: one for one in found["suggestions"]}
    return shown(
        page,
        "give",
        case=case,
        found=found,
        who=who,
        chosen=each.get(who),
        first=next(iter(each), None),
        reasons=INSTEAD,
    )


def _give(page: Page) -> GoTo:
    who, case_id = page.form.get("reviewer", ""), page.path["record_id"]
    reason = page.form.get("reason")
    body = {"role": page.form.get("_role", "lead"), "reviewer_id": who}
    ask_as_shown(page, "give-case", page.path, body | ({"reason": reason} if reason else {}))
    return GoTo(link("cases", case_id), f"{who} has {case_id} now. Tell them.")


def _found(page: Page, top: int) -> Json:
    asked: Mapping[str, str] = {"top": str(top)}
    role = page.query.get("role") or page.form.get("_role")
    if role in ("lead", "second"):
        asked = {**asked, "role": role}
    return page.ask("case-suggestions", page.path, asked)
