"""One snapshot in three formats: the same digest, the same certificate, the same plan to the byte."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given

from allocator.allocate import allocate
from allocator.export import write_plan
from allocator.intake import Reading, read_snapshot
from tests.allocator.intake.formats import WRITERS
from tests.system.documents import AS_OF, PLAIN, Document, snapshot_of, stopped_clock
from tests.system.draws import documents
from tests.system.samples import sample


def readings(one: Document, folder: Path) -> list[Reading]:
    """A folder of CSV files, a workbook and a JSON document of the same rows, each read back."""
    tables = {name: rows for name, rows in one.items() if rows}
    return [read_snapshot(write(tables, folder), as_of=AS_OF, today=AS_OF) for write in WRITERS.values()]


def told(read: Reading) -> list[tuple[object, object]]:
    """The warnings without where their rows stand."""
    return sorted((warning.code, warning.message) for warning in read.warnings)


@given(documents())
def test_the_three_formats_give_the_same_snapshot(one: Document) -> None:
    """Equal models, equal digests, equal warnings: all that a plan is made of."""
    with TemporaryDirectory() as temporary:
        first, *others = readings(one, Path(temporary))
    assert len(others) == 2
    assert first.snapshot == snapshot_of(one)
    for other in others:
        assert other.snapshot == first.snapshot
        assert other.snapshot.digest() == first.snapshot.digest()
        assert told(other) == told(first)


def plan_files(read: Reading, out: Path) -> dict[str, Any]:
    """The files of the plan of a snapshot; of plan.json all but seconds and where rows stand."""
    write_plan(allocate(read, PLAIN, stopped_clock), out)
    found: dict[str, Any] = {file.name: file.read_bytes() for file in sorted(out.iterdir())}
    plan = json.loads(found["plan.json"])
    plan["solver"]["seconds"] = 0
    plan["warnings"] = sorted((w["code"], w["message"]) for w in plan["warnings"])
    return {**found, "plan.json": plan}


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_three_formats_give_the_same_plan(tmp_path: Path, seed: int) -> None:
    """Five files, byte for byte, of a made-up queue."""
    snapshot = sample(tmp_path / "queue", 25, 6, seed).snapshot
    document = json.loads(snapshot.model_dump_json(exclude_defaults=True))
    reads = readings(document, tmp_path)
    made = [plan_files(read, tmp_path / f"plan-{at}") for at, read in enumerate(reads)]
    assert [len(files) for files in made] == [5, 5, 5]
    assert made[0] == made[1] == made[2]
