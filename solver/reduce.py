"""What can be said of a problem before any search: arcs no plan can use, and points no plan can avoid."""

from __future__ import annotations

import numpy as np

from solver.pricing import items_of
from solver.problem import Bools, Ints, Problem


def drop_hopeless(problem: Problem) -> Problem:
    """The same problem without the arcs that could not be used even if nothing else new were planned."""
    while True:
        hopeless = _hopeless(problem)
        if not hopeless.any():
            return problem
        problem = problem.keep_arcs(~hopeless)


def _hopeless(problem: Problem) -> Bools:
    free = problem.capacity - problem.forced_minutes
    new = ~problem.forced & ~(problem.required & (np.diff(problem.arc_start) == 1))[problem.arc_place]
    reviewer, needed = problem.arc_reviewer, problem.needs[problem.arc_place]
    hopeless = (problem.arc_minutes > free[reviewer]) | (problem.arc_slots > problem.slots[reviewer])
    g = problem.groups
    hopeless[g.arc[g.amount > g.limit[g.of_member]]] = True
    arcless = np.diff(problem.arc_start) == 0
    hopeless |= (needed >= 0) & arcless[needed]
    return np.asarray(hopeless & new, dtype=np.bool_)


def fixed_values(problem: Problem, unallocated: int) -> Ints:
    """Points of each level in every plan that is no worse than `unallocated` at level 1; shape (3,).

    Level 1: places without arcs. Level 2: held leads late with held work alone, and new ones that are late
    with everyone who may take them, if leaving them empty would by itself be worse than `unallocated`.
    Level 3: the workload bands of held work. `problem` is one that `drop_hopeless` returned.
    """
    empty = int(problem.penalty[np.diff(problem.arc_start) == 0].sum())
    late = late_whoever(problem)
    bound_to_be = problem.required | (problem.penalty > unallocated - empty)
    reviewers = np.arange(problem.n_reviewers)
    bands = problem.bands.points(reviewers, problem.forced_minutes)
    return np.array([empty, problem.late_points[late & bound_to_be].sum(), bands.sum()], np.int64)


def late_whoever(problem: Problem) -> Bools:
    """Places late with every reviewer who may take them, beside held work alone; shape (n_places,)."""
    forced = problem.forced
    items = items_of(problem, ~forced, forced)
    late = np.zeros(problem.n_arcs, dtype=bool)
    late[items.arc] = items.minutes > items.late_after
    in_time = np.bincount(problem.arc_place[~late], minlength=problem.n_places)
    return np.asarray((in_time == 0) & (np.diff(problem.arc_start) > 0), dtype=np.bool_)
