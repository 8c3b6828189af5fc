"""Signing out."""

from __future__ import annotations

from api.pages.page import GoTo, Page, PageRoute, Shown
from api.roles import EVERYONE


def pages() -> tuple[PageRoute, ...]:
    """The page; its button stands on every other page too."""
    return (PageRoute("/sign-out", "sign-out", EVERYONE, _show, {"": _sign_out}),)


def _show(_: Page) -> Shown:
    return Shown("sign_out.html")


def _sign_out(page: Page) -> GoTo:
    page.ask("sign-out")
    return GoTo("/sign-in", "You have signed out.", is_farewell=True)
