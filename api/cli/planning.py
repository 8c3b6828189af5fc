"""`allocator plan`: a snapshot in, an allocation that can be checked out."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.answer import answer_of
from allocator.export import write_plan
from allocator.intake import Reading
from allocator.previous import Previous
from api import clock
from api.cli import interrupt, options, progress, rejected, screen, show
from api.cli.planfile import read_previous, read_source


@click.command("plan", short_help="Allocate the cases of a snapshot.")
@options.SNAPSHOT
@options.OUT
@options.POLICY
@options.AS_OF
@options.TIME_LIMIT
@options.EFFORT
@options.GAP
@options.MAX_MOVES
@options.PREVIOUS
@options.QUARANTINE
@options.WORKERS
@options.SEED
@options.JSON
@click.pass_obj
def command(
    started: float, snapshot: Path, out: Path | None, as_json: bool, **wanted: Unpack[options.ForPlan]
) -> None:
    """Plan who takes which case of SNAPSHOT: a folder of CSV files, an .xlsx or a JSON document.

    An independent checker checks the plan before it is given. Ctrl-C gives the best plan so far.
    """
    earlier = wanted["previous"]
    request = request_of(wanted, read_previous(earlier) if earlier else None)
    reading = read_source(snapshot, wanted)
    if out:
        out.mkdir(parents=True, exist_ok=True)  # a fault here must not cost a whole search
    allocation = make_plan(reading, request, started)
    if out:
        write_plan(allocation, out)
        rejected.write(reading.rejected, out)
    if as_json:
        screen.document(answer_of(reading, allocation))
        return
    rejected.say(reading.rejected, out)
    show.summary(allocation.plan, out) if out else show.whole(allocation.plan)


def make_plan(reading: Reading, request: PlanRequest, started: float | None = None) -> Allocation:
    """Return the checked plan, showing its progress; a Ctrl-C ends the search with the best so far.

    Parameters
    ----------
    started : float or None, when the time limit began to run, in seconds of `perf_counter`; None: now
    """
    with progress.shown(None if request.effort else request.time_limit) as listener:
        return interrupt.cancellable(
            lambda cancelled: allocate(reading, request, clock.now, listener, cancelled, started)
        )


def request_of(wanted: options.ForReplan, previous: Previous | None = None) -> PlanRequest:
    """Return what is asked for, an earlier plan to begin from included."""
    return PlanRequest(
        time_limit=wanted["time_limit"],
        effort=wanted["effort"],
        gap=wanted["gap"],
        max_moves=wanted["max_moves"],
        workers=wanted["workers"],
        seed=wanted["seed"],
        previous=previous,
    )
