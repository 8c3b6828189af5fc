"""Learning with volume: how many times the usual hours a first review takes, and how soon that is over.

A review takes m · (1 + (f − 1) · exp(−n ÷ d)) hours, times luck: m is usual for its type, n are the reviews
that its reviewer had completed before, f is `first_case` and d `cases_to_learn` of a scenario's group. For
each d of a grid m and f follow by least squares of hours ÷ m; the d that leaves least is taken (profile least
squares: Bates and Watts, "Nonlinear Regression Analysis and Its Applications", 1988, section 6.1.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scenarios.calibrate.resample import ratio
from scenarios.world import Bools, Floats, Ints

GRID: Final = np.geomspace(1.0, 100.0, 60)
ROUNDS: Final = 40
"""Until m and f fit each other: each round leaves a fraction of what was amiss."""
NEW, PRACTISED = 2, 10
"""Reviews before: at most so many of somebody new, at least so many of somebody who has learnt."""


@dataclass(frozen=True, eq=False)
class Learnt:
    """What each draw says, and the data themselves in row 0.

    Parameters
    ----------
    usual : (1 + draws, n_types) hours of somebody who has learnt
    first : (1 + draws,) times that, of the first review
    decay : (1 + draws,) reviews by which the excess shrinks to a third
    """

    usual: Floats
    first: Floats
    decay: Floats

    def times(self, before: Floats) -> Floats:
        """(1 + draws, n) times the usual hours, of reviews after so many; 1 where it is not known."""
        known = np.where(np.isnan(before), np.inf, before)
        return np.asarray(1.0 + (self.first[:, None] - 1.0) * np.exp(-known / self.decay[:, None]))

    def expected(self, kind: Ints, before: Floats) -> Floats:
        """(1 + draws, n) the hours that are usual for their type and experience."""
        return np.asarray(self.usual[:, kind] * self.times(before))


def nothing_learnt(weights: Floats, hours: Floats, kind: Ints, n_types: int) -> Learnt:
    """The mean hours of each type, and no more: of data that say nothing of experience."""
    member = kind[:, None] == np.arange(n_types)
    usual = ratio(weights @ (hours[:, None] * member), weights @ member.astype(np.float64))
    one = np.ones(len(weights))
    return Learnt(usual, one, one)


def learn(weights: Floats, hours: Floats, kind: Ints, n_types: int, before: Floats) -> Learnt:
    """What the draws say of hours by type and experience.

    Parameters
    ----------
    weights : (1 + draws, n); hours, kind, before : (n,)
    """
    sums = _sums(weights, hours, kind, n_types, before)
    best = np.full(len(weights), np.inf)
    found = nothing_learnt(weights, hours, kind, n_types)
    usual, slope, decay = found.usual.copy(), np.zeros(len(weights)), found.decay.copy()
    for reviews in GRID:
        m, g, left = _fitted(sums, float(reviews))
        better = left < best
        best[better], decay[better] = left[better], reviews
        usual[better], slope[better] = m[better], g[better]
    return Learnt(usual, 1.0 + slope, decay)


def can_be_told(before: Floats, fewest: int) -> bool:
    """Whether enough reviews are of somebody new, and enough of somebody who has learnt."""
    return int((before <= NEW).sum()) >= fewest and int((before >= PRACTISED).sum()) >= fewest


@dataclass(frozen=True, eq=False)
class _Sums:
    """By draw and cell (a type and a number of reviews before) how many, their hours, these squared.

    Parameters
    ----------
    count, hours, squares : (1 + draws, n_cells); of_type : (n_cells, n_types); before : (n_cells,)
    """

    count: Floats
    hours: Floats
    squares: Floats
    of_type: Bools
    before: Floats


def _sums(weights: Floats, hours: Floats, kind: Ints, n_types: int, before: Floats) -> _Sums:
    cells, where = np.unique(np.stack([kind, before]), axis=1, return_inverse=True)
    order = np.argsort(where, kind="stable")
    starts = np.searchsorted(where[order], np.arange(cells.shape[1]))

    def summed(values: Floats) -> Floats:
        return np.add.reduceat((weights * values)[:, order], starts, axis=1)

    return _Sums(
        summed(np.ones_like(hours)),
        summed(hours),
        summed(hours**2),
        cells[0][:, None] == np.arange(n_types),
        cells[1],
    )


def _fitted(sums: _Sums, decay: float) -> tuple[Floats, Floats, Floats]:
    """Usual hours, slope f − 1 and the squares that are left, of each draw with one decay."""
    x = np.exp(-sums.before / decay)
    count, count_x, count_xx = ((sums.count * x**power) @ sums.of_type for power in (0, 1, 2))
    hours, hours_x = ((sums.hours * x**power) @ sums.of_type for power in (0, 1))
    squares = sums.squares @ sums.of_type
    slope = np.zeros(len(count))
    for _ in range(ROUNDS):
        usual = ratio(hours, count + slope[:, None] * count_x)
        slope = ratio(np.nansum(hours_x / usual - count_x, axis=1), count_xx.sum(axis=1))
    g = slope[:, None]
    fitted = count + 2 * g * count_x + g**2 * count_xx
    left = squares - 2 * usual * (hours + g * hours_x) + usual**2 * fitted
    return usual, slope, np.nansum(left / ratio(hours, count) ** 2, axis=1)
