"""Bounds of a level: prices from the linear relaxation, bettered step by step, and proved on all arcs.

Level 1 is bettered on its core, where steps are cheap: see `core`. What prices prove is told to the search at
every stage.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.ascent import ascend
from solver.carried import carried_over
from solver.core import core_of, has_price
from solver.lagrangian import Lagrangian
from solver.lp import Duals
from solver.outcome import PRICE_UNIT as UNIT
from solver.outcome import BoundedBy, Prices
from solver.pricing import Items, items_of
from solver.problem import Problem
from solver.search import Search
from solver.sift import lp_duals

STEPS, SETTLING = 600, 1000
FEW_STEPS = 400
LEAST_STEPS, STEPS_A_PLACE = 60, 6
MANY, LIKELY, LIKELY_IN_ALL = 500_000, (15, 60), 3_000_000


def relax(search: Search, level: int = 0, steps: int = STEPS, seconds: float = float("inf")) -> Duals:
    """The best prices found for a level; what they prove, at exact minutes, is told to the search.

    Parameters
    ----------
    steps : how many at most, fewer from an earlier solve's prices; with none they are those it begins with
    """
    search.work_on("relax", level)
    began = search.seconds

    def halfway() -> bool:
        return search.out_of_time() or search.seconds > began + seconds / 2

    whole, start = level_start(search, level, halfway)
    proof = _prove(search, level, whole, start)
    part = _core(search, start, whole.workers) if level == 0 else whole
    steps = min(steps, FEW_STEPS) if level == 0 and search.warm else steps
    steps = min(steps, LEAST_STEPS + STEPS_A_PLACE * search.problem.n_places)  # few prices settle soon
    until = began + seconds - proof
    best = _bettered(search, level, (whole, part), start, (steps, until, search.stopped))
    if len(whole.arc) > MANY and not search.out_of_time():
        a_place = LIKELY_IN_ALL // max(1, search.problem.n_places)
        likely = whole.likely(best, min(max(a_place, LIKELY[0]), LIKELY[1]))
        if level == 0:
            likely |= has_price(search.problem, best)[search.problem.arc_place]
        search.likely[level] = likely
    return best


def prove_first_level(search: Search, duals: Duals) -> None:
    """Take these prices of level 1 as they are, and tell what they prove."""
    problem = search.problem
    items = items_of(problem, ~problem.forced, problem.forced)
    _prove(search, 0, _lagrangian(search, problem, items, 0, duals, search.limits.workers), duals)
    search.duals[0] = duals


def settle(search: Search, seconds: float, stopped: Callable[[], bool] | None = None) -> Duals:
    """Better prices of level 1, by many steps over its core in one thread; what they prove is told.

    Parameters
    ----------
    stopped : when to end before that; if not given, once all is proved or there is no time left

    Raises
    ------
    ValueError
        If no prices of level 1 are known to start from.
    """
    start, problem = search.duals[0], search.problem
    if start is None:
        raise ValueError("there are no prices to better")
    until = search.seconds + seconds
    whole = _lagrangian(search, problem, items_of(problem, ~problem.forced, problem.forced), 0, start, 1)
    part = _core(search, start, 1)
    return _bettered(search, 0, (whole, part), start, (SETTLING, until, stopped or search.stopped))


def _bettered(
    search: Search,
    level: int,
    functions: tuple[Lagrangian, Lagrangian],
    start: Duals,
    limits: tuple[int, float, Callable[[], bool]],
) -> Duals:
    """The best prices found from `start` for the second function; the first, of all arcs, proves them.

    `limits` are how many steps at most, until when, and what stops them before.
    """
    (whole, part), (steps, until, stopped), begun = functions, limits, search.seconds
    best = start
    if begun < until:
        best = ascend(part, start, steps, lambda: (search.seconds - begun) / (until - begun), stopped)
        _prove(search, level, whole, best)
    search.duals[level] = best
    return best


def _prove(search: Search, level: int, lagrangian: Lagrangian, duals: Duals) -> float:
    """Tell the search what these prices prove, unless there is no time to see; how many seconds it took.

    Level 1 is always proved, for its prices are what anyone can recompute.
    """
    began = search.seconds
    proved = lagrangian.bound(duals, search.out_of_time if level else search.cancelled)
    if proved is None:
        return search.seconds - began
    bound = max(int(search.fixed[level]), proved)
    u, v, w = (np.rint(part * UNIT).astype(np.int64) for part in (duals.place, duals.needs, duals.group))
    at_most = tuple(int(value) for value in search.best_values[:level])
    search.raise_bound(level, bound, BoundedBy.PRICES, Prices(bound, u, v, w, lagrangian.weights, at_most))
    return search.seconds - began


def level_start(search: Search, level: int, stopped: Callable[[], bool]) -> tuple[Lagrangian, Duals]:
    """The level's Lagrangian, and prices to start from: an earlier solve's if enough are known, else
    the linear relaxation's; rough ones if it was stopped before it had better.
    """
    problem, at_most = search.problem, search.best_values
    items = items_of(problem, ~problem.forced, problem.forced)
    if level == 0 and search.old_prices is not None:
        rough = rough_prices(problem, 0)
        lagrangian = _lagrangian(search, problem, items, 0, rough, search.limits.workers)
        duals = carried_over(lagrangian, search.old_prices, search.best)
        search.warm = duals is not None
        if duals is not None:
            return lagrangian, duals
    duals = lp_duals(problem, items, level, at_most, stopped, search.best) or rough_prices(problem, level)
    return _lagrangian(search, problem, items, level, duals, search.limits.workers), duals


def _core(search: Search, duals: Duals, workers: int) -> Lagrangian:
    """Level 1 where these prices are not 0: prices of the core prove the same of the whole."""
    core = core_of(search.problem, has_price(search.problem, duals))
    return _lagrangian(search, core, items_of(core, ~core.forced, core.forced), 0, duals, workers)


def _lagrangian(
    search: Search, problem: Problem, items: Items, level: int, duals: Duals, workers: int
) -> Lagrangian:
    """The function of the search's problem, or of its core, with the higher levels at their prices."""
    at_most = search.best_values
    weights = np.rint(duals.levels * UNIT).astype(np.int64)
    weights[level] = UNIT
    filled = problem.required.copy()
    if level > 0:
        filled |= problem.penalty > at_most[0] - search.fixed[0]
    filled &= np.diff(problem.arc_start) > 0
    limits = np.where(np.arange(3) < level, at_most, -1)
    return Lagrangian(problem, items, weights, limits, filled, workers)


def rough_prices(problem: Problem, level: int) -> Duals:
    """Prices from nothing: half of each penalty."""
    levels = np.zeros(3)
    levels[level] = 1
    place = problem.penalty / 2 if level == 0 else np.zeros(problem.n_places)
    return Duals(place, np.zeros(problem.n_places), np.zeros(len(problem.groups.limit)), levels)
