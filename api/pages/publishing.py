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
        "told": [one["reviewer_id"] for one in found["concerned"] if _is_told(one, found["undone_at"])],
        "may_undo": page.may("undo") and not found["undone_at"],
        "words": plan_words,
    }
    return Shown("publication.html", said)


def _is_told(one: Json, undone_at: str | None) -> bool:
    """Whether somebody knows how things are now: they were here since, or have accepted what they have."""
    if one["here_at"] and undone_at:
        return datetime.fromisoformat(one["here_at"]) >= datetime.fromisoformat(undone_at)
    return bool(not undone_at and (one["here_at"] or one["accepted"]))


def _undo(page: Page) -> GoTo:
    page.ask("undo", page.path)
    said = "Undone. Whoever had these cases before has them again."
    return GoTo(link("publications", page.path["publication"]), said)
