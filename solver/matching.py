"""Conference-like matching as numbers: scores of reviewers for cases, how many each gets, and the answer.

Every case is to have several equal reviewers; all cases take the same time. Rows of `scores` are reviewers,
columns are cases, as in the files of conferences.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.problem import Floats, Ints

Numbers = NDArray[Any]

CONFLICT = -1.0
"""The score of a pair that must never be."""
LARGEST_COUNT = 1_000_000
LARGEST_WHOLE, LARGEST_SCORE = 2**53, 1e300
SHOWN = 20


class MatchingError(ValueError):
    """The numbers do not make a matching; `faults` has a sentence on every one that is wrong."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        super().__init__("\n".join([*faults[:SHOWN], *more]))


@dataclass(frozen=True, eq=False)
class Matching:
    """One matching to be made, immutable and checked once; `Matching.of` takes plain numbers.

    Parameters
    ----------
    scores : ndarray of shape (n_reviewers, n_cases), within ±1e300 (whole ones within ±2^53), −1 for a
        conflict; other scores below 0 count as they are
    per_case : ndarray of shape (n_cases,), how many reviewers each case should have, 0 … 1,000,000
    most : ndarray of shape (n_reviewers,), cases that each reviewer may have, 0 … 1,000,000
    least : ndarray of shape (n_reviewers,), cases that each reviewer should have, ≤ most
    forced : ndarray of shape (n_forced, 2), (reviewer, case) pairs that must be

    Raises
    ------
    MatchingError
        If anything is not as above; it lists everything.
    """

    scores: Floats
    per_case: Ints
    most: Ints
    least: Ints
    forced: Ints

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise MatchingError(faults)
        for field in fields(self):
            kind = np.float64 if field.name == "scores" else np.int64
            own = np.array(getattr(self, field.name), dtype=kind)
            own.setflags(write=False)
            object.__setattr__(self, field.name, own)

    @staticmethod
    def of(
        scores: ArrayLike,
        per_case: ArrayLike,
        most: ArrayLike,
        least: ArrayLike = 0,
        forced: ArrayLike = (),
    ) -> Matching:
        """The matching of these numbers, of which one may stand for all cases or all reviewers.

        Raises
        ------
        MatchingError
            If they do not make one.
        """
        table, pairs = np.asarray(scores), np.asarray(forced)
        n_reviewers, n_cases = table.shape if table.ndim == 2 else (0, 0)
        return Matching(
            table,
            _each(per_case, n_cases),
            _each(most, n_reviewers),
            _each(least, n_reviewers),
            pairs if pairs.size else np.zeros((0, 2), np.int64),
        )

    @property
    def n_reviewers(self) -> int:
        """Return how many reviewers there are."""
        return int(self.scores.shape[0])

    @property
    def n_cases(self) -> int:
        """Return how many cases there are."""
        return int(self.scores.shape[1])


@dataclass(frozen=True, eq=False)
class MatchingPrices:
    """The multipliers that prove a bound, whole numbers of the unit it is reckoned in.

    Parameters
    ----------
    case : ndarray of shape (n_cases,), of one more reviewer for the case
    reviewer : ndarray of shape (n_reviewers,), of one more case for the reviewer
    unfilled, missing : int, of one reviewer less for any case, of one case less than `least` for any reviewer
    """

    case: Ints
    reviewer: Ints
    unfilled: int
    missing: int


@dataclass(frozen=True, eq=False)
class Matched:
    """The best matching: no other leaves fewer places unfilled, then fewer cases missing, then scores more.

    Parameters
    ----------
    pairs : ndarray of shape (n_pairs, 2), (reviewer, case), by case and then by reviewer
    total : float, the sum of their scores, rounded once
    bound : float: no matching with as few unfilled and missing has a higher total
    unfilled : ndarray of shape (n_cases,), reviewers that each case lacks
    missing : ndarray of shape (n_reviewers,), cases that each reviewer lacks to have `least`
    exponent : int: scores were reckoned in whole multiples of 2 to the power of −exponent, rounded up
    prices : those that prove `bound`, in that unit
    shortfall_prices : those that prove that no fewer could be unfilled or missing
    """

    pairs: Ints
    total: float
    bound: float
    unfilled: Ints
    missing: Ints
    exponent: int
    prices: MatchingPrices
    shortfall_prices: MatchingPrices


