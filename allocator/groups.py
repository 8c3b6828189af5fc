"""Limits that bind sets of arcs: an area's administration, a provider's contract, moves by choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from allocator.arcs import Arcs
from allocator.exact import Ints
from allocator.facts import Facts, row_array
from allocator.held import Role
from allocator.seats import Places
from allocator.totals import Totals
from solver.problem import Groups


class Kind(StrEnum):
    """What a group limits."""

    ADMIN = "admin"
    OPEN_CASES = "open_cases"
    CONTRACT_CASES = "contract_cases"
    CONTRACT_MINUTES = "contract_minutes"
    MOVES = "moves"


@dataclass(frozen=True)
class GroupKey:
    """What a group of the problem is: its kind, whose it is, and how many units a minute has."""

    kind: Kind
    name: str = ""
    parts: int = 1


Group = tuple[GroupKey, tuple[int, Ints, Ints]]


def group_limits(
    facts: Facts, places: Places, arcs: Arcs, totals: Totals, open_left: dict[int, int]
) -> tuple[tuple[GroupKey, ...], Groups]:
    """Every limit over sets of arcs, and what it is.

    Parameters
    ----------
    open_left : by reviewer row, how many leads beside those that cannot move, of reviewers with some that can
    """
    lead = np.flatnonzero(arcs.new & (places.role[arcs.place] == Role.LEAD))
    found = [*_admin(facts, places, arcs, lead, totals), *_contracts(facts, arcs, lead, totals)]
    if totals.max_moves > 0:
        moved = lead[places.movable[arcs.place[lead]]]
        found.append((GroupKey(Kind.MOVES), (totals.max_moves, moved, _ones(moved))))
        found.extend(_open_cases(facts, places, arcs, open_left))
    return tuple(key for key, _ in found), Groups.of([group for _, group in found])


def _admin(facts: Facts, places: Places, arcs: Arcs, lead: Ints, totals: Totals) -> Iterator[Group]:
    """Each area's administration: what new cases ask for; one that was held before asks nothing again."""
    if not totals.admin:
        return
    kinds, names = facts.policy.review_types, {area: i for i, area in enumerate(totals.admin)}
    area_of = row_array([names.get(c.area, -1) if c.reviewer_id is None else -1 for c in facts.cases])
    asks = row_array([totals.admin_amount(kinds[c.review_type].admin_hours) for c in facts.cases])
    case = places.case[arcs.place[lead]]
    members = _split(area_of[case], len(names))
    for (area, free), at in zip(totals.admin.items(), members, strict=True):
        yield GroupKey(Kind.ADMIN, area, totals.parts), (max(0, free), lead[at], asks[case[at]])


def _contracts(facts: Facts, arcs: Arcs, lead: Ints, totals: Totals) -> Iterator[Group]:
    """Each provider's cases and minutes left."""
    names = {bought.provider: i for i, bought in enumerate(totals.bought)}
    provider_of = row_array([names.get(r.provider or "", -1) for r in facts.reviewers])
    members = _split(provider_of[arcs.reviewer[lead]], len(names))
    for bought, at in zip(totals.bought, members, strict=True):
        theirs = lead[at]
        if bought.cases is not None:
            yield GroupKey(Kind.CONTRACT_CASES, bought.provider), (bought.cases, theirs, _ones(theirs))
        if bought.minutes is not None:
            yield (
                GroupKey(Kind.CONTRACT_MINUTES, bought.provider),
                (bought.minutes, theirs, arcs.minutes[theirs]),
            )


def _open_cases(facts: Facts, places: Places, arcs: Arcs, open_left: dict[int, int]) -> Iterator[Group]:
    """Leads that may come or go: one that moves away makes room for another."""
    lead = np.flatnonzero((places.role[arcs.place] == Role.LEAD) & (arcs.new | places.movable[arcs.place]))
    by_reviewer = _split(arcs.reviewer[lead], facts.n_reviewers)
    for reviewer, limit in open_left.items():
        theirs = lead[by_reviewer[reviewer]]
        key = GroupKey(Kind.OPEN_CASES, facts.reviewers[reviewer].reviewer_id)
        yield key, (limit, theirs, _ones(theirs))


def _ones(rows: Ints) -> Ints:
    return np.ones(len(rows), np.int64)


def _split(keys: Ints, n_keys: int) -> list[Ints]:
    """Where each key 0 … n_keys − 1 stands, ascending."""
    order = np.argsort(keys, kind="stable")
    edges = np.searchsorted(keys[order], np.arange(n_keys + 1))
    return [order[start:stop] for start, stop in pairwise(edges.tolist())]
