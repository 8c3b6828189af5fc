"""When each filled place's work begins and ends: each reviewer works in rank order, every day in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from allocator.exact import Ints
from allocator.facts import Bools, Facts
from allocator.held import Role


class One(NamedTuple):
    """One filled place: its position among them, case row, role, reviewer row, minutes, whether it is new."""

    at: int
    row: int
    role: Role
    reviewer: int
    minutes: int
    new: bool


@dataclass(frozen=True, eq=False)
class Filled:
    """The filled places of a plan, in the order of places.

    Parameters
    ----------
    place, case, role, reviewer, minutes : ndarray of shape (n_filled,)
    new : ndarray of shape (n_filled,), bool: not kept, but new or moved
    """

    place: Ints
    case: Ints
    role: Ints
    reviewer: Ints
    minutes: Ints
    new: Bools

    def each(self) -> Iterator[One]:
        """The filled places one by one."""
        roles = tuple(Role)
        columns = (self.case, self.role, self.reviewer, self.minutes, self.new)
        for at, (row, role, *rest) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
            yield One(at, row, roles[role], *rest)


@dataclass(frozen=True, eq=False)
class Forecast:
    """Ordinals of the first day of work and of the sign-off, 0 for never; each of shape (n_filled,)."""

    start: Ints
    finish: Ints


def forecast(facts: Facts, filled: Filled) -> Forecast:
    """Each filled place's first and last day; neither for cases on hold."""
    order = np.lexsort((facts.clocks.rank[filled.case], filled.reviewer))
    start, finish = np.zeros(len(order), np.int64), np.zeros(len(order), np.int64)
    edges = np.searchsorted(filled.reviewer[order], np.arange(facts.n_reviewers + 1))
    for reviewer, (first, last) in enumerate(pairwise(edges.tolist())):
        if first < last:
            theirs = order[first:last]
            one = worked(facts, reviewer, filled.case[theirs], filled.minutes[theirs])
            start[theirs], finish[theirs] = one.start, one.finish
    return Forecast(start, finish)


def worked(facts: Facts, reviewer: int, cases: Ints, minutes: Ints) -> Forecast:
    """When one reviewer's work begins and ends, done in this order.

    Parameters
    ----------
    cases, minutes : ndarray of shape (n,): case rows by rank, and how long each takes
    """
    clocks, capacities, done = facts.clocks, facts.capacities, np.cumsum(minutes)
    start, end = capacities.begun_on(reviewer, done - minutes), capacities.done_on(reviewer, done)
    ready = np.maximum(end, clocks.evidence_ready[cases])
    finish = ready + clocks.complete_by[cases] - clocks.work_due[cases]
    waits = clocks.on_hold[cases]
    return Forecast(
        np.where(waits, 0, start), np.where(waits | (end == 0) | (ready > capacities.last_day), 0, finish)
    )


def is_late(facts: Facts, cases: Ints, finish: Ints) -> Bools:
    """Whether work that ends on these days (0: never) is late; never while on hold."""
    clocks = facts.clocks
    late = (finish == 0) | (finish > clocks.complete_by[cases])
    return np.asarray(~clocks.on_hold[cases] & late)
