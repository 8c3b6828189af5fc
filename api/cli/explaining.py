"""`allocator explain`: why a case is where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from allocator.allocate import PlanRequest
from allocator.explain import Lines, Priced, every_line, explain
from allocator.explain.better import improved
from allocator.export import write_plan
from api import clock
from api.cli import options, screen
from api.cli.planfile import read_again, read_certificate, read_plan, sure_certificate
from api.cli.values import Duration

MOST_TOLD = 5


class _Asked(options.Again):
    every: bool
    redact: bool
    time_limit: float
    out: Path | None


@click.command("explain", short_help="Say why a case is where it is, rule by rule.")
@options.SNAPSHOT
@options.PLAN
@click.argument("case", required=False)
@click.option("--all", "every", is_flag=True, help="Every line, and what anyone else would cost at least.")
@click.option("--reviewer", metavar="R", help="Why not this one: each rule that stops them.")
@click.option(
    "--time-limit",
    type=Duration(),
    default="5s",
    show_default=True,
    help="Of finding what each other reviewer would cost the whole plan.",
)
@click.option("--redact", is_flag=True, help="Do not tell what is on record of interests and refusals.")
@click.option(
    "--out", type=options.A_FOLDER, metavar="DIR", help="If asking comes upon a better plan, write it there."
)
@options.POLICY
@options.QUARANTINE
@options.JSON
def command(
    snapshot: Path, plan: Path, case: str | None, reviewer: str | None, as_json: bool, **how: Unpack[_Asked]
) -> None:
    """Say why CASE is where it is in PLAN, how many each rule stops, and who else at what price."""
    if (case is None) is not how["every"]:
        raise click.UsageError("give a case, or --all")
    content = read_plan(plan)
    reading = read_again(snapshot, content, how)
    if case is None:
        _every(every_line(reading.snapshot, content, sure_certificate(plan, content)), as_json)
        return
    certificate = read_certificate(plan, content)
    priced = None if certificate is None else Priced(certificate, how["time_limit"])
    explanation = explain(reading.snapshot, content, case, reviewer, priced, how["redact"])
    if as_json:
        screen.document(explanation.as_document())
    else:
        screen.say(*(screen.one_line(line) for line in explanation.lines()))
    if how["out"] is None or certificate is None:
        return
    most = content.get("max_moves")
    request = PlanRequest(how["time_limit"], max_moves=most if isinstance(most, int) else 0)
    better = improved(reading, (content, certificate), explanation, request, clock.now)
    if better is None:
        screen.aside("Asking came upon no better plan: nothing was written.")
    else:
        how["out"].mkdir(parents=True, exist_ok=True)
        write_plan(better, how["out"])
        screen.aside(f"{how['out']}: the better plan that asking came upon, and what it led to")


def _every(found: Lines, as_json: bool) -> None:
    if as_json:
        screen.document(found.as_document())
        return
    for one in found.lines:
        others = ", ".join(f"{other.reviewer_id} {other.at_least:,}" for other in one.others[:MOST_TOLD])
        more = f" and {len(one.others) - MOST_TOLD} more" if len(one.others) > MOST_TOLD else ""
        least = f" Others, points more at least: {others}{more}." if others else ""
        screen.say(f"{one.case_id} {one.role}: {one.reviewer_id or 'nobody'}. {one.reason}{least}")
