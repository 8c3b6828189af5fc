"""What the pages of one case share: the case as it is now, and what is said if it has changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from allocator.errors import Refused
from api.errors import Refusal
from api.pages import words
from api.pages.page import Json, Page, Shown
from api.roles import READERS, REVIEWERS, STAFF, STAFF_AND_AUDITORS

ONE: Final = "/cases/<record_id>"
SEE: Final = READERS | REVIEWERS
"""Who may look at a case: a reviewer at their own."""
CHANGE: Final = STAFF
ASK: Final = STAFF_AND_AUDITORS
ENDED: Final = ("completed", "closed_without_review")
CHANGED: Final = "changed-since"


def case_of(page: Page) -> Json:
    """The case that a page is about, as it is now."""
    return page.ask("get-case", page.path)


def shown(page: Page, template: str, **said: Json) -> Shown:
    """A page of the case: whatever it says, the case is `case` there."""
    case = said.pop("case", None) or case_of(page)
    return Shown(f"cases/{template}.html", {"case": case, **said})


def not_planned(case: Json) -> str:
    """Why nobody can be given a case, whoever it is; empty where somebody can."""
    if case["merged_into"]:
        return f"This case is a duplicate, and is done together with {case['merged_into']}."
    if case["state"] in ENDED:
        return (
            f"This case is {words.state(case['state']).lower()}. Open it again before it is given to anybody."
        )
    if case["record"].get("out_of_scope"):
        return f"This case is out of scope ({words.sentence(case['record']['out_of_scope']).lower()})."
    return ""


def version_of(page: Page) -> int | None:
    """The version of the case that the form was made of."""
    text = page.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@contextmanager
def told_if_changed() -> Iterator[None]:
    """A refusal because somebody changed the case meanwhile is said in words.

    Raises
    ------
    Refusal
        412.
    """
    try:
        yield
    except Refused as error:
        if error.code != CHANGED:
            raise
        detail = (
            "Somebody changed this case while you were looking at it, so nothing was done. "
            "The page now shows the case as it is: look at it again, then decide."
        )
        raise Refusal(412, CHANGED, detail) from error
