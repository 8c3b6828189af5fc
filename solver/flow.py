"""The exact optimum by min-cost flow, where a reviewer's every case takes the same time.

Then capacity is a count, and filling places is a flow from places through reviewers. Lateness that depends
on what else a reviewer does, or workload points that do not rise evenly, cannot be told by a flow; where
they occur only the levels above them are proved.
"""

from __future__ import annotations

import numpy as np

from solver.check import breaches, values
from solver.cpsat import level_weights
from solver.network import FlowError, Network, cheapest_flow
from solver.outcome import BoundedBy
from solver.pricing import Items, items_of
from solver.problem import Ints, Problem
from solver.search import Search

LARGEST_COST = 2**40


def suits(problem: Problem) -> bool:
    """True when each reviewer's optional arcs take equal minutes and nothing ties places together."""
    free = ~problem.forced
    place, reviewer = problem.arc_place[free], problem.arc_reviewer[free]
    minutes = problem.arc_minutes[free]
    if (
        not len(minutes)
        or problem.required[place].any()
        or not np.isin(problem.arc_slots[free], (0, 1)).all()
    ):
        return False
    open_places, taken_places = np.unique(place), problem.arc_place[~free]
    together = problem.case[np.concatenate([open_places, np.unique(taken_places)])]
    g = problem.groups
    slack = np.bincount(g.of_member, g.amount, minlength=len(g.limit)) <= g.limit
    links = problem.link[open_places]
    return bool(
        (minutes > 0).all()
        and _same_for_each(problem, reviewer, minutes)
        and _same_for_each(problem, reviewer, problem.arc_slots[free])
        and len(np.unique(together)) == len(together)
        and len(np.unique(links[links >= 0])) == (links >= 0).sum()
        and slack.all()
    )


def _same_for_each(problem: Problem, reviewer: Ints, amount: Ints) -> bool:
    """True when all arcs of each reviewer have the same amount."""
    low = np.full(problem.n_reviewers, np.iinfo(np.int64).max)
    high = np.zeros(problem.n_reviewers, np.int64)
    np.minimum.at(low, reviewer, amount)
    np.maximum.at(high, reviewer, amount)
    return bool((low[reviewer] == high[reviewer]).all())


def flow(search: Search) -> None:
    """Offer the optimal plan, and tell what it proves."""
    search.work_on("flow")
    problem = search.problem
    items = items_of(problem, ~problem.forced, problem.forced)
    weights = level_weights(problem)
    levels = 1 + _late_is_told(problem, items) * (1 + _bands_are_told(problem, items))
    if weights is None or weights[0] * int(problem.penalty.max(initial=1)) > LARGEST_COST:
        weights, levels = np.array([1, 0, 0]), 1
    assignment = _solve(problem, items, weights)
    if assignment is not None and not breaches(problem, assignment):
        search.offer(assignment, "flow")
        _tell(search, assignment, levels)


def _tell(search: Search, assignment: Ints, levels: int) -> None:
    """The flow's own values are the optimum of the levels it could tell."""
    optimum = values(search.problem, assignment)
    for level in range(levels):
        search.raise_bound(level, int(optimum[level]), BoundedBy.SEARCH)


def _count(problem: Problem, items: Items, arcs: Ints) -> Ints:
    """How many places each reviewer has room for, shape (n_reviewers,)."""
    minutes = np.ones(problem.n_reviewers, np.int64)
    minutes[problem.arc_reviewer[arcs]] = problem.arc_minutes[arcs]
    slots = np.zeros(problem.n_reviewers, np.int64)
    slots[problem.arc_reviewer[arcs]] = problem.arc_slots[arcs]
    room = items.free_minutes // minutes
    return np.asarray(np.where(slots > 0, np.minimum(room, items.free_slots), room), dtype=np.int64)


def _solve(problem: Problem, items: Items, weights: Ints) -> Ints | None:
    """The optimal assignment for Σ weights × levels; None if they are too large to be added up."""
    free = ~items.taken
    arcs = items.arc[free]
    late = np.where(items.minutes[free] > items.late_after[free], items.late_points[free], 0)
    place, reviewer = problem.arc_place[arcs], problem.arc_reviewer[arcs]
    cost = weights[1] * late + weights[2] * problem.arc_points[arcs] - weights[0] * problem.penalty[place]
    steps = _steps(problem, items, _count(problem, items, arcs), arcs)
    try:
        flow = cheapest_flow(_network(problem, arcs, cost, [(who, weights[2] * step) for who, step in steps]))
    except FlowError:
        return None
    assert flow is not None, "every place may stay empty"
    chosen = flow[: len(arcs)] > 0
    assignment = np.full(problem.n_places, -1, np.int64)
    assignment[problem.arc_place[problem.forced]] = problem.arc_reviewer[problem.forced]
    assignment[place[chosen]] = reviewer[chosen]
    return assignment


def _network(problem: Problem, arcs: Ints, cost: Ints, steps: list[tuple[int, Ints]]) -> Network:
    """Arcs from places to reviewers, and to the sink: each reviewer's steps; each place, if left empty."""
    n, place = problem.n_places, problem.arc_place[arcs]
    sink, used = n + problem.n_reviewers, np.unique(place)
    who = np.repeat([n + who for who, _ in steps], [len(step) for _, step in steps])
    tail = np.concatenate([place, who, used]).astype(np.int64)
    out = np.full(len(who) + len(used), sink, np.int64)
    costs = np.concatenate([cost, *(step for _, step in steps), np.zeros(len(used), np.int64)])
    supply = np.zeros(sink + 1, np.int64)
    supply[used], supply[sink] = 1, -len(used)
    head = np.concatenate([n + problem.arc_reviewer[arcs], out])
    return Network(tail, head, np.ones(len(tail), np.int64), costs, supply)


def _steps(problem: Problem, items: Items, count: Ints, arcs: Ints) -> list[tuple[int, Ints]]:
    """Per reviewer, the band points that each further place adds."""
    found = []
    minutes = np.zeros(problem.n_reviewers, np.int64)
    minutes[problem.arc_reviewer[arcs]] = problem.arc_minutes[arcs]
    offered = np.bincount(problem.arc_reviewer[arcs], minlength=problem.n_reviewers)
    for who in np.unique(problem.arc_reviewer[arcs]).tolist():
        loads = items.taken_minutes[who] + minutes[who] * np.arange(min(count[who], offered[who]) + 1)
        found.append((who, np.diff(problem.bands.points(np.full(len(loads), who), loads))))
    return found


def _late_is_told(problem: Problem, items: Items) -> bool:
    """True when no place's lateness depends on what else its reviewer does."""
    most = np.zeros(problem.n_reviewers, np.int64)
    free = ~items.taken
    np.add.at(most, problem.arc_reviewer[items.arc[free]], items.minutes[free])
    most = np.minimum(most, items.free_minutes)[problem.arc_reviewer[items.arc]]
    alone = items.minutes > items.late_after
    return bool(np.all((items.late_points == 0) | alone | (most <= items.late_after)))


def _bands_are_told(problem: Problem, items: Items) -> bool:
    """True when each further place adds no fewer band points than the one before."""
    arcs = items.arc[~items.taken]
    steps = _steps(problem, items, _count(problem, items, arcs), arcs)
    return all(bool(np.all(np.diff(step) >= 0)) for _, step in steps)
