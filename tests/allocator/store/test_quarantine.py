"""Rows that are set aside: nothing is lost, each is open once, and what waits for one is kept with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from allocator.errors import BadInput, Conflict
from allocator.store import Database, Imported, Tx, chain, mending, quarantine, records, schema
from allocator.store.backup import backup, restore
from allocator.store.importing import checked_tables, import_tables, keep_tables
from allocator.store.quarantine import Wanted
from allocator.store.retention import forget
from tests.allocator.store.build import AREAS, DAY, LATER, NOW, REVIEWERS, at, case

TABLES: dict[str, list[Any]] = {"areas": AREAS, "reviewers": REVIEWERS}
AWAY = {"reviewer_id": "R1", "from": "2026-12-09", "to": "2026-12-01"}
HELD = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}


def sent(tx: Tx, tables: dict[str, Any]) -> Imported:
    """What became of tables, of which the sound rows are kept and the others set aside."""
    found = checked_tables(tx.connection, tables, DAY, partial=True)
    return keep_tables(tx, found, DAY, quarantine.of_rows(tx.connection, found, tables))


def given(database: Database, **tables: Sequence[Any]) -> Imported:
    """The same, in a write of its own."""
    with at(database) as tx:
        return sent(tx, dict(tables))


def still(database: Database) -> list[tuple[str, str | None]]:
    """Kind and id of each row that is open."""
    with database.read() as connection:
        return [(one.kind, one.record_id) for one in quarantine.every_open(connection)]


def kept(database: Database, kind: str = "cases") -> set[str]:
    """The ids of the records of a kind."""
    with database.read() as connection:
        return {one.record_id for one in records.every(connection, kind)}


def mended(database: Database, number: int, **fields: Any) -> mending.Mended:
    """What came of mending a row."""
    with at(database) as tx:
        tried = mending.try_one(tx.connection, number, fields, DAY, Wanted())
        return mending.keep_tried(tx, tried, DAY)


def test_nothing_is_lost_and_the_counts_add_up(database: Database) -> None:
    """What came is kept or set aside, row by row; columns that the contract does not name are dropped."""
    bad = case("C2", notified_on="soon", nhs_number="943 476 5919")
    done = given(database, **TABLES, cases=[case(), bad, {"case_id": 7, "area": "QXX"}, "nothing"])
    assert vars(done.counts["cases"]) == {
        "received": 4, "kept": 1, "older": 0, "set_aside": 3, "left_out": 0}  # fmt: skip
    with database.read() as connection:
        rows = quarantine.every_open(connection)
    assert [(one.record_id, one.area) for one in rows] == [("C2", "QAA"), ("7", None), (None, None)]
    assert rows[0].row == case("C2", notified_on="soon")
    assert {one.code for one in rows[0].faults} >= {"not-a-date"}
    assert "943" not in str(rows)


def test_the_same_rows_sent_again_change_nothing(database: Database) -> None:
    """No row, no line of the audit; another fault replaces the row that lies there."""
    given(database, **TABLES, cases=[case(area="QXX"), {"case_id": "C2"}])
    with database.read() as connection:
        lines = chain.count(connection)
    given(database, cases=[case(area="QXX"), {"case_id": "C2"}])
    with database.read() as connection:
        assert chain.count(connection) == lines
    given(database, cases=[case(area="QYY")])
    with database.read() as connection:
        first = quarantine.find(connection, 1)
        assert first is not None
        assert first.how == "replaced"
    assert still(database) == [("cases", "C2"), ("cases", "C1")]


def test_two_rows_of_one_id_lie_there_both(database: Database) -> None:
    """Nobody can tell which is right; one is dismissed, and the other is."""
    given(database, **TABLES, cases=[case(), case(priority=3)])
    assert still(database) == [("cases", "C1"), ("cases", "C1")]
    with pytest.raises(BadInput, match="same id"):
        mended(database, 2)
    with at(database) as tx:
        mending.dismiss(tx, 1, "duplicate")
    assert mended(database, 2).kept == (2,)
    assert still(database) == []
    with pytest.raises(Conflict, match="dismissed already"):
        mended(database, 1)


@pytest.mark.parametrize("partial", [False, True])
def test_a_row_that_is_sound_when_it_is_sent_again_is_mended(database: Database, partial: bool) -> None:
    """However it is kept: by an import of whatever kind, or alone."""
    given(database, **TABLES, cases=[case(area="QXX")])
    with at(database) as tx:
        import_tables(tx, {"cases": [case()]}, DAY, partial)
    assert still(database) == []
    assert kept(database) == {"C1"}
    with database.read() as connection:
        one = quarantine.find(connection, 1)
        assert one is not None
        assert (one.how, one.why) == ("mended", None)


def test_an_older_version_neither_mends_nor_replaces(database: Database) -> None:
    """What a source said last lies there until it says something newer, or that is mended."""
    given(database, **TABLES, cases=[case(area="QXX", source_version=5)])
    done = given(database, cases=[case(area="QYY", source_version=4)])
    assert vars(done.counts["cases"]) | {"older": 1, "set_aside": 0} == vars(done.counts["cases"])
    given(database, cases=[case(source_version=3)])
    assert still(database) == [("cases", "C1")]
    assert kept(database) == {"C1"}
    given(database, cases=[case(source_version=6)])
    assert still(database) == []


def test_what_leans_on_a_row_comes_in_with_it(database: Database) -> None:
    """A fault of an absence keeps its reviewer out, and so the cases that they have."""
    given(database, **TABLES, absences=[AWAY], cases=[case(**HELD), case("C2")])
    assert {kind for kind, _ in still(database)} == {"absences", "cases", "reviewers"}
    with database.read() as connection:
        (away,) = quarantine.every_open(connection, Wanted(kinds=["absences"]))
        (reviewer,) = quarantine.every_open(connection, Wanted(kinds=["reviewers"]))
    assert away.area == "QAA"
    waits = mended(database, reviewer.number)
    assert (waits.kept, len(waits.waiting)) == ((), 2)
    assert len(mended(database, away.number, to="2026-12-11").kept) == 3
    assert still(database) == []
    assert kept(database) == {"C1", "C2"}
    assert len(kept(database, "absences")) == 1


def test_two_faults_that_hang_together_are_mended_one_by_one(database: Database) -> None:
    """The first one waits, as it is mended, for the second."""
    wrong = {**REVIEWERS[0], "hours_per_week": 900}
    given(database, areas=AREAS, reviewers=[wrong, *REVIEWERS[1:]], absences=[AWAY])
    with database.read() as connection:
        number = {one.kind: one.number for one in quarantine.every_open(connection)}
    assert mended(database, number["absences"], to="2026-12-11").kept == ()
    assert len(mended(database, number["reviewers"], hours_per_week=9).kept) == 2
    assert still(database) == []


def test_a_fault_that_is_its_own_is_refused_and_the_row_stays(database: Database) -> None:
    """With every fault, at its field."""
    given(database, **TABLES, cases=[case(area="QXX", priority=12)])
    with pytest.raises(BadInput) as caught:
        mended(database, 1, area="QAA")
    assert [(one.code, one.pointer) for one in caught.value.faults] == [("out-of-range", "/priority")]
    assert mended(database, 1, area="QAA", priority=None).kept == (1,)
    with database.read() as connection:
        assert records.every(connection, "cases")[0].body == case()


def test_all_are_tried_again(database: Database) -> None:
    """Once what they named is there: none of them has to be opened."""
    given(database, **TABLES, cases=[case(area="QCC"), case("C2", area="QCC"), case("C3", area="QDD")])
    with at(database) as tx:
        import_tables(tx, {"areas": [{"area": "QCC"}]}, DAY)
        tried = mending.try_all(tx.connection, Wanted(), DAY)
        assert mending.keep_tried(tx, tried, DAY).kept == (1, 2)
    assert still(database) == [("cases", "C3")]


def test_a_mended_id_that_lies_there_already_is_another_copy(database: Database) -> None:
    """Two rows come to say one id: both stay until one is dismissed."""
    given(database, **TABLES, cases=[case(area="QXX"), case("C2", area="QXX")])
    with pytest.raises(BadInput):
        mended(database, 2, case_id="C1", area="QAA")
    assert still(database) == [("cases", "C1"), ("cases", "C2")]


def test_what_a_row_said_is_deleted_after_its_time(database: Database) -> None:
    """With its codes kept; of one that is open nothing is."""
    given(database, **TABLES, cases=[case(area="QXX"), case("C2", area="QXX"), case("C3")])
    with at(database) as tx:
        mending.dismiss(tx, 1, "ended")
    with at(database, LATER + timedelta(days=400)) as tx:
        forget(tx, LATER)
        first, second = quarantine.find(tx.connection, 1), quarantine.find(tx.connection, 2)
        assert first is not None
        assert second is not None
        assert (first.row, [(one.code, one.message) for one in first.faults]) == (
            {},
            [("dangling-reference", "")],
        )
        assert second.row["area"] == "QXX"
        assert list(chain.verify(tx.connection)) == []


def test_it_is_in_a_backup(database: Database, tmp_path: Path) -> None:
    """Rows that are open and those that are not; numbers go on."""
    given(database, **TABLES, cases=[case(area="QXX"), case("C2", area="QXX")])
    with at(database) as tx:
        mending.dismiss(tx, 1, "ended")
    backup(database, tmp_path / "backup.gz", NOW)
    other = Database(str(tmp_path / "other.db"))
    restore(other, tmp_path / "backup.gz")
    assert still(other) == [("cases", "C2")]
    given(other, cases=[case("C3", area="QXX")])
    with other.read() as connection:
        assert [one.number for one in quarantine.every_open(connection)] == [2, 3]
    assert schema.differences(other) == []
    other.close()


def test_what_no_database_keeps_is_tidied(database: Database) -> None:
    """Control characters, numbers that are none, and things within things."""
    odd = {
        "priority": float("nan"),
        "linked_to": "a\0b\ud800",
        "effort_hours": 10**30,
        "skills": [["a"], "b", {}],
    }
    given(database, **TABLES, cases=[case(**odd)])
    with database.read() as connection:
        (one,) = quarantine.every_open(connection)
    assert one.row["priority"] == "nan"
    assert one.row["skills"] == ["b"]
    assert "effort_hours" not in one.row
