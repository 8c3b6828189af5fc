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
from functools import cached_property

import numpy as np

from solver.core import core_of
from solver.lp import Duals, Floats
from solver.outcome import PRICE_UNIT as UNIT
from solver.outcome import BoundedBy, Prices
from solver.pricing import Items, Stock, items_of, price, stock_of
from solver.problem import Bools, Ints, Problem
from solver.search import Search
from solver.sift import lp_duals

MOST_STATES = 4000
REVIEWERS_A_TURN = 128
STEPS = 150
MANY, LIKELY = 500_000, 40
MEMORY = 0.7
PATIENCE = 10
SHRINK = 0.7
SPREAD_STEPS, SETTLING = 300, 1000
SPREAD_SHARE = 0.7
WIDEST, NARROW, CLOSEST = 0.2, 0.02, 0.001
LOOK_AT = 4
MEAN_OF, SQUARE_OF = 0.9, 0.99


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
    floor : the share of its penalty below which no place's price may fall; above 0 for searching only
    """

    def __init__(
        self, problem: Problem, items: Items, weights: Ints, at_most: Ints, filled: Bools, floor: float = 0.0
    ) -> None:
        self.problem, self.items, self.weights, self.at_most = problem, items, weights, at_most
        self.level, self.workers = 0, 1
        self.free = ~items.taken
        self.arc = items.arc[self.free]
        self.place = problem.arc_place[self.arc]
        taken_arc = items.arc[items.taken]
        self.open = np.ones(problem.n_places, dtype=bool)
        self.open[problem.arc_place[taken_arc]] = False
        self.optional = self.open & ~filled
        self.penalty = problem.penalty * weights[0]
        self.dependent = np.flatnonzero(problem.needs >= 0)
        self.least = floor * self.penalty / UNIT
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
    def _rough(self) -> Stock:
        return stock_of(self.problem, self.items, self._beside, MOST_STATES)

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

    def evaluate(self, duals: Duals) -> Evaluation:
        """The value at these prices, rounded to thousandths, and its slopes."""
        u, w, gain = self._rounded(duals)
        pricing = price(self._rough, gain, workers=self.workers)
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
        most = np.where(self.optional, self.penalty / UNIT, np.inf)
        needs = np.zeros(self.problem.n_places)
        needs[self.dependent] = np.maximum(0, duals.needs[self.dependent])
        place = np.where(self.barren, self.penalty / UNIT, np.clip(duals.place, self.least, most))
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

    def likely(self, duals: Duals, most: int) -> Bools:
        """The items that lie nearest to paying at these prices, so many a place; shape (n_items,).

        A reviewer's minutes cost what their best bundle is worth, spread over what they have. Many lie
        equally near, and chance decides between them, or all places would keep the same few reviewers.
        """
        _, _, gain = self._rounded(duals)
        worth = price(self._exact, gain, traced=False).worth
        minute = worth / np.maximum(1, self.items.free_minutes)
        reduced = gain - minute[self.items.reviewer] * self.items.minutes
        place = self.problem.arc_place[self.items.arc]
        chance = np.random.default_rng(len(place)).permutation(len(place))
        order = np.lexsort((chance, -np.rint(reduced / UNIT), place))
        nth = np.arange(len(order)) - np.searchsorted(place[order], place[order])
        keep = self.items.taken.copy()
        keep[order[nth < most]] = True
        return keep


def ascend(
    lagrangian: Lagrangian,
    duals: Duals,
    hope: float,
    steps: int,
    stopped: Callable[[], bool],
) -> Duals:
    """The best prices found in so many deflected subgradient steps from `duals`.

    `hope` is by how many points the bound might rise: the distance to the best plan is a good one. Steps are
    made for it, and it shrinks when they do not help.
    """
    scale = _group_scale(lagrangian.problem)
    here = best = lagrangian.clip(duals)
    best_bound, since, hope = -np.inf, 0, hope * UNIT
    direction = np.zeros(2 * lagrangian.problem.n_places + len(scale))
    for _ in range(steps):
        evaluation = lagrangian.evaluate(here)
        if evaluation.bound > best_bound:
            best, best_bound, since = here, evaluation.bound, 0
        else:
            since += 1
        if since >= PATIENCE:
            hope, since, here = hope * SHRINK, 0, best
            direction[:] = 0
        direction = evaluation.slope(scale) + MEMORY * direction
        norm = float(direction @ direction)
        if norm == 0 or stopped():
            break
        step = (best_bound + hope - evaluation.bound) / norm / UNIT * direction
        here = lagrangian.clip(_moved(here, step, scale))
    return best


def spread(
    lagrangian: Lagrangian, duals: Duals, steps: int, share: Callable[[], float], stopped: Callable[[], bool]
) -> Duals:
    """The best prices found in steps that every price takes at its own pace, wide first and then ever closer.

    From the linear relaxation's prices many bundles are worth the same, and all reviewers want the same few
    places; a step for all prices alike then moves nothing. Here each goes by its slope's mean over its root
    mean square (Kingma & Ba 2015, arXiv:1412.6980).

    Parameters
    ----------
    share : how much of the time for this is gone, 0 to 1; where there is time for few steps they are narrow
    """
    scale = _group_scale(lagrangian.problem)
    here = best = lagrangian.clip(duals)
    best_bound = -np.inf
    mean = np.zeros(2 * lagrangian.problem.n_places + len(scale))
    square = mean.copy()
    some = np.abs(duals.place[lagrangian.open & (np.abs(duals.place) > 1)])
    usual = float(np.median(some)) if len(some) else 0.0
    begun, widest = share(), WIDEST
    for k in range(1, steps + 1):
        evaluation = lagrangian.evaluate(here)
        if evaluation.bound > best_bound:
            best, best_bound = here, evaluation.bound
        slope = evaluation.slope(scale)
        mean += (1 - MEAN_OF) * (slope - mean)
        square += (1 - SQUARE_OF) * (slope * slope - square)
        gone = max(k / steps, share())
        if gone >= 1 or stopped():
            break
        if k == LOOK_AT:
            affordable = LOOK_AT / max(1e-9, share() - begun)
            widest = float(np.clip(WIDEST * affordable / steps, NARROW, WIDEST))
        pace = usual * widest * (CLOSEST / widest) ** gone if k >= LOOK_AT else usual * NARROW
        step = mean / (1 - MEAN_OF**k) / (np.sqrt(square / (1 - SQUARE_OF**k)) + 1e-3)
        here = lagrangian.clip(_moved(here, pace * step, scale))
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
    gone = _gone(search, seconds)
    whole, start = level_start(search, level, lambda: search.out_of_time() or gone() > 0.5)
    _prove(search, level, whole, start)
    part = _core(search, start) if level == 0 else whole
    best = _improved(search, (whole, part), start, gone, steps)
    if len(whole.arc) > MANY:
        search.likely[level] = whole.items.arc[whole.likely(best, LIKELY)]
    return best


def settle(search: Search, seconds: float, workers: int) -> Duals:
    """Better prices of level 1 from those known, by many steps over its core; what they prove is told."""
    known = search.duals[0]
    assert known is not None
    problem = search.problem
    whole = _lagrangian(search, problem, items_of(problem, ~problem.forced, problem.forced), 0, known)
    part = _core(search, known)
    whole.workers = part.workers = workers
    return _improved(search, (whole, part), known, _gone(search, seconds), STEPS, SETTLING)


def _gone(search: Search, seconds: float) -> Callable[[], float]:
    """How much of so many seconds from now is gone."""
    began = search.seconds
    return lambda: (search.seconds - began) / seconds


def _improved(
    search: Search,
    functions: tuple[Lagrangian, Lagrangian],
    start: Duals,
    gone: Callable[[], float],
    steps: int,
    spread_steps: int = SPREAD_STEPS,
) -> Duals:
    """The best prices found from `start` for the part, the second function; they are proved on the whole."""
    (whole, part), level, ahead = functions, functions[0].level, gone()
    wide = spread(
        part,
        start,
        spread_steps if steps else 0,
        lambda: (gone() - ahead) / max(1e-9, SPREAD_SHARE * (1 - ahead)),
        search.stopped,
    )
    _prove(search, level, whole, wide)
    known = search.best_values[level] if search.best is not None else search.problem.penalty.sum()
    hope = float(known - search.bounds[level])
    best = ascend(part, wide, hope, steps, lambda: search.stopped() or gone() > 0.9)
    _prove(search, level, whole, best)
    search.duals[level] = best
    return best


def _prove(search: Search, level: int, lagrangian: Lagrangian, duals: Duals) -> None:
    """Tell the search what these prices prove, unless there is no time to see."""
    proved = lagrangian.bound(duals, search.cancelled)
    if proved is None:
        return
    bound = max(int(search.fixed[level]), proved)
    u, v, w = (np.rint(part * UNIT).astype(np.int64) for part in (duals.place, duals.needs, duals.group))
    at_most = tuple(int(value) for value in search.best_values[:level])
    search.raise_bound(level, bound, BoundedBy.PRICES, Prices(bound, u, v, w, lagrangian.weights, at_most))


def level_start(search: Search, level: int, stopped: Callable[[], bool]) -> tuple[Lagrangian, Duals]:
    """The level's Lagrangian, and prices to start from: rough ones if it was stopped before it had better."""
    problem, at_most = search.problem, search.best_values
    items = items_of(problem, ~problem.forced, problem.forced)
    duals = lp_duals(problem, items, level, at_most, stopped, search.best) or rough_prices(problem, level)
    return _lagrangian(search, problem, items, level, duals), duals


