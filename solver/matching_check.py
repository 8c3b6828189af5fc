"""The oracle of matchings: does an answer honour what was asked, and do its prices prove it the best?

It shares the numbers with what makes matchings, and no code. All sums are exact: whole numbers of any size.

A bound is that of linear programming duality (A. J. Hoffman and J. B. Kruskal, Integral boundary points of
convex polyhedra, 1956): no reviewer of a case is worth more than the price of the case plus that of the
reviewer, except by what is over, and that is counted in full.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from solver.matching import CONFLICT, Matched, Matching, MatchingPrices
from solver.problem import Bools, Ints

LARGEST = 2**60
"""Prices and scores in units are below this, so that a sum of three fits into 64 bits."""
BLOCK = 2**22
LOW = 2**32 - 1


def breaches(matching: Matching, matched: Matched) -> list[str]:
    """Sentences on everything the answer breaks or reckons wrongly; empty when there is nothing."""
    pairs = matched.pairs
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        return [f"pairs has shape {pairs.shape}; it must be (n_pairs, 2)"]
    if not np.all((pairs >= 0) & (pairs < matching.scores.shape)):
        return ["pairs has rows that are not there"]
    return [sentence for rule in RULES for sentence in rule(matching, matched)]


def conflicts(matching: Matching, matched: Matched) -> Iterator[str]:
    """No pair is a conflict, and none stands twice."""
    for r, c in matched.pairs[matching.scores[tuple(matched.pairs.T)] == CONFLICT]:
        yield f"reviewer {r} has case {c}, a conflict"
    unique, counts = np.unique(matched.pairs, axis=0, return_counts=True)
    for r, c in unique[counts > 1]:
        yield f"reviewer {r} has case {c} more than once"


def forced(matching: Matching, matched: Matched) -> Iterator[str]:
    """Every forced pair is there."""
    there = {tuple(pair) for pair in matched.pairs.tolist()}
    for r, c in matching.forced.tolist():
        if (r, c) not in there:
            yield f"reviewer {r} does not have case {c}, which is forced"


def counts(matching: Matching, matched: Matched) -> Iterator[str]:
    """No case and no reviewer has too many, and what they lack is as told."""
    of_case = np.bincount(matched.pairs[:, 1], minlength=matching.n_cases)
    of_reviewer = np.bincount(matched.pairs[:, 0], minlength=matching.n_reviewers)
    for c in np.flatnonzero(of_case > matching.per_case):
        yield f"case {c} has {of_case[c]} reviewers of {matching.per_case[c]}"
    for r in np.flatnonzero(of_reviewer > matching.most):
        yield f"reviewer {r} has {of_reviewer[r]} cases of {matching.most[r]}"
    if not np.array_equal(matched.unfilled, matching.per_case - of_case):
        yield "unfilled is not what the cases lack"
    if not np.array_equal(matched.missing, np.maximum(0, matching.least - of_reviewer)):
        yield "missing is not what the reviewers lack"


def total(matching: Matching, matched: Matched) -> Iterator[str]:
    """The total is the sum of the pairs' scores."""
    found = math.fsum(matching.scores[tuple(matched.pairs.T)].tolist())
    if matched.total != found:
        yield f"total is {matched.total}; the scores add up to {found}"


Rule = Callable[[Matching, Matched], Iterator[str]]
RULES: tuple[Rule, ...] = (conflicts, forced, counts, total)


def unproved(matching: Matching, matched: Matched) -> list[str]:
    """Sentences on every claim of an answer without breaches that its own prices do not prove."""
    left = _Left.of(matching)
    largest = np.abs(np.where(left.open, matching.scores, 0)).max(initial=0)
    if math.frexp(largest)[1] + matched.exponent > LARGEST.bit_length():
        return [f"exponent is {matched.exponent}; scores in such small units do not fit into 64 bits"]
    for prices in (matched.prices, matched.shortfall_prices):
        if not _are_prices(matching, prices):
            return [f"prices must be one for each case and reviewer, each within ±{LARGEST}"]
    return [*_unproved_shortfall(left, matched), *_unproved_total(matching, left, matched)]


def _unproved_shortfall(left: _Left, matched: Matched) -> Iterator[str]:
    claimed = left.worst * int(matched.unfilled.sum()) + int(matched.missing.sum())
    proved = _fewest(left, matched.shortfall_prices) if claimed else 0
    if proved != claimed:
        yield f"unfilled and missing weigh {claimed}; the prices prove that {proved} cannot be avoided"


