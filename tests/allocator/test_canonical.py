"""Canonical JSON: the same bytes as the reference writes, whatever stands in the rows."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from allocator.canonical import ROWS_AT_ONCE, canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53) + 1, 2**53 - 1)
EVERYDAY = st.decimals(-180, 20_000, places=2).map(float)
VALUES = TEXTS | NUMBERS | EVERYDAY | st.booleans() | st.lists(TEXTS, max_size=3) | st.none()
NAMES = st.sampled_from(["case_id", "from", "to", "hours", "Zone", "_x"])
ROWS = st.lists(st.dictionaries(NAMES, VALUES), max_size=4)
DOCUMENTS = st.dictionaries(NAMES, ROWS | VALUES | st.dictionaries(TEXTS, VALUES, max_size=3), max_size=4)


def written(document: dict[str, object]) -> bytes:
    """The canonical JSON in one piece."""
    return b"".join(canonical(document))


@given(DOCUMENTS)
@example({"cases": [{"hours": 0.00001}], "from": [{"hours": 1e-4}, {"hours": 0.00012}]})
@example({"cases": [{"hours": -0.0}, {"hours": 1e15}, {"hours": 123456789012345680000.0}, {"to": 1e22}]})
@example({"cases": [{"case_id": '\u2028\x7f"\\/\t\x1fé€𝄞'}], "from": [], "to": [{}]})
def test_canonical_json_is_that_of_the_reference(document: dict[str, object]) -> None:
    """Numbers near the edges of how they are written, odd characters, empty tables: byte for byte."""
    assert written(document) == rfc8785.dumps(document)


@pytest.mark.parametrize("rows", [ROWS_AT_ONCE - 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 2 * ROWS_AT_ONCE])
def test_a_long_table_is_joined_without_a_seam(rows: int) -> None:
    """One row below, at and above the rows that are written at once, one of them not everyday."""
    table = [{"case_id": f"C{row}", "hours": row / 3 if row else 1e-7} for row in range(rows)]
    assert written({"cases": table}) == rfc8785.dumps({"cases": table})
