"""The plans that are kept, and those that are being made."""

from __future__ import annotations

from allocator.store.callers import Role
from api.pages.page import Page, PageRoute, Shown
from api.roles import ALL_BUT_REVIEWERS

LOOKERS = ALL_BUT_REVIEWERS - {Role.CASE_SYSTEM}
JOBS_TOLD, FAILED_TOLD = 20, 3


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/plans", "plans", LOOKERS, _show, menu="Plans"),)


def _show(page: Page) -> Shown:
    asked = page.ask("jobs", query={"limit": str(JOBS_TOLD)})["items"] if page.may("jobs") else []
    mine = [one for one in asked if not one["sent"]]
    said = {
        "plans": page.ask("plans", query={"limit": "50"})["items"],
        "making": [one for one in mine if one["state"] in ("queued", "running")],
        "failed": [one for one in mine if one["state"] == "failed"][:FAILED_TOLD],
        "may_plan": page.may("plan"),
    }
    return Shown("plans.html", said)
