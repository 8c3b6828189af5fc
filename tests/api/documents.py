"""Snapshots as JSON documents: a small sound one, and one with several faults."""

from __future__ import annotations

import copy
from typing import Any

AS_OF = "2026-06-01"


def small_snapshot() -> dict[str, Any]:
    """Six cases and three reviewers; case c5 is on hold and r0 holds c4."""
    cases = [
        {
            "case_id": f"c{n}",
            "area": "QWO",
            "notified_on": "2026-05-20",
            "review_type": kind,
            "organisations": ["RXX"],
        }
        for n, kind in enumerate(["initial", "initial", "focused", "initial", "initial", "initial"])
    ]
    cases[4] |= {"reviewer_id": "r0", "allocated_on": "2026-05-25"}
    cases[5] |= {"on_hold_since": "2026-05-28", "hold_reason": "coroner"}
    reviewers = [
        {"reviewer_id": f"r{n}", "areas": ["QWO"], "hours_per_week": 5 + n, "skills": ["senior"]}
        for n in range(3)
    ]
    return copy.deepcopy({"as_of": AS_OF, "cases": cases, "reviewers": reviewers})


def faulty_snapshot() -> dict[str, Any]:
    """An unknown column, a decline by nobody known, a date that is none and a negative number."""
    document = small_snapshot()
    document["cases"][0] |= {"notifed_on": "2026-05-20"}
    document["cases"][1] |= {"notified_on": "soon"}
    document["declines"] = [{"reviewer_id": "r9", "case_id": "c0"}]
    document["reviewers"][0] |= {"hours_per_week": -1}
    return document
