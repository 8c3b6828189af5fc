"""Who takes over from a reviewer who leaves or is away: all their cases, under all rules, by few new people.

Everything else stays as it stands. What a leaver finishes before they go stays with them, and so does what
has no hours left: it waits for sign-off alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np
from pydantic import Field

from allocator.cases import Case
from allocator.decode import assignments_of, filled_places, unassigned_of
from allocator.desk import Desk, HeldPlace, Publication, counted, load_ahead
from allocator.encode import Encoding, encode
from allocator.errors import InternalFault, NoPlan
from allocator.exact import Ints, percent
from allocator.explain.remedies import Remedies, Remedy
from allocator.forecast import Filled
from allocator.held import Role, holder_of
from allocator.plan import Number, Part, RoleName
from allocator.reviewers import Absence
from allocator.snapshot import Snapshot
from allocator.standing import Standing, standing
from allocator.voice import released
from solver.check import breaches
from solver.cpsat import CpLimits
from solver.takers import FewTakers, few_takers


@dataclass(frozen=True)
class Away:
    """When somebody is not there.

    Parameters
    ----------
    first_day : the first day on which they have no case; None: the snapshot's day
    last_day : after which they come back; None: they do not
    """

    first_day: date | None = None
    last_day: date | None = None


class Taken(Part):
    """One place that somebody can take over."""

    case_id: str
    role: RoleName
    reviewer_id: str = Field(description="Who takes it over")
    hours: Number = Field(description="Hours it takes of them")
    distance_km: Number | None = Field(description="Kilometres from them to the case; empty: not known")
    finish_on: date | None = Field(description="Forecast day of sign-off; empty: not within five years")
    complete_by: date = Field(description="Day by which the review is to be completed")
    on_time: bool | None = Field(description="finish_on is no later than complete_by; empty while on hold")


class Left(Part):
    """One place that nobody can take over."""

    case_id: str
    role: RoleName
    reason: str = Field(description="Why, counted by rule")
    remedies: tuple[Remedy, ...] | None = Field(
        description="What would place it, each tried by planning, the cheapest first; empty: not tried"
    )
    remedy: str = Field(description="What kind of change would help; not tested by planning")


class Taker(Part):
    """What taking over does to one reviewer."""

    reviewer_id: str
    places: int = Field(description="How many they take over")
    workload_percent_before: Number | None = Field(
        description="Hours they have ÷ capacity; empty: no capacity"
    )
    workload_percent_after: Number | None = Field(description="The same with what they take over")


class Handover(Part):
    """Who takes over what from one reviewer."""

    reviewer_id: str
    first_day: date = Field(description="The first day on which they have no case")
    stays: tuple[str, ...] = Field(description="Cases that they finish before, or that wait for sign-off")
    taken: tuple[Taken, ...] = Field(description="What others take over, by case and role")
    takers: tuple[Taker, ...] = Field(description="Who they are, as few as can be")
    left: tuple[Left, ...] = Field(description="What nobody can take over")
    proof: Literal["fewest", "found"] = Field(
        description="No fewer people could take as much; or no fewer were found in the time"
    )
    warnings: tuple[str, ...] = Field(default=(), description="What was published and does not count")
    kept: tuple[HeldPlace, ...] = Field(
        default=(),
        description="All they have, as it would be if nobody took it over; empty once they have left",
    )


def handover(
    snapshot: Snapshot,
    reviewer_id: str,
    limits: CpLimits,
    away: Away = Away(),
    stopped: Callable[[], bool] = lambda: False,
    published: Iterable[Publication] = (),
) -> Handover:
    """Who takes over a reviewer's cases, everything else as it stands.

    Parameters
    ----------
    limits : of each of the two solves, and of each remedy
    published : allocations that people were told of after the snapshot was taken: held like any other

    Raises
    ------
    BadInput
        There is no such reviewer.
    NoPlan
        The limit came before there was any answer.
    """
    now = Desk(snapshot).now(published)
    snapshot = counted(now)
    desk = now.desk if snapshot is now.facts.snapshot else Desk(snapshot)
    day = max(away.first_day or snapshot.as_of, snapshot.as_of)
    stays = finished_before(desk, reviewer_id, day)
    without = _without(snapshot, reviewer_id, day, stays)
    encoding = open_alone(without, reviewer_id, stays)
    found = taken_over(encoding, limits, stopped)
    answer = _Answer(without, reviewer_id, encoding, found.assignment)
    return Handover(
        reviewer_id=reviewer_id,
        first_day=day,
        stays=stays,
        taken=answer.taken(),
        takers=answer.takers(),
        left=tuple(one for one in answer.left(limits) if one.case_id not in stays),
        proof="fewest" if found.fewest else "found",
        warnings=now.warnings,
        kept=_if_kept(desk, reviewer_id, Away(day, away.last_day)),
    )


def taken_over(
    encoding: Encoding, limits: CpLimits, stopped: Callable[[], bool] = lambda: False
) -> FewTakers:
    """As many of the open places taken as can be, by as few people as can be.

    Raises
    ------
    NoPlan
        The limit came before there was any answer.
    """
    found = few_takers(encoding.problem, limits, stopped)
    if found is None:
        raise NoPlan("the time was too short to find who takes over")
    if faults := breaches(encoding.problem, found.assignment):
        raise InternalFault(encoding.facts.snapshot.digest(), faults)
    return found


def finished_before(desk: Desk, reviewer_id: str, day: date) -> tuple[str, ...]:
    """Cases whose sign-off is forecast before a day, if the reviewer goes on with all they have; and those
    that have no hours left.
    """
    now = desk.now()
    mine = now.filled.reviewer == desk.reviewer(reviewer_id)
    done = (now.forecast.finish > 0) & (now.forecast.finish < day.toordinal())
    done |= now.filled.minutes == 0
    done &= mine & ~desk.facts.clocks.on_hold[now.filled.case]
    return tuple(sorted(desk.facts.cases[row].case_id for row in now.filled.case[done].tolist()))


def _if_kept(desk: Desk, reviewer_id: str, away: Away) -> tuple[HeldPlace, ...]:
    """What a reviewer has, as it would be if they kept it, and were not there for some time."""
    snapshot, day = desk.snapshot, away.first_day or desk.snapshot.as_of
    mine = [c for c in snapshot.cases if reviewer_id in (c.reviewer_id, c.second_reviewer_id)]
    theirs = [one for one in snapshot.absences if one.reviewer_id == reviewer_id]
    who = desk.facts.reviewers[desk.reviewer(reviewer_id)]
    if away.last_day is None:
        last = day - timedelta(days=1)
        who = who.model_copy(update={"leaves_on": min(last, who.leaves_on or last)})
    elif away.last_day >= day:
        theirs.append(Absence(reviewer_id=reviewer_id, from_=day, to=away.last_day))
    nothing_else = {"declines": (), "interests": ()}
    update = {"reviewers": (who,), "cases": tuple(mine), "absences": tuple(theirs), **nothing_else}
    found = load_ahead(Desk(snapshot.model_copy(update=update)).now(), reviewer_id, 1).places
    return found if away.last_day is not None else tuple(_unless_late_for(day, one) for one in found)


def _unless_late_for(day: date, one: HeldPlace) -> HeldPlace:
    """The same, never done if it is not by the day on which nobody is there who would do it."""
    if one.hours_left == 0 or one.on_hold or (one.finish_on is not None and one.finish_on < day):
        return one
    return one.model_copy(update={"finish_on": None, "on_time": False})


def _without(snapshot: Snapshot, reviewer_id: str, day: date, stays: tuple[str, ...]) -> Snapshot:
    """The snapshot in which what they hold and do not finish is to be taken over."""
    last = day - timedelta(days=1)

    def leaves(case: Case) -> Case:
        holders = case.reviewer_id, case.second_reviewer_id
        if last < snapshot.as_of or reviewer_id not in holders or case.case_id in stays:
            return case  # who has left is released from all they held
        return case.model_copy(update={"excluded_reviewers": (*case.excluded_reviewers, reviewer_id)})

    people = tuple(
        one.model_copy(update={"leaves_on": min(last, one.leaves_on or last)})
        if one.reviewer_id == reviewer_id
        else one
        for one in snapshot.reviewers
    )
    cases = tuple(leaves(case) for case in snapshot.cases)
    return snapshot.model_copy(update={"reviewers": people, "cases": cases})


def open_alone(snapshot: Snapshot, reviewer_id: str, stays: Collection[str] = ()) -> Encoding:
    """The problem in which nothing is to be given to anyone but the leaver's places that do not stay."""
    encoding = encode(snapshot)
    places, problem, cases = encoding.places, encoding.problem, encoding.facts.cases
    each = zip(places.case.tolist(), places.role.tolist(), strict=True)
    had = [
        holder_of(cases[row], Role(role)) == reviewer_id and cases[row].case_id not in stays
        for row, role in each
    ]
    keep = problem.required | np.array(had, np.bool_)
    return replace(encoding, problem=problem.keep_arcs(np.repeat(keep, np.diff(problem.arc_start))))


