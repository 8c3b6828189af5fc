"""The audit: a line for each change, chained, so that one changed, removed or put in is found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from allocator.errors import BadInput
from allocator.store import Database, cases, chain
from allocator.store.chain import Head
from allocator.store.holdings import Holding
from allocator.store.tables import audit_lines, audit_values
from tests.allocator.store.build import DAY, LATER, at, case, fill


def broken(database: Database, noted: Head | None = None) -> list[tuple[int, str]]:
    """Where the chain does not hold."""
    with database.read() as connection:
        return [(one.number, one.why) for one in chain.verify(connection, noted)]


def head(database: Database) -> Head:
    """The last line."""
    with database.read() as connection:
        return chain.head(connection)


def open_up(database: Database) -> None:
    """Nothing; whoever owns the database has taken the triggers away that keep its lines as they are."""
    with at(database) as tx:
        if database.is_sqlite:
            tx.connection.execute(text("DROP TRIGGER audit_lines_stay_update"))
            tx.connection.execute(text("DROP TRIGGER audit_lines_stay_delete"))
        else:
            tx.connection.execute(text("DROP TRIGGER audit_lines_stay ON audit_lines"))
            tx.connection.execute(text("ALTER TABLE audit_values DROP CONSTRAINT fk_audit_values_number"))


def filled(database: Database) -> Head:
    """Ten lines or so, and the last of them."""
    fill(database, case(), case("C2"))
    with at(database, LATER) as tx:
        cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
    return head(database)


def test_each_change_has_its_line(database: Database) -> None:
    """With who, what, when and why; what is already so has none."""
    last = filled(database)
    then = LATER + timedelta(hours=1)
    with database.write("key:9", lambda: then, reason="family_request", note="rang twice") as tx:
        cases.take_back(tx, "C1", "lead", "undone")
    with database.read() as connection:
        rows = connection.execute(audit_lines.select().order_by(audit_lines.c.number)).all()[last.number :]
        values = connection.execute(
            audit_values.select().where(audit_values.c.number == rows[0].number)
        ).one()
    assert [(row.action, row.kind, row.record_id) for row in rows] == [("take-back", "cases", "C1")] * 2
    assert {(row.actor, row.reason, row.at) for row in rows} == {("key:9", "family_request", then)}
    assert values.before == {"role": "lead", "reviewer_id": "R1", "allocated_on": "2026-11-02"}
    assert (values.after, values.note) == ({"why": "undone"}, "rang twice")
    before = head(database)
    fill(database, case(), case("C2"))
    assert head(database) == before
    assert broken(database) == []


def test_the_database_itself_refuses_to_change_a_line(database: Database) -> None:
    """Nor may one be removed."""
    filled(database)
    for statement in (update(audit_lines).values(actor="nobody"), delete(audit_lines)):
        with pytest.raises(DBAPIError, match="never changed"), at(database) as tx:
            tx.connection.execute(statement)
    assert broken(database) == []


@pytest.mark.parametrize("column", ["actor", "action", "kind", "record_id", "reason", "values_digest", "at"])
def test_a_changed_line_is_found(database: Database, column: str) -> None:
    """Whatever of it was changed."""
    filled(database)
    open_up(database)
    with at(database) as tx:
        value: Any = LATER if column == "at" else "other"
        tx.connection.execute(update(audit_lines).where(audit_lines.c.number == 3).values({column: value}))
    assert (3, "it was changed after it was written") in broken(database)


def test_a_removed_line_is_found(database: Database) -> None:
    """In the middle by the gap it leaves, at the end by a head that was noted."""
    last = filled(database)
    open_up(database)
    with at(database) as tx:
        tx.connection.execute(delete(audit_values).where(audit_values.c.number.in_((2, last.number))))
        tx.connection.execute(delete(audit_lines).where(audit_lines.c.number == last.number))
    lost = (2, "the values beside it were deleted, and not by retention")
    assert broken(database) == [lost]
    ((number, why),) = set(broken(database, last)) - {lost}
    assert number == last.number
    assert why.endswith(f"and the last one now is {last.number - 1}")
    with at(database) as tx:
        tx.connection.execute(delete(audit_lines).where(audit_lines.c.number == 2))
    assert broken(database)[0] == (3, "line 2 before it cannot be found")


def test_a_chain_made_anew_is_found_by_a_noted_head(database: Database) -> None:
    """Whoever changes a line and all hashes after it makes a chain that holds, but another one."""
    last = filled(database)
    open_up(database)
    with at(database) as tx:
        rows = tx.connection.execute(audit_lines.select().order_by(audit_lines.c.number)).all()
        previous = chain.NOTHING
        for row in rows:
            line = row._asdict() | {"actor": "other", "previous": previous}
            line["hash"] = previous = chain._hash(line)
            one = audit_lines.c.number == row.number
            tx.connection.execute(update(audit_lines).where(one).values(**line))
    assert broken(database) == []
    assert broken(database, last) == [(last.number, "it is not the line that was noted")]


def test_changed_and_deleted_values_are_found(database: Database) -> None:
    """Nobody may change them; retention alone deletes them, and says so in a line."""
    last = filled(database)
    with at(database) as tx:
        one = audit_values.c.number == last.number
        tx.connection.execute(update(audit_values).where(one).values(after={"role": "second"}))
    assert broken(database) == [(last.number, "the values beside it were changed")]
    with at(database) as tx:
        tx.connection.execute(delete(audit_values))
    deleted = "the values beside it were deleted, and not by retention"
    assert broken(database) == [(number, deleted) for number in range(1, last.number + 1)]


@given(st.integers(0, 10**9), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_head_is_written_and_read_again(number: int, digest: str) -> None:
    """On one line."""
    assert Head.of(f" {Head(number, digest)}\n") == Head(number, digest)


@pytest.mark.parametrize("line", ["", "12", "12:", "x:" + "a" * 64, "12:" + "g" * 64, "-1:" + "a" * 64])
def test_what_is_no_head_is_a_fault(line: str) -> None:
    """With its code."""
    with pytest.raises(BadInput) as refused:
        Head.of(line)
    assert refused.value.faults[0].code == "bad-head"
