"""`allocator explain`: why a case is where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from allocator.explain import Priced, explain
from api.cli import options, screen
from api.cli.planfile import read_again, read_certificate, read_plan
from api.cli.values import Duration


class _Asked(options.Again):
    redact: bool


@click.command("explain", short_help="Say why a case is where it is, rule by rule.")
@options.SNAPSHOT
@options.PLAN
@click.argument("case")
@click.option("--reviewer", metavar="R", help="Why not this one: each rule that stops them.")
@click.option(
    "--time-limit",
    type=Duration(),
    default="5s",
    show_default=True,
    help="Of finding what each other reviewer would cost the whole plan.",
)
@click.option("--redact", is_flag=True, help="Do not tell what is on record of interests and refusals.")
@options.POLICY
@options.QUARANTINE
@options.JSON
def command(
    snapshot: Path,
    plan: Path,
    case: str,
    reviewer: str | None,
    time_limit: float,
    as_json: bool,
    **how: Unpack[_Asked],
) -> None:
    """Say why CASE is where it is in PLAN, how many each rule stops, and who else at what price."""
    content = read_plan(plan)
    reading = read_again(snapshot, content, how)
    certificate = read_certificate(plan, content)
    priced = None if certificate is None else Priced(certificate, time_limit)
    explanation = explain(reading.snapshot, content, case, reviewer, priced, how["redact"])
    if as_json:
        screen.document(explanation.as_dict())
    else:
        screen.say(*(screen.one_line(line) for line in explanation.lines()))
