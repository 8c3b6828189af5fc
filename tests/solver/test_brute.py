"""The tests' own oracle: that it tries everything, and that what it is tried on has everything in it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given

from solver.check import CONSTRAINTS, breaches, values
from solver.problem import Ints
from tests.solver.brute import EMPTY, is_sound, optimum, worth
from tests.solver.draws import Solved, careless, holder, rngs, sketches
from tests.solver.instances import Rng, random_sketch
from tests.solver.sketch import Sketch, ints

N_DRAWN = 400


@pytest.mark.parametrize("seed", range(20))
def test_the_tree_finds_what_a_plain_product_finds(seed: int) -> None:
    """Cutting branches loses nothing: the optimum is that of the product of all options, told by `check`."""
    plain = random_sketch(np.random.default_rng(seed), 3, 2)
    problem = plain.problem()
    options = [[*seat.arcs, EMPTY] for seat in plain.seats]
    choices = (ints(choice) for choice in itertools.product(*options))
    worths = (tuple(values(problem, choice)) for choice in choices if not breaches(problem, choice))
    found = optimum(plain)
    assert found is not None
    assert found[1] == min(worths)


@given(sketches(), rngs)
def test_check_and_plain_python_agree(plain: Sketch, rng: Rng) -> None:
    """The oracle and the rules in plain Python say the same of any assignment, and give it the same worth."""
    problem, assignment = plain.problem(), careless(rng, plain)
    assert (breaches(problem, assignment) == []) == is_sound(plain, assignment.tolist())
    allowed = np.where(problem.arcs_of(assignment) >= 0, assignment, EMPTY)
    assert tuple(values(problem, allowed)) == worth(plain, allowed.tolist())


def test_every_breach_is_drawn_often_enough() -> None:
    """A careless assignment breaks each constraint in at least one of twenty draws."""
    broken: Counter[str] = Counter()
    for seed in range(N_DRAWN):
        rng = np.random.default_rng(seed)
        plain = random_sketch(rng)
        problem, assignment = plain.problem(), careless(rng, plain)
        broken.update(rule.__name__ for rule in CONSTRAINTS if rule(problem, assignment))
    assert all(broken[rule.__name__] >= N_DRAWN / 20 for rule in CONSTRAINTS), broken


def test_every_kind_of_group_is_broken_often_enough() -> None:
    """Administration, a contract's cases, its minutes, and moves are each exceeded in one of twenty draws."""
    broken = np.zeros(4, np.int64)
    for seed in range(N_DRAWN):
        rng = np.random.default_rng(seed)
        plain = random_sketch(rng)
        chosen = set(enumerate(careless(rng, plain).tolist()))
        used = [sum(limit.amounts[pair] for pair in chosen & set(limit.amounts)) for limit in plain.limits]
        broken += [total > limit.most for total, limit in zip(used, plain.limits, strict=True)]
    assert np.all(broken >= N_DRAWN / 20), broken


FEATURES: dict[str, Callable[[Solved], object]] = {
    "a held place": lambda it: np.any(it.problem.required & ~it.problem.movable),
    "a second that needs its lead": lambda it: np.any(it.problem.needs >= 0),
    "a link": lambda it: np.count_nonzero(it.problem.link == 0) > 1,
    "a place for nobody": lambda it: np.any(np.diff(it.problem.arc_start) == 0),
    "work of no minutes": lambda it: np.any(it.problem.arc_minutes == 0),
    "work late in any case": lambda it: np.any(it.problem.arc_due == -1),
    "a move worth its points": lambda it: np.any(_held(it) != it.assignment[it.problem.required]),
    "places left empty": lambda it: it.worth[0],
    "late work": lambda it: it.worth[1],
    "cost": lambda it: it.worth[2],
}


@pytest.mark.parametrize("feature", FEATURES)
def test_the_brute_forced_problems_have_everything_in_them(brute_forced: list[Solved], feature: str) -> None:
    """Each feature, and points at each level that even the best plan has, occur in one of twenty."""
    count = sum(bool(FEATURES[feature](solved)) for solved in brute_forced)
    assert count >= len(brute_forced) / 20


def _held(solved: Solved) -> Ints:
    """The holders of held work."""
    return ints(holder(seat) for seat in solved.plain.seats if seat.required)
