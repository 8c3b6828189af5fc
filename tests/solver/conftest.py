"""What several files of these tests share: the brute-forced problems, worked out once."""

from __future__ import annotations

import numpy as np
import pytest

from solver.outcome import Limits, Outcome
from solver.solve import solve
from tests.solver.brute import optimum
from tests.solver.draws import Solved
from tests.solver.instances import random_sketch
from tests.solver.sketch import ints

N_BRUTE_FORCED = 200


@pytest.fixture(scope="session")
def brute_forced() -> list[Solved]:
    """Problems of up to 6 cases × 4 reviewers, most of them that large, each with its optimum."""
    return [_solved(seed) for seed in range(N_BRUTE_FORCED)]


@pytest.fixture(scope="session")
def outcomes(brute_forced: list[Solved]) -> list[Outcome]:
    """What `solve` makes of each of them, in the same order, with time for all it wants."""
    return [solve(known.problem, Limits(seconds=60)) for known in brute_forced]


def _solved(seed: int) -> Solved:
    rng = np.random.default_rng(seed)
    n_cases, n_reviewers = (6, 4) if seed % 2 else (int(rng.integers(1, 7)), int(rng.integers(2, 5)))
    plain = random_sketch(rng, n_cases, n_reviewers)
    best = optimum(plain)
    assert best is not None, "held work alone is sound"
    return Solved(plain, plain.problem(), ints(best[0]), best[1])
