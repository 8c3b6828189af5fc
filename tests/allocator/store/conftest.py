"""Every test of the store runs on both databases, over a real connection, each in a place of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from allocator.store import Database, schema
from tests.databases import KINDS, an_empty


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it."""
    with an_empty(request.param, tmp_path) as database:
        yield database


@pytest.fixture
def database(empty: Database) -> Database:
    """A database with the store's tables."""
    schema.upgrade(empty)
    return empty
