"""Documents written as TOML are read back as they were, and read well."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scenarios.toml import as_toml

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = (
    st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | WORDS
)
TABLES = st.recursive(
    st.dictionaries(WORDS, VALUES | st.lists(VALUES, max_size=30), max_size=4),
    lambda inner: st.dictionaries(
        WORDS, VALUES | inner | st.lists(inner, min_size=1, max_size=3), max_size=4
    ),
    max_leaves=12,
)


@given(TABLES)
def test_whatever_is_written_is_read_back(document: dict[str, Any]) -> None:
    """Keys of any letters, text with quotes and line ends, lists over several lines, tables in tables."""
    assert tomllib.loads(as_toml(document)) == document


def test_it_reads_as_people_write_it() -> None:
    """Values first, short tables in a line, lists of tables by themselves, notes behind their values."""
    document = {
        "name": "One",
        "run": {"years": 3.0, "half_width": None},
        "demand": {"backlog": {"waiting": 3}, "skills": [{"name": "autism", "share": 0.25}]},
        "assumptions": {"a.b": {"low": 1, "high": 2, "reason": "ours"}},
    }
    assert as_toml(document, {"run.years": "why"}, ("Head",)) == (
        '# Head\n\nname = "One"\n\n[run]\nyears = 3  # why\n\n[demand]\nbacklog = { waiting = 3 }\n\n'
        '[[demand.skills]]\nname = "autism"\nshare = 0.25\n\n'
        '[assumptions]\n"a.b" = { low = 1, high = 2, reason = "ours" }\n'
    )


def test_a_note_never_ends_its_line() -> None:
    """Nor does a head: what stands in one cannot become a key."""
    text = as_toml({"a": 1}, {"a": "one\ntwo = 2"}, ("three\nfour = 4",))
    assert tomllib.loads(text) == {"a": 1}
