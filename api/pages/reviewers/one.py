"""One reviewer: how full they are now and by week ahead, what they have, and what is on record of them."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from allocator.store.callers import Role
from api.errors import Refusal
from api.pages.charts.weeks import weeks
from api.pages.page import Page, PageRoute, Shown
from api.pages.reviewers.words import WHO, how_full, interest, record_rows

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


def about(page: Page, who: str, kind: str) -> list[Json]:
    """What is on record of a reviewer, of one kind, by its first day; each with its id and version."""
    query = {"reviewer_id": who, "limit": "1000"}
    found = page.ask(f"list-{kind}", query=query)["items"]
    rows = [{**one["record"], "id": one["id"], "version": one["version"]} for one in found]
    return sorted(rows, key=lambda one: (one.get("from") or "", one.get("to") or "", one["id"]))


def interests(page: Page, who: str) -> list[Json]:
    """Their interests, each in words."""
    found = about(page, who, "interests")
    organisations = [called(page, "organisation", one["organisation"]) if one.get("organisation") else ""
                     for one in found]  # fmt: skip
    return [{**one, "says": interest(one, of)} for one, of in zip(found, organisations, strict=True)]


def called(page: Page, kind: str, code: str) -> str:
    """What an area or an organisation is called, with its code; the code alone where it has no name."""
    try:
        name = page.ask(f"get-{kind}", {"record_id": code})["record"].get("name")
    except Refusal:
        return code
    return f"{name} ({code})" if name else code


def _cases(page: Page, places: list[Json]) -> list[Json]:
    """What they have, with the state of each; of a case of another area its name is not told."""
    wanted = {"reviewer_id": page.path["record_id"], "limit": "1000"}
    records = {one["id"]: one for one in page.ask("list-cases", query=wanted)["items"]}
    return [
        {**one, "state": records[one["case_id"]]["state"] if one["case_id"] in records else None,
         "is_elsewhere": one["case_id"] == ELSEWHERE}
        for one in places
    ]  # fmt: skip
