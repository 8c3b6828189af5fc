"""Help: by role the few things that people do here, whom to ask, and how it can be used by everybody."""

from __future__ import annotations

from api.pages.page import Page, PageRoute, Shown
from api.pages.things import THINGS
from api.roles import EVERYONE


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/help", "help", EVERYONE, _show),)


def _show(page: Page) -> Shown:
    contact = page.service.settings.contact
    return Shown("help.html", {"things": THINGS[page.caller.role], "contact": contact})
