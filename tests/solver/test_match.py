"""The best matching: against trying every set of pairs, and where that cannot be done against itself."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given

from solver import match as matches
from solver import match_pairs, network
from solver.match import UnsoundMatchingError, match
from solver.matching import CONFLICT, Matched, Matching
from solver.matching_check import breaches, unproved
from tests.solver.draws import rngs
from tests.solver.instances import Rng
from tests.solver.matching_brute import matchings, optimum, random_matching


def value(matched: Matched) -> tuple[int, int, float]:
    """Places unfilled, cases missing, total."""
    return int(matched.unfilled.sum()), int(matched.missing.sum()), matched.total


def near(found: tuple[int, int, float]) -> tuple[int, int, object]:
    """The same counts, and a total that differs by roundings only."""
    return found[0], found[1], pytest.approx(found[2], rel=1e-11, abs=1e-20)


@given(matchings())
def test_no_set_of_pairs_is_better(matching: Matching) -> None:
    """Least loads, forced pairs, conflicts, too few reviewers, too few cases: always the best there is."""
    assert value(match(matching)) == near(optimum(matching))


@given(matchings())
def test_what_is_returned_is_sound_and_proved(matching: Matching) -> None:
    """The oracle has nothing to say, and the bound is no further off than roundings are."""
    matched = match(matching)
    assert breaches(matching, matched) == []
    assert unproved(matching, matched) == []
    assert 0 <= matched.bound - matched.total <= len(matched.pairs) * 2.0**-matched.exponent


@given(rngs)
def test_few_pairs_at_a_time_come_to_the_same(rng: Rng) -> None:
    """Sifted from one pair a round, or all at once: the same value, feasible or not."""
    matching = random_matching(rng, int(rng.integers(1, 16)), int(rng.integers(1, 16)))
    whole = match(matching)
    with (
        patch.object(match_pairs, "ALL_AT_ONCE", 0),
        patch.object(match_pairs, "SPREAD", 1),
        patch.object(match_pairs, "PAYING", 1),
        patch.object(match_pairs, "PATIENCE", int(rng.integers(0, 9))),
        patch.object(match_pairs, "BLOCK", int(rng.integers(1, 40))),
    ):
        sifted = match(matching)
    assert value(sifted) == near(value(whole))


SHAPE = (400, 300)
STRUCTURED = {
    "all liked alike": lambda rng: Matching.of(np.outer(rng.random(400), rng.random(300)), 3, 3, 1),
    "all the same": lambda rng: Matching.of(np.ones(SHAPE), 3, 3, 2),
    "few grades": lambda rng: Matching.of(rng.integers(0, 3, SHAPE), 4, 3),
    "fields apart": lambda rng: Matching.of(
        np.where(np.arange(400)[:, None] % 9 == np.arange(300) % 9, rng.random(SHAPE), CONFLICT), 3, 3, 2
    ),
    "too many cases": lambda rng: Matching.of(rng.random(SHAPE), 5, 3, 3),
    "nested conflicts": lambda rng: Matching.of(
        np.where(np.arange(400)[:, None] > np.arange(300) * 1.3, rng.random(SHAPE), CONFLICT), 3, 3, 2
    ),
}


@pytest.mark.parametrize("what", STRUCTURED)
def test_sifting_is_exact_where_scores_have_a_structure(what: str) -> None:
    """Large enough to be sifted: the same value as from all pairs at once."""
    matching = STRUCTURED[what](np.random.default_rng(1))
    with patch.object(match_pairs, "ALL_AT_ONCE", matching.scores.size):
        whole = match(matching)
    assert matching.scores.size > match_pairs.ALL_AT_ONCE
    assert value(match(matching)) == near(value(whole))


@given(rngs)
def test_the_order_of_rows_and_columns_does_not_matter(rng: Rng) -> None:
    """Reviewers and cases in another order: the same value."""
    m = random_matching(rng, int(rng.integers(1, 9)), int(rng.integers(1, 9)))
    r, c = rng.permutation(m.n_reviewers), rng.permutation(m.n_cases)
    forced = np.stack([np.argsort(r)[m.forced[:, 0]], np.argsort(c)[m.forced[:, 1]]], axis=1)
    other = Matching.of(m.scores[r][:, c], m.per_case[c], m.most[r], m.least[r], forced)
    assert value(match(other)) == near(value(match(m)))


@given(rngs)
def test_one_more_case_a_reviewer_is_never_worse(rng: Rng) -> None:
    """With more room no more is unfilled, and with as much filled and missing the total is no lower."""
    m = random_matching(rng, int(rng.integers(1, 9)), int(rng.integers(1, 9)))
    before, after = value(match(m)), value(match(replace(m, most=m.most + 1)))
    assert (after[0], after[1], -after[2]) <= (before[0], before[1], -before[2] + 1e-9)


@given(matchings())
def test_the_same_numbers_give_the_same_pairs(matching: Matching) -> None:
    """Nothing is left to chance."""
    first, second = match(matching), match(matching)
    assert np.array_equal(first.pairs, second.pairs)
    assert np.array_equal(first.prices.case, second.prices.case)


def test_a_matching_by_hand() -> None:
    """Both cases like reviewer 0 best, who has room for one: giving case 1 up costs least."""
    matched = match(Matching.of([[5, 4], [3, 3], [0, 2]], 1, 1))
    assert matched.pairs.tolist() == [[0, 0], [1, 1]]
    assert (matched.total, matched.bound) == (8.0, 8.0)


def test_a_least_is_honoured_at_the_cost_of_the_total() -> None:
    """Reviewer 2 must have a case, though nobody wants that."""
    matched = match(Matching.of([[5, 4], [3, 3], [0, 2]], 1, 1, [0, 0, 1]))
    assert matched.pairs.tolist() == [[0, 0], [2, 1]]
    assert value(matched) == (0, 0, 7.0)


def test_a_forced_pair_is_honoured_at_the_cost_of_the_total() -> None:
    """Reviewer 2 has case 0, as was said, and the rest is the best that is left."""
    matched = match(Matching.of([[5, 4], [3, 3], [0, 2]], 1, 1, 0, [(2, 0)]))
    assert matched.pairs.tolist() == [[2, 0], [0, 1]]
    assert matched.total == 4.0


def test_cases_come_before_leasts_and_leasts_before_scores() -> None:
    """Only reviewer 0 may have case 0; then comes reviewer 1's least, and last the score of 9."""
    scores = np.array([[1, 9], [CONFLICT, 0]])
    matched = match(Matching.of(scores, 1, 1, [0, 1]))
    assert matched.pairs.tolist() == [[0, 0], [1, 1]]
    matched = match(Matching.of(scores, [2, 1], 1, [0, 1]))
    assert (matched.unfilled.tolist(), matched.missing.tolist()) == ([1, 0], [0, 0])


