"""The shape of the database: from nothing and from every earlier revision to what the program says."""

from __future__ import annotations

import pytest

from allocator.store import Database, schema


@pytest.mark.parametrize("revision", schema.revisions())
def test_each_revision_becomes_the_last(empty: Database, revision: str) -> None:
    """And then nothing differs from the program's own tables."""
    schema.upgrade(empty, revision)
    assert schema.revision_of(empty) == revision
    schema.upgrade(empty)
    assert schema.revision_of(empty) == schema.revisions()[-1]
    assert schema.differences(empty) == []


def test_an_empty_database_has_no_store(empty: Database) -> None:
    """Until it is made; making it again changes nothing."""
    assert schema.revision_of(empty) is None
    schema.upgrade(empty)
    schema.upgrade(empty)
    assert schema.differences(empty) == []
