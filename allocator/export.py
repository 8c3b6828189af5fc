"""A plan as files: plan.json, certificate.json and three CSV files, byte for byte the same everywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped,unused-ignore]

from allocator.allocate import Allocation
from allocator.indented import indented
from allocator.plan import Assignment, Part, Unassigned, Workload

Cell = str | int | float | bool | date | tuple[str, ...] | None
RISKY = ("=", "+", "-", "@")
"""What a spreadsheet would read as a formula; text that starts so gets an apostrophe."""


def write_plan(allocation: Allocation, directory: Path) -> None:
    """Write the plan's five files into a directory, which is made if there is none."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in files(allocation).items():
        (directory / name).write_bytes(content)


def files(allocation: Allocation) -> dict[str, bytes]:
    """Return the five files' bytes by name."""
    plan, (plan_document, proof_document) = allocation.plan, allocation.documents
    return {
        "plan.json": json_bytes(plan_document),
        "assignments.csv": csv_bytes(Assignment, plan.assignments),
        "unassigned.csv": csv_bytes(Unassigned, plan.unassigned),
        "workloads.csv": csv_bytes(Workload, plan.workloads),
        "certificate.json": json_bytes(proof_document),
    }


def json_bytes(document: dict[str, Any]) -> bytes:
    """Return UTF-8 JSON, indented by one, a line feed at the end."""
    return f"{indented(document)}\n".encode()


def csv_bytes(model: type[Part], rows: Sequence[Part]) -> bytes:
    """Return UTF-8 CSV with a header of the model's fields; lines end with a line feed."""
    columns = list(model.model_fields)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    cells_of = attrgetter(*columns)
    writer.writerows(map(cell, cells_of(row)) for row in rows)
    return out.getvalue().encode()


def xlsx_bytes(model: type[Part], rows: Sequence[Part]) -> bytes:
    """Return the same as a workbook of one sheet; text stays text, whatever it begins with."""
    columns = list(model.model_fields)
    out, plain = io.BytesIO(), {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd", **plain}) as book:
        sheet = book.add_worksheet(model.__name__)
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        for at, row in enumerate(map(attrgetter(*columns), rows), start=1):
            sheet.write_row(at, 0, [listed(value) for value in row])
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()


def cell(value: Cell) -> str:
    """Return a value as a cell: nothing for None, true or false, 14 rather than 14.0, no formulas."""
    value = listed(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() else repr(value)
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return str(value)


def listed(value: Cell) -> str | int | float | bool | date | None:
    """Return a list as the text of one cell, its parts split by `;`; anything else as it is."""
    return ";".join(value) if isinstance(value, tuple) else value
