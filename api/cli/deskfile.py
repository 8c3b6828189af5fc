"""What stands now, from a snapshot and the file of what was published since."""

from __future__ import annotations

from pathlib import Path

from allocator.desk import Desk, Journal, Now
from allocator.intake import read_snapshot
from api import clock
from api.cli.options import Source


def now_of(snapshot: Path, published: Path | None, how: Source) -> Now:
    """Return what stands, publications counted.

    Raises
    ------
    BadInput
        The snapshot has faults, or the file of publications cannot be read.
    """
    told = () if published is None else Journal(published).read()
    reading = read_snapshot(
        snapshot,
        policy=how["policy"],
        as_of=how["as_of"],
        today=clock.now().date(),
        quarantine=how["quarantine"],
    )
    return Desk(reading.snapshot).now(told)
