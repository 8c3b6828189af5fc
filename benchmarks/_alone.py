"""Our own method in a process of its own, with a warm cache: the first start of all is `cold`'s to time."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from allocator.allocate import PlanRequest
from allocator.sample import demo_folder
from benchmarks._apart import Measured, apart
from benchmarks._found import Found
from benchmarks._own import solve_whole
from benchmarks._pipeline import plan_folder
from solver.outcome import Limits
from solver.problem import Problem


def solve_alone(
    problem: Problem, level: int, limits: Limits, without: Collection[str] = ()
) -> Measured[Found]:
    """Return what `solver.solve` finds; the limit is the whole process's."""
    _warm_cache()
    return apart(solve_whole, problem, level, limits, time.monotonic(), without)


def plan_alone(folder: Path, request: PlanRequest, moments: Sequence[float] = ()) -> Measured[Found]:
    """Return what `allocator plan` makes of a folder; the limit is the whole process's."""
    with tempfile.TemporaryDirectory() as out:
        return plan_into(Path(out) / "plan", folder, request, moments)


def plan_into(
    out: Path, folder: Path, request: PlanRequest, moments: Sequence[float] = (), previous: Path | None = None
) -> Measured[Found]:
    """Return the same, with the plan's files left in a folder; `previous` is that of a plan to begin from."""
    _warm_cache()
    return apart(plan_folder, folder, out, request, time.monotonic(), moments, previous)


@cache
def _warm_cache() -> None:
    """Let a process that nobody measures compile what is not compiled yet."""
    with tempfile.TemporaryDirectory() as out:
        apart(plan_folder, demo_folder(), Path(out) / "plan", PlanRequest(effort=1), time.monotonic())
