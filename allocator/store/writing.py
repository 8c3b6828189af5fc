"""Writing records: rows as anyone sends them, checked as a snapshot's are, all of them or none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import rfc8785
from pydantic import ValidationError
from sqlalchemy import Connection

from allocator.errors import BadInput, Conflict, Fault, Unknown
from allocator.intake import Context, RowFaults, read_rows
from allocator.store import records
from allocator.store.database import Tx
from allocator.store.kinds import KINDS, Dates, Kind
from allocator.store.near import FEW, organisations_of
from allocator.store.policies import policy_of
from allocator.store.records import Record
from allocator.store.sources import Older, Word

Row = Mapping[str, Any]
Sent = object
"""A row as anyone sends it: an object, if it is right."""
STUBS = {
    "cases": ("case_id", "area", "notified_on", "review_type"),
    "reviewers": ("reviewer_id", "areas", "hours_per_week"),
}
"""As much of a row as what names it needs."""


@dataclass(frozen=True)
class Checked:
    """Rows of one kind, ready to be kept.

    Parameters
    ----------
    ids, bodies : by row; None for a row that is left out
    faults : by row
    words : by case what its source says, of rows that have a version of it
    older, repeated : rows that are passed over, as what they say or something newer is known
    """

    ids: tuple[str | None, ...]
    bodies: tuple[dict[str, Any] | None, ...]
    faults: Mapping[int, tuple[Fault, ...]]
    words: Mapping[str, Word] = field(default_factory=dict)
    older: tuple[Older, ...] = ()
    repeated: frozenset[int] = frozenset()

    @property
    def sound(self) -> dict[str, dict[str, Any]]:
        """By id the rows that can be kept; of two with one id there is none."""
        each = zip(self.ids, self.bodies, strict=True)
        return {record_id: body for record_id, body in each if record_id is not None and body is not None}

    def but(self, more: Mapping[int, Sequence[Fault]]) -> Checked:
        """The same with more faults, and without those rows."""
        faults = {at: (*self.faults.get(at, ()), *more.get(at, ())) for at in sorted({*self.faults, *more})}
        ids = tuple(None if at in faults else one for at, one in enumerate(self.ids))
        bodies = tuple(None if at in faults else one for at, one in enumerate(self.bodies))
        return replace(self, ids=ids, bodies=bodies, faults=faults)

    def refuse(self, prefix: str = "") -> list[Fault]:
        """Every fault, with pointers that begin with the row's place."""
        return [
            replace(fault, pointer=f"{prefix}/{at}{fault.pointer or ''}")
            for at, faults in self.faults.items()
            for fault in faults
        ]


def check_rows(
    connection: Connection,
    sent: Mapping[str, Sequence[Sent]],
    day: date,
    partial: bool = False,
    known: RowFaults | None = None,
) -> dict[str, Checked]:
    """By kind the rows as they would be kept, and what is wrong with the others.

    Parameters
    ----------
    partial : whether the sound rows are to be kept: what leans on the others is left out too
    known : faults of the rows that were found before
    """
    parted = {kind: _parted(KINDS[kind], rows) for kind, rows in sent.items()}
    plain = {kind: one.rows for kind, one in parted.items()}
    context = Context(policy_of(connection), day, _beside(connection, plain))
    read = read_rows(plain, context, partial, known)
    found = {}
    for kind, rows in read.items():
        bodies = [
            None if body is None else body | parted[kind].days.get(at, {})
            for at, body in enumerate(rows.rows)
        ]
        ids = tuple(None if body is None else id_of(KINDS[kind], body) for body in bodies)
        found[kind] = Checked(ids, tuple(bodies), rows.faults).but(parted[kind].faults)
    return found


def check_row(connection: Connection, kind: str, record_id: str, row: Row, day: date) -> Checked:
    """One row, sent as the record of an id that it need not hold itself.

    Raises
    ------
    BadInput
        With all its faults, each pointer into the row.
    """
    of_kind = KINDS[kind]
    whole = {of_kind.key: record_id, **row} if of_kind.key else row
    checked = as_record(of_kind, record_id, check_rows(connection, {kind: [whole]}, day)[kind])
    if checked.faults:
        raise BadInput(checked.faults[0])
    return checked


def as_record(kind: Kind, record_id: str, checked: Checked) -> Checked:
    """The one row under the id that it is sent as; with a fault if it says another one."""
    if kind.key is None:
        return replace(checked, ids=(record_id,))
    found = checked.ids[0]
    if found is None or found == kind.written(record_id):
        return checked
    message = f"the record is {record_id} and the row says {found}"
    return checked.but({0: [Fault("other-id", message, pointer=f"/{kind.key}", value=found)]})


def id_of(kind: Kind, body: Row) -> str:
    """The id of a row: its own, or where it has none one made of all it says, so that it is kept once."""
    if kind.key:
        return str(body[kind.key])
    return f"{kind.name[:-1]}-{hashlib.sha256(rfc8785.dumps(dict(body))).hexdigest()[:16]}"


