"""The rows that --quarantine left out: said before anything else, and written beside the plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from allocator.intake import Rejected, write_rejected
from api.cli import screen

SHOWN = 20
FILE = "rejected.csv"


def write(rows: Sequence[Rejected], directory: Path) -> None:
    """Write rejected.csv into the plan's folder, with its header alone when no row was left out."""
    write_rejected(directory / FILE, rows)


def say(rows: Sequence[Rejected], directory: Path | None) -> None:
    """Print how many rows were left out, and each of them or where they are listed; nothing for no row."""
    if not rows:
        return
    count = "1 row was left out" if len(rows) == 1 else f"{len(rows):,} rows were left out"
    if directory:
        screen.say(f"{count}: see {directory / FILE}")
        return
    screen.say(f"{count} and what refers to them:" if len(rows) > 1 else f"{count}:")
    screen.say(*(f"  {screen.one_line(str(fault))}" for row in rows[:SHOWN] for fault in row.faults))
    if len(rows) > SHOWN:
        screen.say(f"  and {len(rows) - SHOWN:,} more: --out writes them all to {FILE}")
