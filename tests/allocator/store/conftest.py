"""Every test of the store runs on both databases, over a real connection, each in a place of its own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from allocator.store import Database, schema

ADMIN = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/test")


def _postgresql() -> psycopg.Connection[object]:
    """A connection to the PostgreSQL of the tests; without one they are skipped, and fail where CI is."""
    try:
        return psycopg.connect(ADMIN, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        line = f"no PostgreSQL at {ADMIN} ({str(error).splitlines()[0]})"
        if os.environ.get("CI") == "true":
            pytest.fail(line)
        pytest.skip(line)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        database = Database(str(tmp_path / "store.db"))
        yield database
        database.close()
        return
    name = f"store_{uuid.uuid4().hex[:12]}"
    with _postgresql() as connection:
        connection.execute(f"CREATE SCHEMA {name}")  # type: ignore[call-overload]
        database = Database(f"{ADMIN}?options=-csearch_path%3D{name}")
        yield database
        database.close()
        connection.execute(f"DROP SCHEMA {name} CASCADE")  # type: ignore[call-overload]


@pytest.fixture
def database(empty: Database) -> Database:
    """A database with the store's tables."""
    schema.upgrade(empty)
    return empty
