"""Working days, absences and hours a week, as exact minutes: each reviewer's capacity, day by day.

Minutes of work are whole numbers, so the floor of the exact minutes since `as_of` says all there is to say
about whether work fits: exact ≥ whole is the same as floor(exact) ≥ whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

from allocator.dates import add_months
from allocator.exact import Ints, exact
from allocator.policy import Policy
from allocator.reviewers import Absence, Reviewer

FORECAST_YEARS = 5
_SAFE = 2**62
_SATURDAY = 5


@lru_cache(maxsize=512)
def bank_holidays(year: int, rule: str) -> frozenset[date]:
    """The bank holidays of a year under the policy's rule: `england`, or `none`."""
    if rule == "none":
        return frozenset()
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def working_days(first: date, last: date, rule: str) -> Ints:
    """Ordinals of Mondays to Fridays from first to last, both included, that are no bank holiday."""
    closed = {d.toordinal() for year in range(first.year, last.year + 1) for d in bank_holidays(year, rule)}
    days = np.arange(first.toordinal(), last.toordinal() + 1, dtype=np.int64)
    open_day = ((days - 1) % 7 < _SATURDAY) & ~np.isin(days, sorted(closed))
    return days[open_day]


def horizon_weeks(reviewer: Reviewer, policy: Policy) -> int:
    """Weeks of this reviewer's work that a plan hands out: their own, else day-job staff's, else all's."""
    if reviewer.horizon_weeks is not None:
        return reviewer.horizon_weeks
    return policy.horizon.day_job_weeks if reviewer.employment == "day_job" else policy.horizon.weeks


@dataclass(frozen=True, eq=False)
class Capacities:
    """Minutes each reviewer has, in the horizon and day by day.

    Parameters
    ----------
    as_of, last_day : int, ordinals: the first and last day of the forecast
    days : ndarray of shape (n_days,), ordinals of the working days from as_of on
    floors : ndarray of shape (n_reviewers, n_days + 1): whole minutes to the end of k working days
    broken : ndarray of the same shape, bool: whether the exact minutes are above those
    horizon_ends : ndarray of shape (n_reviewers,), ordinals of each horizon's last day
    capacity : ndarray of shape (n_reviewers,): whole minutes in the horizon
    limit : ndarray of shape (n_reviewers,): whole minutes that may be given: capacity × max_workload
    """

    as_of: int
    last_day: int
    days: Ints
    floors: Ints
    broken: NDArray[np.bool_]
    horizon_ends: Ints
    capacity: Ints
    limit: Ints

    def until(self, reviewers: Ints, days: Ints) -> Ints:
        """Whole minutes of each reviewer from as_of to the end of each day (ordinals), ≥ 0."""
        return np.asarray(self.floors[reviewers, self.worked_by(days)])

    def worked_by(self, days: Ints) -> Ints:
        """How many working days there are from as_of to the end of each day (ordinals)."""
        return np.searchsorted(self.days, days, side="right")

    def done_on(self, reviewer: int, minutes: Ints) -> Ints:
        """Ordinals of the first days by whose end so many minutes are done; 0: not in the forecast."""
        at = np.searchsorted(self.floors[reviewer], minutes)
        return self._day(np.maximum(at - 1, 0), at < self.floors.shape[1], np.asarray(minutes) <= 0)

    def begun_on(self, reviewer: int, minutes: Ints) -> Ints:
        """Ordinals of the first days by whose end more than that is done; 0: not in the forecast."""
        ceilings = self.floors[reviewer] + self.broken[reviewer]
        at = np.searchsorted(ceilings, minutes, side="right")
        return self._day(np.maximum(at - 1, 0), at < len(ceilings), np.zeros(at.shape, bool))

    def _day(self, at: Ints, found: NDArray[np.bool_], at_once: NDArray[np.bool_]) -> Ints:
        days = np.append(self.days, 0)[np.minimum(at, len(self.days))]
        days = np.where(found & (days <= self.last_day), days, 0)
        return np.asarray(np.where(at_once, self.as_of, days), dtype=np.int64)


def capacities(
    reviewers: Sequence[Reviewer], absences: Iterable[Absence], policy: Policy, as_of: date
) -> Capacities:
    """Everyone's minutes, from their hours a week, first and last days, absences and the bank holidays."""
    ends = np.array([as_of.toordinal() + 7 * horizon_weeks(r, policy) - 1 for r in reviewers], np.int64)
    forecast_end = add_months(as_of, 12 * FORECAST_YEARS).toordinal()
    last = date.fromordinal(max(forecast_end, int(ends.max(initial=0))))
    days = working_days(as_of, last, policy.capacity.bank_holidays)
    floors = np.zeros((len(reviewers), len(days) + 1), np.int64)
    broken = np.zeros(floors.shape, np.bool_)
    away = _by_reviewer(absences)
    for row, reviewer in enumerate(reviewers):
        total, unit = _cumulative(reviewer, away.get(reviewer.reviewer_id, ()), days)
        floors[row, 1:], broken[row, 1:] = total // unit, total % unit > 0
    given = floors[np.arange(len(reviewers)), np.searchsorted(days, ends, side="right")]
    share = exact(policy.capacity.max_workload)
    limit = np.array([math.floor(int(c) * share) for c in given], np.int64)
    return Capacities(as_of.toordinal(), forecast_end, days, floors, broken, ends, given, limit)


def _by_reviewer(absences: Iterable[Absence]) -> Mapping[str, list[Absence]]:
    found: dict[str, list[Absence]] = {}
    for absence in absences:
        found.setdefault(absence.reviewer_id, []).append(absence)
    return found


def _cumulative(reviewer: Reviewer, absences: Sequence[Absence], days: Ints) -> tuple[Ints, int]:
    """Exact minutes to the end of each day as whole parts of a minute, and how many parts that has.

    Python's own whole numbers stand in the array where 64 bits would not do.
    """
    a_day: Fraction = exact(reviewer.hours_per_week) * 12
    percents = [exact(a.percent) for a in absences]
    whole = 100 * math.lcm(*(p.denominator for p in percents))
    unit = a_day.denominator * whole
    largest = a_day.numerator * whole * max(1, len(days))
    kind: type = np.int64 if max(largest, unit, whole * (len(absences) + 1)) < _SAFE else object
    at_work: Ints = np.full(len(days), whole, dtype=kind)
    for absence, percent in zip(absences, percents, strict=True):
        at_work[_between(days, absence.from_, absence.to)] -= int(percent * whole / 100)
    at_work = np.maximum(at_work, 0)
    employed = np.zeros(len(days), bool)
    employed[_between(days, reviewer.starts_on, reviewer.leaves_on)] = True
    minutes: Ints = np.cumsum(np.where(employed, at_work, 0) * a_day.numerator)
    return minutes, unit


def _between(days: Ints, first: date | None, last: date | None) -> slice:
    """Where in the days those from first to last are; None is open."""
    start = 0 if first is None else int(np.searchsorted(days, first.toordinal()))
    stop = len(days) if last is None else int(np.searchsorted(days, last.toordinal(), side="right"))
    return slice(start, max(start, stop))
