"""A plan as files: plan.json, certificate.json and three CSV files, byte for byte the same everywhere."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from allocator.allocate import Allocation
from allocator.plan import Assignment, Part, Unassigned, Workload

Cell = str | int | float | bool | date | None
RISKY = ("=", "+", "-", "@")
"""What a spreadsheet would read as a formula; text that starts so gets an apostrophe."""


def write_plan(allocation: Allocation, directory: Path) -> None:
    """Write the plan's five files into a directory, which is made if there is none."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in files(allocation).items():
        (directory / name).write_bytes(content)


def files(allocation: Allocation) -> dict[str, bytes]:
    """Return the five files' bytes by name."""
    plan = allocation.plan
    return {
        "plan.json": json_bytes(plan),
        "assignments.csv": csv_bytes(Assignment, plan.assignments),
        "unassigned.csv": csv_bytes(Unassigned, plan.unassigned),
        "workloads.csv": csv_bytes(Workload, plan.workloads),
        "certificate.json": json_bytes(allocation.certificate),
    }


def json_bytes(part: Part) -> bytes:
    """Return UTF-8 JSON, indented by one, keys in the model's order, a line feed at the end."""
    text = json.dumps(part.as_document(), ensure_ascii=False, indent=1, allow_nan=False)
    return f"{text}\n".encode()


def csv_bytes(model: type[Part], rows: Sequence[Part]) -> bytes:
    """Return UTF-8 CSV with a header of the model's fields; lines end with a line feed."""
    columns = list(model.model_fields)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(getattr(row, column)) for column in columns] for row in rows)
    return out.getvalue().encode()


def cell(value: Cell) -> str:
    """Return a value as a cell: nothing for None, true or false, 14 rather than 14.0, no formulas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() else repr(value)
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return str(value)
