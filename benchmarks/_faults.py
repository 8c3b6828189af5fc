"""Faults of twenty kinds, planted in the four largest files of a sound snapshot."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path


@dataclass(frozen=True)
class Kind:
    """One kind of fault: the cells to put in a row, and the column and code that must be listed for it."""

    code: str
    table: str
    column: str
    put: dict[str, str]


@dataclass(frozen=True, order=True)
class Planted:
    """Where a fault was put, as a list of faults must name it; the header is line 1."""

    file: str
    line: int
    column: str
    code: str


@dataclass
class _Table:
    """A CSV file as it is edited: one fault a row, spread over the file, never in its first row."""

    path: Path
    columns: list[str]
    rows: list[list[str]]
    free: Iterator[int] = field(init=False)

    def spread(self, faults: int) -> None:
        """Make ready for so many faults."""
        step = (len(self.rows) - 1) / max(1, faults)
        if step < 1:
            raise ValueError(f"{self.path.name} has too few rows for {faults} faults")
        self.free = iter([1 + int(step * k) for k in range(faults)])

    def put(self, kind: Kind) -> Planted:
        """Spoil the next row."""
        row = next(self.free)
        for column, value in kind.put.items():
            self.rows[row][self.columns.index(column)] = value
        return Planted(self.path.name, row + 2, kind.column, kind.code)


NOBODY = {"reviewer_id": "", "second_reviewer_id": ""}


def _one(code: str, table: str, column: str, value: str) -> Kind:
    return Kind(code, table, column, {column: value})


KINDS = (
    _one("missing-value", "cases", "area", ""),
    _one("not-a-number", "cases", "effort_hours", "seven"),
    _one("nan", "cases", "latitude", "NaN"),
    _one("not-an-integer", "cases", "priority", "2.5"),
    _one("not-a-date", "cases", "notified_on", "2026-02-30"),
    _one("bad-boolean", "cases", "locked", "yes"),
    _one("bad-text", "cases", "reviewer_id", "R1;R2"),
    _one("too-long", "cases", "linked_to", "x" * 65),
    _one("formula-text", "cases", "linked_to", "=1+1"),
    _one("dangling-reference", "cases", "area", "NOWHERE"),
    _one("unknown-review-type", "cases", "review_type", "intial"),
    _one("after-as-of", "cases", "notified_on", "2199-01-01"),
    Kind("lead-incomplete", "cases", "allocated_on", {**NOBODY, "allocated_on": "2026-09-01"}),
    Kind("locked-without-lead", "cases", "locked", {**NOBODY, "allocated_on": "", "locked": "true"}),
    _one("duplicate-id", "cases", "case_id", "C000001"),
    _one("out-of-range", "reviewers", "hours_per_week", "61"),
    _one("bad-choice", "reviewers", "employment", "dedicate"),
    Kind("half-position", "reviewers", "latitude", {"latitude": "52.1", "longitude": ""}),
    Kind("reversed-dates", "absences", "to", {"from": "2026-09-02", "to": "2026-09-01"}),
    _one("dangling-reference", "absences", "reviewer_id", "NOBODY"),
    _one("bad-choice", "interests", "kind", "finacial"),
    Kind("interest-target", "interests", "organisation", {"organisation": "", "case_id": ""}),
)


def plant(folder: Path, faults: int) -> list[Planted]:
    """Return what was planted: that many faults, each kind in turn, in the CSV files of a folder.

    Raises
    ------
    ValueError
        The files have too few rows.
    """
    kinds = list(islice(cycle(KINDS), faults))
    tables = {name: _read(folder / f"{name}.csv") for name in sorted({kind.table for kind in kinds})}
    for name, table in tables.items():
        table.spread(sum(kind.table == name for kind in kinds))
    planted = [tables[kind.table].put(kind) for kind in kinds]
    for table in tables.values():
        _write(table)
    return planted


def _read(path: Path) -> _Table:
    with path.open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    return _Table(path, columns, rows)


def _write(table: _Table) -> None:
    with table.path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([table.columns, *table.rows])
