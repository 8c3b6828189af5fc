"""What the pages of one case share: the case as it is now, and why nobody may be given it."""

from __future__ import annotations

from typing import Final

from api import words
from api.pages.page import Json, Page, Shown
from api.pages.stale import next_version
from api.roles import READERS, REVIEWERS, STAFF, STAFF_AND_AUDITORS

ONE: Final = "/cases/<record_id>"
SEE: Final = READERS | REVIEWERS
"""Who may look at a case: a reviewer at their own."""
CHANGE: Final = STAFF
ASK: Final = STAFF_AND_AUDITORS
ENDED: Final = ("completed", "closed_without_review")


def case_of(page: Page) -> Json:
    """The case that a page is about, as it is now."""
    return page.ask("get-case", page.path)


def shown(page: Page, template: str, **said: Json) -> Shown:
    """A page of the case: whatever it says, the case is `case` there."""
    case = said.pop("case", None) or case_of(page)
    version = next_version(page, case["version"])
    return Shown(f"cases/{template}.html", {"case": case, "version": version, **said})


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
