"""The audit of a plan on disk: its CSV files must say what plan.json says."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from allocator.audit.auditor import audit
from allocator.audit.finding import Finding
from allocator.audit.rows import ASSIGNMENT_COLUMNS, UNASSIGNED_COLUMNS, WORKLOAD_COLUMNS
from allocator.snapshot import Snapshot

TABLES = {
    "assignments": ASSIGNMENT_COLUMNS,
    "unassigned": UNASSIGNED_COLUMNS,
    "workloads": WORKLOAD_COLUMNS,
}
_FORMULA = ("=", "+", "-", "@")
"""A cell that starts like this is written with an apostrophe before it, so that no spreadsheet runs it."""


def audit_folder(snapshot: Snapshot, directory: Path) -> list[Finding]:
    """Return what is wrong with the plan in a folder, its files and its contents."""
    findings: list[Finding] = []
    plan = _json(directory / "plan.json", findings)
    if not isinstance(plan, dict):
        return findings or [Finding("shape", "plan.json", "an object is asked for")]
    certificate = _json(directory / "certificate.json", findings)
    for name, columns in TABLES.items():
        findings += _table(directory / f"{name}.csv", columns, plan.get(name))
    return findings + audit(snapshot, plan, certificate)


def _json(path: Path, findings: list[Finding]) -> object:
    """Return the content of a JSON file, or None and a finding if it cannot be read."""
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        findings.append(Finding("files", path.name, f"cannot be read: {error}"))
        return None
    return content


def _table(path: Path, columns: tuple[str, ...], lines: object) -> Iterator[Finding]:
    """Yield what a CSV file says otherwise than plan.json."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file, strict=True) or [[]]
    except (OSError, ValueError, csv.Error) as error:
        yield Finding("files", path.name, f"cannot be read: {error}")
        return
    if tuple(header) != columns:
        yield Finding("files", path.name, f"the header is not {','.join(columns)}")
    elif not isinstance(lines, list) or len(rows) != len(lines):
        yield Finding("files", path.name, f"{len(rows)} lines, plan.json has another number of them")
    else:
        for number, (row, line) in enumerate(zip(rows, lines, strict=True), start=2):
            if len(row) == len(columns):
                yield from _line(f"{path.name} line {number}", dict(zip(columns, row, strict=True)), line)
            else:
                yield Finding("files", f"{path.name} line {number}", f"{len(row)} cells")


def _line(where: str, cells: dict[str, str], line: object) -> Iterator[Finding]:
    """Yield the cells of one line that differ from plan.json."""
    if not isinstance(line, dict):
        yield Finding("files", where, "plan.json has no such line")
        return
    for name, cell in cells.items():
        if not _says(cell, line.get(name)):
            yield Finding("files", where, f"{name} is {cell!r}, plan.json says {line.get(name)!r}")


def _says(cell: str, value: object) -> bool:
    """Return whether a cell is the CSV form of a JSON value."""
    if value is None:
        return cell == ""
    if isinstance(value, bool):
        return cell == str(value).lower()
    if isinstance(value, str):
        return cell == value or (value.startswith(_FORMULA) and cell == f"'{value}")
    return cell == (str(int(value)) if isinstance(value, float) and value.is_integer() else str(value))
