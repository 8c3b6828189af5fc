"""A link that lets a reviewer in, once: made by a coordinator, shown once, and sent by them."""

from __future__ import annotations

from typing import Final

from api.pages.page import Page, PageRoute, Shown
from api.roles import STAFF

LASTS: Final = {"24": "A day", "72": "Three days", "168": "A week"}
"""Hours that the link opens something, and what they are called."""
USUAL: Final = "24"


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/reviewers/<record_id>/link", "reviewer-link", STAFF, _show, {"make": _make}),)


def _show(page: Page) -> Shown:
    who = page.ask("get-reviewer", page.path)["id"]
    return Shown("reviewer_link.html", {"who": who, "lasts": LASTS, "hours": _hours(page)})


def _make(page: Page) -> Shown:
    """The page with the link: it is kept nowhere, so that no other page could show it."""
    who = page.path["record_id"]
    wish = {"role": "reviewer", "reviewer_id": who, "hours": int(_hours(page))}
    return Shown("reviewer_link.html", {"who": who, "made": page.ask("invite", body=wish)})


def _hours(page: Page) -> str:
    asked = page.form.get("hours", USUAL)
    return asked if asked in LASTS else USUAL
