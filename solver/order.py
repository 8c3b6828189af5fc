"""Sorting in compiled code, of one kind of number only: each kind takes seconds to compile."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

import numpy as np

from solver.compiled import inner, kernel
from solver.problem import Bools, Floats, Ints


@inner
def ascending(keys):
    """The rows of some floats in ascending order; equal ones as they come."""
    return np.argsort(keys, kind="mergesort")


def best_of_each(start: Ints, worth: Floats, count: int) -> Bools:
    """A mask of the `count` rows of most worth in each stretch, those of −∞ apart; shape (n_rows,).

    Parameters
    ----------
    start : ndarray of shape (n_stretches + 1,): where each begins
    worth : ndarray of shape (n_rows,)
    """
    chosen = np.zeros(len(worth), np.int64)
    _mark_best(start, worth, np.empty(count, np.int64), chosen)
    return chosen > 0


@kernel
def _mark_best(start, worth, best, chosen):
    """Set `chosen` to 1 for as many rows of each stretch as `best` has room for."""
    for k in range(len(start) - 1):
        held = 0
        for row in range(start[k], start[k + 1]):
            if worth[row] == -np.inf or (held == len(best) and worth[row] <= worth[best[held - 1]]):
                continue
            held = min(held + 1, len(best))
            at = held - 1
            while at > 0 and worth[best[at - 1]] < worth[row]:
                best[at] = best[at - 1]
                at -= 1
            best[at] = row
        for at in range(held):
            chosen[best[at]] = 1
