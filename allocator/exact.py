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
_FEW_PAIRS = 1_000_000


@lru_cache(maxsize=65_536)
def exact(number: float) -> Fraction:
    """The decimal that was typed, as a fraction: 0.1 is 1/10."""
    return Fraction(repr(float(number)))


def half_up(number: Fraction) -> int:
    """The nearest whole number; halves go up."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


@lru_cache(maxsize=65_536)
def minutes_of(hours: float) -> int:
    """Whole minutes of so many hours, half up."""
    return half_up(60 * exact(hours))


def rounded(number: Fraction, decimals: int) -> int | float:
    """The number rounded half up to so many decimals, without trailing zeros."""
    scale: int = 10**decimals
    return _decimal(half_up(number * scale), scale)


def percent(part: int, whole: int) -> int | float | None:
    """How many in a hundred the part is of the whole, half up to 0.1; None of nothing."""
    return rounded(Fraction(100 * part, whole), 1) if whole else None


def hours(minutes: int) -> int | float:
    """Hours of so many minutes, half up to 2 decimals."""
    return _decimal((10 * minutes + 3) // 6, 100)


def tenth(kilometres: float) -> int | float:
    """Kilometres half up to 1 decimal."""
    return _decimal(math.floor(kilometres * 10 + 0.5), 10)


def _decimal(units: int, scale: int) -> int | float:
    """So many parts of one for JSON and CSV: 14 rather than 14.0, else the shortest decimal."""
    return units / scale if units % scale else units // scale


class Minutes:
    """Whole minutes of hours × factor, half up, for many pairs of a list of hours and a list of factors.

    Equal factors are reckoned once; and each pair once, before any is asked for, where there are few.

    Parameters
    ----------
    hours : sequence of float, ≥ 0
    factors : sequence of float, > 0
    """

    def __init__(self, hours: Sequence[float], factors: Sequence[float]) -> None:
        distinct = {factor: row for row, factor in enumerate(dict.fromkeys(factors))}
        self._factor_of: Ints = np.array([distinct[factor] for factor in factors], dtype=np.int64)
        self._hours = [exact(h) for h in hours]
        self._factors = [exact(f) for f in distinct]
        parts = _parts(self._hours), _parts(self._factors)
        top = 120 * parts[0][0] * parts[1][0] + parts[0][1] * parts[1][1]
        self._fits = max(top, 2 * parts[0][1] * parts[1][1]) < _SAFE
        if self._fits:
            self._h, self._f = _columns(self._hours), _columns(self._factors)
        self._table: Ints | None = None
        if len(self._hours) * len(self._factors) <= _FEW_PAIRS:
            every = np.arange(len(self._hours))[:, None], np.arange(len(self._factors))[None, :]
            self._table = self._reckoned(*every)

    def of(self, hour_rows: Ints, factor_rows: Ints) -> Ints:
        """Minutes of each pair of rows, shape as the two rows broadcast, ≥ 0."""
        factor = self._factor_of[factor_rows]
        return self._reckoned(hour_rows, factor) if self._table is None else self._table[hour_rows, factor]

    def _reckoned(self, hour_rows: Ints, factor_rows: Ints) -> Ints:
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
