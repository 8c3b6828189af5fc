"""One case of a reviewer: accepted or declined, declared about, and how far its review is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from allocator.errors import BadInput
from api.errors import Refusal
from api.pages.absences import ABSENCE, absence_of
from api.pages.areas import called
from api.pages.forms import Typed, Wrong
from api.pages.interests import INTEREST, doubt, interest_of, kind_options, organisations
from api.pages.links import link
from api.pages.my_work import HOME, MINE, Case
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.stale import ask_as_shown, next_version
from api.pages.whose import whose

REASONS: Final = {
    "conflict": "I have a conflict of interest",
    "capacity": "I do not have the time",
    "skill": "I do not have the skills or the experience",
    "family": "It would not be right for the family",
    "other": "Another reason",
}
SAYS: Final = {
    "reason": "Reason",
    **{f"interest-{name}": label for name, label in INTEREST.items()},
    **{f"absence-{name}": label.format(your="your") for name, label in ABSENCE.items()},
}
PROGRESS: Final = {
    "hours_left": "Hours you still need",
    "admin_hours_left": "Hours of administration still needed",
    "evidence_received_on": "Day the evidence was complete",
    "evidence_expected_on": "Day the evidence is expected",
}
NEXT: Final = {
    "in_review": "You have started the review of {case}.",
    "awaiting_sign_off": "You have sent the review of {case} for sign-off.",
}


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    presses = {
        "accept": _accept,
        "decline": _decline,
        "declare": _declare,
        "progress": _progress,
        "move": _move,
    }
    return (PageRoute(f"{HOME}/cases/<record_id>", "my-case", MINE, _show, presses),)


@dataclass(frozen=True)
class _Asked:
    """What a button is pressed about: the page's case, as it was shown."""

    page: Page
    case: Case

    def ask(self, name: str, body: Mapping[str, Any]) -> Any:
        """What a call about the case answers.

        Raises
        ------
        Refusal
            412 `changed-since`: somebody has changed the case since it was shown.
        """
        return ask_as_shown(self.page, name, {"record_id": self.case["case_id"]}, body)

    def back(self, said: str) -> GoTo:
        """The page again, with what was done."""
        return GoTo(link("my-work", "cases", self.case["case_id"]), said)


def _asked(page: Page) -> _Asked:
    """The page's case.

    Raises
    ------
    Refusal
        404: it is none of theirs, or not any more.
    """
    case_id = page.path["record_id"]
    for one in page.ask("my-work")["cases"]:
        if one["case_id"] == case_id:
            return _Asked(page, one)
    detail = f"{case_id} is not one of your cases. It may be somebody else's by now."
    raise Refusal(404, "not-found", detail)


def _show(page: Page) -> Shown:
    case, of = _asked(page).case, whose(page)
    return Shown(
        "my_case.html",
        {
            "case": case,
            "area": called(page, "area", case["area"]),
            "version": next_version(page, case["version"]),
            "of": of,
            "wrong": Wrong(page),
            "reasons": REASONS,
            "kinds": kind_options(of),
            "organisations": organisations(page),
        },
    )


def _accept(page: Page) -> GoTo:
    asked = _asked(page)
    asked.ask("answer-case", {"role": asked.case["role"], "answer": "accept"})
    return asked.back(f"You have accepted {asked.case['case_id']}.")


def _decline(page: Page) -> GoTo:
    asked, typed = _asked(page), Typed(page.form, SAYS)
    body = _answer(asked.case, typed)
    before = _ids(page)
    try:
        asked.ask("answer-case", body)
    except BadInput as error:
        raise typed.in_words(error) from error
    case_id = asked.case["case_id"]
    gone = before - _ids(page) - {case_id}
    also = f" Because of your interest you no longer have {', '.join(sorted(gone))} either." if gone else ""
    unsure = doubt(page, body.get("interest", {}).get("organisation"))
    return GoTo(HOME, f"You have declined {case_id}. It waits for somebody else now.{also}{unsure}")


def _answer(case: Case, typed: Typed) -> dict[str, Any]:
    """The decline that was typed.

    Raises
    ------
    BadInput
        Something is missing, or cannot be read.
    """
    reason = typed.needed("reason", "choose one")
    body = {"role": case["role"], "answer": "decline", "reason": reason}
    if reason == "conflict":
        interest = interest_of(typed, "interest-")
        body["interest"] = interest if "organisation" in interest else interest | {"case_id": case["case_id"]}
    elif reason == "capacity":
        body["absence"] = absence_of(typed, "absence-")
    typed.check()
    return body


def _declare(page: Page) -> GoTo:
    asked = _asked(page)
    asked.ask("declare", {})
    return asked.back(f"You have declared that you are independent of {asked.case['case_id']}.")


def _progress(page: Page) -> GoTo:
    asked, typed = _asked(page), Typed(page.form, PROGRESS)
    body: dict[str, Any] = {"role": asked.case["role"], "hours_left": typed.number("hours_left")}
    if asked.case["role"] == "lead":
        body["admin_hours_left"] = typed.number("admin_hours_left")
    evidence = page.form.get("evidence", "")
    if evidence in ("received", "expected"):
        name = f"evidence_{evidence}_on"
        day = typed.day(name, is_needed=True)
        body[name] = None if day == asked.case[name] else day  # it may have passed since it was said
    typed.check()
    try:
        asked.ask("tell-progress", {name: value for name, value in body.items() if value is not None})
    except BadInput as error:
        raise typed.in_words(error) from error
    return asked.back(f"What you said of {asked.case['case_id']} is kept, and plans count with it.")


def _move(page: Page) -> GoTo:
    asked, state = _asked(page), page.form.get("_state", "")
    asked.ask("move-case", {"state": state})
    return asked.back(NEXT.get(state, "").format(case=asked.case["case_id"]))


def _ids(page: Page) -> set[str]:
    return {one["case_id"] for one in page.ask("my-work")["cases"]}
