"""`allocator explain`: why a case is where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from allocator.explain import explain
from api.cli import options, screen
from api.cli.planfile import read_again, read_plan


@click.command("explain", short_help="Say why a case is where it is, rule by rule.")
@options.SNAPSHOT
@options.PLAN
@click.argument("case")
@click.option("--reviewer", metavar="R", help="Why not this one: each rule that stops them.")
@options.POLICY
@options.QUARANTINE
@options.JSON
def command(
    snapshot: Path, plan: Path, case: str, reviewer: str | None, as_json: bool, **how: Unpack[options.Again]
) -> None:
    """Say why CASE is where it is in PLAN, with how many reviewers each rule stops."""
    content = read_plan(plan)
    reading = read_again(snapshot, content, how)
    explanation = explain(reading.snapshot, content, case, reviewer)
    if as_json:
        screen.document(explanation.as_dict())
    else:
        screen.say(*(screen.one_line(line) for line in explanation.lines()))
