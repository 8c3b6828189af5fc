"""`allocator next`: what a reviewer with hours should take next."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from allocator.desk import NextCase, NextCases, next_cases
from api.cli import options, screen
from api.cli.deskfile import now_of


@click.command("next", short_help="Say what a reviewer with hours should take next.")
@options.SNAPSHOT
@click.argument("reviewer")
@options.TOP
@options.PUBLISHED
@options.POLICY
@options.AS_OF
@options.QUARANTINE
@options.JSON
def command(
    snapshot: Path,
    reviewer: str,
    top: int,
    published: Path | None,
    as_json: bool,
    **how: Unpack[options.Source],
) -> None:
    """Say which cases REVIEWER should take next, the most urgent first, everything else as it stands."""
    answer = next_cases(now_of(snapshot, published, how), reviewer, top)
    if as_json:
        screen.document(answer.as_document())
    else:
        _show(answer)


def _show(answer: NextCases) -> None:
    full = "no capacity" if answer.workload_percent is None else f"{answer.workload_percent:g} % workload"
    screen.say(*answer.warnings)
    screen.say(
        f"{answer.reviewer_id}: {full}, {answer.hours_left:g} h may still be given. "
        f"Could take {answer.able} places now, one at a time."
    )
    if answer.cases:
        columns = ["case", "role", "points", "waiting days", "hours", "load after", "done", "due", "others"]
        screen.table(columns, (_cells(one) for one in answer.cases))


def _cells(one: NextCase) -> list[str]:
    after = one.workload_percent_after
    return [
        one.case_id,
        one.role,
        f"{one.points:,}",
        f"{one.days_waiting:,}",
        f"{one.hours:g}",
        "-" if after is None else f"{after:g} %",
        f"{one.finish_on or 'not in 5 years'}{'' if one.on_time else ' late'}",
        str(one.complete_by),
        str(one.others_able),
    ]
