"""`allocator replan`: a plan after a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from allocator.answer import answer_of
from allocator.diff import diff
from allocator.export import write_plan
from allocator.replan import replan
from api import clock
from api.cli import comparing, interrupt, options, progress, rejected, screen, show
from api.cli.planfile import read_plan, read_previous, read_source
from api.cli.planning import request_of


@click.command("replan", short_help="Plan again, keeping what still holds of an earlier plan.")
@options.SNAPSHOT
@click.argument("previous", type=options.A_PATH)
@options.OUT
@options.POLICY
@options.AS_OF
@options.TIME_LIMIT
@options.EFFORT
@options.GAP
@click.option(
    "--max-moves",
    type=click.IntRange(0, 100_000),
    default=0,
    show_default=True,
    help="Lines of the earlier plan, and held cases, that may change hands by choice.",
)
@options.QUARANTINE
@options.WORKERS
@options.SEED
@options.JSON
def command(
    snapshot: Path, previous: Path, out: Path | None, as_json: bool, **wanted: Unpack[options.ForReplan]
) -> None:
    """Plan SNAPSHOT anew, keeping what still holds of plan PREVIOUS; say what changed, and because of what.

    Without a limit on what may change, `plan --previous` is the command.
    """
    earlier, before = read_previous(previous), read_plan(previous)
    reading = read_source(snapshot, wanted)
    if out:
        out.mkdir(parents=True, exist_ok=True)
    request = request_of(wanted)
    with progress.shown(None if request.effort else request.time_limit) as listener:
        allocation = interrupt.cancellable(
            lambda cancelled: replan(reading, earlier, request, clock.now, listener, cancelled)
        )
    if out:
        write_plan(allocation, out)
        rejected.write(reading.rejected, out)
    found = diff(reading.snapshot, before, allocation.plan.as_document())
    if as_json:
        screen.document(answer_of(reading, allocation) | {"diff": found.as_document()})
        return
    rejected.say(reading.rejected, out)
    comparing.show(found)
    if out:
        show.summary(allocation.plan, out)
    else:
        show.whole(allocation.plan)
