"""One reviewer: how full they are now and by week ahead, what they have, and what is on record of them."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from allocator.store.callers import Role
from api.pages.areas import called
from api.pages.charts.weeks import weeks
from api.pages.interests import interests
from api.pages.page import Page, PageRoute, Shown
from api.pages.reviewers.words import WHO, how_full, record_rows
from api.pages.whose import about

Json = Any
AHEAD: Final = 13
"""Weeks that the picture shows."""
ELSEWHERE: Final = "another-area"


def pages() -> tuple[PageRoute, ...]:
    """The page; a reviewer may look at their own."""
    may = WHO | {Role.REVIEWER}
    return (PageRoute("/reviewers/<record_id>", "reviewer", may, _show),)


def _show(page: Page) -> Shown:
    who = page.path["record_id"]
    found = page.ask("get-reviewer", page.path)
    load = page.ask("reviewer-workload", page.path, {"weeks": str(AHEAD)})
    today = page.today.isoformat()
    return Shown(
        "reviewer.html",
        {
            "who": who,
            "load": load["now"],
            "state": how_full(load["now"]),
            "weeks": load["weeks"],
            "picture": weeks(load["weeks"], who),
            "cases": _cases(page, load["places"]),
            "rows": record_rows(found["record"], partial(called, page)),
            "absences": [one for one in about(page, who, "absences") if one["to"] >= today],
            "interests": interests(page, who) if page.may("list-interests") else None,
            "declines": about(page, who, "declines"),
            "is_staff": page.may("put-reviewer"),
            "sees_next": page.may("reviewer-next-cases"),
            "is_own": page.caller.role is Role.REVIEWER,
        },
    )


def _cases(page: Page, places: list[Json]) -> list[Json]:
    """What they have, with the state of each; of a case of another area its name is not told."""
    wanted = {"reviewer_id": page.path["record_id"]}
    records = {one["id"]: one for one in page.every("list-cases", wanted)}
    return [
        {**one, "state": records[one["case_id"]]["state"] if one["case_id"] in records else None,
         "is_elsewhere": one["case_id"] == ELSEWHERE}
        for one in places
    ]  # fmt: skip
