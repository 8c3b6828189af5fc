"""Files as somebody sends them: what stands in them, and every fault with where it is in its file."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from allocator.intake import FilesRead, read_files, read_snapshot
from allocator.intake.codes import CODES
from allocator.intake.specs import COLUMNS, TABLES
from allocator.intake.templates import EXAMPLES, csv_template, guide, xlsx_template
from tests.allocator.intake.formats import TODAY

AREAS = b"area,name\nQ1,First\nQ2,Second\n"
CASES = (
    b"case_id,area,notified_on,review_type,skills,priority\n"
    b"C1,Q1,2026-01-05,initial,autism;senior,2\n"
    b"C2,Q1,05/01/2026,initial,,\n"
)


def codes(found: FilesRead) -> list[tuple[str, str | None, int | None, str | None]]:
    """Code, file, line and column of every fault of a cell."""
    return [(one.code, one.file, one.line, one.column) for each in found.known.values() for one in each]


def test_rows_become_those_of_a_document() -> None:
    """Lists and numbers as JSON has them; a cell that cannot be read is told of with its place."""
    found = read_files([("areas.csv", AREAS), ("Cases.csv", CASES)])
    assert found.faults == ()
    assert found.rows["areas"] == [{"area": "Q1", "name": "First"}, {"area": "Q2", "name": "Second"}]
    assert found.rows["cases"][0] == {
        "case_id": "C1", "area": "Q1", "notified_on": "2026-01-05", "review_type": "initial",
        "skills": ["autism", "senior"], "priority": 2,
    }  # fmt: skip
    assert codes(found) == [("not-a-date", "Cases.csv", 3, "notified_on")]
    assert json.dumps(found.rows)


def test_a_fault_of_the_document_is_one_of_its_file() -> None:
    """Whatever finds it: the file, the line as an editor shows it, the column; JSON keeps its pointer."""
    found = read_files([("cases.csv", CASES), ("more.json", b'{"reviewers": [{"reviewer_id": "R1"}]}')])
    fault = codes(found) and next(iter(found.known.values()))[0]
    assert fault
    other = found.placed(type(fault)("dangling-reference", "no such area", pointer="/cases/1/area"))
    assert (other.file, other.line, other.column, other.pointer) == ("cases.csv", 3, "area", None)
    assert other.value == "Q1"
    theirs = found.placed(type(fault)("x", "y", pointer="/reviewers/0/areas"))
    assert (theirs.file, theirs.line, theirs.pointer) == ("more.json", None, "/reviewers/0/areas")
    nowhere = type(fault)("x", "y")
    assert found.placed(nowhere) is nowhere


@pytest.mark.parametrize(("name", "data", "code"), [
    ("notes.pdf", b"%PDF", "unknown-format"),
    ("photo.csv", b"\x89PNG\0", "missing-table"),
    ("cases.csv", b"\x89PNG\0", "nul-byte"),
    ("cases.csv", b"who,what\n1,2\n", "no-header"),
    ("case.csv", CASES, "unknown-table"),
    ("book.xlsx", b"no book", "broken-workbook"),
    ("all.json", b"{", "broken-json"),
    ("policy.toml", b"weeks =", "broken-toml"),
    ("policy.toml", b"[horizon]\nweeks = 1000", "out-of-range"),
    ("cases.csv", b"case_id,area,notified_on,review_type,nhs_number\n", "personal-data-column"),
    ("cases.csv", b"case_id,area,notified_on\nC1,Q1,2026-01-05\n", "missing-column"),
])  # fmt: skip
def test_a_file_that_is_no_table_is_a_fault(name: str, data: bytes, code: str) -> None:
    """With the name of the file, and a code that the page on input has."""
    found = read_files([(name, data)])
    assert code in [one.code for one in found.faults], found.faults
    assert all(one.code in CODES for one in found.faults)


def test_nothing_is_a_fault_too() -> None:
    """No file, or none that holds a table."""
    assert [one.code for one in read_files([]).faults] == ["missing-table"]


def test_a_table_is_given_once() -> None:
    """By one file, whatever its kind."""
    found = read_files([("areas.csv", AREAS), ("all.json", b'{"areas": [{"area": "Q1"}]}')])
    assert [(one.code, one.file) for one in found.faults] == [("duplicate-table", "all.json")]


def test_a_policy_that_changes_nothing_is_none() -> None:
    """Nor is a day by itself; one that does is laid over the shipped one."""
    assert read_files([("policy.toml", b"as_of = 2026-09-14")]).policy is None
    found = read_files([("all.json", b'{"areas": [], "policy": {"horizon": {"weeks": 9}}}')])
    assert found.policy is not None
    assert found.policy.horizon.weeks == 9


@pytest.mark.parametrize("table", TABLES)
def test_a_template_has_every_column_and_a_row_that_is_right(table: str) -> None:
    """And the row is left out again, wherever it stands, if somebody leaves it in."""
    text = csv_template(table).decode("utf-8-sig")
    header, _ = csv.reader(io.StringIO(text))
    assert header == list(COLUMNS[table]) == [one.name for one in guide(table)]
    assert set(EXAMPLES[table]) <= set(header)
    assert all(one.example for one in guide(table) if one.is_required)
    found = read_files([(f"{table}.csv", csv_template(table))])
    assert (found.rows, found.faults, found.known) == ({}, (), {})
    assert [one.code for one in found.warnings] == ["example-row"]


def test_an_example_between_rows_moves_no_fault() -> None:
    """Each keeps its line."""
    header, example = csv_template("areas").decode("utf-8-sig").splitlines()
    bad = b",,".join([b"Q1", b"north"]) + b",,,\n"
    found = read_files([("areas.csv", f"{header}\n".encode() + bad + f"{example}\n".encode() + bad)])
    assert [one[2] for one in codes(found)] == [2, 4]
    assert [(key.table, key.row) for key in found.known] == [("areas", 0), ("areas", 1)]


def test_the_workbook_to_fill_in_is_a_snapshot(tmp_path: Path) -> None:
    """As it is; and sent, its examples are left out."""
    file = tmp_path / "snapshot.xlsx"
    file.write_bytes(xlsx_template())
    reading = read_snapshot(file, today=TODAY)
    assert [one.case_id for one in reading.snapshot.cases] == ["EXAMPLE-1"]
    found = read_files([("snapshot.xlsx", xlsx_template())])
    assert (found.rows, set(found.places)) == ({}, set(TABLES))
