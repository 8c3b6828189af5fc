"""The pages of one case: how it stands, why, what to do with it, and what it ever was."""

from __future__ import annotations

from api.pages.cases import correct, history, merging, moving, overview, suggest, why
from api.pages.page import PageRoute


def pages() -> tuple[PageRoute, ...]:
    """The pages, none of which is in the menu: each is of a case."""
    parts = (overview, moving, why, history, correct, merging, suggest)
    return tuple(route for part in parts for route in part.pages())
