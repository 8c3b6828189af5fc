"""One database, SQLite or PostgreSQL, and its two kinds of transaction: many may read, one at a time writes.

A write takes its turn before it reads anything. SQLite's own default would let two read first, and lose
one of the two changes; PostgreSQL would let each check its rules against what the other is about to change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

WAIT_SECONDS = 10.0
_TURN = 0x616C6C6F
"""The key of PostgreSQL's advisory lock that writers take in turn."""


class Busy(Exception):  # noqa: N818 - nothing is wrong with it
    """Another write has the database for longer than we wait; the same call may well succeed later."""


@dataclass(frozen=True)
class Tx:
    """One write: who does it, when and why, and the connection that it is done on.

    Parameters
    ----------
    at : the moment, in UTC, that everything in it is known from
    actor : who, by an id that names a key or an account and no person
    reason : a code of why; None where the action says it
    note : free words beside the code, which retention may delete
    """

    connection: Connection
    at: datetime
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
        given = make_url(url if "://" in url else f"sqlite:///{url}")
        if given.drivername in ("postgresql", "postgres"):
            given = given.set(drivername="postgresql+psycopg")
        self.is_sqlite = given.get_backend_name() == "sqlite"
        self.engine = (
            _sqlite(given.render_as_string(hide_password=False)) if self.is_sqlite else _other(given)
        )
        self.name = given.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on which everything is as it was at one moment."""
        options = (
            {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(
        self, actor: str, at: datetime, reason: str | None = None, note: str | None = None
    ) -> Iterator[Tx]:
        """A transaction that is alone in writing: all of it, or after an error none.

        Raises
        ------
        Busy
            Another write went on for longer than `WAIT_SECONDS`.
        """
        try:
            with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                if not self.is_sqlite:
                    connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN})
                yield Tx(connection, at.astimezone(UTC), actor, reason, note)
        except OperationalError as error:
            if _is_wait(error):
                raise Busy("another change is being written; send it again") from error
            raise

    def close(self) -> None:
        """Nothing; no connection is open any more."""
        self.engine.dispose()


def _is_wait(error: OperationalError) -> bool:
    """Whether a write did not get its turn."""
    locked = isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)
    return locked or getattr(error.orig, "sqlstate", None) == "55P03"


def _sqlite(url: str) -> Engine:
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


def _other(url: object) -> Engine:
    return create_engine(url, pool_pre_ping=True)  # type: ignore[call-overload,no-any-return]
