"""An .xlsx workbook with a sheet for each table, and perhaps a sheet `policy` of keys and values."""

import io
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from allocator.errors import Fault
from allocator.intake.errorcells import CellAt, shown_errors
from allocator.intake.findings import is_empty
from allocator.intake.folder import claim, report_missing
from allocator.intake.headers import Record, tabulate
from allocator.intake.policies import from_pairs
from allocator.intake.sources import Place, Source, read_bytes
from allocator.intake.specs import TABLES

MAX_UNPACKED_BYTES = 1024**3
KNOWN = (*TABLES, "policy")


def read_workbook(path: Path, with_policy: bool) -> Source:
    """Return what the workbook's sheets hold; `with_policy` False leaves its policy unread."""
    source, seen = Source(), set[str]()
    data = read_bytes(path, source.findings.faults.append)
    if data is not None and add_workbook(path.name, data, with_policy, seen, source):
        report_missing(seen, "sheet `{}`", None, source)
    return source


def add_workbook(file: str, data: bytes, with_policy: bool, seen: set[str], source: Source) -> bool:
    """Add the tables of a workbook's bytes to the source; return whether it could be opened.

    Parameters
    ----------
    seen : the tables that there are already; those of the workbook are added
    """
    if _is_broken(data, file, source):
        return False
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        errors = shown_errors(data)
    except (CalamineError, BadZipFile) as error:
        source.findings.faults.append(_broken(file, str(error)))
        return False
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet:
            _read_sheet(workbook, sheet.name, errors.get(sheet.name, []), (with_policy, seen), source)
    return True


def _broken(file: str, reason: str) -> Fault:
    hint = "open it in a spreadsheet and save it again as .xlsx, without a password"
    return Fault("broken-workbook", f"the workbook cannot be read ({reason})", file, hint=hint)


def _is_broken(data: bytes, file: str, source: Source) -> bool:
    """Return whether the bytes are no zip archive, or one that unpacks to too much, after reporting it."""
    try:
        size = sum(entry.file_size for entry in ZipFile(io.BytesIO(data)).infolist())
    except (BadZipFile, ValueError, NotImplementedError):
        source.findings.faults.append(_broken(file, "it is no zip archive"))
        return True
    if size > MAX_UNPACKED_BYTES:
        message = f"the workbook unpacks to {size // 1024**2} MB"
        source.findings.faults.append(Fault("file-too-big", message, file, hint="at most 1 GB unpacked"))
    return size > MAX_UNPACKED_BYTES


def _read_sheet(
    workbook: CalamineWorkbook,
    sheet: str,
    errors: list[CellAt],
    wanted: tuple[bool, set[str]],
    source: Source,
) -> None:
    """Add one sheet's table, or the policy, to the source."""
    with_policy, seen = wanted
    is_policy = sheet.strip().casefold() == "policy"
    name = None if is_policy else claim(sheet, sheet, seen, source, KNOWN)
    if not name and not (is_policy and with_policy):
        return
    try:
        records = _records(workbook, sheet, errors)
    except CalamineError as error:
        source.findings.faults.append(_broken(sheet, str(error)))
        return
    if is_policy:
        source.policy = from_pairs(list(records), Place(sheet), source.findings.faults.append)
    elif name and (table := tabulate(name, Place(sheet), records, source.findings)):
        source.tables[name] = table


def _records(workbook: CalamineWorkbook, sheet: str, errors: list[CellAt]) -> Iterator[Record]:
    """Return the rows that are not blank, with their numbers as the spreadsheet shows them."""
    rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    for error in errors:
        if error.row < len(rows) and error.column < len(rows[error.row]):
            rows[error.row][error.column] = error.shown
    return ((at + 1, list(row)) for at, row in enumerate(rows) if not all(is_empty(cell) for cell in row))
