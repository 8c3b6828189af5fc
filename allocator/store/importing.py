"""Importing: all tables of a document at once, the whole of it or nothing, or what is sound of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from allocator.errors import BadInput, Fault
from allocator.store.cases import CASES, completed, contradicted, put_cases
from allocator.store.database import Tx
from allocator.store.writing import Checked, Sent, check_rows, put

ORDER = ("organisations", "areas", "contracts", "reviewers", "cases", "absences", "declines", "interests")
"""What is named comes before what names it."""


@dataclass(frozen=True)
class Imported:
    """What became of a document.

    Parameters
    ----------
    kept : by kind how many rows are kept now, those that changed nothing too
    left_out : by kind and place in its array, what is wrong with each row that is not
    """

    kept: Mapping[str, int]
    left_out: Mapping[str, Mapping[int, Sequence[Fault]]]


def checked_tables(
    connection: Connection, tables: Mapping[str, Sequence[Sent]], day: date, partial: bool = False
) -> dict[str, Checked]:
    """By kind the rows of a document as they would be kept.

    Parameters
    ----------
    partial : whether the sound rows are to be kept where others have faults

    Raises
    ------
    BadInput
        Not partial, and there are faults: every one, each with a pointer into the document.
    """
    sent = {kind: tables[kind] for kind in ORDER if kind in tables}
    if CASES in sent:
        sent[CASES] = completed(connection, sent[CASES])
    found = check_rows(connection, sent, day, partial)
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
    return keep_tables(tx, checked_tables(tx.connection, tables, day, partial))


def keep_tables(tx: Tx, found: Mapping[str, Checked]) -> Imported:
    """What became of rows that were checked, once the sound ones are kept."""
    kept = {}
    for kind, checked in found.items():
        done = put_cases(tx, checked) if kind == CASES else put(tx, kind, checked)
        kept[kind] = len(done)
    return Imported(kept, {kind: one.faults for kind, one in found.items() if one.faults})
