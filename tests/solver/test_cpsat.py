"""The whole problem in CP-SAT: the optimum of the weighted levels, from any start, and what it proves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from solver.check import breaches, values
from solver.cpsat import Answer, CpLimits, cpsat, level_weights, solve_model
from solver.greedy import greedy
from solver.outcome import BoundedBy, Limits
from solver.problem import Ints, Problem
from solver.search import Search
from tests.solver.brute import optimum
from tests.solver.draws import Solved, rngs, sketches, sound
from tests.solver.instances import Rng, random_sketch
from tests.solver.sketch import Arc, Seat, Sketch, ints, sketch

LIMITS = CpLimits(seconds=60, deterministic_seconds=None, workers=1, seed=1)
HUGE = sketch([Seat(case, {0: Arc()}, 10**9, 10**9) for case in range(3)], [9]).problem()


def solved(problem: Problem, start: Ints | None = None) -> Answer:
    """CP-SAT's answer on the whole problem."""
    weights = level_weights(problem)
    assert weights is not None
    return solve_model(problem, weights, start, LIMITS, lambda: False)


@given(sketches())
def test_the_model_s_optimum_is_that_of_trying_everything(plain: Sketch) -> None:
    """Its plan is sound and best at every level, and its bound is the weighted sum of the optimum's."""
    problem, best = plain.problem(), optimum(plain)
    answer, weights = solved(problem), level_weights(problem)
    assert best is not None
    assert weights is not None
    assert answer.optimal
    assert answer.assignment is not None
    assert breaches(problem, answer.assignment) == []
    assert values(problem, answer.assignment).tolist() == [*best[1]]
    assert answer.bound == pytest.approx(weights @ np.array(best[1]), abs=1e-6)


@given(sketches(), rngs)
def test_weights_make_one_sum_lexicographic(plain: Sketch, rng: Rng) -> None:
    """Of two sound plans the better one has the smaller weighted sum."""
    problem = plain.problem()
    weights = level_weights(problem)
    assert weights is not None
    one, other = (values(problem, sound(rng, plain)) for _ in range(2))
    assert (weights @ one < weights @ other) == (one.tolist() < other.tolist())


def test_a_start_does_no_harm(brute_forced: list[Solved]) -> None:
    """From the optimum as hint the answer is as good."""
    for known in brute_forced[:40]:
        answer = solved(known.problem, known.assignment)
        assert answer.assignment is not None
        assert values(known.problem, answer.assignment).tolist() == [*known.worth]


def test_the_search_is_told_the_plan_and_every_level_s_bound(brute_forced: list[Solved]) -> None:
    """Solved to proof, values and bounds are the optimum, bounded by search where not by what is fixed."""
    for known in brute_forced[:40]:
        search = Search(known.problem, Limits(seconds=100))
        greedy(search)
        cpsat(search)
        assert search.best_values.tolist() == search.bounds.tolist() == [*known.worth]
        assert set(search.bounded_by) <= {BoundedBy.SEARCH, BoundedBy.FIXED}


def test_what_is_proved_without_a_plan_is_still_a_bound(brute_forced: list[Solved]) -> None:
    """Stopped at once with nothing found, nothing above the optimum is claimed."""
    for known in brute_forced[:10]:
        search = Search(known.problem, Limits(seconds=100), cancelled=lambda: True)
        greedy(search)
        cpsat(search)
        assert search.best is not None
        assert search.bounds[0] <= known.worth[0]


def test_a_problem_nobody_can_solve_has_no_answer() -> None:
    """Two held places of one case with one holder: no assignment, and nothing proved."""
    held = Seat(0, {0: Arc(slots=0)}, required=True)
    movable = Seat(0, {0: Arc(slots=0), 1: Arc(9)}, required=True, movable=True)
    answer = solved(sketch([held, movable], [9, 1]).problem())
    assert answer.assignment is None
    assert not answer.optimal


def test_levels_that_do_not_fit_into_one_sum_are_not_tried() -> None:
    """Weights beyond 2⁵² would not be exact: the method leaves such a problem to others."""
    assert level_weights(HUGE) is None
    search = Search(HUGE, Limits(seconds=100))
    greedy(search)
    before = search.bounds.tolist()
    cpsat(search)
    assert search.bounds.tolist() == before


def test_work_and_not_time_may_be_the_limit() -> None:
    """Under deterministic seconds two runs give the same answer."""
    problem = random_sketch(np.random.default_rng(3), 40, 8, density=0.5).problem()
    weights = level_weights(problem)
    assert weights is not None
    limits = CpLimits(seconds=60, deterministic_seconds=0.05, workers=1, seed=7)
    one, other = (solve_model(problem, weights, None, limits, lambda: False) for _ in range(2))
    assert one.assignment is not None
    assert other.assignment is not None
    assert one.assignment.tobytes() == other.assignment.tobytes()
    assert one.bound == other.bound


def test_a_problem_without_places_has_an_empty_answer() -> None:
    """Nothing to fill is solved at once."""
    answer = solved(sketch([], [9]).problem())
    assert answer.assignment is not None
    assert answer.assignment.tolist() == []
    assert answer.optimal


def test_a_link_is_bound_to_the_holder_of_its_held_place() -> None:
    """The open place of the label stays empty: its only taker is not the label's holder."""
    seats = [Seat(0, {0: Arc(slots=0)}, required=True, link=0), Seat(1, {1: Arc()}, 5, link=0)]
    answer = solved(sketch(seats, [9, 9]).problem())
    assert answer.assignment is not None
    assert answer.assignment.tolist() == ints([0, -1]).tolist()
