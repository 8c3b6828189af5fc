"""What stands above all tests: a property that had fewer examples than it says is a failure."""

from __future__ import annotations

import pytest

from tests.examples import too_few

ALL = """during generate phase (1 seconds):
    - 98 passing, 0 failing, and 9 invalid test cases
  - Stopped because {}"""


@pytest.mark.parametrize(
    ("why", "wanted", "few"),
    [
        ("settings.max_examples=98", 98, False),
        ("settings.max_examples=100, but < 10% of test cases satisfied assumptions", 100, True),
        ("nothing left to do", 100, False),
    ],
)
def test_examples_are_counted_without_those_thrown_away(why: str, wanted: int, few: bool) -> None:
    """All there are is enough, however few."""
    assert too_few(ALL.format(why), wanted) is few


def test_no_property_no_examples() -> None:
    """A plain test has no statistics."""
    assert not too_few("", 100)
