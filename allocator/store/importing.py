"""Importing: all tables of a document at once, the whole of it or nothing, or what is sound of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from allocator.errors import BadInput, Fault
from allocator.intake import RowFaults
from allocator.store.cases import CASES, check_case, completed, contradicted, put_cases
from allocator.store.database import Tx
from allocator.store.following import Withdrawn, withdraw_after
from allocator.store.records import Record
from allocator.store.writing import Checked, Sent, check_row, check_rows, put

ORDER = ("organisations", "areas", "contracts", "reviewers", "cases", "absences", "declines", "interests")
"""What is named comes before what names it."""
MANY = 1_000
"""Rows after which a database is told to count its tables anew: with counts of empty ones it asks slowly."""


@dataclass(frozen=True)
class Imported:
    """What became of a document.

    Parameters
    ----------
    kept : by kind how many rows are kept now, those that changed nothing too
    left_out : by kind and place in its array, what is wrong with each row that is not
    withdrawn : places that nobody may have who has them by what is known now
    """

    kept: Mapping[str, int]
    left_out: Mapping[str, Mapping[int, Sequence[Fault]]]
    withdrawn: tuple[Withdrawn, ...] = ()


def checked_tables(
    connection: Connection,
    tables: Mapping[str, Sequence[Sent]],
    day: date,
    partial: bool = False,
    known: RowFaults | None = None,
) -> dict[str, Checked]:
    """By kind the rows of a document as they would be kept.

    Parameters
    ----------
    partial : whether the sound rows are to be kept where others have faults
    known : faults of the rows that were found before, such as in the files that they come from

    Raises
    ------
    BadInput
        Not partial, and there are faults: every one, each with a pointer into the document.
    """
    sent = {kind: tables[kind] for kind in ORDER if kind in tables}
    if CASES in sent:
        sent[CASES] = completed(connection, sent[CASES])
    found = check_rows(connection, sent, day, partial, known)
    if CASES in found:
        found[CASES] = contradicted(connection, found[CASES])
    faults = [fault for kind, one in found.items() for fault in one.refuse(f"/{kind}")]
    if faults and not partial:
        raise BadInput(faults)
    return found


def import_tables(tx: Tx, tables: Mapping[str, Sequence[Sent]], day: date, partial: bool = False) -> Imported:
    """What became of a document, once what can be kept of it is.

    Raises
    ------
    BadInput
        Not partial, and there are faults: nothing is kept.
    """
    return keep_tables(tx, checked_tables(tx.connection, tables, day, partial), day)


def keep_tables(tx: Tx, found: Mapping[str, Checked], day: date) -> Imported:
    """What became of rows that were checked, once the sound ones are kept, and what is withdrawn."""
    done = {kind: keep(tx, kind, checked) for kind, checked in found.items()}
    every = [one for each in done.values() for one in each]
    if len(every) > MANY:
        tx.connection.execute(text("ANALYZE"))
    left_out = {kind: one.faults for kind, one in found.items() if one.faults}
    return Imported(
        {kind: len(each) for kind, each in done.items()}, left_out, withdraw_after(tx, day, every)
    )


def check_one(
    connection: Connection, kind: str, record_id: str, row: Mapping[str, Any], day: date
) -> Checked:
    """One row, sent as the record of an id that it need not hold itself.

    Raises
    ------
    BadInput
        With all its faults, each pointer into the row.
    """
    return (
        check_case(connection, record_id, row, day)
        if kind == CASES
        else check_row(connection, kind, record_id, row, day)
    )


def keep(tx: Tx, kind: str, checked: Checked) -> list[Record]:
    """The records of the sound rows of one kind, kept.

    Raises
    ------
    Conflict
        `forgotten`: the time of a case to be kept is over.
    """
    return put_cases(tx, checked) if kind == CASES else put(tx, kind, checked)
