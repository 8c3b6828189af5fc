"""Plans for tests: by the use case, or step by step with something left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.decode import Stamp
from allocator.encode import Encoding
from allocator.intake import Reading
from allocator.plan import Assignment, Plan, Unassigned, Workload
from allocator.snapshot import Snapshot
from solver.outcome import Limits, Outcome
from solver.solve import solve
from tests.allocator.build import case, reviewer, snapshot

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
QUICK = PlanRequest(effort=1, workers=1)


def stopped_clock() -> datetime:
    """The same moment every time."""
    return NOW


def allocated(one: Snapshot, request: PlanRequest = QUICK) -> Allocation:
    """The checked plan of a snapshot."""
    return allocate(Reading(one), request, stopped_clock)


def planned(one: Snapshot, request: PlanRequest = QUICK) -> Plan:
    """The same without its certificate."""
    return allocated(one, request).plan


def row(plan: Plan, case_id: str = "C1", role: str = "lead") -> Assignment:
    """The plan's row of a place that is filled."""
    (found,) = [a for a in plan.assignments if (a.case_id, a.role) == (case_id, role)]
    return found


def gap(plan: Plan, case_id: str = "C1", role: str = "lead") -> Unassigned:
    """The plan's row of a place that is empty."""
    (found,) = [u for u in plan.unassigned if (u.case_id, u.role) == (case_id, role)]
    return found


def load(plan: Plan, reviewer_id: str = "R1") -> Workload:
    """The plan's row of a reviewer."""
    (found,) = [w for w in plan.workloads if w.reviewer_id == reviewer_id]
    return found


def one_move_helps() -> Snapshot:
    """C2 can only go to R1, who may lead one case at a time and holds C1, which R2 could take."""
    held = case("C1", reviewer_id="R1", allocated_on=date(2026, 10, 5), hours_left=5.0)
    only = reviewer("R1", max_open_cases=1, skills=("autism",))
    return snapshot([held, case("C2", skills=("autism",))], [only, reviewer("R2")])


def answered(encoding: Encoding) -> Outcome:
    """The solver's answer with little effort."""
    return solve(encoding.problem, Limits(effort=1))


@lru_cache(maxsize=1)
def stamp(digest: str) -> Stamp:
    """The same stamp for every plan of a snapshot."""
    return Stamp("0" * 32, NOW.isoformat(), digest, 1, 1, 1, {"allocator": "0"})
