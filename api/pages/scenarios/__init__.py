"""Scenarios: what if staffing or demand were different, asked in plain questions, answered in a sentence."""

from __future__ import annotations

from api.pages.page import PageRoute
from api.pages.scenarios import listed, new, one


def pages() -> tuple[PageRoute, ...]:
    """The pages."""
    return (*listed.pages(), new.page(), one.page())
