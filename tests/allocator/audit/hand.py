"""A snapshot of six cases and three reviewers with its plan, every number worked out by hand.

as_of is Monday 2 November 2026. Eight weeks hold 39 working days (25 December is a bank holiday): R1 has 20
hours a week = 240 minutes a day = 156 hours; R2 has 3 hours a week = 36 minutes a day = 23.4 hours; R3 none.

- C1 (initial, new): 28 days on the clock, U = 100 + 7 × 4 = 128.
- C2 (focused, R1 has 10 hours left, a second is wanted): U = 100 + 7 × 22 + 200 + 400 = 854.
- C3 (on hold after 49 days): U = 149. C4 (a skill nobody has): U = 100 + 210 + 100 + 200 + 400 = 1010.
- C6 (its reviewer is no longer listed): U = 100 + 7 × 13 = 191. C5 is out of scope.

R1 does C2 first (work due 3 November): 600 minutes are done on 4 November, and 28 days of sign-off end on
2 December, a day late whoever decides. C1 follows: 1,440 minutes are done on 9 November, its evidence comes
on 14 December. R2 is second of C2 (180 minutes: 6 November), then leads C6 (1,020 minutes: 29th day).
Distances: a tenth of a degree of latitude is 11.1 km, half a degree of longitude at 52° is 34.2 km.
Workload: R2 has 1,020 of 1,404 minutes, 318 above half: 5 points. Cost = 11 + 34 + 5 = 50.

Level 1 is what it is because of C3, on hold, and C4. So every other place is filled in every plan as good.
At level 3 C1 is priced at 11, C6 at 2 and the second of C2 at 37. R1 gains 11 - 11 = 0 by C1. R2 gains 2 - 2
by C6 (840 minutes are 138 above half: 2 points), 37 - 34 = 3 by the second, 39 - 34 - 5 = 0 by both: 3 at
most. No plan is below 11 + 2 + 37 - 0 - 3 = 47.
"""

from copy import deepcopy
from datetime import date
from typing import Any

from allocator.cases import Case
from allocator.places import Area
from allocator.reviewers import Reviewer
from allocator.snapshot import Snapshot

SNAPSHOT = Snapshot(
    as_of=date(2026, 11, 2),
    cases=(
        Case(
            case_id="C1",
            area="QA",
            notified_on=date(2026, 10, 5),
            review_type="initial",
            latitude=52.1,
            longitude=-1.0,
        ),
        Case(
            case_id="C2",
            area="QA",
            notified_on=date(2026, 6, 1),
            review_type="focused",
            reviewer_id="R1",
            allocated_on=date(2026, 7, 1),
            hours_left=10.0,
            admin_hours_left=2.0,
        ),
        Case(
            case_id="C3",
            area="QA",
            notified_on=date(2026, 9, 1),
            review_type="initial",
            on_hold_since=date(2026, 10, 20),
        ),
        Case(
            case_id="C4",
            area="QA",
            notified_on=date(2026, 4, 1),
            review_type="initial",
            priority=1,
            skills=("bsl",),
        ),
        Case(
            case_id="C5",
            area="QA",
            notified_on=date(2026, 9, 1),
            review_type="initial",
            out_of_scope="opt_out",
        ),
        Case(
            case_id="C6",
            area="QB",
            notified_on=date(2026, 8, 3),
            review_type="initial",
            reviewer_id="R9",
            allocated_on=date(2026, 9, 7),
        ),
    ),
    reviewers=(
        Reviewer(reviewer_id="R1", areas=("QA",), hours_per_week=20.0),
        Reviewer(reviewer_id="R2", areas=("QB", "QA"), hours_per_week=3.0, skills=("senior",)),
        Reviewer(reviewer_id="R3", areas=("QA",), hours_per_week=0.0),
    ),
    areas=(
        Area(area="QA", latitude=52.0, longitude=-1.0),
        Area(area="QB", latitude=52.0, longitude=-1.5),
    ),
)


def _assigned(place: str, reviewer: str, change: str, previous: str | None, *rest: object) -> dict[str, Any]:
    """Return a line of assignments; `rest` is hours, km, start, finish, due and whether in time."""
    case_id, role = place.split()
    hours, km, start_on, finish_on, complete_by, on_time = rest
    return {
        "case_id": case_id,
        "role": role,
        "reviewer_id": reviewer,
        "change": change,
        "previous_reviewer_id": previous,
        "hours": hours,
        "distance_km": km,
        "start_on": start_on,
        "finish_on": finish_on,
        "complete_by": complete_by,
        "on_time": on_time,
        "reason": "Worked out by hand.",
    }


