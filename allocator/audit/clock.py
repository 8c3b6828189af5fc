"""The calendar as the contract has it: months, bank holidays, and the two clocks of a case."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
import numpy as np

from allocator.audit.exact import Bools
from allocator.cases import Case
from allocator.policy import Policy, ReviewType

LAST_START_SLACK = timedelta(days=14)
FORECAST_YEARS = 5


@lru_cache(maxsize=65_536)
def add_months(day: date, months: int) -> date:
    """Return the day so many calendar months later, clamped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def working_days(as_of: date, n_days: int, bank_holidays: str) -> Bools:
    """Return which of the days from as_of on are working days: Monday to Friday, no bank holiday."""
    weekdays = (as_of.weekday() + np.arange(n_days)) % 7 < 5
    if bank_holidays == "none":
        return weekdays
    years = range(as_of.year, (as_of + timedelta(days=n_days)).year + 1)
    for day in holidays.country_holidays("GB", subdiv="ENG", years=years):
        place = (day - as_of).days
        if 0 <= place < n_days:
            weekdays[place] = False
    return weekdays


@dataclass(frozen=True)
class Clock:
    """The dates of one case, and how urgent it is."""

    complete_by: date
    work_due: date
    evidence_ready: date
    urgency: int


def clock_of(case: Case, policy: Policy, as_of: date) -> Clock:
    """Return the dates of a case and its urgency in points."""
    kind = policy.review_types[case.review_type]
    stopped = case.on_hold_since or as_of
    pause = timedelta(days=case.hold_days) + (as_of - stopped)
    allocate_by = add_months(case.notified_on, policy.clocks.allocate_months) + pause
    complete_by = add_months(case.notified_on, policy.clocks.complete_months) + pause
    last_start = _last_safe_start(complete_by, kind)
    on_clock = max(0, (stopped - case.notified_on).days - case.hold_days)
    urgency = 100 + 7 * (on_clock // 7) + 100 * case.priority
    urgency += 200 * (as_of > allocate_by) + 400 * (as_of >= last_start)
    work_due = complete_by - timedelta(days=kind.sign_off_days)
    return Clock(complete_by, work_due, _evidence_ready(case, kind, as_of), urgency)


def _last_safe_start(complete_by: date, kind: ReviewType) -> date:
    """Return the last day on which a review can start and still be signed off in time."""
    return complete_by - timedelta(days=kind.sign_off_days + kind.evidence_days) - LAST_START_SLACK


def _evidence_ready(case: Case, kind: ReviewType, as_of: date) -> date:
    """Return the day the evidence is there: received, expected, or so long after the allocation or as_of."""
    for known in (case.evidence_received_on, case.evidence_expected_on):
        if known is not None:
            return known
    return (case.allocated_on or as_of) + timedelta(days=kind.evidence_days)
