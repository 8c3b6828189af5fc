"""Random numbers by purpose: a case's are the same whatever else differs, so that variants share luck."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from scenarios.scenario import Spread

Floats = NDArray[np.float64]


class Purpose(IntEnum):
    """What a number is for; a new one goes to the end, or every seed means something else."""

    GAP = 0
    SKILL = 1
    PRIORITY = 2
    FOCUSED = 3
    HOURS = 4
    EVIDENCE = 5
    SLOW = 6
    HOLD = 7
    HOLD_AFTER = 8
    HOLD_LASTS = 9
    RETURNED = 10
    LAPSED = 11
    AGE = 12
    AWAY = 13
    LEAVES = 14
    RELEASE = 15


def generator(seed: int, purpose: Purpose, replication: int, *more: int) -> np.random.Generator:
    """Random numbers for one purpose in one replication; `more` tells areas and groups apart."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, purpose, replication, *more])))


def uniform(seed: int, purpose: Purpose, replications: range, count: int, *more: int) -> Floats:
    """(n_replications, count) numbers in [0, 1)."""
    return np.array([generator(seed, purpose, one, *more).random(count) for one in replications]).reshape(
        -1, count
    )


def spread(spec: Spread, seed: int, purpose: Purpose, replications: range, count: int, *more: int) -> Floats:
    """(n_replications, count) numbers that vary as they should."""
    shape = (len(replications), count)
    if spec.kind == "fixed" or spec.cv == 0 or spec.mean == 0:
        return np.full(shape, float(spec.mean))
    each = (generator(seed, purpose, one, *more) for one in replications)
    if spec.kind == "exponential":
        return spec.mean * np.array([one.standard_exponential(count) for one in each]).reshape(shape)
    normal = np.array([one.standard_normal(count) for one in each]).reshape(shape)
    variance = np.log1p(spec.cv**2)
    return np.asarray(spec.mean * np.exp(np.sqrt(variance) * normal - variance / 2))
