"""Who holds what before anything is planned, and how much of it is left to do."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.audit.exact import Bools, Ints, exact, minutes_of
from allocator.audit.facts import LEAD, SECOND, Facts
from allocator.audit.person import dependent, excluded
from allocator.audit.tables import Tables

NOBODY = -1
LEAST_LEFT = Fraction(1, 10)
"""An assumed remainder is never less than this share of the effort."""


@dataclass(frozen=True)
class Standing:
    """What stays with its holders.

    Parameters
    ----------
    holder : ndarray of shape (2, n_cases), dtype=np.int64
        The reviewer who keeps each lead and each second place, or NOBODY.
    minutes : ndarray of shape (2, n_cases), dtype=np.int64
        What is left to do at the kept places; 0 where the case is on hold or the place is not kept.
    """

    holder: Ints
    minutes: Ints
    n_reviewers: int

    def held_minutes(self) -> Ints:
        """Return the minutes each reviewer still owes."""
        kept = self.holder != NOBODY
        return tally(self.holder[kept], self.minutes[kept], self.n_reviewers)

    def leads(self) -> Ints:
        """Return how many leads each reviewer keeps, those on hold included."""
        kept = self.holder[LEAD][self.holder[LEAD] != NOBODY]
        return np.bincount(kept, minlength=self.n_reviewers)


def tally(seats: Ints, amounts: Ints, n_reviewers: int) -> Ints:
    """Return the sum of whole amounts of each reviewer."""
    total = np.zeros(n_reviewers, dtype=np.int64)
    np.add.at(total, seats, amounts)
    return total


def read_standing(facts: Facts, tables: Tables) -> Standing:
    """Return who keeps what: every holder but those whom a rule releases."""
    named = np.array(
        [
            [facts.seat_of.get(case.reviewer_id or "", NOBODY) for case in facts.cases],
            [facts.seat_of.get(case.second_reviewer_id or "", NOBODY) for case in facts.cases],
        ],
        dtype=np.int64,
    )
    named[SECOND, ~facts.has_second] = NOBODY
    holder = np.where(_must_go(facts, tables, named), NOBODY, named)
    minutes = np.zeros_like(holder)
    for role, row in np.argwhere(holder != NOBODY).tolist():
        minutes[role, row] = _left(facts, role, row, int(holder[role, row]))
    return Standing(holder, minutes, len(facts.reviewers))


def movable(facts: Facts) -> Bools:
    """Return the cases whose lead may change hands by choice: not locked, not on hold, not linked."""
    return np.array(
        [not (case.locked or case.on_hold_since or case.linked_to) for case in facts.cases], dtype=np.bool_
    )


def without_movable(facts: Facts, standing: Standing) -> Standing:
    """Return only what no choice can move."""
    holder, minutes = standing.holder.copy(), standing.minutes.copy()
    moves = movable(facts)
    holder[LEAD, moves], minutes[LEAD, moves] = NOBODY, 0
    return Standing(holder, minutes, standing.n_reviewers)


def _must_go(facts: Facts, tables: Tables, named: Ints) -> Bools:
    """Return the places whose holder has left, is not independent or is excluded."""
    as_of = facts.snapshot.as_of
    leaves = [reviewer.leaves_on for reviewer in facts.reviewers]
    left = np.array([day is not None and day < as_of for day in leaves], dtype=np.bool_)
    gone = np.zeros(named.shape, dtype=np.bool_)
    for role in (LEAD, SECOND):
        rows = np.flatnonzero(named[role] != NOBODY)
        seats = named[role, rows]
        barred = excluded(tables, role, rows, seats) | dependent(tables, rows, seats)
        gone[role, rows] = left[seats] | barred
    return gone


def _left(facts: Facts, role: int, row: int, seat: int) -> int:
    """Return the minutes a holder still needs: as given, else assumed; none while the case is on hold."""
    if facts.on_hold[row]:
        return 0
    case, kind = facts.cases[row], facts.kind(row)
    given = case.hours_left if role == LEAD else case.second_hours_left
    if given is not None:
        return minutes_of(exact(given))
    factor = exact(facts.reviewers[seat].hours_factor)
    if role == LEAD:
        return minutes_of(exact(case.effort_hours or kind.hours) * factor * _share_left(facts, row))
    return minutes_of(exact(kind.second.hours) * factor) if kind.second else 0


def _share_left(facts: Facts, row: int) -> Fraction:
    """Return the share of the days from allocated_on to complete_by still to run, between a tenth and one."""
    allocated_on, complete_by = facts.cases[row].allocated_on, facts.clocks[row].complete_by
    span = (complete_by - allocated_on).days if allocated_on else 0
    if span <= 0:
        return LEAST_LEFT
    return max(LEAST_LEFT, min(Fraction(1), Fraction((complete_by - facts.snapshot.as_of).days, span)))
