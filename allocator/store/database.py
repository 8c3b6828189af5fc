"""One database, SQLite or PostgreSQL, and its two kinds of transaction: many may read, one at a time writes.

A write takes its turn before it reads anything. SQLite's own default would let two read first, and lose
one of the two changes; PostgreSQL would let each check its rules against what the other is about to change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from allocator.errors import BadInput, Busy, Fault, Unavailable
from allocator.store.tables import audit_lines

WAIT_SECONDS = 10.0
TICK = timedelta(microseconds=1)
_WRITING, _SHAPING = 0x616C6C6F, 0x73686170
"""The keys of PostgreSQL's advisory locks that writers, and who changes the tables, take in turn."""


@dataclass(frozen=True)
class Tx:
    """One write: who does it, when and why, and the connection that it is done on.

    Parameters
    ----------
    at : the moment, in UTC, that everything in it is known from: later than that of any write before it
    now : what the clock says, in UTC: for what runs out, such as a lease; it may have been set back
    actor : who, by an id that names a key or an account and no person
    reason : a code of why; None where the action says it
    note : free words beside the code, which retention may delete
    """

    connection: Connection
    at: datetime
    now: datetime
    actor: str
    reason: str | None = None
    note: str | None = None


class Database:
    """A database that is open.

    Parameters
    ----------
    url : `sqlite:///FILE` or `postgresql://…`; a bare path is a file of SQLite
    """

    def __init__(self, url: str) -> None:
        try:
            given = make_url(url if "://" in url else f"sqlite:///{url}")
            if given.drivername in ("postgresql", "postgres"):
                given = given.set(drivername="postgresql+psycopg")
            self.is_sqlite = given.get_backend_name() == "sqlite"
            if not self.is_sqlite and given.get_backend_name() != "postgresql":
                raise ArgumentError(given.get_backend_name())
            self.engine = _sqlite(given) if self.is_sqlite else create_engine(given, pool_pre_ping=True)
        except (ArgumentError, NoSuchModuleError, ValueError) as error:
            hint = "sqlite:///FILE, or postgresql://USER@HOST/NAME"
            raise BadInput(
                [Fault("bad-database", "this is no database", value=url[:80], hint=hint)]
            ) from error
        self.name = given.render_as_string(hide_password=True)

    @property
    def is_there(self) -> bool:
        """False for a file that is not there, which opening would make."""
        file = self.engine.url.database
        return not self.is_sqlite or file in (None, "", ":memory:") or Path(str(file)).exists()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on which everything is as it was at one moment.

        Raises
        ------
        Unavailable
            The database cannot be reached.
        """
        options = (
            {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        with self._reached(), self._connected(**options) as connection:
            yield connection

    @contextmanager
    def write(
        self, actor: str, clock: Callable[[], datetime], reason: str | None = None, note: str | None = None
    ) -> Iterator[Tx]:
        """A transaction that is alone in writing: all of it, or after an error none.

        Its moment is looked at once it has its turn, and is later than that of the one before it, even where
        the clock was set back: what was known at a moment stays so.

        Parameters
        ----------
        clock : tells the present moment

        Raises
        ------
        Busy
            Another write went on for longer than `WAIT_SECONDS`.
        Unavailable
            The database cannot be reached.
        """
        with self._alone(_WRITING) as connection:
            newest = select(audit_lines.c.at).order_by(audit_lines.c.number.desc()).limit(1)
            last, now = connection.execute(newest).scalar(), clock().astimezone(UTC)
            at = now if last is None else max(now, last + TICK)
            yield Tx(connection, at, now, actor, reason, note)

    @contextmanager
    def shape(self, quiet: bool = False) -> Iterator[Connection]:
        """A transaction in which one process alone makes or changes the tables.

        Parameters
        ----------
        quiet : nobody writes meanwhile either: what is counted in it stays so

        Raises
        ------
        Busy, Unavailable
            As for a write.
        """
        with self._alone(_SHAPING, *([_WRITING] if quiet else [])) as connection:
            yield connection

    @contextmanager
    def _alone(self, *turns: int) -> Iterator[Connection]:
        with self._reached(), self._connected(writes=True) as connection:
            if not self.is_sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
                for turn in turns:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": turn})
            yield connection

    @contextmanager
    def _connected(self, **options: Any) -> Iterator[Connection]:
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Say in our words that a database is busy or cannot be reached."""
        try:
            yield
        except DatabaseError as error:
            if _is_wait(error):
                raise Busy("another change is being written; send it again") from error
            if not (isinstance(error, OperationalError) or type(error.orig) is sqlite3.DatabaseError):
                raise  # what it says is not that it cannot be used
            why = str(error.orig).strip().splitlines()[0]
            raise Unavailable(f"the database {self.name} cannot be used: {why}") from error

    def close(self) -> None:
        """Nothing; no connection is open any more."""
        self.engine.dispose()


def _is_wait(error: DatabaseError) -> bool:
    """Whether a write did not get its turn."""
    locked = isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)
    return locked or getattr(error.orig, "sqlstate", None) == "55P03"


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's own comes too late
        for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
