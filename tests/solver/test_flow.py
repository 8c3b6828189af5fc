"""The exact flow: when it may be asked, and that it, CP-SAT and trying everything agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given

from solver import flow
from solver.check import breaches
from solver.cpsat import CpLimits, level_weights, solve_model
from solver.greedy import greedy
from solver.outcome import Limits
from solver.problem import Problem
from solver.reduce import drop_hopeless
from solver.search import Search
from tests.solver.brute import optimum
from tests.solver.draws import paced_sketches
from tests.solver.sketch import Arc, Limit, Seat, Sketch, sketch

EITHER = {0: Arc(3), 1: Arc(4)}
PLAIN = sketch([Seat(0, EITHER, 5), Seat(1, EITHER, 4), Seat(2, EITHER, 3)], [6, 4])


def flowed(problem: Problem) -> Search:
    """A search after the flow, which like in `solve` comes after the first plan."""
    search = Search(problem, Limits(seconds=100))
    greedy(search)
    flow.flow(search)
    return search


def assert_honest(plain: Sketch, search: Search) -> None:
    """Fail if the flow's plan is unsound, or any bound is above the optimum."""
    best = optimum(plain)
    assert best is not None
    assert search.best is None or breaches(plain.problem(), search.best) == []
    assert np.all(search.bounds <= best[1]), (search.bounds, best[1])


@given(paced_sketches())
def test_a_flow_never_claims_what_is_not_so(plain: Sketch) -> None:
    """Wherever it may be asked, what a flow proves of a level is no more than the optimum."""
    problem = drop_hopeless(plain.problem())
    assume(flow.suits(problem))
    assert_honest(plain, flowed(problem))


@given(paced_sketches())
def test_flow_cpsat_and_trying_everything_agree(plain: Sketch) -> None:
    """On equal efforts the flow's level 1 is the optimum, and so is every level it claims to have proved."""
    problem = drop_hopeless(plain.problem())
    assume(flow.suits(problem))
    search = flowed(problem)
    best, weights = optimum(plain), level_weights(problem)
    assert best is not None
    assert weights is not None
    limits = CpLimits(seconds=60, deterministic_seconds=None, workers=1, seed=1)
    answer = solve_model(problem, weights, None, limits, lambda: False)
    assert answer.optimal
    assert answer.bound == pytest.approx(weights @ np.array(best[1]), abs=1e-6)
    assert search.best_values[0] == search.bounds[0] == best[1][0]
    if search.proved():
        assert search.best_values.tolist() == [*best[1]]


def test_the_flow_by_hand() -> None:
    """Two threes and one four fit, and all is filled; with one three less the cheapest place stays empty."""
    search = flowed(PLAIN.problem())
    assert search.best_values.tolist() == search.bounds.tolist() == [0, 0, 0]
    less = flowed(replace(PLAIN, capacity=(3, 4)).problem())
    assert less.best_values.tolist() == [3, 0, 0]


def test_slots_bind_the_flow_by_hand() -> None:
    """Time for three but one slot each leaves the cheapest place empty."""
    search = flowed(replace(PLAIN, capacity=(99, 99), slots=(1, 1)).problem())
    assert search.best_values.tolist() == search.bounds.tolist() == [3, 0, 0]


def test_workload_that_rises_evenly_is_told_by_a_flow() -> None:
    """Points for every minute over a threshold: the flow weighs them at the lowest level."""
    plain = replace(PLAIN, capacity=(99, 99), thresholds=((3,), (4,)), rates=(2,), divisor=1)
    search = flowed(plain.problem())
    best = optimum(plain)
    assert best is not None
    assert tuple(search.bounds) == best[1]


