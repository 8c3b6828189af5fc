"""Matchings small enough to try every set of pairs, and where to draw them from."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from solver.matching import CONFLICT, Matching
from tests.solver.draws import rngs
from tests.solver.instances import Rng

MOST_PAIRS = 12


def optimum(matching: Matching) -> tuple[int, int, float]:
    """The fewest unfilled, then the fewest missing, then the highest total, of all sets of pairs."""
    may = np.argwhere(matching.scores != CONFLICT)
    assert len(may) <= MOST_PAIRS
    chosen = (np.arange(2 ** len(may))[:, None] >> np.arange(len(may))) & 1
    of_case = chosen @ (may[:, 1:] == np.arange(matching.n_cases))
    of_reviewer = chosen @ (may[:, :1] == np.arange(matching.n_reviewers))
    must = (may[:, None] == matching.forced).all(axis=2).any(axis=1)
    sound = (
        np.all(of_case <= matching.per_case, axis=1)
        & np.all(of_reviewer <= matching.most, axis=1)
        & np.all(chosen[:, must] == 1, axis=1)
    )
    unfilled = (matching.per_case - of_case).sum(axis=1)[sound]
    missing = np.maximum(0, matching.least - of_reviewer).sum(axis=1)[sound]
    totals = (chosen @ matching.scores[tuple(may.T)])[sound]
    best = np.lexsort((-totals, missing, unfilled))[0]
    return int(unfilled[best]), int(missing[best]), float(totals[best])


def random_matching(rng: Rng, n_reviewers: int, n_cases: int) -> Matching:
    """Scores of any kind with ties and conflicts, loads that fit and that do not, sometimes forced pairs."""
    shape = (n_reviewers, n_cases)
    kinds = (
        rng.uniform(-1, 1, shape),
        rng.integers(-3, 4, shape) / 1.0,
        rng.integers(0, 3, shape) / 10,
        rng.uniform(-1, 1, shape) * 10.0 ** rng.integers(-12, 12),
        np.outer(rng.random(n_reviewers), rng.random(n_cases)),
        np.zeros(shape),
    )
    scores = np.where(
        rng.random(shape) < rng.choice([0, 0.2, 0.6]), CONFLICT, kinds[rng.integers(len(kinds))]
    )
    per_case = rng.integers(0, 4, n_cases)
    most = rng.integers(0, 5, n_reviewers)
    least = rng.integers(0, most + 1) * rng.integers(0, 2)
    return Matching.of(scores, per_case, most, least, _forced(rng, scores, per_case, most))


def _forced(rng: Rng, scores: np.ndarray, per_case: np.ndarray, most: np.ndarray) -> list[tuple[int, int]]:
    """Some pairs for which there is room."""
    found, for_case, for_reviewer = [], per_case.copy(), most.copy()
    for reviewer, case in rng.permutation(np.argwhere(scores != CONFLICT)).tolist():
        if rng.random() < 0.2 and for_case[case] and for_reviewer[reviewer]:
            found.append((reviewer, case))
            for_case[case] -= 1
            for_reviewer[reviewer] -= 1
    return found


def matchings() -> st.SearchStrategy[Matching]:
    """Random matchings of at most 12 pairs, down to none."""
    sizes = st.sampled_from([(r, c) for r in range(6) for c in range(6) if r * c <= MOST_PAIRS])
    return st.builds(lambda rng, size: random_matching(rng, *size), rngs, sizes)
