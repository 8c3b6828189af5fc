"""Which pairs of a matching are worth looking at: few, and more of them until no other would pay.

R. E. Bixby et al., Very large-scale linear programming: a case study in combining interior point and simplex
methods, 1992, doi:10.1287/opre.40.5.885, call it sifting.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from solver.problem import Bools, Floats, Ints

Worth = Callable[[Floats], Ints]
"""What pairs of these scores are worth, in whole units."""

ALL_AT_ONCE = 100_000
"""Pairs, open or not, up to which all are kept."""
SPREAD, PAYING = 32, 20
"""Pairs of each case and of each reviewer: spread evenly at first, and kept in a round as paying most."""
PATIENCE = 4
"""Rounds after which those next to paying are kept too."""
BLOCK = 2**22
"""Pairs looked at together, for the memory it takes."""
NEVER = -(2**62)
GOLDEN = (math.sqrt(5) - 1) / 2


class Pairs:
    """The pairs kept so far, of those that are open.

    Parameters
    ----------
    scores : ndarray of shape (n_reviewers, n_cases)
    open_pairs : ndarray of that shape, bool: pairs that may be chosen
    """

    def __init__(self, scores: Floats, open_pairs: Bools) -> None:
        self.scores = scores
        self.open = open_pairs
        few = scores.size <= ALL_AT_ONCE
        self._first = open_pairs if few else open_pairs & _spread(*scores.shape)
        self.kept = self._first.copy()

    def rows(self) -> tuple[Ints, Ints]:
        """Reviewer and case of each pair kept."""
        reviewer, case = np.nonzero(self.kept)
        return reviewer, case

    def restart(self, pairs: Ints) -> None:
        """Keep what was kept at first and these (reviewer, case) pairs, and nothing else."""
        self.kept = self._first.copy()
        self.kept[tuple(pairs.T)] = True

    def keep_paying(self, worth: Worth, case_price: Ints, reviewer_price: Ints, rounds: int = 0) -> bool:
        """Keep of the pairs left out those that pay most; False if none pays.

        A pair pays if it is worth more than the prices of its case and its reviewer together. After some
        rounds those next to paying are kept too, twice as many each time: prices that leave much open, as
        where nothing has a worth, would show a few pairs a round and never end.
        """
        number = PAYING * 2 ** max(0, rounds - PATIENCE)
        some = False
        for axis in (1, 0):
            for block in _blocks(self.scores.shape, axis):
                rows, columns = block
                out = self.open[block] & ~self.kept[block]
                over = worth(np.where(out, self.scores[block], 0.0))
                over -= case_price[columns]
                over -= reviewer_price[rows, None]
                paying = out & (over > 0)
                some = some or bool(paying.any())
                wanted = out if rounds > PATIENCE else paying
                if some:
                    self.kept[block] |= wanted & _largest(np.where(wanted, over, NEVER), axis, number)
            if not some:
                return False
        return True


def _blocks(shape: tuple[int, ...], axis: int) -> Iterator[tuple[slice, slice]]:
    """Parts of the table that are whole along the axis and no larger than memory likes."""
    across = shape[1 - axis]
    step = max(1, BLOCK // max(1, shape[axis]))
    for first in range(0, across, step):
        part = slice(first, first + step)
        yield (part, slice(None)) if axis == 1 else (slice(None), part)


def _largest(over: Ints, axis: int, number: int) -> Bools:
    """The few largest along the axis."""
    size = over.shape[axis]
    if size <= number:
        return np.ones(over.shape, np.bool_)
    where = np.argpartition(over, size - number, axis=axis)
    mask = np.zeros(over.shape, np.bool_)
    np.put_along_axis(mask, np.take(where, range(size - number, size), axis=axis), True, axis=axis)
    return mask


def _spread(n_reviewers: int, n_cases: int) -> Bools:
    """A few pairs of every case and of every reviewer, as evenly as can be: for nobody to be left out.

    Multiples of the golden section fall apart from each other however many are taken.
    """
    kept = np.zeros((n_reviewers, n_cases), np.bool_)
    turn = np.arange(SPREAD)[:, None] * GOLDEN % 1
    cases, reviewers = np.arange(n_cases), np.arange(n_reviewers)
    kept[(cases + (turn * n_reviewers).astype(np.int64)) % n_reviewers, cases] = True
    kept[reviewers, (reviewers + (turn * n_cases).astype(np.int64)) % n_cases] = True
    return kept
