"""Exact arithmetic: decimals as they were typed, rounded half up once and never before."""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Indices = NDArray[np.int32]
"""Half the size, for what there are millions of."""

NO_LIMIT = 2**40
"""Stands for "as many as you like", far above any count or number of minutes."""

SAFE = 2**62
"""Below this, sums of two products still fit 64 bits."""


@lru_cache(maxsize=65_536)
def exact(value: float) -> Fraction:
    """Return the decimal that was typed, as the shortest text of the float gives it."""
    return Fraction(repr(value))


def half_up(value: Fraction) -> int:
    """Return the whole number nearest to the value, halves upwards."""
    top, bottom = value.as_integer_ratio()
    return (2 * top + bottom) // (2 * bottom)


def minutes_of(hours: Fraction) -> int:
    """Return hours as whole minutes, rounded half up."""
    return half_up(hours * 60)


@lru_cache(maxsize=65_536)
def hours_of(minutes: int) -> float:
    """Return whole minutes as hours with 2 decimals, rounded half up."""
    return half_up(Fraction(minutes * 100, 60)) / 100


def scaled(values: Sequence[Fraction]) -> tuple[NDArray[np.object_], int]:
    """Return whole numbers and the scale by which the values were multiplied to make them whole."""
    scale = math.lcm(*(value.denominator for value in values)) if values else 1
    whole = [value.numerator * (scale // value.denominator) for value in values]
    return np.array(whole, dtype=object), scale


def narrow(values: NDArray[np.object_], factor: int) -> NDArray[np.object_] | Ints:
    """Return the numbers as 64-bit integers if their products with the factor fit, else as they are."""
    largest = max((abs(int(value)) for value in values), default=0)
    return values.astype(np.int64) if largest * max(1, factor) < SAFE else values


def number(value: object) -> float | None:
    """Return a JSON number as a float, or None if it is no finite number of a sane size."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int):
        return float(value) if abs(value) < 2**53 else None
    return value if math.isfinite(value) else None


def whole(value: object) -> int | None:
    """Return a JSON whole number, or None if it is none, or not of a sane size."""
    return value if type(value) is int and number(value) is not None else None
