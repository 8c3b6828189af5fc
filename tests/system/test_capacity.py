"""Capacity and workload, through a plan's workloads, every figure worked out by hand.

as_of is Wednesday 4 November 2026. Eight weeks reach to Tuesday 29 December: three days of the first week,
seven weeks of five, two of the last; without Christmas Day (a Friday) and Boxing Day (kept on Monday the
28th) 38 working days. Nearly everybody has 10 hours a week: 2 a day, 76 in all.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from allocator.plan import Plan
from tests.system.documents import Document, Row, case, plan_of, reviewer, workload

AS_OF = date(2026, 11, 4)
Figures = tuple[float, float, float, float | None, int, str]
"""Hours of capacity, held and new, workload in percent, open cases, state."""


def person(reviewer_id: str, **more: Any) -> Row:
    """Somebody with an area of their own."""
    return reviewer(reviewer_id, **{"areas": [f"Q{reviewer_id}"], "hours_per_week": 10, **more})


def held(case_id: str, by: str, hours: float | None, **more: Any) -> Row:
    """A case that somebody holds."""
    usual = {"reviewer_id": by, "allocated_on": "2026-10-05", "hours_left": hours}
    return case(case_id, **{"area": f"Q{by}", **usual, **more})


def away(reviewer_id: str, first: str, last: str, percent: float = 100) -> Row:
    """An absence."""
    return {"reviewer_id": reviewer_id, "from": first, "to": last, "percent": percent}


PEOPLE: dict[str, tuple[Row, Figures]] = {
    # 38 × 2
    "PLAIN": ({}, (76, 0, 0, 0, 0, "ok")),
    # half of 9 to 13 November
    "PART": ({}, (71, 0, 0, 0, 0, "ok")),
    # 60 % on the 9th, 10th, 16th and 17th: 1.2 hours each; 120 % from 11 to 13: a whole day, not more
    "OVERLAP": ({}, (65.2, 0, 0, 0, 0, "ok")),
    "WEEKEND": ({}, (76, 0, 0, 0, 0, "ok")),
    # 21 to 31 December: 21, 22, 23, 24 and 29
    "XMAS": ({}, (66, 0, 0, 0, 0, "ok")),
    # 7 to 11, 14 to 18, 21 to 24 and 29 December: 15 days
    "STARTER": ({"starts_on": "2026-12-07"}, (30, 0, 0, 0, 0, "ok")),
    # 4 to 6 and 9 to 13 November: 8 days
    "LEAVER": ({"leaves_on": "2026-11-13"}, (16, 0, 0, 0, 0, "ok")),
    "ZERO": ({"hours_per_week": 0}, (0, 0, 0, None, 0, "unavailable")),
    "AWAY": ({}, (0, 0, 0, None, 0, "unavailable")),
    "LATER": ({"starts_on": "2027-01-04"}, (0, 0, 0, None, 0, "unavailable")),
    # 260 weekdays but for eight bank holidays (two at Christmas, New Year, two at Easter, two in May, August)
    "DAYJOB": ({"employment": "day_job", "hours_per_week": 1}, (50.4, 0, 0, 0, 0, "ok")),
    # to 24 November: 15 days
    "OWN": ({"horizon_weeks": 3}, (30, 0, 0, 0, 0, "ok")),
    # 44.4 minutes a day, 33.3 % less on one: 1,672.41 minutes, rounded down once
    "FLOOR": ({"hours_per_week": 3.7}, (27.87, 0, 0, 0, 0, "ok")),
    # 20 hours of one case, none of that on hold, 2 as a second of someone else's; 22 of 76
    "HELD": ({}, (76, 22, 0, 28.9, 2, "ok")),
    "FULL": ({}, (76, 68.4, 0, 90, 2, "full")),
    # nothing new, though there is a case that nobody else could take
    "OVER": ({}, (76, 80, 0, 105.3, 1, "over")),
    # held work without any hours: no percentage, whatever is held
    "STUCK": ({"hours_per_week": 0}, (0, 5, 0, None, 1, "unavailable")),
    # 14 hours × 1.5 as a new lead
    "SLOW": ({"hours_factor": 1.5}, (76, 0, 21, 27.6, 1, "ok")),
    # 3 hours × 0.85 as a new second: 153 minutes
    "SECOND": ({"hours_factor": 0.85}, (76, 0, 2.55, 3.4, 0, "ok")),
    # 14 hours × 1.25 × 30 of 183 days to go: 172 minutes
    "ASSUMED": ({"hours_factor": 1.25}, (76, 2.87, 0, 3.8, 1, "ok")),
    # allocated after its day to complete: a tenth of 14 hours, 84 minutes
    "TENTH": ({}, (76, 1.4, 0, 1.8, 1, "ok")),
    # on hold without hours given: nothing
    "WAITS": ({}, (76, 0, 0, 0, 1, "ok")),
}
ABSENCES = [
    away("PART", "2026-11-09", "2026-11-13", 50),
    away("OVERLAP", "2026-11-09", "2026-11-13", 60),
    away("OVERLAP", "2026-11-11", "2026-11-17", 60),
    away("WEEKEND", "2026-11-07", "2026-11-08"),
    away("XMAS", "2026-12-21", "2026-12-31"),
    away("AWAY", "2026-01-01", "2027-12-31"),
    away("FLOOR", "2026-11-09", "2026-11-09", 33.3),
]
CASES = [
    held("H1", "HELD", 20),
    held("H2", "HELD", 50, on_hold_since="2026-10-20"),
    held("H3", "FULL", 68.4, review_type="focused", second_reviewer_id="HELD", second_hours_left=2),
    held("H4", "OVER", 80),
    held("H5", "STUCK", 5),
    held("H6", "ASSUMED", None, notified_on="2026-06-04", allocated_on="2026-06-04"),
    held("H7", "TENTH", None, notified_on="2026-03-01", allocated_on="2026-09-10"),
    held("H8", "WAITS", None, on_hold_since="2026-10-20"),
    held("H9", "GONE", 6, area="QNOBODY"),
    case("N1", area="QSLOW"),
    case("N2", area="QOVER"),
    held("N3", "FULL", 0, area="QSECOND", review_type="focused", on_hold_since=None),
]


def document(**policy: Any) -> Document:
    """The snapshot of everybody."""
    return {
        "as_of": AS_OF.isoformat(),
        "policy": policy,
        "cases": CASES,
        "reviewers": [person(name, **fields) for name, (fields, _) in PEOPLE.items()],
        "absences": ABSENCES,
    }


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of everybody."""
    return plan_of(document())


