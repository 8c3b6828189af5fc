"""Approved lines are published, who was told is said, and it is undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.pages import plan_words
from api.pages.links import link
from api.pages.page import GoTo, Page, PageRoute, Press, Shown
from api.pages.plan import seats_ticked
from api.pages.ready import ready_of
from api.roles import READERS, STAFF
from api.words import in_a_row

Json = Any


def pages() -> tuple[PageRoute, ...]:
    """The two pages."""
    presses: dict[str, Press] = {"publish": _publish, "lend": _lend}
    return (
        PageRoute("/plans/<plan>/publish", "plan-publish", STAFF, _check, presses),
        PageRoute("/publications/<publication>", "publication", READERS, _publication, {"undo": _undo}),
    )


def _check(page: Page) -> Shown:
    every = page.ask("plan-lines", page.path)["items"]
    ready = ready_of(every)
    ticked = page.form.getlist("line") if page.problem else [plan_words.key(one) for one in ready]
    said = {
        "plan": page.ask("kept-plan", page.path),
        "ready": ready,
        "waiting": [one for one in every if one["state"] == "approved" and one not in ready],
        "ticked": ticked,
        "words": plan_words,
    }
    return Shown("plan_publish.html", said)


def _publish(page: Page) -> GoTo:
    done = page.ask("publish", page.path, body={"lines": seats_ticked(page)})
    said = "Published. These cases are with their reviewers now."
    return GoTo(link("publications", done["publication"]), said)


def _lend(page: Page) -> GoTo:
    """Consent of an area of the caller's that its reviewer works on a case of another."""
    case_id, lender = page.form.get("_case", ""), page.form.get("_lender", "")
    borrower = page.ask("get-case", {"record_id": case_id})["record"]["area"]
    page.ask("consent", body={"lender": lender, "borrower": borrower, "case_id": case_id})
    return GoTo(
        link("plans", page.path["plan"], "publish"), f"{lender} lends its reviewer for case {case_id}."
    )


def _publication(page: Page) -> Shown:
    found = page.ask("publication", page.path)
    said = {
        "done_now": found,
        "changes": _changes(found),
        "told": [one["reviewer_id"] for one in found["concerned"] if _is_told(one, found["undone_at"])],
        "own": _own(page),
        "may_undo": page.may("undo") and not found["undone_at"],
        "words": plan_words,
    }
    return Shown("publication.html", said)


def _own(page: Page) -> set[str]:
    """The reviewers whom whoever looks may let in: not those who are lent by another area."""
    return {one["id"] for one in page.every("list-reviewers")} if page.may("invite") else set()


def _changes(found: Json) -> dict[str, dict[str, str]]:
    """By reviewer which places a publication gives them and takes from them, in words."""
    lines = found["lines"]
    return {
        one["reviewer_id"]: {
            "gains": in_a_row([_place(line) for line in lines if line["reviewer_id"] == one["reviewer_id"]]),
            "loses": in_a_row([_place(line) for line in lines if _is_lost(line, one)]),
        }
        for one in found["concerned"]
    }


def _is_lost(line: Json, one: Json) -> bool:
    """Whether somebody had a line's place until it was published: who declined it is named as well."""
    return line["previous_reviewer_id"] == one["reviewer_id"] and line["case_id"] in one["loses"]


def _place(line: Json) -> str:
    """A place in few words; that of a second is not taken for a lead's."""
    return f"the second place of {line['case_id']}" if line["role"] == "second" else str(line["case_id"])


def _is_told(one: Json, undone_at: str | None) -> bool:
    """Whether somebody knows how things are now: they were here since, or have accepted what they have."""
    if one["here_at"] and undone_at:
        return datetime.fromisoformat(one["here_at"]) >= datetime.fromisoformat(undone_at)
    return bool(not undone_at and (one["here_at"] or one["accepted"]))


def _undo(page: Page) -> GoTo:
    page.ask("undo", page.path)
    said = "Undone. Whoever had these cases before has them again."
    return GoTo(link("publications", page.path["publication"]), said)
