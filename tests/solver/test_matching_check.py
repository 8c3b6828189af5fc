"""The oracle of matchings: sound ones pass, every planted breach is found, and no false proof is believed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given

from solver.match import match
from solver.matching import CONFLICT, Matched, Matching, MatchingPrices
from solver.matching_check import (
    LARGEST,
    breaches,
    fewest_shortfalls,
    matching_bound,
    rounded_up,
    unproved,
)
from tests.solver.draws import rngs
from tests.solver.instances import Rng
from tests.solver.matching_brute import matchings, optimum, random_matching
from tests.solver.sketch import ints

WEEK = Matching.of(
    [[0.9, 0.8, CONFLICT], [0.7, 0.6, 0.5], [CONFLICT, 0.4, 0.3]], [2, 2, 1], [2, 2, 1], [0, 0, 1], [(1, 2)]
)
"""Case 0: reviewers 0 and 1; case 1: reviewers 0 and 2, who needs one; case 2: reviewer 1, as was said."""
BEST = match(WEEK)


def with_pairs(*pairs: tuple[int, int]) -> Matched:
    """The answer of these pairs, its counts and total reckoned rightly."""
    rows = np.array(pairs, np.int64).reshape(-1, 2)
    has = np.bincount(rows[:, 0], minlength=3)
    return replace(
        BEST,
        pairs=rows,
        total=math.fsum(WEEK.scores[tuple(rows.T)].tolist()),
        unfilled=WEEK.per_case - np.bincount(rows[:, 1], minlength=3),
        missing=np.maximum(0, WEEK.least - has),
    )


def test_the_week_by_hand() -> None:
    """Its best is what can be worked out by hand, and it is proved."""
    assert BEST.pairs.tolist() == [[0, 0], [1, 0], [0, 1], [2, 1], [1, 2]]
    assert breaches(WEEK, BEST) == unproved(WEEK, BEST) == []


BREACHES: dict[str, Matched] = {
    "reviewer 0 has case 2, a conflict": with_pairs((1, 0), (0, 1), (2, 1), (1, 2), (0, 2)),
    "reviewer 0 has case 0 more than once": with_pairs((0, 0), (0, 0), (2, 1), (1, 2)),
    "reviewer 1 does not have case 2, which is forced": with_pairs((0, 0), (0, 1), (2, 2)),
    "case 2 has 2 reviewers of 1": with_pairs((0, 0), (1, 2), (2, 2)),
    "reviewer 1 has 3 cases of 2": with_pairs((1, 0), (1, 1), (1, 2), (2, 1)),
    "unfilled is not what the cases lack": replace(BEST, unfilled=BEST.unfilled + 1),
    "missing is not what the reviewers lack": replace(BEST, missing=BEST.missing + 1),
    "total is 9.5; the scores add up to 3.3": replace(BEST, total=9.5),
    "pairs has rows that are not there": replace(BEST, pairs=np.array([[3, 0]])),
    "pairs has shape (2,); it must be (n_pairs, 2)": replace(BEST, pairs=ints([0, 0])),
}


@pytest.mark.parametrize("sentence", BREACHES)
def test_a_planted_breach_is_found(sentence: str) -> None:
    """One thing wrong, and a sentence that says it."""
    assert sentence in breaches(WEEK, BREACHES[sentence])


NEAR_MISSES = {
    "beside the conflict": with_pairs((0, 0), (0, 1), (1, 2)),
    "as many as may be": with_pairs((1, 0), (1, 2), (0, 0), (0, 1), (2, 1)),
    "the forced pair alone": with_pairs((1, 2)),
}


@pytest.mark.parametrize("what", NEAR_MISSES)
def test_a_near_miss_is_no_breach(what: str) -> None:
    """What is just allowed passes, though it may be far from the best."""
    assert breaches(WEEK, NEAR_MISSES[what]) == []


@pytest.mark.parametrize("pairs", [[(0, 0), (1, 0), (0, 1), (1, 2)], [(1, 2)]])
def test_what_is_not_the_best_is_not_proved(pairs: list[tuple[int, int]]) -> None:
    """More unfilled and missing than must be: the prices prove less, and say so."""
    assert "the prices prove that 0 cannot be avoided" in unproved(WEEK, with_pairs(*pairs))[0]


def test_a_lower_total_is_not_proved() -> None:
    """Reviewers 0 and 1 in each other's place on paper: allowed, full, and 0.1 short."""
    matching = Matching.of([[3, 1], [1, 3]], 1, 1)
    best = match(matching)
    worse = replace(best, pairs=np.array([[1, 0], [0, 1]]), total=2.0)
    assert breaches(matching, worse) == []
    assert unproved(matching, worse) == [
        "the total is not proved the best: by the prices 4.0 more is possible"
    ]


