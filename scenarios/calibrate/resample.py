"""Intervals: reviews drawn again and again, whole reviewers at a time, and what comes of it each time.

A figure is a function of weights: how often each review counts. With all of them 1 it is the figure, with the
weights of the draws its spread, so that no estimate is written twice.

References
----------
Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13 (percentiles). Hesterberg, "What
teachers should know about the bootstrap", The American Statistician 69(4), 2015, section 3.2 and 5.3 (why
percentiles are too narrow in small samples, and by how much), doi:10.1080/00031305.2015.1089789. Wilson,
"Probable inference, the law of succession, and statistical inference", JASA 22, 1927,
doi:10.1080/01621459.1927.10502953.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np

from scenarios.world import Bools, Floats, Ints

DRAWS: Final = 1000
MOST_NUMBERS: Final = 5_000_000
"""Weights that are in memory at once: of very many reviews fewer draws are enough."""
FEWEST_CLUSTERS: Final = 8
"""Reviewers, below which each review is drawn by itself."""
TAIL: Final = 0.025
NORMAL: Final = NormalDist()


class Interval(NamedTuple):
    """A value, and between what it lies with 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Resampled:
    """Weights of reviews.

    Parameters
    ----------
    weights : (1 + draws, n) how often each review counts: first each once, then as it was drawn
    cluster : (n,) which were drawn together
    """

    weights: Floats
    cluster: Ints

    @property
    def clusters(self) -> int:
        """How many were drawn from."""
        return len(np.unique(self.cluster))

    def of(self, rows: Bools) -> Resampled:
        """The same of some rows alone."""
        return Resampled(self.weights[:, rows], self.cluster[rows])

    def mean(self, values: Floats) -> Floats:
        """(1 + draws,) the mean of each draw; not a number where it has none."""
        return ratio(self.weights @ values, self.weights.sum(axis=1))

    def spread(self, values: Floats, fitted: int = 1) -> Floats:
        """(1 + draws,) the standard deviation ÷ mean of each draw, of lognormal numbers.

        Parameters
        ----------
        values : above 0
        fitted : how many numbers were fitted to them before
        """
        logs, many = np.log(values), len(values) / max(1, len(values) - fitted)
        variance = self.mean(logs**2) - self.mean(logs) ** 2
        return np.asarray(np.sqrt(np.expm1(np.maximum(variance, 0.0) * many)))

    def interval(self, figure: Floats) -> Interval:
        """The first of some figures, and between what 95 % of the others lie."""
        return interval(figure, self.clusters)


def resampled(names: Sequence[Hashable], seed: int, draws: int = DRAWS) -> Resampled:
    """Weights of reviews whose reviewers are named; those of one reviewer are drawn together.

    Parameters
    ----------
    names : of each review; one that nobody else has stands for a reviewer of its own
    """
    numbers: dict[Hashable, int] = {}
    cluster = np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)
    if len(numbers) < FEWEST_CLUSTERS:
        cluster = np.arange(len(names))
    count = len(np.unique(cluster))
    draws = max(100, min(draws, MOST_NUMBERS // max(1, len(names))))
    random = np.random.Generator(np.random.Philox(seed))
    drawn = random.multinomial(count, np.full(count, 1 / count), size=draws)
    weights = np.concatenate([np.ones((1, len(names))), drawn[:, cluster].astype(np.float64)])
    return Resampled(weights, cluster)


def ratio(above: Floats, below: Floats) -> Floats:
    """One divided by the other; not a number where the other is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(below > 0, above / below, np.nan))


def interval(figure: Floats, clusters: int) -> Interval:
    """The first of some figures, and between what 95 % of the others lie: further apart if few."""
    drawn = figure[1:][np.isfinite(figure[1:])]
    tail = tail_of(clusters)
    low, high = np.quantile(drawn, (tail, 1 - tail)) if len(drawn) else (figure[0], figure[0])
    value = float(figure[0])
    return Interval(value, min(value, float(low)), max(value, float(high)))


def tail_of(clusters: int) -> float:
    """The share of draws beyond each end: 2.5 % of many, less of few, as Student's t is wider."""
    if clusters < 3:
        return 0.0
    return NORMAL.cdf(-np.sqrt(clusters / (clusters - 1)) * student(clusters - 1))


def student(freedom: int) -> float:
    """Student's t of 97.5 %, to three digits from five degrees of freedom on (Fisher and Cornish, 1960)."""
    z = NORMAL.inv_cdf(1 - TAIL)
    return float(
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )


def wilson(count: int, of: int) -> Interval:
    """A share with Wilson's interval."""
    z = NORMAL.inv_cdf(1 - TAIL)
    share = count / of
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * np.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return Interval(share, max(0.0, float(middle - half)), min(1.0, float(middle + half)))
