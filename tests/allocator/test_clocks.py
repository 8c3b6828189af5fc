"""Clocks, holds, urgency and due days, each against a figure worked out by hand."""

from datetime import date, timedelta
from typing import Any

import pytest

from allocator.cases import Case
from allocator.clocks import clock, clocks
from allocator.policy import Policy
from tests.allocator.build import AS_OF, case

DAY = timedelta(days=1)


def of(one: Case, as_of: date = AS_OF) -> dict[str, int]:
    """The case's clock under the shipped policy, by name."""
    return clock(one, Policy(), as_of)._asdict()


def test_clocks_run_in_calendar_months() -> None:
    """Three and six months after 1 October."""
    found = of(case())
    assert found["allocate_by"] == date(2027, 1, 1).toordinal()
    assert found["complete_by"] == date(2027, 4, 1).toordinal()


def test_months_are_clamped_to_their_end() -> None:
    """Six months after 31 August is 28 February."""
    assert of(case(notified_on=date(2026, 8, 31)))["complete_by"] == date(2027, 2, 28).toordinal()


def test_closed_holds_move_both_clocks_and_are_not_counted() -> None:
    """Ten days of holds give ten days more."""
    plain, held = of(case()), of(case(hold_days=10))
    assert held["complete_by"] - plain["complete_by"] == 10
    assert held["allocate_by"] - plain["allocate_by"] == 10
    assert plain["days"] - held["days"] == 10


def test_an_open_hold_stops_the_clock_on_its_first_day() -> None:
    """Notified 1 October, held since the 20th: 19 days on the clock, and 13 days more by 2 November."""
    found = of(case(on_hold_since=date(2026, 10, 20)))
    assert found["days"] == 19
    assert found["complete_by"] == date(2027, 4, 1).toordinal() + 13


def test_days_on_the_clock_are_never_negative() -> None:
    """More hold days than days is nought."""
    assert of(case(hold_days=400))["days"] == 0


def test_work_is_due_before_the_sign_off() -> None:
    """Fourteen days for an initial review."""
    found = of(case())
    assert found["complete_by"] - found["work_due"] == 14


@pytest.mark.parametrize(
    ("fields", "ready"),
    [
        ({"evidence_received_on": date(2026, 10, 5)}, date(2026, 10, 5)),
        ({"evidence_expected_on": date(2027, 1, 4)}, date(2027, 1, 4)),
        (
            {"evidence_received_on": date(2026, 12, 1), "evidence_expected_on": date(2027, 1, 4)},
            date(2026, 12, 1),
        ),
        ({"reviewer_id": "R1", "allocated_on": date(2026, 10, 5)}, date(2026, 10, 5) + 42 * DAY),
        ({}, AS_OF + 42 * DAY),
    ],
)
def test_evidence_is_ready_when_received_else_so_long_after_allocation(
    fields: dict[str, Any], ready: date
) -> None:
    """Received, else expected, else from the day it was allocated, else from today."""
    assert of(case(**fields))["evidence_ready"] == ready.toordinal()


def test_urgency_of_a_new_case() -> None:
    """32 days on the clock are four whole weeks."""
    assert of(case())["urgency"] == 100 + 7 * 4


def test_urgency_counts_priority() -> None:
    """A hundred each."""
    assert of(case(priority=3))["urgency"] == 100 + 7 * 4 + 300


def test_allocate_by_has_passed_only_after_it() -> None:
    """On the day itself nothing is added; on the next, 200."""
    on_the_day = of(case(notified_on=date(2026, 8, 2)))["urgency"]
    a_day_after = of(case(notified_on=date(2026, 8, 1)))["urgency"]
    assert (on_the_day, a_day_after) == (100 + 7 * 13, 100 + 7 * 13 + 200)


def test_the_last_safe_start_counts_once_it_has_come() -> None:
    """Complete by 11 January, less 14, 42 and 14 days, is 2 November: today counts, tomorrow does not."""
    today = of(case(notified_on=date(2026, 7, 11)))
    tomorrow = of(case(notified_on=date(2026, 7, 12)))
    assert today["last_safe_start"] == AS_OF.toordinal()
    assert today["urgency"] - tomorrow["urgency"] == 400


def test_work_is_ordered_by_due_or_evidence_then_notification_then_id() -> None:
    """The later of due and ready decides; ties go to the older case, then to the lesser id."""
    ready_late = case("A", notified_on=date(2026, 10, 1), evidence_received_on=date(2027, 6, 1))
    twins = case("C"), case("B")
    found = clocks([ready_late, *twins], Policy(), AS_OF)
    assert found.rank.tolist() == [2, 1, 0]


def test_no_cases_have_no_clocks() -> None:
    """Empty arrays, not a fault."""
    assert clocks([], Policy(), AS_OF).rank.tolist() == []
