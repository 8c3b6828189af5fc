"""The queue in figures: each case's clocks as the contract says, and sums that agree with the rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from allocator.backlog import AGES, OLDER, OpenCase, OpenRows, backlog
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, snapshot
from tests.allocator.wild import wild

HELD = {"reviewer_id": "R1", "allocated_on": AS_OF - timedelta(days=20)}


def only(one: Snapshot) -> OpenCase:
    """The one case of a queue."""
    (found,) = backlog(OpenRows(one)).cases
    return found


@pytest.mark.parametrize(("late", "is_overdue"), [(0, False), (1, True)])
def test_a_case_is_overdue_the_day_after_it_should_have_been_allocated(late: int, is_overdue: bool) -> None:
    """Three months after it was notified is still in time."""
    day = date(2026, 9, 1)
    one = snapshot([case(notified_on=date(2026, 6, 1))])
    found = backlog(OpenRows(one.model_copy(update={"as_of": day + timedelta(days=late)})))
    assert found.cases[0].allocate_by == day
    assert found.cases[0].overdue is is_overdue
    assert found.total.overdue_to_allocate == int(is_overdue)


def test_a_hold_stops_all_but_the_count() -> None:
    """It is neither waiting nor overdue, however long."""
    one = snapshot([case(notified_on=date(2024, 1, 1), on_hold_since=date(2024, 1, 2))])
    found = backlog(OpenRows(one)).total
    assert (found.cases, found.on_hold, found.to_allocate, found.overdue_to_allocate) == (1, 1, 0, 0)
    assert sum(found.ages.values()) == 0


def test_a_case_that_is_held_no_longer_has_to_be_allocated() -> None:
    """Its other clock runs on."""
    one = only(snapshot([case(notified_on=AS_OF - timedelta(days=120), **HELD)]))
    assert (one.is_allocated, one.overdue, one.at_risk) == (True, False, False)
    late = only(snapshot([case(notified_on=AS_OF - timedelta(days=400), **HELD)]))
    assert late.overdue


@pytest.mark.parametrize("seed", range(30))
def test_figures_are_the_rows_counted(seed: int) -> None:
    """In all, by area, by age; and the most urgent come first."""
    one = wild(seed)
    found = backlog(OpenRows(one))
    assert [row.urgency for row in found.cases] == sorted((row.urgency for row in found.cases), reverse=True)
    assert {row.case_id for row in found.cases} == {c.case_id for c in one.cases if c.out_of_scope is None}
    for name in ("cases", "to_allocate", "allocated", "on_hold", "overdue_to_allocate", "at_risk"):
        assert getattr(found.total, name) == sum(getattr(area, name) for area in found.by_area)
    assert sum(found.total.ages.values()) == found.total.to_allocate
    assert set(found.total.ages) == {*(name for name, _ in AGES), OLDER}
    some = found.by_area[:1]
    assert all(
        backlog(OpenRows(one), [area.area]).total == type(found.total)(**area.model_dump(exclude={"area"}))
        for area in some
    )
