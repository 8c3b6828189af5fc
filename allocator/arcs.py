"""Who may take which place: the rules' masks, block by block, as a sparse list of arcs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.efforts import Efforts
from allocator.exact import Ints
from allocator.facts import Facts
from allocator.held import Held, Role
from allocator.rules import Bools, Mask, Rule
from allocator.seats import Places

PAIRS_AT_ONCE, ARCS_AT_ONCE = 500_000, 50_000
"""Pairs of places and reviewers, and arcs: few enough to stay near the processor while they are reckoned."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """Who may take or keeps each place, by place, then by reviewer.

    Parameters
    ----------
    start : ndarray of shape (n_places + 1,): where each place's arcs begin
    who : ndarray of shape (n_arcs,), reviewer rows in half the room: there are millions of them
    """

    start: Ints
    who: NDArray[np.int32]

    def reviewer(self, arcs: Ints | slice) -> Ints:
        """The reviewers of some arcs."""
        return self.who[arcs].astype(np.int64)

    def count(self, places: Ints) -> Ints:
        """How many arcs each of some places has."""
        return np.asarray(self.start[places + 1] - self.start[places])

    def rows(self, places: Ints) -> Ints:
        """The arcs of some places, place by place."""
        count = self.count(places)
        ends = np.cumsum(count)
        shift = self.start[places] - ends + count
        return np.asarray(np.arange(ends[-1] if len(ends) else 0) + np.repeat(shift, count))


@dataclass(frozen=True, eq=False)
class Closed:
    """Who and which cases are shut to anything new, whatever else a plan does.

    Parameters
    ----------
    reviewers : ndarray of shape (n_reviewers,), bool: held work is beyond their limit
    leads : ndarray of shape (n_cases,), bool: held administration is beyond the area's limit
    """

    reviewers: Bools
    leads: Bools


def few_at_once(count: Ints) -> Iterator[slice]:
    """Slices of places with no more than `ARCS_AT_ONCE` together, or of one place, from how many each has."""
    before, first = np.concatenate([[0], np.cumsum(count)]), 0
    while first < len(count):
        last = int(np.searchsorted(before, before[first] + ARCS_AT_ONCE, side="right")) - 1
        yield slice(first, max(last, first + 1))
        first = max(last, first + 1)


def masks(facts: Facts, held: Held, role: Role, rules: Iterable[Rule]) -> dict[str, Mask]:
    """The masks of those rules that ask something of a pair, by code."""
    prepared = ((rule.code, rule.of(role)) for rule in rules)
    return {code: prepare(facts, held) for code, prepare in prepared if prepare is not None}


def kept_minutes(efforts: Efforts, places: Places) -> Ints:
    """Minutes left of each kept place, 0 where it is open; shape (n_places,)."""
    minutes = np.zeros(len(places), np.int64)
    for place in np.flatnonzero(places.holder >= 0).tolist():
        row, holder, role = places.case[place], places.holder[place], Role(int(places.role[place]))
        minutes[place] = efforts.left(int(row), int(holder), role)
    return minutes


@dataclass(frozen=True, eq=False)
class Load:
    """What held work takes of each reviewer, each of shape (n_reviewers,): minutes, and leads."""

    minutes: Ints
    leads: Ints


def held_load(left: Ints, places: Places, counted: Bools, n_reviewers: int) -> Load:
    """The minutes and leads that reviewers keep at the places counted, a mask of shape (n_places,).

    Parameters
    ----------
    left : ndarray of shape (n_places,): what `kept_minutes` gives
    """
    kept = np.flatnonzero(counted & (places.holder >= 0))
    minutes, leads = np.zeros(n_reviewers, np.int64), np.zeros(n_reviewers, np.int64)
    np.add.at(minutes, places.holder[kept], left[kept])
    np.add.at(leads, places.holder[kept], places.role[kept] == Role.LEAD)
    return Load(minutes, leads)


def find_arcs(facts: Facts, held: Held, places: Places, closed: Closed, rules: tuple[Rule, ...]) -> Arcs:
    """Every arc that no rule about its pair forbids, and those of kept places."""
    asked = {role: masks(facts, held, role, rules) for role in Role}
    count, found = np.zeros(len(places) + 1, np.int64), [np.zeros(0, np.int32)]
    size = max(1, PAIRS_AT_ONCE // max(1, facts.n_reviewers))
    for first in range(0, len(places), size):
        may = _may_take(facts, places, np.arange(first, min(first + size, len(places))), closed, asked)
        at, reviewer = np.nonzero(may)
        count[first + 1 : first + 1 + len(may)] = np.bincount(at, minlength=len(may))
        found.append(reviewer.astype(np.int32))
    return Arcs(np.cumsum(count), np.concatenate(found))


def _may_take(
    facts: Facts, places: Places, block: Ints, closed: Closed, asked: dict[Role, dict[str, Mask]]
) -> Bools:
    """Whether each reviewer may take or keeps each place of a block; shape (n_block, n_reviewers)."""
    may = np.zeros((len(block), facts.n_reviewers), np.bool_)
    kept = places.holder[block] >= 0
    for role in Role:
        rows = np.flatnonzero((places.role[block] == role) & (~kept | places.movable[block]))
        if len(rows):
            may[rows] = _open_to(places.case[block[rows]], role, closed, asked[role])
    may[kept, places.holder[block[kept]]] = True
    return may


def _open_to(cases: Ints, role: Role, closed: Closed, asked: dict[str, Mask]) -> Bools:
    """Whether nothing about the pair keeps each reviewer from being new to each case's place."""
    may = np.repeat(~closed.reviewers[None, :], len(cases), axis=0)
    if role is Role.LEAD:
        may[closed.leads[cases]] = False
    for mask in asked.values():
        may &= mask(cases)
    return may
