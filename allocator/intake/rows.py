"""Rows of some tables, read as a whole snapshot's are: the same faults, for who keeps the rest elsewhere.

What the rows refer to and is not among them is given beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from allocator.errors import Fault
from allocator.intake.document import read_object
from allocator.intake.findings import Findings, RowKey
from allocator.intake.quarantine import left_out
from allocator.intake.read import as_models, check
from allocator.intake.specs import MODELS, REQUIRED_TABLES, TABLES
from allocator.intake.tables import Table, read_table
from allocator.policy import Policy

Sent = Mapping[str, Sequence[object]]
RowFaults = Mapping[RowKey, Sequence[Fault]]
"""What is wrong with rows, by table and place in it."""
_AT = re.compile(r"/([a-z]+)/([0-9]+)(.*)")


@dataclass(frozen=True)
class Context:
    """What rows are read against.

    Parameters
    ----------
    beside : by table, rows that are known, and that these may name
    """

    policy: Policy
    as_of: date
    beside: Sent


@dataclass(frozen=True)
class RowsRead:
    """Rows of one table as their model writes them, and what is wrong with the others.

    Parameters
    ----------
    rows : one for each that was given, what is given of it; None for one that is left out
    faults : by place in what was given, from 0; pointers are into the row
    """

    rows: tuple[dict[str, Any] | None, ...]
    faults: dict[int, tuple[Fault, ...]]


def read_rows(
    sent: Sent, context: Context, quarantine: bool = False, known: RowFaults | None = None
) -> dict[str, RowsRead]:
    """By table the rows sent, checked for all that a snapshot's are.

    Parameters
    ----------
    quarantine : what leans on a row with a fault is left out too, as it is of a snapshot
    known : faults of the rows that were found before; of their cells nothing more is told
    """
    document = {name: [*sent.get(name, ()), *context.beside.get(name, ())] for name in TABLES}
    given = {name: rows for name, rows in document.items() if rows or name in REQUIRED_TABLES}
    source = read_object(given, None, with_policy=False)
    findings = source.findings
    for key, faults in (known or {}).items():
        findings.rows.setdefault(key, []).extend(faults)
    tables = {name: read_table(source.tables[name], findings) for name in TABLES if name in given}
    found: dict[RowKey, list[Fault]] = {}
    while True:
        check(tables, context.policy, context.as_of, findings)
        wrong = _by_row(findings, tables, quarantine)
        if quarantine:
            wrong = left_out(tables, wrong)
        for (name, row), faults in wrong.items():
            found.setdefault(RowKey(name, tables[name].raw.lines[row]), []).extend(faults)
        tables = {
            name: table.without({row for of, row in wrong if of == name}) for name, table in tables.items()
        }
        findings = Findings()
        if not (wrong and quarantine):
            break
    return {
        name: _read(tables[name], len(rows), found) if name in given else RowsRead((), {})
        for name, rows in sent.items()
    }


def _by_row(findings: Findings, tables: Mapping[str, Table], quarantine: bool) -> dict[RowKey, list[Fault]]:
    """All faults by row. One of a whole table is told of its first row, as it is mended once; where sound
    rows are kept it is told of each, as none is sound.
    """
    rows = {key: list(faults) for key, faults in findings.rows.items()}
    for fault in findings.faults:
        at = _AT.fullmatch(fault.pointer or "")
        name, row = (at[1], int(at[2])) if at else ((fault.pointer or "/cases").split("/")[1], 0)
        rows.setdefault(RowKey(name, row), []).append(fault)
        if at is None:
            for other in range(1, len(tables[name])):
                rows.setdefault(RowKey(name, other), []).extend([fault] * quarantine)
    return {key: faults for key, faults in rows.items() if key.row < len(tables[key.table])}


def _read(table: Table, count: int, found: Mapping[RowKey, Sequence[Fault]]) -> RowsRead:
    """The rows of one table that were sent: its first so many."""
    rows: list[dict[str, Any] | None] = [None] * count
    model = MODELS[table.name]
    for line, values in zip(table.raw.lines, as_models(table), strict=True):
        if line < count:
            rows[line] = model.model_validate(values).model_dump(mode="json", exclude_defaults=True)
    faults = {
        row: tuple(replace(one, pointer=_within(one.pointer)) for one in each)
        for (name, row), each in sorted(found.items())
        if name == table.name and row < count and each
    }
    return RowsRead(tuple(rows), faults)


def _within(pointer: str | None) -> str:
    at = _AT.fullmatch(pointer or "")
    return at[3] if at else ""
