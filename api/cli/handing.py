"""`allocator handover`: who takes over from one reviewer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Unpack

import click

from allocator.desk import Journal
from allocator.explain.told import helps
from allocator.handover import Away, Handover, Left, Taken, Taker, handover
from allocator.voice import listed
from api.cli import options, screen
from api.cli.interrupt import cancellable
from api.cli.planfile import read_source
from api.cli.values import Day, Duration
from solver.cpsat import CpLimits


@click.command("handover", short_help="Say who takes over from a reviewer who leaves or is away.")
@options.SNAPSHOT
@click.argument("reviewer")
@click.option("--from", "day", type=Day(), help="First day without them.  [default: the snapshot's]")
@click.option("--time-limit", type=Duration(), default="10s", show_default=True, help="Of each search.")
@options.PUBLISHED
@options.POLICY
@options.AS_OF
@options.QUARANTINE
@options.JSON
def command(
    snapshot: Path,
    reviewer: str,
    day: date | None,
    published: Path | None,
    time_limit: float,
    as_json: bool,
    **how: Unpack[options.Source],
) -> None:
    """Say who takes over all cases of REVIEWER, under all rules and as few people as can be."""
    told = () if published is None else Journal(published).read()
    reading = read_source(snapshot, how)
    limits = CpLimits(time_limit, None, 1, 1)
    answer = cancellable(
        lambda stopped: handover(reading.snapshot, reviewer, limits, Away(day), stopped, published=told)
    )
    if as_json:
        screen.document(answer.as_document())
    else:
        _show(answer)


def _show(answer: Handover) -> None:
    few = "no fewer could" if answer.proof == "fewest" else "no fewer were found"
    screen.say(
        f"{answer.reviewer_id} hands over {_many(len(answer.taken) + len(answer.left), 'place')} from "
        f"{answer.first_day} on: {len(answer.taken)} to {_many(len(answer.takers), 'reviewer')} ({few}), "
        f"{len(answer.left)} to nobody."
    )
    screen.say(*answer.warnings)
    if answer.stays:
        screen.say(f"Finished before, so not handed over: {listed(answer.stays)}.")
    if answer.taken:
        columns = ["case", "role", "reviewer", "hours", "km", "done", "due"]
        screen.heading("Who takes what")
        screen.table(columns, (_cells(one) for one in answer.taken))
        screen.heading("What it does to them")
        screen.say(*(_load(one) for one in answer.takers))
    if answer.left:
        screen.heading("What nobody can take, and what would help")
        screen.say(*(line for one in answer.left for line in _lines(one)))


def _cells(one: Taken) -> list[str]:
    done = "on hold" if one.on_time is None else f"{one.finish_on or 'not in 5 years'}"
    return [
        one.case_id,
        one.role,
        one.reviewer_id,
        f"{one.hours:g}",
        "-" if one.distance_km is None else f"{one.distance_km:g}",
        f"{done}{' late' if one.on_time is False else ''}",
        str(one.complete_by),
    ]


def _load(one: Taker) -> str:
    load = f"from {one.workload_percent_before} % to {one.workload_percent_after} % workload"
    return f"{one.reviewer_id} takes over {_many(one.places, 'place')}: {load}."


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _lines(one: Left) -> Iterator[str]:
    yield f"{one.case_id} {one.role}: {one.reason}"
    yield from helps(one.remedies, one.remedy)
