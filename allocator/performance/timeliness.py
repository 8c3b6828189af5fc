"""In time: of the reviews that fell due in each month, how many were allocated, and completed, by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from allocator.performance.activity import months
from allocator.performance.facts import Facts, Review, due_on
from allocator.performance.period import Period
from allocator.performance.table import Counted, Draft, Ratio, Split

HISTORY = "The day of the notification as it is told of the case; the history of its states and holds"


def allocation(facts: Facts, period: Period) -> Draft:
    """How many reviews were allocated in time, by the month in which they were due to be."""
    limit = facts.policy.clocks.allocate_months
    return Draft(
        title=f"Allocated within {limit} months",
        says=f"Reviews that fell due in the month to be allocated, and how many of them were by then. "
        f"{_both(limit)}",
        source=HISTORY,
        row_label="Month",
        rows=months(period),
        columns=_columns(facts, period, limit, lambda one: one.allocated_on),
    )


def completion(facts: Facts, period: Period) -> Draft:
    """How many reviews were completed in time, by the month in which they were due to be."""
    limit = facts.policy.clocks.complete_months
    return Draft(
        title=f"Completed within {limit} months",
        says=f"Reviews that fell due in the month to be completed, and how many of them were by then. "
        f"{_both(limit)}",
        source=HISTORY,
        row_label="Month",
        rows=months(period),
        columns=_columns(facts, period, limit, lambda one: one.completed_on),
    )


def _both(limit: int) -> str:
    return (
        f"Eligible reviews are due {limit} months after the notification, days on hold left out; one that "
        f"is on hold is not eligible. All reviews are due {limit} months after it, whatever stopped their "
        "clock. Those closed without a review are left out."
    )


@dataclass
class _Due:
    """Days in time and days late, one for each review that fell due: the day on which it did."""

    in_time: list[date] = field(default_factory=list)
    late: list[date] = field(default_factory=list)

    def add(self, due: date, done: date | None) -> None:
        (self.in_time if done is not None and done <= due else self.late).append(due)


def _columns(
    facts: Facts, period: Period, limit: int, done_on: Callable[[Review], date | None]
) -> tuple[Counted | Split | Ratio, ...]:
    eligible, every = _Due(), _Due()
    for one in facts.reviews:
        if one.notified_on is None or not one.in_scope or one.closed_on is not None:
            continue
        done = done_on(one)
        if done is not None and done > period.end:
            done = None
        day = done or period.end
        every.add(due_on(one.notified_on, limit, 0), done)
        if done is not None or one.holds.on(day) is None:
            eligible.add(due_on(one.notified_on, limit, one.holds.days_by(day)), done)
    found: list[Counted | Split | Ratio] = []
    for name, words, due in (("eligible", "Eligible", eligible), ("all", "All", every)):
        in_time, late = period.by_month(due.in_time), period.by_month(due.late)
        whole = f"{name}_due"
        found += [
            Counted(whole, f"{words}: due", [a + b for a, b in zip(in_time, late, strict=True)], whole),
            Split(f"{name}_in_time", f"{words}: in time", in_time, late, whole),
            Ratio(f"{name}_share", f"{words}: share", f"{name}_in_time", (whole,)),
        ]
    return tuple(found)
