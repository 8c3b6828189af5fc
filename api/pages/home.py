"""Where people come to when they have signed in."""

from __future__ import annotations

from api.auth import EVERYONE
from api.pages.page import Page, PageRoute, Shown


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/", "home", EVERYONE, _show, menu="Home"),)


def _show(page: Page) -> Shown:
    return Shown("home.html", {"me": page.ask("me")})
