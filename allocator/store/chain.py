"""The audit lines: who changed what, when and why, each chained to the one before by its hash.

A line holds ids and a digest of the values; the values and the salt of the digest lie beside it. With those
deleted, as retention asks, the chain still verifies, and nobody can guess the values back from the digest.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select

from allocator.errors import BadInput, Fault
from allocator.store.database import Tx
from allocator.store.tables import audit_lines, audit_values

NOTHING = "0" * 64
"""What stands before the first line."""
ROWS_AT_ONCE = 10_000
FORGET = "forget"
"""The action after which the values of a record's earlier lines may be gone."""
Document = Mapping[str, Any]
Salt = Callable[[], str]


@dataclass(frozen=True)
class Entry:
    """What one change is, for the line about it.

    Parameters
    ----------
    action : what was done, such as `put`
    kind, record_id : to which record
    before, after : what it was and is; None for nothing
    """

    action: str
    kind: str
    record_id: str
    before: Document | None = None
    after: Document | None = None


@dataclass(frozen=True)
class Head:
    """The last line: kept elsewhere, it shows later that nothing before it was changed or cut off."""

    number: int
    hash: str

    def __str__(self) -> str:
        """Return it on one line: `12:ab34…`."""
        return f"{self.number}:{self.hash}"

    @staticmethod
    def of(line: str) -> Head:
        """The head that was written on one line.

        Raises
        ------
        BadInput
            It is no such line.
        """
        number, _, found = line.strip().partition(":")
        if not number.isascii() or not number.isdigit() or re.fullmatch("[0-9a-f]{64}", found) is None:
            hint = "the line that `allocator audit verify` wrote, NUMBER:HASH"
            raise BadInput([Fault("bad-head", "this is no head of the audit", value=line[:80], hint=hint)])
        return Head(int(number), found)


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold, and why."""

    number: int
    why: str


def new_salt() -> str:
    """Sixteen random bytes, in hex."""
    return secrets.token_hex(16)


def append(tx: Tx, entries: Sequence[Entry], salt: Salt = new_salt) -> None:
    """Nothing; each entry has its line, the next in the chain, and its values beside it."""
    last = head(tx.connection)
    number, previous = last.number, last.hash
    lines, values = [], []
    for one in entries:
        number += 1
        kept = {"number": number, "salt": salt(), "before": one.before, "after": one.after, "note": tx.note}
        line: dict[str, Any] = {
            "number": number,
            "at": tx.at,
            "actor": tx.actor,
            "action": one.action,
            "kind": one.kind,
            "record_id": one.record_id,
            "reason": tx.reason,
            "values_digest": _values_digest(kept),
            "previous": previous,
        }
        previous = line["hash"] = _hash(line)
        lines.append(line)
        values.append(kept)
    if lines:
        tx.connection.execute(insert(audit_lines), lines)
        tx.connection.execute(insert(audit_values), values)


def head(connection: Connection) -> Head:
    """The last line's number and hash; 0 where there is none yet."""
    query = select(audit_lines.c.number, audit_lines.c.hash).order_by(audit_lines.c.number.desc()).limit(1)
    row = connection.execute(query).first()
    return Head(0, NOTHING) if row is None else Head(row.number, row.hash)


def verify(connection: Connection, noted: Head | None = None) -> Iterator[Broken]:
    """Yield each place where the chain does not hold: a line or its values changed, a line removed.

    Parameters
    ----------
    noted : a head that was noted earlier; without one, lines cut off the end are not found
    """
    number, previous = 0, NOTHING
    forgotten = _forgotten(connection)
    for row, values in _all(connection):
        if row.number != number + 1:
            gap = (
                f"line {number + 1}"
                if row.number == number + 2
                else f"lines {number + 1} to {row.number - 1}"
            )
            yield Broken(row.number, f"{gap} before it cannot be found")
        elif row.previous != previous:
            yield Broken(row.number, "it does not follow the line before it")
        if row.hash != _hash(row._asdict()):
            yield Broken(row.number, "it was changed after it was written")
        if values is None and row.number > forgotten.get((row.kind, row.record_id), 0):
            yield Broken(row.number, "the values beside it were deleted, and not by retention")
        if values is not None and row.values_digest != _values_digest(values):
            yield Broken(row.number, "the values beside it were changed")
        if noted is not None and row.number == noted.number and row.hash != noted.hash:
            yield Broken(row.number, "it is not the line that was noted")
        number, previous = row.number, row.hash
    if noted is not None and number < noted.number:
        yield Broken(noted.number, f"line {noted.number} was noted, and the last one now is {number}")


