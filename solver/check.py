"""The oracle: whether an assignment honours a problem, and what it is worth, told without any solver.

One function a constraint, one a level. Every method's answer passes through here before anyone sees it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.problem import NO_LIMIT, Ints, Problem


def breaches(problem: Problem, assignment: Ints) -> list[str]:
    """Sentences on every constraint the assignment breaks; empty when it breaks none.

    Parameters
    ----------
    assignment : ndarray of shape (n_places,), reviewer row or −1
    """
    if assignment.shape != (problem.n_places,):
        return [f"assignment has shape {assignment.shape}; it must be ({problem.n_places},)"]
    return [sentence for constraint in CONSTRAINTS for sentence in constraint(problem, assignment)]


def values(problem: Problem, assignment: Ints) -> Ints:
    """The assignment's points at each level, shape (3,)."""
    return np.array([level(problem, assignment) for level in LEVEL_VALUES], dtype=np.int64)


def arcs(problem: Problem, assignment: Ints) -> list[str]:
    """Every filled place has an arc for its reviewer."""
    wrong = np.flatnonzero((assignment >= 0) & (problem.arcs_of(assignment) < 0))
    return [f"place {p} may not go to reviewer {assignment[p]}" for p in wrong]


def required(problem: Problem, assignment: Ints) -> list[str]:
    """Held work stays filled."""
    return [f"place {p} is required but empty" for p in np.flatnonzero(problem.required & (assignment < 0))]


def needs(problem: Problem, assignment: Ints) -> list[str]:
    """A place that needs another is filled only if that one is."""
    dependent = np.flatnonzero((problem.needs >= 0) & (assignment >= 0))
    lacking = dependent[assignment[problem.needs[dependent]] < 0]
    return [f"place {p} is filled but place {problem.needs[p]}, which it needs, is not" for p in lacking]


def distinct(problem: Problem, assignment: Ints) -> list[str]:
    """Places of one case have different reviewers."""
    filled = np.flatnonzero(assignment >= 0)
    pairs = np.stack([problem.case[filled], assignment[filled]])
    unique, counts = np.unique(pairs, axis=1, return_counts=True)
    return [f"reviewer {r} fills two places of case {c}" for c, r in unique[:, counts > 1].T]


def linked(problem: Problem, assignment: Ints) -> list[str]:
    """Filled places of one link have one reviewer."""
    filled = np.flatnonzero((problem.link >= 0) & (assignment >= 0))
    pairs = np.unique(np.stack([problem.link[filled], assignment[filled]]), axis=1)
    links, counts = np.unique(pairs[0], return_counts=True)
    return [
        f"link {link} has {count} reviewers" for link, count in zip(links, counts, strict=True) if count > 1
    ]


def capacity(problem: Problem, assignment: Ints) -> list[str]:
    """No reviewer has more minutes than their capacity."""
    return _over(problem, assignment, problem.arc_minutes, problem.capacity, "minutes")


def slots(problem: Problem, assignment: Ints) -> list[str]:
    """No reviewer has more new leads than their slots."""
    return _over(problem, assignment, problem.arc_slots, problem.slots, "slots")


def groups(problem: Problem, assignment: Ints) -> list[str]:
    """Each group's chosen arcs stay within its limit."""
    chosen = np.zeros(problem.n_arcs, dtype=bool)
    used = problem.arcs_of(assignment)
    chosen[used[used >= 0]] = True
    g = problem.groups
    total = np.zeros(len(g.limit), np.int64)
    np.add.at(total, g.of_member, g.amount * chosen[g.arc])
    return [f"group {k} has {total[k]} of {g.limit[k]}" for k in np.flatnonzero(total > g.limit)]


Constraint = Callable[[Problem, Ints], list[str]]
CONSTRAINTS: tuple[Constraint, ...] = (
    arcs,
    required,
    needs,
    distinct,
    linked,
    capacity,
    slots,
    groups,
)


def unallocated(problem: Problem, assignment: Ints) -> int:
    """Level 1: Σ penalty of empty places."""
    return int(problem.penalty[assignment < 0].sum())


def late(problem: Problem, assignment: Ints) -> int:
    """Level 2: Σ late points of places whose work ends too late, each reviewer working in rank order."""
    used = problem.arcs_of(assignment)
    places = np.flatnonzero(used >= 0)
    order = places[np.lexsort((problem.rank[places], assignment[places]))]
    minutes = problem.arc_minutes[used[order]]
    done = np.cumsum(minutes)
    reviewer = assignment[order]
    first = np.searchsorted(reviewer, reviewer)
    done = done - done[first] + minutes[first]
    too_late = done > problem.arc_due[used[order]]
    return int(problem.late_points[order[too_late]].sum())


def cost(problem: Problem, assignment: Ints) -> int:
    """Level 3: Σ points of the arcs used, and of each reviewer's workload bands."""
    used = problem.arcs_of(assignment)
    used = used[used >= 0]
    minutes = _per_reviewer(problem, used, problem.arc_minutes)
    bands = problem.bands.points(np.arange(problem.n_reviewers), minutes)
    return int(problem.arc_points[used].sum() + bands.sum())


Level = Callable[[Problem, Ints], int]
LEVEL_VALUES: tuple[Level, ...] = (unallocated, late, cost)


def _per_reviewer(problem: Problem, used: Ints, amount: Ints) -> Ints:
    total = np.zeros(problem.n_reviewers, np.int64)
    np.add.at(total, problem.arc_reviewer[used], amount[used])
    return total


def _over(problem: Problem, assignment: Ints, amount: Ints, limit: Ints, unit: str) -> list[str]:
    used = problem.arcs_of(assignment)
    total = _per_reviewer(problem, used[used >= 0], amount)
    over = np.flatnonzero((total > limit) & (limit < NO_LIMIT))
    return [f"reviewer {r} has {total[r]} {unit} of {limit[r]}" for r in over]
