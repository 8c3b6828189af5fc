"""The tables as CSV: one as people read it, or all of them in rows of one figure each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from allocator.export import Cell, cell
from allocator.performance.report import Performance
from allocator.performance.table import Table


def table_csv(table: Table) -> bytes:
    """A table as UTF-8 CSV with its words as header; its total is the last row."""
    header = [table.row_label, *(one.label for one in table.columns)]
    rows = ([row.label, *row.cells.values()] for row in (*table.rows, table.total))
    return _csv(header, rows)


def report_csv(report: Performance) -> bytes:
    """All tables as UTF-8 CSV: a row for each figure, by the names of table, row and column."""
    rows = (
        [table.name, row.name, name, value]
        for table in report.tables
        for row in (*table.rows, table.total)
        for name, value in row.cells.items()
    )
    return _csv(["table", "row", "column", "value"], rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode()
