"""What a reviewer with hours should take next."""

from __future__ import annotations

from typing import Final

from api.pages.page import Page, PageRoute, Shown
from api.pages.reviewers.words import WHO

TOP: Final = 10


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/reviewers/<record_id>/next", "reviewer-next", WHO, _show),)


def _show(page: Page) -> Shown:
    found = page.ask("reviewer-next-cases", page.path, {"top": str(TOP)})
    return Shown("reviewer_next.html", {"found": found, "who": found["reviewer_id"]})
