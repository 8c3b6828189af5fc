"""Snapshots as a case system would send them: JSON documents, plain unless the test says otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.intake import Reading, parse_snapshot
from allocator.plan import Assignment, Plan, Unassigned, Workload
from allocator.snapshot import Snapshot

Document = dict[str, Any]
Row = dict[str, Any]
AS_OF = date(2026, 11, 2)
"""A Monday; the next bank holiday is Christmas Day, a Friday."""
HORIZON_END = AS_OF + timedelta(days=55)
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PLAIN = PlanRequest(effort=3, workers=1)


def days(number: int, since: date = AS_OF) -> str:
    """The day so many days after as_of (before it, if negative), as JSON has it."""
    return (since + timedelta(days=number)).isoformat()


def case(case_id: str = "C1", **more: Any) -> Row:
    """A plain initial case of area QA, notified a month ago, of the trust RXX."""
    usual = {"area": "QA", "notified_on": "2026-10-01", "review_type": "initial", "organisations": ["RXX"]}
    return {"case_id": case_id, **usual, **more}


def focused(case_id: str = "C1", **more: Any) -> Row:
    """A focused case, which wants a second reviewer too."""
    return case(case_id, **{"review_type": "focused", **more})


def held_by(reviewer_id: str, **more: Any) -> Row:
    """The fields of a case that a reviewer has held for some weeks and has ten hours of left."""
    return {"reviewer_id": reviewer_id, "allocated_on": "2026-10-05", "hours_left": 10, **more}


def reviewer(reviewer_id: str = "R1", **more: Any) -> Row:
    """A dedicated senior reviewer at home in QA: 30 hours a week, 234 in eight weeks with Christmas Day."""
    return {
        "reviewer_id": reviewer_id,
        "areas": ["QA"],
        "hours_per_week": 30,
        "skills": ["senior"],
        **more,
    }


def document(*rows: Row, **tables: Any) -> Document:
    """A snapshot of cases and reviewers in any order, and whatever tables or policy are given beside them."""
    return {
        "as_of": AS_OF.isoformat(),
        "cases": [row for row in rows if "case_id" in row],
        "reviewers": [row for row in rows if "hours_per_week" in row],
        **tables,
    }


def reading(one: Document) -> Reading:
    """The document as intake reads it; BadInput if it has a fault."""
    return parse_snapshot(one, today=AS_OF)


def snapshot_of(one: Document) -> Snapshot:
    """The snapshot alone."""
    return reading(one).snapshot


def stopped_clock() -> datetime:
    """The same moment every time."""
    return NOW


def allocation_of(one: Document, request: PlanRequest = PLAIN) -> Allocation:
    """The plan of a document, which passed its audit on the way out."""
    return allocate(reading(one), request, stopped_clock)


def plan_of(one: Document, request: PlanRequest = PLAIN) -> Plan:
    """The same without its certificate."""
    return allocation_of(one, request).plan


def values_of(plan: Plan) -> tuple[int, int, int]:
    """The three levels' values, the first the most important."""
    levels = plan.objective
    return levels.unallocated.value, levels.late.value, levels.cost.value


def is_proved(plan: Plan) -> bool:
    """Whether every level is optimal."""
    levels = plan.objective
    return {level.proof for level in (levels.unallocated, levels.late, levels.cost)} == {"optimal"}


def takers(plan: Plan) -> dict[str, str]:
    """Who has what: "C1 lead" → "R1"."""
    return {f"{row.case_id} {row.role}": row.reviewer_id for row in plan.assignments}


def line(plan: Plan, place: str) -> Assignment:
    """The line of a place that is filled."""
    (found,) = [row for row in plan.assignments if f"{row.case_id} {row.role}" == place]
    return found


def gap(plan: Plan, place: str) -> Unassigned:
    """The line of a place that is empty."""
    (found,) = [row for row in plan.unassigned if f"{row.case_id} {row.role}" == place]
    return found


def workload(plan: Plan, reviewer_id: str) -> Workload:
    """A reviewer's line."""
    (found,) = [row for row in plan.workloads if row.reviewer_id == reviewer_id]
    return found
