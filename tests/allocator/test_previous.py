"""Planning again from an earlier plan: it speeds a plan up, and changes nothing of what a plan is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.allocate import Allocation, PlanRequest, plan_id
from allocator.audit import audit
from allocator.begin import start_of
from allocator.encode import encode
from allocator.errors import BadInput
from allocator.export import files
from allocator.places import Area
from allocator.previous import Previous
from allocator.snapshot import Snapshot
from tests.allocator.build import case, reviewer, snapshot
from tests.allocator.planning import QUICK, allocated, row
from tests.allocator.wild import wild

Document = dict[str, Any]


def previous(found: Allocation) -> Previous:
    """What is used of a plan, by way of its documents as they are written."""
    plan, certificate = (json.loads(files(found)[name]) for name in ("plan.json", "certificate.json"))
    return Previous.of(plan, certificate)


def from_plan(one: Snapshot, earlier: Allocation, request: PlanRequest = QUICK) -> Allocation:
    """The plan of a snapshot, from an earlier one; `allocate` raises if the audit finds anything."""
    return allocated(one, replace(request, previous=previous(earlier)))


def crowded(*, more: int = 0, reviewers: int = 2) -> Snapshot:
    """Six cases and some more, three reviewers of whom each has time for two: prices are not 0."""
    cases = [case(f"C{i}", notified_on=date(2026, 9, 1 + i)) for i in range(6 + more)]
    return snapshot(cases, [reviewer(f"R{i}", hours_per_week=4.0) for i in range(reviewers)])


def values(found: Allocation) -> list[int]:
    """The values of the three levels."""
    levels = found.plan.objective
    return [levels.unallocated.value, levels.late.value, levels.cost.value]


def test_a_plan_from_itself_is_as_good_and_says_where_it_comes_from() -> None:
    """The trivially fine case: nothing has changed."""
    first = allocated(crowded())
    again = from_plan(crowded(), first)
    assert values(again) == values(first)
    assert again.plan.solver.previous_plan_id == first.plan.plan_id
    assert first.plan.solver.previous_plan_id is None
    assert again.plan.plan_id != first.plan.plan_id


def test_new_cases_find_the_earlier_plan_in_place() -> None:
    """The values are those of a plan from nothing: small as it is, both are proved."""
    again = from_plan(crowded(more=2), allocated(crowded()))
    assert values(again) == values(allocated(crowded(more=2)))


def test_prices_and_places_are_carried_by_id() -> None:
    """Rows have moved: each place is still its case's, and a case that was not there has no price."""
    earlier = previous(allocated(crowded()))
    now = snapshot([case("A0"), *reversed(crowded().cases)], [reviewer("Q"), *reversed(crowded().reviewers)])
    encoding = encode(now)
    start = start_of(encoding, earlier)
    assert start.assignment is not None
    assert start.prices is not None
    for place, at in enumerate(encoding.places.case.tolist()):
        case_id = encoding.facts.cases[at].case_id
        who = earlier.reviewer_of.get((case_id, "lead"))
        had = -1 if who is None else encoding.facts.reviewer_row[who]
        assert start.assignment[place] == had
        price = earlier.level.prices.lead.get(case_id, 0) / 1000
        assert np.isnan(start.prices.place[place]) if case_id == "A0" else start.prices.place[place] == price


def test_whoever_has_left_is_left_out_and_the_rest_stays() -> None:
    """An outdated plan: one of its reviewers is no longer there, one of its cases neither."""
    first = allocated(crowded(reviewers=3))
    now = snapshot(crowded().cases[1:], crowded(reviewers=2).reviewers)
    assert values(from_plan(now, first)) == values(allocated(now))


def test_a_plan_of_quite_another_snapshot_does_no_harm() -> None:
    """None of its ids is known: all prices are unknown, and nothing is kept."""
    other = snapshot([case("X1")], [reviewer("Y1")])
    assert values(from_plan(crowded(), allocated(other))) == values(allocated(crowded()))


def test_held_cases_go_before_an_earlier_plan() -> None:
    """It gave C1 to R2; R1 holds it now."""
    people = [reviewer("R1"), reviewer("R2")]
    first = allocated(snapshot([case("C1", excluded_reviewers=("R1",))], people))
    assert row(first.plan).reviewer_id == "R2"
    held = snapshot([case("C1", reviewer_id="R1", allocated_on=date(2026, 10, 20))], people)
    again = row(from_plan(held, first).plan)
    assert (again.reviewer_id, again.change) == ("R1", "kept")


def test_a_conflict_that_is_new_goes_before_an_earlier_plan() -> None:
    """The near miss: the same case and reviewer, who now may not take it."""
    first = allocated(snapshot())
    barred = snapshot([case("C1", excluded_reviewers=("R1",))])
    assert from_plan(barred, first).plan.assignments == ()


