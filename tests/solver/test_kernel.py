"""The compiled kernel, run as the Python it is written in: the same answers, and its branches counted."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba.core.dispatcher import Dispatcher

from solver import pricing
from solver.pricing import Grain, Pricing, items_of, price
from tests.solver.draws import sketches
from tests.solver.sketch import Sketch

KERNELS = {name: value for name, value in vars(pricing).items() if isinstance(value, Dispatcher)}


def _price(plain: Sketch, seed: int) -> Pricing:
    rng, problem = np.random.default_rng(seed), plain.problem()
    items = items_of(problem, ~problem.forced, problem.forced)
    gain = rng.integers(-200, 2000, len(items.arc))
    late, bands, nearest = rng.integers(0, 3, 3).tolist()
    grain = Grain(rng.integers(1, 4, problem.n_reviewers), bool(nearest))
    return price(problem, items, gain, (200 * late, 20 * bands), grain)


def test_there_is_a_compiled_kernel() -> None:
    """What the next test compares is there."""
    assert {"_price_all", "_fill", "_offer", "_trace"} <= set(KERNELS)


@given(sketches(), st.integers(0, 2**32 - 1))
def test_the_compiled_kernel_does_what_its_python_says(plain: Sketch, seed: int) -> None:
    """Worth and choice are the same to the last point, whether compiled or interpreted."""
    compiled = _price(plain, seed)
    with pytest.MonkeyPatch.context() as patch:
        for name, kernel in KERNELS.items():
            patch.setattr(pricing, name, kernel.py_func)
        plainly = _price(plain, seed)
    np.testing.assert_array_equal(compiled.worth, plainly.worth)
    np.testing.assert_array_equal(compiled.chosen, plainly.chosen)


def test_warming_up_compiles_what_a_search_uses() -> None:
    """In a new process a solve after warming up adds no compiled form: its time is all search."""
    code = (
        "import numpy as np\n"
        "from solver import pricing\n"
        "from solver.outcome import Limits\n"
        "from solver.solve import solve\n"
        "from tests.solver.instances import random_sketch\n"
        "pricing.warm_up()\n"
        "before = len(pricing._price_all.signatures)\n"
        "solve(random_sketch(np.random.default_rng(1), 12, 5).problem(), Limits(effort=1))\n"
        "print(before, len(pricing._price_all.signatures))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, after = told.stdout.split()
    assert before == after
