"""The core of level 1: no plan of the whole is better than its own part of it, and plans come back whole."""

from __future__ import annotations

import numpy as np
import pytest

from solver.carrier import Carrier
from solver.check import breaches, values
from solver.core import core_of
from solver.lp import Duals
from solver.outcome import Limits
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


def test_the_best_plan_s_part_is_sound_in_every_core_and_costs_no_more(brute_forced: list[Solved]) -> None:
    """So what bounds the core bounds the whole, whichever places are left out."""
    smaller = 0
    for seed, known in enumerate(brute_forced):
        core = core_of(known.problem, _prices_by_chance(known, seed))
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
    core = core_of(problem, Duals(place, duals.needs, duals.group, duals.levels))
    assert (np.diff(core.arc_start) > 0).tolist() == [True, True, True, True, False]
    assert core.penalty.tolist() == [9, 9, 9, 5, 0]


@pytest.mark.parametrize("spare", [5, 0])
def test_a_plan_of_the_core_comes_back_with_the_rest_filled(spare: int) -> None:
    """What the core leaves out goes to whoever has room, and what they had is kept where it fits."""
    seats = [Seat(0, {0: Arc(5)}, 9), Seat(1, {0: Arc(5), 1: Arc(5)}, 9)]
    problem = sketch(seats, [5, spare]).problem()
    search = Search(problem, Limits(effort=1))
    search.offer(ints([-1, 0]), "first")
    duals = rough_prices(problem, 0)
    carrier = Carrier(
        search, core_of(problem, Duals(np.array([9.0, 0.0]), duals.needs, duals.group, duals.levels)), 1.0
    )
    assert carrier.core.offer(ints([0, -1]), "core")
    carrier.carry()
    assert search.best is not None
    assert search.best.tolist() == ([0, 1] if spare else [-1, 0])
