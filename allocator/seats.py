"""The seats of a plan: each in-scope case's lead, then its second if its type has one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.efforts import second_of
from allocator.exact import Ints
from allocator.facts import Facts
from allocator.held import Held, Role
from allocator.rules import Bools


@dataclass(frozen=True, eq=False)
class Places:
    """What each place of the problem is, in the order of cases, lead before second.

    Parameters
    ----------
    case, role : ndarray of shape (n_places,): case row, and 0 for the lead or 1 for the second
    holder : ndarray of shape (n_places,): the reviewer row that keeps it, −1 if it is open
    movable : ndarray of shape (n_places,), bool: kept, but may change hands by choice
    """

    case: Ints
    role: Ints
    holder: Ints
    movable: Bools

    def __len__(self) -> int:
        return len(self.case)

    def rows(self, role: Role) -> Ints:
        """The places of one role."""
        return np.flatnonzero(self.role == role)


def places_of(facts: Facts, held: Held, max_moves: int, codes: frozenset[str]) -> Places:
    """Every place, open or kept."""
    has_second = np.array([second_of(facts, row) is not None for row in range(len(facts.cases))], np.bool_)
    rows = np.arange(len(facts.cases))
    case = np.repeat(rows, 1 + has_second)
    role = np.zeros(len(case), np.int64)
    role[1:] = case[1:] == case[:-1]
    holder = np.where(role == Role.LEAD, held.lead[case], held.second[case])
    movable = np.zeros(len(case), np.bool_)
    if max_moves > 0:
        movable = (role == Role.LEAD) & (holder >= 0) & _may_move(facts, codes)[case]
    return Places(case, role, holder, movable)


def _may_move(facts: Facts, codes: frozenset[str]) -> Bools:
    """Cases that are neither locked, nor on hold, nor linked."""
    stays = [c.linked_to is not None or (c.locked and "locked" in codes) for c in facts.cases]
    return np.asarray(~np.array(stays, np.bool_) & ~facts.clocks.on_hold, np.bool_)


def leads_of(places: Places, n_cases: int) -> Ints:
    """Each case's lead place."""
    lead = np.zeros(n_cases, np.int64)
    rows = places.rows(Role.LEAD)
    lead[places.case[rows]] = rows
    return lead


def links_of(facts: Facts, held: Held, places: Places) -> Ints:
    """A number for each label that two or more new leads share and nobody holds; −1 elsewhere."""
    link = np.full(len(places), -1, np.int64)
    members: dict[str, list[int]] = {}
    for place in places.rows(Role.LEAD).tolist():
        row = int(places.case[place])
        label = facts.cases[row].linked_to
        if label and places.holder[place] < 0 and held.link_holder[row] == -1:
            members.setdefault(label, []).append(place)
    for number, label in enumerate(label for label, who in members.items() if len(who) > 1):
        link[members[label]] = number
    return link
