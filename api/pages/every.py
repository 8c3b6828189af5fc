"""All pages, in the order of the menu; which of them is in whose menu, each says itself."""

from __future__ import annotations

from api.pages import home, leaving, queue, upload
from api.pages.page import PageRoute


def pages() -> tuple[PageRoute, ...]:
    """Every page."""
    return (*home.pages(), *queue.pages(), *upload.pages(), *leaving.pages())
