"""A small made-up queue of two areas in which every thing that pages tell of happens at least once."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from allocator.intake import read_snapshot
from allocator.sample import SampleSpec, make_sample, write_sample

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@cache
def _sample() -> dict[str, Any]:
    spec = SampleSpec(cases=40, reviewers=10, areas=2, load=1.1, seed=7, as_of=DAY)
    with tempfile.TemporaryDirectory() as folder:
        write_sample(make_sample(spec, spec.rng()), Path(folder))
        content = read_snapshot(Path(folder), today=DAY).snapshot.model_dump(
            mode="json", exclude_defaults=True
        )
    return {name: rows for name, rows in content.items() if isinstance(rows, list)}


def small_queue() -> dict[str, Any]:
    """The tables; who changes them changes a copy."""
    return {name: [dict(row) for row in rows] for name, rows in _sample().items()}
