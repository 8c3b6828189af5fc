"""The use case: checked plans, the same for the same input, or a fault that says whose it is."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator import allocate as module
from allocator.allocate import PlanRequest, allocate, plan_id
from allocator.audit import audit
from allocator.errors import Fault, InternalFault, NoPlan
from allocator.export import files
from allocator.intake import Reading, Rejected, parse_snapshot
from allocator.version import VERSION
from solver.outcome import Limits, LimitsError, Outcome, Progress
from solver.problem import Problem
from solver.solve import solve
from tests.allocator.build import snapshot
from tests.allocator.planning import QUICK, allocated, planned, stopped_clock
from tests.allocator.wild import wild

ROOT = Path(__file__).parents[2]
IN_ANOTHER_PROCESS = """
import sys
from allocator.allocate import PlanRequest
from allocator.export import files
from tests.allocator.planning import allocated
from tests.allocator.wild import wild
found = files(allocated(wild(7, 20, 8), PlanRequest(effort=2, workers=int(sys.argv[1]))))
sys.stdout.buffer.write(b"".join(found[name] for name in sorted(found) if name.endswith(".csv")))
"""


def test_the_most_urgent_case_there_can_be_has_a_price_the_audit_takes() -> None:
    """Three centuries on the clock, priority 9, a hundred times the base's hours: two, and room for one."""
    types = {"short": {"hours": 1}, "long": {"hours": 100}}
    row = {"area": "Q", "notified_on": "1900-01-01", "review_type": "long", "priority": 9}
    document = {
        "cases": [{"case_id": "C1", **row}, {"case_id": "C2", **row}],
        "reviewers": [{"reviewer_id": "R1", "areas": ["Q"], "hours_per_week": 60, "horizon_weeks": 2}],
        "policy": {"review_types": types},
    }
    found = allocated(parse_snapshot(document, today=date(2199, 12, 31)).snapshot)
    level = found.plan.objective.unallocated
    assert level.value == level.certified_bound == 100 * (100 + 7 * 15_653 + 900 + 200 + 400)


@given(st.integers(0, 10**6))
def test_every_plan_passes_its_audit_and_held_cases_stay(seed: int) -> None:
    """`allocate` raises if the audit finds anything; every held lead is kept, or its holder is released."""
    one = wild(seed)
    plan = planned(one)
    kept = {(a.case_id, a.role): a.reviewer_id for a in plan.assignments if a.change == "kept"}
    forced = {
        w["value"] for w in plan.warnings if "released" in str(w["code"]) or "missing" in str(w["code"])
    }
    for case in one.cases:
        if case.reviewer_id and case.out_of_scope is None and case.case_id not in forced:
            assert kept[case.case_id, "lead"] == case.reviewer_id


@pytest.mark.parametrize("seed", range(30))
def test_every_plan_with_moves_passes_its_audit(seed: int) -> None:
    """As `allocate` sees to; tests/system tries a hundred more."""
    planned(wild(seed), PlanRequest(effort=1, workers=1, max_moves=2))


def test_the_plan_names_its_input_and_its_making() -> None:
    """Digest, id, time by the clock given, seed, effort and versions."""
    plan = allocated(snapshot(), PlanRequest(effort=3, workers=1, seed=5)).plan
    assert plan.snapshot_digest == snapshot().digest()
    assert plan.created_at == "2026-11-02T09:00:00+00:00"
    assert (plan.solver.seed, plan.solver.effort, plan.solver.workers) == (5, 3, 1)
    assert plan.solver.versions["allocator"] == VERSION


def test_the_version_is_the_packages() -> None:
    """As pyproject.toml has it."""
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_plan_ids_differ_by_what_decides_a_plan_and_by_nothing_else() -> None:
    """Digest, seed, limits; not the workers."""
    base = plan_id("d", QUICK)
    others = [
        plan_id("e", QUICK),
        plan_id("d", PlanRequest(effort=2)),
        plan_id("d", PlanRequest(effort=1, seed=2)),
        plan_id("d", PlanRequest(effort=1, max_moves=1)),
        plan_id("d", PlanRequest(effort=1, gap=1.0)),
        plan_id("d", PlanRequest(time_limit=2.0)),
    ]
    assert len({base, *others}) == 7
    assert plan_id("d", PlanRequest(effort=1, workers=7, time_limit=9.0)) == base
    assert len(base) == 32


