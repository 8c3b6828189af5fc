"""Plans of the compiled search: whatever is put in, taken out, carried over or filled up, they stay sound."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver import plans
from solver.check import breaches, values
from solver.field import field_of
from solver.plans import Plan
from solver.problem import Ints
from solver.workshop import POINT, aim_of, assignment_of, plan_of
from tests.solver.draws import rngs, sketches, sound
from tests.solver.instances import Rng, shuffle
from tests.solver.interpreted import interpreted
from tests.solver.mending import Bench, bench_of
from tests.solver.sketch import Arc, Limit, Seat, Sketch, ints, sketch

every_level = st.sampled_from([0, 1, 2])


@pytest.fixture(autouse=True)
def plain_python() -> Iterator[None]:
    """What only compiled code calls has no other way in; `test_kernel` compares both."""
    with interpreted():
        yield


def same(one: Plan, other: Plan) -> bool:
    """True when two plans are equal to the last number."""
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def partly(rng: Rng, bench: Bench) -> Plan:
    """The plan on the bench with some of its places empty, as they may be on the way to another plan."""
    plan: Plan = plans.copy_of(bench.plan)
    for i in plan.item[plan.item >= 0]:
        if rng.random() < 0.3 and not bench.field.fixed[bench.field.place[i]]:
            plans.put(bench.field, plan, i, -1)
    return plan


@given(sketches(), rngs)
def test_an_item_may_be_added_exactly_when_the_plan_stays_sound(plain: Sketch, rng: Rng) -> None:
    """Beside any sound plan, an item for an empty place is allowed if and only if no rule is broken."""
    bench = bench_of(plain, sound(rng, plain), 0)
    field, plan = bench.field, bench.plan
    before = bench.assignment(plan)
    assert breaches(bench.problem, before) == []
    for i in range(len(field.arc)):
        more = before.copy()
        more[field.place[i]] = field.reviewer[i]
        empty = before[field.place[i]] < 0
        assert plans.can(field, plan, i) == (empty and breaches(bench.problem, more) == [])


@given(sketches(), rngs)
def test_what_is_put_in_and_taken_out_again_leaves_nothing_behind(plain: Sketch, rng: Rng) -> None:
    """Minutes, slots and groups come back, whatever the order."""
    bench = bench_of(plain, sound(rng, plain), 0)
    field, plan = bench.field, partly(rng, bench)
    before = plans.copy_of(plan)
    added = []
    for i in rng.permutation(len(field.arc)).tolist():
        if plan.item[field.place[i]] < 0:
            plans.put(field, plan, i, 1)
            added.append(i)
    assert not added or not same(plan, before)
    for i in rng.permutation(added).astype(np.int64).tolist():
        plans.put(field, plan, i, -1)
    assert same(plan, before)


@given(sketches(), rngs)
def test_a_change_is_carried_over_whole_and_sound_or_not_at_all(plain: Sketch, rng: Rng) -> None:
    """Any change of any places of a sound plan: refused, the plan is the same bit for bit."""
    bench = bench_of(plain, sound(rng, plain), 0)
    field, plan = bench.field, plans.copy_of(bench.plan)
    bound = field.required > 0
    for _ in range(8):
        before = plans.copy_of(plan)
        places = np.flatnonzero(rng.random(bench.problem.n_places) < 0.4)
        items = ints(
            int(rng.choice(field.items[field.items_start[p] : field.items_start[p + 1]]))
            if field.items_start[p] < field.items_start[p + 1] and (bound[p] or rng.random() < 0.7)
            else -1
            for p in places
        )
        assignment = bench.assignment(plan)
        assignment[places] = assignment_of(field, items)
        if plans.commit(field, plan, places, items):
            assert bench.assignment(plan).tolist() == assignment.tolist()
            assert breaches(bench.problem, assignment) == []
            assert same(plan, plan_of(bench.problem, field, assignment))
        else:
            assert same(plan, before)
            assert breaches(bench.problem, assignment) != []


@given(sketches(), rngs, every_level)
def test_filling_up_breaks_no_rule(plain: Sketch, rng: Rng, level: int) -> None:
    """What is empty is filled by those inside only, and nothing that was there is moved."""
    bench = bench_of(plain, sound(rng, plain), level)
    field, plan = bench.field, bench.plan
    before, inside = bench.assignment(plan), (rng.random(plain.n_reviewers) < 0.7).astype(np.int64)
    places = np.flatnonzero(rng.random(bench.problem.n_places) < 0.7)
    plans.complete(field, bench.aim, plan, inside, places, bench.aim.penalty[places])
    after = bench.assignment(plan)
    assert breaches(bench.problem, after) == []
    changed = np.flatnonzero(after != before)
    assert np.all(before[changed] == -1)
    assert set(changed.tolist()) <= set(places.tolist())
    assert inside[after[changed]].all()


@given(sketches(), rngs, every_level)
def test_a_plan_costs_what_the_levels_say(plain: Sketch, rng: Rng, level: int) -> None:
    """The aim's sum of a plan is that of its values: lateness and bands count where the level needs them."""
    start = sound(rng, plain)
    bench = bench_of(plain, start, level)
    problem = bench.problem
    unallocated, late, cost = values(problem, start).tolist()
    used = problem.arcs_of(start)
    used = used[used >= 0]
    points = int(problem.arc_points[used].sum())
    alone = problem.arc_minutes[used] > problem.arc_due[used]
    late_alone = int(problem.late_points[problem.arc_place[used]][alone].sum())
    expected = (
        POINT * unallocated + 20 * late_alone + points,
        20 * POINT * unallocated + POINT * late + 50 * points,
        400 * POINT * unallocated + 20 * POINT * late + POINT * cost,
    )
    assert bench.worth(bench.plan) == expected[level]