def test_a_case_is_filled_even_if_the_score_is_below_nothing() -> None:
    """Only −1 is a conflict: −2 is a poor score, and better than an empty place."""
    assert match(Matching.of([[-2, CONFLICT]], 1, 2)).pairs.tolist() == [[0, 0]]


def test_who_falls_short_is_told() -> None:
    """Three wanted of two reviewers, and a least that no case is left for."""
    matched = match(Matching.of([[1.0, CONFLICT], [1.0, CONFLICT]], [3, 1], 4, [1, 3]))
    assert matched.unfilled.tolist() == [1, 1]
    assert matched.missing.tolist() == [0, 2]


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1.0, 1e9, 1e300])
def test_scores_of_any_size_are_told_apart(scale: float) -> None:
    """In units of their own size, whatever the size of a forced pair: 1,000th of a millionth decides."""
    scores = np.full((3, 3), CONFLICT)
    scores[:2, :2] = scale * np.array([[0.5, 0.499999999], [0.499999999, 0.499999999]])
    scores[2, 2] = 1.0
    matched = match(Matching.of(scores, 1, 1, 0, [(2, 2)]))
    assert matched.pairs.tolist() == [[0, 0], [1, 1], [2, 2]]
    scores[:2, :2] = scores[1::-1, :2]
    matched = match(Matching.of(scores, 1, 1, 0, [(2, 2)]))
    assert matched.pairs.tolist() == [[1, 0], [0, 1], [2, 2]]


def test_costs_too_large_for_64_bits_are_told_apart_less_finely() -> None:
    """Refused twice, the flow is asked again with scores of ten bits less, and the bound is as much wider."""
    asked: list[int] = []

    def refuses_twice(asked_for: network.Network) -> object:
        asked.append(-int(asked_for.cost.min()))
        if len(asked) <= 2:
            raise network.FlowError("BAD_COST_RANGE")
        return network.cheapest_flow(asked_for)

    matching = Matching.of([[0.3, 0.7], [0.6, 0.2]], 1, 1)
    with patch.object(matches, "cheapest_flow", refuses_twice):
        matched = match(matching)
    assert asked[0] == pytest.approx(asked[2] * 2**10, rel=1e-6)
    assert asked[1] == pytest.approx(asked[2] * 2**5, rel=1e-6)
    assert value(matched) == near(optimum(matching))


def test_what_the_oracle_refuses_is_never_returned() -> None:
    """A flow that leaves a place empty for nothing ends in an error, not in a matching."""
    with (
        patch.object(matches, "unproved", lambda *given: ["the bound is wrong"]),
        pytest.raises(UnsoundMatchingError, match="the bound is wrong"),
    ):
        match(Matching.of([[1.0]], 1, 1))


def test_no_flow_at_all_is_a_fault_of_ours() -> None:
    """However coarse: an error of its own, and no empty answer."""

    def refuses(asked: network.Network) -> object:
        raise network.FlowError("BAD_COST_RANGE")

    with (
        patch.object(matches, "cheapest_flow", refuses),
        pytest.raises(UnsoundMatchingError, match="no flow was found"),
    ):
        match(Matching.of([[1.0]], 1, 1))
