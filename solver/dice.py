"""Chance in compiled code: a sequence that its seed fixes, on every machine and in every thread.

SplitMix64, Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers are typed.

from __future__ import annotations

import numpy as np

from solver.compiled import inner

STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
UNIT = 2.0**-53


@inner
def dice(seed):
    """The state of a sequence, shape (1,), for `draw` to move on."""
    return np.full(1, np.uint64(seed))


@inner
def draw(state):
    """A number from 0 up to 1."""
    state[0] += STEP
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * FIRST
    z = (z ^ (z >> np.uint64(27))) * SECOND
    z = z ^ (z >> np.uint64(31))
    return np.float64(z >> np.uint64(11)) * UNIT


@inner
def pick(state, low, high):
    """A whole number from low up to high − 1."""
    return low + min(high - low - 1, np.int64(draw(state) * (high - low)))
