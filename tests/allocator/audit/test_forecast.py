"""Dates, clocks and points: small examples with the answer written out."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from allocator.audit.auditor import _look
from allocator.audit.checks_lines import work_of
from allocator.audit.clock import working_days
from allocator.audit.forecast import NEVER, first_hour
from allocator.audit.levels import cost, workload_points
from allocator.audit.view import View
from allocator.places import Area
from allocator.reviewers import Absence
from tests.allocator.audit.build import AS_OF, case, focused, holds, policy, reviewer, rough, snap


def _view(snapshot: Any, given: dict[str, str], max_moves: int = 0) -> View:
    return _look(snapshot, rough(snapshot, given, max_moves))[0]


def _finish(snapshot: Any, given: dict[str, str]) -> list[int]:
    """Return the day of finish_on of each line, counted from 2 November 2026."""
    return [int(day) for day in work_of(_view(snapshot, given))[1].finish]


GOT = date(2026, 10, 20)


@pytest.mark.parametrize(
    ("effort", "finish"),
    [(0.001, 0), (6.0, 0), (6.01, 1), (30.0, 4), (30.01, 7), (234.0, 52), (234.02, 57), (7_800.0, NEVER)],
)
def test_work_ends_on_the_day_of_its_last_hour(effort: float, finish: int) -> None:
    """Six hours a day; weekends, Christmas and the horizon are stepped over; five years are the end."""
    one = case(effort_hours=effort, evidence_received_on=GOT)
    assert _finish(snap(one, reviewer()), {"C1 lead": "R1"}) == [finish + 14 if finish != NEVER else NEVER]


def test_work_waits_for_its_evidence() -> None:
    """42 days from as_of for a new case, from allocated_on for one held or released."""
    rows = (case("C1"), case("C2", **holds(hours_left=1.0)), case("C3", **holds("R9")), reviewer())
    finish = _finish(snap(*rows), {"C1 lead": "R1", "C2 lead": "R1", "C3 lead": "R1"})
    assert finish == [42 + 14, 11 + 14, 11 + 14]


def test_work_waits_until_late_evidence_is_expected() -> None:
    """Whoever has the case said for when; once it has come, that day counts."""
    late, come = {"evidence_expected_on": date(2027, 1, 4)}, {"evidence_received_on": GOT}
    rows = (case("C1", **holds(hours_left=1.0), **late), case("C2", **holds(hours_left=1.0), **late, **come))
    finish = _finish(snap(*rows, reviewer()), {"C1 lead": "R1", "C2 lead": "R1"})
    assert finish == [63 + 14, 0 + 14]


def test_work_is_done_in_the_order_of_its_dates() -> None:
    """Due soonest first (for C1 the evidence is later than that), then by notification and id."""
    same = {"evidence_received_on": GOT, "effort_hours": 6.0}
    rows = (
        case("C4", **same),
        case("C2", **same),
        case("C3", notified_on=date(2026, 9, 30), **same),
        case("C1", effort_hours=6.0, evidence_received_on=None, notified_on=date(2026, 1, 5)),
        reviewer(),
    )
    given = {f"C{index} lead": "R1" for index in range(1, 5)}
    assert _finish(snap(*rows), given) == [42 + 14, 2 + 14, 1 + 14, 3 + 14]
    view = _view(snap(*rows), given)
    assert view.facts.rank.tolist() == [0, 2, 1, 3]


def test_a_start_is_the_day_of_the_first_hour_in_whole_minutes_or_exactly() -> None:
    """A day that ends within a minute starts the next piece on it, or the day after: both are accepted."""
    slow = reviewer(hours_per_week=0.25)  # three minutes a day, two and a bit of them with a 30 % absence
    away = (Absence(reviewer_id="R1", from_=AS_OF, to=date(2027, 1, 1), percent=30.0),)
    facts = _view(snap(case(), slow, absences=away), {}).facts
    assert facts.diaries.done[0, :5].tolist() == [2, 4, 6, 8, 10]
    starts = first_hour(facts, np.zeros(3, dtype=np.int64), np.array([0, 2, 10_000_000]))
    assert [start.tolist() for start in starts] == [[0, 1, NEVER], [0, 0, NEVER]]


def test_many_decimals_are_reckoned_exactly() -> None:
    """Beyond 64 bits the sums go on in whole numbers of any size."""
    odd = reviewer(hours_per_week=0.1234567890123456, hours_factor=1.2345678901234567)
    away = (Absence(reviewer_id="R1", from_=AS_OF, to=AS_OF, percent=12.345678901234567),)
    facts = _view(snap(case(effort_hours=13.123456789012345), odd, absences=away), {}).facts
    assert facts.diaries.capacity.tolist() == [57]  # 1.4815 × 38.8765 = 57.595
    assert facts.efforts.minutes(0, np.array([0]), np.array([0])).tolist() == [972]  # 972.09


def test_working_days_know_englands_bank_holidays() -> None:
    """Easter and the substitute for Boxing Day; without them, only weekends."""
    days = working_days(date(2026, 12, 24), 6, "england")
    assert days.tolist() == [True, False, False, False, False, True]
    assert working_days(date(2026, 12, 24), 6, "none").tolist() == [True, True, False, False, True, True]
    assert working_days(date(2027, 3, 26), 4, "england").tolist() == [False] * 4


@pytest.mark.parametrize(
    ("more", "urgency"),
    [
        ({"notified_on": date(2026, 11, 2)}, 100),
        ({"notified_on": date(2026, 10, 27)}, 100),
        ({"notified_on": date(2026, 10, 26)}, 107),
        ({"notified_on": date(2026, 10, 26), "hold_days": 1}, 100),
        ({"notified_on": date(2026, 10, 26), "hold_days": 99}, 100),
        ({"notified_on": date(2026, 10, 26), "priority": 2}, 307),
        ({"notified_on": date(2026, 8, 2)}, 100 + 7 * 13),
        ({"notified_on": date(2026, 8, 1)}, 100 + 7 * 13 + 200),
        ({"notified_on": date(2026, 7, 12)}, 100 + 7 * 16 + 200),
        ({"notified_on": date(2026, 7, 11)}, 100 + 7 * 16 + 200 + 400),
        ({"notified_on": date(2026, 7, 11), "hold_days": 1}, 100 + 7 * 16 + 200),
        ({"notified_on": date(2026, 8, 1), "on_hold_since": date(2026, 11, 1)}, 100 + 7 * 13),
        ({"notified_on": date(2026, 8, 1), "on_hold_since": date(2026, 8, 1)}, 100),
    ],
)
def test_urgency_follows_the_clock(more: dict[str, Any], urgency: int) -> None:
    """Whole weeks, less holds; 200 once allocate-by has passed; 400 once the last safe start has come."""
    assert _view(snap(case(**more)), {}).facts.urgency.tolist() == [urgency]


def test_cost_counts_distance_home_moves_and_workload() -> None:
    """11.1 km, 20 for a lead away from home, 50 a move, and the hours above the bands."""
    areas = (Area(area="QA", latitude=52.0, longitude=-1.0), Area(area="QB", latitude=52.1, longitude=-1.0))
    away = reviewer("R2", areas=("QB", "QA"))
    rows = (case(**holds(hours_left=1.0)), reviewer(), away)
    assert cost(_view(snap(*rows, areas=areas), {"C1 lead": "R1"})) == 0
    assert cost(_view(snap(*rows, areas=areas), {"C1 lead": "R2"}, 1)) == 11 + 20 + 50
    both = (focused(), reviewer(), away)
    assert cost(_view(snap(*both, areas=areas), {"C1 lead": "R1", "C1 second": "R2"})) == 11
    dear = policy(weights={"kilometre": 3})
    assert cost(_view(snap(*both, areas=areas, policy=dear), {"C1 lead": "R1", "C1 second": "R2"})) == 33


@pytest.mark.parametrize(
    ("hours", "points"),
    [(0.0, 0), (117.0, 0), (117.98, 0), (118.0, 1), (187.2, 70), (188.2, 72), (210.6, 117), (234.0, 257)],
)
def test_workload_points_are_rounded_down_once(hours: float, points: int) -> None:
    """1 an hour above 117, 2 above 187.2, 6 above 210.6: of 234 hours 70.2 + 46.8 + 140.4 = 257.4 points."""
    facts = _view(snap(case(), reviewer()), {}).facts
    assert workload_points(facts, np.array([round(hours * 60)])) == points


def test_work_of_someone_without_time_costs_from_the_first_minute() -> None:
    """Every band starts at nothing: six points an hour."""
    facts = _view(snap(case(), reviewer(hours_per_week=0.0)), {}).facts
    assert workload_points(facts, np.array([90])) == 9
