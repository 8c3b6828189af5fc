"""Prices at which a few reviewers agree: deflected subgradient steps, compiled, on a part of a plan.

Each step prices every reviewer's best bundle exactly (`knapsack`), counts how often each place is chosen,
and moves the prices of places chosen by nobody up and of those chosen twice down (Camerini, Fratta &
Maffioli 1975, doi:10.1007/BFb0120697). Where many bundles are worth the same, reviewers may look at a place
that others have just chosen as worth a little less: no bound then, but fewer want the same.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers are typed.

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compiled import inner
from solver.dice import pick
from solver.knapsack import Items, Room, best_bundle
from solver.order import ascending
from solver.problem import Ints

Floats = NDArray[np.float64]

MEMORY = 0.7
SMOOTHING = 0.15
FLOOR = 0.02
REACH = 0.05
PATIENCE, SHRINK = 5, 0.6
CROWD_LEAST = 0.05


class Style(NamedTuple):
    """How a plunge goes: steps a round, the share of places fixed a round, noise, states a reviewer.

    `crowd` is the share of a place's price that is taken off for each reviewer who chose it before.
    """

    steps: int
    share: float
    noise: float
    states: int
    crowd: float


class Part(NamedTuple):
    """Reviewers, places and what leaving each empty costs; `row` is each place's number here, or −1."""

    reviewers: Ints
    places: Ints
    penalty: Ints
    row: Ints


class Prices(NamedTuple):
    """Prices of a part's places, of their needs, and of all groups."""

    place: Floats
    needs: Floats
    group: Floats


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
def agree(field, aim, style, plan, part, pool, prices, target, share, dice):
    """Move the prices towards agreement; what they prove at the start that the open places cost.

    `prices` end at the best found. `share` (n_pool,) is how often each item was chosen, smoothed; steps are
    made for a distance to `target`, as far as it is within reach.
    """
    offers = _offers(field, aim, style, plan, part, pool)
    places = _places(field, plan, part)
    best = Prices(prices.place.copy(), prices.needs.copy(), prices.group.copy())
    way = Prices(np.zeros(len(part.places)), np.zeros(len(part.places)), np.zeros(len(prices.group)))
    gain, chosen = np.zeros(len(offers.item), np.int64), np.zeros(len(offers.item), np.int64)
    highest, first, reach, stretch, since = -np.inf, -np.inf, 0.0, 1.0, 0
    for step in range(style.steps):
        _clip(part, places, prices)
        _gains(field, aim, part, places, offers, prices, gain)
        crowd = style.crowd if step else 0.0
        value, filled = _bundles(field, aim, plan, part, offers, prices, gain, chosen, crowd, dice)
        _vote(offers, chosen, share, 1.0 - SMOOTHING if step else 0.0)
        value += _without_reviewers(plan, part, places, prices)
        if step == 0:
            first, reach = value, value + REACH * abs(value)
        if value > highest:
            highest, since = value, 0
            _copy(prices, best)
        else:
            since += 1
        norm = _slopes(field, plan, part, places, offers, prices, chosen, filled, way)
        if first >= target or norm == 0.0:
            break
        if since >= PATIENCE:
            stretch, since = stretch * SHRINK, 0
        _step(plan, places, prices, way, stretch * (min(float(target), reach) - value) / norm)
    _copy(best, prices)
    return first


@inner
def _copy(source, target):
    # Element by element: a slice assigned to a slice takes half a second to compile.
    for q in range(len(source.place)):
        target.place[q], target.needs[q] = source.place[q], source.needs[q]
    for g in range(len(source.group)):
        target.group[g] = source.group[g]


@inner
def _is_ordered(aim, pool):
    """True when the order of work has a price."""
    ordered = False
    for i in pool:
        ordered |= aim.late[i] > 0
    return ordered