def _unproved_total(matching: Matching, left: _Left, matched: Matched) -> Iterator[str]:
    short = (int(matched.unfilled.sum()), int(matched.missing.sum()))
    bound = matching_bound(matching, matched.prices, matched.exponent, short)
    if matched.bound != rounded_up(bound):
        yield f"bound is {matched.bound}; the prices prove {rounded_up(bound)}"
    free = matched.pairs[left.open[tuple(matched.pairs.T)]]
    units = _units(matching.scores[tuple(free.T)], matched.exponent)
    reached = Fraction(int(sum(units.tolist()))) / Fraction(2) ** matched.exponent + left.forced_total
    if reached != bound:
        yield f"the total is not proved the best: by the prices {float(bound - reached)} more is possible"


def fewest_shortfalls(matching: Matching, prices: MatchingPrices) -> int:
    """What cannot be avoided, by these prices: unfilled × (1 + all of least not forced) + missing."""
    return _fewest(_Left.of(matching), prices)


def matching_bound(
    matching: Matching, prices: MatchingPrices, exponent: int, short: tuple[int, int]
) -> Fraction:
    """What no total exceeds of matchings with `short` = (unfilled, missing) in all, by these prices.

    It holds for all prices, and for the scores as they are: in units of 2 to the power of −exponent they are
    rounded up.
    """
    left = _Left.of(matching)
    units = _dual(left, prices, lambda rows: _units(left.scores(rows), exponent))
    units += prices.unfilled * short[0] + prices.missing * short[1]
    return Fraction(units) / Fraction(2) ** exponent + left.forced_total


def rounded_up(exact: Fraction) -> float:
    """The smallest float that is not below."""
    near = float(exact)
    return near if Fraction(near) >= exact else math.nextafter(near, math.inf)


@dataclass(frozen=True, eq=False)
class _Left:
    """What is left to choose once the forced pairs are there."""

    matching: Matching
    open: Bools
    per_case: Ints
    most: Ints
    least: Ints
    forced_total: Fraction

    @staticmethod
    def of(m: Matching) -> _Left:
        open_pairs = m.scores != CONFLICT
        open_pairs[tuple(m.forced.T)] = False
        of_case = np.bincount(m.forced[:, 1], minlength=m.n_cases)
        of_reviewer = np.bincount(m.forced[:, 0], minlength=m.n_reviewers)
        forced_total = sum(map(Fraction, m.scores[tuple(m.forced.T)].tolist()), Fraction(0))
        least = np.maximum(0, m.least - of_reviewer)
        return _Left(m, open_pairs, m.per_case - of_case, m.most - of_reviewer, least, forced_total)

    @property
    def worst(self) -> int:
        """What one place unfilled weighs: more than all cases that could be missing."""
        return 1 + int(self.least.sum())

    def scores(self, rows: slice) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """Scores of these reviewers, 0 where there is nothing to choose."""
        return np.where(self.open[rows], self.matching.scores[rows], 0.0)


def _units(scores: np.ndarray[tuple[int, ...], np.dtype[np.float64]], exponent: int) -> Ints:
    return np.asarray(np.ceil(np.ldexp(scores, exponent)), dtype=np.int64)


def _are_prices(matching: Matching, prices: MatchingPrices) -> bool:
    shapes = (prices.case.shape, prices.reviewer.shape)
    every = [*prices.case.tolist(), *prices.reviewer.tolist(), prices.unfilled, prices.missing]
    return shapes == ((matching.n_cases,), (matching.n_reviewers,)) and all(abs(p) < LARGEST for p in every)


def _fewest(left: _Left, prices: MatchingPrices) -> int:
    at_cost = MatchingPrices(prices.case, prices.reviewer, left.worst, 1)
    return -_dual(left, at_cost, lambda rows: np.zeros((1, 1), np.int64))


def _dual(left: _Left, prices: MatchingPrices, worth: Callable[[slice], Ints]) -> int:
    """The most that pairs can be worth, less what is unfilled and missing at their prices."""
    case, reviewer = prices.case, prices.reviewer
    found = 0
    step = max(1, BLOCK // max(1, len(case)))
    for first in range(0, len(reviewer), step):
        rows = slice(first, first + step)
        over = np.maximum(0, worth(rows) - case - reviewer[rows, None])
        found += _sum(over[left.open[rows]])
    found += _dot(case, left.per_case) + _dot(np.maximum(0, -case - prices.unfilled), left.per_case)
    found += _dot(reviewer, left.least) + _dot(np.maximum(0, reviewer), left.most - left.least)
    return found + _dot(np.maximum(0, -reviewer - prices.missing), left.least)


def _sum(natural: Ints) -> int:
    """The sum of numbers ≥ 0, exactly: halves of their bits apart."""
    return (int((natural >> 32).sum()) << 32) + int((natural & LOW).sum())


def _dot(left: Ints, right: Ints) -> int:
    return sum(a * b for a, b in zip(left.tolist(), right.tolist(), strict=True))
