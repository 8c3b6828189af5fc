"""The Lagrangian function of one level: every place at a price, each reviewer's best bundle priced exactly.

For prices u of places, v of needs, w of groups and multipliers of the higher levels, what is left falls
apart by reviewer, and `pricing` solves each part exactly. Any prices give a valid bound. Links are left out:
a plan that honours them is one that need not. For the generalised assignment problem see Fisher, Jaikumar &
Van Wassenhove 1986, doi:10.1287/mnsc.32.9.1095.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solver.lp import Duals
from solver.order import best_of_each
from solver.outcome import PRICE_UNIT as UNIT
from solver.pricing import Items, Stock, price, stock_of
from solver.problem import Bools, Floats, Ints, Problem

COARSE, FINE = 1000, 4000
REVIEWERS_A_TURN = 128


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The bound at some prices, in thousandths; the arcs its bundles hold; where to raise prices."""

    bound: int
    chosen: Ints
    place: Floats
    needs: Floats
    group: Floats

    def slope(self, group_scale: Floats) -> Floats:
        """All slopes in one array, those of groups per mean amount."""
        return np.concatenate([self.place, self.needs, self.group / group_scale])


class Lagrangian:
    """One level's Lagrangian function over what is still open.

    Parameters
    ----------
    items : what may be chosen, beside what is taken
    weights : (3,) thousandths per point of each level
    at_most : (3,) points the levels above may not exceed; those not bounded have weight 0
    filled : (n_places,) places known to be filled in every plan that matters
    workers : how many threads share the reviewers
    """

    def __init__(
        self, problem: Problem, items: Items, weights: Ints, at_most: Ints, filled: Bools, workers: int = 1
    ) -> None:
        self.problem, self.items, self.weights, self.at_most = problem, items, weights, at_most
        self.workers = workers
        self.free = ~items.taken
        self.arc = items.arc[self.free]
        self.place = problem.arc_place[self.arc]
        taken_arc = items.arc[items.taken]
        self.open = np.ones(problem.n_places, dtype=bool)
        self.open[problem.arc_place[taken_arc]] = False
        self.optional = self.open & ~filled
        self.penalty = problem.penalty * weights[0]
        self.dependent = np.flatnonzero(problem.needs >= 0)
        self.least = np.zeros(problem.n_places)
        self.least[problem.needs[self.dependent]] = -np.inf  # filling it also opens places, at a price
        self.barren = self.open & (np.bincount(self.place, minlength=problem.n_places) == 0)
        self.member, self.member_group, self.member_amount = self._members()
        self.group_left = problem.groups.limit - self._usage(items.taken)
        self.constant = int(weights[2] * problem.arc_points[taken_arc].sum()) - int(
            sum(int(w) * int(most) for w, most in zip(weights, at_most, strict=True) if most >= 0)
        )

    @cached_property
    def _exact(self) -> Stock:
        return stock_of(self.problem, self.items, self._beside)

    @cached_property
    def _fine(self) -> Stock:
        return stock_of(self.problem, self.items, self._beside, FINE)

    @cached_property
    def _coarse(self) -> Stock:
        return stock_of(self.problem, self.items, self._beside, COARSE)

    @cached_property
    def _most(self) -> Floats:
        """No price above what leaving the place empty costs is worth asking about."""
        return np.where(self.optional, self.penalty / UNIT, np.inf)

    def bound(self, duals: Duals, stopped: Callable[[], bool] = lambda: False) -> int | None:
        """What these prices, rounded to thousandths, prove of the level: points, at exact minutes.

        None if it was to stop before all reviewers were priced.
        """
        u, w, gain = self._rounded(duals)
        worth = 0
        for first in range(0, self.problem.n_reviewers, REVIEWERS_A_TURN):
            if stopped():
                return None
            turn = slice(first, first + REVIEWERS_A_TURN)
            worth += int(price(self._exact, gain, turn, False, self.workers).worth.sum())
        return -(-(self._without_reviewers(u, w) - worth) // UNIT)

    def worth(self, duals: Duals) -> Ints:
        """What each reviewer's best bundle is worth at these prices, exactly, in thousandths."""
        return price(self._exact, self._rounded(duals)[2], traced=False, workers=self.workers).worth

    def value(self, duals: Duals, worth: Ints) -> int:
        """The function at these prices, in thousandths, from what the bundles are worth."""
        u, w, _ = self._rounded(duals)
        return self._without_reviewers(u, w) - int(worth.sum())

    def gain_of(self, duals: Duals, arcs: Ints) -> Ints:
        """What some arcs alone gain their reviewers at these prices, in thousandths."""
        row = np.zeros(self.problem.n_arcs, np.int64)
        row[self.items.arc] = np.arange(len(self.items.arc))
        return np.asarray(self._rounded(duals)[2][row[arcs]])

    def evaluate(self, duals: Duals, coarse: bool = False) -> Evaluation:
        """The value at these prices, rounded to thousandths, and its slopes; quicker where `coarse`."""
        u, w, gain = self._rounded(duals)
        pricing = price(self._coarse if coarse else self._fine, gain, workers=self.workers)
        chosen = self.items.arc[pricing.chosen]
        filled = np.bincount(self.problem.arc_place[chosen], minlength=self.problem.n_places)
        place = np.where(self.open, 1.0 - filled - (self.optional & (self.penalty < u)), 0.0)
        place[(place > 0) & (u <= 0) & self.optional] = 0.0  # someone takes it who has nothing better to do
        needs = np.zeros(self.problem.n_places)
        needs[self.dependent] = filled[self.dependent] - filled[self.problem.needs[self.dependent]]
        group = (self._usage(pricing.chosen) - self.group_left).astype(np.float64)
        value = self._without_reviewers(u, w) - int(pricing.worth.sum())
        return Evaluation(value, chosen, place, needs, group)

    @property
    def _beside(self) -> tuple[int, int]:
        """Weights of what is priced beside the arcs: lateness and bands."""
        return int(self.weights[1]), int(self.weights[2])

    def _rounded(self, duals: Duals) -> tuple[Ints, Ints, Ints]:
        """Prices of places and groups in whole thousandths, and each item's gain."""
        u, v, w = (np.rint(part * UNIT).astype(np.int64) for part in (duals.place, duals.needs, duals.group))
        gain = np.zeros(len(self.items.arc), np.int64)
        gain[self.free] = self._gains(u, v, w)
        return u, w, gain

    def _without_reviewers(self, u: Ints, w: Ints) -> int:
        """The function's value less what the reviewers' bundles are worth."""
        slack = np.where(self.optional, np.minimum(0, self.penalty - u), 0)
        return int((u + slack)[self.open].sum() - (w * self.group_left).sum()) + self.constant

    def clip(self, duals: Duals) -> Duals:
        """The nearest prices that are worth asking about."""
        needs = np.zeros(self.problem.n_places)
        needs[self.dependent] = np.maximum(0, duals.needs[self.dependent])
        place = np.where(self.barren, self.penalty / UNIT, np.clip(duals.place, self.least, self._most))
        return Duals(place, needs, np.maximum(0, duals.group), duals.levels)

    def _gains(self, u: Ints, v: Ints, w: Ints) -> Ints:
        problem = self.problem
        worth = u - v
        np.add.at(worth, problem.needs[self.dependent], v[self.dependent])
        gain = worth[self.place] - self.weights[2] * problem.arc_points[self.arc]
        if w.any():
            tolls = w[self.member_group] * self.member_amount
            toll = np.bincount(self.member, tolls, minlength=len(self.items.arc)).astype(np.int64)
            gain = gain - toll[self.free]
        return np.asarray(gain, dtype=np.int64)

    def _members(self) -> tuple[Ints, Ints, Ints]:
        """Items, groups and amounts of what the items use of each group."""
        g = self.problem.groups
        row = np.full(self.problem.n_arcs, -1)
        row[self.items.arc] = np.arange(len(self.items.arc))
        here = row[g.arc] >= 0
        return row[g.arc[here]], g.of_member[here], g.amount[here]

    def _usage(self, chosen: Bools) -> Ints:
        """What the chosen items use of each group."""
        mine = chosen[self.member]
        used = np.bincount(
            self.member_group[mine], self.member_amount[mine], minlength=len(self.problem.groups.limit)
        )
        return used.astype(np.int64)

    def asked_for(self, duals: Duals) -> Floats:
        """What the cheapest taker of each place could earn elsewhere in its minutes, in points; shape
        (n_places,), infinite where nobody may take it.
        """
        _, _, gain = self._rounded(duals)
        minute = self._minute(gain) / UNIT
        asked = np.full(self.problem.n_places, np.inf)
        np.minimum.at(
            asked, self.place, minute[self.items.reviewer[self.free]] * self.items.minutes[self.free]
        )
        return asked

    def _minute(self, gain: Ints) -> Floats:
        """What each reviewer's best bundle is worth, spread over the minutes they have."""
        worth = price(self._coarse, gain, traced=False, workers=self.workers).worth
        return np.asarray(worth / np.maximum(1, self.items.free_minutes), dtype=np.float64)

    def likely(self, duals: Duals, most: int) -> Bools:
        """The arcs that lie nearest to paying at these prices, so many a place; shape (n_arcs,).

        A reviewer's minutes cost what their best bundle is worth, spread over what they have. Many lie
        equally near, and chance decides between them, or all places would keep the same few reviewers.
        """
        _, _, gain = self._rounded(duals)
        reduced = gain - self._minute(gain)[self.items.reviewer] * self.items.minutes
        chance = np.random.default_rng(len(gain)).random(len(gain))
        nearest = np.full(self.problem.n_arcs, -np.inf)
        nearest[self.items.arc] = np.rint(reduced / UNIT) + chance
        nearest[self.items.arc[self.items.taken]] = np.inf
        return best_of_each(self.problem.arc_start, nearest, most)
