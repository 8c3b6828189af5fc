"""How this is worked out: made from the rules and weights in force, so that it says what counts now."""

from __future__ import annotations

from typing import Final

from api.pages.page import Page, PageRoute, Shown
from api.roles import EVERYONE

LEVELS: Final = {
    "unallocated": "First: nobody is left waiting who need not",
    "late": "Then: in time",
    "cost": "Then: near, familiar and fair",
}

NAMES: Final = {
    "held": "Who has a case keeps it",
    "assignment": "Lead and second",
    "hold": "On hold",
    "type": "Type of review",
    "skill": "Skills",
    "excluded": "Excluded or declined",
    "conflict": "Conflict of interest",
    "available": "Hours and dates",
    "year_limit": "Cases a year",
    "contract": "Contracts",
    "admin": "Administration",
    "linked": "Linked cases",
    "locked": "Locked cases",
}
"""Rules whose codes say too little."""


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute("/how-it-works", "how-it-works", EVERYONE, _show),)


def _show(page: Page) -> Shown:
    return Shown("how_it_works.html", {"rules": page.ask("rules"), "levels": LEVELS, "names": NAMES})
