"""`allocator calibrate`: what completed reviews tell of hours and delays."""

from __future__ import annotations

from pathlib import Path

import click

from allocator.intake import read_completed
from api import clock
from api.cli import options, screen
from scenarios.calibrate import Calibration, Figure, calibrate, write


@click.command("calibrate", short_help="Hours and delays from completed reviews, with intervals.")
@click.argument("completed", metavar="COMPLETED.csv", type=options.A_PATH)
@click.option(
    "--out", type=options.A_FOLDER, metavar="DIR", help="Write policy.toml and scenario.toml there."
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Seed of the draws."
)
@options.JSON
def command(completed: Path, out: Path | None, seed: int, as_json: bool) -> None:
    """Estimate hours and delays from COMPLETED.csv, a row a review, each with its 95 % interval.

    Every column but case_id, review_type and hours may be left out; docs/input.md lists them. What the
    reviews cannot tell is said, and left out.

    Of the files, policy.toml goes to `plan --policy`, scenario.toml to `scenario fill --calibrated`.
    """
    read = read_completed(completed, today=clock.now().date())
    for warning in read.warnings:
        screen.aside(str(warning))
    found = calibrate(read.rows, seed)
    if out:
        write(found, out, completed.name)
    if as_json:
        screen.document(found.model_dump(mode="json"))
        return
    _say(found)
    if out:
        screen.say("", f"Written to {out}: policy.toml, scenario.toml")


def _say(found: Calibration) -> None:
    by = f" by {found.reviewers} reviewers" if found.reviewers else ""
    screen.say(f"{found.reviews:,} completed reviews{by}; 95 % intervals from {found.draws:,} draws")
    if found.figures:
        screen.say("")
        screen.table(
            ("what", "of", "value", "from", "to", "unit", "reviews", "fills"), map(_row, found.figures)
        )
    if found.untold:
        screen.heading("What they do not tell")
        screen.say(*(f"{one.what}: {one.why}" for one in found.untold))


def _row(one: Figure) -> tuple[str, ...]:
    numbers = (f"{number:g}" for number in (one.value, one.low, one.high))
    return one.what, one.of, *numbers, one.unit, f"{one.reviews:,}", one.fills or ""
