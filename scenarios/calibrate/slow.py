"""Evidence that is slow, told from the rest: two lognormal distributions of one shape, mixed.

A scenario lets evidence take `days` or, of a share, `slow_days` on average, both with one `cv`. So do we:
by maximum likelihood (Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM
algorithm", 1977), and only if that says more than two numbers more always would (Schwarz, "Estimating the
dimension of a model", 1978).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scenarios.calibrate.resample import ratio
from scenarios.world import Floats

FEWEST: Final = 60
"""Reviews, below which nobody can tell slow ones from luck."""
SAME_DAY: Final = 0.5
"""Days that evidence took which came on the day it was asked for."""
ROUNDS: Final = 300
LEAST_SHARE, MOST_SHARE, LEAST_TIMES = 0.01, 0.5, 1.5
"""What may be called slow: not nearly none, not most, and not nearly as quick."""


@dataclass(frozen=True, eq=False)
class Two:
    """Two kinds of evidence, by draw.

    Parameters
    ----------
    days, slow_days, slow_share, cv : (1 + draws,)
    likelihood : (1 + draws,) its logarithm
    """

    days: Floats
    slow_days: Floats
    slow_share: Floats
    cv: Floats
    likelihood: Floats


def split(days: Floats, weights: Floats) -> Two | None:
    """The usual and the slow ones of each draw; None where all are of one kind, as far as can be told.

    Parameters
    ----------
    days : (n,) that evidence took; weights : (1 + draws, n), the first row being the data themselves
    """
    if len(days) < FEWEST:
        return None
    values, where = np.unique(np.log(np.maximum(days, SAME_DAY)), return_inverse=True)
    counts = np.stack([np.bincount(where, row, len(values)) for row in weights]).astype(np.float64)
    data = counts[:1]
    starts = [np.quantile(np.repeat(values, data[0].astype(int)), q) for q in (0.5, 0.7, 0.85, 0.95)]
    tried = [_grown(values, data, _begun(values, data, start)) for start in starts]
    best = max(tried, key=lambda one: float(one[1][0]))
    if not _is_better(best, values, data):
        return None
    share, low, high, variance = (np.repeat(part, len(counts)) for part in best[0])
    (share, low, high, variance), likelihood = _grown(values, counts, (share, low, high, variance))
    scale = np.exp(variance / 2)
    return Two(np.exp(low) * scale, np.exp(high) * scale, share, np.sqrt(np.expm1(variance)), likelihood)


Mixed = tuple[Floats, Floats, Floats, Floats]
"""By draw: share of the slow, mean of the logarithms of the usual, of the slow, and their common variance."""


def _begun(values: Floats, counts: Floats, at: float) -> Mixed:
    """Where to begin: those above a value are slow."""
    slow = counts * (values > at)
    rest = counts - slow
    low, high = ratio(rest @ values, rest.sum(axis=1)), ratio(slow @ values, slow.sum(axis=1))
    low, high = np.nan_to_num(low, nan=float(values[0])), np.nan_to_num(high, nan=float(values[-1]))
    spread = (rest @ values**2 + slow @ values**2) / counts.sum(axis=1)
    share = slow.sum(axis=1) / counts.sum(axis=1)
    variance = spread - (1 - share) * low**2 - share * high**2
    return np.clip(share, 0.02, 0.98), low, high, np.maximum(variance, 1e-3)


def _grown(values: Floats, counts: Floats, mixed: Mixed) -> tuple[Mixed, Floats]:
    """The mixture that the days are likeliest of, from where it begins, and how likely they are."""
    share, low, high, variance = mixed
    whole, likelihood = counts.sum(axis=1), np.full(len(counts), -np.inf)
    for _ in range(ROUNDS):
        usual = (1 - share)[:, None] * _density(values, low, variance)
        slow = share[:, None] * _density(values, high, variance)
        both = np.maximum(usual + slow, 1e-300)
        before, likelihood = likelihood, (counts * np.log(both)).sum(axis=1)
        is_slow = counts * slow / both
        is_usual = counts - is_slow
        share = is_slow.sum(axis=1) / whole
        low = (is_usual @ values) / np.maximum(is_usual.sum(axis=1), 1e-9)
        high = (is_slow @ values) / np.maximum(is_slow.sum(axis=1), 1e-9)
        apart = is_usual * (values - low[:, None]) ** 2 + is_slow * (values - high[:, None]) ** 2
        variance = np.maximum(apart.sum(axis=1) / whole, 1e-4)
        if np.max(likelihood - before) < 1e-6 * len(values):
            break
    return (share, low, high, variance), likelihood


def _is_better(found: tuple[Mixed, Floats], values: Floats, data: Floats) -> bool:
    """Whether two kinds explain the data better than one (BIC), the slow being fewer and clearly slower."""
    (share, low, high, _), likelihood = found
    whole = data.sum()
    mean = float((data[0] @ values) / whole)
    variance = max(float(data[0] @ (values - mean) ** 2 / whole), 1e-4)
    alone = float((data[0] * np.log(_density(values, np.array([mean]), np.array([variance]))[0])).sum())
    gain = 2 * (float(likelihood[0]) - alone) - 2 * np.log(whole)
    times = float(np.exp(high[0] - low[0]))
    return bool(gain > 0 and LEAST_SHARE < share[0] < MOST_SHARE and times >= LEAST_TIMES)


def _density(values: Floats, mean: Floats, variance: Floats) -> Floats:
    """(n_draws, n_values) of the normal distribution."""
    apart = values[None, :] - mean[:, None]
    return np.asarray(np.exp(-(apart**2) / (2 * variance[:, None])) / np.sqrt(2 * np.pi * variance[:, None]))
