"""What each line of assignments says: its change, hours, distance and dates, all worked out again."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from allocator.audit.exact import Bools, Ints, hours_of, number
from allocator.audit.facts import LEAD
from allocator.audit.finding import Finding
from allocator.audit.forecast import NEVER, Forecast, Pieces, first_hour, forecast
from allocator.audit.view import View

KM_TOLERANCE = 1e-6
_NO_DAYS: dict[str, tuple[object, ...]] = {"start_on": (None,), "finish_on": (None,), "on_time": (None,)}


def change(view: View) -> Iterator[Finding]:
    """Yield lines whose change is not so, or that name the wrong holder before."""
    for index, line in enumerate(view.rows.lines):
        case, role = view.facts.cases[view.rows.case[index]], int(view.rows.role[index])
        holder = case.reviewer_id if role == LEAD else case.second_reviewer_id
        right = "kept" if view.rows.kept[index] else "moved" if holder else "new"
        where = view.facts.label(int(view.rows.case[index]), role)
        if line["change"] != right:
            yield Finding("shape", where, f"change is {line['change']!r}, by the snapshot it is {right}")
        before = line["previous_reviewer_id"]
        if before != (holder if right == "moved" else None) and not (right == "kept" and before == holder):
            yield Finding("shape", where, f"previous_reviewer_id is {before!r}, the holder was {holder!r}")
        if not (isinstance(line["reason"], str) and line["reason"].strip()):
            yield Finding("shape", where, "no reason is given")


def hours(view: View) -> Iterator[Finding]:
    """Yield lines whose hours are not the minutes of the place, in hours with 2 decimals."""
    for index, line in enumerate(view.rows.lines):
        right = hours_of(int(view.rows.minutes[index]))
        if number(line["hours"]) != right:
            where = view.facts.label(int(view.rows.case[index]), int(view.rows.role[index]))
            yield Finding("hours", where, f"hours is {line['hours']!r}, the contract gives {right:g}")


def distance(view: View) -> Iterator[Finding]:
    """Yield lines whose distance is not the great circle's: km with 1 decimal, empty without a position."""
    rows = view.rows
    far = view.tables.positions.km(rows.case, rows.reviewer).tolist()
    for line, km, row, role in zip(rows.lines, far, rows.case.tolist(), rows.role.tolist(), strict=True):
        said, stated = line["distance_km"], number(line["distance_km"])
        if np.isnan(km):
            right = said is None
        else:
            right = stated is not None and abs(stated - km) <= 0.05 + KM_TOLERANCE
            right = right and stated is not None and round(stated, 1) == stated
        if not right:
            shown = "empty" if np.isnan(km) else f"{km:.1f}"
            yield Finding("distance", view.facts.label(row, role), f"distance_km is {said!r}, it is {shown}")


def work_of(view: View) -> tuple[Ints, Forecast]:
    """Return the rows that are work (not on hold) and their forecast."""
    rows = view.rows
    working = np.flatnonzero(~view.facts.on_hold[rows.case])
    return working, forecast(view.facts, pieces_of(view, working))


def pieces_of(view: View, working: Ints) -> Pieces:
    """Return rows of the plan as pieces of work."""
    rows = view.rows
    return Pieces(rows.case[working], rows.reviewer[working], rows.minutes[working])


def dates(view: View, working: Ints, told: Forecast) -> Iterator[Finding]:
    """Yield lines whose start_on, finish_on, complete_by or on_time is not the forecast's."""
    facts, rows = view.facts, view.rows
    starts = first_hour(facts, rows.reviewer[working], told.before)
    days = {day: _day(view, day) for day in np.unique([*starts, told.finish]).tolist()}
    columns = (working, *starts, told.finish, told.in_time)
    expected = {
        index: {"start_on": (days[first], days[other]), "finish_on": (days[last],), "on_time": (in_time,)}
        for index, first, other, last, in_time in zip(*(part.tolist() for part in columns), strict=True)
    }
    for index, (line, row) in enumerate(zip(rows.lines, rows.case.tolist(), strict=True)):
        right: dict[str, tuple[object, ...]] = {"complete_by": (facts.clocks[row].complete_by.isoformat(),)}
        right |= expected.get(index, _NO_DAYS)
        for name, allowed in right.items():
            if not any(_same(line[name], value) for value in allowed):
                where = facts.label(row, int(rows.role[index]))
                yield Finding("dates", where, f"{name} is {line[name]!r}, the forecast gives {allowed[0]!r}")


def _same(said: object, right: object) -> bool:
    """Return whether two JSON values are the same, 1 and true apart."""
    return type(said) is type(right) and said == right


def _day(view: View, day: int) -> str | None:
    """Return a day counted from as_of as a date, nothing for never."""
    return None if day == NEVER else (view.facts.snapshot.as_of + timedelta(days=day)).isoformat()


def on_time(view: View, working: Ints, told: Forecast) -> dict[str, int]:
    """Return how many leads of the plan end in time and how many late."""
    leads: Bools = view.rows.role[working] == LEAD
    in_time = int((leads & told.in_time).sum())
    return {"in_time": in_time, "late": int(leads.sum()) - in_time}
