"""Importing: all tables of a document at once, the whole of it or nothing, or what is sound of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from allocator.errors import BadInput, Fault
from allocator.store.cases import CASES, completed, contradicted, put_cases
from allocator.store.database import Tx
from allocator.store.following import Withdrawn, withdraw
from allocator.store.holdings import current
from allocator.store.writing import Checked, Sent, check_rows, put

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
    return keep_tables(tx, checked_tables(tx.connection, tables, day, partial), day)


def keep_tables(tx: Tx, found: Mapping[str, Checked], day: date) -> Imported:
    """What became of rows that were checked, once the sound ones are kept, and what is withdrawn."""
    kept = {}
    for kind, checked in found.items():
        done = put_cases(tx, checked) if kind == CASES else put(tx, kind, checked)
        kept[kind] = len(done)
    if sum(kept.values()) > MANY:
        tx.connection.execute(text("ANALYZE"))
    left_out = {kind: one.faults for kind, one in found.items() if one.faults}
    return Imported(kept, left_out, withdraw(tx, day, *_touched(tx, found)))


def _touched(tx: Tx, found: Mapping[str, Checked]) -> tuple[set[str], set[str]]:
    """The cases and the reviewers whose independence may be another now."""
    if any(found[kind].sound for kind in ("organisations", "areas") if kind in found):
        return {case_id for case_id, _ in current(tx.connection)}, set()
    cases = set(found[CASES].sound) if CASES in found else set()
    people = set(found["reviewers"].sound) if "reviewers" in found else set()
    for kind in ("interests", "declines"):
        if kind in found:
            people |= {str(body["reviewer_id"]) for body in found[kind].sound.values()}
    return cases, people
