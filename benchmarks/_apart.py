"""Runs a piece of work in a process of its own, so that its memory and its caches are nobody else's."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")

STATUS = Path("/proc/self/status")
KIBIBYTE, MEGABYTE = 1024, 1_000_000


@dataclass(frozen=True)
class Measured(Generic[T]):
    """What the work returned, None if its process died; and what the whole process took.

    Parameters
    ----------
    seconds : wall seconds from the process's start to its end
    cpu_seconds, peak_mb : None where they are not known
    """

    value: T | None
    seconds: float
    cpu_seconds: float | None
    peak_mb: float | None


def apart(work: Callable[..., T], *arguments: object) -> Measured[T]:
    """Return what `work(*arguments)` gives in a process started afresh, and what it took."""
    began = time.perf_counter()
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            value, cpu_seconds, peak = pool.submit(_measured, work, arguments).result()
    except (BrokenProcessPool, MemoryError):
        return Measured(None, time.perf_counter() - began, None, None)
    return Measured(value, time.perf_counter() - began, cpu_seconds, peak)


def _measured(work: Callable[..., T], arguments: tuple[object, ...]) -> tuple[T, float, float | None]:
    value = work(*arguments)
    return value, time.process_time(), peak_mb()


def peak_mb() -> float | None:
    """Return the most memory this process has had at once, in megabytes; None where nothing tells."""
    if STATUS.exists():
        # Not getrusage: there a child starts with the peak of its parent.
        line = next(row for row in STATUS.read_text("ascii").splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) * KIBIBYTE / MEGABYTE
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else KIBIBYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEGABYTE
