"""The ready-made queue that comes with the package: one area, 85 cases, 12 reviewers, all made up."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from allocator.intake import read_snapshot


def demo_folder() -> Path:
    """Return the folder of the demo's snapshot: CSV files and the policy, which says its day."""
    return Path(str(files("allocator.sample"))) / "demo"


def demo_tables(day: date) -> dict[str, list[dict[str, Any]]]:
    """Return the demo's tables as they would be on a day: each of its dates moved by the same whole weeks."""
    snapshot = read_snapshot(demo_folder(), today=day).snapshot
    moved = (day - snapshot.as_of) // timedelta(weeks=1) * timedelta(weeks=1)
    return {
        name: [{key: _moved(value, moved) for key, value in row.items()} for row in rows]
        for name, rows in snapshot.model_dump(mode="python", exclude_defaults=True, by_alias=True).items()
        if isinstance(rows, (list, tuple))
    }


def _moved(value: object, by: timedelta) -> object:
    """Return a value as JSON has it, a day moved."""
    if isinstance(value, date):
        return (value + by).isoformat()
    return list(value) if isinstance(value, tuple) else value
