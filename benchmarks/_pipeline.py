"""Our own way through: the whole of `allocator plan`, from files to files, with every step timed."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import allocator.allocate as pipeline
from allocator.allocate import PlanRequest, allocate
from allocator.errors import InternalFault, NoPlan
from allocator.export import write_plan
from allocator.intake import read_snapshot
from allocator.plan import Plan
from allocator.previous import Previous
from allocator.sample import SampleSpec
from benchmarks._found import CHECKPOINTS, Found, Heard
from benchmarks._own import time_left
from benchmarks._stopwatch import Stopwatch
from solver.warm import warm_up

STEPS = ("encode", "solve", "decode", "certificate", "audit")


def plan_folder(
    folder: Path,
    out: Path,
    request: PlanRequest,
    started: float,
    moments: Sequence[float] = (),
    previous: Path | None = None,
) -> Found:
    """Return what `allocator plan FOLDER --out OUT` makes of a folder; an audit that fails makes no plan.

    The request's time limit is that of the whole process, which was `started` then by `time.monotonic`.
    """
    watch, heard = Stopwatch(), Heard(0, started)
    with watch.step("warm_up"):
        warm_up()
    watch.seconds["start_up"] = time.monotonic() - started
    try:
        if previous is not None:
            with watch.step("previous"):
                request = replace(request, previous=_earlier(previous))
        with watch.around(pipeline, *STEPS):
            plan = _plan(folder, out, request, watch, heard)
    except (NoPlan, InternalFault) as error:
        return Found(split=watch.seconds, note=f"{type(error).__name__}: {error}")
    levels = plan.objective.model_dump()
    return Found(
        levels=levels,
        bound=cast("int", levels["unallocated"]["bound"]),
        seconds=watch.seconds["solve"],
        split=watch.seconds,
        checkpoints=heard.at(sorted({*CHECKPOINTS, *moments}), request.time_limit, levels),
        by=plan.solver.method,
    )


def _earlier(folder: Path) -> Previous:
    """Return what is used of the plan in a folder."""
    plan, certificate = (
        json.loads((folder / name).read_bytes()) for name in ("plan.json", "certificate.json")
    )
    return Previous.of(plan, certificate)


def _plan(folder: Path, out: Path, request: PlanRequest, watch: Stopwatch, heard: Heard) -> Plan:
    with watch.step("read"):
        reading = read_snapshot(folder, today=SampleSpec().as_of)
    spent = time.monotonic() - heard.started + watch.seconds["read"]  # writing takes no longer than reading
    left = replace(request, time_limit=time_left(request.time_limit, spent))
    with watch.step("allocate"):
        allocation = allocate(reading, left, lambda: datetime.now(UTC), heard)
    with watch.step("write"):
        write_plan(allocation, out)
    return allocation.plan
