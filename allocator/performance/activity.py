"""What happened: notified, allocated, completed, returned at sign-off by month; completed by type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from allocator.performance.facts import RETURNED, Facts, Review, due_on
from allocator.performance.period import Period
from allocator.performance.table import Counted, Draft, Ratio, Split

COMPLETED = "reviews completed"
"""What three tables count."""
NOT_KNOWN = "not_known"


def by_month(facts: Facts, period: Period) -> Draft:
    """How many cases were notified, allocated, completed and closed in each month."""
    inside, outside = (
        [one.notified_on for one in facts.reviews if one.in_scope is wanted] for wanted in (True, False)
    )
    scope = [one for one in facts.reviews if one.in_scope]
    return Draft(
        title="Notified, allocated and completed by month",
        says="Reviews by the day on which the death was notified, somebody was first given the review, and "
        "it was completed or closed without a review. One that was opened again counts when it is completed "
        "again. A death that is not for review counts as out of scope alone.",
        source="The day of the notification as it is told of the case; the days of allocation and of each "
        "state from the history of the case",
        row_label="Month",
        rows=months(period),
        columns=(
            Counted("notified", "Notified", period.by_month(inside), "notified"),
            Counted("out_of_scope", "Out of scope", period.by_month(outside), "out of scope"),
            Counted("allocated", "Allocated", period.by_month(x.allocated_on for x in scope), "allocated"),
            Counted("completed", "Completed", _completed(scope, period), COMPLETED),
            Counted("closed", "Closed without review", period.by_month(x.closed_on for x in scope), "closed"),
        ),
    )


def sign_off(facts: Facts, period: Period) -> Draft:
    """How many reviews were signed off, and how often one was returned, in each month."""
    scope = [one for one in facts.reviews if one.in_scope]
    returned = [move.on for one in scope for move in one.moves if move.state == RETURNED]
    return Draft(
        title="Returned at sign-off",
        says="How often a review that was sent for sign-off was returned for more work, and how many reviews "
        "were signed off. A review that is returned twice counts twice. The share is that of all decisions.",
        source="The history of each case's states",
        row_label="Month",
        rows=months(period),
        columns=(
            Counted("completed", "Signed off", _completed(scope, period), COMPLETED),
            Counted("returned", "Returned", period.by_month(returned), "returned"),
            Ratio("returned_share", "Returned, of all decisions", "returned", ("returned", "completed")),
        ),
    )


def by_type(facts: Facts, period: Period) -> Draft:
    """How many reviews of each type were completed in the period, and how many of these in time."""
    done = [one for one in facts.reviews if one.in_scope and period.has(one.completed_on)]
    names = [*facts.policy.review_types]
    others = sorted({one.review_type or NOT_KNOWN for one in done} - set(names))
    names += others
    counts = Counter(one.review_type or NOT_KNOWN for one in done)
    late = Counter(one.review_type or NOT_KNOWN for one in done if not _in_time(one, facts))
    rest = [late[name] for name in names]
    return Draft(
        title="Completed reviews by type",
        says="Reviews completed in the period by type, each type's share of them, and how many of them were "
        f"completed within {facts.policy.clocks.complete_months} months of the notification, days on hold "
        "left out. The share of focused reviews is the focused share.",
        source="The type as it is told of the case; the history of its states and holds",
        row_label="Type",
        rows=[(name, _words(name)) for name in names],
        columns=(
            Counted("completed", "Completed", [counts[name] for name in names], COMPLETED),
            Ratio("share", "Share", "completed", ("completed",), of_total=True),
            Split("in_time", "In time", [counts[name] - late[name] for name in names], rest, "completed"),
            Ratio("in_time_share", "In time, share", "in_time", ("completed",)),
        ),
    )


def months(period: Period) -> list[tuple[str, str]]:
    """The rows of a table by month."""
    return [(f"{month:%Y-%m}", period.label(month)) for month in period.months]


def _completed(scope: Sequence[Review], period: Period) -> list[int]:
    return period.by_month(one.completed_on for one in scope)


def _in_time(one: Review, facts: Facts) -> bool:
    """Whether a completed review was so in time; one whose notification was deleted is not known to be."""
    done, notified = one.completed_on, one.notified_on
    if done is None or notified is None:
        return False
    return done <= due_on(notified, facts.policy.clocks.complete_months, one.holds.days_by(done))


def _words(name: str) -> str:
    text = name.replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]
