"""Room made by one move: a place that fits nowhere is filled, and nobody loses what they had."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from solver import shifts
from solver.check import breaches, values
from solver.field import field_of
from solver.problem import Ints, Problem
from solver.workshop import aim_of, assignment_of, plan_of
from tests.solver.draws import rngs, sketches, sound
from tests.solver.instances import Rng
from tests.solver.interpreted import interpreted
from tests.solver.sketch import Arc, Limit, Seat, Sketch, ints, sketch


def _with_room(problem: Problem, assignment: Ints) -> tuple[int, Ints]:
    """How many places were filled, and the assignment after that."""
    field = field_of(problem)
    plan, aim = plan_of(problem, field, assignment), aim_of(field, 0)
    filled = shifts.make_room(field, aim, plan, np.arange(problem.n_places), aim.penalty)
    return filled, assignment_of(field, plan.item)


def _only_by_moving(spare: int) -> Sketch:
    """Two places of five minutes: the second is for reviewer 0 alone, the first for reviewer 1 as well."""
    return sketch([Seat(0, {0: Arc(5), 1: Arc(5)}, 9), Seat(1, {0: Arc(5)}, 9)], [5, spare])


@pytest.mark.parametrize(("spare", "after"), [(5, [1, 0]), (4, [0, -1])])
def test_one_moves_if_somebody_else_has_all_the_time_it_takes(spare: int, after: list[int]) -> None:
    """With a minute too few it stays, and the other place stays empty."""
    filled, assignment = _with_room(_only_by_moving(spare).problem(), ints([0, -1]))
    assert assignment.tolist() == after
    assert filled == (spare == 5)


def test_what_fits_as_it_is_moves_nothing() -> None:
    """Reviewer 0 has time for both."""
    problem = sketch([Seat(0, {0: Arc(5), 1: Arc(5)}, 9), Seat(1, {0: Arc(5)}, 9)], [10, 5]).problem()
    assert _with_room(problem, ints([0, -1]))[1].tolist() == [0, 0]


def test_held_work_stays_with_its_holder() -> None:
    """It may not move, however much that would help."""
    plain = sketch([Seat(0, {0: Arc(5)}, 9, required=True), Seat(1, {0: Arc(5), 1: Arc(5)}, 9)], [5, 5])
    assert _with_room(plain.problem(), ints([0, -1]))[1].tolist() == [0, 1]


def test_a_limit_shared_by_both_keeps_the_move_from_being_made() -> None:
    """Reviewer 1's arc to the first place uses up a limit that is used up: near miss."""
    seats = [Seat(0, {0: Arc(5), 1: Arc(5)}, 9), Seat(1, {0: Arc(5)}, 9)]
    tight = sketch(seats, [5, 5], limits=(Limit(0, {(0, 1): 1}),)).problem()
    wide = sketch(seats, [5, 5], limits=(Limit(1, {(0, 1): 1}),)).problem()
    assert _with_room(tight, ints([0, -1]))[0] == 0
    assert _with_room(wide, ints([0, -1]))[0] == 1


@given(sketches(8, 4), rngs)
def test_the_plan_stays_sound_and_keeps_every_place_it_had(plain: Sketch, rng: Rng) -> None:
    """Links, needs, limits and slots included; as many more are filled as it says."""
    problem, before = plain.problem(), sound(rng, plain)
    filled, after = _with_room(problem, before)
    assert breaches(problem, after) == []
    assert np.all(after[before >= 0] >= 0)
    assert filled == np.sum(after >= 0) - np.sum(before >= 0) >= 0
    assert values(problem, after)[0] <= values(problem, before)[0]


@given(sketches(8, 4), rngs)
def test_room_is_made_as_its_python_says(plain: Sketch, rng: Rng) -> None:
    """The same places are filled by the same people, whether compiled or interpreted."""
    problem, before = plain.problem(), sound(rng, plain)
    fast = _with_room(problem, before)
    with interpreted():
        plainly = _with_room(problem, before)
    assert fast[0] == plainly[0]
    assert fast[1].tolist() == plainly[1].tolist()
