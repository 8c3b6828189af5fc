"""What the reviewers of a part may choose from, laid out for pricing their bundles again and again."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers are typed.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.compiled import inner
from solver.order import ascending
from solver.problem import Floats, Ints

FLOOR = 0.02


class Part(NamedTuple):
    """Reviewers, places and what leaving each empty costs; `row` is each place's number here, or −1.

    `halt` (1,) is 1 once it is to be filled as well as can be done at once.
    """

    reviewers: Ints
    places: Ints
    penalty: Ints
    row: Ints
    halt: Ints


class Offers(NamedTuple):
    """What each reviewer of a part may choose from, with what is theirs already where its order matters.

    By offer: the item, the row of its place, the row in the pool of items (−1: theirs already), and what the
    programme takes of it (see `knapsack.Items`).
    """

    start: Ints
    item: Ints
    row: Ints
    in_pool: Ints
    unit: Ints
    cells: Ints
    slots: Ints
    case: Ints
    twin: Ints
    late: Ints
    late_after: Ints
    taken: Ints
    by_cells: Ints


class Places(NamedTuple):
    """By place of the part: open, the row of the open place it needs (−1: none), the least sensible price."""

    open: Ints
    needed: Ints
    least: Floats


@inner
def _is_ordered(aim, pool):
    """True when the order of work has a price."""
    ordered = False
    for i in pool:
        ordered |= aim.late[i] > 0
    return ordered


@inner
def offers_of(field, aim, states, plan, part, pool):
    """The pool as offers, with at most so many states a reviewer."""
    ordered = _is_ordered(aim, pool)
    start, item, in_pool = _laid_out(field, plan, part, pool, ordered)
    n = len(item)
    row, slots, case = np.full(n, -1, np.int64), np.zeros(n, np.int64), np.empty(n, np.int64)
    cells, late, late_after = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    twin, taken, by_cells = np.zeros(n, np.int64), np.zeros(n, np.int64), np.empty(n, np.int64)
    unit = np.ones(len(part.reviewers), np.int64)
    for k in range(len(part.reviewers)):
        r, before = part.reviewers[k], 0
        exact = field.unit[r]
        unit[k] = exact * max(1, -(-plan.minutes[r] // (exact * states)))
        for q in range(start[k], start[k + 1]):
            i = item[q]
            case[q] = field.case[field.place[i]]
            if in_pool[q] < 0:
                taken[q] = 1
                before += field.minutes[i]
            else:
                row[q] = part.row[field.place[i]]
                slots[q] = field.slots[i]
                nearest = unit[k] // 2 if unit[k] > exact else 0
                cells[q] = (field.minutes[i] + nearest) // unit[k]
            twin[q] = q > start[k] and case[q - 1] == case[q]
            if ordered:
                late[q] = aim.late[i]
                late_after[q] = max(-1, (field.due[i] - before) // unit[k])
        shortest = ascending(cells[start[k] : start[k + 1]].astype(np.float64))
        for q in range(len(shortest)):
            by_cells[start[k] + q] = shortest[q]
    return Offers(
        start, item, row, in_pool, unit, cells, slots, case, twin, late, late_after, taken, by_cells
    )


@inner
def _laid_out(field, plan, part, pool, ordered):
    """The pool by reviewer in the order of work; with what is theirs already, if the order matters."""
    size = len(pool)
    if ordered:
        for r in part.reviewers:
            for i in range(field.start[r], field.start[r + 1]):
                size += plan.item[field.place[i]] == i
    start = np.zeros(len(part.reviewers) + 1, np.int64)
    item, in_pool = np.empty(size, np.int64), np.full(size, -1, np.int64)
    n, at = 0, 0
    for k in range(len(part.reviewers)):
        low, high = field.start[part.reviewers[k]], field.start[part.reviewers[k] + 1]
        for i in range(low, high) if ordered else range(0):
            if plan.item[field.place[i]] == i:
                item[n] = i
                n += 1
            elif at < len(pool) and pool[at] == i:
                item[n], in_pool[n] = i, at
                n, at = n + 1, at + 1
        while at < len(pool) and low <= pool[at] < high:
            item[n], in_pool[n] = pool[at], at
            n, at = n + 1, at + 1
        start[k + 1] = n
    return start, item[:n], in_pool[:n]


@inner
def places_of(field, plan, part):
    """The part's places as they are now."""
    n = len(part.places)
    is_open, needed, least = np.zeros(n, np.int64), np.full(n, -1, np.int64), np.zeros(n)
    for q in range(n):
        p = part.places[q]
        need = field.needs[p]
        is_open[q] = plan.item[p] < 0
        if is_open[q] and need >= 0 and plan.item[need] < 0 and part.row[need] >= 0:
            needed[q] = part.row[need]
        least[q] = FLOOR * part.penalty[q]
    for q in range(n):
        if needed[q] >= 0:
            least[needed[q]] = -np.inf  # filling it opens another place, at a price
    return Places(is_open, needed, least)
