"""Our own way through: the whole of `allocator plan`, from files to files, with every step timed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import allocator.allocate as pipeline
from allocator.allocate import PlanRequest, allocate
from allocator.errors import InternalFault, NoPlan
from allocator.export import write_plan
from allocator.intake import read_snapshot
from allocator.plan import Plan
from allocator.sample import SampleSpec
from benchmarks._stopwatch import Stopwatch
from solver.outcome import Progress, level_gap
from solver.pricing import warm_up

CHECKPOINTS = (1, 2, 5, 10, 30, 60)
STEPS = ("encode", "solve", "decode", "certificate", "audit")


@dataclass(frozen=True)
class Planned:
    """What came out, and how long each step took.

    Parameters
    ----------
    levels : value, fixed, bound, gap, proof and so on by level; empty if there is no plan
    split : wall seconds by step
    checkpoints : level-1 gap by "seconds" reached
    note : why there is no plan, if there is none
    """

    levels: dict[str, dict[str, object]]
    split: dict[str, float]
    checkpoints: dict[str, float] = field(default_factory=dict)
    note: str | None = None


@dataclass
class _Heard:
    """Level 1 over time, as the search tells it."""

    news: list[tuple[float, float]] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        gap = level_gap(progress.values[0], progress.bounds[0], progress.fixed[0])
        self.news.append((progress.seconds, gap))

    def at_checkpoints(self, limit: float) -> dict[str, float]:
        """Return the gap at each checkpoint up to the limit; none before the first plan."""
        found = {}
        for second in CHECKPOINTS:
            before = [gap for when, gap in self.news if when <= second]
            if before and second <= limit:
                found[str(second)] = before[-1]
        return found


def plan_folder(folder: Path, out: Path, request: PlanRequest) -> Planned:
    """Return what `allocator plan FOLDER --out OUT` makes of a folder; an audit that fails makes no plan."""
    watch, heard = Stopwatch(), _Heard()
    with watch.step("warm_up"):
        warm_up()
    try:
        with watch.around(pipeline, *STEPS):
            plan = _plan(folder, out, request, watch, heard)
    except (NoPlan, InternalFault) as error:
        return Planned({}, watch.seconds, note=f"{type(error).__name__}: {error}")
    levels = plan.objective.model_dump()
    return Planned(levels, watch.seconds, heard.at_checkpoints(request.time_limit))


def _plan(folder: Path, out: Path, request: PlanRequest, watch: Stopwatch, heard: _Heard) -> Plan:
    with watch.step("read"):
        reading = read_snapshot(folder, today=SampleSpec().as_of)
    with watch.step("allocate"):
        allocation = allocate(reading, request, lambda: datetime.now(UTC), heard)
    with watch.step("write"):
        write_plan(allocation, out)
    return allocation.plan
