"""How full reviewers are now, and by week ahead; what each has, and when it will be done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np
from pydantic import Field

from allocator.desk.desk import Now
from allocator.exact import hours, percent
from allocator.held import Role
from allocator.plan import Number, Part, RoleName, State
from allocator.reviewers import Employment
from allocator.standing import state_of

SUNDAY = 7


class LoadNow(Part):
    """How full one reviewer is."""

    reviewer_id: str
    area: str = Field(description="Home")
    employment: Employment
    hours_per_week: Number
    until: date = Field(description="Last day of the weeks whose work is handed out")
    capacity_hours: Number = Field(description="Hours until then, absences and bank holidays left out")
    held_hours: Number = Field(description="Hours left of all that they have")
    free_hours: Number = Field(description="Hours that may still be given to them until then")
    workload_percent: Number | None = Field(description="held_hours ÷ capacity_hours; empty: no capacity")
    open_cases: int = Field(description="Cases led, those on hold included")
    seconds: int = Field(description="Cases of which they are the second")
    state: State = Field(description="unavailable, over (above 100 %), full (90 % or more), ok")
    away_until: date | None = Field(description="Last day of an absence that takes all of today; empty: here")


class Week(Part):
    """One week of a reviewer's, or what is left of it."""

    first: date
    last: date = Field(description="A Sunday")
    hours: Number = Field(description="For reviews, absences and bank holidays left out")
    booked: Number = Field(description="Of those, what they have takes, done one after the other")


class HeldPlace(Part):
    """One place that a reviewer has, with its clocks."""

    case_id: str
    role: RoleName
    hours_left: Number = Field(description="0 while on hold")
    days: int = Field(description="On its clock; a hold stops it")
    complete_by: date
    on_hold: bool
    start_on: date | None = Field(description="Forecast day of its next hour; empty while on hold")
    finish_on: date | None = Field(
        description="Forecast day of sign-off; empty: on hold, or not in five years"
    )
    on_time: bool | None = Field(description="finish_on is no later than complete_by; empty while on hold")


class LoadAhead(Part):
    """How full a reviewer is now and by week ahead, and what they have."""

    now: LoadNow
    weeks: tuple[Week, ...]
    places: tuple[HeldPlace, ...] = Field(description="In the order in which they are done")


def loads(now: Now, reviewer_ids: Collection[str] | None = None) -> tuple[LoadNow, ...]:
    """How full each of some reviewers is, by id; None: everybody."""
    found = now.facts.reviewer_row
    wanted = found if reviewer_ids is None else [one for one in reviewer_ids if one in found]
    seconds = np.bincount(now.filled.reviewer[now.filled.role == Role.SECOND], minlength=len(found))
    away = _away(now)
    return tuple(_load(now, found[one], int(seconds[found[one]]), away.get(one)) for one in sorted(wanted))


def load_ahead(now: Now, reviewer_id: str, weeks: int) -> LoadAhead:
    """How full one reviewer is, now and in so many weeks, this one the first.

    Raises
    ------
    BadInput
        No such reviewer.
    """
    who = now.desk.reviewer(reviewer_id)
    return LoadAhead(
        now=loads(now, [reviewer_id])[0], weeks=_weeks(now, who, weeks), places=_places(now, who)
    )


def _load(now: Now, who: int, seconds: int, away_until: date | None) -> LoadNow:
    one, room, standing = now.facts.reviewers[who], now.facts.capacities, now.standing
    given, capacity = int(standing.given[who]), int(room.capacity[who])
    return LoadNow(
        reviewer_id=one.reviewer_id,
        area=one.areas[0],
        employment=one.employment,
        hours_per_week=one.hours_per_week,
        until=date.fromordinal(int(room.horizon_ends[who])),
        capacity_hours=hours(capacity),
        held_hours=hours(given),
        free_hours=hours(max(0, int(room.limit[who]) - given)),
        workload_percent=percent(given, capacity),
        open_cases=int(standing.leads[who]),
        seconds=seconds,
        state=state_of(given, capacity),
        away_until=away_until,
    )


def _away(now: Now) -> dict[str, date]:
    """By reviewer who is away all of today, until when."""
    today, found = now.facts.snapshot.as_of, dict[str, date]()
    for one in now.facts.snapshot.absences:
        if one.from_ <= today <= one.to and one.percent == 100:
            found[one.reviewer_id] = max(one.to, found.get(one.reviewer_id, one.to))
    return found


def _weeks(now: Now, who: int, weeks: int) -> tuple[Week, ...]:
    today = now.facts.snapshot.as_of
    sunday = today + timedelta(days=SUNDAY - today.isoweekday())
    lasts = [sunday + timedelta(weeks=more) for more in range(weeks)]
    firsts = [today, *(last + timedelta(days=1) for last in lasts[:-1])]
    ends = np.array([last.toordinal() for last in lasts], np.int64)
    done = now.facts.capacities.until(np.full(len(ends), who), ends)
    taken = np.minimum(done, now.standing.given[who])
    each = zip(firsts, lasts, np.diff(done, prepend=0), np.diff(taken, prepend=0), strict=True)
    return tuple(
        Week(first=first, last=last, hours=hours(int(has)), booked=hours(int(takes)))
        for first, last, has, takes in each
    )


def _places(now: Now, who: int) -> tuple[HeldPlace, ...]:
    filled, clocks = now.filled, now.facts.clocks
    mine = np.flatnonzero(filled.reviewer == who)
    mine = mine[np.argsort(clocks.rank[filled.case[mine]], kind="stable")]
    return tuple(_place(now, at) for at in mine.tolist())


def _place(now: Now, at: int) -> HeldPlace:
    row, clocks = int(now.filled.case[at]), now.facts.clocks
    start, finish, by = (
        int(now.forecast.start[at]),
        int(now.forecast.finish[at]),
        int(clocks.complete_by[row]),
    )
    on_hold = bool(clocks.on_hold[row])
    return HeldPlace(
        case_id=now.facts.cases[row].case_id,
        role=Role(int(now.filled.role[at])).label,
        hours_left=hours(int(now.filled.minutes[at])),
        days=int(clocks.days[row]),
        complete_by=date.fromordinal(by),
        on_hold=on_hold,
        start_on=date.fromordinal(start) if start else None,
        finish_on=date.fromordinal(finish) if finish else None,
        on_time=None if on_hold else 0 < finish <= by,
    )
