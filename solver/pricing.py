"""Each reviewer's best bundle at given prices, by dynamic programming over minutes in forecast order.

The state is the minutes of new work so far, so what depends on them is priced exactly: capacity, lateness
(a place is late if the minutes up to and with it exceed its due minutes), workload bands, and slots.
The knapsack programme is Martello & Toth's (ISBN 0-471-92420-2), with one row of states per slot used.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers below are typed.

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit

from solver.problem import Bands, Bools, Ints, Problem

UNREACHED = -(2**60)


@dataclass(frozen=True, eq=False)
class Items:
    """The optional arcs of every reviewer in rank order, beside the work that is already theirs.

    `late_after` is the new minutes beyond which the item is late; taken work (`taken`) takes no new minutes
    but may be made late by new work before it. Shapes: (n_items,), with `start` of shape (n_reviewers + 1,).
    """

    start: Ints
    arc: Ints
    minutes: Ints
    slots: Ints
    case: Ints
    late_points: Ints
    late_after: Ints
    taken: Bools
    free_minutes: Ints
    free_slots: Ints
    taken_minutes: Ints

    @cached_property
    def slot_rows(self) -> Ints:
        """Rows of slot states each reviewer needs: 0 where minutes alone keep them within their slots."""
        rows = np.zeros(len(self.free_minutes), np.int64)
        for r in range(len(rows)):
            part = slice(self.start[r], self.start[r + 1])
            using = self.minutes[part][(self.slots[part] > 0) & ~self.taken[part]]
            fit = np.searchsorted(np.cumsum(np.sort(using)), self.free_minutes[r], side="right")
            rows[r] = self.free_slots[r] + 1 if fit > self.free_slots[r] else 0
        return rows


def items_of(problem: Problem, active: Bools, taken: Bools) -> Items:
    """The pricing items of a problem when `taken` arcs are fixed and `active` ones may be chosen.

    Parameters
    ----------
    active, taken : ndarrays of shape (n_arcs,), bool, disjoint
    """
    rows = np.flatnonzero(active | taken)
    reviewer = problem.arc_reviewer[rows]
    rows = rows[np.lexsort((rows, problem.rank[problem.arc_place[rows]], reviewer))]
    reviewer, place = problem.arc_reviewer[rows], problem.arc_place[rows]
    mine = taken[rows]
    before = _running(np.where(mine, problem.arc_minutes[rows], 0), reviewer)
    start = np.searchsorted(reviewer, np.arange(problem.n_reviewers + 1)).astype(np.int64)
    minutes, slots = (_sum_by(problem, taken, a) for a in (problem.arc_minutes, problem.arc_slots))
    due = problem.arc_due[rows]
    return Items(
        start=start,
        arc=rows,
        minutes=np.where(mine, 0, problem.arc_minutes[rows]),
        slots=np.where(mine, 0, problem.arc_slots[rows]),
        case=problem.case[place],
        late_points=problem.late_points[place],
        late_after=np.where(due < 0, -1, np.maximum(due - before, -1)),
        taken=mine,
        free_minutes=problem.capacity - minutes,
        free_slots=problem.slots - slots,
        taken_minutes=minutes,
    )


def _running(amount: Ints, reviewer: Ints) -> Ints:
    """Running sums within each reviewer's stretch, each item's own amount counted."""
    total = np.cumsum(amount)
    first = np.searchsorted(reviewer, reviewer)
    return np.asarray(total - total[first] + amount[first], dtype=np.int64) if len(amount) else total


def _sum_by(problem: Problem, chosen: Bools, amount: Ints) -> Ints:
    total = np.zeros(problem.n_reviewers, np.int64)
    np.add.at(total, problem.arc_reviewer[chosen], amount[chosen])
    return total


@dataclass(frozen=True, eq=False)
class Pricing:
    """What each reviewer's best bundle is worth, shape (n_reviewers,); the items in them, (n_items,)."""

    worth: Ints
    chosen: Bools


@dataclass(frozen=True, eq=False)
class Grain:
    """How fine the programme reckons: minutes a state stands for, and which way work is rounded to it.

    `minutes` has shape (n_reviewers,), ≥ 1. Rounded down, work only shrinks and the worth only rises: a bound
    stays valid. Rounded to the nearest, the worth is close but proves nothing; it is for searching.
    """

    minutes: Ints
    nearest: bool = False


