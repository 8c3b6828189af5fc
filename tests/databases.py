"""Databases to test with: SQLite in a file, and a schema of its own in PostgreSQL, over a real connection."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from allocator.store import Database

KINDS = ("sqlite", "postgresql")
ADMIN = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/test")


@contextmanager
def an_empty(kind: str, folder: Path) -> Iterator[Database]:
    """A database with nothing in it, which is gone afterwards."""
    if kind == "sqlite":
        database = Database(str(folder / "store.db"))
        yield database
        database.close()
        return
    name = f"store_{uuid.uuid4().hex[:12]}"
    with _postgresql() as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        database = Database(f"{ADMIN}?options=-csearch_path%3D{name}")
        try:
            yield database
        finally:
            database.close()
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def _postgresql() -> psycopg.Connection[object]:
    """A connection to the PostgreSQL of the tests; without one they are skipped, and fail where CI is."""
    try:
        return psycopg.connect(ADMIN, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        line = f"no PostgreSQL at {ADMIN} ({str(error).splitlines()[0]})"
        if os.environ.get("CI") == "true":
            pytest.fail(line)
        pytest.skip(line)
