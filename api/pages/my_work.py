"""A reviewer's own work: what they are asked, what they have in hand, and what they wait for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from allocator.store.callers import Role
from api.pages.page import GoTo, Page, PageRoute, Shown

MINE: Final = frozenset({Role.REVIEWER})
HOME: Final = "/my-work"
Case = Mapping[str, Any]


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute(HOME, "my-work", MINE, _show, {"declare": _declare}, menu="My work"),)


def _show(page: Page) -> Shown:
    work = page.ask("my-work")
    today = page.today.isoformat()
    to_come = [one for one in own(page, "absences") if one["record"]["to"] >= today]
    return Shown(
        "my_work.html",
        {
            "to_declare": work["to_declare"],
            "groups": groups(work["cases"]),
            "absences": len(to_come),
            "interests": len(own(page, "interests")),
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
    case_id = page.form.get("case", "")
    page.ask("declare", {"record_id": case_id}, body={})
    return GoTo(HOME, f"You have declared that you are independent of {case_id}.")


def organisations(page: Page) -> dict[str, str]:
    """The organisations that are known, by code, each with its name: to choose from."""
    found = page.ask("list-organisations", query={"limit": "1000"})["items"]
    return {one["id"]: one["record"].get("name", "") for one in found}


def doubt(page: Page, code: str | None) -> str:
    """What is to be said of an organisation's code that may be mistyped; empty: nothing."""
    known = code is None or code.upper() in organisations(page)
    return "" if known else f" No organisation with the code {code} is known here: check that it is right."


def own(page: Page, kind: str) -> list[Any]:
    """All that is on record of a reviewer, of one kind."""
    found: list[Any] = page.ask(f"list-{kind}", query={"limit": "1000"})["items"]
    return found
