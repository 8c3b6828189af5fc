"""Our own method on a problem, in a process whose whole time is what the limit means."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace

from benchmarks._found import CHECKPOINTS, Found, Heard
from solver.outcome import Limits, Outcome
from solver.problem import LEVELS, Problem
from solver.solve import solve
from solver.warm import warm_up

LEAST_SECONDS = 0.05
ENDING_SECONDS = 0.3
"""What a process takes to hand its answer over and end: Python puts everything away first."""


def solve_whole(
    problem: Problem, level: int, limits: Limits, started: float, without: Collection[str] = ()
) -> Found:
    """Return what `solver.solve` finds before the limit is over for the whole process.

    What has passed since the process was `started` (by `time.monotonic`, read just before) is taken from the
    time that the search is given: Python's own start, imports, and the kernels' way out of their cache.
    """
    warm_up()
    start_up = time.monotonic() - started
    heard, seconds = Heard(level, started), time_left(limits.seconds, start_up)
    outcome = solve(problem, replace(limits, seconds=seconds), None, heard, without=without)
    levels = _levels(outcome)
    return Found(
        levels=levels,
        bound=outcome.levels[level].bound if outcome.levels else None,
        seconds=outcome.seconds,
        split={"start_up": start_up},
        checkpoints=heard.at(CHECKPOINTS, limits.seconds, levels),
        note=None if outcome.levels else "found no plan within the limit",
        by=outcome.method,
    )


def time_left(limit: float, start_up: float) -> float:
    """Return how long a search may take if its whole process is to end within the limit."""
    return max(LEAST_SECONDS, limit - start_up - ENDING_SECONDS)


def _levels(outcome: Outcome) -> dict[str, dict[str, object]]:
    return {
        name: {
            "value": level.value,
            "fixed": level.fixed,
            "bound": level.bound,
            "gap": level.gap,
            "proof": level.proof.value,
            "bounded_by": level.bounded_by.value,
        }
        for name, level in zip(LEVELS, outcome.levels, strict=False)
    }