def _level(value: int, fixed: int, bound: int, gap: float, *rest: object) -> dict[str, Any]:
    """Return a level's claim; `rest` is the proof, what bounds it and the certified bound."""
    proof, bounded_by, certified_bound = rest
    return {
        "value": value,
        "fixed": fixed,
        "bound": bound,
        "gap": gap,
        "proof": proof,
        "bounded_by": bounded_by,
        "certified_bound": certified_bound,
    }


def _load(reviewer_id: str, *rest: object) -> dict[str, Any]:
    """Return a line of workloads."""
    names = ("capacity_hours", "held_hours", "new_hours", "workload_percent", "open_cases", "state")
    return {"reviewer_id": reviewer_id, **dict(zip(names, rest, strict=True))}


def _empty(case_id: str, code: str) -> dict[str, Any]:
    """Return a line of unassigned."""
    return {"case_id": case_id, "role": "lead", "reason_code": code, "reason": "By hand.", "remedy": None}


_PLAN: dict[str, Any] = {
    "plan_id": "by-hand",
    "created_at": "2026-11-02T09:00:00Z",
    "as_of": "2026-11-02",
    "snapshot_digest": SNAPSHOT.digest(),
    "policy": SNAPSHOT.policy.model_dump(mode="json"),
    "max_moves": 0,
    "solver": {
        "method": "hand",
        "proof": "best_found",
        "seconds": 0.0,
        "seed": 1,
        "workers": 1,
        "versions": {},
        "effort": None,
    },
    "objective": {
        "unallocated": _level(1159, 1159, 1159, 0.0, "optimal", "prices", 1159),
        "late": _level(854, 854, 854, 0.0, "optimal", "fixed", 854),
        "cost": _level(50, 0, 47, 0.06, "best_found", "prices", 47),
    },
    "summary": {
        "new": 2,
        "kept": 1,
        "moved": 1,
        "unallocated": {"on_hold": 1, "skill": 1},
        "on_hold": 1,
        "out_of_scope": 1,
        "eligible": {"cases": 4, "in_time": 2, "late": 1},
        "all": {"cases": 5, "in_time": 2, "late": 1},
    },
    "warnings": [],
    "assignments": [
        _assigned("C1 lead", "R1", "new", None, 14, 11.1, "2026-11-04", "2026-12-28", "2027-04-05", True),
        _assigned("C2 lead", "R1", "kept", None, 10, 0, "2026-11-02", "2026-12-02", "2026-12-01", False),
        _assigned("C2 second", "R2", "new", None, 3, 34.2, "2026-11-02", "2026-12-04", "2026-12-01", False),
        _assigned("C6 lead", "R2", "moved", "R9", 14, 0, "2026-11-09", "2026-12-24", "2027-02-03", True),
    ],
    "unassigned": [_empty("C3", "on_hold"), _empty("C4", "skill")],
    "workloads": [
        _load("R1", 156, 10, 14, 15.4, 2, "ok"),
        _load("R2", 23.4, 0, 17, 72.6, 1, "ok"),
        _load("R3", 0, 0, 0, None, 0, "unavailable"),
    ],
}


def _entry(kind: str, bound: int, **prices: Any) -> dict[str, Any]:
    """Return what a certificate says of a level."""
    tables = (
        "higher_levels",
        "second_needs_lead",
        "admin",
        "contract_cases",
        "contract_minutes",
        "open_cases",
    )
    none = {name: {} for name in tables} | {"prices": {"lead": {}, "second": {}}, "moves": 0}
    return {"kind": kind, "bound": bound, **none, **prices}


_CERTIFICATE: dict[str, Any] = {
    "snapshot_digest": SNAPSHOT.digest(),
    "plan_id": "by-hand",
    "max_moves": 0,
    "unit": 1000,
    "levels": {
        "unallocated": _entry(
            "lagrangian", 1159, prices={"lead": {"C3": 149_000, "C4": 1_010_000}, "second": {}}
        ),
        "late": _entry("fixed", 854),
        "cost": _entry(
            "lagrangian",
            47,
            higher_levels={
                "unallocated": {"price": 0, "at_most": 1159},
                "late": {"price": 0, "at_most": 854},
            },
            prices={"lead": {"C1": 11_000, "C6": 2_000}, "second": {"C2": 37_000}},
        ),
    },
}


def plan() -> dict[str, Any]:
    """Return a fresh copy of the plan."""
    return deepcopy(_PLAN)


def certificate() -> dict[str, Any]:
    """Return a fresh copy of the certificate."""
    return deepcopy(_CERTIFICATE)
