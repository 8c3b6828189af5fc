"""The header: every column known, once, and none of them personal data. The same for CSV and for sheets."""

from collections.abc import Iterable, Sequence

from allocator.errors import Fault
from allocator.intake.findings import Findings, did_you_mean, is_empty, printable
from allocator.intake.privacy import looks_personal
from allocator.intake.sources import Place, RawTable
from allocator.intake.specs import COLUMNS

Record = tuple[int, list[object]]
"""A row's line and its cells."""


def unknown_column(table: str, column: str) -> tuple[str, str, str]:
    """Return code, message and hint for a column that the table does not have."""
    shown = printable(column)
    if looks_personal(column):
        return (
            "personal-data-column",
            f"`{shown}` looks like personal data",
            "take it out: allocation needs none",
        )
    near = did_you_mean(column, tuple(COLUMNS[table]))
    hint = f"did you mean `{near}`?" if near else "take it out; the columns are " + ", ".join(COLUMNS[table])
    return "unknown-column", f"unknown column `{shown}`", hint


def missing_columns(table: str, given: Iterable[str]) -> list[str]:
    """Return the required columns that are not given."""
    there = set(given)
    return [name for name, column in COLUMNS[table].items() if column.required and name not in there]


def tabulate(name: str, place: Place, records: Iterable[Record], findings: Findings) -> RawTable | None:
    """Return a table from its records, the first being the header; None if the header is of no use."""
    rows = iter(records)
    line, first = next(rows, (1, []))
    header = [str(cell).strip() if cell is not None else "" for cell in first]
    if not any(column in COLUMNS[name] for column in header):
        findings.faults.append(_no_header(name, header, place, line))
        return None
    lines, cells, extra = _body(rows, len(header))
    by_place: list[tuple[object, ...]] = list(zip(*cells, strict=True)) if cells else [()] * len(header)
    findings.faults += _faults(name, header, by_place, place, line)
    known = {column: by_place[at] for at, column in enumerate(header) if column in COLUMNS[name]}
    table = RawTable(name, place, known, lines)
    for row, count in extra:
        hint = f"the header has {len(header)}; put cells that hold commas in quotes"
        findings.refuse(name, row, table.fault(row, None, "extra-cells", f"the row has {count} cells", hint))
    return table


def _body(rows: Iterable[Record], width: int) -> tuple[list[int], list[list[object]], list[tuple[int, int]]]:
    """Return lines and cells of the rows, each as wide as the header, and (row, cells) of those too wide."""
    lines: list[int] = []
    cells: list[list[object]] = []
    extra: list[tuple[int, int]] = []
    for line, row in rows:
        if len(row) > width and any(not is_empty(cell) for cell in row[width:]):
            extra.append((len(lines), len(row)))
        lines.append(line)
        cells.append(row if len(row) == width else [*row[:width], *[None] * (width - len(row))])
    return lines, cells, extra


def _no_header(name: str, header: list[str], place: Place, line: int) -> Fault:
    """Return the fault of a table whose first line names no column."""
    parts = header[0].replace("\t", ";").replace("|", ";").split(";") if header else []
    if any(part.strip() in COLUMNS[name] for part in parts):
        message = "the cells are not parted by commas"
        return Fault("wrong-delimiter", message, place.file, line, hint="export it with commas")
    message = "the first line is no header: it names no column" if any(header) else "the table is empty"
    required = ", ".join(missing_columns(name, ()))
    hint = f"line 1 names the columns, at least {required}"
    if any(cell.lower() in COLUMNS[name] for cell in header):
        message, hint = "the columns' names are not in small letters", f"{hint}, in small letters"
    return Fault("no-header", message, place.file, line, hint=hint)


def _faults(
    name: str, header: list[str], cells: Sequence[Sequence[object]], place: Place, line: int
) -> list[Fault]:
    """Return what is wrong with a header that names at least one column."""
    faults = []
    for at, column in enumerate(header):
        if column in COLUMNS[name]:
            if column in header[:at]:
                message = f"column `{column}` stands twice"
                faults.append(
                    Fault("duplicate-column", message, place.file, line, column=column, hint="keep one")
                )
        elif column or not all(is_empty(cell) for cell in cells[at]):
            code, message, hint = unknown_column(name, column)
            faults.append(Fault(code, message, place.file, line, column=str(printable(column)), hint=hint))
    for column in missing_columns(name, header):
        message = f"column `{column}` is missing"
        faults.append(
            Fault("missing-column", message, place.file, line, column=column, hint="it is required")
        )
    return faults
