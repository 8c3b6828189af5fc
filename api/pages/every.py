"""All pages, in the order of the menu; which of them is in whose menu, each says itself."""

from __future__ import annotations

from api.pages import cases, home, leaving
from api.pages.page import PageRoute


def pages() -> tuple[PageRoute, ...]:
    """Every page."""
    return (*home.pages(), *cases.pages(), *leaving.pages())
