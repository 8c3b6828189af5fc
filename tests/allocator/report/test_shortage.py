"""Ten more hours of a kind: what they place is what a plan with them places more."""

from __future__ import annotations

from datetime import date

import pytest

from allocator.planned import Planned
from allocator.report import Bottleneck, bottlenecks
from allocator.report.shortage import with_hours
from allocator.snapshot import Snapshot
from solver.outcome import Limits
from solver.solve import solve
from tests.allocator.build import case, reviewer, snapshot
from tests.allocator.planning import allocated
from tests.allocator.wild import wild

LIMITS = Limits(effort=1, workers=1)


def told(one: Snapshot) -> tuple[Bottleneck, ...]:
    """The bottlenecks of a snapshot's plan."""
    return bottlenecks(one, Planned.of(one, *allocated(one).documents), LIMITS)


def test_each_kind_of_hours_is_tried() -> None:
    """Two cases ask for autism, which nobody has: in ten hours somebody new does one of them."""
    cases = [case(skills=("autism",), effort_hours=8.0), case("C2", skills=("autism",), effort_hours=8.0)]
    (found,) = told(snapshot([*cases, case("C3")]))
    assert (found.area, found.skills, found.waiting) == ("QYG", ("autism",), 2)
    assert (found.given_to, found.places, found.points, found.proof) == (None, 1, 128, "exact")


def test_hours_go_to_whom_they_help_most() -> None:
    """R1 has eight hours left, so ten more make a review of fourteen; alone they would not."""
    (found,) = told(snapshot([case()], [reviewer(hours_per_week=1.0), reviewer("R2", hours_per_week=0.0)]))
    assert (found.given_to, found.places) == ("R1", 1)
    (none,) = told(snapshot([case(effort_hours=18.5)], [reviewer(hours_per_week=1.0)]))
    assert (none.places, none.points, none.proof) == (0, 0, "exact")


def test_who_is_beyond_their_hours_needs_some_to_come_level() -> None:
    """R1 holds three hours more than there are: of ten, seven are left."""
    held = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "hours_left": 10.8}
    people = [reviewer(hours_per_week=1.0, skills=("autism",))]
    for effort, places in ((6.9, 1), (7.1, 0)):
        cases = [case(**held), case("C2", skills=("autism",), effort_hours=effort)]
        found = bottlenecks_of(snapshot(cases, people), only_known=True)
        assert found == places


def bottlenecks_of(one: Snapshot, only_known: bool) -> int:
    """Places more if the hours go to somebody known."""
    encoding, more = with_hours(one, "QYG", ("autism",))
    capacity = encoding.problem.capacity.copy()
    row = next(iter(more)) if only_known else list(more)[-1]
    capacity[row] += more[row]
    outcome = solve(encoding.problem.replace(capacity=capacity), LIMITS)
    assert outcome.assignment is not None
    return int((outcome.assignment >= 0).sum()) - 1


def test_hours_free_somebody_for_another() -> None:
    """The one with autism does an ordinary case; ten more hours let them do both."""
    people = [reviewer(hours_per_week=1.5, skills=("autism",))]
    cases = [case(skills=("autism",), effort_hours=9.0), case("C2", effort_hours=9.0, priority=9)]
    (found,) = told(snapshot(cases, people))
    assert (found.skills, found.places, found.proof) == (("autism",), 1, "exact")


def test_where_nobody_waits_there_is_none() -> None:
    """Nothing to try."""
    assert told(snapshot()) == ()


@pytest.mark.parametrize("seed", range(12))
def test_of_a_large_plan_the_nearest_are_planned_anew(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than the best of all that the hours could do, as the plan is the best without them."""
    one = wild(seed, n_cases=7, n_reviewers=4)
    exact = {(found.area, found.skills): found for found in told(one)}
    monkeypatch.setattr("allocator.report.shortage.SMALL", -1)
    monkeypatch.setattr("allocator.report.shortage.NEAR", 6)
    for found in told(one):
        best = exact[found.area, found.skills]
        assert (found.proof, found.waiting) == ("near", best.waiting)
        assert 0 <= found.points <= best.points


@pytest.mark.parametrize("seed", range(25))
def test_every_figure_is_that_of_a_re_solve(seed: int) -> None:
    """Of each of those who could be given the hours, the best, from nothing."""
    one = wild(seed, n_cases=7, n_reviewers=4)
    before = allocated(one).plan.objective.unallocated
    for found in told(one):
        encoding, more = with_hours(one, found.area, found.skills)
        after = []
        for row, minutes in more.items():
            capacity = encoding.problem.capacity.copy()
            capacity[row] += minutes
            level = solve(encoding.problem.replace(capacity=capacity), LIMITS).levels[0]
            assert level.bound == level.value
            after.append(level.value)
        assert found.proof == "exact"
        assert found.points == before.value - min(after)
        assert found.points >= 0
