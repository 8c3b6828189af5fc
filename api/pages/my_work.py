"""A reviewer's own work: what they are asked, what they have in hand, and what they wait for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from allocator.store.callers import Role
from api.pages.areas import called
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.whose import about

MINE: Final = frozenset({Role.REVIEWER})
HOME: Final = "/my-work"
Case = Mapping[str, Any]


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute(HOME, "my-work", MINE, _show, {"declare": _declare}, menu="My work"),)


def _show(page: Page) -> Shown:
    work = page.ask("my-work")
    today = page.today.isoformat()
    who = str(page.caller.reviewer_id)
    to_come = [one for one in about(page, who, "absences") if one["to"] >= today]
    return Shown(
        "my_work.html",
        {
            "to_declare": work["to_declare"],
            "groups": groups(work["cases"]),
            "areas": {code: called(page, "area", code) for code in {one["area"] for one in work["cases"]}},
            "absences": len(to_come),
            "interests": len(about(page, who, "interests")),
        },
    )


def groups(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """The cases by what is to be done next: answered, worked on, waited for."""
    found: dict[str, list[Case]] = {"answer": [], "in-hand": [], "waiting": []}
    for one in cases:
        waits = one["state"] == "awaiting_sign_off" or one["on_hold_since"]
        found["answer" if one["to_answer"] else "waiting" if waits else "in-hand"].append(one)
    return found


def _declare(page: Page) -> GoTo:
    case_id = page.form.get("_case", "")
    page.ask("declare", {"record_id": case_id}, body={})
    return GoTo(HOME, f"You have declared that you are independent of {case_id}.")
