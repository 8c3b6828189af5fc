"""What a matching is made of, and that every fault of one is told at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from solver.matching import SHOWN, Matching, MatchingError

SCORES = [[0.5, 1.0, -1.0], [0.25, -0.5, 0.0]]


def faults_of(make: Callable[[], Matching]) -> tuple[str, ...]:
    """What the error lists."""
    with pytest.raises(MatchingError) as raised:
        make()
    return raised.value.faults


def test_one_number_stands_for_all() -> None:
    """Reviewers are rows, cases columns, and nothing can be written to afterwards."""
    made = Matching.of(SCORES, 1, [2, 3], 1, [(1, 2)])
    assert (made.n_reviewers, made.n_cases) == (2, 3)
    assert (made.per_case.tolist(), made.most.tolist(), made.least.tolist()) == ([1, 1, 1], [2, 3], [1, 1])
    assert not any(a.flags.writeable for a in (made.scores, made.per_case, made.most, made.forced))


def test_the_caller_keeps_their_own() -> None:
    """What is written to the scores afterwards does not change the matching."""
    scores = np.array(SCORES)
    made = Matching.of(scores, 1, 2)
    scores[0, 0] = 9
    assert made.scores[0, 0] == 0.5


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.int8, np.uint64])
@pytest.mark.filterwarnings("error")
def test_scores_of_any_kind_of_number_are_taken_as_they_are(kind: type) -> None:
    """Of half floats as of bytes, without a warning."""
    assert Matching.of(np.array([[3, 0]], kind), 1, 1).scores.tolist() == [[3.0, 0.0]]


def test_nothing_at_all_is_a_matching() -> None:
    """No reviewers, no cases, or neither."""
    for shape in ((0, 0), (0, 3), (3, 0)):
        assert Matching.of(np.zeros(shape), 1, 1).scores.shape == shape


RIGHT = "a score is a number within ±1e300 (whole ones within ±2^53), −1 for a conflict"
WRONG = {
    "scores has shape (3,); it must be (reviewers, cases)": lambda: Matching.of([1.0, 2.0, 3.0], 1, 1),
    "scores is of type bool; it must be of numbers": lambda: Matching.of([[True]], 1, 1),
    f"scores[0, 1] is nan; {RIGHT}": lambda: Matching.of([[1, np.nan]], 1, 1),
    f"scores[0, 0] is -inf; {RIGHT}": lambda: Matching.of([[-np.inf, 1e300]], 1, 1),
    f"scores[0, 0] is 9007199254740993; {RIGHT}": lambda: Matching.of([[2**53 + 1, -(2**53)]], 1, 1),
    "per_case has shape (2,); it must be (3,), a number for each case": (
        lambda: Matching.of(SCORES, [1, 1], 1)
    ),
    "per_case is of type float64; it must be of whole numbers": lambda: Matching.of(SCORES, 1.5, 1),
    "most[1] is 1000001; it must be 0 to 1000000": lambda: Matching.of(SCORES, 1, [1, 1_000_001]),
    "least[0] is -1; it must be 0 to 1000000": lambda: Matching.of(SCORES, 1, 1, [-1, 0]),
    "least[1] is 3 and most[1] is 2; least must not be above most": lambda: Matching.of(SCORES, 1, 2, [2, 3]),
    "forced has shape (2,) and type int64; it must be (reviewer, case) rows": (
        lambda: Matching.of(SCORES, 1, 1, 0, [0, 1])
    ),
    "forced[0] is (2, 0); there are 2 reviewers and 3 cases": (
        lambda: Matching.of(SCORES, 1, 1, 0, [(2, 0)])
    ),
    "forced[0] is (0, -1); there are 2 reviewers and 3 cases": (
        lambda: Matching.of(SCORES, 1, 1, 0, [(0, -1)])
    ),
    "forced[1] is (0, 0) again; each pair stands once": lambda: Matching.of(
        SCORES, 2, 2, 0, [(0, 0), (0, 0)]
    ),
    "forced[0] is (0, 2), which is a conflict; a pair is one or the other": (
        lambda: Matching.of(SCORES, 1, 1, 0, [(0, 2)])
    ),
    "per_case[0] is 1, fewer than the 2 forced pairs of case 0": (
        lambda: Matching.of(SCORES, 1, 2, 0, [(0, 0), (1, 0)])
    ),
    "most[0] is 1, fewer than the 2 forced pairs of reviewer 0": (
        lambda: Matching.of(SCORES, 1, 1, 0, [(0, 0), (0, 1)])
    ),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_each_fault_says_where_what_and_what_would_be_right(sentence: str) -> None:
    """One thing wrong, one sentence."""
    assert faults_of(WRONG[sentence]) == (sentence,)


def test_every_fault_is_told_at_once() -> None:
    """Scores, counts and pairs: nobody has to come back for the next one."""
    found = faults_of(lambda: Matching.of([[np.inf, 1], [1, np.nan]], -1, [1, 2], [2, 1], [(5, 0)]))
    assert len(found) == 2 + 2 + 1
    found = faults_of(lambda: Matching.of(SCORES, 1, [1, 2], [2, 1], [(0, 2), (0, 0)]))
    assert len(found) == 3


def test_a_long_list_is_whole_and_its_message_is_not() -> None:
    """Of a hundred wrong scores the message shows the first, and says how many more there are."""
    with pytest.raises(MatchingError, match=f"and {100 - SHOWN} more") as raised:
        Matching.of(np.full((10, 10), np.nan), 1, 1)
    assert len(raised.value.faults) == 100