@pytest.mark.parametrize("name", PEOPLE)
def test_each_line_of_workloads_is_as_worked_out_by_hand(plan: Plan, name: str) -> None:
    """Part weeks, bank holidays, absences, starters, leavers, zero hours, holds, factors, assumed hours."""
    row = workload(plan, name)
    said = (
        row.capacity_hours,
        row.held_hours,
        row.new_hours,
        row.workload_percent,
        row.open_cases,
        row.state,
    )
    assert said == PEOPLE[name][1]


@pytest.mark.parametrize(("name", "hours"), [("PLAIN", 80), ("XMAS", 66), ("DAYJOB", 52), ("STARTER", 34)])
def test_without_bank_holidays_those_days_count(name: str, hours: float) -> None:
    """Two days at Christmas; XMAS is away then, so nothing changes for them."""
    all_days = plan_of(document(capacity={"bank_holidays": "none"}))
    assert workload(all_days, name).capacity_hours == hours


def test_whoever_is_full_of_held_work_gets_nothing_new(plan: Plan) -> None:
    """The case in OVER's area stays unplaced for want of capacity; that of GONE for want of anyone."""
    codes = {row.case_id: row.reason_code for row in plan.unassigned if row.role == "lead"}
    assert codes == {"N2": "no_capacity", "H9": "area"}
