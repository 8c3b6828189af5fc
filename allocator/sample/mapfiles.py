"""The two files of a map, read so that whatever is wrong with them is said and not a traceback."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from math import isfinite
from pathlib import Path

from allocator.errors import BadInput, Fault

POSITION = ("latitude", "longitude")
AREA_COLUMNS = ("area", "name", *POSITION, "organisation", "neighbours")
TRUST_COLUMNS = ("organisation", "name", *POSITION, "area")


def read_map_file(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of a map's file, each with at least these columns and a position.

    Raises
    ------
    BadInput
        When the file is no CSV in UTF-8, lacks a column, or a row has no position.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            rows, header = list(reader), reader.fieldnames or ()
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput([Fault("unreadable-map", "not a CSV file in UTF-8", file=path.name)]) from error
    missing = [column for column in columns if column not in header]
    if missing:
        raise BadInput([_missing(path, column, columns) for column in missing])
    faults = list(_no_positions(path, rows))
    if faults:
        raise BadInput(faults)
    return rows


def _missing(path: Path, column: str, columns: tuple[str, ...]) -> Fault:
    hint = f"a map needs {', '.join(columns)}"
    return Fault("missing-column", f"column `{column}` is missing", path.name, 1, column=column, hint=hint)


def _no_positions(path: Path, rows: list[dict[str, str]]) -> Iterator[Fault]:
    for line, row in enumerate(rows, start=2):
        for column in () if row.get("successors") else POSITION:  # a closed area needs none
            if not _is_number(row[column]):
                message, cell = f"`{column}` is not a number", row[column]
                yield Fault("not-a-number", message, path.name, line, column=column, value=cell)


def _is_number(cell: str) -> bool:
    try:
        return isfinite(float(cell))
    except ValueError:
        return False
