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
from allocator.rules import Bools
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


@dataclass(frozen=True, eq=False)
class Leads:
    """The arcs of leads, and the limits over them.

    Parameters
    ----------
    facts, places, arcs : the problem's
    minutes : ndarray of shape (n_arcs,)
    totals : the limits over many places
    open_left : by reviewer row, how many leads beside those that cannot move, of reviewers with some that can
    """

    facts: Facts
    places: Places
    arcs: Arcs
    minutes: Ints
    totals: Totals
    open_left: dict[int, int]

    def of(self, chosen: Bools) -> Ints:
        """The arcs of the lead places in a mask, a holder's among them."""
        return self.arcs.rows(np.flatnonzero((self.places.role == Role.LEAD) & chosen))

    def new(self, arcs: Ints) -> Ints:
        """Those of some lead arcs whose reviewer is new to the place."""
        holder = self.places.holder[np.searchsorted(self.arcs.start, arcs, side="right") - 1]
        return np.asarray(arcs[holder != self.arcs.reviewer(arcs)])


def group_limits(leads: Leads) -> tuple[tuple[GroupKey, ...], Groups]:
    """Every limit over sets of arcs, and what it is."""
    found = [*_admin(leads), *_contracts(leads)]
    if leads.totals.max_moves > 0:
        moved = leads.new(leads.of(leads.places.movable))
        found.append((GroupKey(Kind.MOVES), (leads.totals.max_moves, moved, _ones(moved))))
        found.extend(_open_cases(leads))
    return tuple(key for key, _ in found), Groups.of([group for _, group in found])


def _admin(leads: Leads) -> Iterator[Group]:
    """Each area's administration: what new cases ask for; one that was held before asks nothing again."""
    facts, totals, case = leads.facts, leads.totals, leads.places.case
    if not totals.admin:
        return
    kinds, names = facts.policy.review_types, {area: i for i, area in enumerate(totals.admin)}
    area_of = row_array([names.get(c.area, -1) if c.reviewer_id is None else -1 for c in facts.cases])
    asks = row_array([totals.admin_amount(kinds[c.review_type].admin_hours) for c in facts.cases])
    lead = np.flatnonzero(leads.places.role == Role.LEAD)
    members = _split(area_of[case[lead]], len(names))
    for (area, free), at in zip(totals.admin.items(), members, strict=True):
        places = lead[at]
        amount = np.repeat(asks[case[places]], leads.arcs.count(places))
        yield GroupKey(Kind.ADMIN, area, totals.parts), (max(0, free), leads.arcs.rows(places), amount)


def _contracts(leads: Leads) -> Iterator[Group]:
    """Each provider's cases and minutes left."""
    bought_from = leads.totals.bought
    names = {bought.provider: i for i, bought in enumerate(bought_from)}
    provider_of = row_array([names.get(r.provider or "", -1) for r in leads.facts.reviewers])
    theirs = np.flatnonzero((provider_of >= 0)[leads.arcs.who])
    place = np.searchsorted(leads.arcs.start, theirs, side="right") - 1
    lead = leads.new(theirs[leads.places.role[place] == Role.LEAD])
    members = _split(provider_of[leads.arcs.reviewer(lead)], len(names))
    for bought, at in zip(bought_from, members, strict=True):
        rows = lead[at]
        if bought.cases is not None:
            yield GroupKey(Kind.CONTRACT_CASES, bought.provider), (bought.cases, rows, _ones(rows))
        if bought.minutes is not None:
            key = GroupKey(Kind.CONTRACT_MINUTES, bought.provider)
            yield key, (bought.minutes, rows, leads.minutes[rows])


def _open_cases(leads: Leads) -> Iterator[Group]:
    """Leads that may come or go: one that moves away makes room for another."""
    places = leads.places
    lead = leads.of((places.holder < 0) | places.movable)
    by_reviewer = _split(leads.arcs.reviewer(lead), leads.facts.n_reviewers)
    for row, limit in leads.open_left.items():
        theirs = lead[by_reviewer[row]]
        yield (
            GroupKey(Kind.OPEN_CASES, leads.facts.reviewers[row].reviewer_id),
            (limit, theirs, _ones(theirs)),
        )


def _ones(rows: Ints) -> Ints:
    return np.ones(len(rows), np.int64)


def _split(keys: Ints, n_keys: int) -> list[Ints]:
    """Where each key 0 … n_keys − 1 stands, ascending."""
    order = np.argsort(keys, kind="stable")
    edges = np.searchsorted(keys[order], np.arange(n_keys + 1))
    return [order[start:stop] for start, stop in pairwise(edges.tolist())]
