"""The same drawn snapshots with a few values at the ends of what the contract allows."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.system.documents import Document, days
from tests.system.draws import documents

CASE: dict[str, tuple[Any, ...]] = {
    "effort_hours": (0.004, 0.0084, 900, 6000),
    "priority": (9,),
    "hold_days": (365, 3000),
    "notified_on": ("2015-02-28", "2026-08-31", "2026-11-02"),
}
HELD: dict[str, tuple[Any, ...]] = {"hours_left": (0.004, 400, 9999), "admin_hours_left": (0.01, 300)}
PERSON: dict[str, tuple[Any, ...]] = {
    "hours_per_week": (0.01, 0.1, 60),
    "hours_factor": (0.01, 0.123456789, 3, 10),
    "max_open_cases": (0, 100),
    "cases_a_year": (0, 1000),
    "horizon_weeks": (1, 104, 260),
    "max_distance_km": (0.01, 5000),
}
POLICY: dict[str, tuple[Any, ...]] = {
    "horizon": ({"weeks": 1}, {"weeks": 104}),
    "clocks": ({"complete_months": 1, "allocate_months": 1}, {"complete_months": 120}),
    "capacity": ({"max_workload": 0.01}, {"max_workload": 2}, {"day_job_open_cases": 0}),
    "weights": ({"workload": [[0, 1], [0.001, 3], [2, 1000]]}, {"move": 0}, {"away_from_home_area": 100000}),
    "review_types": (
        {"initial": {"evidence_days": 0, "sign_off_days": 0}, "focused": {"sign_off_days": 730}},
        {"initial": {"hours": 1, "admin_hours": 0}, "focused": {"hours": 100, "second": {"hours": 0.004}}},
        {"focused": {"second": {"hours": 40, "skills": []}}, "initial": {"evidence_days": 730}},
    ),
}


@st.composite
def extreme_documents(draw: Any, most_cases: int = 5, most_reviewers: int = 3, least: int = 1) -> Document:
    """A drawn snapshot in which one row or the policy has one value at an end, up to four times."""
    one: Document = deepcopy(draw(documents(most_cases, most_reviewers, least)))
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["case", "held", "person", "policy"]))
        held = [row for row in one["cases"] if row.get("reviewer_id")]
        rows = {"case": one["cases"], "held": held, "person": one["reviewers"], "policy": [one["policy"]]}[
            kind
        ]
        ends = {"case": CASE, "held": HELD, "person": PERSON, "policy": POLICY}[kind]
        if rows:
            column = draw(st.sampled_from(sorted(ends)))
            draw(st.sampled_from(rows))[column] = draw(st.sampled_from(ends[column]))
    for row in one["cases"]:
        _in_order(row)
    return one


def _in_order(row: dict[str, Any]) -> None:
    """Let nothing happen before the notification."""
    for column in ("on_hold_since", "allocated_on"):
        if row.get(column) and row[column] < row["notified_on"]:
            row[column] = days(0)
