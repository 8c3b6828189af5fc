"""The rivals play by the rules: what they find is sound, and what they prove is so."""

import numpy as np
import pytest

from benchmarks._rivals import RIVALS, run_rival
from benchmarks._snapshots import Posed
from solver.outcome import Limits
from solver.problem import Problem
from tests.solver.brute import optimum
from tests.solver.instances import random_sketch
from tests.solver.sketch import Arc, Seat, sketch


def _posed(problem: Problem, notified: list[int] | None = None) -> Posed:
    return Posed(problem, np.array(notified or range(problem.n_places), np.int64))


@pytest.mark.parametrize("name", RIVALS)
@pytest.mark.parametrize("seed", range(15))
def test_rivals_find_sound_plans_and_prove_what_is_so(name: str, seed: int) -> None:
    """On problems with everything in them no value is below the optimum, no bound above; models reach it."""
    plain = random_sketch(np.random.default_rng(seed), 4, 3)
    found = optimum(plain)
    assert found is not None
    best = found[1][0]
    result = run_rival(name, _posed(plain.problem()), Limits(5.0, seed=seed, workers=1))
    value = result.levels["unallocated"]["value"]
    assert isinstance(value, int)
    assert value >= best
    assert result.bound is None or result.bound <= best
    if name != "oldest-first":
        assert (value, result.bound) == (best, best)


def test_the_oldest_goes_first_to_the_least_loaded() -> None:
    """The older case is placed first, whatever its penalty, with whoever has the smaller share taken."""
    seats = [
        Seat(0, {0: Arc(60)}, penalty=9),
        Seat(1, {0: Arc(60), 1: Arc(60)}, penalty=5),
        Seat(2, {1: Arc(30)}, required=True),
    ]
    posed = _posed(sketch(seats, [60, 90]).problem(), [7, 3, 1])
    assert run_rival("oldest-first", posed, Limits(1.0)).levels["unallocated"]["value"] == 9


def test_no_plan_in_no_time_is_said_so() -> None:
    """A rival that has nothing to show gets a note and no value, never a value of 0."""
    held = [Seat(case, {0: Arc(1), 1: Arc(1)}, required=True, movable=True) for case in range(3)]
    result = run_rival("highs", _posed(sketch(held, [1, 1]).problem()), Limits(1.0))
    assert (result.levels, result.note) == ({}, "found no plan within the limit")
