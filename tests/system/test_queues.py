"""Queues as coordinators have them: day-job reviewers by the dozen, the demo's own, and plans cut short."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.audit import audit
from allocator.intake import Reading, read_snapshot
from allocator.plan import Plan
from allocator.sample import demo_folder
from tests.system.documents import AS_OF, case, document, plan_of, reviewer, stopped_clock, takers, values_of
from tests.system.samples import sample

DEMO_QUESTIONS = 200
LEVELS = ("unallocated", "late", "cost")


def test_forty_day_job_reviewers_take_forty_cases() -> None:
    """At an hour a week a review of 14 hours takes three months: that is what their year is for."""
    people = [reviewer(f"R{i:02}", employment="day_job", hours_per_week=1, skills=[]) for i in range(40)]
    plan = plan_of(document(*[case(f"C{i:02}") for i in range(40)], *people))
    assert len(plan.assignments) == 40
    assert plan.unassigned == ()
    assert values_of(plan)[0] == 0
    assert max(Counter(row.reviewer_id for row in plan.assignments).values()) <= 2
    assert all(row.workload_percent is None or row.workload_percent <= 100 for row in plan.workloads)


def test_without_a_year_ahead_they_could_take_none() -> None:
    """The same with eight weeks for everybody: 7.8 hours each."""
    people = [reviewer(f"R{i:02}", employment="day_job", hours_per_week=1) for i in range(40)]
    rows = [case(f"C{i:02}") for i in range(40)]
    plan = plan_of(document(*rows, *people, policy={"horizon": {"day_job_weeks": 8}}))
    assert plan.assignments == ()


@pytest.fixture(scope="module")
def demo() -> Reading:
    """The ready-made queue."""
    return read_snapshot(demo_folder(), today=AS_OF)


def planned(read: Reading, **asked: object) -> Allocation:
    """Its plan, with little effort."""
    return allocate(read, replace(PlanRequest(effort=1, workers=1), **asked), stopped_clock)  # type: ignore[arg-type]


def begun(read: Reading) -> Plan:
    """What the first moments of the search give: by its questions, not by the clock, so always the same."""
    asked = iter(range(DEMO_QUESTIONS))
    stop = lambda: next(asked, None) is None  # noqa: E731
    return allocate(read, PlanRequest(effort=1, workers=1), stopped_clock, cancel=stop).plan


def test_changing_one_absence_of_the_demo_changes_its_plan(demo: Reading) -> None:
    """Who was to get new work stays away longer: others take it or it waits, and more is left undone."""
    snapshot, before = demo.snapshot, begun(demo)
    hours = {row.reviewer_id: row.new_hours for row in before.workloads}
    soon = [row for row in snapshot.absences if row.from_ < snapshot.as_of + timedelta(days=21)]
    one = max(soon, key=lambda row: hours[row.reviewer_id])
    assert hours[one.reviewer_id] > 0
    longer = one.model_copy(update={"to": snapshot.as_of + timedelta(days=400), "percent": 100.0})
    rows = tuple(longer if row is one else row for row in snapshot.absences)
    after = begun(Reading(snapshot.model_copy(update={"absences": rows})))
    assert takers(after) != takers(before)
    assert values_of(after)[0] > values_of(before)[0]
    assert after.objective.unallocated.bound > before.objective.unallocated.bound


def assert_honest(read: Reading, found: Allocation) -> None:
    """Fail unless the audit finds nothing, and every level says how good it is and how that is known."""
    plan, proof = found.plan, found.certificate
    assert audit(read.snapshot, plan.as_document(), proof.as_document()) == []
    open_level = False
    for name in LEVELS:
        level = getattr(plan.objective, name)
        assert level.fixed <= level.bound <= level.value
        assert (level.proof == "optimal") == (level.bound == level.value) or open_level
        assert (level.bounded_by == "search") == (level.certified_bound != level.bound)
        assert (level.bounded_by == "fixed") == (level.bound == level.fixed)
        assert level.certified_bound is None or level.certified_bound <= level.bound
        entry = getattr(proof.levels, name)
        assert (entry.kind == "search") == (level.certified_bound is None)
        assert entry.bound == (level.bound if level.certified_bound is None else level.certified_bound)
        assert not (open_level and level.proof == "optimal")
        open_level = open_level or level.proof != "optimal"
    assert (plan.solver.proof == "optimal") == (not open_level)


@pytest.mark.parametrize(
    ("seconds", "seed", "max_moves"),
    [(1.5, 1, 0), (1.5, 2, 3), (0.05, 1, 0), (0.05, 2, 0), (0.05, 3, 3), (0.3, 4, 0), (0.3, 5, 3)],
)
def test_a_plan_cut_short_is_sound_and_says_how_good_it_is(
    tmp_path: Path, seconds: float, seed: int, max_moves: int
) -> None:
    """Three hundred cases, thirty reviewers, less time than it takes: checked, and nothing overclaimed."""
    read = sample(tmp_path, 300, 30, seed)
    found = planned(read, effort=None, time_limit=seconds, max_moves=max_moves, seed=seed, workers=2)
    assert_honest(read, found)
    assert found.plan.solver.proof != "optimal"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 20))
@pytest.mark.parametrize("max_moves", [0, 3])
def test_larger_plans_cut_short_are_sound_too(tmp_path: Path, seed: int, max_moves: int) -> None:
    """A thousand cases and a hundred reviewers, four seconds."""
    read = sample(tmp_path, 1000, 100, seed)
    found = planned(read, effort=None, time_limit=4.0, max_moves=max_moves, seed=seed, workers=2)
    assert_honest(read, found)


@pytest.mark.parametrize("weight", [2, 100])
def test_a_kilometre_may_cost_more_than_a_point(weight: int) -> None:
    """Whole kilometres, half up, times the weight: 55.6 km are 56."""
    here, there = {"latitude": 52.0, "longitude": -1.0}, {"latitude": 52.5, "longitude": -1.0}
    rows = case(**here), reviewer(**there)
    plan = plan_of(document(*rows, policy={"weights": {"kilometre": weight, "workload": []}}))
    assert values_of(plan)[2] == 56 * weight
