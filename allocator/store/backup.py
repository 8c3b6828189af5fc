"""Backup and restore: the whole store as one file that either kind of database can be restored from.

Gzip-packed lines of JSON: a head, each row of each table, and at the end how many lines there were and their
SHA-256. It is one moment's: it is read in one transaction, while others go on writing.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Integer, LargeBinary, MetaData, func, insert, select, text

from allocator.errors import BadInput, Fault, Unavailable
from allocator.store import chain, checks, events, schema
from allocator.store.chain import Head
from allocator.store.database import Database, Tx

FORMAT = "allocator-backup-1"
ROWS_AT_ONCE = 5_000
Line = dict[str, Any]


@dataclass(frozen=True)
class Saved:
    """What a backup holds.

    Parameters
    ----------
    rows : how many, of all tables
    head : of the audit's chain: kept elsewhere, it shows later what was cut off
    """

    revision: str
    rows: int
    head: Head


def backup(database: Database, file: Path, at: datetime) -> Saved:
    """What the file holds: it is there whole, or not at all, and whatever was there before stays until then.

    Raises
    ------
    BadInput
        There is no store in the database.
    OSError
        The file cannot be written.
    """
    revision = schema.found(database)
    half = file.with_name(f"{file.name}.half")
    with database.read() as connection, gzip.open(half, "wt", encoding="utf-8", newline="\n") as out:
        head = chain.head(connection)
        told = {"format": FORMAT, "revision": revision, "at": at.isoformat(), "head": str(head)}
        sums, rows = hashlib.sha256(), 0
        for line in (told, *_rows(connection)):
            written = json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
            sums.update(written.encode())
            out.write(written)
            rows += 1
        out.write(json.dumps({"lines": rows, "sha256": sums.hexdigest()}) + "\n")
    half.replace(file)
    if revision != schema.revisions()[-1]:
        return Saved(revision, rows - 1, head)  # of another program, which may keep no note of it
    with suppress(Unavailable), database.write("backup", lambda: at) as tx:  # it is made, noted or not
        checks.note(tx, checks.BACKUP, True, str(head))
    return Saved(revision, rows - 1, head)


def restore(database: Database, file: Path) -> Saved:
    """What was restored, into a database that has no store yet: all of it, at this program's revision.

    Raises
    ------
    BadInput
        The database has a store already; or the file is no backup, is damaged, or of a later program; or the
        chain of its audit does not hold.
    """
    if schema.revision_of(database) is not None:
        hint = "restore into a new database, then let the service use that one"
        raise BadInput(
            [Fault("store-there", "the database has a store already", value=database.name, hint=hint)]
        )
    told = _checked(file)
    revision, head = str(told["revision"]), Head.of(str(told["head"]))
    with database.shape() as connection:
        schema.upgrade_on(connection, revision)
        rows = _load(connection, file)
        broken = [f"line {one.number}: {one.why}" for one in chain.verify(connection, head)]
        if broken:
            raise BadInput([_fault(file, f"the audit in it does not hold: {broken[0]}")])
        schema.upgrade_on(connection, schema.HEAD)
        at = datetime.fromisoformat(str(told["at"]))
        events.leave_gap(Tx(connection, at, at, "restore"))
    return Saved(revision, rows, head)


def _rows(connection: Connection) -> Iterator[Line]:
    """Yield each row of each table that the database has, tables before those that refer to them."""
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name != schema.VERSION_TABLE:
            for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table)):
                yield {"table": table.name, "row": {k: _plain(v) for k, v in row._asdict().items()}}


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _checked(file: Path) -> Line:
    """The head of a backup that is whole."""
    sums, count, last = hashlib.sha256(), 0, ""
    head: Line = {}
    try:
        with gzip.open(file, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                if count == 0:
                    head = json.loads(line)
                elif count:
                    sums.update(last.encode())
                last, count = line, count + 1
        end = json.loads(last) if last else {}
    except (OSError, EOFError, ValueError) as error:
        raise BadInput([_fault(file, f"it cannot be read ({type(error).__name__})")]) from error
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadInput([_fault(file, "it is no backup of ours")])
    if not isinstance(end, dict) or end != {"lines": count - 1, "sha256": sums.hexdigest()}:
        raise BadInput([_fault(file, "it is damaged or cut short")])
    if head["revision"] not in schema.revisions():
        raise BadInput([_fault(file, f"it is of a later program (revision {head['revision']})")])
    return head


def _load(connection: Connection, file: Path) -> int:
    """How many rows were put into the tables, which are empty."""
    found = MetaData()
    found.reflect(connection)
    waiting: list[Line] = []
    table, rows = "", 0
    with gzip.open(file, "rt", encoding="utf-8", newline="\n") as lines:
        next(lines)
        for line in lines:
            one = json.loads(line)
            if one.get("table") != table or len(waiting) == ROWS_AT_ONCE:
                _put(connection, found, table, waiting)
                waiting, table = [], one.get("table", "")
            if table:
                waiting.append(one["row"])
                rows += 1
    _put(connection, found, table, waiting)
    if connection.dialect.name == "postgresql":
        _count_on(connection, found)
    return rows


def _put(connection: Connection, found: MetaData, name: str, rows: list[Line]) -> None:
    if rows:
        table = found.tables[name]
        moments = [c.name for c in table.c if isinstance(c.type, DateTime)]
        days = [c.name for c in table.c if c.type.python_type is date]
        packed = [c.name for c in table.c if isinstance(c.type, LargeBinary)]
        for row in rows:
            row.update({name: datetime.fromisoformat(row[name]) for name in moments if row[name]})
            row.update({name: date.fromisoformat(row[name]) for name in days if row[name]})
            row.update({name: base64.b64decode(row[name]) for name in packed if row[name]})
        connection.execute(insert(table), rows)


def _count_on(connection: Connection, found: MetaData) -> None:
    """Let numbers that the database gives go on after those that were loaded."""
    for table in found.tables.values():
        key = list(table.primary_key.columns)
        if len(key) == 1 and isinstance(key[0].type, Integer) and key[0].server_default is not None:
            last = connection.execute(select(func.max(key[0]))).scalar() or 0
            told = {"table": table.name, "column": key[0].name, "next": last + 1}
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :column), :next, false)"), told
            )


def _fault(file: Path, message: str) -> Fault:
    return Fault("bad-backup", message, file=file.name, hint="use another backup")
