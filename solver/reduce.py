"""What can be said of a problem before any search: arcs no plan can use, and points no plan can avoid."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from solver.problem import Bools, Ints, Problem

_REDUCED: WeakKeyDictionary[Problem, Problem] = WeakKeyDictionary()


def drop_hopeless(problem: Problem) -> Problem:
    """The same problem without the arcs that could not be used even if nothing else new were planned.

    It is made once for each problem: the search asks for it, and whoever tells of its bounds asks again.
    """
    reduced = _REDUCED.get(problem)
    if reduced is None:
        hopeful = hopeful_arcs(problem)
        if hopeful.all():
            return problem
        reduced = _REDUCED[problem] = problem.keep_arcs(hopeful)
    return reduced


def hopeful_arcs(problem: Problem) -> Bools:
    """Arcs that could be used if nothing else new were planned, shape (n_arcs,): all that are worth a look.

    A place that needs one which nobody can take goes with it; the only arc of held work stays.
    """
    too_much, size = _too_much(problem), np.diff(problem.arc_start)
    keep = np.ones(problem.n_arcs, np.bool_)
    while True:
        count = _count_by_place(problem, keep)
        waits = (problem.needs >= 0) & (count[problem.needs] == 0)
        stays = problem.required & (~problem.movable | (count == 1))
        hopeless = keep & (too_much | np.repeat(waits, size)) & ~np.repeat(stays, size)
        if not hopeless.any():
            return keep
        keep &= ~hopeless


def _too_much(problem: Problem) -> Bools:
    """Arcs beyond what held work leaves of minutes, of slots or of a group's limit; shape (n_arcs,)."""
    free = problem.capacity - problem.forced_minutes
    too_much = problem.arc_minutes > free[problem.arc_reviewer]
    too_much |= problem.arc_slots > problem.slots[problem.arc_reviewer]
    g = problem.groups
    too_much[g.arc[g.amount > np.repeat(g.limit, np.diff(g.start))]] = True
    return too_much


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
    count = np.diff(problem.arc_start)
    late = _count_by_place(problem, problem.late_alone)
    return np.asarray((late == count) & (count > 0), dtype=np.bool_)


def _count_by_place(problem: Problem, chosen: Bools) -> Ints:
    """How many of the chosen arcs each place has, shape (n_places,)."""
    count = np.add.reduceat(np.append(chosen, False), problem.arc_start[:-1], dtype=np.int64)
    count[np.diff(problem.arc_start) == 0] = 0
    return np.asarray(count)
