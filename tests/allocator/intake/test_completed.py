"""Completed reviews are read as a snapshot's tables are: every fault at once, with its line and a hint."""

# ruff: noqa: E501 - messages are compared whole

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.errors import BadInput
from allocator.intake import read_completed
from allocator.intake.codes import CODES

TODAY = date(2026, 5, 1)
SOUND: dict[str, Any] = {
    "case_id": "C1", "review_type": "Initial", "hours": "12.5", "reviewer_id": "R1", "employment": "day_job",
    "reviews_before": "0", "admin_hours": "3", "notified_on": "2025-10-01", "allocated_on": "2025-11-01",
    "evidence_received_on": "2025-12-01", "begun_on": "2025-12-03", "finished_on": "2026-01-10",
    "completed_on": "2026-01-20", "hold_days": "0", "returned": "false",
}  # fmt: skip


def written(path: Path, *rows: dict[str, Any]) -> Path:
    """Return a CSV file of some rows, each the sound one with changes."""
    file = path / "done.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(SOUND))
        writer.writeheader()
        writer.writerows({**SOUND, "case_id": f"C{at}", **row} for at, row in enumerate(rows))
    return file


def faults(path: Path) -> list[str]:
    """Return the faults of a file, a line each; none if it is sound."""
    try:
        read_completed(path, today=TODAY)
    except BadInput as error:
        return [f"{fault.code}: {fault}" for fault in error.faults]
    return []


def test_a_sound_file_is_read_as_its_model_writes_it(tmp_path: Path) -> None:
    """Labels in small letters, numbers and days as such; what is empty is not given."""
    first, second = read_completed(
        written(tmp_path, {}, {"employment": "", "returned": ""}), today=TODAY
    ).rows
    assert (first.review_type, first.hours, first.completed_on) == ("initial", 12.5, date(2026, 1, 20))
    assert (first.returned, first.hold_days, second.returned, second.employment) == (False, 0, None, None)


def test_three_columns_are_enough_and_a_mark_is_tolerated(tmp_path: Path) -> None:
    """All else may be missing."""
    (tmp_path / "a.csv").write_text("case_id,review_type,hours\nC1,initial,9\n", encoding="utf-8-sig")
    (row,) = read_completed(tmp_path / "a.csv", today=TODAY).rows
    assert (row.hours, row.reviewer_id, row.notified_on) == (9.0, None, None)


NEAR: list[dict[str, Any]] = [
    {"allocated_on": "2025-10-01"},
    {"finished_on": "2025-12-03", "begun_on": "2025-12-03"},
    {"completed_on": "2026-05-01"},
    {"completed_on": "2026-01-10"},
    {"evidence_received_on": "2026-01-10"},
    {"evidence_received_on": "2025-10-01"},
    {"finished_on": "", "evidence_received_on": "2026-01-20"},
    {"hold_days": "111"},
    {"notified_on": "", "hold_days": "36500"},
    {"hours": "0.1"},
    {"begun_on": "2025-11-02"},
]


@pytest.mark.parametrize("row", NEAR, ids=str)
def test_a_near_miss_is_none(row: dict[str, Any], tmp_path: Path) -> None:
    """The same day is in order; evidence may come before the allocation, and after the work has begun."""
    assert faults(written(tmp_path, row)) == []


BREACHES: list[tuple[dict[str, Any], str]] = [
    ({"hours": "0"}, "out-of-range: done.csv line 2, column hours: `hours` is out of range (value '0'): "
                     "must be more than 0, at most 10000"),
    ({"hours": ""}, "missing-value: done.csv line 2, column hours: `hours` is required: give a value"),
    ({"allocated_on": "2025-09-30"}, "reversed-dates: done.csv line 2, column allocated_on: `allocated_on` is "
     "before a step that it follows (value '2025-09-30'): not before `notified_on`"),
    ({"allocated_on": "", "begun_on": "2025-09-30"}, "reversed-dates: done.csv line 2, column begun_on: "
     "`begun_on` is before a step that it follows (value '2025-09-30'): "
     "not before `notified_on`, `allocated_on`"),
    ({"completed_on": "2026-01-09"}, "reversed-dates: done.csv line 2, column completed_on: `completed_on` is "
     "before a step that it follows (value '2026-01-09'): "
     "not before `notified_on`, `allocated_on`, `begun_on`, `finished_on`"),
    ({"evidence_received_on": "2026-01-11"}, "reversed-dates: done.csv line 2, column evidence_received_on: "
     "`evidence_received_on` is after the work was finished (value '2026-01-11'): "
     "not after `finished_on` and `completed_on`"),
    ({"evidence_received_on": "2025-09-30"}, "reversed-dates: done.csv line 2, column evidence_received_on: "
     "`evidence_received_on` is before `notified_on` (value '2025-09-30'): "
     "the same day as `notified_on` or later"),
    ({"completed_on": "2026-05-02"}, "after-as-of: done.csv line 2, column completed_on: `completed_on` is "
     "after today (value '2026-05-02'): 2026-05-01 or earlier"),
    ({"hold_days": "112"}, "hold-too-long: done.csv line 2, column hold_days: `hold_days` are more than there "
     "are from the notification to the sign-off (value '112'): days on hold, at most all of them"),
    ({"employment": "dayjob"}, "bad-choice: done.csv line 2, column employment: `employment` is not one of "
     "the words allowed (value 'dayjob'): did you mean day_job?"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "message"), BREACHES, ids=[str(row) for row, _ in BREACHES])
def test_one_slip_is_one_fault_that_says_what_is_right(
    row: dict[str, Any], message: str, tmp_path: Path
) -> None:
    """With line, column and value."""
    assert faults(written(tmp_path, row)) == [message]
    assert message.partition(":")[0] in CODES


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """In the order of the lines; an id that stands twice too."""
    found = faults(written(tmp_path, {}, {"hours": "x"}, {"case_id": "C0"}, {"begun_on": "2026-02-01"}))
    assert [line.partition(":")[0] for line in found] == ["not-a-number", "duplicate-id", "reversed-dates"]


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    """Nothing there, a folder, no header, a column of personal data, another encoding."""
    assert faults(tmp_path / "no.csv") == [
        "not-found: no.csv: there is no such file or folder: check the path"
    ]
    assert faults(tmp_path)[0].startswith("unreadable: ")
    for text, code in (("", "no-header"), ("case_id,review_type,hours,surname\n", "personal-data-column"),
                       ("case_id,review_type\n", "missing-column"), ("case_id,\xe9\n", "wrong-encoding")):  # fmt: skip
        (tmp_path / "a.csv").write_bytes(text.encode("latin-1"))
        assert faults(tmp_path / "a.csv")[0].startswith(code)


def test_an_nhs_number_as_id_is_warned_of(tmp_path: Path) -> None:
    """As it is of cases."""
    found = read_completed(written(tmp_path, {"case_id": "9434765919"}), today=TODAY)
    assert [one.code for one in found.warnings] == ["nhs-number-like"]


@given(st.lists(st.lists(st.text(max_size=8), min_size=15, max_size=15), max_size=4) | st.binary(max_size=99))
def test_whatever_is_in_a_file_is_reviews_or_a_list_of_faults(content: bytes | list[list[str]]) -> None:
    """Never anything else."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            with path.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows([list(SOUND), *content])
        for line in faults(path):
            assert line.partition(":")[0] in CODES
