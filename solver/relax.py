"""Lagrangian bounds: every place at a price, each reviewer's best bundle priced exactly.

For prices u of places, v of needs, w of groups and multipliers of the higher levels, what is left falls
apart by reviewer, and `pricing` solves each part exactly. Any prices give a valid bound; good ones come
from the linear relaxation and a deflected subgradient ascent (Camerini, Fratta & Maffioli 1975,
doi:10.1007/BFb0120697; step by Polyak). Links are left out: a plan that honours them is one that need not.
For the generalised assignment problem see Fisher, Jaikumar & Van Wassenhove 1986,
doi:10.1287/mnsc.32.9.1095.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.lp import Duals, Floats
from solver.outcome import PRICE_UNIT as UNIT
from solver.outcome import BoundedBy, Prices
from solver.pricing import Grain, Items, items_of, price, price_exactly
from solver.problem import Bools, Ints, Problem
from solver.search import Search
from solver.sift import lp_duals

MOST_STATES, FEWEST_STATES = 400, 120
CELLS_A_STEP = 30_000_000
REVIEWERS_A_TURN = 32
STEPS = 250
MEMORY = 0.7
PATIENCE = 10
SHRINK = 0.7


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The bound at some prices, in thousandths; the arcs its bundles hold; where to raise prices."""

    bound: int
    chosen: Ints
    place: Floats
    needs: Floats
    group: Floats


