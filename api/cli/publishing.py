"""`allocator publish`: note what people were told, so that the next suggestion counts it."""

from __future__ import annotations

from pathlib import Path

import click

from allocator.desk import Journal, Publication
from allocator.errors import BadInput, Fault
from allocator.plan import Assignment
from allocator.written import rows_of
from api import clock
from api.cli import options, screen
from api.cli.planfile import read_plan


@click.command("publish", short_help="Note what people were told; suggestions then count it.")
@options.PLAN
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Where it is noted; made if it is not there. Several may write at once.",
)
@options.JSON
def command(plan: Path, cases: tuple[str, ...], file: Path, as_json: bool) -> None:
    """Note the new and moved lines of PLAN as published, all of them or those of some CASEs.

    All are noted, or none: a place that was published to someone else before is a fault.
    """
    content = read_plan(plan)
    rows = [row for row in rows_of(content, "assignments", Assignment) if row.change != "kept"]
    unknown = sorted(set(cases) - {row.case_id for row in rows})
    if unknown:
        message = "the plan has no new or moved line of this case"
        raise BadInput([Fault("nothing-to-publish", message, value=case) for case in unknown])
    chosen = [row for row in rows if not cases or row.case_id in cases]
    lines = [Publication(row.case_id, row.role, row.reviewer_id) for row in chosen]
    plan_id = content.get("plan_id")
    fresh = Journal(file).publish(lines, clock.now(), plan_id if isinstance(plan_id, str) else None)
    if as_json:
        screen.document({"published": fresh, "before": len(lines) - fresh})
    else:
        screen.say(f"{file}: {fresh} published, {len(lines) - fresh} were before.")
