"""One snapshot in three formats: the same digest, the same certificate, the same plan to the byte."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given

from allocator.allocate import allocate
from allocator.export import write_plan
from allocator.intake import read_snapshot
from tests.allocator.intake.formats import WRITERS
from tests.system.documents import AS_OF, PLAIN, Document, stopped_clock
from tests.system.draws import documents


def plan_files(path: Path, out: Path) -> dict[str, Any]:
    """The files of the plan of a snapshot at a path; of plan.json all but seconds and where rows stand."""
    write_plan(allocate(read_snapshot(path, as_of=AS_OF, today=AS_OF), PLAIN, stopped_clock), out)
    found: dict[str, Any] = {file.name: file.read_bytes() for file in sorted(out.iterdir())}
    plan = json.loads(found["plan.json"])
    plan["solver"]["seconds"] = 0
    plan["warnings"] = sorted((w["code"], w["message"]) for w in plan["warnings"])
    return {**found, "plan.json": plan}


@given(documents())
def test_the_three_formats_give_the_same_plan(one: Document) -> None:
    """A folder of CSV files, a workbook and a JSON document of the same rows."""
    given_tables = {name: rows for name, rows in one.items() if rows}
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = [
            plan_files(write(given_tables, folder), folder / f"plan-{name}")
            for name, write in WRITERS.items()
        ]
    assert len(made) == 3
    assert len(made[0]) == 5
    assert made[0] == made[1] == made[2]
