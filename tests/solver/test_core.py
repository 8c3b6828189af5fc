"""The core of level 1: no plan of the whole is better than its own part of it, and plans come back whole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from solver.carrier import Carrier
from solver.check import breaches, values
from solver.core import core_of, grown, has_price, weighted_core_of
from solver.lp import Duals
from solver.outcome import Limits
from solver.problem import Bools, Problem
from solver.relax import relax, rough_prices
from solver.search import Search
from tests.solver.draws import Solved
from tests.solver.sketch import Arc, Seat, ints, sketch


def _prices_by_chance(known: Solved, seed: int) -> Duals:
    """Half of the places and needs at a price, the others at none."""
    rng, duals = np.random.default_rng(seed), rough_prices(known.problem, 0)
    n = known.problem.n_places
    return Duals(
        rng.integers(0, 2, n) * 5.0,
        rng.integers(0, 2, n) * rng.integers(0, 2, n) * 5.0,
        duals.group,
        duals.levels,
    )


@pytest.mark.parametrize("made", [core_of, weighted_core_of])
def test_the_best_plan_s_part_is_sound_in_every_core_and_costs_no_more(
    brute_forced: list[Solved], made: Callable[[Problem, Bools], Problem]
) -> None:
    """So what bounds the core bounds the whole, whichever places are left out."""
    smaller = 0
    for seed, known in enumerate(brute_forced):
        core = made(known.problem, has_price(known.problem, _prices_by_chance(known, seed)))
        part = np.where(core.arcs_of(known.assignment) >= 0, known.assignment, -1)
        assert breaches(core, part) == []
        assert values(core, part)[0] <= known.worth[0]
        smaller += core.n_arcs < known.problem.n_arcs
    assert smaller > len(brute_forced) / 2


def test_prices_of_the_core_prove_the_same_of_the_whole(brute_forced: list[Solved]) -> None:
    """What steps over the core prove is told of the whole, and is never above its optimum."""
    for known in brute_forced[:60]:
        search = Search(known.problem, Limits(effort=1))
        relax(search, 0)
        assert search.bounds[0] <= known.worth[0]


def test_what_is_linked_or_needed_is_in_the_core_together() -> None:
    """A price on one of two linked places, or on a second alone, brings the other in."""
    arcs = {0: Arc(1), 1: Arc(1)}
    seats = [
        Seat(0, arcs, 9, link=0),
        Seat(1, arcs, 9, link=0),
        Seat(2, arcs, 9),
        Seat(2, arcs, 5, needs=2),
        Seat(3, arcs, 9),
    ]
    problem = sketch(seats, [9, 9]).problem()
    duals = rough_prices(problem, 0)
    place = np.zeros(problem.n_places)
    place[[0, 3]] = 5
    core = core_of(problem, has_price(problem, Duals(place, duals.needs, duals.group, duals.levels)))
    assert (np.diff(core.arc_start) > 0).tolist() == [True, True, True, True, False]
    assert core.penalty.tolist() == [9, 9, 9, 5, 0]


def test_a_place_weighs_what_stays_empty_with_it() -> None:
    """A lead inside costs its second too, which is outside; one that nobody could have costs it already."""
    arcs = {0: Arc(1), 1: Arc(1)}
    seats = [Seat(0, arcs, 9), Seat(0, arcs, 5, needs=0), Seat(1, arcs, 8), Seat(1, {}, 3, needs=2)]
    problem = sketch(seats, [9, 9]).problem()
    inside = np.array([True, False, True, False])
    assert weighted_core_of(problem, inside).penalty.tolist() == [14, 0, 8, 3]
    assert core_of(problem, inside).penalty.tolist() == [9, 0, 8, 3]


def test_a_core_grows_by_what_found_no_room_and_by_what_has_it() -> None:
    """Place 1 stays empty though R1 may take it, who has 2; 3 is with R0, who may not, and stays outside."""
    seats = [
        Seat(0, {0: Arc(1)}, 9),
        Seat(1, {1: Arc(1)}, 9),
        Seat(2, {0: Arc(1), 1: Arc(1)}, 9),
        Seat(3, {0: Arc(1)}, 9),
    ]
    problem = sketch(seats, [9, 9]).problem()
    inside = np.array([True, False, False, False])
    assert grown(problem, inside, ints([0, -1, 1, 0])).tolist() == [True, True, True, False]
    assert grown(problem, inside, ints([0, 1, 1, 0])).tolist() == inside.tolist()


@pytest.mark.parametrize("spare", [5, 0])
def test_a_plan_of_the_core_comes_back_with_the_rest_filled(spare: int) -> None:
    """What the core leaves out goes to whoever has room, and what they had is kept where it fits."""
    seats = [Seat(0, {0: Arc(5)}, 9), Seat(1, {0: Arc(5), 1: Arc(5)}, 9)]
    problem = sketch(seats, [5, spare]).problem()
    search = Search(problem, Limits(effort=1))
    search.offer(ints([-1, 0]), "first")
    carrier = Carrier(search, core_of(problem, np.array([True, False])), 1.0)
    assert carrier.core.offer(ints([0, -1]), "core")
    carried = carrier.carry()
    assert carried is not None
    assert carried.tolist() == ([0, 1] if spare else [0, -1])
    assert search.best is not None
    assert search.best.tolist() == ([0, 1] if spare else [-1, 0])
