"""What a simulation would say, guessed at once from what it said elsewhere: a surface through what was run.

References
----------
Vernon, Goldstein and Bower, "Galaxy formation: a Bayesian uncertainty analysis", Bayesian Analysis 5 (2010)
619-669, doi:10.1214/10-BA524: here with polynomials alone, whose residuals are all that is unsure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np

from scenarios.world import Floats

RUNS_A_TERM: Final = 2
"""So many runs must there be for each term of a surface, or a simpler one is taken."""


@dataclass(frozen=True, eq=False)
class Emulator:
    """A surface for each of some figures.

    Parameters
    ----------
    terms : (points, keys) to (points, terms)
    weights : (terms, figures)
    unsure : (figures,) standard deviation of what was run about the surface
    """

    terms: Callable[[Floats], Floats]
    weights: Floats
    unsure: Floats

    def __call__(self, points: Floats) -> Floats:
        """(points, figures) what would be simulated there."""
        return np.asarray(self.terms(points) @ self.weights)


def emulator(points: Floats, seen: Floats) -> Emulator | None:
    """A surface through what was seen: of second degree, or plane; None with too few runs for either.

    Parameters
    ----------
    points : (runs, keys) in [0, 1)
    seen : (runs, figures)
    """
    for terms in (_square, _plane):
        known = terms(points)
        runs, count = known.shape
        if runs >= RUNS_A_TERM * count:
            weights = np.asarray(np.linalg.lstsq(known, seen, rcond=None)[0], np.float64)
            rest = seen - known @ weights
            return Emulator(terms, weights, np.sqrt((rest**2).sum(axis=0) / (runs - count)))
    return None


def _plane(points: Floats) -> Floats:
    return np.concatenate([np.ones((len(points), 1)), points - 0.5], axis=1)


def _square(points: Floats) -> Floats:
    """All products of two, and what is in the plane already."""
    plane = _plane(points)
    both = combinations_with_replacement(range(plane.shape[1]), 2)
    return np.stack([plane[:, first] * plane[:, second] for first, second in both], axis=1)