def _core(search: Search, duals: Duals) -> Lagrangian:
    """Level 1 where these prices are not 0: prices of the core prove the same of the whole."""
    core = core_of(search.problem, duals)
    return _lagrangian(search, core, items_of(core, ~core.forced, core.forced), 0, duals)


def _lagrangian(search: Search, problem: Problem, items: Items, level: int, duals: Duals) -> Lagrangian:
    """The function of the search's problem, or of its core, with the higher levels at their prices."""
    at_most = search.best_values
    weights = np.rint(duals.levels * UNIT).astype(np.int64)
    weights[level] = UNIT
    filled = problem.required.copy()
    if level > 0:
        filled |= problem.penalty > at_most[0] - search.fixed[0]
    filled &= np.diff(problem.arc_start) > 0
    limits = np.where(np.arange(3) < level, at_most, -1)
    lagrangian = Lagrangian(problem, items, weights, limits, filled)
    lagrangian.level, lagrangian.workers = level, search.limits.workers
    return lagrangian


def rough_prices(problem: Problem, level: int) -> Duals:
    """Prices from nothing: half of each penalty."""
    levels = np.zeros(3)
    levels[level] = 1
    place = problem.penalty / 2 if level == 0 else np.zeros(problem.n_places)
    return Duals(place, np.zeros(problem.n_places), np.zeros(len(problem.groups.limit)), levels)