@inner
def _offers(field, aim, style, plan, part, pool):
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
        unit[k] = exact * max(1, -(-plan.minutes[r] // (exact * style.states)))
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
def _places(field, plan, part):
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


@inner
def _clip(part, places, prices):
    for q in range(len(part.places)):
        if places.open[q]:
            prices.place[q] = min(max(prices.place[q], places.least[q]), float(part.penalty[q]))


@inner
def _gains(field, aim, part, places, offers, prices, gain):
    """What each offer gains at the prices."""
    worth = np.zeros(len(part.places))
    for q in range(len(part.places)):
        worth[q] += prices.place[q]
        if places.needed[q] >= 0:
            worth[q] -= prices.needs[q]
            worth[places.needed[q]] += prices.needs[q]
    for q in range(len(offers.item)):
        if offers.row[q] >= 0:
            i = offers.item[q]
            toll = 0.0
            for d in range(field.group_start[i], field.group_start[i + 1]):
                toll += prices.group[field.group[d]] * field.amount[d]
            gain[q] = int(np.rint(worth[offers.row[q]] - toll - aim.cost[i]))


@inner
def _bundles(field, aim, plan, part, offers, prices, gain, chosen, crowd, dice):
    """Everyone's best bundle: what they take off the value, and how often each place is chosen."""
    value, filled = 0.0, np.zeros(len(part.places), np.int64)
    seen, keep = gain.copy(), np.zeros(len(gain), np.int64)
    first = pick(dice, 0, len(part.reviewers))
    for turn in range(len(part.reviewers)):
        k = (first + turn) % len(part.reviewers)
        r, mine = part.reviewers[k], slice(offers.start[k], offers.start[k + 1])
        chosen[mine] = 0
        if crowd:
            for q in range(offers.start[k], offers.start[k + 1]):
                p = offers.row[q]
                if p >= 0 and filled[p]:
                    price = max(abs(prices.place[p]), CROWD_LEAST * part.penalty[p])
                    seen[q] -= int(crowd * filled[p] * price)
        items = Items(
            offers.cells[mine],
            offers.slots[mine],
            offers.case[mine],
            offers.twin[mine],
            seen[mine],
            offers.late[mine],
            offers.late_after[mine],
            offers.taken[mine],
            offers.by_cells[mine],
        )
        room = Room(
            plan.minutes[r],
            plan.slots[r],
            offers.unit[k],
            field.capacity[r] - plan.minutes[r],
            field.threshold[r],
            field.rate,
            field.scale,
            field.divisor,
            aim.bands,
        )
        value -= best_bundle(items, room, keep[mine], chosen[mine])
        for q in range(offers.start[k], offers.start[k + 1]):
            if chosen[q]:
                filled[offers.row[q]] += 1
                value -= gain[q] - seen[q]
    return value, filled


@inner
def _vote(offers, chosen, share, kept):
    for q in range(len(chosen)):
        at = offers.in_pool[q]
        if at >= 0:
            share[at] = kept * share[at] + (1.0 - kept) * chosen[q]


@inner
def _without_reviewers(plan, part, places, prices):
    """The value less what the bundles are worth."""
    value = 0.0
    for q in range(len(part.places)):
        if places.open[q]:
            value += min(prices.place[q], float(part.penalty[q]))
    for g in range(len(prices.group)):
        value -= prices.group[g] * plan.groups[g]
    return value


@inner
def _slopes(field, plan, part, places, offers, prices, chosen, filled, way):
    """Deflect the way by the slopes at these prices; the square of its length."""
    used = np.zeros(len(prices.group))
    for q in range(len(chosen)):
        if chosen[q]:
            i = offers.item[q]
            for d in range(field.group_start[i], field.group_start[i + 1]):
                used[field.group[d]] += field.amount[d]
    norm = 0.0
    for q in range(len(part.places)):
        if places.open[q]:
            slope = 1.0 - filled[q]
            if slope > 0 and (prices.place[q] >= part.penalty[q] or prices.place[q] <= 0.0):
                slope = 0.0  # it stays empty, or someone takes it who has nothing better to do
            way.place[q] = slope + MEMORY * way.place[q]
            norm += way.place[q] ** 2
            if places.needed[q] >= 0:
                way.needs[q] = filled[q] - filled[places.needed[q]] + MEMORY * way.needs[q]
                norm += way.needs[q] ** 2
    for g in range(len(used)):
        if prices.group[g] > 0 or used[g] > plan.groups[g]:
            way.group[g] = (used[g] - plan.groups[g]) / _scale(plan, g) + MEMORY * way.group[g]
            norm += way.group[g] ** 2
    return norm


@inner
def _scale(plan, g):
    """So that one step fits prices per place and per minute alike."""
    return max(1.0, plan.groups[g] / 10.0)


@inner
def _step(plan, places, prices, way, length):
    for q in range(len(places.open)):
        if places.open[q]:
            prices.place[q] += length * way.place[q]
            if places.needed[q] >= 0:
                prices.needs[q] = max(0.0, prices.needs[q] + length * way.needs[q])
    for g in range(len(prices.group)):
        prices.group[g] = max(0.0, prices.group[g] + length * way.group[g] / _scale(plan, g))
