"""Allocation problems told seat by seat, so that tests can draw them by hand and change them easily."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

import numpy as np

from solver.problem import NO_LIMIT, Bands, Groups, Ints, Problem

ALWAYS_IN_TIME = 10**6
UNLIMITED = int(NO_LIMIT)


@dataclass(frozen=True)
class Arc:
    """One reviewer's way to take one seat; `due` is in the reviewer's minutes, −1 late in any case."""

    minutes: int = 1
    points: int = 0
    slots: int = 1
    due: int = ALWAYS_IN_TIME


@dataclass(frozen=True)
class Seat:
    """One place: its case, who may take it, and what binds it; `rank` is the case's number when not given."""

    case: int
    arcs: dict[int, Arc] = field(default_factory=dict)
    penalty: int = 0
    late_points: int = 0
    rank: int | None = None
    required: bool = False
    movable: bool = False
    needs: int = -1
    link: int = -1


@dataclass(frozen=True)
class Limit:
    """At most so much over some arcs, each named by its place and reviewer."""

    most: int
    amounts: dict[tuple[int, int], int]


@dataclass(frozen=True)
class Sketch:
    """A whole problem; `thresholds` has one row a reviewer, `rates` one number a band."""

    seats: tuple[Seat, ...]
    capacity: tuple[int, ...]
    slots: tuple[int, ...]
    thresholds: tuple[tuple[int, ...], ...]
    rates: tuple[int, ...] = ()
    scale: int = 1
    divisor: int = 60
    limits: tuple[Limit, ...] = ()

    @property
    def n_reviewers(self) -> int:
        """How many reviewers there are."""
        return len(self.capacity)

    def problem(self) -> Problem:
        """The same problem as the solver wants it."""
        arcs = self._arcs()
        counts = [len(seat.arcs) for seat in self.seats]
        return Problem(
            case=ints(seat.case for seat in self.seats),
            rank=ints(seat.case if seat.rank is None else seat.rank for seat in self.seats),
            penalty=ints(seat.penalty for seat in self.seats),
            late_points=ints(seat.late_points for seat in self.seats),
            required=np.array([seat.required for seat in self.seats], dtype=np.bool_),
            movable=np.array([seat.movable for seat in self.seats], dtype=np.bool_),
            needs=ints(seat.needs for seat in self.seats),
            link=ints(seat.link for seat in self.seats),
            arc_start=ints(accumulate(counts, initial=0)),
            arc_reviewer=ints(reviewer for _, reviewer, _ in arcs),
            arc_minutes=ints(arc.minutes for *_, arc in arcs),
            arc_points=ints(arc.points for *_, arc in arcs),
            arc_slots=ints(arc.slots for *_, arc in arcs),
            arc_due=ints(arc.due for *_, arc in arcs),
            capacity=ints(self.capacity),
            slots=ints(self.slots),
            bands=self._bands(),
            groups=self._groups(),
        )

    def shuffled(self, places: Sequence[int], reviewers: Sequence[int]) -> Sketch:
        """The same problem with place `places[i]` at row i, and reviewer `reviewers[j]` at row j."""
        place_row = {old: new for new, old in enumerate(places)}
        row = {old: new for new, old in enumerate(reviewers)}
        seats = [
            replace(
                self.seats[old],
                rank=self.seats[old].case if self.seats[old].rank is None else self.seats[old].rank,
                needs=place_row.get(self.seats[old].needs, -1),
                arcs={row[reviewer]: arc for reviewer, arc in self.seats[old].arcs.items()},
            )
            for old in places
        ]
        limits = [
            Limit(limit.most, {(place_row[p], row[r]): amount for (p, r), amount in limit.amounts.items()})
            for limit in self.limits
        ]
        return replace(
            self,
            seats=tuple(seats),
            limits=tuple(limits),
            capacity=tuple(self.capacity[old] for old in reviewers),
            slots=tuple(self.slots[old] for old in reviewers),
            thresholds=tuple(self.thresholds[old] for old in reviewers),
        )

    def with_reviewer(self, arcs: dict[int, Arc], capacity: int) -> Sketch:
        """The same problem with one more reviewer, who may take the places named."""
        new = self.n_reviewers
        seats = [
            replace(seat, arcs=seat.arcs | ({new: arcs[place]} if place in arcs else {}))
            for place, seat in enumerate(self.seats)
        ]
        return replace(
            self,
            seats=tuple(seats),
            capacity=(*self.capacity, capacity),
            slots=(*self.slots, UNLIMITED),
            thresholds=(*self.thresholds, tuple(0 for _ in self.rates)),
        )

    def without_holders(self) -> Sketch:
        """The same problem where nobody may newly take a seat beside their own: what encoding makes of it."""
        held = {
            (seat.case, who) for seat in self.seats if seat.required and not seat.movable for who in seat.arcs
        }
        seats = [
            seat
            if seat.required and not seat.movable
            else replace(seat, arcs={r: arc for r, arc in seat.arcs.items() if (seat.case, r) not in held})
            for seat in self.seats
        ]
        limits = [
            Limit(limit.most, {(p, r): n for (p, r), n in limit.amounts.items() if r in seats[p].arcs})
            for limit in self.limits
        ]
        return replace(self, seats=tuple(seats), limits=tuple(limits))

    def with_minutes(self, reviewer: int, minutes: int) -> Sketch:
        """The same problem with more minutes for one reviewer."""
        capacity = list(self.capacity)
        capacity[reviewer] += minutes
        return replace(self, capacity=tuple(capacity))

    def _arcs(self) -> list[tuple[int, int, Arc]]:
        """Every arc with its place and reviewer, in the problem's order."""
        return [
            (place, reviewer, arc)
            for place, seat in enumerate(self.seats)
            for reviewer, arc in sorted(seat.arcs.items())
        ]

    def _bands(self) -> Bands:
        threshold = np.array(self.thresholds, np.int64).reshape(self.n_reviewers, len(self.rates))
        return Bands(threshold, ints(self.rates), self.scale, self.divisor)

    def _groups(self) -> Groups:
        row = {(place, reviewer): arc for arc, (place, reviewer, _) in enumerate(self._arcs())}
        return Groups.of(
            [
                (limit.most, ints(row[pair] for pair in limit.amounts), ints(limit.amounts.values()))
                for limit in self.limits
            ]
        )


def sketch(seats: Sequence[Seat], capacity: Sequence[int], **others: object) -> Sketch:
    """A sketch of no slots, bands or limits, but for those given."""
    n = len(capacity)
    plain: dict[str, object] = {"slots": (UNLIMITED,) * n, "thresholds": ((),) * n}
    return Sketch(tuple(seats), tuple(capacity), **(plain | others))  # type: ignore[arg-type]


def ints(numbers: Iterable[int]) -> Ints:
    """An array of whole numbers."""
    return np.array([*numbers], np.int64)
