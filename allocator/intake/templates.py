"""Files to fill in: every table of the contract with its columns and one row as an example."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

import xlsxwriter  # type: ignore[import-untyped,unused-ignore]

from allocator.intake.findings import Findings
from allocator.intake.folder import add_csv
from allocator.intake.read import as_models
from allocator.intake.sources import Source
from allocator.intake.specs import COLUMNS, MODELS, REQUIRED_TABLES, TABLES
from allocator.intake.tables import read_table

EXAMPLES: Final[Mapping[str, Mapping[str, str]]] = {
    "cases": {
        "case_id": "EXAMPLE-1", "area": "QWO", "notified_on": "2026-01-05", "review_type": "initial",
        "skills": "autism", "organisations": "RXX;RYY", "latitude": "53.8", "longitude": "-1.55",
    },
    "reviewers": {
        "reviewer_id": "EXAMPLE-R1", "areas": "QWO", "hours_per_week": "7.5", "employment": "day_job",
        "skills": "autism;senior", "organisations": "RZZ", "max_open_cases": "2", "starts_on": "2026-01-05",
    },
    "absences": {
        "reviewer_id": "EXAMPLE-R1", "from": "2026-08-03", "to": "2026-08-14", "reason": "annual leave",
    },
    "declines": {
        "reviewer_id": "EXAMPLE-R1", "case_id": "EXAMPLE-1", "on": "2026-01-12", "reason": "capacity",
    },
    "interests": {
        "reviewer_id": "EXAMPLE-R1", "kind": "employment", "organisation": "RYY", "from": "2020-04-01",
        "to": "2024-03-31", "note": "former post",
    },
    "areas": {
        "area": "QWO", "name": "An integrated care board", "latitude": "53.8", "longitude": "-1.55",
        "admin_hours_per_week": "30",
    },
    "organisations": {"organisation": "RXX", "name": "A hospital trust"},
    "contracts": {"provider": "example-provider", "cases_left": "12", "ends_on": "2027-03-31"},
}  # fmt: skip
"""By table a row that is right, as its cells are typed. Whoever leaves it in has it left out again."""


class Guide(NamedTuple):
    """What one column of a table is.

    Parameters
    ----------
    says : what a cell may hold
    meaning : what it says of the row
    example : a cell as it is typed; empty where there is none
    """

    name: str
    is_required: bool
    says: str
    meaning: str
    example: str


def guide(table: str) -> tuple[Guide, ...]:
    """Return what each column of a table is, in the contract's order."""
    fields = {field.alias or name: field for name, field in MODELS[table].model_fields.items()}
    return tuple(
        Guide(one.name, one.required, one.says, fields[one.name].description or "", _example(table, one.name))
        for one in COLUMNS[table].values()
    )


def is_needed(table: str) -> bool:
    """Return whether a snapshot cannot do without a table."""
    return table in REQUIRED_TABLES


def csv_template(table: str) -> bytes:
    """Return a CSV file with a table's header and one row, marked as UTF-8 so that spreadsheets know it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS[table])
    writer.writerow(_example(table, column) for column in COLUMNS[table])
    return out.getvalue().encode("utf-8-sig")


def xlsx_template() -> bytes:
    """Return a workbook with a sheet for each table: its header, what each column is, and one row."""
    out, plain = io.BytesIO(), {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd", **plain}) as book:
        bold = book.add_format({"bold": True})
        for table in TABLES:
            sheet = book.add_worksheet(table)
            for at, one in enumerate(guide(table)):
                sheet.write(0, at, one.name, bold)
                sheet.write_comment(0, at, f"{one.meaning}\n{one.says}{', required' * one.is_required}")
                sheet.write(1, at, _cell(COLUMNS[table][one.name].kind, one.example))
            sheet.freeze_panes(1, 0)
            sheet.autofit()
    return out.getvalue()


def is_example(table: str, row: Mapping[str, object]) -> bool:
    """Return whether a row, as its model takes it, is the one of the template."""
    return dict(row) == _read_example(table)


def _example(table: str, column: str) -> str:
    return EXAMPLES[table].get(column, "")


def _cell(kind: str, text: str) -> Any:
    """Return an example as a spreadsheet has it."""
    if not text:
        return None
    return float(text) if kind == "number" else date.fromisoformat(text) if kind == "day" else text


@cache
def _read_example(table: str) -> dict[str, object]:
    source = Source()
    add_csv(table, f"{table}.csv", csv_template(table), source)
    return next(iter(as_models(read_table(source.tables[table], Findings()))))
