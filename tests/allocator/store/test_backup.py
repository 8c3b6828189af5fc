"""Backup and restore into another database, and what retention deletes."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from allocator.errors import BadInput, Conflict
from allocator.store import (
    Database,
    State,
    cases,
    chain,
    checks,
    events,
    merging,
    queue,
    records,
    schema,
    sending,
    webhooks,
)
from allocator.store.backup import backup, restore
from allocator.store.events import Kind, News, Wanted
from allocator.store.holdings import Holding
from allocator.store.retention import forget
from allocator.store.tables import audit_values, metadata
from allocator.store.webhooks import Wish
from tests.allocator.store.build import DAY, LATER, NOW, at, case, fill

HELD = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}


def content(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but when it was that a backup was made."""
    tables = [table for table in metadata.sorted_tables if table.name != "checks"]
    with database.read() as connection:
        each = {table.name: connection.execute(select(table)).all() for table in tables}
    return {name: sorted((tuple(row) for row in rows), key=str) for name, rows in each.items()}


def lived_in(database: Database) -> None:
    """Some of everything: cases, changes, a merge, a case that has ended."""
    fill(database, case(**HELD), case("C2"), case("C3"))
    with at(database, LATER) as tx:
        cases.take_back(tx, "C1", "lead", "undone")
        cases.give(tx, Holding("C1", "lead", "R2", DAY, tx.at))
        merging.merge(tx, "C3", "C2")
        cases.move(tx, "C2", State.CLOSED)


def test_a_restored_store_is_the_same_and_goes_on(database: Database, tmp_path: Path) -> None:
    """Every row of every table, in a database of either kind; the next change has the next numbers."""
    lived_in(database)
    file = tmp_path / "backup.gz"
    saved = backup(database, file, NOW)
    other = Database(str(tmp_path / "other.db"))
    assert restore(other, file) == saved
    assert content(other) == content(database)
    with database.read() as connection:
        noted = checks.last(connection, checks.BACKUP)
        assert noted is not None
        assert (noted.is_fine, noted.detail) == (True, str(saved.head))
    for one in (database, other):
        with at(one, LATER) as tx:
            cases.take_back(tx, "C1", "lead", "undone")
            cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
    with database.read() as ours, other.read() as theirs:
        assert queue(ours, DAY) == queue(theirs, DAY)
        assert list(chain.verify(theirs, saved.head)) == []
    other.close()


def happens(database: Database, times: int) -> int:
    """The number of the newest event, after so many more."""
    with at(database, LATER) as tx:
        events.tell(tx, [News(Kind.MOVED, "C1", {"state": "in_review"})] * times)
        return events.newest(tx.connection)


def test_who_read_what_a_restored_store_never_knew_is_told_for_good(
    database: Database, tmp_path: Path
) -> None:
    """However many events come after: no number is given twice, restored once or again; none is left out."""
    lived_in(database)
    with at(database, LATER) as tx:
        hook = webhooks.make(tx, Wish("https://cases.example/"))[0]
        known = events.newest(tx.connection)
    backup(database, tmp_path / "backup.gz", NOW)
    lost, before = happens(database, 3), tmp_path / "backup.gz"
    for number in range(2):
        other = Database(str(tmp_path / f"other{number}.db"))
        restore(other, before)
        new = happens(other, 9)
        with other.read() as connection:
            with pytest.raises(Conflict) as refused:
                events.after(connection, lost, Wanted(), 99)
            assert refused.value.code == "cursor-ahead"
            page = events.after(connection, known, Wanted(), 99)
            assert (len(page.events), page.next) == (9, new)
            assert page.events[0].number > lost
        with at(other, LATER) as tx:
            assert sending.set_out(tx) == 9
            assert webhooks.found_webhook(tx.connection, hook.webhook_id).reached == new
            with pytest.raises(Conflict) as refused:
                webhooks.make(tx, Wish("https://cases.example/"), after=lost)
            assert refused.value.code == "cursor-ahead"
        before, known = tmp_path / f"again{number}.gz", new
        backup(other, before, NOW)
        lost = happens(other, 2)
        other.close()