def put(tx: Tx, kind: str, checked: Checked, expected: Mapping[str, int] | None = None) -> list[Record]:
    """The records of the sound rows, kept. Cases have a way of their own, as somebody may have them.

    Parameters
    ----------
    expected : by id the version that a record must be at, 0 for one that must not be there yet

    Raises
    ------
    Conflict
        `changed-since`: one of them is at another version.
    """
    check_versions(tx, kind, expected or {})
    return records.save(tx, "put", [Record(kind, one, 0, body) for one, body in checked.sound.items()])


def remove(tx: Tx, kind: str, record_id: str, expected: int | None = None) -> Record:
    """The record, taken back: it counts for nothing from now on, and its versions stay.

    Raises
    ------
    Unknown
        There is no such record.
    Conflict
        `not-removable`: of this kind none is; `changed-since`: it is at another version than expected.
    """
    if not KINDS[kind].removable:
        raise Conflict("not-removable", record_id, f"{kind} are not taken back: give a last day, or a state")
    found = records.get(tx.connection, kind, record_id)
    if found is None:
        raise Unknown("not-found", record_id, f"there is no {record_id} among the {kind}")
    if expected is not None:
        check_versions(tx, kind, {record_id: expected})
    return records.save(tx, "remove", [replace(found, removed=True)])[0]


def check_versions(tx: Tx, kind: str, expected: Mapping[str, int]) -> None:
    """Nothing, if every record is at the version that is expected.

    Raises
    ------
    Conflict
        `changed-since`: one is not.
    """
    found = records.get_many(tx.connection, kind, expected)
    for record_id, version in expected.items():
        at = found[record_id].version if record_id in found else 0
        if at != version:
            told = f"it is at version {at}, not {version}" if at else "it is not there yet"
            raise Conflict("changed-since", record_id, f"{told}: read it again")


@dataclass(frozen=True)
class _Parted:
    """Rows without the days that the contract's model does not have, those days, and what is wrong there."""

    rows: list[Sent]
    days: dict[int, dict[str, Any]]
    faults: dict[int, list[Fault]]


def _parted(kind: Kind, rows: Iterable[Sent]) -> _Parted:
    parted = _Parted([], {}, {})
    for at, row in enumerate(rows):
        if not (kind.dated and isinstance(row, Mapping)):
            parted.rows.append(row)
            continue
        given = {name: row[name] for name in Dates.model_fields if name in row}
        parted.rows.append({name: value for name, value in row.items() if name not in given})
        try:
            parted.days[at] = Dates.model_validate(given).model_dump(mode="json", exclude_defaults=True)
        except ValidationError as error:
            parted.faults[at] = list(_wrong_days(error))
    return parted


def _wrong_days(error: ValidationError) -> Iterator[Fault]:
    for one in error.errors(include_url=False, include_context=False):
        name = str(one["loc"][0]) if one["loc"] else None
        pointer = f"/{name}" if name else ""
        yield Fault("not-a-date", one["msg"], pointer=pointer, column=name, hint="a day written YYYY-MM-DD")


def _beside(connection: Connection, sent: Mapping[str, Sequence[Sent]]) -> dict[str, list[dict[str, Any]]]:
    """What rows may name and is not among them: areas and the like, and cases and reviewers that they do."""
    rows = {kind: [row for row in each if isinstance(row, Mapping)] for kind, each in sent.items()}
    own = {
        kind: {KINDS[kind].written(str(row.get(KINDS[kind].key))) for row in each}
        for kind, each in rows.items()
        if KINDS[kind].key
    }
    beside: dict[str, list[dict[str, Any]]] = {}
    for kind, there in _wide(connection, [row for each in rows.values() for row in each]).items():
        beside[kind] = [_plain(one.body) for one in there if one.record_id not in own.get(kind, ())]
    for kind, ids in _named(row for each in rows.values() for row in each).items():
        stubs = records.get_many(connection, kind, ids - own.get(kind, set()))
        beside[kind] = [{key: one.body[key] for key in STUBS[kind]} for one in stubs.values() if one.body]
    return beside


def _wide(connection: Connection, rows: Sequence[Row]) -> dict[str, list[Record]]:
    """Areas, contracts and organisations; of few rows no organisations but those that they lean on."""
    found = {kind: records.every(connection, kind) for kind in ("areas", "contracts")}
    if len(rows) > FEW:
        return found | {"organisations": records.every(connection, "organisations")}
    return found | {
        "organisations": organisations_of(connection, [*rows, *(one.body for one in found["areas"])])
    }


def _named(rows: Iterable[Row]) -> dict[str, set[str]]:
    """The ids of cases and reviewers that rows name."""
    named: dict[str, set[str]] = {"cases": set(), "reviewers": set()}
    for row in rows:
        excluded = row.get("excluded_reviewers")
        listed = excluded if isinstance(excluded, (list, tuple)) else str(excluded).split(";")
        people = (row.get("reviewer_id"), row.get("second_reviewer_id"), *listed)
        named["reviewers"] |= {str(one).strip() for one in people}
        named["cases"].add(str(row.get("case_id")).strip())
    return named


def _plain(body: Row) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in Dates.model_fields}
