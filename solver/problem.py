"""The allocation problem as whole numbers: places to fill, arcs that may fill them, limits that hold.

A *place* is one seat in one case: its lead or its second. An *arc* says that one reviewer may take one place,
for so many minutes and points. Everything is an integer, scaled once by whoever builds the problem.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from dataclasses import replace as dataclass_replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from solver.wellformed import first_fault

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Scalar = TypeVar("Scalar", bound=np.generic)

LEVELS = ("unallocated", "late", "cost")
NO_LIMIT = np.int64(2**31 - 1)
LATE_WHOEVER = np.int64(-1)
ARCS_AT_ONCE = 2_000_000
"""What is looked at in one go, so that little more than the result takes room."""


class ProblemError(ValueError):
    """The arrays do not make an allocation problem; the message says which and why."""


@dataclass(frozen=True, eq=False)
class Bands:
    """Points for a reviewer's minutes: floor(Σ rate × max(0, scale × minutes − threshold) / divisor).

    Parameters
    ----------
    threshold : ndarray of shape (n_reviewers, n_bands), scaled minutes ≥ 0
    rate : ndarray of shape (n_bands,), scaled increase of the rate at each threshold, ≥ 0
    scale, divisor : int, > 0
    """

    threshold: Ints
    rate: Ints
    scale: int = 1
    divisor: int = 60

    def __post_init__(self) -> None:
        _freeze(self)

    def points(self, reviewers: Ints, minutes: Ints) -> Ints:
        """Points of each reviewer at that many minutes in all; shapes as the arguments broadcast."""
        over = np.maximum(0, self.scale * minutes[..., None] - self.threshold[reviewers])
        return np.asarray((over * self.rate).sum(axis=-1) // self.divisor, dtype=np.int64)

    @staticmethod
    def none(n_reviewers: int) -> Bands:
        """Bands that cost nothing at any load."""
        return Bands(np.zeros((n_reviewers, 0), np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True, eq=False)
class Groups:
    """Limits over sets of arcs: for each group g, Σ amount of its chosen arcs ≤ limit[g].

    Parameters
    ----------
    limit : ndarray of shape (n_groups,), ≥ 0
    start : ndarray of shape (n_groups + 1,), where each group's arcs begin in `arc` and `amount`
    arc : ndarray of shape (n_members,), arc rows of the problem
    amount : ndarray of shape (n_members,), ≥ 0
    """

    limit: Ints
    start: Ints
    arc: Ints
    amount: Ints

    def __post_init__(self) -> None:
        _freeze(self)

    @staticmethod
    def none() -> Groups:
        """No limits at all."""
        zero = np.zeros(0, np.int64)
        return Groups(zero, np.zeros(1, np.int64), zero, zero)

    @staticmethod
    def of(members: list[tuple[int, Ints, Ints]]) -> Groups:
        """Groups from (limit, arcs, amounts) triples, in that order."""
        if not members:
            return Groups.none()
        limits, arcs, amounts = zip(*members, strict=True)
        start = np.concatenate([[0], np.cumsum([len(a) for a in arcs])])
        joined = [read_only(np.concatenate(part, dtype=np.int64)) for part in (arcs, amounts)]
        return Groups(np.array(limits, np.int64), start.astype(np.int64), *joined)

    @cached_property
    def of_member(self) -> Ints:
        """The group of each member, shape (n_members,)."""
        return np.repeat(np.arange(len(self.limit)), np.diff(self.start))

    def kept_arcs(self, keep: Bools) -> Groups:
        """The same groups after only the arcs in the mask remain, renumbered in order."""
        chosen = keep[self.arc]
        arc = (np.cumsum(keep) - 1)[self.arc[chosen]]
        return Groups(self.limit, _starts(chosen, self.start), read_only(arc), read_only(self.amount[chosen]))


@dataclass(frozen=True, eq=False)
class Problem:
    """One allocation problem, immutable and checked once.

    Parameters
    ----------
    case : ndarray of shape (n_places,): places of one case need different reviewers
    rank : ndarray of shape (n_places,): the order of a reviewer's work; equal only within a case
    penalty : ndarray of shape (n_places,), level-1 points if the place stays empty, ≥ 0
    late_points : ndarray of shape (n_places,), level-2 points if the place's work is late, ≥ 0
    required : ndarray of shape (n_places,), bool: held work, which must stay filled
    movable : ndarray of shape (n_places,), bool: held work that may change hands; other held work has one arc
    needs : ndarray of shape (n_places,): the place that must be filled for this one to be, −1 for none
    link : ndarray of shape (n_places,): filled places of one link have one reviewer, −1 for none
    arc_start : ndarray of shape (n_places + 1,): where each place's arcs begin
    arc_reviewer : ndarray of shape (n_arcs,), ascending within a place
    arc_minutes : ndarray of shape (n_arcs,), ≥ 0
    arc_points : ndarray of shape (n_arcs,), level-3 points
    arc_slots : ndarray of shape (n_arcs,), how many of the reviewer's slots it takes (a new lead: 1), ≥ 0
    arc_due : ndarray of shape (n_arcs,): the place is late if the reviewer's minutes up to and with it,
        in rank order, exceed this; −1: late in any case
    capacity : ndarray of shape (n_reviewers,), minutes ≥ 0
    slots : ndarray of shape (n_reviewers,), ≥ 0, `NO_LIMIT` for none
    bands, groups : see there

    Raises
    ------
    ProblemError
        If shapes, ranges or orders are not as above.
    """

    case: Ints
    rank: Ints
    penalty: Ints
    late_points: Ints
    required: Bools
    movable: Bools
    needs: Ints
    link: Ints
    arc_start: Ints
    arc_reviewer: Ints
    arc_minutes: Ints
    arc_points: Ints
    arc_slots: Ints
    arc_due: Ints
    capacity: Ints
    slots: Ints
    bands: Bands
    groups: Groups

    def __post_init__(self) -> None:
        _freeze(self)
        fault = first_fault(self)
        if fault is not None:
            raise ProblemError(fault)

    def replace(self, **changes: object) -> Problem:
        """A checked copy with some arrays changed."""
        return dataclass_replace(self, **changes)  # type: ignore[arg-type]

    @property
    def n_places(self) -> int:
        """Return how many places there are."""
        return len(self.case)

    @property
    def n_arcs(self) -> int:
        """Return how many arcs there are."""
        return len(self.arc_reviewer)

    @property
    def n_reviewers(self) -> int:
        """Return how many reviewers there are."""
        return len(self.capacity)

    @cached_property
    def arc_place(self) -> Ints:
        """The place of each arc, shape (n_arcs,)."""
        return np.repeat(np.arange(self.n_places), np.diff(self.arc_start))

    def arcs_of(self, assignment: Ints) -> Ints:
        """The arc each place uses, −1 where it is empty or no arc allows its reviewer; shape (n_places,)."""
        used = np.full(self.n_places, -1, np.int64)
        place = np.flatnonzero(assignment >= 0)
        reviewer, end = assignment[place], self.arc_start[place + 1]
        arc = _first_at_least(self.arc_reviewer, reviewer, self.arc_start[place], end)
        there = np.flatnonzero(arc < end)
        there = there[self.arc_reviewer[arc[there]] == reviewer[there]]
        used[place[there]] = arc[there]
        return used

    @cached_property
    def forced(self) -> Bools:
        """Arcs in every plan: those of held work that may not move; shape (n_arcs,)."""
        return np.repeat(self.required & ~self.movable, np.diff(self.arc_start))

    @cached_property
    def forced_minutes(self) -> Ints:
        """Minutes each reviewer has in every plan, shape (n_reviewers,)."""
        minutes = np.zeros(self.n_reviewers, np.int64)
        held = np.flatnonzero(self.forced)
        np.add.at(minutes, self.arc_reviewer[held], self.arc_minutes[held])
        return minutes

    @cached_property
    def late_alone(self) -> Bools:
        """Arcs that are late with no work but theirs and that of every plan; shape (n_arcs,)."""
        order, late = np.empty(self.n_places, np.int64), np.empty(self.n_arcs, np.bool_)
        order[np.argsort(self.rank, kind="stable")] = np.arange(self.n_places)
        held = np.flatnonzero(self.forced)
        keys = self.arc_reviewer[held] * self.n_places + order[self.required & ~self.movable]
        by_key = np.argsort(keys)
        keys, total = keys[by_key], np.zeros(len(keys) + 1, np.int64)
        np.cumsum(self.arc_minutes[held[by_key]], out=total[1:])
        first = total[np.searchsorted(keys, np.arange(self.n_reviewers) * self.n_places)]
        turn = np.repeat(order.astype(np.int32), np.diff(self.arc_start))
        for begin in range(0, self.n_arcs, ARCS_AT_ONCE):
            part = slice(begin, begin + ARCS_AT_ONCE)
            reviewer = self.arc_reviewer[part]
            before = total[np.searchsorted(keys, reviewer * self.n_places + turn[part])] - first[reviewer]
            late[part] = before + self.arc_minutes[part] > self.arc_due[part]
        return read_only(late)

    def keep_arcs(self, keep: Bools) -> Problem:
        """The same problem with only the arcs in the mask."""
        arcs = {
            f.name: read_only(getattr(self, f.name)[keep])
            for f in fields(self)
            if f.name.startswith("arc_") and f.name != "arc_start"
        }
        start, groups = _starts(keep, self.arc_start), self.groups.kept_arcs(keep)
        return self.replace(arc_start=start, groups=groups, **arcs)


def read_only(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """The same array, which its maker gives away: what is read-only a problem takes without a copy."""
    array.setflags(write=False)
    return array


def _starts(keep: Bools, start: Ints) -> Ints:
    """Where each part begins once only the entries in the mask remain."""
    before = np.zeros(len(keep) + 1, np.int64)
    np.cumsum(keep, out=before[1:])
    return before[start]


def _first_at_least(values: Ints, wanted: Ints, first: Ints, end: Ints) -> Ints:
    """Where each wanted value stands, or would, in its own ascending stretch of `values`, first … end."""
    low, high = first.copy(), end.copy()
    while len(open_ := np.flatnonzero(low < high)):
        middle = (low[open_] + high[open_]) // 2
        below = values[middle] < wanted[open_]
        low[open_[below]] = middle[below] + 1
        high[open_[~below]] = middle[~below]
    return low


def _freeze(frozen: Problem | Bands | Groups) -> None:
    """Make its arrays read-only; those that the caller could still write to are copied."""
    for field in fields(frozen):
        value = getattr(frozen, field.name)
        if isinstance(value, np.ndarray) and value.flags.writeable:
            own = value.copy()
            own.setflags(write=False)
            object.__setattr__(frozen, field.name, own)
