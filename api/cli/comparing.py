"""`allocator diff`: what differs between two plans, and because of what."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from allocator.diff import PlanDiff, by_cause, diff
from api.cli import options, screen
from api.cli.planfile import read_again, read_plan

_CAUSES = {
    "case_new": "the case is new",
    "case_gone": "the case is gone",
    "out_of_scope": "out of scope now",
    "type_changed": "another review type",
    "reviewer_left": "a reviewer left",
    "reviewer_new": "a reviewer is new",
    "hold_began": "on hold now",
    "hold_ended": "on hold no more",
    "rule": "a rule stops whoever had it",
    "fewer_hours": "fewer hours",
    "more_hours": "more hours",
    "choice": "the later plan chooses otherwise",
}
"""A cause as a coordinator would say it, before a count."""


@click.command("diff", short_help="Say what differs between two plans, and because of what.")
@options.SNAPSHOT
@click.argument("before", type=options.A_PATH)
@click.argument("after", type=options.A_PATH)
@options.POLICY
@options.QUARANTINE
@options.JSON
def command(snapshot: Path, before: Path, after: Path, as_json: bool, **how: Unpack[options.Again]) -> None:
    """Say what differs from plan BEFORE to plan AFTER, which is of SNAPSHOT, and because of what."""
    old, new = read_plan(before), read_plan(after)
    found = diff(read_again(snapshot, new, how).snapshot, old, new)
    if as_json:
        screen.document(found.as_document())
    else:
        show(found)


def show(found: PlanDiff) -> None:
    """Print what differs, what had to change apart from what else did."""
    screen.say(f"{found.same} places as they were, {len(found.changes)} not.")
    if not found.changes:
        return
    screen.say(*(f"{_CAUSES[cause]}: {count}" for cause, count in by_cause(found.changes)))
    columns = ["case", "role", "what", "before", "after", "because"]
    for forced, title in ((True, "What had to change"), (False, "What else changed")):
        rows = [
            [c.case_id, c.role, c.kind, c.before or "-", c.after or "-", c.because]
            for c in found.changes
            if c.forced is forced
        ]
        if rows:
            screen.heading(title)
            screen.table(columns, rows)
