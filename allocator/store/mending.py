"""Mending rows that are set aside: what is sound now is kept, with all that waited for it.

A row is read with those that it leans on or that lean on it, as in the document in which it was sent: a
reviewer whose absence has a fault is not kept without it, and their cases come in with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from allocator.errors import BadInput, Fault
from allocator.intake.quarantine import LEANS, STAYS
from allocator.intake.references import REFERENCES, listed
from allocator.intake.specs import KEYS
from allocator.store import quarantine
from allocator.store.aside import Aside, bare
from allocator.store.database import Tx
from allocator.store.importing import Imported, checked_tables, keep_tables
from allocator.store.kinds import KINDS
from allocator.store.quarantine import Wanted
from allocator.store.writing import Checked

Name = tuple[str, str]
"""A kind, and an id of it."""


@dataclass(frozen=True)
class Tried:
    """Rows that were set aside, read again.

    Parameters
    ----------
    checked : by kind what came of that
    places : by number the place of each among those of its kind
    """

    rows: Sequence[Aside]
    checked: Mapping[str, Checked]
    places: Mapping[int, int]

    def faults_of(self, one: Aside) -> tuple[Fault, ...]:
        """What is wrong with a row; nothing if it can be kept."""
        return tuple(self.checked[one.kind].faults.get(self.places[one.number], ()))


@dataclass(frozen=True)
class Mended:
    """What came of mending.

    Parameters
    ----------
    kept : numbers of the rows that are kept now
    waiting : those that are right by themselves, and refer to some that are not
    """

    imported: Imported
    kept: tuple[int, ...]
    waiting: tuple[int, ...]


def try_one(connection: Connection, number: int, fields: Mapping[str, Any], day: date, mine: Wanted) -> Tried:
    """A row with other fields, read with those that it hangs together with.

    Parameters
    ----------
    fields : laid over the row; None takes a field out
    mine : the rows that may come in with it; others stay where they are

    Raises
    ------
    Unknown
        There is no such row.
    Conflict
        `quarantine-ended`: it is open no more.
    BadInput
        It has faults that are its own, each with a pointer into the row.
    """
    one = quarantine.open_one(connection, number)
    said = {name: value for name, value in {**one.row, **fields}.items() if value is not None}
    changed = quarantine.anew(connection, one, said)
    others = [each for each in quarantine.every_open(connection, mine) if each.number != number]
    tried = _tried(connection, _together(changed, others), day)
    own = [fault for fault in tried.faults_of(changed) if fault.code != LEANS]
    if own:
        raise BadInput(own)
    return tried


def try_all(connection: Connection, wanted: Wanted, day: date) -> Tried:
    """All open rows that are asked for, read again as they are."""
    return _tried(connection, quarantine.every_open(connection, wanted), day)


def keep_tried(tx: Tx, tried: Tried, day: date) -> Mended:
    """What came of rows that were read again: the sound ones are kept, the others wait as they are now."""
    still = [one for one in tried.rows if tried.faults_of(one)]
    numbers = {one.number for one in still}
    sound = [one for one in tried.rows if one.number not in numbers]
    passed = [one for one in sound if not _is_kept(tried, one)]
    quarantine.amend(tx, [replace(one, faults=tuple(map(bare, tried.faults_of(one)))) for one in still])
    done = keep_tables(tx, tried.checked, day)
    left = {one.number for one in quarantine.every_open(tx.connection)}
    quarantine.end(tx, [one for one in sound if one.number in left and one not in passed], "mended")
    quarantine.end(tx, [one for one in passed if one.number in left], "replaced")
    waiting = (one for one in still if all(fault.code == LEANS for fault in tried.faults_of(one)))
    kept = (one.number for one in sound if one not in passed)
    return Mended(done, tuple(kept), tuple(one.number for one in waiting))


def dismiss(tx: Tx, number: int, why: str) -> Aside:
    """The row, which counts for nothing from now on.

    Raises
    ------
    Unknown, Conflict
        There is no such row, or it is open no more.
    """
    found = quarantine.open_one(tx.connection, number)
    quarantine.end(tx, [found], "dismissed", why)
    return replace(found, how="dismissed", why=why, ended_at=tx.at)


def _tried(connection: Connection, rows: Iterable[Aside], day: date) -> Tried:
    sent = defaultdict[str, list[Mapping[str, Any]]](list)
    places, every = {}, list(rows)
    for one in every:
        places[one.number] = len(sent[one.kind])
        sent[one.kind].append(one.row)
    return Tried(every, checked_tables(connection, sent, day, partial=True), places)


def _together(first: Aside, others: Sequence[Aside]) -> list[Aside]:
    """A row, those that it refers to or that refer to it, and so on: whatever may be kept with it alone."""
    every = [first, *others]
    owners, namers = defaultdict[Name, list[Aside]](list), defaultdict[Name, list[Aside]](list)
    for one in every:
        for name in _owned(one):
            owners[name].append(one)
        for name in _named(one):
            namers[name].append(one)
    found, waiting = {first.number: first}, [first]
    while waiting:
        one = waiting.pop()
        near = [each for name in _owned(one) for each in (*owners[name], *namers[name])]
        near += [each for name in _named(one) for each in owners.get(name, ())]
        waiting += [each for each in near if each.number not in found]
        found |= {each.number: each for each in near}
    return list(found.values())


def _owned(one: Aside) -> Iterator[Name]:
    if one.kind in KEYS and one.record_id is not None:
        yield one.kind, one.record_id


def _named(one: Aside) -> Iterator[Name]:
    """Yield what a row refers to, and would be left out with."""
    for reference in REFERENCES:
        if reference.table == one.kind and (reference.table, reference.column) not in STAYS:
            for word in listed(one.row.get(reference.column)):
                yield reference.to, KINDS[reference.to].written(word)


def _is_kept(tried: Tried, one: Aside) -> bool:
    """Whether a row without faults is kept, and is not passed over as a newer version is known."""
    return tried.checked[one.kind].ids[tried.places[one.number]] is not None
