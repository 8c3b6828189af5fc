"""A problem laid out for the compiled search: each reviewer's arcs together, in the order of their work.

An *item* is an arc in this order. A *plan* here is the item of each place, −1 where it is empty; required
places may be empty on the way to a sound plan.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.problem import Bools, Ints, Problem


class Field(NamedTuple):
    """Arrays of one problem; rows of items ascend by reviewer, then by rank, then by arc.

    Shapes: `start` (n_reviewers + 1,); `arc … group_start` by item; `by_minutes` the items of each reviewer
    with the fewest minutes first; `items_start`, `items` the items of each place; `mates` the other places
    of its case, `dependants` those that need it, `link_places` those of its link, each with its start;
    `group`, `amount` what an item uses of which group; `unit` the greatest common divisor of a reviewer's
    minutes.
    """

    start: Ints
    arc: Ints
    reviewer: Ints
    place: Ints
    minutes: Ints
    slots: Ints
    points: Ints
    due: Ints
    twin: Ints
    by_minutes: Ints
    group_start: Ints
    group: Ints
    amount: Ints
    group_limit: Ints
    items_start: Ints
    items: Ints
    case: Ints
    penalty: Ints
    late_points: Ints
    required: Ints
    fixed: Ints
    needs: Ints
    link: Ints
    mates_start: Ints
    mates: Ints
    dependants_start: Ints
    dependants: Ints
    link_start: Ints
    link_places: Ints
    capacity: Ints
    slot_limit: Ints
    unit: Ints
    threshold: Ints
    rate: Ints
    scale: int
    divisor: int


def field_of(problem: Problem) -> Field:
    """The problem in the order of items."""
    place = problem.arc_place
    arc = np.lexsort((np.arange(problem.n_arcs), problem.rank[place], problem.arc_reviewer))
    reviewer, place = problem.arc_reviewer[arc], place[arc]
    minutes = problem.arc_minutes[arc]
    start = np.searchsorted(reviewer, np.arange(problem.n_reviewers + 1)).astype(np.int64)
    items_start, items = _grouped(place, problem.n_places)
    group_start, group, amount = _groups_by_item(problem, arc)
    mates_start, mates = _mates(problem)
    dependants_start, dependants = _grouped(problem.needs, problem.n_places)
    n_links = int(problem.link.max(initial=-1)) + 1
    link_start, link_places = _grouped(problem.link, n_links)
    bands = problem.bands
    return Field(
        start=start,
        arc=arc,
        reviewer=reviewer,
        place=place,
        minutes=minutes,
        slots=problem.arc_slots[arc],
        points=problem.arc_points[arc],
        due=problem.arc_due[arc],
        twin=_twins(problem, reviewer, place),
        by_minutes=np.lexsort((minutes, reviewer)),
        group_start=group_start,
        group=group,
        amount=amount,
        group_limit=_own(problem.groups.limit),
        items_start=items_start,
        items=items,
        case=_own(problem.case),
        penalty=_own(problem.penalty),
        late_points=_own(problem.late_points),
        required=_own(problem.required),
        fixed=_own(problem.required & ~problem.movable),
        needs=_own(problem.needs),
        link=_own(problem.link),
        mates_start=mates_start,
        mates=mates,
        dependants_start=dependants_start,
        dependants=dependants,
        link_start=link_start,
        link_places=link_places,
        capacity=_own(problem.capacity),
        slot_limit=_own(problem.slots),
        unit=_units(start, minutes),
        threshold=_own(bands.threshold),
        rate=_own(bands.rate),
        scale=bands.scale,
        divisor=bands.divisor,
    )


def _own(values: Ints | Bools) -> Ints:
    """A writeable copy: the kernel is compiled for one kind of array only."""
    return np.ascontiguousarray(values).astype(np.int64)


def _grouped(of: Ints, count: int) -> tuple[Ints, Ints]:
    """Rows by what they belong to: where each one's begin, and the rows; negative ones belong to nothing."""
    rows = np.flatnonzero(of >= 0)
    rows = rows[np.argsort(of[rows], kind="stable")]
    start = np.searchsorted(of[rows], np.arange(count + 1)).astype(np.int64)
    return start, rows


def _mates(problem: Problem) -> tuple[Ints, Ints]:
    """The other places of each place's case."""
    kinds, case = np.unique(problem.case, return_inverse=True)
    start, rows = _grouped(case, len(kinds))
    size = np.diff(start)[case]
    owner = np.repeat(np.arange(problem.n_places), size)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(size) - size, size)
    other = rows[np.repeat(start[case], size) + within]
    mates_start = np.concatenate([[0], np.cumsum(size - 1)]).astype(np.int64)
    return mates_start, other[other != owner]


def _twins(problem: Problem, reviewer: Ints, place: Ints) -> Ints:
    """1 for an item that is not its reviewer's first of a case, which has room for one only."""
    case = problem.case[place]
    order = np.lexsort((np.arange(len(case)), case, reviewer))
    again = np.zeros(len(case), np.int64)
    same = (np.diff(case[order]) == 0) & (np.diff(reviewer[order]) == 0)
    again[order[1:][same]] = 1
    return again


def _groups_by_item(problem: Problem, arc: Ints) -> tuple[Ints, Ints, Ints]:
    g = problem.groups
    row = np.empty(problem.n_arcs, np.int64)
    row[arc] = np.arange(problem.n_arcs)
    of = row[g.arc]
    order = np.argsort(of, kind="stable")
    start = np.searchsorted(of[order], np.arange(problem.n_arcs + 1)).astype(np.int64)
    return start, g.of_member[order], _own(g.amount)[order]


def _units(start: Ints, minutes: Ints) -> Ints:
    """The greatest common divisor of each reviewer's minutes; 1 where there are none."""
    unit = np.ones(len(start) - 1, np.int64)
    for r in np.flatnonzero(np.diff(start)).tolist():
        unit[r] = max(1, int(np.gcd.reduce(minutes[start[r] : start[r + 1]])))
    return unit
