"""The tables read column by column: the same readers whatever the source."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from allocator.intake.cells import EXCEL_ERRORS, NUMBER, CellFault
from allocator.intake.findings import Findings, is_empty
from allocator.intake.sources import Place, RawTable
from allocator.intake.specs import COLUMNS, Column

_MISSING = CellFault("missing-value", "is required", "give a value")
_FORMULA = CellFault("formula-text", "begins like a formula", "put ' before it if it is text")
_EXCEL_ERROR = CellFault("excel-error", "shows an error of the spreadsheet", "mend the formula")
_NO_VALUE = CellFault(
    "excel-error", "is a formula without a stored value", "open the workbook, save it again"
)
_JSON_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "number": ((int, float), "a number"),
    "flag": ((bool,), "true or false"),
    "list": ((list,), 'an array, such as ["a", "b"]'),
    "day": ((str,), 'a day written "YYYY-MM-DD"'),
    "choice": ((str,), "text"),
    "text": ((str, int, float), "text"),
}


@dataclass
class Table:
    """A table read.

    Parameters
    ----------
    raw : where it came from
    values : by column, one a row; None where not given or not right
    bad : the columns with a fault, by row
    """

    raw: RawTable
    values: dict[str, list[object]]
    bad: dict[int, set[str]]

    @property
    def name(self) -> str:
        """Return the table's name."""
        return self.raw.name

    def __len__(self) -> int:
        return len(self.raw.lines)

    def without(self, rows: set[int]) -> Self:
        """Return the table without some rows; the others keep their lines."""
        kept = [row for row in range(len(self)) if row not in rows]
        columns = {name: [cells[row] for row in kept] for name, cells in self.raw.columns.items()}
        raw = replace(self.raw, columns=columns, lines=[self.raw.lines[row] for row in kept])
        values = {name: [cells[row] for row in kept] for name, cells in self.values.items()}
        bad = {at: self.bad[row] for at, row in enumerate(kept) if row in self.bad}
        return replace(self, raw=raw, values=values, bad=bad)

    def words(self, column: str) -> list[str | None]:
        """Return a column of text."""
        return self.values[column]  # type: ignore[return-value]

    def lists(self, column: str) -> list[tuple[str, ...] | None]:
        """Return a column of lists."""
        return self.values[column]  # type: ignore[return-value]


def read_table(raw: RawTable, findings: Findings) -> Table:
    """Return the table with every cell read, noting each that is not right."""
    table = Table(raw, {}, {})
    skipped = {key.row for key in findings.rows if key.table == raw.name}
    for name, column in COLUMNS[raw.name].items():
        if name not in raw.columns:
            table.values[name] = [column.default] * len(table)
            continue
        table.values[name], faults = _read_column(raw.columns[name], column, raw.place)
        for row, fault in faults:
            table.bad.setdefault(row, set()).add(name)
            if row not in skipped:
                message = f"`{name}` {fault.message}"
                findings.refuse(raw.name, row, raw.fault(row, name, fault.code, message, fault.hint))
    return table


def _read_column(
    cells: Sequence[object], column: Column, place: Place
) -> tuple[list[object], list[tuple[int, CellFault]]]:
    """Return the values of a column and the faults by row; equal texts are read once."""
    texts = dict.fromkeys(cell for cell in cells if type(cell) is str)
    known = {text: _read_cell(text, column, place) for text in texts}
    values = [known[cell] if type(cell) is str else _read_cell(cell, column, place) for cell in cells]
    faults = [(row, value) for row, value in enumerate(values) if type(value) is CellFault]
    for row, _ in faults:
        values[row] = None
    return values, faults


def _read_cell(cell: object, column: Column, place: Place) -> object:
    """Return a cell's value, the default if it is empty, or what is wrong with it."""
    if is_empty(cell):
        return _MISSING if column.required else column.default
    if isinstance(cell, str):
        cell = cell.strip()
        if cell in EXCEL_ERRORS:
            return _EXCEL_ERROR
        if cell == "#FORMULA":
            return _NO_VALUE
    if place.is_csv and isinstance(cell, str):
        if cell[0] == "'" and cell[1:2] in set("=+-@"):
            cell = cell[1:]
        elif cell[0] in "=@" or (cell[0] in "+-" and not NUMBER.fullmatch(cell)):
            return _FORMULA
    if place.is_json and (fault := _wrong_json_type(cell, column)):
        return fault
    value = column.read(cell)
    return _MISSING if value == () and column.required else value


def _wrong_json_type(cell: object, column: Column) -> CellFault | None:
    """Return a fault if a JSON value is not of the column's type; true is no number."""
    types, wanted = _JSON_TYPES[column.kind]
    is_right = isinstance(cell, types) and (column.kind == "flag" or not isinstance(cell, bool))
    return None if is_right else CellFault("wrong-type", "has a value of the wrong type", f"must be {wanted}")
