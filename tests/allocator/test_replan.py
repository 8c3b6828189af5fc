"""A plan after a plan: what still holds stays, but for so many lines; what a rule forces is told apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.audit import audit
from allocator.diff import diff
from allocator.edit import Draft, Give, edited
from allocator.intake import Reading
from allocator.planned import Planned
from allocator.previous import Previous
from allocator.replan import replan
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, reviewer, snapshot
from tests.allocator.planning import allocated, stopped_clock
from tests.allocator.wild import wild

REQUEST = PlanRequest(effort=1, workers=1)
PEOPLE = [reviewer(), reviewer("R2", areas=("QXX", "QYG"))]


def again(one: Snapshot, before: Allocation, most: int = 0) -> Allocation:
    """The plan of a snapshot that keeps what it can of an earlier one."""
    reading, previous = Reading(one, (), ()), Previous.of(*before.documents)
    return replan(reading, previous, replace(REQUEST, max_moves=most), stopped_clock)


def who(plan: Allocation) -> dict[str, str]:
    """By case and role, who has it."""
    return {f"{a.case_id} {a.role}": a.reviewer_id for a in plan.plan.assignments}


def away(one: Snapshot) -> Allocation:
    """A plan that gives C1 to R2, who is at home elsewhere: not the best there is."""
    reading = Reading(one, (), ())
    draft = Draft(Planned.of(one, *allocated(one).documents))
    return edited(reading, draft, [Give(case_id="C1", reviewer_id="R2")], REQUEST, stopped_clock)[0]


def test_what_still_holds_stays_though_another_plan_is_better() -> None:
    """Unless one line may change; and without a limit it is the best."""
    before, one = away(snapshot(None, PEOPLE)), snapshot([case(), case("C2")], PEOPLE)
    assert who(again(one, before)) == {"C1 lead": "R2", "C2 lead": "R1"}
    assert who(again(one, before, 1)) == {"C1 lead": "R1", "C2 lead": "R1"}
    free = replace(REQUEST, previous=Previous.of(*before.documents))
    assert who(allocate(Reading(one, (), ()), free, stopped_clock)) == {"C1 lead": "R1", "C2 lead": "R1"}


def test_what_a_rule_forces_is_done_and_told_apart() -> None:
    """R2 has an interest now: C1 goes to R1 with no leave to move anything."""
    before = away(snapshot(None, PEOPLE))
    people = [PEOPLE[0], PEOPLE[1].model_copy(update={"organisations": ("RXX",)})]
    one = snapshot([case(), case("C2")], people)
    after = again(one, before)
    assert who(after) == {"C1 lead": "R1", "C2 lead": "R1"}
    changes = diff(one, before.plan.as_document(), after.plan.as_document()).changes
    assert [(c.case_id, c.cause, c.forced) for c in changes] == [
        ("C1", "rule", True),
        ("C2", "case_new", False),
    ]


def test_what_somebody_holds_now_and_what_lost_its_lead_is_no_choice() -> None:
    """R1 was given C1 in the meantime; of C2 nobody may be second once it has no lead."""
    before = away(snapshot(None, PEOPLE))
    taken = {"reviewer_id": "R1", "allocated_on": AS_OF, "hours_left": 9.0}
    one = snapshot([case(**taken)], PEOPLE)
    (change,) = diff(one, before.plan.as_document(), again(one, before).plan.as_document()).changes
    assert (change.before, change.after, change.forced) == ("R2", "R1", True)
    assert change.because == "R1 holds it now."
    people = [
        reviewer(review_types=("focused",)),
        reviewer("R2", review_types=("initial",), skills=("senior",)),
    ]
    focused = snapshot([case(review_type="focused")], people)
    before = allocated(focused)
    gone = snapshot(
        [case(review_type="focused")], [people[0].model_copy(update={"hours_per_week": 0}), people[1]]
    )
    changes = diff(gone, before.plan.as_document(), again(gone, before).plan.as_document()).changes
    assert [(c.role, c.forced) for c in changes] == [("lead", True), ("second", True)]
    assert changes[1].because == "The case has no lead now."


def test_it_names_its_parent_and_is_the_same_again() -> None:
    """And its id is not that of a plan that may change everything."""
    one = snapshot(None, PEOPLE)
    before = away(one)
    first, second = again(one, before), again(one, before)
    assert first.plan.solver.previous_plan_id == before.plan.plan_id
    assert first.plan.plan_id == second.plan.plan_id
    free = replace(REQUEST, previous=Previous.of(*before.documents))
    assert allocate(Reading(one, (), ()), free, stopped_clock).plan.plan_id != first.plan.plan_id


def _fewer(one: Snapshot) -> Snapshot:
    """The snapshot a week before: without its last two cases, and with everybody's hours."""
    return one.model_copy(update={"cases": one.cases[:-2]})


def _moved(before: Allocation, after: Allocation, one: Snapshot) -> list[Any]:
    """Lines of the earlier plan that somebody else has, or nobody, by choice."""
    changes = diff(one, before.plan.as_document(), after.plan.as_document()).changes
    return [c for c in changes if c.before is not None and not c.forced]


@pytest.mark.parametrize("seed", range(40))
def test_no_more_lines_change_than_may(seed: int) -> None:
    """None with no leave; with leave for one at most one; every plan passes its audit."""
    one = wild(seed)
    before = allocated(_fewer(one))
    for most in (0, 1, 3):
        after = again(one, before, most)
        assert audit(one, *after.documents) == []
        assert len([c for c in _moved(before, after, one) if c.cause == "choice"]) <= most


@pytest.mark.parametrize("seed", range(20))
def test_without_a_limit_it_is_worth_what_a_fresh_plan_is(seed: int) -> None:
    """At every level, both proved."""
    one = wild(seed)
    previous = Previous.of(*allocated(_fewer(one)).documents)
    after = allocate(Reading(one, (), ()), replace(REQUEST, previous=previous), stopped_clock).plan
    fresh = allocated(one).plan
    for name in ("unallocated", "late", "cost"):
        assert getattr(after.objective, name).value == getattr(fresh.objective, name).value
    keeping = again(one, allocated(_fewer(one)), 1000).plan
    assert keeping.objective.unallocated.value >= fresh.objective.unallocated.value
