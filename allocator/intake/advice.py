"""Warnings about cases that are right, but perhaps not meant."""

from collections.abc import Iterator

from allocator.errors import Fault
from allocator.intake.privacy import is_like_nhs_number
from allocator.intake.tables import Table

SHOWN = 5


def advice(cases: Table) -> Iterator[Fault]:
    """Yield what a coordinator would want to be told of some cases, one warning a kind."""
    ids = [row for row, value in enumerate(cases.words("case_id")) if value and is_like_nhs_number(value)]
    if ids:
        # The ids themselves are not repeated: if they are NHS numbers, they should go no further.
        message = f"{_looks(ids)} like an NHS number{_places(cases, ids)}"
        yield _at(cases, ids[0], "case_id", "nhs-number-like", message, "use the case system's own id")


def _at(table: Table, row: int, column: str, code: str, message: str, hint: str) -> Fault:
    """Return a warning that shows no value."""
    place = table.raw.fault(row, None, code, message, hint)
    pointer = None if place.pointer is None else f"{place.pointer}/{column}"
    return Fault(code, message, place.file, place.line, pointer, column, hint=hint)


def _looks(rows: list[int]) -> str:
    return "a case_id looks" if len(rows) == 1 else f"{len(rows)} case_ids look"


def _places(table: Table, rows: list[int]) -> str:
    """Return the first few lines or entries in words, if there is more than one."""
    if len(rows) == 1:
        return ""
    word = "entries" if table.raw.place.is_json else "lines"
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f" ({word} " + ", ".join(str(table.raw.lines[row]) for row in rows[:SHOWN]) + f"{more})"
