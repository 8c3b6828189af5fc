"""When a post has hours: at a steady rate, or week by week as leave, sickness and vacancies have it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.units import WEEK

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Calendar:
    """Hours of posts.

    Parameters
    ----------
    rate : (n_posts,) hours a day of a steady post
    weekly : (n_lanes × n_posts, n_weeks) hours in each week, or None where all are steady; after the last
        week the last one goes on
    """

    rate: Floats
    weekly: Floats | None = None

    def finish(self, at: Ints, lane: Ints, when: Floats, hours: Floats) -> Floats:
        """The day on which so many hours of work that is begun at some moments are done.

        Parameters
        ----------
        at : posts, lane × n_posts + post; lane : their lanes
        """
        if self.weekly is None:
            with np.errstate(divide="ignore"):
                return np.asarray(when + hours / self.rate[at - lane * len(self.rate)])
        last = self.weekly.shape[1] - 1
        week = np.minimum((when / WEEK).astype(np.int64), last)
        this = self.weekly[at, week]
        left = hours + this * np.minimum(when / WEEK - week, 1.0)
        going = np.flatnonzero(left > this)
        while len(going):
            left[going] -= this[going]
            week[going] += 1
            beyond = week[going] > last
            this[going] = self.weekly[at[going], np.minimum(week[going], last)]
            going = going[(left[going] > this[going]) & ~beyond]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(left > 0, left / this, 0.0)
        return np.asarray(np.maximum(when, WEEK * (week + share)))

    def hours_until(self, at: Ints, when: Floats) -> Floats:
        """The hours that posts have from the start to a day."""
        if self.weekly is None:
            return np.asarray(when * self.rate[at % len(self.rate)])
        last = self.weekly.shape[1] - 1
        before = np.concatenate([np.zeros((len(self.weekly), 1)), np.cumsum(self.weekly, axis=1)], axis=1)
        week = np.minimum((when / WEEK).astype(np.int64), last)
        return np.asarray(before[at, week] + self.weekly[at, week] * (when / WEEK - week))
