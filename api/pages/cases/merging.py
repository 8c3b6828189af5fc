"""Merging a duplicate into another case, and parting it again."""

from __future__ import annotations

from allocator.errors import BadInput
from api.errors import Refusal
from api.pages.cases.one import CHANGE, ONE, case_of, shown
from api.pages.links import link
from api.pages.page import GoTo, Json, Page, PageRoute, Shown
from api.pages.stale import ask_as_shown


def pages() -> tuple[PageRoute, ...]:
    """The two pages."""
    return (
        PageRoute(f"{ONE}/merge", "merge-case", CHANGE, _merging, {"merge": _merge}),
        PageRoute(f"{ONE}/unmerge", "unmerge-case", CHANGE, _parting, {"unmerge": _unmerge}),
    )


def _merging(page: Page) -> Shown:
    case, into = case_of(page), (page.query.get("into") or page.form.get("into") or "").strip()
    other, unknown = _other(page, into)
    if other is not None and other["id"] == case["id"]:
        other, unknown = None, "This is the same case. Give the number of the other one."
    both = [case, other] if other else []
    clocks = [page.ask("case-clocks", {"record_id": one["id"]}) for one in both if one["record"]]
    return shown(page, "merge", case=case, into=into, other=other, unknown=unknown, clocks=clocks)


def _merge(page: Page) -> GoTo:
    into = page.form.get("into", "").strip()
    ask_as_shown(page, "merge-case", page.path, {"into": into})
    return GoTo(link("cases", into), f"{page.path['record_id']} is merged into this case.")


def _parting(page: Page) -> Shown:
    return shown(page, "unmerge")


def _unmerge(page: Page) -> GoTo:
    ask_as_shown(page, "unmerge-case", page.path, {})
    return GoTo(link("cases", page.path["record_id"]), "It is a case of its own again.")


def _other(page: Page, into: str) -> tuple[Json, str]:
    """The case of a number, or what is said of one that there is not."""
    if not into:
        return None, ""
    try:
        return page.ask("get-case", {"record_id": into}), ""
    except (Refusal, BadInput):
        return None, f"There is no case {into} in your areas. Check the number."
