"""Every reviewer's best bundle at given prices: what a bound and a search both ask, all at once."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers below are typed.

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from solver.compiled import kernel
from solver.knapsack import Room, best_bundle, items_in
from solver.problem import Bools, Ints, Problem

MOST_SLOTS = 2**31 - 1
ITEMS_A_SHARE = 20_000


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
    def reviewer(self) -> Ints:
        """The reviewer of each item."""
        return np.repeat(np.arange(len(self.free_minutes)), np.diff(self.start))

    @cached_property
    def by_minutes(self) -> Ints:
        """Each reviewer's items, the shortest first, as rows from the reviewer's first."""
        order = np.lexsort((self.minutes, self.reviewer))
        return np.asarray(order - self.start[self.reviewer], dtype=np.int64)

    @cached_property
    def twin(self) -> Ints:
        """1 for an item that is not its reviewer's first of its case; only neighbours share a case."""
        again = np.zeros(len(self.arc), np.int64)
        again[1:] = (np.diff(self.case) == 0) & (np.diff(self.reviewer) == 0)
        return again

    @cached_property
    def unit(self) -> Ints:
        """The greatest common divisor of each reviewer's minutes, shape (n_reviewers,), ≥ 1."""
        unit = np.ones(len(self.free_minutes), np.int64)
        some = np.flatnonzero(np.diff(self.start))
        if len(some):
            unit[some] = np.maximum(1, np.gcd.reduceat(self.minutes, self.start[some]))
        return unit


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


class Stock(NamedTuple):
    """The items of all reviewers and what each has room for, as the compiled programme takes them."""

    start: Ints
    cells: Ints
    slots: Ints
    case: Ints
    twin: Ints
    late: Ints
    late_after: Ints
    taken: Ints
    by_cells: Ints
    free: Ints
    free_slots: Ints
    unit: Ints
    base: Ints
    threshold: Ints
    rate: Ints
    scale: int
    divisor: int
    band_weight: int


def stock_of(
    problem: Problem, items: Items, weights: tuple[int, int], most_states: int | None = None
) -> Stock:
    """What the programme needs of the items, whatever the prices.

    Parameters
    ----------
    weights : (late, bands): thousandths per point of level 2, and of the workload bands
    most_states : None to reckon exactly, in the greatest unit that divides all minutes; else how many states
        a reviewer may have at most, with minutes rounded to the nearest: close, but it proves nothing
    """
    unit = items.unit
    if most_states is not None:
        unit = unit * np.maximum(1, -(-items.free_minutes // (unit * most_states)))
    wide = unit[items.reviewer]
    bands = problem.bands
    return Stock(
        start=items.start,
        cells=(items.minutes + (wide // 2 if most_states is not None else 0)) // wide,
        slots=items.slots,
        case=items.case,
        twin=items.twin,
        late=items.late_points * weights[0],
        late_after=items.late_after // wide,
        taken=items.taken.astype(np.int64),
        by_cells=items.by_minutes,
        free=items.free_minutes,
        free_slots=np.minimum(items.free_slots, MOST_SLOTS),
        unit=unit,
        base=items.taken_minutes,
        threshold=_own(bands.threshold),
        rate=_own(bands.rate),
        scale=bands.scale,
        divisor=bands.divisor,
        band_weight=weights[1],
    )


def _own(values: Ints) -> Ints:
    """A writeable copy: numba compiles apart for arrays that are read-only."""
    return np.array(values, np.int64, order="C")


def price(
    stock: Stock, gain: Ints, reviewers: slice | None = None, traced: bool = True, workers: int = 1
) -> Pricing:
    """The best bundles of some reviewers (of all, without a slice), and what is in them if it is traced.

    Parameters
    ----------
    gain : ndarray of shape (n_items,), thousandths of a point for the item in time; not of taken ones
    workers : how many threads share the reviewers, where there are enough items to be worth it
    """
    part = reviewers or slice(0, len(stock.free))
    part = slice(part.start, min(part.stop, len(stock.free)))
    worth = np.zeros(len(stock.free), np.int64)
    chosen = np.zeros(len(stock.cells) if traced else 0, np.int64)
    shares = _shares(stock, part, workers)

    def run(share: tuple[int, int]) -> None:
        _price_all(stock, gain, share, worth, chosen)

    if len(shares) == 1:
        run(shares[0])
    else:
        with ThreadPoolExecutor(len(shares)) as pool:
            list(pool.map(run, shares))
    return Pricing(worth[part], chosen > 0)


def _shares(stock: Stock, part: slice, workers: int) -> list[tuple[int, int]]:
    """The reviewers in stretches of about as many items each."""
    first, last = int(stock.start[part.start]), int(stock.start[part.stop])
    count = max(1, min(workers, (last - first) // ITEMS_A_SHARE))
    if count == 1:
        return [(part.start, part.stop)]
    cuts = np.searchsorted(stock.start, np.linspace(first, last, count + 1)[1:-1]).tolist()
    edges = [part.start, *(min(max(cut, part.start), part.stop) for cut in cuts), part.stop]
    return list(itertools.pairwise(edges))


@kernel
def _price_all(stock, gain, reviewers, worth, chosen):
    for r in range(reviewers[0], reviewers[1]):
        part = slice(stock.start[r], stock.start[r + 1])
        items = items_in(stock, gain, part)
        room = Room(
            stock.free[r],
            stock.free_slots[r],
            stock.unit[r],
            stock.base[r],
            stock.threshold[r],
            stock.rate,
            stock.scale,
            stock.divisor,
            stock.band_weight,
        )
        keep = np.zeros(len(items.cells), np.int64)
        worth[r] = best_bundle(items, room, keep, chosen[part])
