"""Few takers: as much filled as can be, by as few people as can be, then in time and near, by trying all."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given

from solver.check import breaches, values
from solver.cpsat import CpLimits
from solver.takers import few_takers
from tests.solver.brute import EMPTY, is_sound, worth
from tests.solver.draws import sketches
from tests.solver.sketch import Arc, Seat, Sketch, sketch

LIMITS = CpLimits(60.0, None, 1, 1)


def takers(plain: Sketch, assignment: list[int]) -> int:
    """How many people have a place that they need not have."""
    open_places = zip(plain.seats, assignment, strict=True)
    return len({who for seat, who in open_places if who != EMPTY and not seat.required})


def best(plain: Sketch) -> tuple[int, int, int, int] | None:
    """Points empty, takers, late and cost of the best assignment, of all there are."""
    choices = [[*seat.arcs, *([] if seat.required else [EMPTY])] for seat in plain.seats]
    found = [
        (unallocated, takers(plain, list(one)), late, cost)
        for one in product(*choices)
        if is_sound(plain, one)
        for unallocated, late, cost in [worth(plain, one)]
    ]
    return min(found, default=None)


@given(sketches(max_cases=4, max_reviewers=3))
def test_it_is_the_best_of_all(plain: Sketch) -> None:
    """Points, then people, then lateness, then cost; and nothing is broken."""
    wanted, problem = best(plain), plain.problem()
    found = few_takers(problem, LIMITS)
    if wanted is None:
        assert found is None
        return
    assert found is not None
    assert breaches(problem, found.assignment) == []
    unallocated, late, cost = values(problem, found.assignment).tolist()
    assert (unallocated, found.takers, late, cost) == wanted
    assert found.takers == takers(plain, found.assignment.tolist())
    assert found.fewest
    assert found.best


def test_one_person_rather_than_two() -> None:
    """Though two would be nearer; and two where one has not the time for both."""
    seats = [Seat(0, {0: Arc(5, 9), 1: Arc(5, 1)}, 9), Seat(1, {0: Arc(5, 1), 1: Arc(5, 9)}, 9)]
    alone = few_takers(sketch(seats, [10, 10]).problem(), LIMITS)
    assert alone is not None
    assert (alone.takers, len(set(alone.assignment.tolist()))) == (1, 1)
    shared = few_takers(sketch(seats, [5, 9]).problem(), LIMITS)
    assert shared is not None
    assert shared.assignment.tolist() == [1, 0]


def test_whoever_keeps_what_they_have_is_no_taker() -> None:
    """Held work counts for nobody."""
    seats = [Seat(0, {0: Arc(5)}, required=True), Seat(1, {1: Arc(5)}, 9)]
    found = few_takers(sketch(seats, [10, 10]).problem(), LIMITS)
    assert found is not None
    assert found.takers == 1
    assert np.array_equal(found.assignment, [0, 1])
