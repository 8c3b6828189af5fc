"""What is asked of a solve, what is heard from it on the way, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from solver.problem import Ints

PRICE_UNIT = 1000
"""Prices are whole numbers of this part of a point."""


class LimitsError(ValueError):
    """A limit is out of its range; the message names the range."""


@dataclass(frozen=True)
class Limits:
    """How long and how far to search.

    Parameters
    ----------
    seconds : float, > 0, wall time; not consulted when `effort` is given
    effort : int or None, 1 … 1000: a fixed amount of work instead of time, the same on every machine
    gap : float, 0 … 1: stop a level once its proved gap is no larger
    seed : int, ≥ 0
    workers : int, 1 … 256
    """

    seconds: float = 30.0
    effort: int | None = None
    gap: float = 0.0
    seed: int = 1
    workers: int = 1

    def __post_init__(self) -> None:
        ranges = (
            (self.seconds > 0, "seconds must be above 0"),
            (self.effort is None or 1 <= self.effort <= 1000, "effort must be 1 to 1000"),
            (0 <= self.gap <= 1, "gap must be 0 to 1 (a fraction)"),
            (0 <= self.seed < 2**31, "seed must be 0 to 2147483647"),
            (1 <= self.workers <= 256, "workers must be 1 to 256"),
        )
        for sound, message in ranges:
            if not sound:
                raise LimitsError(message)


class Proof(StrEnum):
    """How good a level's value is known to be."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    BEST_FOUND = "best_found"


class BoundedBy(StrEnum):
    """What a bound rests on: nothing but the input, prices anyone can recompute, or a search tree."""

    FIXED = "fixed"
    PRICES = "prices"
    SEARCH = "search"


@dataclass(frozen=True, eq=False)
class Prices:
    """The multipliers from which a bound can be recomputed, in thousandths of a point.

    Parameters
    ----------
    bound : int, points: the bound they prove, at exact minutes
    place : ndarray of shape (n_places,), what filling each place is worth
    needs : ndarray of shape (n_places,), ≥ 0: the price of "only if the place it needs is filled"
    group : ndarray of shape (n_groups,), ≥ 0: the price of each group's limit
    levels : ndarray of shape (3,), ≥ 0: weight of each higher level, 1000 at the level bounded
    at_most : points of each higher level that a plan may have for the bound to hold, highest first
    """

    bound: int
    place: Ints
    needs: Ints
    group: Ints
    levels: Ints
    at_most: tuple[int, ...] = ()


@dataclass(frozen=True)
class LevelOutcome:
    """One level's value, what no plan could avoid of it, and its proved bound, all in points."""

    name: str
    value: int
    fixed: int
    bound: int
    proof: Proof
    bounded_by: BoundedBy
    prices: Prices | None = None

    @property
    def gap(self) -> float:
        """(value − bound) / max(1, value − fixed)."""
        return level_gap(self.value, self.bound, self.fixed)


@dataclass(frozen=True)
class Progress:
    """One line of news: seconds so far, the level worked on; value, bound and fixed points of all three.

    Parameters
    ----------
    filled, places : how many places the best plan so far fills, and how many there are
    """

    seconds: float
    level: int
    values: tuple[int, ...]
    bounds: tuple[int, ...]
    fixed: tuple[int, ...]
    method: str
    filled: int
    places: int


@dataclass(frozen=True, eq=False)
class Outcome:
    """The end of a solve; `assignment` is None when none was found, and then `levels` is empty.

    `assignment` has shape (n_places,): the reviewer row that fills each place, −1 where it is empty.
    """

    assignment: Ints | None
    levels: tuple[LevelOutcome, ...]
    seconds: float
    method: str

    @property
    def proof(self) -> Proof:
        """The weakest proof of any level."""
        order = list(Proof)
        return max((level.proof for level in self.levels), key=order.index, default=Proof.BEST_FOUND)


def level_gap(value: float, bound: float, fixed: float) -> float:
    """The gap of one level: (value − bound) / max(1, value − fixed)."""
    return (value - bound) / max(1, value - fixed)


def better(values: Ints, other: Ints) -> bool:
    """True when `values` is lexicographically below `other`."""
    differ = np.flatnonzero(values != other)
    return bool(len(differ) and values[differ[0]] < other[differ[0]])
