"""A small sound snapshot, and how the tests write it as a folder, a workbook and a JSON document."""

import copy
import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

Document = dict[str, Any]
TODAY = date(2026, 5, 1)

_SOUND: Document = {
    "cases": [
        {"case_id": "C1", "area": "Q1", "notified_on": "2026-01-05", "review_type": "initial",
         "priority": 2, "skills": ["autism"], "organisations": ["RXX", "RYY"], "latitude": 51.5074,
         "longitude": -0.1278, "effort_hours": 12.5, "hold_days": 3, "evidence_received_on": "2026-02-01",
         "reviewer_id": None, "allocated_on": None, "on_hold_since": None, "hold_until": None,
         "hold_reason": None, "hours_left": None, "second_reviewer_id": None, "second_hours_left": None,
         "admin_hours_left": None, "locked": False, "excluded_reviewers": ["R2"], "linked_to": "home-1",
         "out_of_scope": None},
        {"case_id": "C2", "area": "Q2", "notified_on": "2025-12-01", "review_type": "focused",
         "reviewer_id": "R1", "allocated_on": "2026-01-10", "hours_left": 7, "admin_hours_left": 1.5,
         "second_reviewer_id": "R2", "second_hours_left": 2, "locked": True},
        {"case_id": "C3", "area": "Q1", "notified_on": "2026-03-01", "review_type": "initial",
         "on_hold_since": "2026-04-01", "hold_reason": "coroner", "hold_until": "2026-06-01"},
        {"case_id": "C4", "area": "Q2", "notified_on": "2026-03-02", "review_type": "initial",
         "out_of_scope": "duplicate"},
    ],
    "reviewers": [
        {"reviewer_id": "R1", "areas": ["Q1", "Q2"], "hours_per_week": 20, "employment": "provider",
         "provider": "acme", "skills": ["autism"], "review_types": ["initial", "focused"],
         "organisations": ["RZZ"], "latitude": 51.5, "longitude": -0.1, "max_distance_km": 40,
         "max_open_cases": 5, "cases_a_year": 12, "cases_this_year": 3, "starts_on": "2025-01-01",
         "leaves_on": "2027-01-01", "horizon_weeks": 8, "completed_reviews": 30, "hours_factor": 1.1,
         "cost_per_hour": 31.5},
        {"reviewer_id": "R2", "areas": ["Q2"], "hours_per_week": 7.5, "skills": ["senior"]},
    ],
    "absences": [{"reviewer_id": "R1", "from": "2026-05-11", "to": "2026-05-15", "percent": 50,
                  "reason": "leave"}],
    "declines": [{"reviewer_id": "R2", "case_id": "C1", "on": "2026-04-01", "reason": "too far"}],
    "interests": [
        {"reviewer_id": "R1", "kind": "employment", "organisation": "RXX", "case_id": None,
         "from": "2019-01-01", "to": "2020-01-01", "note": "a post"},
        {"reviewer_id": "R2", "kind": "personal", "case_id": "C3"},
    ],
    "areas": [
        {"area": "Q1", "name": "First", "latitude": 51.5, "longitude": -0.1, "organisation": "Q1",
         "neighbours": ["Q2"], "admin_hours_per_week": 40, "successors": None},
        {"area": "Q2", "name": "Second", "neighbours": ["Q1"]},
    ],
    "organisations": [
        {"organisation": "RXX", "name": "A trust", "parent": "RP", "successor": None},
        {"organisation": "RYY"}, {"organisation": "RZZ"}, {"organisation": "RP"}, {"organisation": "Q1"},
    ],
    "contracts": [{"provider": "acme", "cases_left": 4, "hours_left": 100, "ends_on": "2026-12-31"}],
}  # fmt: skip


def sound() -> Document:
    """Return a snapshot without faults, every column given somewhere; change it freely."""
    return copy.deepcopy(_SOUND)


def columns_of(rows: list[Any]) -> list[str]:
    """Return every key of the rows, in order."""
    return list({key: None for row in rows if isinstance(row, dict) for key in row})


def _cell(value: object) -> object:
    """Return a JSON value as it stands in one cell."""
    if isinstance(value, list):
        return "; ".join(str(part) for part in value)
    return value


def _csv_cell(value: object) -> str:
    cell = _cell(value)
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def write_table(path: Path, rows: list[Any]) -> None:
    """Write one table as CSV."""
    columns = columns_of(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_csv_cell(row.get(column)) for column in columns] for row in rows)


def as_folder(document: Document, directory: Path) -> Path:
    """Write the tables as CSV files, the policy's keys as TOML, and return the folder."""
    folder = directory / "snapshot"
    folder.mkdir(exist_ok=True)
    for name, rows in document.items():
        if name not in {"policy", "as_of"}:
            write_table(folder / f"{name}.csv", rows)
    if "policy" in document:
        lines = (f"{key} = {_toml(value)}\n" for key, value in flat(document["policy"]))
        (folder / "policy.toml").write_text("".join(lines), encoding="utf-8")
    return folder


def flat(keys: Document, prefix: str = "") -> list[tuple[str, object]]:
    """Return (dotted key, value) of nested keys."""
    found: list[tuple[str, object]] = []
    for key, value in keys.items():
        found += flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return found


def _toml(value: object) -> str:
    return json.dumps(value)


def as_workbook(document: Document, directory: Path) -> Path:
    """Write the tables as sheets, days as Excel dates, the policy as key and value, and return the file."""
    path = directory / "snapshot.xlsx"
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in document.items():
            if name == "policy":
                _sheet(book.add_worksheet(name), [("key", "value"), *flat(rows)], days)
            elif name != "as_of":
                columns = columns_of(rows)
                cells = [tuple(row.get(column) for column in columns) for row in rows]
                _sheet(book.add_worksheet(name), [tuple(columns), *cells], days)
    return path


def _day(text: str) -> date | None:
    """Return the day that a text in full ISO form says."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _sheet(sheet: Any, rows: list[tuple[Any, ...]], days: object) -> None:
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            nested = isinstance(value, list) and any(isinstance(part, list) for part in value)
            cell = json.dumps(value) if nested else _cell(value)
            day = _day(str(cell))
            if day:
                sheet.write_datetime(row, column, day, days)
            else:
                sheet.write(row, column, cell)


def as_json(document: Document, directory: Path) -> Path:
    """Write the document as JSON, and return the file."""
    path = directory / "snapshot.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


WRITERS: dict[str, Callable[[Document, Path], Path]] = {
    "csv": as_folder,
    "xlsx": as_workbook,
    "json": as_json,
}
