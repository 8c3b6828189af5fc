"""All pages, in the order of the menu; which of them is in whose menu, each says itself."""

from __future__ import annotations

from api.pages import home, leaving, plan, plan_line, planning, plans, publishing
from api.pages.page import PageRoute


def pages() -> tuple[PageRoute, ...]:
    """Every page."""
    return (
        *home.pages(),
        *plans.pages(),
        *planning.pages(),
        *plan.pages(),
        *plan_line.pages(),
        *publishing.pages(),
        *leaving.pages(),
    )