UNSUITED = {
    "efforts differ": sketch([Seat(0, {0: Arc(3)}), Seat(1, {0: Arc(4)})], [9]),
    "no time at all": sketch([Seat(0, {0: Arc(0)}), Seat(1, {0: Arc(0)})], [9]),
    "a lead may move": sketch(
        [Seat(0, {0: Arc(3, slots=0), 1: Arc(3)}, required=True, movable=True)], [9, 9]
    ),
    "two slots a place": sketch([Seat(0, {0: Arc(3, slots=2)})], [9]),
    "lead and second of one case are open": sketch([Seat(0, EITHER), Seat(0, EITHER, needs=0)], [9, 9]),
    "a label of two": sketch([Seat(0, EITHER, link=0), Seat(1, EITHER, link=0)], [9, 9]),
    "a group that may bind": replace(PLAIN, limits=(Limit(1, {(0, 0): 1, (1, 0): 1}),)),
    "nothing to do": sketch([Seat(0, {0: Arc(3, slots=0)}, required=True)], [9]),
}


@pytest.mark.parametrize("why", UNSUITED)
def test_a_flow_is_not_asked_where_it_cannot_tell(why: str) -> None:
    """Whatever ties places together, or makes them differ, is left to others."""
    assert not flow.suits(UNSUITED[why].problem())


def test_a_flow_is_asked_where_a_group_cannot_bind() -> None:
    """A limit as large as all its amounts ties nothing together."""
    assert flow.suits(PLAIN.problem())
    assert flow.suits(replace(PLAIN, limits=(Limit(2, {(0, 0): 1, (1, 0): 1}),)).problem())


def test_lateness_that_depends_on_other_work_is_not_proved() -> None:
    """Due at 3, the second case of reviewer 0 is late: a flow cannot tell, and claims level 1 only."""
    seats = [Seat(case, {0: Arc(3, due=3)}, 5, 2) for case in range(2)]
    search = flowed(sketch(seats, [6]).problem())
    assert search.best_values.tolist() == [0, 2, 0]
    assert search.bounds.tolist() == [0, 0, 0]


def test_workload_that_does_not_rise_evenly_is_not_proved() -> None:
    """At 3 minutes each, half a point a minute rounds down to 1, 3 and 4: only levels 1 and 2 are claimed."""
    seats = [Seat(case, {0: Arc(3)}, 5) for case in range(3)]
    plain = sketch(seats, [9], thresholds=((0,),), rates=(1,), divisor=2)
    search = flowed(plain.problem())
    assert search.best_values.tolist() == [0, 0, 4]
    assert search.bounds.tolist() == [0, 0, 0]


def test_penalties_too_large_to_weigh_are_minimised_alone() -> None:
    """Where all levels do not fit into one sum, level 1 is still proved, and only it."""
    seats = [Seat(case, {0: Arc(3, points=7)}, 10**9 + case, 10**9) for case in range(3)]
    search = flowed(sketch(seats, [3]).problem())
    assert search.best_values[0] == search.bounds[0] == 2 * 10**9 + 1
    assert search.bounds[2] == 0


def test_penalties_too_large_for_any_flow_are_left_to_others() -> None:
    """Beyond what 64 bits hold once scaled, the flow offers nothing and claims nothing."""
    search = flowed(sketch([Seat(0, {0: Arc(3)}, 2**61), Seat(1, {0: Arc(3)}, 5)], [3]).problem())
    assert search.bounds.tolist() == [0, 0, 0]


def test_leads_and_seconds_of_one_reviewer_count_their_slots_apart() -> None:
    """One slot, three leads, and a second that takes none beside a held lead: one lead and the second fit."""
    held, second = Seat(0, {1: Arc(2, slots=0)}, required=True), Seat(0, {0: Arc(2, slots=0)}, 4)
    seats = [held, second, *(Seat(case, {0: Arc(2)}, 5) for case in (1, 2, 3))]
    plain = sketch(seats, [9, 9], slots=(1, 1))
    assert not flow.suits(plain.problem())


def test_a_lead_is_not_given_to_its_own_second() -> None:
    """The only taker holds the second: the lead stays empty, and no late points are claimed of it."""
    seats = [Seat(0, {0: Arc(2, due=1)}, 5, 3), Seat(0, {0: Arc(2, slots=0)}, required=True)]
    plain = sketch(seats, [9])
    assert not flow.suits(plain.problem())
