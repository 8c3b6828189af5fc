"""`allocator suggest`: who should take one case, now."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from allocator.desk import Suggestions, suggest
from allocator.held import Role
from allocator.voice import tally
from api.cli import options, screen
from api.cli.deskfile import now_of


@click.command("suggest", short_help="Say who should take one case now, and what it would do.")
@options.SNAPSHOT
@click.argument("case")
@options.TOP
@click.option("--role", type=click.Choice([role.label for role in Role]), help="[default: the open place]")
@options.PUBLISHED
@options.POLICY
@options.AS_OF
@options.QUARANTINE
@options.JSON
def command(
    snapshot: Path,
    case: str,
    top: int,
    role: str | None,
    published: Path | None,
    as_json: bool,
    **how: Unpack[options.Source],
) -> None:
    """Say who should take CASE now, everything else as it stands, and what it would do to each."""
    now = now_of(snapshot, published, how)
    answer = suggest(now, case, top, None if role is None else Role[role.upper()])
    if as_json:
        screen.document(answer.as_document())
    else:
        _show(answer)


def _show(answer: Suggestions) -> None:
    screen.say(*answer.warnings, *answer.notes)
    if answer.notes:
        return
    screen.say(
        f"{answer.case_id}, {answer.role}, due on {answer.complete_by}: "
        f"{answer.able} could take it now{_best(len(answer.suggestions))}"
        if answer.able
        else f"{answer.case_id}, {answer.role}, due on {answer.complete_by}: nobody could take it now"
    )
    for one in answer.suggestions:
        far = "" if one.distance_km is None else f", {one.distance_km:g} km away"
        screen.say(f"{one.reviewer_id} ({one.hours:g} h{far}). {one.effect}")
    if answer.others:
        screen.heading("Whom only a limit stops")
        screen.say(*(f"{one.reviewer_id}: {one.why}" for one in answer.others))
    screen.heading("All, by what stops them first")
    screen.say(tally(answer.stopped))


def _best(listed: int) -> str:
    return f", the best {listed} first" if listed > 1 else ""
