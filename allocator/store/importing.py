"""Importing: all tables of a document at once, the whole of it or nothing, or what is sound of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from allocator.errors import Fault
from allocator.intake import RowFaults
from allocator.store.aside import Aside
from allocator.store.counts import Counted, counted
from allocator.store.database import Tx
from allocator.store.following import Withdrawn, withdraw_after
from allocator.store.hearing import check_case, check_tables, refuse
from allocator.store.heeding import keep_cases
from allocator.store.kinds import CASES
from allocator.store.progress import still_told
from allocator.store.quarantine import SetAside, set_aside, settle
from allocator.store.records import Record
from allocator.store.sources import Older
from allocator.store.writing import Checked, Sent, check_row, put

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
    older : rows of cases that are passed over, as their source's newer version is known
    withdrawn : places that nobody may have who has them by what is known now
    counts : by kind what became of how many rows
    set_aside : where the rows lie that were set aside; None: that was not asked for
    """

    kept: Mapping[str, int]
    left_out: Mapping[str, Mapping[int, Sequence[Fault]]]
    older: tuple[Older, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    counts: Mapping[str, Counted] = field(default_factory=dict)
    set_aside: SetAside | None = None


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
    Conflict
        `version-reused`: not partial, and a source said something else before under the same version.
    """
    sent = {kind: tables[kind] for kind in ORDER if kind in tables}
    if CASES in sent:
        sent[CASES] = still_told(connection, sent[CASES])
    found = check_tables(connection, sent, day, partial, known)
    if not partial:
        refuse([fault for kind, one in found.items() for fault in one.refuse(f"/{kind}")])
    return found


def import_tables(tx: Tx, tables: Mapping[str, Sequence[Sent]], day: date, partial: bool = False) -> Imported:
    """What became of a document, once what can be kept of it is.

    Raises
    ------
    BadInput
        Not partial, and there are faults: nothing is kept.
    """
    return keep_tables(tx, checked_tables(tx.connection, tables, day, partial), day)


def keep_tables(
    tx: Tx, found: Mapping[str, Checked], day: date, aside: Mapping[str, Mapping[int, Aside]] | None = None
) -> Imported:
    """What became of rows that were checked, once the sound ones are kept, and what is withdrawn.

    Parameters
    ----------
    aside : the others, which are set aside; None: they are left out
    """
    done = {kind: keep(tx, kind, checked) for kind, checked in found.items()}
    every = [one for each in done.values() for one in each]
    if len(every) > MANY:
        tx.connection.execute(text("ANALYZE"))
    left_out = {kind: one.faults for kind, one in found.items() if one.faults}
    kept = {kind: len(each) + len(found[kind].repeated) for kind, each in done.items()}
    older = found[CASES].older if CASES in found else ()
    lies = None if aside is None else set_aside(tx, aside)
    counts = {kind: counted(kind, one, kept[kind], lies) for kind, one in found.items()}
    return Imported(kept, left_out, older, withdraw_after(tx, day, every), counts, lies)


def check_one(
    connection: Connection, kind: str, record_id: str, row: Mapping[str, Any], day: date
) -> Checked:
    """One row, sent as the record of an id that it need not hold itself.

    Raises
    ------
    BadInput
        With all its faults, each pointer into the row.
    Conflict
        `version-reused`: its source said something else before under the same version.
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
    done = keep_cases(tx, checked) if kind == CASES else put(tx, kind, checked)
    settle(tx, kind, checked)
    return done
