"""Going live: an old system's export is kept or set aside to the row, and an area's first plan holds."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from allocator.audit import audit
from allocator.intake import read_snapshot
from allocator.jobs.work import Task, work
from allocator.sample import SampleSpec, make_sample, write_sample
from allocator.sample.aged import Aged, aged
from allocator.store import Database, quarantine, queue, records, schema
from allocator.store.counts import by_area
from allocator.store.importing import checked_tables, keep_tables
from tests.databases import KINDS, an_empty

FAULTS = 240


@cache
def old_system(cases: int = 5_000) -> Aged:
    """The export of a system with so many open cases, half of whose fields are missing."""
    spec = SampleSpec(cases=cases, reviewers=cases // 8, areas=8, seed=11)
    with tempfile.TemporaryDirectory() as folder:
        write_sample(make_sample(spec, spec.rng()), Path(folder))
        found = read_snapshot(Path(folder), today=spec.as_of).snapshot
    content = found.model_dump(mode="json", exclude_defaults=True)
    tables = {name: rows for name, rows in content.items() if isinstance(rows, list)}
    return aged(tables, spec.rng(), faults=FAULTS)


DAY = SampleSpec(cases=1, reviewers=1, areas=1).as_of
NOW = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS)
def test_counts_agree_with_the_source_and_the_first_plan_holds(kind: str, tmp_path: Path) -> None:
    """By table and area, to the row; set aside are the planted ones, and a plan of one area audits clean."""
    source = old_system()
    with an_empty(kind, tmp_path) as database:
        schema.upgrade(database)
        _counts_agree(database, source)
        if kind == KINDS[0]:  # a plan is made of the same rows from either
            _plan_of_an_area_holds(database, str(source.tables["areas"][0]["area"]))


def _counts_agree(database: Database, source: Aged) -> None:
    tables = dict(source.tables)
    with database.write("test", lambda: NOW) as tx:
        found = checked_tables(tx.connection, tables, DAY, partial=True)
        aside = quarantine.of_rows(tx.connection, found, tables)
        done = keep_tables(tx, found, DAY, aside)
        areas = by_area("cases", tables["cases"], found["cases"], done.set_aside)
    for name, rows in tables.items():
        counted = done.counts[name]
        assert counted.received == len(rows)
        assert counted.set_aside == (len(source.planted) if name == "cases" else 0)
    said = Counter(str(row.get("area", "")) for row in tables["cases"])
    assert {area: one.received for area, one in areas.items()} == said
    faulty = Counter(str(row.get("area", "")) for row in tables["cases"] if row["case_id"] in source.planted)
    assert {area: one.set_aside for area, one in areas.items() if one.set_aside} == faulty
    with database.read() as connection:
        lie = {str(one.record_id) for one in quarantine.every_open(connection)}
        assert lie == set(source.planted)
        there = Counter(str(one.area) for one in records.every(connection, "cases"))
    assert there == said - faulty


def _plan_of_an_area_holds(database: Database, area: str) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    made = work(Task(url, (area,), {"effort": 1}, None, 1, NOW), lambda news: None, lambda: False)
    assert made.problem is None
    assert made.answer is not None
    plan = {name: part for name, part in made.answer.items() if name not in ("certificate", "rejected")}
    with database.read() as connection:
        snapshot = queue(connection, DAY, made.known_at, areas=(area,)).snapshot
    assert {one.area for one in snapshot.cases if one.reviewer_id is None} == {area}
    assert plan["assignments"]
    assert audit(snapshot, plan, made.answer["certificate"]) == []
