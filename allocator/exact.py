"""Exact reckoning: what was typed as a decimal stays that decimal until it is rounded, once, half up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_SAFE = 2**62


@lru_cache(maxsize=65_536)
def exact(number: float) -> Fraction:
    """The decimal that was typed, as a fraction: 0.1 is 1/10."""
    return Fraction(repr(float(number)))


def half_up(number: Fraction) -> int:
    """The nearest whole number; halves go up."""
    return math.floor(number + Fraction(1, 2))


def whole_or_float(number: Fraction) -> int | float:
    """The same number for JSON and CSV: 14 rather than 14.0, else the shortest decimal."""
    return number.numerator if number.denominator == 1 else float(number)


def rounded(number: Fraction, decimals: int) -> int | float:
    """The number rounded half up to so many decimals, without trailing zeros."""
    scale: int = 10**decimals
    return whole_or_float(Fraction(half_up(number * scale), scale))


def hours(minutes: int) -> int | float:
    """Hours of so many minutes, half up to 2 decimals."""
    return rounded(Fraction(int(minutes), 60), 2)


def tenth(kilometres: float) -> int | float:
    """Kilometres half up to 1 decimal."""
    return whole_or_float(Fraction(math.floor(kilometres * 10 + 0.5), 10))


class Minutes:
    """Whole minutes of hours × factor, half up, for many pairs of a list of hours and a list of factors.

    Parameters
    ----------
    hours : sequence of float, ≥ 0
    factors : sequence of float, > 0
    """

    def __init__(self, hours: Sequence[float], factors: Sequence[float]) -> None:
        self._hours = [exact(h) for h in hours]
        self._factors = [exact(f) for f in factors]
        parts = _parts(self._hours), _parts(self._factors)
        top = 120 * parts[0][0] * parts[1][0] + parts[0][1] * parts[1][1]
        self._fits = max(top, 2 * parts[0][1] * parts[1][1]) < _SAFE
        if self._fits:
            self._h, self._f = _columns(self._hours), _columns(self._factors)

    def of(self, hour_rows: Ints, factor_rows: Ints) -> Ints:
        """Minutes of each pair of rows, shape as the two rows broadcast, ≥ 0."""
        if not self._fits:
            return self._slowly(*np.broadcast_arrays(hour_rows, factor_rows))
        (a, b), (c, d) = self._h[:, hour_rows], self._f[:, factor_rows]
        below = b * d
        return np.asarray((120 * a * c + below) // (2 * below), dtype=np.int64)

    def _slowly(self, hour_rows: Ints, factor_rows: Ints) -> Ints:
        """The same with Python's whole numbers, for decimals too long for 64 bits."""
        pairs, inverse = np.unique(
            np.stack([hour_rows.ravel(), factor_rows.ravel()]), axis=1, return_inverse=True
        )
        minutes = [half_up(60 * self._hours[h] * self._factors[f]) for h, f in pairs.T.tolist()]
        return np.array(minutes, dtype=np.int64)[inverse.ravel()].reshape(hour_rows.shape)


def _parts(numbers: Sequence[Fraction]) -> tuple[int, int]:
    """The largest numerator and the largest denominator."""
    return (
        max((x.numerator for x in numbers), default=0),
        max((x.denominator for x in numbers), default=1),
    )


def _columns(numbers: Sequence[Fraction]) -> Ints:
    return np.array(
        [[x.numerator for x in numbers], [x.denominator for x in numbers]], dtype=np.int64
    ).reshape(2, -1)
