"""When each filled place's work begins and ends: each reviewer works in rank order, every day in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.exact import Ints
from allocator.facts import Facts, row_array
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
    new: NDArray[np.bool_]

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
    clocks, minutes = facts.clocks, facts.capacities
    order = np.lexsort((clocks.rank[filled.case], filled.reviewer))
    start, end = np.zeros(len(order), np.int64), np.zeros(len(order), np.int64)
    edges = np.searchsorted(filled.reviewer[order], np.arange(facts.n_reviewers + 1))
    for reviewer, (first, last) in enumerate(pairwise(edges.tolist())):
        if first < last:
            theirs = order[first:last]
            done = np.cumsum(filled.minutes[theirs])
            start[theirs] = minutes.begun_on(reviewer, done - filled.minutes[theirs])
            end[theirs] = minutes.done_on(reviewer, done)
    never = (end == 0) | (np.maximum(end, clocks.evidence_ready[filled.case]) > minutes.last_day)
    finish = np.maximum(end, clocks.evidence_ready[filled.case]) + _sign_off(facts)[filled.case]
    waits = clocks.on_hold[filled.case]
    return Forecast(np.where(waits, 0, start), np.where(waits | never, 0, finish))


def _sign_off(facts: Facts) -> Ints:
    kinds = facts.policy.review_types
    return row_array([kinds[c.review_type].sign_off_days for c in facts.cases])
