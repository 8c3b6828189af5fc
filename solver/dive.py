"""Plans from prices: fix what the reviewers' best bundles agree on, price what is left again, and go on.

A Lagrangian dive. Prices are moved a few subgradient steps on what is still open; each arc's share of the
steps in which it was chosen, smoothed, says how sure it is; the surest are fixed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.greedy import by_need, complete
from solver.lp import Duals
from solver.outcome import PRICE_UNIT as UNIT
from solver.pricing import items_of
from solver.problem import Problem
from solver.relax import Evaluation, Lagrangian, ascend
from solver.search import Search
from solver.state import State

LEVEL_WEIGHTS = np.array([UNIT, UNIT // 200, 0], np.int64)
STEPS_A_ROUND = 12
SMOOTHING = 0.15
SURE = 0.9
SHARE_A_ROUND = 0.06
NOISE = 0.1
HOPE = 1.0
FLOOR = 0.3


def dive(search: Search, duals: Duals, seconds: float = float("inf")) -> None:
    """Offer the plan that one dive from these prices ends in; what time leaves open is filled greedily."""
    search.work_on("dive")
    until = search.seconds + seconds
    state = State(search.problem, search.best)
    plunge(search, state, duals, _hope(search), lambda: search.stopped() or search.seconds > until)
    complete(state, by_need(state))
    search.offer(state.assignment, "dive")


def _hope(search: Search) -> float:
    """How far the prices may have to move, in points: the distance between the best plan and the bound."""
    known = search.best_values[0] if search.best is not None else search.problem.penalty.sum()
    return HOPE * float(known - search.bounds[0])


def plunge(search: Search, state: State, duals: Duals, hope: float, stopped: Callable[[], bool]) -> None:
    """Fix arcs round by round until none is left, or it is to stop."""
    problem = state.problem
    duals = Duals(duals.place, duals.needs, duals.group, np.zeros(3))
    no_limits = np.full(3, -1)
    while not stopped():
        items = items_of(problem, state.active(), state.taken)
        if items.taken.all():
            return
        lagrangian = Lagrangian(problem, items, LEVEL_WEIGHTS, no_limits, problem.required, FLOOR)
        votes = _Votes(problem)
        duals = ascend(lagrangian, duals, hope, STEPS_A_ROUND, stopped, votes.count)
        if not _fix(state, votes, search.rng):
            return


class _Votes:
    """How steadily each arc was chosen, 0 to 1."""

    def __init__(self, problem: Problem) -> None:
        self.share = np.zeros(problem.n_arcs)
        self.seen = 0

    def count(self, evaluation: Evaluation) -> None:
        """Take one evaluation's bundles into account; the first counts whole."""
        keep = 1 - SMOOTHING if self.seen else 0.0
        self.share *= keep
        self.share[evaluation.chosen] += 1 - keep
        self.seen += 1


def _fix(state: State, votes: _Votes, rng: np.random.Generator) -> int:
    """Take the surest arcs that fit together; how many were taken."""
    candidates = np.flatnonzero(votes.share > 0)
    sure = votes.share[candidates] + NOISE * rng.random(len(candidates))
    order = candidates[np.argsort(-sure, kind="stable")]
    quota = max(1, int(SHARE_A_ROUND * np.count_nonzero(state.assignment < 0)))
    taken = 0
    for arc in order.tolist():
        if taken >= quota and votes.share[arc] < SURE:
            break
        if state.can(arc):
            state.take(arc)
            taken += 1
    return taken
