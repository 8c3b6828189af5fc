"""What stands above all tests: a property that had fewer examples than it says is a failure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import DEAR, dear, too_few, wanted_of

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


def test_a_dear_property_has_fewer_examples_and_all_in_the_slow_set(
    request: pytest.FixtureRequest,
) -> None:
    """It is held to its own number."""

    @dear()
    @given(st.none())
    def told(_: None) -> None:
        """A property."""

    is_slow = request.config.getoption("--slow")
    assert wanted_of(told) == (settings().max_examples if is_slow else DEAR)
    assert wanted_of(test_no_property_no_examples) == settings().max_examples


def test_no_property_no_examples() -> None:
    """A plain test has no statistics."""
    assert not too_few("", 100)
