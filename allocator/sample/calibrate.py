"""Fits the reviewers' hours to the load asked for; the cases stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from allocator.sample.staff import LEAST_HOURS, MOST_HOURS, Employment, Staff
from allocator.sample.tables import Bools, Floats, Ints

LONGER_HORIZONS = (0, 10, 12, 16, 20, 26, 39, 52)
SMALL_HOURS = 39.0  # those with little time stay below 40 hours in their horizon
STEP = np.array((0.25, 0.5, 0.5, 0.5, 0.5))  # people's hours a week are round figures


@dataclass(frozen=True)
class Fitted:
    """Reviewers with their hours, and each one's capacity in hours."""

    staff: Staff
    capacity: Floats


def fit_hours(
    staff: Staff, weeks_of: Callable[[Staff], Floats], held: Floats, wanted: tuple[float, float]
) -> Fitted:
    """Return the reviewers with hours scaled until held work leaves that many hours free, or nearly.

    What one group cannot give, the other gives. Where even the longest plausible weeks are too short, those
    who review for a living get a longer horizon.

    Parameters
    ----------
    weeks_of : the working weeks in each reviewer's horizon
    held : ndarray of shape (reviewers,), hours of held work
    wanted : hours to be left free, over all specialists and over all others
    """
    fitted, given = Fitted(staff, np.zeros(len(staff))), wanted[1]
    for group in (staff.special, ~staff.special, staff.special):
        scaled = _Scaled(fitted.staff, staff.hours_per_week, held, group)
        fitted = scaled.to(sum(wanted) - given, weeks_of)
        given = float(np.maximum(0.0, fitted.capacity - held)[group].sum())
    return fitted


@dataclass(frozen=True)
class _Scaled:
    """Reviewers of whom a group's usual hours are to be scaled."""

    staff: Staff
    usual: Floats
    held: Floats
    group: Bools

    def to(self, free_hours: float, weeks_of: Callable[[Staff], Floats]) -> Fitted:
        """Return them with hours that leave so many free over the group, or nearly."""
        for horizon in LONGER_HORIZONS:
            longer = replace(self.staff, horizon_weeks=self._horizons(horizon))
            weeks = weeks_of(longer)
            if self._free(weeks, 1e3) >= free_hours:
                break
        low, high = 0.0, 1e3
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if self._free(weeks, middle) >= free_hours else (middle, high)
        hours = np.where(self.group, self._hours(weeks, high), self.staff.hours_per_week)
        return Fitted(replace(longer, hours_per_week=hours), hours * weeks)

    def _horizons(self, weeks: int) -> Ints:
        plans_far = self.group & (self.staff.employment != Employment.DAY_JOB) & ~self.staff.small
        return np.where(plans_far & (weeks > 0), weeks, self.staff.horizon_weeks)

    def _hours(self, weeks: Floats, scale: float) -> Floats:
        step = STEP[self.staff.employment]
        most = MOST_HOURS[self.staff.employment]
        short = np.floor(SMALL_HOURS / np.maximum(weeks, 0.1) / step) * step
        most = np.where(self.staff.small, np.clip(short, step, most), most)
        hours = np.round(self.usual * scale / step) * step
        return np.where(self.usual > 0, hours.clip(LEAST_HOURS[self.staff.employment], most), 0.0)

    def _free(self, weeks: Floats, scale: float) -> float:
        free = np.maximum(0.0, self._hours(weeks, scale) * weeks - self.held)
        return float(free[self.group].sum())
