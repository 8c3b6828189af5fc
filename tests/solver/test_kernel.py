"""The compiled search, run as the Python it is written in: the same answers, and its branches counted."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from solver import dice, neighbours, plans
from solver.agree import Style
from solver.kinds import CROWDED, QUICK, WHOLE
from solver.pricing import Pricing, items_of, price, stock_of
from solver.problem import Ints
from tests.solver.draws import rngs, seeds, sketches, sound
from tests.solver.instances import Rng
from tests.solver.interpreted import compiled, interpreted
from tests.solver.mending import Mended, bench_of, mended
from tests.solver.sketch import Sketch

STYLES = (QUICK, CROWDED, WHOLE, QUICK._replace(states=3), QUICK._replace(steps=30, share=0.5))
CALLED = {
    "solver.pricing._price_all",
    "solver.plunge.mend",
    "solver.neighbours.neighbours",
    "solver.plans.commit",
    "solver.plans.complete",
    "solver.plans.copy_of",
    "solver.plans.put_all",
    "solver.plans.worth_of",
}


def test_what_is_compiled_is_found() -> None:
    """What the next tests compare is there, from every module of the compiled search."""
    assert set(compiled()) >= CALLED
    assert {name.split(".")[1] for name in compiled()} >= {"agree", "dice", "knapsack", "offers", "plunge"}


def _price(plain: Sketch, seed: int) -> Pricing:
    rng, problem = np.random.default_rng(seed), plain.problem()
    items = items_of(problem, ~problem.forced, problem.forced)
    gain = rng.integers(-200, 2000, len(items.arc))
    late, bands, most = rng.integers(0, 3, 3).tolist()
    stock = stock_of(problem, items, (200 * late, 20 * bands), (None, 5, 1000)[most])
    return price(stock, gain)


@given(sketches(), seeds)
def test_pricing_does_what_its_python_says(plain: Sketch, seed: int) -> None:
    """Worth and choice are the same to the last point, whether compiled or interpreted."""
    fast = _price(plain, seed)
    with interpreted():
        plainly = _price(plain, seed)
    np.testing.assert_array_equal(fast.worth, plainly.worth)
    np.testing.assert_array_equal(fast.chosen, plainly.chosen)


@given(sketches(), rngs, seeds, st.sampled_from([0, 1, 2]), st.sampled_from(STYLES))
def test_mending_does_what_its_python_says(
    plain: Sketch, rng: Rng, seed: int, level: int, style: Style
) -> None:
    """The same gain, places and plan for the same seed, and the same change carried over."""
    start, chosen = sound(rng, plain), rng.random(plain.n_reviewers) < 0.7

    def run() -> Mended:
        bench = bench_of(plain, start, level, seed)
        return mended(bench, np.flatnonzero(chosen), style, slack=5_000_000 * (seed % 2))

    fast = run()
    with interpreted():
        plainly = run()
    assert fast.gained == plainly.gained
    np.testing.assert_array_equal(fast.places, plainly.places)
    np.testing.assert_array_equal(fast.plan.item, plainly.plan.item)
    np.testing.assert_array_equal(fast.committed.item, plainly.committed.item)
    assert fast.worth_after == plainly.worth_after


@given(sketches(), rngs, seeds, st.integers(1, 60))
def test_neighbours_are_whom_their_python_names(plain: Sketch, rng: Rng, seed: int, size: int) -> None:
    """The same reviewers for the same seed; none is busy or named twice."""
    bench = bench_of(plain, sound(rng, plain), 0, seed)
    busy = rng.random(plain.n_reviewers) < 0.3

    def named() -> Ints:
        return np.asarray(neighbours.neighbours(bench.field, bench.plan, busy, size, seed))

    if not len(bench.field.arc):
        return
    fast = named()
    with interpreted():
        plainly = named()
    assert fast.tolist() == plainly.tolist()
    assert not busy[fast].any()
    assert len(set(fast.tolist())) == len(fast)


def _drawn(seed: int, count: int) -> list[float]:
    with interpreted():
        state = dice.dice(seed)
        return [float(dice.draw(state)) for _ in range(count)]


def test_chance_is_the_published_sequence() -> None:
    """The first numbers of SplitMix64 from 1234567, as its authors' program prints them."""
    numbers = (6457827717110365317, 3203168211198807973, 9817491932198370423)
    assert _drawn(1234567, 3) == [(number >> 11) * 2.0**-53 for number in numbers]


@given(seeds, st.integers(-5, 5), st.integers(1, 9))
def test_a_pick_lies_within_its_bounds(seed: int, low: int, count: int) -> None:
    """From the first to the one before the last, and all of them in a hundred."""
    with interpreted():
        state = dice.dice(seed)
        picked = {int(dice.pick(state, low, low + count)) for _ in range(100 * count)}
    assert picked == set(range(low, low + count))


WARM = """
import json
import numpy as np
from solver.outcome import Limits
from solver.solve import solve
from solver.warm import warm_up
from tests.solver.instances import random_sketch
from tests.solver.interpreted import compiled

def forms():
    return {name: len(kernel.signatures) for name, kernel in compiled().items() if kernel.signatures}

warm_up()
before = forms()
for seed, size in ((1, (12, 5)), (2, (60, 10))):
    solve(random_sketch(np.random.default_rng(seed), *size, density=0.4).problem(), Limits(effort=1))
print(json.dumps([before, forms()]))
"""


def test_warming_up_compiles_what_a_search_uses() -> None:
    """In a new process a solve after warming up adds no compiled form: its time is all search."""
    told = subprocess.run([sys.executable, "-c", WARM], capture_output=True, text=True, check=True)
    before, after = json.loads(told.stdout)
    assert before == after
    assert set(before) >= CALLED


def test_a_copy_is_of_its_own() -> None:
    """What is done to a copy leaves the plan as it was."""
    plan = plans.Plan(*(np.arange(3) for _ in range(4)))
    copy = plans.copy_of(plan)
    for mine, other in zip(plan, copy, strict=True):
        other[:] = 9
        assert mine.tolist() == [0, 1, 2]
