"""One reviewer's best bundle at given gains, by dynamic programming over minutes in the order of their work.

The state is the minutes of new work so far, so what depends on them is priced exactly: capacity, lateness
(a place is late if the minutes up to and with it exceed its due minutes), workload bands, and slots.
The programme is Martello & Toth's (ISBN 0-471-92420-2), with one row of states per slot used, over what is
left when items are dropped that others always beat.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers are typed.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.compiled import inner
from solver.problem import Ints

UNREACHED = -(2**60)
MOST_KINDS = 8


class Items(NamedTuple):
    """What one reviewer may be given, in the order of the work, beside what is theirs already.

    Shapes (n_items,): `cells` new work in states, `slots`, `case` (equal only for neighbours, of which one
    may be chosen), `twin` (1: not the first of its case), `gain` in time (≤ 0: not wanted), `late` what
    lateness takes off, `late_after` the states beyond which it is late, `taken` (1: theirs already; takes no
    state). `by_cells` has the rows with the smallest cells first.
    """

    cells: Ints
    slots: Ints
    case: Ints
    twin: Ints
    gain: Ints
    late: Ints
    late_after: Ints
    taken: Ints
    by_cells: Ints


class Room(NamedTuple):
    """What one reviewer has room for: `free` minutes, `slots`, `unit` minutes a state stands for.

    A load of t states costs `band_weight` × floor(Σ rate × max(0, scale × (base + t × unit) − threshold) /
    divisor).
    """

    free: int
    slots: int
    unit: int
    base: int
    threshold: Ints
    rate: Ints
    scale: int
    divisor: int
    band_weight: int


@inner
def items_in(laid, gain, part):
    """One reviewer's items, of many laid out one after the other in fields of these names."""
    return Items(
        laid.cells[part],
        laid.slots[part],
        laid.case[part],
        laid.twin[part],
        gain[part],
        laid.late[part],
        laid.late_after[part],
        laid.taken[part],
        laid.by_cells[part],
    )


@inner
def best_bundle(items, room, keep, chosen):
    """What the best bundle is worth; `chosen` (n_items,) is set to 1 for what is in it, unless it is empty.

    `keep` (n_items,) is scratch.
    """
    traced = len(chosen) > 0
    top, has_late = _wanted(items, room, keep)
    slot_rows = _slot_rows(items, room, keep, top)
    if not has_late:
        _drop_beaten(items, room, keep, top, slot_rows)
    n = 0
    for i in range(len(keep)):
        if keep[i] or (has_late and items.taken[i]):
            keep[i] = 1
            n += 1
    rows = np.empty(n, np.int64)
    n = 0
    for i in range(len(keep)):
        if keep[i]:
            rows[n] = i
            n += 1
    value = np.full((max(1, slot_rows), top + 1), UNREACHED, np.int64)
    value[0, 0] = 0
    choice = _fill(items, rows, value, slot_rows > 0, traced)
    if room.band_weight and len(room.rate):
        _charge_bands(room, value)
    if not traced:
        return value.max()
    return _trace(items, rows, value, choice, slot_rows > 0, chosen)


@inner
def _wanted(items, room, keep):
    """Mark what is worth having and fits; the most states it can take, and whether lateness has a price."""
    top = room.free // room.unit
    total, has_late = 0, False
    for i in range(len(keep)):
        keep[i] = 0
        if items.taken[i]:
            has_late |= items.late[i] > 0
        elif items.gain[i] > 0 and items.cells[i] <= top and items.slots[i] <= room.slots:
            keep[i] = 1
            total += items.cells[i]
            has_late |= items.late[i] > 0
    return max(0, min(top, total)), has_late


@inner
def _slot_rows(items, room, keep, top):
    """Rows of slot states: 0 where minutes alone keep the reviewer within their slots."""
    load, count, used = 0, 0, 0
    widest = 0
    for i in items.by_cells:
        if keep[i] and items.slots[i] > 0:
            widest = max(widest, items.slots[i])
            if load + items.cells[i] <= top:
                load += items.cells[i]
                count += 1
    used = count * widest
    return room.slots + 1 if used > room.slots else 0


