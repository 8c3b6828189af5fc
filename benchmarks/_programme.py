"""One level of a problem as one programme of 0-1 variables: what a plain solver is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.problem import NO_LIMIT, Ints, Problem

FREE = -(2**62)
"""The lower bound of a row that has none."""


@dataclass(frozen=True, eq=False)
class Programme:
    """The least offset + Σ points x with low ≤ Σ value x ≤ high for each row; every x is 0 or 1.

    Parameters
    ----------
    points : ndarray of shape (n_columns,); the first columns are the problem's arcs
    low, high : ndarray of shape (n_rows,), `FREE` where there is no lower bound
    row, column, value : ndarray of shape (n_entries,), by rows
    """

    problem: Problem
    points: Ints
    offset: int
    low: Ints
    high: Ints
    row: Ints
    column: Ints
    value: Ints

    def assignment(self, chosen: Ints) -> Ints:
        """Return the assignment that uses these columns, shape (n_places,)."""
        arcs = chosen[chosen < self.problem.n_arcs]
        assignment = np.full(self.problem.n_places, -1, np.int64)
        assignment[self.problem.arc_place[arcs]] = self.problem.arc_reviewer[arcs]
        return assignment


def programme(problem: Problem, level: int) -> Programme:
    """Return level 1 (0), or level 3 (2) of a problem without bands and with nothing at the levels above."""
    rows = _Rows(problem.n_arcs)
    for add in (_places, _needs, _distinct, _linked, _capacity_and_slots, _groups):
        add(problem, rows)
    worth, offset = problem.arc_points, 0
    if level == 0:
        worth, offset = -problem.penalty[problem.arc_place], int(problem.penalty.sum())
    points = np.concatenate([worth, np.zeros(rows.n_columns - problem.n_arcs, np.int64)])
    row, column, value = (np.concatenate(part) for part in zip(*rows.entries, strict=True))
    order = np.lexsort((column, row))
    low, high = (np.concatenate(part) for part in zip(*rows.bounds, strict=True))
    return Programme(problem, points, offset, low, high, row[order], column[order], value[order])


class _Rows:
    """The rows of a programme as they come."""

    def __init__(self, n_arcs: int) -> None:
        self.n_columns, self.n_rows = n_arcs, 0
        self.bounds: list[tuple[Ints, Ints]] = []
        self.entries: list[tuple[Ints, Ints, Ints]] = []

    def new(self, high: Ints, low: Ints | None = None) -> Ints:
        """Return the numbers of new rows with these bounds."""
        self.bounds.append((np.full(len(high), FREE, np.int64) if low is None else low, high))
        self.n_rows += len(high)
        return np.arange(self.n_rows - len(high), self.n_rows)

    def enter(self, rows: Ints, columns: Ints, values: Ints | int) -> None:
        """Put values into rows."""
        self.entries.append((rows, columns, np.broadcast_to(values, rows.shape)))


def _places(p: Problem, rows: _Rows) -> None:
    """One reviewer a place, and no required place empty."""
    mine = rows.new(np.ones(p.n_places, np.int64), np.where(p.required, 1, FREE))
    rows.enter(mine[p.arc_place], np.arange(p.n_arcs), 1)


def _needs(p: Problem, rows: _Rows) -> None:
    """A place is filled only if the one it needs is."""
    dependent = p.needs >= 0
    row_of = np.full(p.n_places, -1)
    row_of[dependent] = rows.new(np.zeros(int(dependent.sum()), np.int64))
    arcs = np.flatnonzero(dependent[p.arc_place])
    rows.enter(row_of[p.arc_place[arcs]], arcs, 1)
    for place in np.flatnonzero(dependent).tolist():
        needed = np.arange(*p.arc_start[p.needs[place] : p.needs[place] + 2])
        rows.enter(np.full(len(needed), row_of[place]), needed, -1)


def _distinct(p: Problem, rows: _Rows) -> None:
    """Nobody takes two places of a case."""
    key = p.case[p.arc_place] * p.n_reviewers + p.arc_reviewer
    _, pair, count = np.unique(key, return_inverse=True, return_counts=True)
    row_of = np.full(len(count), -1)
    row_of[count > 1] = rows.new(np.ones(int((count > 1).sum()), np.int64))
    twice = np.flatnonzero(row_of[pair] >= 0)
    rows.enter(row_of[pair[twice]], twice, 1)


def _linked(p: Problem, rows: _Rows) -> None:
    """Each link has one taker, a column for each who could be; a linked arc needs its reviewer to be it."""
    arcs = np.flatnonzero(p.link[p.arc_place] >= 0)
    keys = p.link[p.arc_place[arcs]] * p.n_reviewers + p.arc_reviewer[arcs]
    pairs, taker = np.unique(keys, return_inverse=True)
    columns = rows.n_columns + np.arange(len(pairs))
    rows.n_columns += len(pairs)
    mine = rows.new(np.zeros(len(arcs), np.int64))
    rows.enter(mine, arcs, 1)
    rows.enter(mine, columns[taker], -1)
    links, link = np.unique(pairs // max(1, p.n_reviewers), return_inverse=True)
    rows.enter(rows.new(np.ones(len(links), np.int64))[link], columns, 1)


def _capacity_and_slots(p: Problem, rows: _Rows) -> None:
    for limit, amount in ((p.capacity, p.arc_minutes), (p.slots, p.arc_slots)):
        limited = limit < NO_LIMIT
        row_of = np.full(p.n_reviewers, -1)
        row_of[limited] = rows.new(limit[limited])
        arcs = np.flatnonzero(limited[p.arc_reviewer] & (amount > 0))
        rows.enter(row_of[p.arc_reviewer[arcs]], arcs, amount[arcs])


def _groups(p: Problem, rows: _Rows) -> None:
    rows.enter(rows.new(p.groups.limit)[p.groups.of_member], p.groups.arc, p.groups.amount)
