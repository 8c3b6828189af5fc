"""How the load is shared: by formulae written once more, and withheld where it is published."""

from __future__ import annotations

from datetime import date
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.planned import Planned
from allocator.report import Fairness, fairness
from allocator.report.load import spread, withheld
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, reviewer, snapshot
from tests.allocator.planning import allocated


def told(one: Snapshot, published: bool = False) -> Fairness:
    """How a snapshot's plan shares the load."""
    return fairness(Planned.of(one, *allocated(one).documents), published)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 3000)), max_size=12))
def test_the_spread_is_that_of_its_formulae(people: list[tuple[int, int]]) -> None:
    """Gini as the mean difference of all pairs; those without capacity do not count."""
    minutes, capacity = np.array([*zip(*people, strict=True)] or [[], []], np.int64)
    loads = [100 * m / c for m, c in people if c]
    found, n = spread(minutes, capacity), len(loads)
    assert found.reviewers == n
    assert found.largest == pytest.approx(max(loads, default=0), abs=0.06)
    if n:
        mean = sum(loads) / n
        assert found.mean == pytest.approx(mean, abs=0.06)
        pairs = sum(abs(a - b) for a in loads for b in loads)
        assert found.gini == pytest.approx(pairs / (2 * n * n * mean) if mean else 0, abs=0.001)
        squares = sum(x * x for x in loads) - sum(loads) ** 2 / n
        assert found.deviation == pytest.approx(sqrt(max(0, squares)), rel=0.001, abs=0.06)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([0, 6, 20], [0, 6, 20]),
        ([1, 5, 20], [None, None, 20]),
        ([3, 6, 20], [None, None, 20]),
        ([3, 0, 20], [None, 0, None]),
        ([3], [None]),
        ([3, 0], [None, 0]),
    ],
)
def test_small_counts_are_withheld_and_cannot_be_worked_out(
    counts: list[int], shown: list[int | None]
) -> None:
    """Where one alone is missing the next one is missing too; a nought is told."""
    assert withheld(counts) == shown


def test_who_carries_what() -> None:
    """By employment, home area and experience; each led case once, with what it is."""
    spots = {"latitude": 53.0, "longitude": -2.0}
    far = {"latitude": 54.0, "longitude": -2.0}
    held = {"allocated_on": date(2026, 10, 5), "hours_left": 2.0, "reviewer_id": "R1"}
    cases = [
        case(**held, **far),
        case("C2", **held, **spots, notified_on=date(2026, 1, 5)),
        case("C3", **(held | {"reviewer_id": "R2"}), review_type="focused", area="QXX"),
    ]
    people = [
        reviewer(**spots, completed_reviews=30, cases_this_year=6),
        reviewer("R2", employment="bank", cases_this_year=2),
    ]
    found = told(snapshot(cases, people))
    by = {(row.trait, row.group): row for row in found.carried}
    first = by["employment", "dedicated"]
    assert (first.reviewers, first.leads, first.focused, first.distant, first.overdue) == (1, 2, 0, 1, 1)
    second = by["employment", "bank"]
    assert (second.leads, second.focused, second.distant, second.overdue) == (1, 1, 1, 0)
    assert by["experience", "20 or more"].leads == 2
    assert by["experience", "not known"].leads == 1
    assert by["area", "QYG"].leads == 3
    assert (found.year.leads, found.year.done_by_few, found.year.people_with_few) == (8, 25, 1)
    assert found.year.by_reviewer == {"R1": 6, "R2": 2}


def test_what_is_published_names_nobody() -> None:
    """And withholds counts of one to five."""
    found = told(snapshot([case(), case("C2", on_hold_since=AS_OF)]), published=True)
    assert found.year.by_reviewer == {}
    assert (found.year.leads, found.year.done_by_few) == (None, None)
    assert {row.reviewers for row in found.carried} == {None}
