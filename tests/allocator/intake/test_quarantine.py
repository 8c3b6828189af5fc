"""Planning the sound rows: what is left out with what, and that nothing unsafe stays."""

import copy
import csv
import random
from pathlib import Path
from typing import Any

import pytest

from allocator.errors import BadInput, Fault
from allocator.intake import Reading, Rejected, parse_snapshot, read_snapshot, write_rejected
from tests.allocator.intake.formats import TODAY, WRITERS, Document, as_folder, sound
from tests.allocator.intake.kinds import KINDS
from tests.allocator.intake.test_kinds import HEADERS, spoilt


def quarantined(document: Document) -> Reading:
    """Return the sound rows of a document."""
    return parse_snapshot(document, today=TODAY, quarantine=True)


def left_out(reading: Reading) -> list[tuple[str, str, str]]:
    """Return (table, id, code of the first fault) of each row left out."""
    return [(row.table, row.id, row.faults[0].code) for row in reading.rejected]


def without(document: Document, reading: Reading) -> Document:
    """Return the document without the rows left out."""
    gone = {row.pointer for row in reading.rejected}
    return {
        name: [row for at, row in enumerate(rows) if f"/{name}/{at}" not in gone]
        for name, rows in document.items()
    }


def test_a_sound_snapshot_loses_nothing() -> None:
    """Quarantine of what has no fault is the plain reading."""
    assert quarantined(sound()) == parse_snapshot(sound(), today=TODAY)


def test_a_case_takes_its_declines_and_interests_with_it() -> None:
    """Their reviewers stay: the case they are about is not planned."""
    document = sound()
    document["cases"][0]["priority"] = 12
    document["cases"][2]["latitude"] = 1
    reading = quarantined(document)
    assert left_out(reading) == [
        ("cases", "C1", "out-of-range"),
        ("cases", "C3", "half-position"),
        ("declines", "R2", "refers-to-rejected"),
        ("interests", "R2", "refers-to-rejected"),
    ]
    assert [row.reviewer_id for row in reading.snapshot.reviewers] == ["R1", "R2"]
    assert reading.rejected[2].faults[0].message == "case_id `C1` was left out (/cases/0)"


def test_a_reviewer_takes_their_held_cases_and_seconds_with_them() -> None:
    """Held cases are never silently released; an exclusion of the reviewer stays where it is."""
    document = sound()
    document["reviewers"][1]["hours_per_week"] = 99
    reading = quarantined(document)
    assert left_out(reading) == [
        ("cases", "C2", "refers-to-rejected"),
        ("reviewers", "R2", "out-of-range"),
        ("declines", "R2", "refers-to-rejected"),
        ("interests", "R2", "refers-to-rejected"),
    ]
    assert reading.snapshot.cases[0].excluded_reviewers == ("R2",)
    assert [one.code for one in reading.warnings] == ["held-work-rejected", "unknown-excluded"]
    assert str(reading.warnings[0]) == (
        "/cases/1/reviewer_id: this case was left out, so `R1` looks freer than they are "
        "(value 'R1'): mend the row"
    )


@pytest.mark.parametrize(
    ("table", "slip"),
    [("absences", {"percent": 400}), ("declines", {"case_id": "C9"}), ("interests", {"kind": "cousin"})],
)
def test_a_slip_in_what_binds_a_reviewer_takes_the_reviewer(table: str, slip: dict[str, Any]) -> None:
    """A lost interest could let a conflict through, so whoever it binds is not planned at all."""
    document = sound()
    document[table][0] |= slip
    owner = document[table][0]["reviewer_id"]
    reading = quarantined(document)
    assert ("reviewers", owner, "refers-to-rejected") in left_out(reading)
    assert owner not in [row.reviewer_id for row in reading.snapshot.reviewers]
    assert not any(owner in (case.reviewer_id, case.second_reviewer_id) for case in reading.snapshot.cases)


def test_of_two_rows_with_one_id_neither_stays() -> None:
    """Nobody can tell which is right; the other rows of that reviewer go too."""
    document = sound()
    document["reviewers"].append({"reviewer_id": "R1", "areas": ["Q1"], "hours_per_week": 1})
    assert left_out(quarantined(document)) == [
        ("cases", "C2", "refers-to-rejected"),
        ("reviewers", "R1", "duplicate-id"),
        ("reviewers", "R1", "duplicate-id"),
        ("absences", "R1", "refers-to-rejected"),
        ("interests", "R1", "refers-to-rejected"),
    ]


