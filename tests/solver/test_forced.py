"""One pair forced: the best plan with it by search and by trying all, and the floor that prices give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from solver.check import values
from solver.forced import Floors, forced
from solver.lp import Duals
from solver.outcome import Limits
from solver.problem import Problem
from solver.relax import rough_prices
from solver.solve import solve
from tests.solver.brute import Worth, optimum
from tests.solver.draws import rngs, sketches
from tests.solver.instances import Rng
from tests.solver.sketch import Arc, Seat, Sketch, sketch

QUICK = Limits(effort=1, workers=1)
FEW = sketches(max_cases=5, max_reviewers=3)


def _pairs(plain: Sketch) -> list[tuple[int, int]]:
    """Every open place and who may take it."""
    return [
        (place, who)
        for place, seat in enumerate(plain.seats)
        if not seat.required
        for who in sorted(seat.arcs)
    ]


def _best_with(plain: Sketch, place: int, who: int) -> Worth | None:
    """What the best plan with a pair is worth, of all there are; None where there is none."""
    seats = list(plain.seats)
    seats[place] = replace(seats[place], arcs={who: seats[place].arcs[who]}, required=True)
    best = optimum(replace(plain, seats=tuple(seats)))
    return None if best is None else best[1]


def _duals(problem: Problem, rng: Rng) -> Duals:
    """Prices of level 1, drawn by chance: half of them far too high."""
    share = rng.random(problem.n_places) * rng.choice([1.0, 3.0])
    rough = rough_prices(problem, 0)
    groups = rng.integers(0, 3, len(problem.groups.limit)).astype(np.float64)
    return Duals(problem.penalty * share, rough.needs, groups, rough.levels)


@given(FEW, st.integers(0, 2**31))
def test_the_forced_problem_has_the_best_plan_with_the_pair(plain: Sketch, seed: int) -> None:
    """Its value in the whole problem is that of the best of all with it; an empty place: there is none."""
    problem, pairs = plain.problem(), _pairs(plain)
    if optimum(plain) is None or not pairs:
        return
    place, who = pairs[seed % len(pairs)]
    outcome, best = solve(forced(problem, place, who), QUICK), _best_with(plain, place, who)
    assert outcome.assignment is not None
    if best is None:
        assert outcome.assignment[place] == -1
        assert outcome.levels[0].bound > problem.penalty.sum() - problem.penalty[place]
    else:
        assert outcome.assignment[place] == who
        assert tuple(values(problem, outcome.assignment).tolist()) == best


@given(FEW, rngs)
def test_no_floor_is_above_the_best_plan_with_the_pair(plain: Sketch, rng: Rng) -> None:
    """Whatever the prices; and for most pairs it is no less than what they prove of every plan."""
    if optimum(plain) is None:
        return
    problem = plain.problem()
    floors = Floors(problem, _duals(problem, rng))
    for place in sorted({place for place, _ in _pairs(plain)}):
        for who, least in zip(*(part.tolist() for part in floors.of(place)), strict=True):
            best = _best_with(plain, place, who)
            assert best is None or floors.bound <= least <= best[0] or least <= best[0]


def test_a_floor_says_what_a_pair_displaces() -> None:
    """R0 has an hour, for the one worth 50 or the one worth 30: with the latter 50 points are left."""

    plain = sketch(
        [
            Seat(case=0, arcs={0: Arc(60)}, penalty=50),
            Seat(case=1, arcs={0: Arc(60), 1: Arc(60)}, penalty=30),
        ],
        capacity=(60, 60),
    )
    problem = plain.problem()
    duals = Duals(np.array([50.0, 0.0]), np.zeros(2), np.zeros(0), np.array([1.0, 0.0, 0.0]))
    floors = Floors(problem, duals)
    assert floors.bound == 0
    assert [part.tolist() for part in floors.of(1)] == [[0, 1], [50, 0]]
