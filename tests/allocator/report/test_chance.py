"""How sure dates are: the plan forecast again under drawn hours and delays, the same for both plans."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from allocator.planned import Planned
from allocator.report import Chances, chances
from allocator.report.chance import _triangular
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, policy, reviewer, snapshot
from tests.allocator.planning import allocated
from tests.allocator.wild import wild

SURE: dict[str, Any] = {"hours": (1.0, 1.0, 1.0), "evidence": (1.0, 1.0, 1.0)}


def told(one: Snapshot, seed: int = 1) -> Chances:
    """The chances of a snapshot's plan."""
    return chances(Planned.of(one, *allocated(one).documents), seed)


@pytest.mark.parametrize("seed", range(40))
def test_without_chance_it_is_the_plans_own_forecast(seed: int) -> None:
    """Every line is in time for certain, or never."""
    one = wild(seed)
    sure = one.policy.model_copy(update={"chance": policy(chance=SURE).chance})
    one = one.model_copy(update={"policy": sure})
    rows = {a.case_id: a.on_time for a in allocated(one).plan.assignments if a.role == "lead"}
    found = told(one)
    assert {line.case_id: line.on_time_chance for line in found.lines} == {
        name: float(on_time) for name, on_time in rows.items() if on_time is not None
    }
    assert found.plan.mean == sum(on_time is True for on_time in rows.values())
    assert (found.plan.low, found.plan.high) == (found.plan.mean, found.plan.mean)


def test_the_draws_are_of_the_range_that_is_assumed() -> None:
    """Mean and ends of a triangular distribution; nothing to draw where all three are one."""
    u = (np.arange(100_000) + 0.5) / 100_000
    drawn = _triangular(u, (0.7, 1.0, 1.6))
    assert drawn.mean() == pytest.approx((0.7 + 1.0 + 1.6) / 3, abs=1e-4)
    assert (drawn.min(), drawn.max()) == (pytest.approx(0.7, abs=0.01), pytest.approx(1.6, abs=0.01))
    assert np.all(np.diff(drawn) >= 0)
    assert set(_triangular(u, (1.0, 1.0, 1.0)).tolist()) == {1.0}
    assert _triangular(u, (1.0, 1.0, 2.0)).min() >= 1.0


def test_a_line_that_is_close_is_fragile() -> None:
    """Done just before its time if all goes as expected, so many draws are late; one with months is sure."""
    close = case(notified_on=date(2026, 7, 1), evidence_received_on=date(2026, 10, 1), effort_hours=100.0)
    far = case("C2", notified_on=date(2026, 11, 1), evidence_received_on=date(2026, 11, 1))
    one = snapshot([close, far], [reviewer(hours_per_week=15.5)])
    lines = {line.case_id: line for line in told(one).lines}
    assert 0.0 < lines["C1"].on_time_chance < 0.7
    assert lines["C1"].fragile
    assert (lines["C2"].on_time_chance, lines["C2"].fragile) == (1, False)


def test_evidence_that_is_expected_may_still_come_late() -> None:
    """Expected just in time, it is in time in some draws; once received it is in all."""
    day = date(2026, 12, 18)
    held = {"reviewer_id": "R1", "allocated_on": date(2026, 7, 1), "hours_left": 1.0}
    one = case(notified_on=date(2026, 7, 1), evidence_expected_on=day - timedelta(days=1), **held)
    two = case("C2", notified_on=date(2026, 7, 1), evidence_received_on=AS_OF, **held)
    lines = {line.case_id: line for line in told(snapshot([one, two])).lines}
    assert 0.0 < lines["C1"].on_time_chance < 1.0
    assert lines["C2"].on_time_chance == 1


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    """To the last figure."""
    one = snapshot([case(f"C{n}", notified_on=date(2026, 6, 10)) for n in range(12)])
    assert told(one) == told(one)
    assert told(one, 2).lines != told(one).lines


def test_a_case_on_hold_has_no_chance_to_tell() -> None:
    """It waits."""
    held = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "on_hold_since": AS_OF}
    found = told(snapshot([case(**held)]))
    assert found.lines == ()
    assert found.plan.leads == 0


def test_by_hand_stands_beside_it_on_the_same_draws() -> None:
    """Two plans that are alike have the same chances."""
    found = told(snapshot())
    assert found.plan == found.oldest_first
    assert (found.draws, found.assumed_hours) == (200, (0.7, 1.0, 1.6))
