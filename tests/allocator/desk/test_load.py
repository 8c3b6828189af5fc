"""How full reviewers are, now and by week ahead: as the calendar and the forecast have it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from allocator.desk import Desk, Publication, load_ahead, loads
from allocator.errors import BadInput
from allocator.reviewers import Absence
from tests.allocator.build import AS_OF, case, reviewer, snapshot
from tests.allocator.planning import allocated
from tests.allocator.wild import wild


def held(case_id: str, hours: float, **fields: Any) -> Any:
    """A case that R1 leads, with so many hours left."""
    return case(case_id, reviewer_id="R1", allocated_on=date(2026, 10, 5), hours_left=hours, **fields)


def away(first: date, last: date, percent: float = 100.0) -> Absence:
    """An absence of R1's."""
    return Absence(reviewer_id="R1", from_=first, to=last, percent=percent)


def test_weeks_are_full_until_all_is_done() -> None:
    """30 hours a week, 40 to do: this week is booked, a third of the next, then none is."""
    found = load_ahead(Desk(snapshot([held("C1", 40.0)])).now(), "R1", 3)
    assert [(one.hours, one.booked) for one in found.weeks] == [(30, 30), (30, 10), (30, 0)]
    assert (found.weeks[0].first, found.weeks[0].last) == (AS_OF, date(2026, 11, 8))
    assert (found.weeks[1].first, found.weeks[1].last) == (date(2026, 11, 9), date(2026, 11, 15))


def test_an_absence_and_a_bank_holiday_take_their_hours() -> None:
    """Half of a week away, all of the next, and Christmas Day."""
    told = (away(AS_OF, date(2026, 11, 8), 50.0), away(date(2026, 11, 9), date(2026, 11, 15)))
    found = load_ahead(Desk(snapshot([], absences=told)).now(), "R1", 8)
    assert [one.hours for one in found.weeks] == [15, 0, 30, 30, 30, 30, 30, 24]
    assert found.now.away_until is None


def test_who_is_away_today_is_away_until_the_last_of_it() -> None:
    """Not who is away in part, nor who comes back today."""
    told = (
        away(date(2026, 10, 26), AS_OF),
        away(AS_OF, date(2026, 11, 6)),
        away(AS_OF, date(2026, 12, 1), 50),
    )
    (one,) = loads(Desk(snapshot([], absences=told)).now())
    assert one.away_until == date(2026, 11, 6)
    (other,) = loads(Desk(snapshot([], absences=told[2:])).now())
    assert other.away_until is None


def test_nobody_with_no_hours_is_at_none_of_their_load() -> None:
    """Somebody without capacity is unavailable, and has no percentage."""
    (one,) = loads(Desk(snapshot([], [reviewer(hours_per_week=0.0)])).now())
    assert (one.state, one.workload_percent) == ("unavailable", None)


def test_what_they_have_stands_with_its_clocks() -> None:
    """In the order in which it is done; a case on hold takes no hours and is never late."""
    waits = held("C2", 9.0, on_hold_since=date(2026, 10, 20))
    late = held("C1", 30.0, notified_on=date(2026, 3, 1))
    found = load_ahead(Desk(snapshot([waits, late])).now(), "R1", 1)
    by_id = {one.case_id: one for one in found.places}
    assert [one.case_id for one in found.places] == ["C1", "C2"]
    assert (by_id["C1"].on_time, by_id["C1"].hours_left, by_id["C1"].start_on) == (False, 30, AS_OF)
    assert (by_id["C2"].on_time, by_id["C2"].hours_left, by_id["C2"].finish_on) == (None, 0, None)
    assert (found.now.open_cases, found.now.held_hours) == (2, 30)


@pytest.mark.parametrize("seed", range(15))
def test_it_is_what_a_plan_says_once_that_is_published(seed: int) -> None:
    """Hours, percentages, states, and the day on which each place is done."""
    one = wild(seed)
    plan = allocated(one).plan
    told = [Publication(row.case_id, row.role, row.reviewer_id) for row in plan.assignments]
    now = Desk(one).now(told)
    by_id = {row.reviewer_id: row for row in plan.workloads}
    finish = {(row.case_id, row.role): row.finish_on for row in plan.assignments}
    for load in loads(now):
        same = by_id[load.reviewer_id]
        assert (load.capacity_hours, load.workload_percent, load.open_cases, load.state) == (
            same.capacity_hours, same.workload_percent, same.open_cases, same.state,
        )  # fmt: skip
        ahead = load_ahead(now, load.reviewer_id, 4)
        assert {(p.case_id, p.role): p.finish_on for p in ahead.places}.items() <= finish.items()
        assert all(week.booked <= week.hours for week in ahead.weeks)


def test_nobody_of_that_name() -> None:
    """Is a fault."""
    with pytest.raises(BadInput):
        load_ahead(Desk(snapshot()).now(), "R9", 1)
