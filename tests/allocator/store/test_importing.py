"""A whole document into the store: all of it or nothing, or what is sound of it; and back out the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from allocator.errors import BadInput
from allocator.intake import read_snapshot
from allocator.sample import SampleSpec, make_sample, write_sample
from allocator.snapshot import Snapshot
from allocator.store import Database, chain, holdings, import_tables, queue, records
from tests.allocator.store.build import AREAS, DAY, LATER, NOW, REVIEWERS, at, case, fill


def sample(folder: Path, seed: int) -> Snapshot:
    """A made-up snapshot with some of everything."""
    spec = SampleSpec(40, 8, areas=2, seed=seed)
    write_sample(make_sample(spec, spec.rng()), folder)
    return read_snapshot(folder, policy={}, today=DAY).snapshot


def tables(snapshot: Snapshot) -> dict[str, list[object]]:
    """Its tables as JSON."""
    document = snapshot.model_dump(mode="json", exclude_defaults=True)
    return {name: rows for name, rows in document.items() if isinstance(rows, list)}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_imported_comes_out_the_same(database: Database, tmp_path: Path, seed: int) -> None:
    """The snapshot of the store has the digest of the one that was put in; twice is once."""
    snapshot = sample(tmp_path / "sample", seed)
    for moment in (NOW, LATER):
        with at(database, moment) as tx:
            done = import_tables(tx, tables(snapshot), DAY)
            assert done.left_out == {}
    with database.read() as connection:
        assert queue(connection, snapshot.as_of).snapshot.digest() == snapshot.digest()
        assert {one.version for one in records.every(connection, "cases")} == {1}
        assert list(chain.verify(connection)) == []


def test_every_fault_is_told_and_nothing_is_kept(database: Database) -> None:
    """Of all tables at once, each with a pointer into the document."""
    document = {
        "areas": AREAS,
        "reviewers": [*REVIEWERS, {"reviewer_id": "R4", "areas": ["QZZ"], "hours_per_week": 70}],
        "cases": [case(), case("C2", notified_on="soon"), "no row"],
    }
    with pytest.raises(BadInput) as refused, at(database) as tx:
        import_tables(tx, document, DAY)
    found = {(one.code, one.pointer) for one in refused.value.faults}
    assert ("not-a-date", "/cases/1/notified_on") in found
    assert ("dangling-reference", "/reviewers/3/areas") in found
    assert ("out-of-range", "/reviewers/3/hours_per_week") in found
    assert ("not-an-object", "/cases/2") in found
    with database.read() as connection:
        assert chain.count(connection) == 0


def test_what_is_sound_is_kept_if_asked(database: Database) -> None:
    """What leans on a row with a fault is left out with it: R4 with a wrong interest, and what R4 leads."""
    document = {
        "areas": AREAS,
        "reviewers": [*REVIEWERS, {"reviewer_id": "R4", "areas": ["QAA"], "hours_per_week": 7}],
        "cases": [
            case(),
            case("C2", notified_on="soon"),
            case("C3", reviewer_id="R4", allocated_on="2026-10-01"),
        ],
        "interests": [{"reviewer_id": "R4", "kind": "wrong", "organisation": "RXX"}],
    }
    with at(database) as tx:
        done = import_tables(tx, document, DAY, partial=True)
    assert {kind: sorted(rows) for kind, rows in done.left_out.items()} == {
        "reviewers": [3], "cases": [1, 2], "interests": [0]
    }  # fmt: skip
    assert done.kept == {"areas": 2, "reviewers": 3, "cases": 1, "interests": 0}
    with database.read() as connection:
        assert [one.case_id for one in queue(connection, DAY).snapshot.cases] == ["C1"]


def test_two_rows_of_one_id_are_both_refused(database: Database) -> None:
    """Nobody can tell which is right."""
    with pytest.raises(BadInput), at(database) as tx:
        import_tables(tx, {"areas": AREAS, "cases": [case(), case(priority=2)]}, DAY)
    with at(database) as tx:
        done = import_tables(tx, {"areas": AREAS, "cases": [case(), case(priority=2)]}, DAY, partial=True)
    assert done.kept["cases"] == 0


def test_who_has_what_is_asked_once_however_many_organisations_change(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A national import has hundreds: asking for each took seven times as long as all the rest."""
    asked: list[int] = []
    plain = holdings.current

    def counted(*given: Any) -> Any:
        asked.append(1)
        return plain(*given)

    monkeypatch.setattr(holdings, "current", counted)
    fill(database, case(), organisations=[{"organisation": f"R{at}"} for at in range(9)])
    assert len(asked) <= 1
