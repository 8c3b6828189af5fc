"""A plan on disk: the three CSV files say what plan.json says."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from allocator.audit import audit_folder
from tests.allocator.audit import hand


def _cell(value: object) -> str:
    """Return a value as a CSV cell."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _write(folder: Path, plan: dict[str, Any]) -> None:
    """Write the files of a plan."""
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    (folder / "certificate.json").write_text(json.dumps(hand.certificate()), encoding="utf-8")
    for name in ("assignments", "unassigned", "workloads"):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(plan[name][0])
            writer.writerows([_cell(value) for value in line.values()] for line in plan[name])


def _codes(folder: Path) -> set[str]:
    return {finding.code for finding in audit_folder(hand.SNAPSHOT, folder)}


def test_files_that_agree_are_right(tmp_path: Path) -> None:
    """Numbers without trailing zeros, empty for nothing, true and false in small letters."""
    _write(tmp_path, hand.plan())
    assert audit_folder(hand.SNAPSHOT, tmp_path) == []
    whole = hand.plan()
    whole["assignments"][0]["hours"] = 14.0
    (tmp_path / "plan.json").write_text(json.dumps(whole), encoding="utf-8")
    assert audit_folder(hand.SNAPSHOT, tmp_path) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("assignments.csv", "C1,lead,R1,new", "C1,lead,R2,new"),
        ("assignments.csv", ",14,", ",14.0,"),
        ("assignments.csv", "true", "True"),
        ("assignments.csv", "case_id,role", "role,case_id"),
        ("assignments.csv", "C1,lead,", "C1,lead,,"),
        ("unassigned.csv", "skill", "area"),
        ("unassigned.csv", "C4,lead,skill,By hand.,\n", ""),
        ("workloads.csv", "15.4", "15.5"),
        ("workloads.csv", "R1,156", '"R1"x,156'),
    ],
)
def test_a_file_that_says_otherwise_is_found(tmp_path: Path, file: str, old: str, new: str) -> None:
    """A cell, a line, a column, or the way of writing."""
    _write(tmp_path, hand.plan())
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert _codes(tmp_path) == {"files"}


@pytest.mark.parametrize(
    "file", ["plan.json", "assignments.csv", "unassigned.csv", "workloads.csv", "certificate.json"]
)
@pytest.mark.parametrize("damage", [None, b"", b"\xff\xfe{", b"[[["])
def test_a_missing_or_damaged_file_is_found(tmp_path: Path, file: str, damage: bytes | None) -> None:
    """Whichever it is, and however it is damaged."""
    _write(tmp_path, hand.plan())
    (tmp_path / file).unlink()
    if damage is not None:
        (tmp_path / file).write_bytes(damage)
    assert "files" in _codes(tmp_path)


def test_a_plan_that_is_no_object_is_found(tmp_path: Path) -> None:
    """A list, or lines that are none."""
    _write(tmp_path, hand.plan())
    (tmp_path / "plan.json").write_text("[]", encoding="utf-8")
    assert _codes(tmp_path) == {"shape"}
    (tmp_path / "plan.json").write_text(json.dumps(hand.plan() | {"unassigned": [1, 2]}), encoding="utf-8")
    assert {"files", "shape"} <= _codes(tmp_path)


def test_a_cell_that_a_spreadsheet_would_run_is_escaped(tmp_path: Path) -> None:
    """An apostrophe before it is the same text; other text is not."""
    plan = hand.plan()
    plan["unassigned"][0]["reason"] = "=1+1"
    _write(tmp_path, plan)
    assert audit_folder(hand.SNAPSHOT, tmp_path) == []
    path = tmp_path / "unassigned.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("=1+1", "'=1+1"), encoding="utf-8")
    assert audit_folder(hand.SNAPSHOT, tmp_path) == []
    path.write_text(path.read_text(encoding="utf-8").replace("'=1+1", "''=1+1"), encoding="utf-8")
    assert _codes(tmp_path) == {"files"}