FALSE_PROOFS: dict[str, Callable[[Matched], Matched]] = {
    "a bound a thousandth too high": lambda m: replace(m, bound=m.bound * 1.001),
    "a bound a thousandth too low": lambda m: replace(m, bound=m.bound * 0.999),
    "a bound of the next float": lambda m: replace(m, bound=math.nextafter(m.bound, 0)),
    "prices for fewer cases": lambda m: _priced(m, case=m.prices.case[1:]),
    "prices for more reviewers": lambda m: _priced(m, reviewer=np.append(m.prices.reviewer, 0)),
    "prices of nothing": lambda m: _priced(m, case=0 * m.prices.case, reviewer=0 * m.prices.reviewer),
    "prices beyond 64 bits": lambda m: _priced(m, case=m.prices.case + LARGEST),
    "a price of nothing for what is unfilled": lambda m: _priced(m, unfilled=-(2**50)),
    "units too small for 64 bits": lambda m: replace(m, exponent=m.exponent + 30),
    "units too large to tell": lambda m: replace(m, exponent=3),
}


def _priced(matched: Matched, **changes: object) -> Matched:
    return replace(matched, prices=replace(matched.prices, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("what", FALSE_PROOFS)
def test_a_false_proof_is_not_believed(what: str) -> None:
    """Whatever of the certificate is changed, something no longer agrees."""
    assert breaches(WEEK, FALSE_PROOFS[what](BEST)) == []
    assert unproved(WEEK, FALSE_PROOFS[what](BEST)) != []


def test_a_false_proof_of_a_shortfall_is_not_believed() -> None:
    """Two of three places cannot be filled; prices of nothing do not show that."""
    matching = Matching.of([[1.0]], 3, 3)
    best = match(matching)
    assert unproved(matching, best) == []
    nothing = MatchingPrices(ints([0]), ints([0]), 0, 0)
    assert unproved(matching, replace(best, shortfall_prices=nothing)) != []


def random_prices(rng: Rng, matching: Matching, size: int) -> MatchingPrices:
    """Prices that nobody thought about."""
    case = rng.integers(-size, size + 1, matching.n_cases)
    reviewer = rng.integers(-size, size + 1, matching.n_reviewers)
    return MatchingPrices(case, reviewer, *rng.integers(-size, size + 1, 2).tolist())


@given(matchings(), rngs)
def test_no_prices_prove_what_is_not_so(matching: Matching, rng: Rng) -> None:
    """Any prices, in any unit: a bound no lower than the best total, and no more short than must be."""
    unfilled, missing, total = optimum(matching)
    has = np.bincount(matching.forced[:, 0], minlength=matching.n_reviewers)
    worst = 1 + int(np.maximum(0, matching.least - has).sum())
    assert fewest_shortfalls(matching, random_prices(rng, matching, 3)) <= worst * unfilled + missing
    assume(np.abs(matching.scores).max(initial=0) < 2**30)
    exponent = int(rng.integers(-3, 30))
    prices = random_prices(rng, matching, 2**exponent if exponent > 0 else 1)
    bound = matching_bound(matching, prices, exponent, (unfilled, missing))
    assert float(bound) >= total - 1e-9 * max(1, abs(total))


@given(rngs)
def test_changed_prices_prove_no_more(rng: Rng) -> None:
    """Prices near the best ones never prove a lower bound than they do."""
    matching = random_matching(rng, int(rng.integers(1, 6)), int(rng.integers(1, 6)))
    best = match(matching)
    short = (int(best.unfilled.sum()), int(best.missing.sum()))
    off = random_prices(rng, matching, int(rng.integers(1, 2**40)))
    changed = MatchingPrices(
        best.prices.case + off.case,
        best.prices.reviewer + off.reviewer,
        best.prices.unfilled + off.unfilled,
        best.prices.missing + off.missing,
    )
    proved = matching_bound(matching, best.prices, best.exponent, short)
    assert matching_bound(matching, changed, best.exponent, short) >= proved


@pytest.mark.parametrize(
    "exact", [Fraction(1, 3), Fraction(-1, 3), Fraction(2, 3), Fraction(1, 2), Fraction(0)]
)
def test_a_bound_is_rounded_up(exact: Fraction) -> None:
    """To the next float, and not at all where it is one."""
    up = rounded_up(exact)
    assert Fraction(math.nextafter(up, -math.inf)) < exact <= Fraction(up)
