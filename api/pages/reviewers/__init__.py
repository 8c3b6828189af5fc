"""Pages about reviewers: how full each is, what they have, when they are away, and who takes over."""

from __future__ import annotations

from api.pages.page import PageRoute
from api.pages.reviewers import away, change, letting_in, listing, one, upcoming


def pages() -> tuple[PageRoute, ...]:
    """All of them."""
    return (
        *listing.pages(),
        *one.pages(),
        *change.pages(),
        *away.pages(),
        *upcoming.pages(),
        *letting_in.pages(),
    )
