"""Sorting in compiled code: what it marks, and that its Python marks the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given

from solver import order
from tests.solver.draws import rngs
from tests.solver.instances import Rng
from tests.solver.interpreted import interpreted


@given(rngs)
def test_the_best_of_each_are_marked_as_its_python_says(rng: Rng) -> None:
    """So many of most worth in each stretch, those of no worth at all apart."""
    start = np.concatenate([[0], np.cumsum(rng.integers(0, 6, 5))])
    worth = np.where(rng.random(start[-1]) < 0.2, -np.inf, rng.integers(0, 4, start[-1]).astype(np.float64))
    fast = order.best_of_each(start, worth, 2)
    with interpreted():
        plainly = order.best_of_each(start, worth, 2)
    assert fast.tolist() == plainly.tolist()
    for first, last in pairwise(start.tolist()):
        here, marked = worth[first:last], fast[first:last]
        assert marked.sum() == min(2, np.isfinite(here).sum())
        assert np.sort(here[marked]).tolist() == np.sort(here)[len(here) - marked.sum() :].tolist()
