"""What an earlier solve leaves to begin with: its plan as far as that still fits, and its prices of level 1.

Neither is taken on trust. The plan is mended, and offered like any other; the prices are a start for `relax`,
which proves what they are worth on the problem as it is now.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.check import breaches
from solver.field import field_of
from solver.greedy import held_work
from solver.lp import Duals
from solver.problem import Ints, Problem
from solver.search import Search
from solver.workshop import assignment_of, plan_of


@dataclass(frozen=True, eq=False)
class Start:
    """What a solve begins with.

    Parameters
    ----------
    assignment : ndarray of shape (n_places,), the reviewer row of each place, −1: empty, or None. What does
        not fit any more is left out, and the rest kept
    prices : of level 1, in points, or None; NaN where a place, a need or a group has none yet
    """

    assignment: Ints | None = None
    prices: Duals | None = None


def begin(search: Search, start: Start) -> None:
    """Offer what is left of the plan, and keep the prices for `relax`.

    Raises
    ------
    ValueError
        If the plan or the prices are of another number of places or groups.
    """
    problem, prices = search.problem, start.prices
    parts = [] if prices is None else [prices.place, prices.needs]
    if any(len(part) != problem.n_places for part in (*parts, start.assignment) if part is not None):
        raise ValueError(f"a start is of {problem.n_places} places, as the problem is")
    if prices is not None and len(prices.group) != len(problem.groups.limit):
        raise ValueError(f"prices are of {len(problem.groups.limit)} groups, as the problem is")
    if start.assignment is not None:
        search.offer(repaired(problem, start.assignment), "start")
    search.old_prices = prices


def repaired(problem: Problem, assignment: Ints) -> Ints:
    """Held work, and what of an assignment fits beside it; shape (n_places,)."""
    field, held = field_of(problem), held_work(problem)
    wanted = np.where(problem.required & (problem.arcs_of(assignment) < 0), held, assignment)
    mended = assignment_of(field, plan_of(problem, field, None, wanted).item)
    if breaches(problem, mended):  # moves that do not fit together: held work stays where it is
        return assignment_of(field, plan_of(problem, field, held, wanted).item)
    return mended
