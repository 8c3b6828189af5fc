"""Keys: shown once, kept as a hash, for a role and some areas, for a time; and calls that are sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from allocator.errors import BadInput, Refused, Unknown
from allocator.store import Database
from allocator.store.callers import Role
from allocator.store.keys import Key, every_key, key_of, make_key, revoke, rotate
from allocator.store.repeats import KEPT, Answered, answered, hash_of, keep
from allocator.store.tables import audit_values, keys
from tests.allocator.store.build import LATER, NOW, at, fill


def found(database: Database, text: str, moment: Any = LATER) -> Key | None:
    """The key that a text opens with at a moment."""
    with database.read() as connection:
        return key_of(connection, text, moment)


def test_a_key_opens_until_it_ends_or_is_revoked(database: Database) -> None:
    """And its secret is kept nowhere."""
    fill(database, moment=NOW - timedelta(hours=1))
    with at(database) as tx:
        key, text = make_key(tx, Role.COORDINATOR, ("QAA",), days=30)
    assert found(database, text) == key
    assert (key.caller.covers("QAA"), key.caller.covers("QBB"), key.caller.covers(None)) == (
        True,
        False,
        True,
    )
    assert found(database, text, NOW + timedelta(days=30)) is None
    secret = text.split("_", 2)[2]
    with database.read() as connection:
        assert secret not in str(connection.execute(select(keys)).all())
        assert secret not in str(connection.execute(select(audit_values)).all())
    with at(database, LATER) as tx:
        revoke(tx, key.key_id)
        assert [one.revoked_at for one in every_key(tx.connection)] == [LATER]
    assert found(database, text) is None
    with pytest.raises(Unknown), at(database, LATER) as tx:
        revoke(tx, "none")


def test_a_key_is_turned_into_the_next_one_and_both_count_for_a_while(database: Database) -> None:
    """For the same role, areas and reviewer; one that has ended is not."""
    fill(database, moment=NOW - timedelta(hours=1))
    with at(database) as tx:
        old, text = make_key(tx, Role.COORDINATOR, ("QAA",), 90)
        new, next_text = rotate(tx, old.key_id, 30, 7)
    assert (new.role, new.areas, new.reviewer_id) == (old.role, old.areas, old.reviewer_id)
    for days, counts in ((6, (True, True)), (7, (False, True)), (30, (False, False))):
        with database.read() as connection:
            now = NOW + timedelta(days=days)
            assert tuple(key_of(connection, one, now) is not None for one in (text, next_text)) == counts
    with at(database) as tx:
        revoke(tx, old.key_id)
        for key_id, code in ((old.key_id, "key-ended"), ("none", "not-found")):
            with pytest.raises(Refused) as caught:
                rotate(tx, key_id, 30, 7)
            assert caught.value.code == code


def test_what_is_no_key_opens_nothing(database: Database) -> None:
    """Another secret, another id, something else, far too long."""
    fill(database)
    with at(database) as tx:
        key, text = make_key(tx, Role.ADMIN)
    assert key.caller.covers("anywhere")
    secret = text.split("_", 2)[2]
    near = [text[:-1], text + "x", text.upper(), f"{text}\n", f"rak_000000000000_{secret}", f"abc{text[3:]}"]
    for wrong in ("", "rak", f"rak_{key.key_id}_", *near, "rak_" + "x" * 10_000, f"rak_\0_{secret}"):
        assert found(database, wrong) is None


@pytest.mark.parametrize(("code", "asked"), [
    ("unknown-area", {"role": Role.COORDINATOR, "areas": ("QZZ",)}),
    ("out-of-range", {"role": Role.COORDINATOR, "days": 0}),
    ("out-of-range", {"role": Role.COORDINATOR, "days": 367}),
    ("reviewer-needed", {"role": Role.REVIEWER}),
    ("unknown-reviewer", {"role": Role.REVIEWER, "reviewer_id": "R9"}),
])  # fmt: skip
def test_a_key_that_cannot_be_is_not_made(database: Database, code: str, asked: Any) -> None:
    """With its code."""
    fill(database)
    with pytest.raises(BadInput) as refused, at(database) as tx:
        make_key(tx, **asked)
    assert [one.code for one in refused.value.faults] == [code]


def test_a_call_is_answered_once_for_each_caller(database: Database) -> None:
    """Until a week is over."""
    answer = Answered(hash_of(b"POST", b"/v1/x"), 201, {"ETag": '"1"'}, "{}")
    with at(database) as tx:
        keep(tx, "again", answer)
    with database.read() as connection:
        assert answered(connection, "key:test", "again") == answer
        assert answered(connection, "key:other", "again") is None
    with at(database, NOW + KEPT + timedelta(seconds=1)) as tx:
        keep(tx, "other", answer)
        assert answered(tx.connection, "key:test", "again") is None


def test_parts_of_a_request_do_not_run_together() -> None:
    """A path that ends where a body begins is another request."""
    assert len({hash_of(b"ab", b"c"), hash_of(b"a", b"bc"), hash_of(b"abc"), hash_of(b"abc", b"")}) == 4
