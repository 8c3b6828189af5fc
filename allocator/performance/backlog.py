"""What is open at the end of the period: by how long it has waited, and on hold by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, get_args

from allocator.backlog import AGES, OLDER
from allocator.cases import HoldReason
from allocator.holds import Hold
from allocator.performance.facts import Facts, Review
from allocator.performance.period import Period
from allocator.performance.table import Counted, Draft

HELD: Final = "on hold at the end"
"""What both tables count."""
LABELS: Final = {
    "under_1_month": "Less than 1 month",
    "under_3_months": "1 to 3 months",
    "under_6_months": "3 to 6 months",
    "under_12_months": "6 to 12 months",
    OLDER: "12 months or more",
}
REASONS: Final = {
    "coroner": "Coroner",
    "safeguarding": "Safeguarding",
    "police": "Police",
    "family": "The family asked for it",
    "other": "Another reason",
    "not_known": "Not told",
}
TO_ALLOCATE, ALLOCATED, ON_HOLD = "to_allocate", "allocated", "on_hold"


def by_age(facts: Facts, period: Period) -> Draft:
    """How many reviews are open, by how long they have been on the clock."""
    found = Counter((_age(one, period), _standing(one, period)[0]) for one in _open(facts, period))

    def column(name: str, label: str, of: str) -> Counted:
        return Counted(name, label, [found[age, name] for age in LABELS], of)

    return Draft(
        title="Open reviews by age",
        says=f"Reviews that were open {_when(period)}, by the time since the notification, days on hold left "
        "out. Each stands in one column: on hold, else allocated to somebody, else to allocate.",
        source="The day of the notification as it is told of the case; the history of its states and holds, "
        "and of who had it",
        row_label="Age",
        rows=list(LABELS.items()),
        columns=(
            column(TO_ALLOCATE, "To allocate", "to allocate"),
            column(ALLOCATED, "Allocated", "allocated at the end"),
            column(ON_HOLD, "On hold", HELD),
        ),
    )


def holds(facts: Facts, period: Period) -> Draft:
    """How many reviews are on hold, by reason."""
    found = Counter(
        hold.reason or "not_known"
        for one in _open(facts, period)
        if (hold := _standing(one, period)[1]) is not None
    )
    return Draft(
        title="On hold by reason",
        says=f"Reviews that were on hold {_when(period)}, by the reason that was given.",
        source="The history of each case's holds",
        row_label="Reason",
        rows=list(REASONS.items()),
        columns=(Counted(ON_HOLD, "On hold", [found[reason] for reason in REASONS], HELD),),
    )


def _open(facts: Facts, period: Period) -> Iterator[Review]:
    """Yield the reviews that were open when the period ended."""
    for one in facts.reviews:
        ended = one.completed_on or one.closed_on
        known = one.notified_on is not None and one.notified_on <= period.end
        if known and one.in_scope and (ended is None or ended > period.end):
            yield one


def _standing(one: Review, period: Period) -> tuple[str, Hold | None]:
    """The column in which an open review stands, and the hold that it is on."""
    hold = one.holds.on(period.end)
    if hold is not None:
        return ON_HOLD, hold
    return (ALLOCATED if any(span.covers(period.end) for span in one.led) else TO_ALLOCATE), None


def _age(one: Review, period: Period) -> str:
    assert one.notified_on is not None
    days = (period.end - one.notified_on).days - one.holds.days_by(period.end)
    return next((name for name, below in AGES if days < below), OLDER)


def _when(period: Period) -> str:
    return f"at the end of {period.end.day} {period.end:%B %Y}"


assert set(REASONS) == {*get_args(HoldReason), "not_known"}