@given(sketches(), rngs)
def test_the_plan_of_a_sound_assignment_is_that_assignment(plain: Sketch, rng: Rng) -> None:
    """There and back, with all that is left told right, whatever the order of places."""
    plain = shuffle(rng, plain)
    problem, start = plain.problem(), sound(rng, plain)
    plan = plan_of(problem, field_of(problem), start)
    assert assignment_of(field_of(problem), plan.item).tolist() == start.tolist()
    used = problem.arcs_of(start)
    used = used[used >= 0]
    minutes = np.bincount(problem.arc_reviewer[used], problem.arc_minutes[used], problem.n_reviewers)
    assert (problem.capacity - plan.minutes).tolist() == minutes.tolist()


def test_a_plan_of_nothing_has_what_is_in_every_plan() -> None:
    """Held work that may not move; a movable lead is nobody's yet."""
    held = Seat(0, {0: Arc(5, slots=0)}, required=True)
    lead = Seat(1, {0: Arc(4, slots=0), 1: Arc(4)}, required=True, movable=True)
    problem = sketch([held, lead], [9, 9]).problem()
    field = field_of(problem)
    assert assignment_of(field, plan_of(problem, field, None).item).tolist() == [0, -1]


def test_what_does_not_fit_together_is_left_out_of_a_plan() -> None:
    """The second of two that are too long for one reviewer."""
    problem = sketch([Seat(case, {0: Arc(5)}, 1) for case in range(2)], [9]).problem()
    field = field_of(problem)
    assert np.count_nonzero(plan_of(problem, field, ints([0, 0])).item >= 0) == 1


SWAPS = {
    "a second comes with its lead, whichever is named first": (
        sketch([Seat(0, {1: Arc()}, 1, needs=1), Seat(0, {0: Arc()}, 1)], [9, 9]),
        [-1, -1],
        [1, 0],
        True,
    ),
    "a lead whose second stays may not go": (
        sketch([Seat(0, {0: Arc()}, 1), Seat(0, {1: Arc()}, 1, needs=0)], [9, 9]),
        [0, 1],
        [-1, 1],
        False,
    ),
    "one takes the minutes that another gives back": (
        sketch([Seat(case, {0: Arc(5)}, 1) for case in range(2)], [5]),
        [0, -1],
        [-1, 0],
        True,
    ),
    "one takes the group that another gives back": (
        sketch(
            [Seat(case, {0: Arc()}, 1) for case in range(2)], [9], limits=(Limit(1, {(0, 0): 1, (1, 0): 1}),)
        ),
        [0, -1],
        [-1, 0],
        True,
    ),
    "a link goes over together": (
        sketch([Seat(case, {0: Arc(), 1: Arc()}, 1, link=0) for case in range(2)], [9, 9]),
        [0, 0],
        [1, 1],
        True,
    ),
    "half a link does not": (
        sketch([Seat(case, {0: Arc(), 1: Arc()}, 1, link=0) for case in range(2)], [9, 9]),
        [0, 0],
        [0, 1],
        False,
    ),
}


@pytest.mark.parametrize("what", SWAPS)
def test_changes_by_hand(what: str) -> None:
    """What leaves makes room first, and what needs another comes after it."""
    plain, before, after, fits = SWAPS[what]
    problem = plain.problem()
    field = field_of(problem)
    plan = plan_of(problem, field, ints(before))
    items = plan_of(problem, field, ints(after)).item if fits else _items(field.place, field.reviewer, after)
    changed = np.flatnonzero(items != plan.item)
    assert plans.commit(field, plan, changed, items[changed]) == fits
    assert assignment_of(field, plan.item).tolist() == (after if fits else before)


def _items(place: Ints, reviewer: Ints, assignment: list[int]) -> Ints:
    """The item of each place for its reviewer."""
    rows = {(int(p), int(r)): i for i, (p, r) in enumerate(zip(place, reviewer, strict=True))}
    return ints(rows.get((p, r), -1) for p, r in enumerate(assignment))


def test_a_place_that_must_be_filled_is_never_left_for_gain() -> None:
    """To leave it empty costs more than any other place and any arc."""
    seats = [Seat(0, {0: Arc(points=9)}, required=True, movable=True), Seat(1, {0: Arc()}, 1000)]
    for level in range(3):
        aim = aim_of(field_of(sketch(seats, [9]).problem()), level)
        assert aim.penalty[0] >= 4 * (aim.penalty[1] + aim.cost.max())
