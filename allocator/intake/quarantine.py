"""Which rows can be planned if those with faults are left out, and what must be left out with them.

A row goes with the row it refers to, along the same references that the intake checks. Two ways lead further:
a fault in an absence, a decline or an interest takes its reviewer too, because a plan without that row could
break a rule for them; and of rows with one id none stays, because nobody can tell which is right.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from allocator.errors import Fault
from allocator.intake.findings import RowKey, printable
from allocator.intake.references import REFERENCES, Reference, named
from allocator.intake.specs import KEYS, TABLES
from allocator.intake.tables import Table

ABOUT_REVIEWERS: Final = ("absences", "declines", "interests")
"""Tables whose rows protect a case from a reviewer, or a reviewer from too much work."""
LEANS: Final = "refers-to-rejected"
"""The fault of a row that is right by itself, and refers to one that is not."""
STAYS: Final = (("cases", "excluded_reviewers"),)
"""References that a rejected row does not pull along: an exclusion of nobody excludes nobody."""

LASTING: Final = ("ignored-file", "held-work-rejected", "linked-case-rejected")
"""Codes of warnings that stay true when rows are left out; the others are worked out anew."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row left out of the plan.

    Parameters
    ----------
    file : the file's or sheet's name, or the table's for a JSON object
    line : its line; None in JSON
    pointer : its JSON pointer; None elsewhere
    id : its case_id or reviewer_id as given, else the key of its table
    faults : why, at least one
    """

    table: str
    file: str
    line: int | None
    pointer: str | None
    id: str
    faults: tuple[Fault, ...]


Reasons = dict[RowKey, list[Fault]]
"""Why each row is left out."""


def left_out(tables: dict[str, Table], faults: Mapping[RowKey, list[Fault]]) -> Reasons:
    """Return the rows with faults and those that must go with them."""
    reasons = {key: list(found) for key, found in faults.items()}
    _reject_doubles(tables, reasons)
    _reject_reviewers_of(tables, reasons)
    _follow(tables, reasons)
    return reasons


def records(tables: dict[str, Table], reasons: Reasons) -> Iterator[Rejected]:
    """Yield the record of each row left out, in order."""
    for name, row in sorted(reasons, key=lambda key: (TABLES.index(key.table), key.row)):
        yield _rejected(tables[name], row, reasons[RowKey(name, row)])


def _lean(table: Table, row: int, column: str, message: str) -> Fault:
    return table.raw.fault(row, column, LEANS, message, "mend the row it leans on")


def _reject_doubles(tables: dict[str, Table], reasons: Reasons) -> None:
    """Add every row whose id stands in a rejected row too."""
    for name, column in KEYS.items():
        if name not in tables:
            continue
        keys = tables[name].words(column)
        rejected = {keys[row] for table, row in reasons if table == name} - {None}
        for row, key in enumerate(keys):
            if key in rejected and RowKey(name, row) not in reasons:
                message = "another row has the same id"
                fault = tables[name].raw.fault(row, column, "duplicate-id", message, "keep one row")
                reasons[RowKey(name, row)] = [fault]


def _reject_reviewers_of(tables: dict[str, Table], reasons: Reasons) -> None:
    """Add the reviewers whose own absence, decline or interest has a fault."""
    if "reviewers" not in tables:
        return
    rows = {key: row for row, key in enumerate(tables["reviewers"].words("reviewer_id"))}
    for name, row in list(reasons):
        owner = tables[name].words("reviewer_id")[row] if name in ABOUT_REVIEWERS else None
        at = rows.get(owner) if owner is not None else None
        if at is not None and RowKey("reviewers", at) not in reasons:
            message = f"a row of theirs in {name} was left out ({_where(tables[name], row)})"
            reasons[RowKey("reviewers", at)] = [_lean(tables["reviewers"], at, "reviewer_id", message)]


def _follow(tables: dict[str, Table], reasons: Reasons) -> None:
    """Add whatever refers to a rejected row, and whatever refers to that, until there is no more."""
    users = {to: _users(tables, to) for to in KEYS}
    waiting = list(reasons)
    while waiting:
        name, row = waiting.pop()
        key = tables[name].values[KEYS[name]][row] if name in KEYS else None
        for reference, user in users[name].get(str(key), ()) if key is not None else ():
            place = RowKey(reference.table, user)
            if place not in reasons:
                message = f"{reference.column} `{printable(key)}` was left out ({_where(tables[name], row)})"
                reasons[place] = [_lean(tables[reference.table], user, reference.column, message)]
                waiting.append(place)


def _users(tables: dict[str, Table], to: str) -> dict[str, list[tuple[Reference, int]]]:
    """Return by id the rows that refer to it."""
    users: dict[str, list[tuple[Reference, int]]] = defaultdict(list)
    for reference in REFERENCES:
        if (
            reference.to == to
            and reference.table in tables
            and (reference.table, reference.column) not in STAYS
        ):
            for row, value in enumerate(tables[reference.table].values[reference.column]):
                for name in named(value):
                    users[name].append((reference, row))
    return users


def _where(table: Table, row: int) -> str:
    return table.raw.fault(row, None, "", "").where()


def hidden_work(tables: dict[str, Table], reasons: Reasons) -> Iterator[Fault]:
    """Yield a warning for each case left out whose holder or linked cases stay."""
    if not {"cases", "reviewers"} <= tables.keys():
        return
    cases, reviewers = tables["cases"], tables["reviewers"]
    out = {row for table, row in reasons if table == "cases"}
    staying = _staying(
        reviewers.words("reviewer_id"), {row for table, row in reasons if table == "reviewers"}
    )
    links = _staying(cases.words("linked_to"), out)
    for row in sorted(out):
        for column in ("reviewer_id", "second_reviewer_id"):
            if cases.values[column][row] in staying:
                message = (
                    f"this case was left out, so `{cases.values[column][row]}` looks freer than they are"
                )
                yield cases.raw.fault(row, column, "held-work-rejected", message, "mend the row")
        if cases.values["linked_to"][row] in links:
            message = "this case was left out; cases linked to it may go to someone else"
            yield cases.raw.fault(row, "linked_to", "linked-case-rejected", message, "mend the row")


def _staying(values: Iterable[str | None], out: set[int]) -> set[str]:
    """Return the values of the rows that stay."""
    return {value for row, value in enumerate(values) if value is not None and row not in out}


def _rejected(table: Table, row: int, faults: list[Fault]) -> Rejected:
    """Return the record of a rejected row."""
    key = KEYS.get(table.name, "reviewer_id")
    typed = table.raw.columns[key][row] if key in table.raw.columns else None
    cell = typed if table.values[key][row] is None else table.values[key][row]
    at = table.raw.fault(row, None, "", "")
    file = table.raw.place.file or table.name
    return Rejected(table.name, file, at.line, at.pointer, str(printable(cell) or ""), tuple(faults))


def write_rejected(path: Path, rejected: Iterable[Rejected]) -> None:
    """Write rejected.csv: a line for each fault of each row left out.

    Columns are file, line (a JSON pointer where there are no lines), id, code, message. Cells that a
    spreadsheet would run as formulas get a ' before them.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("file", "line", "id", "code", "message"))
        for row in rejected:
            line = str(row.line) if row.line is not None else row.pointer or ""
            for fault in row.faults:
                hint = f": {fault.hint}" if fault.hint else ""
                writer.writerow(map(_safe, (row.file, line, row.id, fault.code, f"{fault.message}{hint}")))


def _safe(cell: str) -> str:
    """Return a cell that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
