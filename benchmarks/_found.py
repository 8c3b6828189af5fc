"""What a method found on a problem, and the row it makes: the same for our own and for the rivals."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from benchmarks._apart import Measured
from benchmarks._rows import Row
from solver.outcome import Limits, Progress, level_gap
from solver.problem import LEVELS

PORTFOLIO = "portfolio"
CHECKPOINTS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
INSTANT = ("oldest-first", "greedy")
"""Rivals that take no time worth a limit: what they have at the first checkpoint they have at each."""
SLACK, SLACK_SECONDS = 0.05, 1.0

Levels = dict[str, dict[str, object]]
Mark = dict[str, float]
"""Where a search stands at a moment: `value`, `bound` and `gap` of the level that is measured."""


@dataclass(frozen=True)
class Found:
    """What came of a method.

    Parameters
    ----------
    levels : value, fixed, bound, gap and so on by level; empty if there is no plan
    bound : what is proved of the level that is measured, also without a plan; None: nothing
    seconds : wall seconds of the method alone
    split : wall seconds by step
    checkpoints : by "seconds" since the process was started
    note : why there is no plan, if there is none
    by : which part of the method found it
    """

    levels: Levels = field(default_factory=dict)
    bound: int | None = None
    seconds: float = 0.0
    split: dict[str, float] = field(default_factory=dict)
    checkpoints: dict[str, Mark] = field(default_factory=dict)
    note: str | None = None
    by: str | None = None


@dataclass
class Heard:
    """One level over time, as a search tells it.

    Parameters
    ----------
    level : 0 … 2
    started : when the process was started, by `time.monotonic`
    """

    level: int
    started: float
    news: list[tuple[float, Mark]] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        """Note what is told, and when."""
        k = self.level
        told = mark(progress.values[k], progress.bounds[k], progress.fixed[k])
        self.news.append((time.monotonic() - self.started, told))

    def at(self, moments: Sequence[float], limit: float, levels: Levels) -> dict[str, Mark]:
        """Return where it stood at each moment up to the limit; at the limit itself, where it ended."""
        found = {}
        for moment in moments:
            before = [told for when, told in self.news if when <= moment]
            if before and moment < limit:
                found[f"{moment:g}"] = before[-1]
        if levels:
            last = levels[LEVELS[self.level]]
            found[f"{limit:g}"] = mark(*(cast("int", last[name]) for name in ("value", "bound", "fixed")))
        return found


def mark(value: int, bound: int, fixed: int) -> Mark:
    """Return a level's value and bound with the gap between them, as the contract reckons it."""
    return {"value": value, "bound": bound, "gap": level_gap(value, bound, fixed)}


def kept(seconds: float, limit: float) -> bool:
    """Return whether a process kept its limit: within a twentieth, or a second."""
    return seconds <= limit + max(SLACK * limit, SLACK_SECONDS)


def row_of(instance: str, method: str, measured: Measured[Found], limits: Limits, level: int = 0) -> Row:
    """Return the row of one method on one instance; a process that died has found nothing."""
    found = measured.value or Found(note="its process died", seconds=measured.seconds)
    first = found.levels.get(LEVELS[level], {})
    more: dict[str, object] = {
        **(_of_limit(found, measured.seconds, limits.seconds) if limits.effort is None else {}),
        "whole_process": measured.seconds,
        "levels": found.levels,
        "split": found.split,
        "note": found.note,
        "found_by": found.by,
    }
    return Row(
        instance=instance,
        method=method,
        objective=cast("int | None", first.get("value")),
        bound=found.bound,
        gap=cast("float | None", first.get("gap")),
        seconds=found.seconds,
        cpu_seconds=measured.cpu_seconds,
        peak_mb=measured.peak_mb,
        seed=limits.seed,
        workers=limits.workers,
        more={name: value for name, value in more.items() if value not in (None, {})},
    )


def _of_limit(found: Found, seconds: float, limit: float) -> dict[str, object]:
    """Return what is of interest where time is the limit, not effort; whether it was kept only of ours."""
    own = "start_up" in found.split
    return {
        "time_limit": limit,
        "limit_kept": kept(seconds, limit) if own else None,
        "checkpoints": found.checkpoints,
    }