@inner
def _drop_beaten(items, room, keep, top, slot_rows):
    """Unmark what is never needed: with room for k of its size, k others are no larger and gain as much.

    Of a bundle that holds it, one of those k is not in the bundle, nor another item of its case, and can take
    its place. Where slots are scarce only items that take as many are compared, and only with those alone of
    their case: another item of it, for fewer slots, may be in the bundle beside all that fit.
    """
    cells = items.cells
    smallest = np.empty(len(keep) + 1, np.int64)
    total, n = 0, 0
    for i in items.by_cells:
        if keep[i]:
            total += cells[i]
            smallest[n] = total
            n += 1
            if total > top:
                break
    widest = 0
    if slot_rows > 0:
        for slots in items.slots:
            widest = max(widest, slots)
        if widest > MOST_KINDS:
            return
    best = np.empty(n + 1, np.int64)
    for kind in range(widest + 1):
        held = 0
        at = 0
        while at < len(items.by_cells):
            size = cells[items.by_cells[at]]
            end = at
            while end < len(items.by_cells) and cells[items.by_cells[end]] == size:
                end += 1
            most = 1
            while most <= n and smallest[most - 1] <= top - size:
                most += 1
            if slot_rows > 0 and kind > 0:
                most = min(most, room.slots // kind)
            held = _keep_best(items, keep, at, end, most, kind, slot_rows > 0, best, held)
            at = end


@inner
def _keep_best(items, keep, at, end, most, kind, by_kind, best, held):
    """Of the items of one size keep those that fewer than `most` beat; `best` has the gains seen so far."""
    for q in range(at, end):
        i = items.by_cells[q]
        if not keep[i] or (by_kind and items.slots[i] != kind):
            continue
        gain = items.gain[i]
        if held >= most and best[most - 1] >= gain:
            keep[i] = 0
        elif not items.twin[i] and not (by_kind and i + 1 < len(keep) and items.twin[i + 1]):
            place = min(held, len(best) - 1)
            while place > 0 and best[place - 1] < gain:
                best[place] = best[place - 1]
                place -= 1
            best[place] = gain
            held = min(held + 1, len(best))
    for q in range(at, end):  # again, now that all of the size are seen: those far from the best go
        i = items.by_cells[q]
        mine = keep[i] and not (by_kind and items.slots[i] != kind)
        if mine and held >= most and best[most - 1] > items.gain[i]:
            keep[i] = 0
    return held


@inner
def _fill(items, rows, value, by_slots, traced):
    """Run the programme case by case; `choice` names, per row and state, the option chosen (−1: none)."""
    choice = np.empty((len(rows) if traced else 1, value.shape[0], value.shape[1]), np.int8)
    reach = 0
    at = 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and items.case[rows[end]] == items.case[rows[at]]:
            end += 1
        options, widest = 0, 0
        for q in range(at, end):
            i = rows[q]
            if items.taken[i]:
                for k in range(value.shape[0]):
                    for s in range(max(0, items.late_after[i] + 1), value.shape[1]):
                        value[k, s] -= items.late[i]
            else:
                options += 1
                widest = max(widest, items.cells[i])
        reach = min(value.shape[1] - 1, reach + widest)
        row = at if traced else 0
        choice[row, :, : reach + 1] = -1
        source = value if options < 2 else value.copy()
        for q in range(at, end):
            i = rows[q]
            if not items.taken[i]:
                slots = items.slots[i] if by_slots else 0
                for k in range(value.shape[0] - 1, slots - 1, -1):
                    into, out = value[k], source[k - slots]
                    edge = min(reach, max(items.late_after[i], items.cells[i] - 1))
                    gain = items.gain[i]
                    _offer(
                        into,
                        out,
                        choice[row, k],
                        edge + 1,
                        reach,
                        items.cells[i],
                        gain - items.late[i],
                        q - at,
                    )
                    _offer(into, out, choice[row, k], items.cells[i], edge, items.cells[i], gain, q - at)
        at = end
    return choice


@inner
def _offer(into, out, choice, low, high, cells, worth, name):
    """Improve the states low … high by one item; from the top down, so that it is used once."""
    for s in range(high, low - 1, -1):
        offer = out[s - cells] + worth
        if offer > into[s]:
            into[s] = offer
            choice[s] = name


@inner
def _charge_bands(room, value):
    for s in range(value.shape[1]):
        load = room.scale * (room.base + s * room.unit)
        points = 0
        for b in range(len(room.rate)):
            points += room.rate[b] * max(0, load - room.threshold[b])
        for k in range(value.shape[0]):
            value[k, s] -= room.band_weight * (points // room.divisor)


@inner
def _trace(items, rows, value, choice, by_slots, chosen):
    """Mark the items of the best state and return its worth."""
    best, k, s = UNREACHED, 0, 0
    for row in range(value.shape[0]):
        for state in range(value.shape[1]):
            if value[row, state] > best:
                best, k, s = value[row, state], row, state
    chosen[:] = 0
    at = len(rows) - 1
    while at >= 0:
        while at > 0 and items.case[rows[at - 1]] == items.case[rows[at]]:
            at -= 1
        pick = choice[at, k, s]
        if pick >= 0:
            i = rows[at + pick]
            chosen[i] = 1
            k -= items.slots[i] if by_slots else 0
            s -= items.cells[i]
        at -= 1
    return best