def test_a_case_that_was_held_or_on_hold_has_no_price_of_its_own() -> None:
    """What it said of it was that nobody could choose; now somebody can."""
    held = case("C1", reviewer_id="R1", allocated_on=date(2026, 10, 20))
    first = allocated(snapshot([held, case("C2", on_hold_since=date(2026, 10, 20)), case("C3")]))
    assert previous(first).priced == {("C3", "lead")}
    assert previous(first).reviewer_of["C1", "lead"] == "R1"


def test_prices_of_limits_are_those_of_their_units() -> None:
    """A price of administration a minute is that of a unit, of which a minute may have several."""
    earlier = previous(allocated(crowded()))
    held = case("C2", reviewer_id="R1", allocated_on=date(2026, 10, 20))
    level = earlier.level.model_copy(
        update={
            "kind": "lagrangian",
            "admin": {"QYG": 7000},
            "moves": 3000,
            "second_needs_lead": {"C1": 10**400},
        }
    )
    areas = (Area(area="QYG", admin_hours_per_week=1.0),)
    one = snapshot([case("C1"), held], [reviewer("R1"), reviewer("R2")], areas=areas)
    encoding = encode(one, max_moves=1)
    start = start_of(encoding, replace(earlier, level=level))
    assert start.prices is not None
    assert np.isfinite(start.prices.needs).all()
    by_kind = {
        str(key.kind): (key, price) for key, price in zip(encoding.groups, start.prices.group, strict=True)
    }
    key, price = by_kind["admin"]
    assert price * key.parts == pytest.approx(7.0)
    assert by_kind["moves"][1] == 3.0


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_every_plan_from_an_earlier_one_passes_its_audit(seed: int, before: int) -> None:
    """Of another wild snapshot, with the same ids: other people, holds, conflicts; certificate included."""
    one = wild(seed)
    found = from_plan(one, allocated(wild(before, 9, 4)))
    assert audit(one, found.plan.as_document(), found.certificate.as_document()) == []


@pytest.mark.parametrize("seed", range(10))
def test_an_earlier_plan_with_moves_passes_too(seed: int) -> None:
    """Moves by choice among what it began with."""
    request = PlanRequest(effort=1, workers=1, max_moves=2)
    from_plan(wild(seed), allocated(wild(seed), request), request)


def test_the_same_effort_and_previous_plan_give_the_same_files() -> None:
    """And another id than without, or with another one."""
    first = allocated(wild(3, 20, 8))
    one, other = (files(from_plan(wild(3, 22, 8), first)) for _ in range(2))
    assert {k: v for k, v in one.items() if k != "plan.json"} == {
        k: v for k, v in other.items() if k != "plan.json"
    }
    earlier = previous(first)
    moved = replace(earlier, reviewer_of={})
    asked = [QUICK, replace(QUICK, previous=earlier), replace(QUICK, previous=moved)]
    assert len({plan_id("d", request) for request in asked}) == 3
    assert plan_id("d", replace(QUICK, previous=previous(first))) == plan_id("d", asked[1])


def _documents() -> tuple[Document, Document]:
    plan, certificate = (
        json.loads(files(allocated(crowded()))[name]) for name in ("plan.json", "certificate.json")
    )
    return plan, certificate


def test_a_certificate_of_another_plan_is_refused() -> None:
    """Its prices would be taken for this plan's."""
    plan, certificate = _documents()
    with pytest.raises(BadInput) as caught:
        Previous.of(plan, {**certificate, "plan_id": "other"})
    (fault,) = caught.value.faults
    assert fault.code == "other-certificate"
    assert "plan --out" in str(fault.hint)


def test_what_is_no_plan_is_refused_with_the_place() -> None:
    """Every place where it is otherwise, as a pointer into the file."""
    plan, certificate = _documents()
    del plan["plan_id"]
    plan["assignments"][0]["role"] = "third"
    with pytest.raises(BadInput) as caught:
        Previous.of(plan, certificate)
    assert {(f.code, f.file, f.pointer) for f in caught.value.faults} == {
        ("unreadable-plan", "plan.json", "/plan_id"),
        ("unreadable-plan", "plan.json", "/assignments/0/role"),
    }
    for rubbish in ([], None, {"plan_id": "x"}):
        with pytest.raises(BadInput):
            Previous.of(_documents()[0], rubbish)


def test_a_plan_without_prices_gives_its_places_alone() -> None:
    """Where level 1 was proved by what is fixed there is nothing to begin pricing from."""
    encoding, earlier = encode(crowded()), previous(allocated(crowded()))
    fixed = replace(earlier, level=earlier.level.model_copy(update={"kind": "fixed"}))
    assert start_of(encoding, fixed).prices is None
