"""The allocation problem as whole numbers: places to fill, arcs that may fill them, limits that hold.

A *place* is one seat in one case: its lead or its second. An *arc* says that one reviewer may take one place,
for so many minutes and points. Everything is an integer, scaled once by whoever builds the problem.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from dataclasses import replace as dataclass_replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEVELS = ("unallocated", "late", "cost")
NO_LIMIT = np.int64(2**31 - 1)
LATE_WHOEVER = np.int64(-1)


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
        joined = [np.concatenate(part).astype(np.int64) for part in (arcs, amounts)]
        return Groups(np.array(limits, np.int64), start.astype(np.int64), *joined)

    @cached_property
    def of_member(self) -> Ints:
        """The group of each member, shape (n_members,)."""
        return np.repeat(np.arange(len(self.limit)), np.diff(self.start))

    def kept_arcs(self, keep: Bools) -> Groups:
        """The same groups after only the arcs in the mask remain, renumbered in order."""
        row = np.cumsum(keep) - 1
        chosen = keep[self.arc]
        counts = np.bincount(self.of_member[chosen], minlength=len(self.limit))
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Groups(self.limit, start, row[self.arc[chosen]].astype(np.int64), self.amount[chosen])


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
        _check_problem(self)

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

    @cached_property
    def _arc_key(self) -> Ints:
        return self.arc_place * self.n_reviewers + self.arc_reviewer

    def arcs_of(self, assignment: Ints) -> Ints:
        """The arc each place uses, −1 where it is empty or no arc allows its reviewer; shape (n_places,)."""
        if not self.n_arcs:
            return np.full(self.n_places, -1, np.int64)
        key = np.arange(self.n_places) * self.n_reviewers + assignment
        at = np.minimum(np.searchsorted(self._arc_key, key), self.n_arcs - 1)
        found = (self._arc_key[at] == key) & (assignment >= 0) & (assignment < self.n_reviewers)
        return np.asarray(np.where(found, at, -1), dtype=np.int64)

    @cached_property
    def forced(self) -> Bools:
        """Arcs in every plan: those of held work that may not move; shape (n_arcs,)."""
        return np.asarray((self.required & ~self.movable)[self.arc_place], dtype=np.bool_)

    @cached_property
    def forced_minutes(self) -> Ints:
        """Minutes each reviewer has in every plan, shape (n_reviewers,)."""
        minutes = np.zeros(self.n_reviewers, np.int64)
        np.add.at(minutes, self.arc_reviewer[self.forced], self.arc_minutes[self.forced])
        return minutes

    def keep_arcs(self, keep: Bools) -> Problem:
        """The same problem with only the arcs in the mask."""
        counts = np.bincount(self.arc_place[keep], minlength=self.n_places)
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        arcs = {
            f.name: getattr(self, f.name)[keep]
            for f in fields(self)
            if f.name.startswith("arc_") and f.name != "arc_start"
        }
        return self.replace(arc_start=start, groups=self.groups.kept_arcs(keep), **arcs)


def _freeze(frozen: Problem | Bands | Groups) -> None:
    """Make its arrays read-only; those that the caller could still write to are copied."""
    for field in fields(frozen):
        value = getattr(frozen, field.name)
        if isinstance(value, np.ndarray) and value.flags.writeable:
            own = value.copy()
            own.setflags(write=False)
            object.__setattr__(frozen, field.name, own)


def _check_problem(p: Problem) -> None:
    """Raise ProblemError with the first thing that is wrong."""
    _check_shapes(p)
    _raise_first(
        (p.arc_start[0] == 0 and p.arc_start[-1] == p.n_arcs, "arc_start must run from 0 to n_arcs"),
        (bool(np.all(np.diff(p.arc_start) >= 0)), "arc_start must not fall"),
    )
    _check_ranges(p)


def _check_ranges(p: Problem) -> None:
    n, r = p.n_places, p.n_reviewers
    _raise_first(
        (_all_within(p.arc_reviewer, 0, r - 1), f"arc_reviewer must be 0 … {r - 1}"),
        (bool(np.all(np.diff(p._arc_key) > 0)), "arcs must ascend by reviewer within each place"),
        (_all_within(p.needs, -1, n - 1), f"needs must be −1 … {n - 1}"),
        (_all_within(p.arc_due, -1, None), "arc_due must be ≥ −1"),
        (_all_within(p.groups.arc, 0, p.n_arcs - 1), "groups.arc must be arc rows"),
        (p.bands.scale > 0 and p.bands.divisor > 0, "bands.scale and bands.divisor must be > 0"),
        (bool(np.all(np.diff(p.arc_start)[p.required] > 0)), "a required place needs an arc"),
        (
            bool(np.all(np.diff(p.arc_start)[p.required & ~p.movable] == 1)),
            "a required place that may not move has one arc",
        ),
    )
    natural = ("penalty", "late_points", "arc_minutes", "arc_points", "arc_slots", "capacity", "slots")
    _raise_first(*((_all_within(getattr(p, name), 0, None), f"{name} must be ≥ 0") for name in natural))
    _raise_first(
        (_all_within(p.groups.limit, 0, None), "groups.limit must be ≥ 0"),
        (_all_within(p.groups.amount, 0, None), "groups.amount must be ≥ 0"),
        (_all_within(p.bands.rate, 0, None), "bands.rate must be ≥ 0"),
        (_all_within(p.bands.threshold.ravel(), 0, None), "bands.threshold must be ≥ 0"),
        (bool(np.all(p.forced_minutes <= p.capacity)), "held minutes must be within capacity"),
    )


def _raise_first(*checks: tuple[bool, str]) -> None:
    for sound, message in checks:
        if not sound:
            raise ProblemError(message)


def _check_shapes(p: Problem) -> None:
    by_place = ("case", "rank", "penalty", "late_points", "required", "movable", "needs", "link")
    by_arc = ("arc_reviewer", "arc_minutes", "arc_points", "arc_slots", "arc_due")
    expected = dict.fromkeys(by_place, p.n_places) | dict.fromkeys(by_arc, p.n_arcs)
    expected |= {"arc_start": p.n_places + 1, "slots": p.n_reviewers}
    for name, size in expected.items():
        if getattr(p, name).shape != (size,):
            raise ProblemError(f"{name} has shape {getattr(p, name).shape}; it must be ({size},)")
    if p.bands.threshold.shape != (p.n_reviewers, len(p.bands.rate)):
        raise ProblemError("bands.threshold must have shape (n_reviewers, n_bands)")


def _all_within(values: Ints, low: int, high: int | None) -> bool:
    if not len(values):
        return True
    return bool(values.min() >= low and (high is None or values.max() <= high))