def price(problem: Problem, items: Items, gain: Ints, weights: tuple[int, int], grain: Grain) -> Pricing:
    """Each reviewer's best bundle, and what is in it.

    Parameters
    ----------
    gain : ndarray of shape (n_items,), thousandths of a point for the item in time; not of taken ones
    weights : (late, bands): thousandths per point of level 2, and of the workload bands
    """
    everyone = slice(0, problem.n_reviewers)
    unit = np.repeat(grain.minutes, np.diff(items.start))
    cells = (items.minutes + (unit // 2 if grain.nearest else 0)) // unit
    worth, chosen = _price_all(
        *_arguments(problem, items, gain, weights, everyone), cells, grain.minutes, True
    )
    return Pricing(worth, chosen)


def price_exactly(
    problem: Problem, items: Items, gain: Ints, weights: tuple[int, int], reviewers: slice
) -> Ints:
    """What the best bundles of some reviewers are worth, to the minute; shape (n_reviewers in the slice,)."""
    given = _arguments(problem, items, gain, weights, reviewers)
    grain = np.ones(len(items.free_minutes[reviewers]), np.int64)
    worth: Ints = _price_all(*given, items.minutes, grain, False)[0]
    return worth


def _arguments(
    problem: Problem, items: Items, gain: Ints, weights: tuple[int, int], reviewers: slice
) -> tuple[Ints | Bools | int, ...]:
    """What the compiled programme takes, for some reviewers; items keep their rows."""
    return (
        items.start[reviewers.start : reviewers.stop + 1],
        items.slots,
        items.case,
        gain,
        items.late_points * weights[0],
        items.late_after,
        items.taken,
        items.free_minutes[reviewers],
        items.slot_rows[reviewers],
        items.taken_minutes[reviewers],
        problem.bands.threshold[reviewers],
        problem.bands.rate,
        problem.bands.scale,
        problem.bands.divisor,
        weights[1],
    )


def warm_up() -> None:
    """Compile the kernel, or load it compiled: seconds the first time on a machine, and not the search's."""
    none, one = np.zeros(0, np.int64), np.zeros(1, np.int64)
    start = np.zeros(2, np.int64)
    bands = Bands.none(1)  # read-only, as a problem's are: numba compiles for those apart
    items = (start, none, none, none, none, none, np.zeros(0, np.bool_))
    for traced in (True, False):
        _price_all(*items, one, one, one, bands.threshold, bands.rate, 1, 60, 0, none, one + 1, traced)


@njit(cache=True, nogil=True)
def _price_all(
    start,
    slots,
    case,
    gain,
    late,
    late_after,
    taken,
    free,
    slot_rows,
    base,
    threshold,
    rate,
    scale,
    divisor,
    band_weight,
    cells,
    grain,
    traced,
):
    worth = np.zeros(len(free), np.int64)
    chosen = np.zeros(len(cells) if traced else 0, np.bool_)
    for r in range(len(free)):
        part = slice(start[r], start[r + 1])
        unit = grain[r]
        useful = (gain[part] > 0) & ~taken[part]
        top = min(free[r] // unit, np.sum(cells[part][useful]))
        value = np.full((max(1, slot_rows[r]), top + 1), UNREACHED, np.int64)
        value[0, 0] = 0
        taking = slots[part] if slot_rows[r] > 0 else np.zeros(start[r + 1] - start[r], np.int64)
        choice = _fill(
            value,
            cells[part],
            taking,
            case[part],
            gain[part],
            late[part],
            late_after[part] // unit,
            taken[part],
            useful,
            traced,
        )
        for s in range(top + 1):
            load = scale * (base[r] + s * unit)
            points = 0
            for b in range(len(rate)):
                points += rate[b] * max(0, load - threshold[r, b])
            value[:, s] -= band_weight * (points // divisor)
        worth[r] = (
            _trace(value, choice, cells[part], taking, case[part], chosen[part]) if traced else value.max()
        )
    return worth, chosen


@njit(cache=True, nogil=True)
def _fill(value, cells, taking, case, gain, late, late_after, taken, useful, traced):
    """Run the programme case by case; `choice` names, per case and state, the item chosen (−1: none)."""
    choice = np.empty((len(cells) if traced else 1, value.shape[0], value.shape[1]), np.int8)
    reach = 0
    i = 0
    while i < len(cells):
        end = i + 1
        while end < len(cells) and case[end] == case[i]:
            end += 1
        options, widest = 0, 0
        for item in range(i, end):
            if taken[item]:
                value[:, late_after[item] + 1 :] -= late[item]
            if useful[item]:
                options += 1
                widest = max(widest, cells[item])
        reach = min(value.shape[1] - 1, reach + widest)
        row = i if traced else 0
        choice[row, :, : reach + 1] = -1
        source = value if options < 2 else value.copy()
        for item in range(i, end):
            if useful[item]:
                for k in range(value.shape[0] - 1, taking[item] - 1, -1):
                    into, out = value[k], source[k - taking[item]]
                    edge = min(reach, max(late_after[item], cells[item] - 1))
                    worth = gain[item] - late[item]
                    _offer(into, out, choice[row, k], edge + 1, reach, cells[item], worth, item - i)
                    _offer(into, out, choice[row, k], cells[item], edge, cells[item], gain[item], item - i)
        i = end
    return choice


@njit(cache=True, nogil=True)
def _offer(into, out, choice, low, high, cells, worth, name):
    """Improve the states low … high by one item; from the top down, so that it is used once."""
    for s in range(high, low - 1, -1):
        offer = out[s - cells] + worth
        if offer > into[s]:
            into[s] = offer
            choice[s] = name


@njit(cache=True, nogil=True)
def _trace(value, choice, cells, taking, case, chosen):
    """Mark the items of the best state and return its worth."""
    best, k, s = UNREACHED, 0, 0
    for row in range(value.shape[0]):
        for state in range(value.shape[1]):
            if value[row, state] > best:
                best, k, s = value[row, state], row, state
    i = len(cells) - 1
    while i >= 0:
        while i > 0 and case[i - 1] == case[i]:
            i -= 1
        pick = choice[i, k, s]
        if pick >= 0:
            chosen[i + pick] = True
            k -= taking[i + pick]
            s -= cells[i + pick]
        i -= 1
    return best
