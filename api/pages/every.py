"""All pages, in the order of the menu; which of them is in whose menu, each says itself."""

from __future__ import annotations

from api.pages import (
    absences,
    audit,
    cases,
    helping,
    home,
    how_it_works,
    interests,
    leaving,
    mending,
    my_case,
    my_work,
    performance,
    plan,
    plan_line,
    planning,
    plans,
    publishing,
    queue,
    reviewers,
    scenarios,
    upload,
)
from api.pages.page import PageRoute


def pages() -> tuple[PageRoute, ...]:
    """Every page."""
    return (
        *home.pages(),
        *queue.pages(),
        *upload.pages(),
        *mending.pages(),
        *plans.pages(),
        *planning.pages(),
        *plan.pages(),
        *plan_line.pages(),
        *publishing.pages(),
        *cases.pages(),
        *reviewers.pages(),
        *my_work.pages(),
        *my_case.pages(),
        *absences.pages(),
        *interests.pages(),
        *scenarios.pages(),
        *performance.pages(),
        *audit.pages(),
        *how_it_works.pages(),
        *helping.pages(),
        *leaving.pages(),
    )
