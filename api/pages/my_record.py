"""What is on record of a reviewer: when they are away, and what interests they have."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from allocator.errors import BadInput
from api.pages.forms import Typed, Wrong
from api.pages.my_case import ABSENCE, INTEREST, absence_of, interest_of, kind_options
from api.pages.my_work import HOME, MINE, doubt, organisations, own
from api.pages.page import GoTo, Page, PageRoute, Shown

ABSENCES: Final = f"{HOME}/absences"
INTERESTS: Final = f"{HOME}/interests"


def pages() -> tuple[PageRoute, ...]:
    """The two pages."""
    return (
        PageRoute(ABSENCES, "my-absences", MINE, _absences, {"add": _add, "remove": _back_at_work}),
        PageRoute(INTERESTS, "my-interests", MINE, _interests, {"keep": _declare, "remove": _withdraw}),
    )


def _absences(page: Page) -> Shown:
    found = sorted(own(page, "absences"), key=lambda one: (one["record"]["from"], one["record"]["to"]))
    today = page.today.isoformat()
    return Shown(
        "my_absences.html",
        {
            "to_come": [one for one in found if one["record"]["to"] >= today],
            "past": [one for one in reversed(found) if one["record"]["to"] < today],
            "wrong": Wrong(page),
        },
    )


def _add(page: Page) -> GoTo:
    typed = Typed(page.form, ABSENCE)
    row = absence_of(typed)
    typed.check()
    _keep(page, "absence", _id("absence", page, row), row, typed)
    return GoTo(ABSENCES, "Your absence is kept. Plans count with it from now on.")


def _back_at_work(page: Page) -> GoTo:
    page.ask("remove-absence", {"record_id": page.form.get("id", "")})
    return GoTo(ABSENCES, "Your absence is taken back.")


def _interests(page: Page) -> Shown:
    found = own(page, "interests")
    chosen = page.query.get("change") or page.form.get("id")
    changed = next((one for one in found if one["id"] == chosen), None)
    return Shown(
        "my_interests.html",
        {
            "found": found,
            "changed": changed,
            "given": changed["record"] if changed else {"case_id": page.query.get("case", "")},
            "kinds": kind_options(),
            "organisations": organisations(page),
            "wrong": Wrong(page),
        },
    )


def _declare(page: Page) -> GoTo:
    typed = Typed(page.form, INTEREST)
    row = interest_of(typed)
    typed.check()
    done = _keep(page, "interest", page.form.get("id") or _id("interest", page, row), row, typed)
    gone = ", ".join(sorted(one["case_id"] for one in done["withdrawn"]))
    also = f" Because of it you no longer have {gone}: they wait for somebody else now." if gone else ""
    return GoTo(INTERESTS, f"Your interest is kept.{also}{doubt(page, row.get('organisation'))}")


def _withdraw(page: Page) -> GoTo:
    page.ask("remove-interest", {"record_id": page.form.get("id", "")})
    return GoTo(INTERESTS, "Your interest is taken back.")


def _keep(page: Page, kind: str, record_id: str, row: Mapping[str, Any], typed: Typed) -> Any:
    """What a call answers that keeps something of the reviewer's own."""
    body = {**row, "reviewer_id": page.caller.reviewer_id}
    try:
        return page.ask(f"put-{kind}", {"record_id": record_id}, body=body)
    except BadInput as error:
        raise typed.in_words(error) from error


def _id(kind: str, page: Page, row: Mapping[str, Any]) -> str:
    """The id of something new: the same for the same words, so that a form sent twice is kept once."""
    said = repr((page.caller.reviewer_id, sorted(row.items())))
    return f"{kind}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"
