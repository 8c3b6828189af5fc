"""Files as somebody sends them, for who keeps the rest elsewhere: some tables, read as a snapshot's are.

Their rows become those of a JSON document, checked against what is known; each fault found there is then told
with the file, line and column that it is in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath
from typing import Any, Final

from allocator.errors import Fault
from allocator.intake.advice import advice
from allocator.intake.document import parse_document
from allocator.intake.findings import Findings, RowKey, is_empty, printable
from allocator.intake.folder import add_csv, claim, note_stranger
from allocator.intake.policies import checked, toml_keys, without_as_of
from allocator.intake.read import as_models
from allocator.intake.rows import RowFaults
from allocator.intake.sources import RawTable, Source
from allocator.intake.specs import COLUMNS, TABLES
from allocator.intake.tables import Table, read_table
from allocator.intake.templates import is_example
from allocator.intake.workbook import add_workbook
from allocator.policy import Policy

_UNREADABLE: Final[dict[str, object]] = {}
"""What stands for a cell that cannot be read: no column takes it."""
_AT = re.compile(r"/([a-z]+)/([0-9]+)(?:/([^/]*))?.*")


@dataclass(frozen=True)
class FilesRead:
    """What files hold.

    Parameters
    ----------
    rows : by table that has any, as JSON has them
    known : what is wrong with cells of these
    faults : of whole files, headers and the policy: nothing can be kept as long as there are any
    warnings : worth knowing
    policy : None where they hold none, or only the shipped one
    places : by table where it came from; of rows that came as JSON nothing
    """

    rows: Mapping[str, list[Any]]
    known: RowFaults = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    policy: Policy | None = None
    places: Mapping[str, RawTable] = field(default_factory=dict)

    def placed(self, fault: Fault) -> Fault:
        """The same fault of a row, where it is in its file instead of where in the document."""
        at = _AT.fullmatch(fault.pointer or "")
        raw = self.places.get(at[1]) if at else None
        if at is None or raw is None:
            return fault
        if raw.place.is_json:
            return replace(fault, file=raw.place.file)
        row, column = int(at[2]), fault.column or (at[3] if at[3] in COLUMNS[raw.name] else None)
        typed = raw.columns[column][row] if column and column in raw.columns else None
        value = fault.value if is_empty(typed) else printable(typed)
        return Fault(
            fault.code, fault.message, raw.place.file, raw.lines[row], None, column, value, fault.hint
        )

    @property
    def typed(self) -> dict[str, list[Any]]:
        """By table its rows with what was typed where a cell cannot be read."""
        return {name: [self._typed(name, at, row) for at, row in enumerate(rows)]
                for name, rows in self.rows.items()}  # fmt: skip

    def _typed(self, table: str, at: int, row: Any) -> Any:
        raw = self.places.get(table)
        if raw is None or not isinstance(row, dict):
            return row
        unread = [name for name, value in row.items() if value is _UNREADABLE and name in raw.columns]
        return row | {name: _json(raw.columns[name][at]) for name in unread}

    def with_all(self, found: Iterable[Fault]) -> tuple[Fault, ...]:
        """Every fault: those of files, and those that were found in rows, each told once."""
        told = {(one.file, one.code, one.column) for one in self.faults}
        placed = map(self.placed, found)
        return (*self.faults, *(one for one in placed if (one.file, one.code, one.column) not in told))


def read_files(files: Iterable[tuple[str, bytes]]) -> FilesRead:
    """Return what files hold: CSV files named as tables, workbooks, JSON documents, a policy.toml.

    Parameters
    ----------
    files : name and content of each
    """
    source, seen = Source(), set[str]()
    findings = source.findings
    for name, data in files:
        _add(name, data, seen, source)
    if not (seen or source.policy or findings.faults):
        hint = f"CSV files with these names, or sheets: {', '.join(TABLES)}"
        findings.faults.append(Fault("missing-table", "no file holds a table", hint=hint))
    policy = checked(without_as_of(source.policy), findings.faults.append) if source.policy else None
    tables = {
        name: _without_example(read_table(source.tables[name], findings), findings)
        for name in TABLES
        if name in source.tables
    }
    if "cases" in tables:
        findings.warnings += advice(tables["cases"])
    return FilesRead(
        rows={name: _rows(table) for name, table in tables.items() if len(table)},
        known=findings.rows,
        faults=tuple(findings.faults),
        warnings=tuple(findings.warnings),
        policy=None if policy == Policy() else policy,
        places={name: table.raw for name, table in tables.items()},
    )


def _add(name: str, data: bytes, seen: set[str], source: Source) -> None:
    """Add one file, by what it is called."""
    file = PurePath(name)
    match file.suffix.casefold():
        case ".csv":
            if table := claim(file.stem, name, seen, source):
                add_csv(table, name, data, source)
        case ".toml" if file.stem.casefold() == "policy":
            source.policy = toml_keys(name, data, source.findings.faults.append)
        case ".toml":
            note_stranger(file.stem, name, ("policy",), source)
        case ".xlsx" | ".xlsm":
            add_workbook(name, data, True, seen, source)
        case ".json":
            _add_document(name, data, seen, source)
        case _:
            hint = "send CSV files, an .xlsx or a .json"
            fault = Fault("unknown-format", "this is not a kind of file that is read", name, hint=hint)
            source.findings.faults.append(fault)


def _add_document(name: str, data: bytes, seen: set[str], source: Source) -> None:
    """Add the tables of a JSON file."""
    found = parse_document(name, data, with_policy=True, is_whole=False)
    source.findings.faults += found.findings.faults
    source.findings.warnings += found.findings.warnings
    source.policy = found.policy or source.policy
    for table, raw in found.tables.items():
        if claim(table, name, seen, source):
            source.tables[table] = raw
            source.findings.rows |= {
                key: faults for key, faults in found.findings.rows.items() if key.table == table
            }


def _without_example(table: Table, findings: Findings) -> Table:
    """Return the table without the row that stood in the template as an example, which is noted."""
    rows = {at for at, row in enumerate(as_models(table)) if is_example(table.name, row)}
    if not rows:
        return table
    fault = table.raw.fault(min(rows), None, "example-row", "the template's example was left out")
    findings.warnings.append(fault)
    findings.rows = {
        RowKey(name, row - sum(at < row for at in rows) if name == table.name else row): faults
        for (name, row), faults in findings.rows.items()
    }
    return table.without(rows)


def _rows(table: Table) -> list[dict[str, object]]:
    """Return the rows as JSON has them."""
    return [
        {name: _json(value) for name, value in row.items()}
        | dict.fromkeys(table.bad.get(at, ()), _UNREADABLE)
        for at, row in enumerate(as_models(table))
    ]


def _json(value: object) -> object:
    """Return a cell's value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
