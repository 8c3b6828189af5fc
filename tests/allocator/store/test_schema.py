"""The shape of the database: from nothing and from every earlier revision to what the program says."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from allocator.store import Database, schema
from allocator.store.lines import lines_of

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)


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


def test_lines_of_plans_from_before_say_what_their_plans_say(empty: Database) -> None:
    """Of a plan that an earlier version kept; one that was forgotten says nothing."""
    schema.upgrade(empty, "0005")
    said = {"hours": 12.5, "finish_on": "2026-10-01", "on_time": True, "reason": "It is nearest."}
    document = {"assignments": [{"case_id": "C1", "role": "lead", "reviewer_id": "R1", **said}]}
    packed = zlib.compress(json.dumps(document).encode())
    plan = {"plan_id": "P", "areas": "[]", "at": NOW, "day": NOW.date()}
    with empty.shape() as connection:
        for number, kept in ((1, packed), (2, b"")):
            connection.execute(
                text(
                    "INSERT INTO plans"
                    " (plan, plan_id, areas, made_at, known_at, as_of, document, certificate)"
                    " VALUES (:number, :plan_id, :areas, :at, :at, :day, :kept, :kept)"
                ),
                {**plan, "number": number, "kept": kept},
            )
            connection.execute(
                text(
                    "INSERT INTO plan_lines (plan, case_id, role, advised, reviewer_id, state, basis)"
                    " VALUES (:number, 'C1', 'lead', 'R1', 'R1', 'proposed', '{}')"
                ),
                {"number": number},
            )
    schema.upgrade(empty)
    with empty.read() as connection:
        assert [one.advice for one in lines_of(connection, 1)] == [said]
        assert [one.advice for one in lines_of(connection, 2)] == [None]
