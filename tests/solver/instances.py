"""Random allocation problems of every shape, and their optimum by trying everything."""

from __future__ import annotations

import itertools

import numpy as np

from solver.check import breaches, values
from solver.outcome import better
from solver.problem import NO_LIMIT, Bands, Groups, Ints, Problem


def random_problem(
    rng: np.random.Generator, n_cases: int = 6, n_reviewers: int = 4, density: float = 0.7
) -> Problem:
    """A problem with seconds, held work, links, groups, slots, bands and lateness, feasible when all stays empty."""
    seconds = np.flatnonzero(rng.random(n_cases) < 0.3)
    case = np.concatenate([np.arange(n_cases), seconds])
    order = np.argsort(case, kind="stable")
    is_second = np.concatenate([np.zeros(n_cases, bool), np.ones(len(seconds), bool)])[order]
    case = case[order]
    n = len(case)
    lead_of = np.flatnonzero(~is_second)
    required = (rng.random(n) < 0.2) & (~is_second | (n_reviewers > 1))
    needs = np.where(is_second & ~required & ~required[lead_of[case]], lead_of[case], -1)
    rank = rng.permutation(n_cases)[case]
    arcs = _arcs(rng, case, is_second, required, n_reviewers, density)
    place, reviewer, minutes = arcs
    held = np.zeros(n_reviewers, np.int64)
    np.add.at(held, reviewer[required[place]], minutes[required[place]])
    capacity = np.maximum(rng.integers(0, 40, n_reviewers), held)
    slots = np.where(rng.random(n_reviewers) < 0.5, rng.integers(0, 3, n_reviewers), NO_LIMIT)
    start = np.searchsorted(place, np.arange(n + 1)).astype(np.int64)
    label = np.where(rng.random(n_cases) < 0.3, 0, -1)
    link = np.where(~is_second & ~required, label[case], -1)
    movable = required & ~is_second & (np.diff(start) > 1)
    due = np.where(rng.random(len(place)) < 0.15, -1, rng.integers(0, 45, len(place)))
    groups = _groups(rng, place, required, movable, is_second, minutes)
    share = rng.integers(0, 30, (n_reviewers, 2)).cumsum(axis=1)
    return Problem(
        case=case.astype(np.int64),
        rank=rank.astype(np.int64),
        penalty=np.where(required, 0, rng.integers(1, 12, n)),
        late_points=np.where(is_second, 0, rng.integers(0, 9, n)),
        required=required,
        movable=movable,
        needs=needs.astype(np.int64),
        link=link.astype(np.int64),
        arc_start=start,
        arc_reviewer=reviewer,
        arc_minutes=minutes,
        arc_points=np.where(required[place] & ~movable[place], 0, rng.integers(0, 6, len(place))),
        arc_slots=np.where(is_second[place] | required[place], 0, 1),
        arc_due=due.astype(np.int64),
        capacity=capacity,
        slots=slots,
        bands=Bands(share.astype(np.int64), np.array([1, 2], np.int64), 1, 3),
        groups=groups,
    )


def _arcs(
    rng: np.random.Generator,
    case: Ints,
    is_second: np.ndarray,
    required: np.ndarray,
    n_reviewers: int,
    density: float,
) -> tuple[Ints, Ints, Ints]:
    allowed = rng.random((len(case), n_reviewers)) < density
    for place in np.flatnonzero(required):
        taken = {
            int(np.flatnonzero(allowed[p])[0]) for p in range(place) if case[p] == case[place] and required[p]
        }
        holder = int(rng.choice([r for r in range(n_reviewers) if r not in taken]))
        others = not is_second[place] and rng.random() < 0.3
        allowed[place] = allowed[place] & others
        allowed[place, holder] = True
        if others:
            continue
    place, reviewer = np.nonzero(allowed)
    return place, reviewer, rng.integers(1, 16, len(place))


def _groups(
    rng: np.random.Generator,
    place: Ints,
    required: np.ndarray,
    movable: np.ndarray,
    is_second: np.ndarray,
    minutes: Ints,
) -> Groups:
    new = np.flatnonzero(~required[place] & ~is_second[place])
    moves = np.flatnonzero(movable[place])
    area = new[rng.random(len(new)) < 0.5]
    members = [(int(rng.integers(0, 30)), area, minutes[area])]
    members.append((int(rng.integers(1, 4)), new[::2], np.ones(len(new[::2]), np.int64)))
    del moves
    return Groups.of(members)


def brute_force(problem: Problem) -> tuple[Ints | None, Ints | None]:
    """The best assignment and its values by trying every one; (None, None) if none is sound."""
    options = []
    for place in range(problem.n_places):
        arcs = problem.arc_reviewer[problem.arc_start[place] : problem.arc_start[place + 1]]
        options.append([*arcs] if problem.required[place] else [-1, *arcs])
    best, best_values = None, None
    for choice in itertools.product(*options):
        assignment = np.array(choice, np.int64)
        if not _may_be_sound(problem, assignment):
            continue
        worth = values(problem, assignment)
        if best_values is None or better(worth, best_values):
            if not breaches(problem, assignment):
                best, best_values = assignment, worth
    return best, best_values


def _may_be_sound(problem: Problem, assignment: Ints) -> bool:
    used = problem.arcs_of(assignment)
    used = used[used >= 0]
    load = np.bincount(problem.arc_reviewer[used], problem.arc_minutes[used], minlength=problem.n_reviewers)
    return bool(np.all(load <= problem.capacity))