def _each(number: ArrayLike, size: int) -> Numbers:
    array = np.asarray(number)
    return array if array.ndim else np.broadcast_to(array, size)


def _faults(m: Matching) -> Iterator[str]:
    """Yield a sentence for everything that is wrong; what depends on a wrong shape is left out."""
    scores = list(_faults_of_scores(m.scores))
    yield from scores
    if m.scores.ndim != 2:
        return
    n_reviewers, n_cases = m.scores.shape
    counts = [
        *_faults_of_counts("per_case", m.per_case, n_cases, "case"),
        *_faults_of_counts("most", m.most, n_reviewers, "reviewer"),
        *_faults_of_counts("least", m.least, n_reviewers, "reviewer"),
    ]
    yield from counts
    if not counts:
        for r in np.flatnonzero(m.least > m.most):
            yield f"least[{r}] is {m.least[r]} and most[{r}] is {m.most[r]}; least must not be above most"
    pairs = list(_faults_of_pairs(m.forced, n_reviewers, n_cases))
    yield from pairs
    if not scores and not pairs:
        for k in np.flatnonzero(m.scores[tuple(m.forced.T)] == CONFLICT):
            yield f"forced[{k}] is {_pair(m.forced[k])}, which is a conflict; a pair is one or the other"
    if not counts and not pairs:
        yield from _too_many_forced(m)


def _faults_of_scores(scores: Numbers) -> Iterator[str]:
    if scores.ndim != 2:
        yield f"scores has shape {scores.shape}; it must be (reviewers, cases)"
    if scores.dtype.kind not in "fiu":
        yield f"scores is of type {scores.dtype}; it must be of numbers"
    elif scores.ndim == 2:
        floats = scores.dtype.kind == "f"
        told = scores.astype(np.float64, copy=False) if floats else scores
        largest = LARGEST_SCORE if floats else LARGEST_WHOLE
        wrong = ~((told >= -largest) & (told <= largest))
        for r, c in np.argwhere(wrong):
            yield (
                f"scores[{r}, {c}] is {scores[r, c]}; a score is a number within ±1e300 (whole ones within "
                "±2^53), −1 for a conflict"
            )


def _faults_of_counts(name: str, counts: Numbers, size: int, what: str) -> Iterator[str]:
    if counts.shape != (size,):
        yield f"{name} has shape {counts.shape}; it must be ({size},), a number for each {what}"
    if counts.dtype.kind not in "iu":
        yield f"{name} is of type {counts.dtype}; it must be of whole numbers"
    elif counts.ndim == 1:
        for k in np.flatnonzero((counts < 0) | (counts > LARGEST_COUNT)):
            yield f"{name}[{k}] is {counts[k]}; it must be 0 to {LARGEST_COUNT}"


def _faults_of_pairs(forced: Ints, n_reviewers: int, n_cases: int) -> Iterator[str]:
    if forced.ndim != 2 or forced.shape[1] != 2 or forced.dtype.kind not in "iu":
        yield (f"forced has shape {forced.shape} and type {forced.dtype}; it must be (reviewer, case) rows")
        return
    known = np.all((forced >= 0) & (forced < (n_reviewers, n_cases)), axis=1)
    for k in np.flatnonzero(~known):
        yield (f"forced[{k}] is {_pair(forced[k])}; there are {n_reviewers} reviewers and {n_cases} cases")
    _, first, which = np.unique(forced, axis=0, return_index=True, return_inverse=True)
    for k in np.flatnonzero(first[which.ravel()] < np.arange(len(forced))):
        yield f"forced[{k}] is {_pair(forced[k])} again; each pair stands once"


def _too_many_forced(m: Matching) -> Iterator[str]:
    for_case = np.bincount(m.forced[:, 1], minlength=m.n_cases)
    for_reviewer = np.bincount(m.forced[:, 0], minlength=m.n_reviewers)
    for c in np.flatnonzero(for_case > m.per_case):
        yield f"per_case[{c}] is {m.per_case[c]}, fewer than the {for_case[c]} forced pairs of case {c}"
    for r in np.flatnonzero(for_reviewer > m.most):
        yield f"most[{r}] is {m.most[r]}, fewer than the {for_reviewer[r]} forced pairs of reviewer {r}"


def _pair(pair: Ints) -> str:
    return f"({pair[0]}, {pair[1]})"
