"""A row is one line, and comes back as it was."""

import json

from benchmarks._rows import Row
from tests.benchmarks.rows import row

FIELDS = ["instance", "method", "objective", "bound", "gap", "seconds", "cpu_seconds", "peak_mb", "seed"]
FIELDS += ["workers", "versions"]


def test_a_row_is_one_line_with_every_field() -> None:
    """The JSON has the named fields, and the benchmark's own beside them."""
    line = row(0.005).as_json()
    assert "\n" not in line
    assert [*json.loads(line)] == [*FIELDS, "time_limit"]


def test_a_line_is_a_row_again() -> None:
    """So that a run which was stopped goes on where it was."""
    assert Row.of_json(row(0.005, levels={"late": {"value": 3}}).as_json()) == row(
        0.005, levels={"late": {"value": 3}}
    )
