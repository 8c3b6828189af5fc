"""What stands now, from a snapshot and the file of what was published since."""

from __future__ import annotations

from pathlib import Path

from allocator.desk import Desk, Journal, Now
from api.cli.options import Source
from api.cli.planfile import read_source


def now_of(snapshot: Path, published: Path | None, how: Source) -> Now:
    """Return what stands, publications counted.

    Raises
    ------
    BadInput
        The snapshot has faults, or the file of publications cannot be read.
    """
    told = () if published is None else Journal(published).read()
    reading = read_source(snapshot, how)
    return Desk(reading.snapshot).now(told)
