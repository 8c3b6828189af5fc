"""Prices of a large linear relaxation from a few of its arcs: solve on those, add what would pay, and again.

Sifting (Bixby, Gregory, Lustig, Marsten & Shanno 1992, doi:10.1287/opre.40.5.885). The prices are a start for
`relax`, which prices every arc: stopping early costs quality, never truth.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.lp import Duals, LpPrices, lp_prices
from solver.order import best_of_each
from solver.pricing import Items, items_of
from solver.problem import Bools, Floats, Ints, Problem

WHOLE_UP_TO = 25_000
FIRST_ARCS, MORE_ARCS = 6, 6
ROUNDS = 3
FEW = 0.002
PAYS = 1e-6


def lp_duals(
    problem: Problem, items: Items, level: int, at_most: Ints, stopped: Callable[[], bool], plan: Ints | None
) -> Duals | None:
    """The prices of a level's linear relaxation, near its optimum; None if it was stopped first.

    Parameters
    ----------
    at_most : ndarray of shape (3,): higher levels may not exceed these
    plan : ndarray of shape (n_places,) that does not, or None: with its arcs every part has a solution
    """
    if len(items.arc) <= WHOLE_UP_TO:
        whole = lp_prices(problem, items, level, at_most, stopped)
        return whole.duals if whole else None
    active = _first(problem, items)
    if plan is not None:
        used = problem.arcs_of(plan)
        active[used[used >= 0]] = True
        active &= ~problem.forced
    found: LpPrices | None = None
    for _ in range(ROUNDS):
        part = items_of(problem, active, problem.forced)
        prices = lp_prices(problem, part, level, at_most, stopped)
        if prices is None:
            break
        found = prices
        more = _paying(problem, items, prices, level) & ~active
        if more.sum() <= FEW * problem.n_places:
            break
        active = active | more
    return found.duals if found else None


def _first(problem: Problem, items: Items) -> Bools:
    """A few arcs a place, by lot: of each reviewer as often as they have free minutes for each of their arcs.

    The few reviewers with most room, taken for every place, would have all the work of the first programme.
    """
    free = items.arc[~items.taken]
    reviewer = problem.arc_reviewer[free]
    rivals = np.bincount(reviewer, minlength=problem.n_reviewers)
    room = np.maximum(1, items.free_minutes) / np.maximum(1, rivals)
    lot = np.random.default_rng(len(free)).exponential(size=len(free))
    return _best(problem, free, -lot / room[reviewer], FIRST_ARCS)


def _paying(problem: Problem, items: Items, prices: LpPrices, level: int) -> Bools:
    """The arcs that would pay most at these prices, a few a place."""
    free = ~items.taken
    arc, minutes = items.arc[free], items.minutes[free]
    place, reviewer = problem.arc_place[arc], problem.arc_reviewer[arc]
    duals, g = prices.duals, problem.groups
    toll = np.bincount(g.arc, duals.group[g.of_member] * g.amount, minlength=problem.n_arcs)
    late = np.where(minutes > items.late_after[free], items.late_points[free], 0)
    dependent = np.flatnonzero(problem.needs >= 0)
    filling = duals.place - duals.needs
    np.add.at(filling, problem.needs[dependent], duals.needs[dependent])
    worth = filling[place] - toll[arc] - duals.levels[1] * late
    worth -= minutes * prices.minute[reviewer] + items.slots[free] * prices.slot[reviewer]
    if level == 2:
        worth -= problem.arc_points[arc]
    return _best(problem, arc[worth > PAYS], worth[worth > PAYS], MORE_ARCS)


def _best(problem: Problem, arcs: Ints, worth: Floats, count: int) -> Bools:
    """A mask of the `count` of these arcs of most worth of each place; shape (n_arcs,)."""
    every = np.full(problem.n_arcs, -np.inf)
    every[arcs] = worth
    return best_of_each(problem.arc_start, every, count)
