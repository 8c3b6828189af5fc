"""Warnings about cases that are right, but perhaps not meant."""

from collections.abc import Iterator

from allocator.errors import Fault
from allocator.intake.privacy import is_like_nhs_number
from allocator.intake.tables import Table

SHOWN = 5


def advice(tables: dict[str, Table]) -> Iterator[Fault]:
    """Yield what a coordinator would want to be told of the cases, one warning a kind."""
    cases = tables["cases"]
    ids = [row for row, value in enumerate(cases.words("case_id")) if value and is_like_nhs_number(value)]
    if ids:
        # The ids themselves are not repeated: if they are NHS numbers, they should go no further.
        message = f"{_looks(ids)} like an NHS number{_places(cases, ids)}"
        yield _at(cases, ids[0], "case_id", "nhs-number-like", message, "use the case system's own id")
    assumed = list(_assumed(cases, tables.get("reviewers")))
    if assumed:
        message = f"hours left were assumed for {len(assumed)} held case{'s' if len(assumed) > 1 else ''}"
        yield _at(cases, assumed[0], "hours_left", "assumed-hours", message, "give `hours_left`")


def _assumed(cases: Table, reviewers: Table | None) -> Iterator[int]:
    """Yield the cases that a known reviewer holds, not on hold, without hours left."""
    known = set(reviewers.words("reviewer_id")) if reviewers else set()
    names = ("reviewer_id", "hours_left", "on_hold_since", "out_of_scope")
    for row, (lead, hours, hold, out) in enumerate(zip(*(cases.values[name] for name in names), strict=True)):
        if lead is not None and lead in known and hours is None and hold is None and out is None:
            yield row


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
