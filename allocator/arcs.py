"""Who may take which place: the rules' masks, block by block, as a sparse list of arcs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from allocator.efforts import Efforts
from allocator.exact import Ints
from allocator.facts import Facts
from allocator.held import Held, Role
from allocator.rules import Bools, Mask, Rule
from allocator.seats import Places

PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True, eq=False)
class Arcs:
    """Who may take or keeps each place, by place, then by reviewer.

    Parameters
    ----------
    place, reviewer, minutes : ndarray of shape (n_arcs,)
    new : ndarray of shape (n_arcs,), bool: the reviewer would be new to the place
    """

    place: Ints
    reviewer: Ints
    minutes: Ints
    new: Bools


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


def masks(facts: Facts, held: Held, role: Role, rules: Iterable[Rule]) -> dict[str, Mask]:
    """The masks of those rules that ask something of a pair, by code."""
    prepared = ((rule.code, rule.of(role)) for rule in rules)
    return {code: prepare(facts, held) for code, prepare in prepared if prepare is not None}


def blocks(rows: Ints, n_reviewers: int) -> Iterator[Ints]:
    """The rows in blocks whose masks are small enough to hold."""
    size = max(1, PAIRS_AT_ONCE // max(1, n_reviewers))
    return (rows[i : i + size] for i in range(0, len(rows), size))


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


def held_load(efforts: Efforts, places: Places, counted: Bools, n_reviewers: int) -> Load:
    """The minutes and leads that reviewers keep at the places counted, a mask of shape (n_places,)."""
    kept = np.flatnonzero(counted & (places.holder >= 0))
    minutes, leads = np.zeros(n_reviewers, np.int64), np.zeros(n_reviewers, np.int64)
    np.add.at(minutes, places.holder[kept], kept_minutes(efforts, places)[kept])
    np.add.at(leads, places.holder[kept], places.role[kept] == Role.LEAD)
    return Load(minutes, leads)


def find_arcs(
    facts: Facts, held: Held, efforts: Efforts, places: Places, closed: Closed, rules: tuple[Rule, ...]
) -> Arcs:
    """Every arc that no rule about its pair forbids, and those of kept places."""
    left = kept_minutes(efforts, places)
    found = [_kept(places)]
    for role in Role:
        found.extend(_open(facts, places, role, closed, masks(facts, held, role, rules)))
    place, reviewer = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.argsort(place * max(1, facts.n_reviewers) + reviewer, kind="stable")
    place, reviewer = place[order], reviewer[order]
    new = reviewer != places.holder[place]
    minutes = np.where(new, _new_minutes(efforts, places, place, reviewer), left[place])
    return Arcs(place, reviewer, minutes, new)


def _kept(places: Places) -> tuple[Ints, Ints]:
    kept = np.flatnonzero(places.holder >= 0)
    return kept, places.holder[kept]


def _open(
    facts: Facts, places: Places, role: Role, closed: Closed, asked: dict[str, Mask]
) -> Iterator[tuple[Ints, Ints]]:
    """Places and reviewers of one role whom nothing about the pair forbids."""
    rows = places.rows(role)
    for block in blocks(rows[(places.holder[rows] < 0) | places.movable[rows]], facts.n_reviewers):
        cases = places.case[block]
        may = np.repeat(~closed.reviewers[None, :], len(block), axis=0)
        if role is Role.LEAD:
            may[closed.leads[cases]] = False
        for mask in asked.values():
            may &= mask(cases)
        kept = np.flatnonzero(places.holder[block] >= 0)
        may[kept, places.holder[block[kept]]] = False
        at, reviewer = np.nonzero(may)
        yield block[at], reviewer


def _new_minutes(efforts: Efforts, places: Places, place: Ints, reviewer: Ints) -> Ints:
    """Minutes of each arc as if the reviewer were new to it."""
    minutes = np.zeros(len(place), np.int64)
    for role in Role:
        rows = np.flatnonzero(places.role[place] == role)
        minutes[rows] = efforts.new(places.case[place[rows]], reviewer[rows], role)
    return minutes