def test_a_backup_of_sqlite_is_restored_into_either(empty: Database, tmp_path: Path) -> None:
    """From a laptop to PostgreSQL, and numbers go on there."""
    laptop = Database(str(tmp_path / "laptop.db"))
    schema.upgrade(laptop)
    lived_in(laptop)
    backup(laptop, tmp_path / "backup.gz", NOW)
    restore(empty, tmp_path / "backup.gz")
    assert content(empty) == content(laptop)
    with at(empty, LATER) as tx:
        cases.take_back(tx, "C1", "lead", "undone")
        cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
    laptop.close()


def test_what_is_no_whole_backup_is_refused(empty: Database, tmp_path: Path) -> None:
    """Cut short, changed, of something else, or not there: the database stays empty."""
    other = Database(str(tmp_path / "other.db"))
    schema.upgrade(other)
    lived_in(other)
    file = tmp_path / "backup.gz"
    backup(other, file, NOW)
    whole = gzip.decompress(file.read_bytes())
    lines = whole.splitlines(keepends=True)
    for number, bad in enumerate((
        gzip.compress(b"".join(lines[:-2])),
        gzip.compress(b"".join([*lines[:3], *lines[4:]])),
        gzip.compress(whole.replace(b'"R2"', b'"R1"')),
        gzip.compress(b'{"format": "other"}\n{}\n'),
        gzip.compress(b""),
        file.read_bytes()[:-20],
        b"no gzip",
    )):  # fmt: skip
        bad_file = tmp_path / f"{number}.gz"
        bad_file.write_bytes(bad)
        with pytest.raises(BadInput) as refused:
            restore(empty, bad_file)
        assert refused.value.faults[0].code == "bad-backup", number
    with pytest.raises(BadInput):
        restore(empty, tmp_path / "not-there.gz")
    assert schema.revision_of(empty) is None
    other.close()


def test_only_an_empty_database_is_restored_into(database: Database, tmp_path: Path) -> None:
    """What is there is never overwritten; and where there is no store there is no backup."""
    lived_in(database)
    backup(database, tmp_path / "backup.gz", NOW)
    before = content(database)
    with pytest.raises(BadInput) as refused:
        restore(database, tmp_path / "backup.gz")
    assert refused.value.faults[0].code == "store-there"
    assert content(database) == before
    nothing = Database(str(tmp_path / "nothing.db"))
    with pytest.raises(BadInput) as refused:
        backup(nothing, tmp_path / "none.gz", NOW)
    assert refused.value.faults[0].code == "no-store"
    assert not (tmp_path / "none.gz").exists()
    nothing.close()


def test_what_has_ended_is_forgotten_in_time_and_the_chain_holds(database: Database) -> None:
    """C2 and its duplicate say nothing more; that they were there, and when, stays."""
    lived_in(database)
    with at(database, LATER + timedelta(days=1)) as tx:
        assert forget(tx, NOW) == ()
        assert forget(tx, LATER + timedelta(hours=1)) == ("C2", "C3")
        assert forget(tx, LATER + timedelta(days=1)) == ()
    with database.read() as connection:
        assert list(chain.verify(connection)) == []
        values = connection.execute(select(audit_values)).all()
        assert not [row for row in values if "C2" in str(row) or "C3" in str(row)]
        assert [one.body for one in records.history(connection, "cases", "C2")][-1] == {}
        assert cases.found_case(connection, "C1").body["area"] == "QAA"
        assert [one.case_id for one in queue(connection, DAY).snapshot.cases] == ["C1"]
    for act in (lambda tx: cases.move(tx, "C2", State.REOPENED), lambda tx: merging.unmerge(tx, "C3")):
        with pytest.raises(Conflict) as refused, at(database) as tx:
            act(tx)
        assert refused.value.code == "forgotten"
