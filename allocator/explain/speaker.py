"""Speaks about the places of one plan as it was written: who, why, what it counts, and what stops whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from allocator.efforts import Efforts
from allocator.explain.public import of_empty, of_filled
from allocator.explain.records import Pair, Record, Records
from allocator.explain.terms import Term, Terms
from allocator.explain.told import Place
from allocator.facts import Facts, row_array
from allocator.forecast import Filled, One
from allocator.held import Role, holder_of, who_stays
from allocator.plan import Assignment, Unassigned
from allocator.reasons import Spoken
from allocator.rules import RULES, codes_of
from allocator.standing import standing
from allocator.totals import totals
from allocator.unplaced import Unplaced, stopped_by
from allocator.written import Seat

NOT_NAMED = "The plan does not name this place."


class Speaker:
    """Speaks about the places of one plan.

    Parameters
    ----------
    filled, empty : the rows of the plan
    redact : conflicts, exclusions and refusals are named, and what is on record of them is not told
    """

    def __init__(
        self, facts: Facts, filled: Sequence[Assignment], empty: Sequence[Unassigned], redact: bool = False
    ) -> None:
        held, efforts = who_stays(facts), Efforts(facts)
        everything = totals(facts, 0, codes_of(RULES))
        given = standing(facts, efforts, everything, filled_of(facts, efforts, filled))
        self._facts, self._efforts, self._unplaced = facts, efforts, Unplaced(facts, held, given)
        self._spoken, self._terms = Spoken(facts, held, given), Terms(facts, efforts, given)
        self._records = Records(facts, efforts, given, redact)
        self._filled: dict[Seat, Assignment] = {(a.case_id, a.role): a for a in filled}
        self._empty: dict[Seat, Unassigned] = {(u.case_id, u.role): u for u in empty}

    def place(self, row: int, role: Role, asked: int | None) -> Place:
        """Say who has a place, or why nobody, and what stops the reviewer asked about."""
        seat = self._facts.cases[row].case_id, role.label
        filled, empty = self._filled.get(seat), self._empty.get(seat)
        has = None if filled is None else self._facts.reviewer_row.get(filled.reviewer_id)
        stops = self._unplaced.stops(row_array([row]), role)
        codes = [] if asked is None or asked == has else stopped_by(stops, asked)
        points, met, public = self._of_written(row, role, filled, empty)
        return Place(
            role=role.label,
            reviewer_id=filled.reviewer_id if filled else None,
            reason=filled.reason if filled else empty.reason if empty else NOT_NAMED,
            reason_public=public,
            remedy=empty.remedy if empty else None,
            counts=stops.first(has)[0],
            every=stops.every(has)[0],
            points=points,
            met=met,
            stopped=None if asked is None else tuple(self._sentences(Pair(row, role, asked), codes)),
            records=None if asked is None else self._behind(codes, Pair(row, role, asked)),
        )

    def words(self, row: int, role: Role) -> tuple[str | None, str, str]:
        """Who has a place, and why, for staff and for a family."""
        seat = self._facts.cases[row].case_id, role.label
        filled, empty = self._filled.get(seat), self._empty.get(seat)
        public = self._of_written(row, role, filled, empty)[2]
        reason = filled.reason if filled else empty.reason if empty else NOT_NAMED
        return filled.reviewer_id if filled else None, reason, public

    def _of_written(
        self, row: int, role: Role, filled: Assignment | None, empty: Unassigned | None
    ) -> tuple[tuple[Term, ...], tuple[Record, ...], str]:
        """Points, what the rules rest on, and the words for a family."""
        has = None if filled is None else self._facts.reviewer_row.get(filled.reviewer_id)
        if filled is not None and has is not None:
            pair, is_new = Pair(row, role, has, has=True), not _is_kept(self._facts, row, role, filled)
            moved = (row, role) not in self._spoken.held.released and filled.change == "moved"
            points = self._terms.filled(pair, is_new, moved, filled.on_time is False)
            one = One(0, row, role, has, self._efforts.minutes(row, has, role, is_new), is_new)
            met = self._records.met(pair) if is_new else self._stays(pair)
            return points, met, of_filled(self._spoken, one, filled)
        if empty is not None:
            return (self._terms.empty(row, role),), (), of_empty(self._facts, row, role, empty.reason_code)
        return (), (), NOT_NAMED

    def _stays(self, pair: Pair) -> tuple[Record, ...]:
        """What keeps a holder from being released."""
        return tuple(
            record for code in ("excluded", "conflict") for record in self._records.behind(code, pair)
        )

    def _behind(self, codes: Sequence[str], pair: Pair) -> tuple[Record, ...]:
        return tuple(record for code in codes for record in self._records.behind(code, pair))

    def _sentences(self, pair: Pair, codes: Sequence[str]) -> Iterator[str]:
        """Say each rule that stops a reviewer from a place, and what it rests on, or that none does."""
        filled = self._filled.get((self._facts.cases[pair.row].case_id, pair.role.label))
        has = filled.reviewer_id if filled else None
        if self._facts.reviewers[pair.reviewer].reviewer_id == has:
            yield "has the place."
            return
        on_hold, voice = self._facts.clocks.on_hold[pair.row], self._unplaced.voice(pair.row, pair.role)
        if on_hold:
            yield "may not take a case that is on hold."
        yield from (f"{self._records.stopped(code, pair, voice)}." for code in codes)
        if not codes and not on_hold:
            yield f"could take it; the plan {f'prefers {has}' if has else 'does without'}."


def filled_of(facts: Facts, efforts: Efforts, rows: Sequence[Assignment]) -> Filled:
    """The plan's rows as places; those that name nobody known are left out."""
    found: list[tuple[int, ...]] = []
    for a in rows:
        if a.case_id in facts.case_row and a.reviewer_id in facts.reviewer_row:
            row, reviewer = facts.case_row[a.case_id], facts.reviewer_row[a.reviewer_id]
            role = Role[a.role.upper()]
            new = not _is_kept(facts, row, role, a)
            minutes = efforts.minutes(row, reviewer, role, new)
            found.append((len(found), row, int(role), reviewer, minutes, new))
    columns = np.array(found, np.int64).reshape(-1, 6).T
    place, case, kind, who, left, is_new = columns
    return Filled(place, case, kind, who, left, is_new.astype(np.bool_))


def _is_kept(facts: Facts, row: int, role: Role, line: Assignment) -> bool:
    """Whether a line keeps who has the place: in other data than it was made of, they may have it no more."""
    return line.change == "kept" and holder_of(facts.cases[row], role) == line.reviewer_id
