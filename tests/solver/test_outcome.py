"""What is asked of a solve, and how good its answer is said to be."""

from __future__ import annotations

import pytest

from solver.outcome import (
    BoundedBy,
    LevelOutcome,
    Limits,
    LimitsError,
    Outcome,
    Proof,
    better,
    level_gap,
)
from tests.solver.sketch import ints

OUT_OF_RANGE: dict[str, list[dict[str, float]]] = {
    "seconds must be above 0": [{"seconds": 0.0}, {"seconds": -1.0}, {"seconds": float("nan")}],
    "effort must be 1 to 1000": [{"effort": 0}, {"effort": 1001}],
    "gap must be 0 to 1 (a fraction)": [{"gap": -0.01}, {"gap": 1.01}, {"gap": float("nan")}],
    "seed must be 0 to 2147483647": [{"seed": -1}, {"seed": 2**31}],
    "workers must be 1 to 256": [{"workers": 0}, {"workers": 257}],
}


@pytest.mark.parametrize(
    ("message", "limits"),
    [(message, limits) for message, several in OUT_OF_RANGE.items() for limits in several],
)
def test_a_limit_out_of_range_is_refused_with_the_range(message: str, limits: dict[str, float]) -> None:
    """The message names the range."""
    with pytest.raises(LimitsError) as refused:
        Limits(**limits)  # type: ignore[arg-type]
    assert str(refused.value) == message


@pytest.mark.parametrize("effort", [None, 1, 1000])
def test_limits_at_the_ends_of_their_ranges_are_taken(effort: int | None) -> None:
    """The least and the most of each range are in it."""
    Limits(seconds=1e-9, effort=effort, gap=0, seed=0, workers=1)
    Limits(seconds=1e9, effort=effort, gap=1, seed=2**31 - 1, workers=256)


@pytest.mark.parametrize(
    ("value", "bound", "fixed", "gap"),
    [(100, 90, 50, 0.2), (100, 100, 50, 0.0), (50, 50, 50, 0.0), (51, 50, 50, 1.0), (10, 5, 10, 5.0)],
)
def test_the_gap_counts_only_what_could_be_avoided(value: int, bound: int, fixed: int, gap: float) -> None:
    """(value − bound) / max(1, value − fixed)."""
    assert level_gap(value, bound, fixed) == gap
    level = LevelOutcome("cost", value, fixed, bound, Proof.BEST_FOUND, BoundedBy.SEARCH)
    assert level.gap == gap


@pytest.mark.parametrize(
    ("proofs", "weakest"),
    [
        ((), "best_found"),
        (("optimal", "optimal", "optimal"), "optimal"),
        (("optimal", "within_gap", "optimal"), "within_gap"),
        (("within_gap", "best_found", "optimal"), "best_found"),
    ],
)
def test_a_plan_is_as_well_proved_as_its_weakest_level(proofs: tuple[str, ...], weakest: str) -> None:
    """Of three proofs the weakest counts, and without levels nothing is proved."""
    levels = tuple(LevelOutcome("cost", 1, 0, 1, Proof(proof), BoundedBy.FIXED) for proof in proofs)
    assert Outcome(None, levels, 0.0, "none").proof == weakest


@pytest.mark.parametrize(
    ("one", "other", "below"),
    [
        ([1, 9, 9], [2, 0, 0], True),
        ([2, 0, 0], [1, 9, 9], False),
        ([1, 2, 3], [1, 2, 4], True),
        ([1, 2, 3], [1, 2, 3], False),
    ],
)
def test_better_is_below_at_the_first_level_that_differs(
    one: list[int], other: list[int], below: bool
) -> None:
    """Lower levels count only where higher ones are equal."""
    assert better(ints(one), ints(other)) is below
