"""What is known before any search: arcs no plan can use, and points no plan can avoid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from solver.check import breaches, values
from solver.reduce import drop_hopeless, fixed_values, late_whoever
from tests.solver.draws import Solved, rngs, sketches, sound
from tests.solver.instances import Rng
from tests.solver.sketch import Arc, Limit, Seat, Sketch, sketch

HELD = Seat(0, {0: Arc(6, slots=0)}, required=True)
HOPELESS = {
    "too long beside held work": sketch([HELD, Seat(1, {0: Arc(5)})], [10]),
    "no slot left": sketch([Seat(0, {0: Arc()})], [10], slots=(0,)),
    "more than a group's limit": sketch([Seat(0, {0: Arc()})], [10], limits=(Limit(2, {(0, 0): 3}),)),
    "the place it needs is for nobody": sketch([Seat(0), Seat(0, {0: Arc()}, needs=0)], [10]),
    "the place it needs turns out to be for nobody": sketch(
        [Seat(0, {0: Arc(11)}), Seat(0, {0: Arc()}, needs=0)], [10]
    ),
}
HOPEFUL = {
    "just fits beside held work": sketch([HELD, Seat(1, {0: Arc(4)})], [10]),
    "the last slot": sketch([Seat(0, {0: Arc()})], [10], slots=(1,)),
    "a group's whole limit": sketch([Seat(0, {0: Arc()})], [10], limits=(Limit(3, {(0, 0): 3}),)),
    "the place it needs may be filled": sketch([Seat(0, {1: Arc()}), Seat(0, {0: Arc()}, needs=0)], [10, 10]),
}


@pytest.mark.parametrize("why", HOPELESS)
def test_an_arc_that_could_never_be_used_is_dropped(why: str) -> None:
    """Only held work is left."""
    problem = drop_hopeless(HOPELESS[why].problem())
    assert problem.arc_place.tolist() == np.flatnonzero(problem.required).tolist()


@pytest.mark.parametrize("why", HOPEFUL)
def test_an_arc_at_the_very_limit_is_kept(why: str) -> None:
    """What just fits is not hopeless, and the problem is the same object."""
    problem = HOPEFUL[why].problem()
    assert drop_hopeless(problem) is problem


def test_held_work_is_never_dropped() -> None:
    """A holder without a minute to spare keeps what they hold, and is offered nothing more."""
    problem = sketch([Seat(0, {0: Arc(10, slots=0)}, required=True)], [10]).problem()
    assert drop_hopeless(problem) is problem


@given(sketches(), rngs)
def test_no_sound_plan_uses_a_dropped_arc(plain: Sketch, rng: Rng) -> None:
    """Any sound assignment of the whole is one of the reduced problem, worth the same."""
    problem, assignment = plain.problem(), sound(rng, plain)
    reduced = drop_hopeless(problem)
    assert breaches(problem, assignment) == breaches(reduced, assignment) == []
    assert values(problem, assignment).tolist() == values(reduced, assignment).tolist()


def test_the_optimum_survives_and_fixed_points_are_no_more_than_it(brute_forced: list[Solved]) -> None:
    """On every brute-forced problem the optimum is left, and no level's fixed part exceeds its value."""
    for solved in brute_forced:
        reduced = drop_hopeless(solved.problem)
        assert breaches(reduced, solved.assignment) == []
        fixed = fixed_values(reduced, solved.worth[0])
        assert np.all(fixed <= solved.worth), (fixed, solved.worth)


@given(sketches(), rngs)
def test_fixed_points_are_no_more_than_those_of_any_plan_as_good(plain: Sketch, rng: Rng) -> None:
    """Fixed, given a plan's level 1, is no more than that plan's value at any level."""
    problem, assignment = drop_hopeless(plain.problem()), sound(rng, plain)
    worth = values(problem, assignment)
    assert np.all(fixed_values(problem, int(worth[0])) <= worth)


def test_a_place_for_nobody_is_fixed_at_level_1() -> None:
    """Of penalties 5 and 7 only the one that nobody may take is fixed."""
    problem = sketch([Seat(0, {}, 5), Seat(1, {0: Arc()}, 7)], [9]).problem()
    assert fixed_values(problem, 12).tolist() == [5, 0, 0]


def test_held_work_late_by_itself_is_fixed_at_level_2() -> None:
    """Six minutes due at 5 are late whatever else is planned; six due at 6 need not be."""
    late = Seat(0, {0: Arc(6, slots=0, due=5)}, late_points=8, required=True)
    in_time = Seat(1, {1: Arc(6, slots=0, due=6)}, late_points=4, required=True)
    assert fixed_values(sketch([late, in_time], [9, 9]).problem(), 0).tolist() == [0, 8, 0]


def test_new_work_late_with_everyone_is_fixed_only_if_it_must_be_placed() -> None:
    """A plan that leaves 10 points empty may leave this place of 10 empty; one that leaves 9 may not."""
    late = Seat(0, {0: Arc(6, due=5), 1: Arc(4, due=3)}, 10, 8)
    problem = sketch([late, Seat(1, {0: Arc()}, 10)], [9, 9]).problem()
    assert fixed_values(problem, 10).tolist() == [0, 0, 0]
    assert fixed_values(problem, 9).tolist() == [0, 8, 0]


def test_new_work_in_time_with_someone_is_not_fixed() -> None:
    """One reviewer who could be in time is enough."""
    plain = sketch([Seat(0, {0: Arc(6, due=5), 1: Arc(4, due=4)}, 10, 8)], [9, 9])
    assert late_whoever(plain.problem()).tolist() == [False]
    assert fixed_values(plain.problem(), 0).tolist() == [0, 0, 0]


def test_the_bands_of_held_work_are_fixed_at_level_3() -> None:
    """Six held minutes over a threshold of 2 cost 4; what may move or is new costs nothing yet."""
    movable = Seat(1, {0: Arc(9, slots=0), 1: Arc()}, required=True, movable=True)
    plain = sketch(
        [HELD, movable, Seat(2, {0: Arc()}, 9)], [99, 99], thresholds=((2,), (2,)), rates=(1,), divisor=1
    )
    assert fixed_values(plain.problem(), 0).tolist() == [0, 0, 4]
