"""What it costs the whole to give one place to one reviewer: a floor from prices, and the forced problem.

Prices fall apart by reviewer, so that forcing a pair changes one reviewer's bundle alone: what is lost there
is a floor for what the whole plan loses, of every pair of a place at once. Reduced costs of pairs, as for
fixing variables: Nemhauser & Wolsey 1988, doi:10.1002/9781118627372, section II.2.1.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from solver.lagrangian import Lagrangian
from solver.lp import Duals
from solver.outcome import PRICE_UNIT as UNIT
from solver.pricing import items_of
from solver.problem import Bools, Ints, Problem

NEARBY = 12


def forced(problem: Problem, place: int, reviewer: int, filled: Collection[int] = ()) -> Problem:
    """The problem in which only this reviewer may have the place, and leaving it empty is worst of all.

    Where the best plan of it leaves the place empty, no plan fills it so. Otherwise a plan is worth there
    what it is worth in the whole problem.

    Parameters
    ----------
    filled : places that are to be filled as well, by anyone
    """
    keep = (problem.arc_place != place) | (problem.arc_reviewer == reviewer)
    return urgent(problem.keep_arcs(keep), [place, *filled])


def urgent(problem: Problem, places: Collection[int]) -> Problem:
    """The problem in which any of these places is worth more than all others together."""
    penalty = problem.penalty.copy()
    rows = np.array(sorted(set(places)), np.int64)
    penalty[rows] = 0
    penalty[rows] = int(penalty.sum()) + 1
    return problem.replace(penalty=penalty)


def held_fast(problem: Problem, who: Ints) -> Problem:
    """The problem in which some places are held work, and stay.

    Parameters
    ----------
    who : ndarray of shape (n_places,), the reviewer row who is to keep each, −1 where it is left open
    """
    held = who >= 0
    keep = ~held[problem.arc_place] | (problem.arc_reviewer == who[problem.arc_place])
    return problem.keep_arcs(keep).replace(
        required=problem.required | held, penalty=np.where(held, 0, problem.penalty)
    )


class Floors:
    """What level-1 prices prove of every pair: no plan with it has fewer points of level 1.

    Parameters
    ----------
    duals : prices of level 1, in points
    """

    def __init__(self, problem: Problem, duals: Duals, workers: int = 1) -> None:
        self._problem, self._workers = problem, workers
        whole = self._lagrangian(problem, np.zeros(problem.n_arcs, np.bool_))
        self._duals = whole.clip(duals)
        self._worth = whole.worth(self._duals)
        self._value = whole.value(self._duals, self._worth)

    @property
    def bound(self) -> int:
        """Points of level 1 that every plan has."""
        return -(-self._value // UNIT)

    def of(self, place: int) -> tuple[Ints, Ints]:
        """Reviewers who have an arc of an open place, and the least points of level 1 with each of them."""
        problem = self._problem
        arcs = np.arange(problem.arc_start[place], problem.arc_start[place + 1])
        who = problem.arc_reviewer[arcs]
        theirs = np.isin(problem.arc_reviewer, who) | problem.required[problem.arc_place]
        part = problem.keep_arcs(theirs)
        row = np.cumsum(theirs) - 1
        taken = np.zeros(part.n_arcs, np.bool_)
        taken[row[arcs]] = True
        with_it = self._lagrangian(part, taken)
        gain = self._lagrangian(part, taken & False).gain_of(self._duals, row[arcs])
        lost = self._worth[who] - with_it.worth(self._duals)[who] - gain
        slack = max(0, int(np.rint(self._duals.place[place] * UNIT)) - int(problem.penalty[place]) * UNIT)
        return who, np.asarray(-(-(self._value + slack + lost) // UNIT))

    def _lagrangian(self, problem: Problem, taken: Bools) -> Lagrangian:
        items = items_of(problem, ~problem.forced & ~taken, problem.forced | taken)
        weights, none = np.array([UNIT, 0, 0], np.int64), np.full(3, -1, np.int64)
        filled = problem.required & (np.diff(problem.arc_start) > 0)
        return Lagrangian(problem, items, weights, none, filled, self._workers)


def nearby(problem: Problem, assignment: Ints, place: int, reviewer: int, most: int = NEARBY) -> Ints:
    """Reviewers to plan anew together if one of them is to take a place; ascending rows, so many at most.

    The reviewer, whoever has the place, and those who may take most of what the reviewer would have to give
    up, or whose own work those could take in turn.
    """
    likes = np.zeros(problem.n_reviewers)
    mine = np.flatnonzero((assignment == reviewer) & ~problem.required)
    theirs = np.isin(problem.arc_place, np.append(mine, place))
    np.add.at(likes, problem.arc_reviewer[theirs], 1.0)
    free = problem.capacity.astype(np.float64)
    used = problem.arcs_of(assignment)
    np.subtract.at(free, assignment[assignment >= 0], problem.arc_minutes[used[used >= 0]])
    likes *= 1 + np.clip(free / max(1.0, float(problem.capacity.max(initial=1))), 0, 1)
    likes[reviewer] = np.inf
    if assignment[place] >= 0:
        likes[assignment[place]] = np.inf
    order = np.argsort(-likes, kind="stable")[:most]
    return np.sort(order[likes[order] > 0])
