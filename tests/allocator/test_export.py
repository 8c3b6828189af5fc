"""Files: byte for byte as the contract says, and nothing a spreadsheet would run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from allocator.export import cell, files, write_plan
from tests.allocator.build import case, reviewer, snapshot
from tests.allocator.planning import allocated

ASSIGNMENTS = (
    b"case_id,role,reviewer_id,change,previous_reviewer_id,hours,distance_km,start_on,finish_on,complete_by,"
    b"on_time,reason\n"
    b"C1,lead,R1,new,,14,111.2,2026-11-02,2026-12-28,2027-04-01,true,"
    b'"The only reviewer who may lead it, covers QYG as home area, 6 % workload after."\n'
)


def test_five_files_are_written(tmp_path: Path) -> None:
    """Into a directory that need not be there; a second time over the first."""
    one = allocated(snapshot())
    for _ in range(2):
        write_plan(one, tmp_path / "a" / "b")
    assert sorted(f.name for f in (tmp_path / "a" / "b").iterdir()) == sorted(
        ["plan.json", "assignments.csv", "unassigned.csv", "workloads.csv", "certificate.json"]
    )


def test_assignments_to_the_byte() -> None:
    """Line feeds, no trailing zeros, empty cells for what is not known."""
    there = case(latitude=53.0, longitude=0.0)
    one = files(allocated(snapshot([there], [reviewer(latitude=52.0, longitude=0.0)])))
    assert one["assignments.csv"] == ASSIGNMENTS
    assert one["unassigned.csv"] == b"case_id,role,reason_code,reason,remedy\n"
    assert one["workloads.csv"].splitlines()[1] == b"R1,234,0,14,6,1,ok"


def test_plan_json_has_the_contracts_keys_in_its_order() -> None:
    """Whole numbers without a point, nothing for what is not known, one line feed at the end."""
    text = files(allocated(snapshot()))["plan.json"].decode()
    found = json.loads(text)
    assert list(found) == [
        "plan_id",
        "created_at",
        "as_of",
        "snapshot_digest",
        "policy",
        "max_moves",
        "solver",
        "objective",
        "summary",
        "warnings",
        "assignments",
        "unassigned",
        "workloads",
    ]
    assert found["assignments"][0]["distance_km"] is None
    assert '"hours": 14,' in text
    assert text.endswith("}\n")


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@now"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    """The four characters that begin a formula."""
    assert cell(text) == f"'{text}"


def test_ids_are_escaped_in_the_csv_alone() -> None:
    """JSON is no spreadsheet."""
    one = files(allocated(snapshot([case("+C1")])))
    assert b"\n'+C1,lead" in one["assignments.csv"]
    assert json.loads(one["plan.json"])["assignments"][0]["case_id"] == "+C1"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (14, "14"),
        (14.0, "14"),
        (14.25, "14.25"),
        (date(2026, 11, 2), "2026-11-02"),
        ("a-b", "a-b"),
    ],
)
def test_cells(value: object, text: str) -> None:
    """Each kind of value as text."""
    assert cell(value) == text  # type: ignore[arg-type]
