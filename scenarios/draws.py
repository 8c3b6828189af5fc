"""Random numbers by purpose: a case's are the same whatever else differs, so that variants share luck.

One counter-based generator for all of them (Philox 4×64; Salmon, Moraes, Dror and Shaw, "Parallel random
numbers: as easy as 1, 2, 3", SC 2011, doi:10.1145/2063384.2063405): the seed is its key, and what a number is
for is where its counter stands. To go there costs a tenth of making a generator anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scenarios.fields import Spread

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
    """Random numbers for one purpose in one replication; `more`, two at most, tells areas and groups apart.

    It is the same object each time in a thread: draw what is wanted before the next one is asked for.
    """
    first, second = (*more, 0, 0)[:2]
    place = np.array([0, purpose, replication, (first << 32) + second], np.uint64)
    _HERE.philox.state = {
        "bit_generator": "Philox",
        "state": {"counter": place, "key": _key(seed)},
        "buffer": _EMPTY,
        "buffer_pos": len(_EMPTY),
        "has_uint32": 0,
        "uinteger": 0,
    }
    return _HERE.generator


def uniform(seed: int, purpose: Purpose, replications: range, count: int, *more: int) -> Floats:
    """(n_replications, count) numbers in [0, 1)."""
    return _drawn(_uniform, seed, purpose, replications, count, *more)


def exponential(seed: int, purpose: Purpose, replications: range, count: int, *more: int) -> Floats:
    """(n_replications, count) exponential numbers of mean 1."""
    return _drawn(_exponential, seed, purpose, replications, count, *more)


def spread(spec: Spread, seed: int, purpose: Purpose, replications: range, count: int, *more: int) -> Floats:
    """(n_replications, count) numbers that vary as they should."""
    if spec.kind == "fixed" or spec.cv == 0 or spec.mean == 0:
        return np.full((len(replications), count), float(spec.mean))
    if spec.kind == "exponential":
        return spec.mean * exponential(seed, purpose, replications, count, *more)
    normal = _drawn(_normal, seed, purpose, replications, count, *more)
    variance = np.log1p(spec.cv**2)
    return np.asarray(spec.mean * np.exp(np.sqrt(variance) * normal - variance / 2))


def _uniform(one: np.random.Generator, out: Floats) -> None:
    one.random(out=out)


def _exponential(one: np.random.Generator, out: Floats) -> None:
    one.standard_exponential(out=out)


def _normal(one: np.random.Generator, out: Floats) -> None:
    one.standard_normal(out=out)


def _drawn(
    draw: Callable[[np.random.Generator, Floats], None],
    seed: int,
    purpose: Purpose,
    replications: range,
    count: int,
    *more: int,
) -> Floats:
    found = np.empty((len(replications), count))
    for row, replication in enumerate(replications):
        draw(generator(seed, purpose, replication, *more), found[row])
    return found


@lru_cache(maxsize=64)
def _key(seed: int) -> NDArray[np.uint64]:
    """What a seed makes of the generator: near seeds have nothing to do with each other."""
    return np.random.SeedSequence(seed).generate_state(2, np.uint64).astype(np.uint64)


_EMPTY = np.zeros(4, np.uint64)


class _Here(threading.local):
    """The generator of each thread."""

    def __init__(self) -> None:
        self.philox = np.random.Philox(0)
        self.generator = np.random.Generator(self.philox)


_HERE = _Here()
