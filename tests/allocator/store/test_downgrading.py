"""Going back to an earlier program: the store has the shape that it knows, and nothing is lost unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import MetaData, insert, text

from allocator.errors import BadInput
from allocator.store import Database, quarantine, schema
from allocator.store.backup import backup
from allocator.store.downgrading import Loss, downgrade
from allocator.store.importing import checked_tables, keep_tables
from allocator.store.tables import notices
from tests.allocator.store.build import DAY, LATER, NOW, at, by_hand, case
from tests.allocator.store.test_backup import content, lived_in
from tests.databases import an_empty


def shape(database: Database) -> dict[str, tuple[list[str], list[str]]]:
    """Of every table its columns and its indexes."""
    found = MetaData()
    with database.read() as connection:
        found.reflect(connection)
    return {
        table.name: (
            sorted(f"{one.name} {one.type} {one.nullable}" for one in table.columns),
            sorted(str(one.name) for one in table.indexes),
        )
        for table in found.sorted_tables
    }


@pytest.mark.parametrize("revision", schema.revisions())
def test_each_revision_is_gone_back_to(empty: Database, revision: str, tmp_path: Path) -> None:
    """Its shape is that of a store that never was any later, and the next upgrade gives this program's."""
    schema.upgrade(empty)
    assert downgrade(empty, revision) == ()
    (tmp_path / "other").mkdir()
    with an_empty("sqlite" if empty.is_sqlite else "postgresql", tmp_path / "other") as other:
        schema.upgrade(other, revision)
        assert shape(empty) == shape(other)
    schema.upgrade(empty)
    assert schema.differences(empty) == []


def test_what_would_be_lost_is_refused_unless_told_so(database: Database) -> None:
    """A row that is set aside, before there was any such place: counted, and nothing done unasked."""
    lived_in(database)
    with at(database, LATER) as tx:
        rows = {"cases": [case("C9", notified_on="soon")]}
        found = checked_tables(tx.connection, rows, DAY, partial=True)
        keep_tables(tx, found, DAY, quarantine.of_rows(tx.connection, found, rows))
    before = content(database)
    with pytest.raises(BadInput) as refused:
        downgrade(database, "0012")
    assert [str(one) for one in refused.value.faults] == [
        "1 row of `quarantine` would be lost: take a backup; then `--lose` goes back without"
    ]
    assert content(database) == before
    assert schema.revision_of(database) == schema.revisions()[-1]
    assert downgrade(database, "0012", may_lose=True) == (Loss("quarantine", 1),)
    schema.upgrade(database)
    after = content(database)
    assert after.pop("quarantine") == []
    assert after.items() <= before.items()


def test_columns_and_rows_that_go_are_counted_too(database: Database) -> None:
    """To before plans: they go, and what a holding says of its publication with them."""
    lived_in(database)
    with at(database, LATER) as tx:
        plan = by_hand(tx, ("C1", "lead", "R1"), moved_from={"C1": "R2"})
        notice = {"at": NOW, "code": "no-plan", "detail": "of no case"}
        tx.connection.execute(insert(notices), notice)
    with pytest.raises(BadInput) as refused:
        downgrade(database, "0001")
    said = {str(one.message) for one in refused.value.faults}
    assert plan == 1
    assert {"1 row of `plans` would be lost", "1 row of `notices` would be lost"} <= said
    assert any("row" in one and "`events`" in one for one in said)
    assert downgrade(database, "0010") == ()


@pytest.mark.parametrize("revision", ["", "0014", "head", "-1", "base", "12"])
def test_what_is_no_earlier_revision_is_refused(database: Database, revision: str) -> None:
    """With those that there are; what alembic would understand besides is not told to anybody."""
    with pytest.raises(BadInput) as refused:
        downgrade(database, revision)
    (fault,) = refused.value.faults
    assert (fault.code, fault.value) == ("bad-revision", revision)
    assert "0001 to" in str(fault.hint)


def test_a_later_revision_is_not_gone_back_to(empty: Database) -> None:
    """A store of an earlier program, asked for a shape that it never had."""
    schema.upgrade(empty, "0011")
    with pytest.raises(BadInput) as refused:
        downgrade(empty, "0012")
    assert [one.code for one in refused.value.faults] == ["bad-revision"]
    assert downgrade(empty, "0011") == ()


def test_a_store_of_a_later_program_is_told_and_left_alone(database: Database) -> None:
    """By whoever would upgrade it, go back with it, or use it: it says how to go back."""
    with database.shape() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (schema.upgrade, schema.is_ours, lambda one: downgrade(one, "0012")):
        with pytest.raises(BadInput) as refused:
            act(database)
        (fault,) = refused.value.faults
        assert fault.code == "store-later"
        assert f"allocator downgrade {schema.revisions()[-1]}" in str(fault.hint)
    assert schema.revision_of(database) == "9999"


@pytest.mark.parametrize("revision", ["0001", "0008", schema.revisions()[-2]])
def test_an_earlier_store_can_be_backed_up_before_it_is_upgraded(
    empty: Database, revision: str, tmp_path: Path
) -> None:
    """By this program, as it is; whoever would work with it is told what comes first."""
    schema.upgrade(empty, revision)
    assert backup(empty, tmp_path / "backup.gz", NOW).revision == revision
    with pytest.raises(BadInput) as refused:
        schema.is_ours(empty)
    assert [one.code for one in refused.value.faults] == ["store-earlier"]
