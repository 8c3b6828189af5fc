"""Every method in the list, also on larger problems: what it offers is sound, and what it says is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from solver.check import breaches, values
from solver.outcome import Limits
from solver.problem import Ints
from solver.search import Search
from solver.solve import METHODS
from tests.solver.brute import optimum
from tests.solver.draws import encoded_sketches
from tests.solver.instances import equal_efforts, random_sketch
from tests.solver.sketch import Arc, Limit, Seat, Sketch, sketch

MID_SIZE = 6


def mid_size(seed: int) -> Sketch:
    """A problem of 60 cases and 10 reviewers with some of everything, or one whose efforts are equal."""
    rng = np.random.default_rng(seed)
    return random_sketch(rng, 60, 10, density=0.4) if seed % 3 else equal_efforts(rng, 60, 10, held_share=0)


class Offered(Search):
    """A search that notes every plan it is offered, and with what claim."""

    def offer(self, assignment: Ints, method: str) -> bool:
        """Note the plan; then as ever."""
        self.notes = [*getattr(self, "notes", []), (assignment.copy(), method)]
        return super().offer(assignment, method)


def run_all(search: Search) -> None:
    """Each method of the list that suits, in its order."""
    for method in METHODS:
        if method.suits(search):
            method.run(search)
            assert search.best is not None
            assert values(search.whole, search.best).tolist() == search.best_values.tolist()


@pytest.mark.parametrize("seed", range(MID_SIZE))
def test_every_plan_a_method_offers_is_sound(seed: int) -> None:
    """On mid-size problems nothing that is offered breaks a rule, and no bound passes the best value."""
    problem = mid_size(seed).problem()
    search = Offered(problem, Limits(seconds=1.0))
    run_all(search)
    assert all(breaches(problem, assignment) == [] for assignment, _ in search.notes)
    assert {"greedy"} <= {method for _, method in search.notes}
    assert search.bounds[0] <= search.best_values[0]


@pytest.mark.parametrize("seed", range(MID_SIZE))
def test_of_several_workers_no_plan_is_taken_that_is_not_sound(seed: int) -> None:
    """What one finds may no longer fit what another found meanwhile; then it is not the best plan."""
    problem = mid_size(seed).problem()
    search = Search(problem, Limits(seconds=1.0, workers=3))
    run_all(search)
    assert search.best is not None
    assert breaches(problem, search.best) == []
    assert np.all(search.bounds <= search.best_values)


@given(encoded_sketches())
def test_every_method_s_claims_are_true(plain: Sketch) -> None:
    """After each method the best plan is worth what is claimed, and no bound is above the optimum."""
    best = optimum(plain)
    assert best is not None
    search = Search(plain.problem(), Limits(seconds=100))
    run_all(search)
    assert search.best_values.tolist() == [*best[1]]
    assert np.all(search.bounds <= best[1])


GREEDY = {
    "the dearer hour goes first": (
        sketch([Seat(0, {0: Arc(4)}, 8), Seat(1, {0: Arc(4)}, 9)], [4]),
        [-1, 0],
    ),
    "points an hour count, not points": (
        sketch([Seat(0, {0: Arc(1)}, 8), Seat(1, {0: Arc(4)}, 9)], [4]),
        [0, -1],
    ),
    "who has most time in proportion takes it": (
        sketch([Seat(0, {0: Arc(5), 1: Arc(3)}, 1)], [10, 10]),
        [1],
    ),
    "nobody may take anything": (sketch([Seat(0, {}, 8)], [4]), [-1]),
    "a movable lead stays with its holder": (
        sketch([Seat(0, {0: Arc(5, points=3), 1: Arc(4, slots=0)}, required=True, movable=True)], [9, 9]),
        [1],
    ),
    "a second comes after its lead": (
        sketch([Seat(0, {0: Arc()}, 1), Seat(0, {1: Arc()}, 9, needs=0)], [9, 9]),
        [0, 1],
    ),
    "a second without its lead stays empty": (
        sketch([Seat(0, {0: Arc(11)}, 1), Seat(0, {1: Arc()}, 9, needs=0)], [9, 9]),
        [-1, -1],
    ),
    "whoever took the first of a label takes the rest": (
        sketch([Seat(case, {0: Arc(3), 1: Arc(3)}, 9 - case, link=0) for case in range(2)], [9, 8]),
        [0, 0],
    ),
    "a group that is used up closes": (
        sketch(
            [Seat(case, {0: Arc()}, 9 - case) for case in range(2)],
            [9],
            limits=(Limit(1, {(0, 0): 1, (1, 0): 1}),),
        ),
        [0, -1],
    ),
    "slots that are used up close": (
        sketch([Seat(case, {0: Arc()}, 9 - case) for case in range(2)], [9], slots=(1,)),
        [0, -1],
    ),
}


@pytest.mark.parametrize("what", GREEDY)
def test_the_first_plan_by_hand(what: str) -> None:
    """Greedy fills place by place, in the order and with the reviewer that it says."""
    plain, expected = GREEDY[what]
    search = Search(plain.problem(), Limits())
    greedy = METHODS[0]
    assert greedy.name == "greedy"
    greedy.run(search)
    assert search.best is not None
    assert search.best.tolist() == expected


def test_methods_go_on_where_the_levels_do_not_fit_into_one_sum() -> None:
    """Penalties of 10⁹ each: flow and repair cannot weigh all levels, and the plan is sound all the same."""
    plain = mid_size(1)
    seats = tuple(replace(seat, penalty=seat.penalty * 10**9, late_points=10**9) for seat in plain.seats)
    huge = replace(plain, seats=seats).problem()
    search = Search(huge, Limits(effort=1))
    run_all(search)
    assert search.best is not None
    assert breaches(huge, search.best) == []
    assert search.bounds[0] <= search.best_values[0]


def test_there_is_one_visible_list_of_methods() -> None:
    """Each has a name of its own."""
    names = [method.name for method in METHODS]
    assert len(set(names)) == len(names) > 0
