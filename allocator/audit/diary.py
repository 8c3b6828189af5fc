"""Each reviewer's time: how many minutes fit by the end of each day, exactly, then rounded down once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from allocator.audit.clock import FORECAST_YEARS, add_months, working_days
from allocator.audit.exact import SAFE, Bools, Ints, exact, scaled
from allocator.policy import Policy
from allocator.reviewers import Absence, Reviewer
from allocator.snapshot import Snapshot

Days = NDArray[np.int32]


@dataclass(frozen=True)
class Diaries:
    """The time of all reviewers.

    Parameters
    ----------
    done, begun : ndarray of shape (n_reviewers, n_days), dtype=np.int32
        Minutes available from as_of to the end of each day, rounded down and rounded up.
    last_day : ndarray of shape (n_reviewers,), dtype=np.int64
        Last day of each reviewer's horizon, counted from as_of.
    capacity, limit : ndarray of shape (n_reviewers,), dtype=np.int64
        Minutes in the horizon, and the most of them that may be given away.
    final_day : int
        Last day of the forecast: five calendar years after as_of.
    """

    done: Days
    begun: Days
    last_day: Ints
    capacity: Ints
    limit: Ints
    final_day: int


def horizon_weeks(reviewer: Reviewer, policy: Policy) -> int:
    """Return for how many weeks this plan hands work to the reviewer."""
    if reviewer.horizon_weeks is not None:
        return reviewer.horizon_weeks
    return policy.horizon.day_job_weeks if reviewer.employment == "day_job" else policy.horizon.weeks


def read_diaries(snapshot: Snapshot) -> Diaries:
    """Return the diaries of the snapshot's reviewers, in their order."""
    policy, as_of, reviewers = snapshot.policy, snapshot.as_of, snapshot.reviewers
    last_day = np.array([7 * horizon_weeks(r, policy) - 1 for r in reviewers], dtype=np.int64)
    final_day = (add_months(as_of, 12 * FORECAST_YEARS) - as_of).days
    n_days = max([final_day, *last_day.tolist()]) + 1
    week = working_days(as_of, n_days, policy.capacity.bank_holidays)
    away = defaultdict(list)
    for absence in snapshot.absences:
        away[absence.reviewer_id].append(absence)
    done = np.zeros((len(reviewers), n_days), dtype=np.int32)
    begun = np.zeros_like(done)
    for seat, reviewer in enumerate(reviewers):
        served = week & _in_service(reviewer, as_of, n_days)
        done[seat], begun[seat] = _minutes(reviewer, away[reviewer.reviewer_id], served, as_of)
    capacity = done[np.arange(len(reviewers)), last_day].astype(np.int64)
    share = exact(policy.capacity.max_workload)
    limit = np.array([c * share.numerator // share.denominator for c in capacity.tolist()], dtype=np.int64)
    return Diaries(done, begun, last_day, capacity, limit, final_day)


def _in_service(reviewer: Reviewer, as_of: date, n_days: int) -> Bools:
    """Return the days from starts_on to leaves_on."""
    served = np.ones(n_days, dtype=np.bool_)
    if reviewer.starts_on is not None:
        served[: max(0, (reviewer.starts_on - as_of).days)] = False
    if reviewer.leaves_on is not None:
        served[max(0, (reviewer.leaves_on - as_of).days + 1) :] = False
    return served


def _minutes(reviewer: Reviewer, away: list[Absence], served: Bools, as_of: date) -> tuple[Days, Days]:
    """Return the minutes available to the end of each day, rounded down and rounded up."""
    percents, scale = scaled([exact(absence.percent) for absence in away])
    whole_day = 100 * scale
    lost: Ints | NDArray[np.object_] = np.zeros(len(served), dtype=np.int64)
    if scale > 10**6:  # many decimals: sums of days might not fit 64 bits
        lost = lost.astype(np.object_)
    for absence, percent in zip(away, percents.tolist(), strict=True):
        first, last = (absence.from_ - as_of).days, (absence.to - as_of).days
        days = slice(max(0, first), max(0, last + 1))
        lost[days] = lost[days] + percent
    left: Ints | NDArray[np.object_] = np.cumsum((whole_day - np.minimum(lost, whole_day)) * served)
    rate = exact(reviewer.hours_per_week) * Fraction(60, 5) / whole_day  # minutes a unit of `left`
    if max(int(left[-1]) * rate.numerator, rate.denominator) >= SAFE:
        left = left.astype(np.object_)
    parts = left * rate.numerator
    done = parts // rate.denominator
    return done.astype(np.int32), (-(-parts // rate.denominator)).astype(np.int32)
