"""What each arc takes and costs: minutes, points, slots and the minutes until it is due, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.arcs import Arcs, few_at_once
from allocator.efforts import Efforts
from allocator.exact import Ints
from allocator.facts import Facts
from allocator.held import Role
from allocator.points import pair_points
from allocator.rules import Bools
from allocator.seats import Places
from solver.problem import LATE_WHOEVER, read_only

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Work:
    """How long each place takes.

    Parameters
    ----------
    places, efforts : the places, and how long whoever is new to one takes
    left : ndarray of shape (n_places,), minutes that the holder of a kept place still needs
    """

    places: Places
    efforts: Efforts
    left: Ints


@dataclass(frozen=True, eq=False)
class _Block:
    """Some arcs: place, case and reviewer of each, whether the reviewer is new to the place, and as lead."""

    place: Ints
    case: Ints
    reviewer: Ints
    new: Bools
    new_lead: Bools


def by_arc(facts: Facts, work: Work, arcs: Arcs, terms: frozenset[str]) -> Columns:
    """The arrays of a problem that have one entry an arc, and where each place's arcs begin."""
    size = len(arcs.who)
    columns = {name: np.empty(size, np.int64) for name in ("minutes", "points", "slots", "due")}
    due = _Due(facts)
    for part, block in _blocks(work.places, arcs):
        columns["minutes"][part] = _minutes(work, block)
        columns["points"][part] = _points(facts, work.places, block, terms)
        columns["slots"][part] = block.new_lead
        columns["due"][part] = due.of(block)
    found = {f"arc_{name}": read_only(column) for name, column in columns.items()}
    return {"arc_start": arcs.start, "arc_reviewer": read_only(arcs.reviewer(slice(None))), **found}


def _blocks(places: Places, arcs: Arcs) -> Iterator[tuple[slice, _Block]]:
    """The arcs of a few whole places at a time, and where they stand."""
    count = np.diff(arcs.start)
    for some in few_at_once(count):
        part = slice(int(arcs.start[some.start]), int(arcs.start[some.stop]))
        place, reviewer = np.repeat(np.arange(some.start, some.stop), count[some]), arcs.reviewer(part)
        new = reviewer != places.holder[place]
        yield part, _Block(place, places.case[place], reviewer, new, new & (places.role[place] == Role.LEAD))


def _minutes(work: Work, block: _Block) -> Ints:
    """Minutes that the reviewer needs: all if new to the place, else what is left."""
    minutes = work.left[block.place]
    role = work.places.role[block.place]
    for one in Role:
        rows = np.flatnonzero(block.new & (role == one))
        minutes[rows] = work.efforts.new(block.case[rows], block.reviewer[rows], one)
    return minutes


def _points(facts: Facts, places: Places, block: _Block, terms: frozenset[str]) -> Ints:
    """Level-3 points: distance, away from home, and moves by choice; held work costs nothing."""
    points = np.where(block.new, pair_points(facts, block.case, block.reviewer, block.new_lead, terms), 0)
    if "move" in terms:
        points += facts.policy.weights.move * (block.new & places.movable[block.place])
    return points


class _Due:
    """Minutes a reviewer has until a case's work is due, −1 if it is late whoever does it."""

    def __init__(self, facts: Facts) -> None:
        self._minutes = facts.capacities
        last = np.minimum(facts.clocks.work_due, self._minutes.last_day)
        self._hopeless = (facts.clocks.evidence_ready > last) | (last < self._minutes.as_of)
        self._day = self._minutes.worked_by(last)

    def of(self, block: _Block) -> Ints:
        """The minutes of each arc."""
        minutes = self._minutes.floors[block.reviewer, self._day[block.case]]
        return np.where(self._hopeless[block.case], LATE_WHOEVER, minutes)
