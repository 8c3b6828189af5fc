"""`allocator check`: the independent checker over a plan that was written."""

from __future__ import annotations

from pathlib import Path

import click

from allocator.audit import audit_folder
from allocator.intake import read_snapshot
from api.cli import clock, options, screen
from api.cli.faults import Exit
from api.cli.planfile import as_of_plan


@click.command("check", short_help="Check a plan against its snapshot, rule by rule.")
@options.SNAPSHOT
@options.PLAN
@options.POLICY
@options.QUARANTINE
@options.JSON
def command(snapshot: Path, plan: Path, policy: Path | None, quarantine: bool, as_json: bool) -> int:
    """Recompute everything PLAN says of SNAPSHOT, and list what differs.

    PLAN is the folder that `plan --out` wrote, or its plan.json. The digest, every rule, every level, dates,
    hours and the certificate are recomputed from the contract alone, sharing no code with what made the plan.
    The snapshot is read as of the plan's day; give --policy and --quarantine again if the plan was made with
    them. Exit 1 and a list if anything differs.
    """
    reading = read_snapshot(
        snapshot, policy=policy, as_of=as_of_plan(plan), today=clock.today(), quarantine=quarantine
    )
    findings = audit_folder(reading.snapshot, plan)
    if as_json:
        listed = [{"code": f.code, "where": f.where, "message": f.message} for f in findings]
        screen.document({"sound": not findings, "findings": listed})
    elif findings:
        screen.say(*(screen.one_line(str(finding)) for finding in findings), _count(len(findings)))
    else:
        screen.say("sound: the digest, every rule, every level, dates, hours and the certificate agree")
    return Exit.FAILED if findings else Exit.DONE


def _count(findings: int) -> str:
    return "1 thing differs" if findings == 1 else f"{findings} things differ"
