"""What stands now: who holds what, what was published since, and what one place more would do to anyone.

The snapshot is read and its rules are prepared once; each question then takes a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from allocator.arcs import PAIRS_AT_ONCE, kept_minutes
from allocator.efforts import Efforts
from allocator.errors import BadInput, Fault
from allocator.exact import Ints, percent
from allocator.facts import Facts, gather, row_array
from allocator.forecast import Filled, Forecast, forecast, is_late, worked
from allocator.held import Role, who_stays
from allocator.known import unknown
from allocator.points import pair_points, penalties
from allocator.rules import RULES, codes_of
from allocator.seats import places_of
from allocator.snapshot import Snapshot
from allocator.standing import Standing, standing
from allocator.totals import bands, totals
from allocator.unplaced import Stops, Unplaced


@dataclass(frozen=True, order=True)
class Publication:
    """An allocation that people were told of after the snapshot was taken: a case's place, and who has it."""

    case_id: str
    role: str
    reviewer_id: str


class Desk:
    """A snapshot, read for questions about single cases and reviewers.

    Parameters
    ----------
    before : a desk of a snapshot with rows in common, from which what is known of them is taken over
    """

    def __init__(self, snapshot: Snapshot, before: Desk | None = None) -> None:
        codes = codes_of(RULES)
        self.snapshot = snapshot
        self.facts: Facts = gather(snapshot, before.facts if before else None)
        self.held, self.efforts = who_stays(self.facts), Efforts(self.facts)
        self.totals, self.bands = totals(self.facts, 0, codes), bands(self.facts)
        self.places = places_of(self.facts, self.held, 0, codes)
        self.penalty = penalties(self.facts, self.places)
        self._left = kept_minutes(self.efforts, self.places)
        self._place = {
            (row, Role(role)): at
            for at, (row, role) in enumerate(
                zip(self.places.case.tolist(), self.places.role.tolist(), strict=True)
            )
        }
        kept = standing(self.facts, self.efforts, self.totals, self._filled(self.places.holder))
        self.unplaced = Unplaced(self.facts, self.held, kept)
        self._takers: dict[Role, tuple[Ints, tuple[Ints, Ints]]] = {}
        self._first = self._now(())

    def now(self, published: Iterable[Publication] = ()) -> Now:
        """What stands, these publications counted; the later of two for one place is the one that counts."""
        told = tuple(published)
        return self._now(told) if told else self._first

    def case(self, case_id: str) -> int:
        """The row of a case in scope.

        Raises
        ------
        BadInput
            There is no such case, or it is out of scope.
        """
        if case_id not in self.facts.case_row:
            why = {c.case_id: c.out_of_scope for c in self.snapshot.cases}
            if why.get(case_id):
                message = f"the case is out of scope ({why[case_id]}): not planned"
                raise BadInput([Fault("out-of-scope", message, value=case_id)])
            raise BadInput([unknown("case", case_id, why)])
        return self.facts.case_row[case_id]

    def reviewer(self, reviewer_id: str) -> int:
        """The row of a reviewer.

        Raises
        ------
        BadInput
            There is no such reviewer.
        """
        if reviewer_id not in self.facts.reviewer_row:
            raise BadInput([unknown("reviewer", reviewer_id, self.facts.reviewer_row)])
        return self.facts.reviewer_row[reviewer_id]

    def place(self, row: int, role: Role) -> int | None:
        """The number of a case's place; None where its type has no such place."""
        return self._place.get((row, role))

    def takers(self, role: Role) -> tuple[Ints, tuple[Ints, Ints]]:
        """Cases not on hold of which nobody keeps that place; positions in those, and whom no rule about a
        person stops from it.
        """
        if role not in self._takers:
            self._takers[role] = self._found(role)
        return self._takers[role]

    def _found(self, role: Role) -> tuple[Ints, tuple[Ints, Ints]]:
        rows = self.places.case[(self.places.role == role) & (self.places.holder < 0)]
        rows = rows[~self.facts.clocks.on_hold[rows]]
        size = max(1, PAIRS_AT_ONCE // max(1, self.facts.n_reviewers))
        pairs = []
        for first in range(0, len(rows), size):
            stops = self.unplaced.stops(rows[first : first + size], role)
            pairs.append(np.stack([first + stops.place, stops.who]))
        at, who = np.concatenate([np.zeros((2, 0), np.int64), *pairs], axis=1)
        return rows, (at, who)

    def penalty_of(self, rows: Ints, role: Role) -> Ints:
        """Level-1 points of a place of some cases while it is empty."""
        return self.penalty[[self._place[row, role] for row in rows.tolist()]]

    def _now(self, published: tuple[Publication, ...]) -> Now:
        holder, ignored = self.places.holder.copy(), []
        for one in published:
            place = self._place_of(one)
            if place is None or self.places.holder[place] >= 0:
                ignored.append(one)
            else:
                holder[place] = self.facts.reviewer_row[one.reviewer_id]
        return Now(self, self._filled(holder), tuple(ignored))

    def _place_of(self, one: Publication) -> int | None:
        known = one.case_id in self.facts.case_row and one.reviewer_id in self.facts.reviewer_row
        role = next((role for role in Role if role.label == one.role), None)
        return self.place(self.facts.case_row[one.case_id], role) if known and role is not None else None

    def _filled(self, holder: Ints) -> Filled:
        place = np.flatnonzero(holder >= 0)
        case, role, who = self.places.case[place], self.places.role[place], holder[place]
        new, minutes = self.places.holder[place] < 0, self._left[place]
        for one in Role:
            rows = np.flatnonzero(new & (role == one))
            minutes[rows] = self.efforts.new(case[rows], who[rows], one)
        return Filled(place, case, role, who, minutes, new)


@dataclass(frozen=True)
class Effect:
    """What one place more does to a reviewer and to the whole.

    Parameters
    ----------
    minutes : what it takes of them
    given, capacity : their minutes before, and in the horizon
    start, finish : ordinals of the first day of its work and of its sign-off, 0 for never
    late : whether it then is late itself (no second ever is)
    becomes_late : case rows that they lead and that would only then be late
    levels : points of (late, cost) that are added
    """

    minutes: int
    given: int
    capacity: int
    start: int
    finish: int
    late: bool
    becomes_late: tuple[int, ...]
    levels: tuple[int, int]

    @property
    def percent(self) -> tuple[int | float | None, int | float | None]:
        """How full they are before and after, half up to 0.1; None without capacity."""
        return percent(self.given, self.capacity), percent(self.given + self.minutes, self.capacity)


class Now:
    """All places filled at one moment.

    Parameters
    ----------
    desk : the snapshot's
    filled : kept places, and published ones as new
    ignored : publications of places that somebody keeps, or of what the snapshot does not have
    """

    def __init__(self, desk: Desk, filled: Filled, ignored: tuple[Publication, ...]) -> None:
        self.desk, self.filled, self.ignored = desk, filled, ignored
        self.facts = desk.facts
        self.standing: Standing = standing(desk.facts, desk.efforts, desk.totals, filled)
        self.unplaced = desk.unplaced.under(self.standing)
        order = np.lexsort((self.facts.clocks.rank[filled.case], filled.reviewer))
        edges = np.searchsorted(filled.reviewer[order], np.arange(self.facts.n_reviewers + 1))
        self._work = [order[first:last] for first, last in pairwise(edges.tolist())]
        self.forecast: Forecast = forecast(self.facts, filled)
        self._late = (filled.role == Role.LEAD) & is_late(self.facts, filled.case, self.forecast.finish)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what was published and does not count."""
        why = "which the snapshot does not have, or somebody keeps"
        return tuple(
            f"Published, but not counted: {one.reviewer_id} as {one.role} of {one.case_id}, {why}."
            for one in self.ignored
        )

    def holder(self, row: int, role: Role) -> str | None:
        """Who has a place; None for nobody."""
        who = int(self.standing.placed[role, row])
        return None if who < 0 else self.facts.reviewers[who].reviewer_id

    def stops(self, row: int, role: Role) -> Stops:
        """What stops whom from a place of one case."""
        return self.unplaced.stops(row_array([row]), role)

    def open_to(self, stops: Stops) -> Ints:
        """The reviewers whom nothing stops from the one place asked about, by row."""
        stopped = [*stops.limits.values(), stops.rules["assignment"][0, stops.who]]
        return np.asarray(stops.who[~np.logical_or.reduce(stopped)])

    def effect(self, row: int, role: Role, reviewer: int) -> Effect:
        """What the place would do to a reviewer, everything else as it stands."""
        facts, one, who = self.facts, row_array([row]), row_array([reviewer])
        minutes = int(self.desk.efforts.new(one, who, role)[0])
        theirs = self._work[reviewer]
        cases, rank = self.filled.case[theirs], facts.clocks.rank
        at = int(np.searchsorted(rank[cases], rank[row]))
        days = worked(
            facts, reviewer, np.insert(cases, at, row), np.insert(self.filled.minutes[theirs], at, minutes)
        )
        others = np.delete(days.finish, at)
        newly = is_late(facts, cases, others) & (self.filled.role[theirs] == Role.LEAD) & ~self._late[theirs]
        late = role is Role.LEAD and bool(is_late(facts, one, days.finish[at : at + 1])[0])
        urgency, given = facts.clocks.urgency, int(self.standing.given[reviewer])
        more = int(urgency[cases[newly]].sum()) + (int(urgency[row]) if late else 0)
        cost = pair_points(facts, one, who, np.array([role is Role.LEAD]))[0]
        before, after = (self.desk.bands.points(who, row_array([t]))[0] for t in (given, given + minutes))
        return Effect(
            minutes=minutes,
            given=given,
            capacity=int(facts.capacities.capacity[reviewer]),
            start=int(days.start[at]),
            finish=int(days.finish[at]),
            late=late,
            becomes_late=tuple(cases[newly].tolist()),
            levels=(more, int(cost + after - before)),
        )

    def loses(self, row: int, role: Role, reviewer: int, minutes: int) -> tuple[int, ...]:
        """Waiting leads of other cases that this reviewer alone could take now, and then could not."""
        waiting = self._alone.get(reviewer)
        if waiting is None:
            return ()
        after = replace(
            self.standing,
            given=_more(self.standing.given, reviewer, minutes),
            leads=_more(self.standing.leads, reviewer, int(role is Role.LEAD)),
            new_leads=_more(self.standing.new_leads, reviewer, int(role is Role.LEAD)),
        )
        others = waiting[waiting != row]
        pairs = np.arange(len(others)), np.full(len(others), reviewer)
        stopped = after.stops(others, Role.LEAD, pairs)
        return tuple(others[np.logical_or.reduce([stopped[code] for code in _OWN])].tolist())

    def could_take(self, role: Role) -> tuple[Ints, Ints]:
        """Case rows and reviewers: every pair that nothing stops now of a place that nobody has, by case."""
        rows, (at, who) = self.desk.takers(role)
        mine, other = self.standing.placed[role, rows], self.standing.placed[1 - role, rows]
        free = (mine < 0)[at] & (other[at] != who) & ((other >= 0)[at] | (role is Role.LEAD))
        for stopped in self.standing.stops(rows, role, (at, who)).values():
            free &= ~stopped
        return rows[at[free]], who[free]

    @cached_property
    def _alone(self) -> dict[int, Ints]:
        """By reviewer, the waiting leads that they alone could take now."""
        rows, who = self.could_take(Role.LEAD)
        sole = np.bincount(rows, minlength=len(self.facts.cases))[rows] == 1
        found: dict[int, list[int]] = {}
        for row, reviewer in zip(rows[sole].tolist(), who[sole].tolist(), strict=True):
            found.setdefault(reviewer, []).append(row)
        return {reviewer: row_array(theirs) for reviewer, theirs in found.items()}


_OWN = ("capacity", "open_cases", "year_limit")
"""Limits of a reviewer's own: what one place more may use up."""


def _more(values: Ints, at: int, by: int) -> Ints:
    changed = values.copy()
    changed[at] += by
    return changed
