"""The warm-up: something small is planned, so that the first client need not wait for the solver to load."""

from __future__ import annotations

from datetime import date

from allocator.allocate import PlanRequest, allocate
from allocator.intake import parse_snapshot
from api.clock import Clock

WARM_DAY = date(2026, 6, 1)
WARM_SNAPSHOT = {
    "as_of": WARM_DAY.isoformat(),
    "cases": [
        {"case_id": f"c{n}", "area": "A", "notified_on": "2026-05-01", "review_type": kind}
        for n, kind in enumerate(("initial", "initial", "focused"))
    ],
    "reviewers": [
        {"reviewer_id": f"r{n}", "areas": ["A"], "hours_per_week": 6, "skills": ["senior"]} for n in range(2)
    ],
}


def warm_up(now: Clock) -> None:
    """Nothing; something small has been planned, so the solver is loaded and its kernels are compiled."""
    reading = parse_snapshot(WARM_SNAPSHOT, today=WARM_DAY)
    allocate(reading, PlanRequest(effort=1), now)