def lines(
    connection: Connection, number: int, limit: int | None = None, where: ColumnElement[bool] | None = None
) -> list[dict[str, Any]]:
    """So many lines at most that come after a number, or all, each with the values beside it.

    Parameters
    ----------
    where : those of which this holds; None: all
    """
    beside = audit_lines.outerjoin(audit_values, audit_lines.c.number == audit_values.c.number)
    columns = (*audit_lines.c, audit_values.c.before, audit_values.c.after, audit_values.c.note)
    query = select(*columns).select_from(beside).where(audit_lines.c.number > number)
    query = query if where is None else query.where(where)
    rows = connection.execute(query.order_by(audit_lines.c.number).limit(limit))
    return [row._asdict() for row in rows]


def actions(connection: Connection, number: int, limit: int) -> list[Row[Any]]:
    """`action`, `kind` and `record_id` of so many lines at most that come after a number."""
    columns = (audit_lines.c.action, audit_lines.c.kind, audit_lines.c.record_id)
    query = select(*columns).where(audit_lines.c.number > number).order_by(audit_lines.c.number).limit(limit)
    return list(connection.execute(query))


def forget(tx: Tx, kind: str, record_ids: Sequence[str]) -> int:
    """How many lines had their values deleted: all those about the records."""
    about = select(audit_lines.c.number).where(
        audit_lines.c.kind == kind, audit_lines.c.record_id.in_(record_ids)
    )
    done = tx.connection.execute(delete(audit_values).where(audit_values.c.number.in_(about)))
    return int(done.rowcount)


def count(connection: Connection) -> int:
    """How many lines there are."""
    return int(connection.execute(select(func.count()).select_from(audit_lines)).scalar_one())


def _all(connection: Connection) -> Iterator[tuple[Row[Any], dict[str, Any] | None]]:
    """Yield every line in order with the values beside it, if they are still there."""
    first = 0
    while True:
        query = select(audit_lines).where(audit_lines.c.number > first).order_by(audit_lines.c.number)
        rows = connection.execute(query.limit(ROWS_AT_ONCE)).all()
        if not rows:
            return
        wanted = audit_values.c.number.between(rows[0].number, rows[-1].number)
        beside = {one.number: one._asdict() for one in connection.execute(select(audit_values).where(wanted))}
        yield from ((row, beside.get(row.number)) for row in rows)
        first = rows[-1].number


def _forgotten(connection: Connection) -> dict[tuple[str, str], int]:
    """By kind and id of what was forgotten, the number of the line that says so."""
    query = select(audit_lines.c.kind, audit_lines.c.record_id, func.max(audit_lines.c.number).label("at"))
    about = query.where(audit_lines.c.action == FORGET).group_by(audit_lines.c.kind, audit_lines.c.record_id)
    return {(row.kind, row.record_id): row.at for row in connection.execute(about)}


def _values_digest(values: Mapping[str, Any]) -> str:
    content = {key: values[key] for key in ("before", "after", "note") if values[key] is not None}
    return hashlib.sha256(values["salt"].encode() + rfc8785.dumps(content)).hexdigest()


def _hash(line: Mapping[str, Any]) -> str:
    """The hash of a line: of all that is in it, the hash of the one before too."""
    at: datetime = line["at"]
    content = {key: value for key, value in line.items() if key != "hash" and value is not None}
    return hashlib.sha256(rfc8785.dumps(content | {"at": at.isoformat(timespec="microseconds")})).hexdigest()
