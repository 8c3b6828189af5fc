"""Ten more hours of a kind: what they place is what a plan with them places more."""

from __future__ import annotations

import pytest

from allocator.planned import Planned
from allocator.report import Bottleneck, bottlenecks
from allocator.report.bottlenecks import with_hours
from allocator.snapshot import Snapshot
from solver.outcome import Limits
from solver.solve import solve
from tests.allocator.build import case, reviewer, snapshot
from tests.allocator.planning import allocated
from tests.allocator.wild import wild

LIMITS = Limits(effort=1, workers=1)


def told(one: Snapshot) -> tuple[Bottleneck, ...]:
    """The bottlenecks of a snapshot's plan."""
    found = bottlenecks(one, Planned.of(one, *allocated(one).documents), LIMITS)
    assert found is not None
    return found


def test_each_kind_of_hours_is_tried() -> None:
    """Of two cases that ask for autism one could be placed in ten hours, as each takes eight."""
    cases = [case(skills=("autism",), effort_hours=8.0), case("C2", skills=("autism",), effort_hours=8.0)]
    (found,) = told(snapshot([*cases, case("C3")]))
    assert (found.area, found.skills, found.waiting) == ("QYG", ("autism",), 2)
    assert (found.places, found.points, found.proof) == (1, 128, "exact")


def test_ten_hours_are_ten_hours() -> None:
    """A case of eleven is not placed; and whoever is tried has no conflict and may do every type."""
    one = snapshot([case(effort_hours=11.0)], [reviewer(hours_per_week=0.0)])
    assert [found.points for found in told(one)] == [0]
    assert int(with_hours(one, "QYG", ()).problem.capacity[-1]) == 600


def test_hours_free_somebody_for_another() -> None:
    """The one with autism does an ordinary case; ten more ordinary hours place the one with autism."""
    people = [reviewer(hours_per_week=1.5, skills=("autism",))]
    cases = [case(skills=("autism",), effort_hours=9.0), case("C2", effort_hours=9.0, priority=9)]
    (found,) = told(snapshot(cases, people))
    assert (found.skills, found.places, found.proof) == (("autism",), 1, "exact")


def test_where_nobody_waits_there_is_none() -> None:
    """And a plan that is too large is not tried."""
    one = snapshot()
    assert told(one) == ()


def test_a_large_plan_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """None, and not nothing."""
    monkeypatch.setattr("allocator.report.bottlenecks.SMALL", 0)
    one = snapshot()
    assert bottlenecks(one, Planned.of(one, *allocated(one).documents), LIMITS) is None


@pytest.mark.parametrize("seed", range(25))
def test_every_figure_is_that_of_a_re_solve(seed: int) -> None:
    """Of the snapshot with them, from nothing."""
    one = wild(seed, n_cases=7, n_reviewers=4)
    before = allocated(one).plan.objective.unallocated
    for found in told(one):
        outcome = solve(with_hours(one, found.area, found.skills).problem, LIMITS)
        after = outcome.levels[0]
        assert found.proof == "exact"
        assert after.bound == after.value
        assert found.points == before.value - after.value
        assert found.points >= 0
