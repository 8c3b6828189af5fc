"""How much memory a process and all its children have had at once."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path

from solver.watch import repeatedly

PROCESSES = Path("/proc")
KIBIBYTE, MEGABYTE = 1024, 1_000_000
EVERY_SECONDS = 0.25


class TreeWatch:
    """The most memory that a process and its children had at any look, in megabytes.

    A page that several share counts once in all, so a second process costs what it adds. Where nothing tells
    it stays 0: on Linux alone there is `/proc`.
    """

    def __init__(self) -> None:
        self.most_mb = 0.0

    def on(self, process: int) -> AbstractContextManager[None]:
        """Look a few times a second while the block runs."""
        return repeatedly(lambda: self._look(process), EVERY_SECONDS)

    def _look(self, process: int) -> None:
        self.most_mb = max(self.most_mb, sum(_share_mb(one) for one in tree(process)))


def tree(process: int) -> list[int]:
    """Return a process's number and those of its children and theirs; none that have ended by now."""
    try:
        lists = [path.read_text("ascii") for path in (PROCESSES / f"{process}/task").glob("*/children")]
    except OSError:
        return []
    children = [int(child) for numbers in lists for child in numbers.split()]
    return [process, *(one for child in children for one in tree(child))] if lists else []


def own_peak_mb() -> float | None:
    """Return the most memory this process has had at once, in megabytes; None where nothing tells."""
    if (status := PROCESSES / "self/status").exists():
        # Not getrusage: there a child starts with the peak of its parent.
        return _kibibytes(status, "VmHWM") * KIBIBYTE / MEGABYTE
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else KIBIBYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEGABYTE


def _share_mb(process: int) -> float:
    """Return a process's memory, each page it shares with others divided among them; 0 if it has ended."""
    try:
        return _kibibytes(PROCESSES / f"{process}/smaps_rollup", "Pss") * KIBIBYTE / MEGABYTE
    except (OSError, StopIteration):
        return 0.0


def _kibibytes(path: Path, key: str) -> int:
    return next(
        int(row.split()[1]) for row in path.read_text("ascii").splitlines() if row.startswith(f"{key}:")
    )