def test_the_same_effort_gives_the_same_files_twice() -> None:
    """All five, but for the seconds it took."""
    one, other = (files(allocated(wild(3))) for _ in range(2))
    assert {k: v for k, v in one.items() if k != "plan.json"} == {
        k: v for k, v in other.items() if k != "plan.json"
    }


def test_csv_files_do_not_depend_on_hash_seeds_or_workers() -> None:
    """Two processes, two hash seeds, one worker and two."""
    written = [
        subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS, workers],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PATH": ""},
            capture_output=True,
            check=True,
        ).stdout
        for workers, seed in (("1", "1"), ("2", "99"))
    ]
    assert written[0] == written[1] != b""


def test_what_reading_said_comes_first_and_what_was_left_out_before_it() -> None:
    """The count of rejected rows, then reading's warnings, then the plan's own."""
    said = Fault("closed-area", "read as its successor")
    left_out = Rejected("cases", "cases.csv", 7, None, "C9", (Fault("number", "not a number"),))
    plan = allocate(Reading(snapshot(), (said,), (left_out,)), QUICK, stopped_clock).plan
    assert [w["code"] for w in plan.warnings] == ["quarantined", "closed-area"]
    assert plan.warnings[0]["message"] == "1 row(s) with faults were left out of this plan"


def test_a_plan_that_fails_its_audit_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    """An internal fault instead, with the digest of the input and what was found."""
    monkeypatch.setattr(module, "audit", lambda *_: ["something is wrong"])
    with pytest.raises(InternalFault, match="something is wrong") as caught:
        allocated(snapshot())
    assert caught.value.digest == snapshot().digest()


def test_a_search_stopped_before_any_plan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than an empty plan of value 0."""
    monkeypatch.setattr(module, "solve", lambda *_: Outcome(None, (), 0.0, "none"))
    with pytest.raises(NoPlan):
        allocated(snapshot())


@pytest.mark.parametrize("after", [0, 1, 2, 5])
def test_cancelling_at_any_moment_leaves_a_checked_plan(after: int) -> None:
    """The search is asked to stop at the first, second, … time it looks."""
    looks = iter(range(10**9))
    one = wild(11, 30, 8)
    found = allocate(
        Reading(one), PlanRequest(effort=50, workers=1), stopped_clock, cancel=lambda: next(looks) >= after
    )
    assert audit(one, found.plan.as_document(), found.certificate.as_document()) == []


@pytest.mark.parametrize(("limit", "ago", "least", "most"), [(60.0, 20.0, 0.5, 40.0), (60.0, 90.0, 0.5, 0.5)])
def test_a_search_gets_what_its_time_limit_leaves_it(
    monkeypatch: pytest.MonkeyPatch, limit: float, ago: float, least: float, most: float
) -> None:
    """Less what went before the call, and what follows the search; and never next to nothing."""
    given: list[float] = []

    def searched(problem: Problem, limits: Limits, *_: object) -> Outcome:
        given.append(limits.seconds)
        return solve(problem, Limits(effort=1))

    monkeypatch.setattr(module, "solve", searched)
    request = PlanRequest(time_limit=limit, workers=1)
    allocate(Reading(snapshot()), request, stopped_clock, started=perf_counter() - ago)
    assert least <= given[0] <= most


def test_progress_is_heard() -> None:
    """At least once, with three values."""
    heard: list[Progress] = []
    allocate(Reading(wild(11, 30, 8)), QUICK, stopped_clock, heard.append)
    assert all(len(news.values) == 3 for news in heard)
    assert heard


def test_a_request_speaks_percent_and_the_solver_shares() -> None:
    """5 % is 0.05; no workers means as many as there are; a limit out of range is refused by name."""
    assert PlanRequest(gap=5.0, workers=3).limits() == Limits(30.0, None, 0.05, 1, 3)
    assert PlanRequest().limits().workers >= 1
    with pytest.raises(LimitsError, match="effort must be 1 to 1000"):
        PlanRequest(effort=0).limits()


def test_a_limit_of_next_to_nothing_still_gives_a_plan() -> None:
    """The smallest number above 0 has no half and no tenth: it is the search's own limit then."""
    plan = planned(wild(7, 20, 8), PlanRequest(time_limit=5e-324))
    assert plan.assignments