class Lagrangian:
    """One level's Lagrangian function over what is still open.

    Parameters
    ----------
    items : what may be chosen, beside what is taken
    weights : (3,) thousandths per point of each level
    at_most : (3,) points the levels above may not exceed; those not bounded have weight 0
    filled : (n_places,) places known to be filled in every plan that matters
    floor : the share of its penalty below which no place's price may fall; above 0 for searching only
    """

    def __init__(
        self, problem: Problem, items: Items, weights: Ints, at_most: Ints, filled: Bools, floor: float = 0.0
    ) -> None:
        self.problem, self.items, self.weights = problem, items, weights
        self.free = ~items.taken
        self.arc = items.arc[self.free]
        self.place = problem.arc_place[self.arc]
        taken_arc = items.arc[items.taken]
        self.open = np.ones(problem.n_places, dtype=bool)
        self.open[problem.arc_place[taken_arc]] = False
        self.optional = self.open & ~filled
        self.penalty = problem.penalty * weights[0]
        self.floor = floor * self.penalty / UNIT
        self.barren = self.open & (np.bincount(self.place, minlength=problem.n_places) == 0)
        self.dependent = np.flatnonzero(problem.needs >= 0)
        self.group_left = problem.groups.limit - self._usage(taken_arc)
        self.constant = int(weights[2] * problem.arc_points[taken_arc].sum()) - int(
            sum(int(w) * int(most) for w, most in zip(weights, at_most, strict=True) if most >= 0)
        )

    def coarse(self) -> Grain:
        """A grain for searching: as fine as a step may take time for."""
        states = int(np.clip(CELLS_A_STEP // max(1, len(self.arc)), FEWEST_STATES, MOST_STATES))
        return Grain(np.asarray(-(-np.maximum(1, self.items.free_minutes) // states), np.int64), nearest=True)

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
            worth += int(price_exactly(self.problem, self.items, gain, self._beside, turn).sum())
        return -(-(self._without_reviewers(u, w) - worth) // UNIT)

    def evaluate(self, duals: Duals, grain: Grain) -> Evaluation:
        """The value at these prices, rounded to thousandths, and its slopes."""
        u, w, gain = self._rounded(duals)
        pricing = price(self.problem, self.items, gain, self._beside, grain)
        chosen = self.items.arc[pricing.chosen]
        filled = np.bincount(self.problem.arc_place[chosen], minlength=self.problem.n_places)
        place = np.where(self.open, 1.0 - filled - (self.optional & (self.penalty < u)), 0.0)
        needs = np.zeros(self.problem.n_places)
        needs[self.dependent] = filled[self.dependent] - filled[self.problem.needs[self.dependent]]
        group = (self._usage(chosen) - self.group_left).astype(np.float64)
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
        most = np.where(self.optional, self.penalty / UNIT, np.inf)
        needs = np.zeros(self.problem.n_places)
        needs[self.dependent] = np.maximum(0, duals.needs[self.dependent])
        place = np.where(self.barren, self.penalty / UNIT, np.clip(duals.place, self.floor, most))
        return Duals(place, needs, np.maximum(0, duals.group), duals.levels)

    def _gains(self, u: Ints, v: Ints, w: Ints) -> Ints:
        problem = self.problem
        worth = u - v
        np.add.at(worth, problem.needs[self.dependent], v[self.dependent])
        toll = self.weights[2] * problem.arc_points
        if len(w):
            g = problem.groups
            toll = toll + np.bincount(g.arc, w[g.of_member] * g.amount, minlength=problem.n_arcs).astype(
                np.int64
            )
        return np.asarray(worth[self.place] - toll[self.arc], dtype=np.int64)

    def _usage(self, arcs: Ints) -> Ints:
        g = self.problem.groups
        chosen = np.zeros(self.problem.n_arcs, dtype=bool)
        chosen[arcs] = True
        usage = np.zeros(len(g.limit), np.int64)
        np.add.at(usage, g.of_member, g.amount * chosen[g.arc])
        return usage


def ascend(
    lagrangian: Lagrangian,
    duals: Duals,
    hope: float,
    steps: int,
    stopped: Callable[[], bool],
    seen: Callable[[Evaluation], None] = lambda evaluation: None,
) -> Duals:
    """The best prices found in so many deflected subgradient steps from `duals`.

    `hope` is by how many points the bound might rise: the distance to the best plan is a good one. Steps are
    made for it, and it shrinks when they do not help.
    """
    scale = _group_scale(lagrangian.problem)
    grain = lagrangian.coarse()
    here = best = lagrangian.clip(duals)
    best_bound, since, hope = -np.inf, 0, hope * UNIT
    direction = np.zeros(2 * lagrangian.problem.n_places + len(scale))
    for _ in range(steps):
        evaluation = lagrangian.evaluate(here, grain)
        seen(evaluation)
        if evaluation.bound > best_bound:
            best, best_bound, since = here, evaluation.bound, 0
        else:
            since += 1
        if since >= PATIENCE:
            hope, since, here = hope * SHRINK, 0, best
            direction[:] = 0
        slope = np.concatenate([evaluation.place, evaluation.needs, evaluation.group / scale])
        direction = slope + MEMORY * direction
        norm = float(direction @ direction)
        if norm == 0 or stopped():
            break
        step = (best_bound + hope - evaluation.bound) / norm / UNIT * direction
        here = lagrangian.clip(_moved(here, step, scale))
    return best


def _moved(duals: Duals, step: Floats, scale: Floats) -> Duals:
    n = len(duals.place)
    group = duals.group + step[2 * n :] / scale
    return Duals(duals.place + step[:n], duals.needs + step[n : 2 * n], group, duals.levels)


def _group_scale(problem: Problem) -> Floats:
    """The mean amount in each group, so that one step fits prices per place and per minute alike."""
    g = problem.groups
    total = np.bincount(g.of_member, g.amount, minlength=len(g.limit))
    return np.asarray(np.maximum(1, total / np.maximum(1, np.diff(g.start))), dtype=np.float64)


def relax(search: Search, level: int = 0, steps: int = STEPS, seconds: float = float("inf")) -> Duals:
    """The best prices found for a level; what they prove, at exact minutes, is told to the search."""
    search.work_on("relax", level)
    began = search.seconds
    lagrangian, start = level_start(
        search, level, lambda: search.out_of_time() or search.seconds - began > seconds / 2
    )
    known = search.best_values[level] if search.best is not None else search.problem.penalty.sum()
    hope = float(known - search.bounds[level])
    best = ascend(
        lagrangian, start, hope, steps, lambda: search.stopped() or search.seconds - began > seconds * 0.7
    )
    proved = lagrangian.bound(best, search.cancelled)
    if proved is None:
        return best
    bound = max(int(search.fixed[level]), proved)
    u, v, w = (np.rint(part * UNIT).astype(np.int64) for part in (best.place, best.needs, best.group))
    search.raise_bound(level, bound, BoundedBy.PRICES, Prices(bound, u, v, w, lagrangian.weights))
    return best


def level_start(search: Search, level: int, stopped: Callable[[], bool]) -> tuple[Lagrangian, Duals]:
    """The level's Lagrangian, and prices to start from: rough ones if it was stopped before it had better."""
    problem = search.problem
    items = items_of(problem, ~problem.forced, problem.forced)
    at_most = search.best_values
    duals = lp_duals(problem, items, level, at_most, stopped, search.best) or _rough(problem, level)
    weights = np.rint(duals.levels * UNIT).astype(np.int64)
    weights[level] = UNIT
    filled = problem.required.copy()
    if level > 0:
        filled |= problem.penalty > at_most[0] - search.fixed[0]
    filled &= np.diff(problem.arc_start) > 0
    limits = np.where(np.arange(3) < level, at_most, -1)
    return Lagrangian(problem, items, weights, limits, filled), duals


def _rough(problem: Problem, level: int) -> Duals:
    """Prices from nothing: half of each penalty."""
    levels = np.zeros(3)
    levels[level] = 1
    place = problem.penalty / 2 if level == 0 else np.zeros(problem.n_places)
    return Duals(place, np.zeros(problem.n_places), np.zeros(len(problem.groups.limit)), levels)
