"""Who could take which empty place, if nothing else new were planned."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.audit.exact import Bools, Indices, Ints
from allocator.audit.facts import LEAD, SECOND, Facts
from allocator.audit.person import passes
from allocator.audit.room import ANYONE, Room
from allocator.audit.standing import NOBODY, Standing
from allocator.audit.tables import EVERYONE, Tables

BLOCK_CELLS = 500_000
"""Pairs looked at in one go: what keeps memory small at any size."""


@dataclass(frozen=True)
class Arcs:
    """Pairs of an empty place and a reviewer who may take it.

    Parameters
    ----------
    case, role, reviewer, minutes : ndarray of shape (n_arcs,), dtype=np.int32 (role: np.int8)
        The place, who may take it, and the minutes it would take them.
    alone : ndarray of shape (n_arcs,), dtype=np.bool_
        Whether the limits on leads, contracts, administration and linked sets allow it too.
    """

    case: Indices
    role: NDArray[np.int8]
    reviewer: Indices
    minutes: Indices
    alone: Bools

    def where(self, chosen: Bools | Ints) -> "Arcs":
        """Return the chosen arcs."""
        case, reviewer, minutes = (part[chosen] for part in (self.case, self.reviewer, self.minutes))
        return Arcs(case, self.role[chosen], reviewer, minutes, self.alone[chosen])


def open_places(facts: Facts, standing: Standing) -> Bools:
    """Return, by role and case, the places that nobody keeps."""
    exists = np.stack([np.ones_like(facts.has_second), facts.has_second])
    empty: Bools = exists & (standing.holder == NOBODY)
    return empty


def find_arcs(facts: Facts, tables: Tables, standing: Standing, room: Room) -> Arcs:
    """Return the arcs of all empty places of cases not on hold, by role, then case."""
    places = open_places(facts, standing) & ~facts.on_hold
    found = [
        _fitting(facts, standing, room, role, pairs)
        for role in (LEAD, SECOND)
        for pairs in _pairs(tables, role, np.flatnonzero(places[role]), len(facts.reviewers))
    ]
    none = np.zeros(0, dtype=np.int64)
    parts = [pack(none, LEAD, none, none), *found]
    return Arcs(
        np.concatenate([part.case for part in parts]),
        np.concatenate([part.role for part in parts]),
        np.concatenate([part.reviewer for part in parts]),
        np.concatenate([part.minutes for part in parts]),
        np.concatenate([part.alone for part in parts]),
    )


def pack(case: Ints, role: int, reviewer: Ints, minutes: Ints, alone: Bools | None = None) -> Arcs:
    """Return arcs of one role, in the small types they are kept in."""
    return Arcs(
        case.astype(np.int32),
        np.full(len(case), role, dtype=np.int8),
        reviewer.astype(np.int32),
        minutes.astype(np.int32),
        np.ones(len(case), dtype=np.bool_) if alone is None else alone,
    )


def _pairs(tables: Tables, role: int, rows: Ints, n_reviewers: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs that pass the rules about a person, a block of cases at a time."""
    for block in blocks(rows, n_reviewers):
        found, seats = np.nonzero(passes(tables, role, block, EVERYONE))
        yield block[found], seats


def blocks(rows: Ints, n_reviewers: int) -> Iterator[Ints]:
    """Yield the cases in blocks whose pairs with everyone are few enough to look at in one go."""
    step = max(1, BLOCK_CELLS // max(1, n_reviewers))
    for start in range(0, len(rows), step):
        yield rows[start : start + step]


def _fitting(facts: Facts, standing: Standing, room: Room, role: int, pairs: tuple[Ints, Ints]) -> Arcs:
    """Return the pairs whose minutes fit and whose other place is not the same person's."""
    case, reviewer = pairs
    minutes = facts.efforts.minutes(role, case, reviewer)
    fits = minutes <= room.free[reviewer]
    fits &= standing.holder[1 - role, case] != reviewer
    if role == LEAD:
        fits &= ~room.providers.ended[room.providers.of[reviewer]]
        shut = np.array([free is not None and free < 0 for free in room.admin_free], dtype=np.bool_)
        fits &= ~shut[facts.area_of[case]]
    case, reviewer, minutes = case[fits], reviewer[fits], minutes[fits]
    return pack(
        case, role, reviewer, minutes, _alone(room, case, reviewer, minutes) if role == LEAD else None
    )


def _alone(room: Room, case: Ints, reviewer: Ints, minutes: Ints) -> Bools:
    """Return which new leads the remaining limits would allow one by one."""
    providers = room.providers
    allowed = room.admin_fits[case] & (room.leads_left[reviewer] >= 1)
    allowed &= (room.only[case] == ANYONE) | (room.only[case] == reviewer)
    bound = providers.of[reviewer] >= 0
    of = providers.of[reviewer][bound]
    allowed[bound] &= (providers.cases_left[of] >= 1) & (minutes[bound] <= providers.minutes_left[of])
    return allowed