@dataclass(frozen=True, eq=False)
class _Answer:
    """Who has what once it is handed over."""

    snapshot: Snapshot
    reviewer_id: str
    encoding: Encoding
    assignment: Ints

    @cached_property
    def _filled(self) -> Filled:
        return filled_places(self.encoding, self.assignment)

    @cached_property
    def _given(self) -> Standing:
        return standing(self.encoding.facts, self.encoding.efforts, self.encoding.totals, self._filled)

    def taken(self) -> tuple[Taken, ...]:
        """Their places that somebody has."""
        rows = assignments_of(self.encoding, self._filled, self._given)
        new = [row for row, is_new in zip(rows, self._filled.new.tolist(), strict=True) if is_new]
        told = [Taken.model_validate(row.model_dump(include=set(Taken.model_fields))) for row in new]
        return tuple(sorted(told, key=lambda row: (row.case_id, row.role)))

    def takers(self) -> tuple[Taker, ...]:
        """What it does to each of them."""
        facts, new = self.encoding.facts, self._filled.reviewer[self._filled.new]
        capacity = facts.capacities.capacity
        return tuple(
            Taker(
                reviewer_id=facts.reviewers[who].reviewer_id,
                places=places,
                workload_percent_before=percent(int(self._given.kept[who]), int(capacity[who])),
                workload_percent_after=percent(int(self._given.given[who]), int(capacity[who])),
            )
            for who, places in zip(*(one.tolist() for one in np.unique(new, return_counts=True)), strict=True)
        )

    def _released(self, place: int) -> str:
        places = self.encoding.places
        key = int(places.case[place]), Role(int(places.role[place]))
        return released(self.encoding.held.released[key])

    def left(self, limits: CpLimits) -> Iterator[Left]:
        """Their places that nobody can take, and what would help."""
        places, cases = self.encoding.places, self.encoding.facts.cases
        rows = {(r.case_id, r.role): r for r in unassigned_of(self.encoding, self.assignment, self._given)}
        remedies = Remedies(self.snapshot, self.assignment)
        for place in np.flatnonzero(self.assignment < 0).tolist():
            case, role = cases[int(places.case[place])], Role(int(places.role[place]))
            if holder_of(case, role) == self.reviewer_id:
                row = rows[case.case_id, role.label]
                found = remedies.of(place, limits) if row.reason_code != "on_hold" else None
                tried = found is not None and (found.decided or found.remedies)
                yield Left(
                    case_id=row.case_id,
                    role=row.role,
                    reason=row.reason.removeprefix(f"Was with {self._released(place)}. "),
                    remedies=found.remedies if found is not None and tried else None,
                    remedy=row.remedy,
                )
