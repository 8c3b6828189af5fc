"""Fits the reviewers' hours to the load asked for; the cases stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from allocator.sample.staff import LEAST_HOURS, MOST_HOURS, Employment, Staff
from allocator.sample.tables import Floats, Ints

LONGER_HORIZONS = (0, 10, 12, 16, 20, 26, 39, 52)
SMALL_HOURS = 39.0  # those with little time stay below 40 hours in their horizon
STEP = np.array((0.25, 0.5, 0.5, 0.5, 0.5))  # people's hours a week are round figures


@dataclass(frozen=True)
class Fitted:
    """Reviewers with their hours, and each one's capacity in hours."""

    staff: Staff
    capacity: Floats


def fit_hours(staff: Staff, weeks_of: Callable[[Staff], Floats], held: Floats, free_hours: float) -> Fitted:
    """Return the reviewers with hours scaled until held work leaves that many hours free, or nearly.

    Where even the longest plausible weeks are too short, those who review for a living get a longer horizon.

    Parameters
    ----------
    weeks_of : the working weeks in each reviewer's horizon
    held : ndarray of shape (reviewers,), hours of held work
    free_hours : hours to be left free, over all reviewers
    """
    for horizon in LONGER_HORIZONS:
        longer = replace(staff, horizon_weeks=_longer(staff, horizon))
        weeks = weeks_of(longer)
        if _free(_scaled(staff, weeks, 1e3), weeks, held) >= free_hours:
            break
    low, high = 0.0, 1e3
    for _ in range(60):
        middle = (low + high) / 2
        enough = _free(_scaled(staff, weeks, middle), weeks, held) >= free_hours
        low, high = (low, middle) if enough else (middle, high)
    hours = _scaled(staff, weeks, high)
    return Fitted(replace(longer, hours_per_week=hours), hours * weeks)


def _longer(staff: Staff, weeks: int) -> Ints:
    plans_far = (staff.employment != Employment.DAY_JOB) & ~staff.small
    return np.where(plans_far & (weeks > 0), weeks, staff.horizon_weeks)


def _scaled(staff: Staff, weeks: Floats, scale: float) -> Floats:
    step = STEP[staff.employment]
    most = MOST_HOURS[staff.employment]
    short = np.floor(SMALL_HOURS / np.maximum(weeks, 0.1) / step) * step
    most = np.where(staff.small, np.clip(short, step, most), most)
    hours = np.round(staff.hours_per_week * scale / step) * step
    return np.where(staff.hours_per_week > 0, hours.clip(LEAST_HOURS[staff.employment], most), 0.0)


def _free(hours: Floats, weeks: Floats, held: Floats) -> float:
    return float(np.maximum(0.0, hours * weeks - held).sum())
