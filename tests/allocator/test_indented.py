"""Indented JSON: the same text as Python's own, slower one."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from allocator.indented import indented

SCALARS = (
    st.text(max_size=5)
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
)
ROWS = st.lists(st.dictionaries(st.text(max_size=4), SCALARS, max_size=3), max_size=3)
VALUES = st.recursive(
    SCALARS | ROWS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES)
@example([{"a": "},\n   {"}, {"b": "},\n {"}])
@example({"rows": [{"a": 1}, {}, {"b": [1, {"c": []}]}], "": {}, "none": []})
def test_indented_json_is_that_of_the_standard_library(value: object) -> None:
    """Flat rows, empty ones, rows within rows, texts that look like the seams: character for character."""
    assert indented(value) == json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)
