"""Room made around empty places: a plan only gets better, and is sound; what helps is found."""

from __future__ import annotations

import numpy as np

from solver.around import make_room_around
from solver.check import breaches, values
from solver.outcome import Limits
from solver.search import Search
from tests.solver.draws import Solved
from tests.solver.sketch import Arc, Seat, ints, sketch


def test_two_moves_make_room_for_what_fits_nowhere() -> None:
    """Place 0 fits R0 once 1 has gone to R1, and 2 from there to R2, who has 3 minutes left beside 3."""
    seats = [
        Seat(0, {0: Arc(4), 1: Arc(4), 2: Arc(4)}, 9),
        Seat(1, {0: Arc(4), 1: Arc(4)}, 9),
        Seat(2, {1: Arc(4), 2: Arc(3)}, 9),
        Seat(3, {2: Arc(2)}, 20),
    ]
    problem = sketch(seats, [4, 4, 5]).problem()
    search = Search(problem, Limits(effort=1))
    plan = ints([-1, 0, 1, 2])
    assert search.offer(plan, "first")
    assert (make_room_around(search, np.ones(4, np.bool_), plan) >= 0).all()
    assert search.best is not None
    assert breaches(problem, search.best) == []


def test_places_that_are_not_asked_for_are_left_as_they_are() -> None:
    """Nothing is planned anew for them."""
    problem = sketch([Seat(0, {0: Arc(4)}, 9)], [4]).problem()
    search = Search(problem, Limits(effort=1))
    assert make_room_around(search, np.zeros(1, np.bool_), ints([-1])).tolist() == [-1]
    assert make_room_around(search, np.ones(1, np.bool_), ints([-1])).tolist() == [0]


def test_a_plan_never_gets_worse_and_stays_sound(brute_forced: list[Solved]) -> None:
    """From nothing but what must be filled, over problems whose optimum is known."""
    better = 0
    for known in brute_forced:
        problem = known.problem
        plan = np.where(problem.required, known.assignment, -1)
        if breaches(problem, plan):
            continue
        search = Search(problem, Limits(effort=1))
        search.offer(plan, "first")
        found = make_room_around(search, ~problem.required, plan)
        assert breaches(problem, found) == []
        before, after = (int(values(problem, one)[0]) for one in (plan, found))
        assert known.worth[0] <= after <= before
        better += after < before
    assert better > len(brute_forced) / 2