def test_an_area_takes_all_that_is_in_it() -> None:
    """Whatever refers to a row goes with it, and whatever refers to that."""
    document = sound()
    document["areas"].append({"area": "Q3", "admin_hours_per_week": -1})
    document["cases"][3]["area"] = "Q3"
    assert left_out(quarantined(document)) == [
        ("cases", "C4", "refers-to-rejected"),
        ("areas", "Q3", "out-of-range"),
    ]


def test_a_linked_case_left_out_is_said() -> None:
    """Its companions stay and may go to someone else."""
    document = sound()
    document["cases"][2] |= {"linked_to": "home-1", "priority": -1}
    assert [one.code for one in quarantined(document).warnings] == ["linked-case-rejected"]


def test_faults_of_whole_files_cannot_be_quarantined(tmp_path: Path) -> None:
    """An unread header or policy touches every row; all faults are listed, those of rows too."""
    folder = as_folder(sound() | {"policy": {"horizon": {"weeks": 0}}}, tmp_path)
    (folder / "declines.csv").write_text("reviewer_id,cas_id\nR1,C1\n", encoding="utf-8")
    (folder / "absences.csv").write_text("reviewer_id,from,to\nR1,x,y\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_snapshot(folder, today=TODAY, quarantine=True)
    assert [fault.code for fault in caught.value.faults] == [
        "unknown-column", "missing-column", "out-of-range", "not-a-date", "not-a-date",
    ]  # fmt: skip


ROW_KINDS = [kind for kind in KINDS if kind.code not in HEADERS]


@pytest.mark.parametrize("form", WRITERS)
def test_after_quarantine_no_row_at_fault_is_left(form: str, tmp_path: Path) -> None:
    """Each kind of slip in each format: the rest is read, and the row at fault is on the list."""
    for kind in ROW_KINDS:
        if form in kind.formats:
            reading = read_snapshot(WRITERS[form](spoilt(kind), tmp_path), today=TODAY, quarantine=True)
            assert kind.code in [fault.code for row in reading.rejected for fault in row.faults]


def test_the_rows_that_stay_read_without_a_fault() -> None:
    """300 snapshots with three slips each: without the rows left out, no fault and the same snapshot."""
    for seed in range(300):
        rng = random.Random(seed)
        document = sound()
        document["areas"].append({"area": "OLD", "successors": ["Q2"]})
        document["cases"][rng.randrange(4)]["area"] = "OLD"
        json_kinds = [
            kind for kind in ROW_KINDS if "json" in kind.formats and kind.code != "area-has-successors"
        ]
        for kind in rng.sample(json_kinds, 3):
            document[kind.table][kind.row] |= copy.deepcopy(kind.put)
        reading = quarantined(document)
        rest = {
            name: rows
            for name, rows in without(document, reading).items()
            if rows or name in {"cases", "reviewers"}
        }
        assert parse_snapshot(rest, today=TODAY).snapshot.digest() == reading.snapshot.digest()
        kept = {row.reviewer_id for row in reading.snapshot.reviewers}
        assert all(case.reviewer_id is None or case.reviewer_id in kept for case in reading.snapshot.cases)


def test_a_row_left_out_is_named_by_its_id_as_it_was_read() -> None:
    """Trimmed, and a number is the whole number it is; an id that cannot be read stands as it was typed."""
    document = sound()
    for case, case_id in zip(document["cases"], (" C1 ", 12.0, "a;b"), strict=False):
        case |= {"case_id": case_id, "priority": 12}
    ids = [row.id for row in quarantined(document).rejected if row.table == "cases"]
    assert ids[:3] == ["C1", "12", "a;b"]


def test_rejected_rows_are_written_one_fault_a_line(tmp_path: Path) -> None:
    """File, line, id, code and message; what a spreadsheet would run has a ' before it."""
    folder = as_folder(sound(), tmp_path)
    (folder / "absences.csv").write_text("reviewer_id,from,to\n=R1,2026-1-5,x\n", encoding="utf-8")
    reading = read_snapshot(folder, today=TODAY, quarantine=True)
    path = tmp_path / "rejected.csv"
    write_rejected(path, reading.rejected)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["file", "line", "id", "code", "message"],
        ["absences.csv", "2", "'=R1", "formula-text",
         "`reviewer_id` begins like a formula: put ' before it if it is text"],
        ["absences.csv", "2", "'=R1", "not-a-date", "`from` is not a date: write 2026-01-05"],
        ["absences.csv", "2", "'=R1", "not-a-date",
         "`to` is not a date: a day written YYYY-MM-DD, such as 2026-01-05"],
    ]  # fmt: skip
    write_rejected(path, [Rejected("cases", "cases", None, "/cases/0", "C1", (Fault("nan", "m"),))])
    assert path.read_text(encoding="utf-8").splitlines()[1] == "cases,/cases/0,C1,nan,m"
