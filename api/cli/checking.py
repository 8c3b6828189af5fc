"""`allocator check`: the independent checker over a plan that was written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Unpack

import click

from allocator.audit import Finding, audit, audit_folder
from allocator.snapshot import Snapshot
from api.cli import options, screen
from api.cli.faults import Exit
from api.cli.planfile import folder_of, read_again, read_plan

_SOUND = "sound: the digest, every rule, every level, dates, hours and the certificate agree"


@click.command("check", short_help="Check a plan against its snapshot, rule by rule.")
@options.SNAPSHOT
@options.PLAN
@options.POLICY
@options.QUARANTINE
@options.JSON
def command(snapshot: Path, plan: Path, as_json: bool, **how: Unpack[options.Again]) -> int:
    """Recompute everything that PLAN says of SNAPSHOT, and list what differs (exit 1).

    PLAN is the folder that `plan --out` wrote, or the document that `plan --json` or the service gave. The
    digest, every rule, every level, dates, hours and the certificate are recomputed from the contract alone,
    sharing no code with what made the plan. The snapshot is read as of the plan's day; give --policy and
    --quarantine again if the plan was made with them.
    """
    content = read_plan(plan)
    reading = read_again(snapshot, content, how)
    findings = _findings(reading.snapshot, plan, content)
    if as_json:
        listed = [{"code": f.code, "where": f.where, "message": f.message} for f in findings]
        screen.document({"sound": not findings, "findings": listed})
    else:
        screen.say(*(screen.one_line(str(finding)) for finding in findings), _verdict(len(findings)))
    return Exit.FAILED if findings else Exit.DONE


def _findings(snapshot: Snapshot, path: Path, content: Mapping[str, object]) -> list[Finding]:
    """Return what differs: of a document with its certificate in it alone, else of all files of a folder."""
    if path.is_file() and "certificate" in content:
        return audit(snapshot, content, content["certificate"])
    return audit_folder(snapshot, folder_of(path))


def _verdict(findings: int) -> str:
    if not findings:
        return _SOUND
    return "1 thing differs" if findings == 1 else f"{findings:,} things differ"
