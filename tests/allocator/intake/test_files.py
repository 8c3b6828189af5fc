"""What can be wrong with whole files: each format's own slips, with their exact messages."""

# ruff: noqa: E501 - messages are compared whole, and are read best on one line

import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from allocator.errors import BadInput
from allocator.intake import parse_snapshot, read_snapshot
from allocator.intake.sources import MAX_BYTES
from tests.allocator.intake.formats import TODAY, as_folder, as_json, as_workbook, sound


def faults_of(path: Path) -> list[str]:
    """Return the lines of the faults found at a path."""
    with pytest.raises(BadInput) as caught:
        read_snapshot(path, today=TODAY)
    return [f"{fault.code}: {fault}" for fault in caught.value.faults]


COLUMNS = "reviewer_id,from,to"
UTF8 = "save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"
CSV_SLIPS = {
    "utf-16": ("reviewer_id\n".encode("utf-16"), f"wrong-encoding: absences.csv: the file is UTF-16, not UTF-8: {UTF8}"),
    "utf-32": ("reviewer_id\n".encode("utf-32"), f"wrong-encoding: absences.csv: the file is UTF-32, not UTF-8: {UTF8}"),
    "utf-16 without a mark": ("ab\n".encode("utf-16-le"), f"nul-byte: absences.csv line 1: the file holds NUL bytes: {UTF8}"),
    "windows": (f"{COLUMNS},reason\nR1,2026-01-01,2026-01-02,£\n".encode("cp1252"),
                f"wrong-encoding: absences.csv line 2: the file is not UTF-8: {UTF8}"),
    "nul": (f"{COLUMNS}\nR1,\0,x\n".encode(), f"nul-byte: absences.csv line 2: the file holds NUL bytes: {UTF8}"),
    "empty": (b"", "no-header: absences.csv line 1: the table is empty: "
              "line 1 names the columns, at least reviewer_id, from, to"),
    "no header": (b"R1,2026-01-01,2026-01-02\n", "no-header: absences.csv line 1: the first line is no header: "
                  "it names no column: line 1 names the columns, at least reviewer_id, from, to"),
    "capitals": (b"Reviewer_ID,From,To\n", "no-header: absences.csv line 1: the columns' names are not in small letters: "
                 "line 1 names the columns, at least reviewer_id, from, to, in small letters"),
    "semicolons": (b"reviewer_id;from;to\n", "wrong-delimiter: absences.csv line 1: "
                   "the cells are not parted by commas: export it with commas"),
    "tabs": (b"reviewer_id\tfrom\tto\n", "wrong-delimiter: absences.csv line 1: "
             "the cells are not parted by commas: export it with commas"),
    "missing column": (b"reviewer_id,from\n", "missing-column: absences.csv line 1, column to: "
                       "column `to` is missing: it is required"),
    "duplicate column": (b"reviewer_id,from,to,from\n", "duplicate-column: absences.csv line 1, column from: "
                         "column `from` stands twice: keep one"),
    "open quote": (f'{COLUMNS}\nR1,"2026-01-01\n,2026\n'.encode(), "broken-csv: absences.csv line 2: "
                   "a quoted cell is not closed, has text after its closing quote, or is over 128 KB: "
                   "double each quote inside a quoted cell"),
    "text after a quote": (f'{COLUMNS}\n\n"R"1,x,y\n'.encode(), "broken-csv: absences.csv line 3: "
                           "a quoted cell is not closed, has text after its closing quote, or is over 128 KB: "
                           "double each quote inside a quoted cell"),
    "extra cells": (f"{COLUMNS}\nR1,2026-01-01,2026-01-02,x\n".encode(), "extra-cells: absences.csv line 2: "
                    "the row has 4 cells: the header has 3; put cells that hold commas in quotes"),
    "formula": (f"{COLUMNS},reason\nR1,2026-01-01,2026-01-02,=1+1\n".encode(), "formula-text: absences.csv line 2, "
                "column reason: `reason` begins like a formula (value '=1+1'): put ' before it if it is text"),
    "at": (f"{COLUMNS}\n@R1,2026-01-01,2026-01-02\n".encode(), "formula-text: absences.csv line 2, "
           "column reviewer_id: `reviewer_id` begins like a formula (value '@R1'): put ' before it if it is text"),
    "minus": (f"{COLUMNS},reason\nR1,2026-01-01,2026-01-02,-x\n".encode(), "formula-text: absences.csv line 2, "
              "column reason: `reason` begins like a formula (value '-x'): put ' before it if it is text"),
    "unnamed column": (f"{COLUMNS},\nR1,2026-01-01,2026-01-02,x\n".encode(), "unknown-column: absences.csv line 1: "
                       "unknown column ``: take it out; the columns are reviewer_id, from, to, percent, reason"),
    "control character": (f"{COLUMNS},reason\nR1,2026-01-01,2026-01-02,a\x07b\n".encode(),
                          "bad-text: absences.csv line 2, column reason: `reason` holds characters it may not "
                          "(value 'a\ufffdb'): no control characters, no `;` in one word"),
}  # fmt: skip


@pytest.mark.parametrize("slip", CSV_SLIPS)
def test_each_slip_of_a_csv_file_gives_its_exact_message(slip: str, tmp_path: Path) -> None:
    """The absences alone are spoilt, and theirs is the only fault."""
    data, message = CSV_SLIPS[slip]
    folder = as_folder(sound(), tmp_path)
    (folder / "absences.csv").write_bytes(data)
    assert message in faults_of(folder)


def test_lines_are_counted_as_an_editor_shows_them(tmp_path: Path) -> None:
    """A quoted cell over three lines: the next row's line counts them, its own is where it begins."""
    folder = as_folder(sound(), tmp_path)
    text = f'{COLUMNS},reason\nR1,x,2026-01-02,"a\nb\nc"\n\nR9,2026-01-01,2026-01-02,\n'
    (folder / "absences.csv").write_text(text, encoding="utf-8", newline="")
    assert [line.split(":")[1] for line in faults_of(folder)] == [
        " absences.csv line 2, column from", " absences.csv line 6, column reviewer_id",
    ]  # fmt: skip


def test_a_file_over_256_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """Only its size is looked at."""
    folder = as_folder(sound(), tmp_path)
    with (folder / "absences.csv").open("ab") as file:
        file.truncate(MAX_BYTES + 1024**2)
    assert faults_of(folder) == [
        "file-too-big: absences.csv: the file has 257 MB: at most 256 MB; leave closed cases out"
    ]


def test_names_that_are_nearly_a_tables_are_faults_and_strangers_are_warned_of(tmp_path: Path) -> None:
    """case.csv is a slip, staff.csv a stranger, readme.md nobody's business; so are toml files."""
    folder = as_folder(sound(), tmp_path)
    for name in (
        "staff.csv",
        "other.toml",
        "readme.md",
        "assignments.csv",
        "unassigned.csv",
        "workloads.csv",
    ):
        (folder / name).write_text("x", encoding="utf-8")
    warned = [(one.code, one.file) for one in read_snapshot(folder, today=TODAY).warnings]
    ignored = ("assignments.csv", "other.toml", "staff.csv", "unassigned.csv", "workloads.csv")
    assert warned == [("ignored-file", name) for name in ignored]
    (folder / "interest.csv").write_text("x", encoding="utf-8")
    (folder / "polcy.toml").write_text("x", encoding="utf-8")
    (folder / "reviewers.csv").unlink()
    assert faults_of(folder)[:3] == [
        "unknown-table: interest.csv: no table is called `interest`: did you mean `interests`?",
        "unknown-table: polcy.toml: no table is called `polcy`: did you mean `policy`?",
        "missing-table: snapshot: there is no reviewers.csv: it is required",
    ]


def test_two_sheets_of_one_table_are_a_fault(tmp_path: Path) -> None:
    """Names are compared trimmed and whatever their capitals."""
    path = tmp_path / "s.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("cases", "Cases ", "reviewers"):
            book.add_worksheet(name).write_row(
                0,
                0,
                ["case_id", "area", "notified_on", "review_type", "reviewer_id", "areas", "hours_per_week"],
            )
    assert "duplicate-table: Cases : table `cases` is given twice: keep one" in faults_of(path)


def test_paths_that_hold_no_snapshot_say_so(tmp_path: Path) -> None:
    """Nothing there, another kind of file, or an empty folder."""
    assert faults_of(tmp_path / "nil") == ["not-found: nil: there is no such file or folder: check the path"]
    (tmp_path / "cases.csv").write_text("case_id", encoding="utf-8")
    assert faults_of(tmp_path / "cases.csv") == [
        "unknown-format: cases.csv: this is not a kind of snapshot: a folder of CSV files, an .xlsx or a .json"
    ]
    (tmp_path / "empty").mkdir()
    assert faults_of(tmp_path / "empty") == [
        "missing-table: empty: there is no cases.csv: it is required",
        "missing-table: empty: there is no reviewers.csv: it is required",
    ]


JSON_SLIPS: dict[str, tuple[str | bytes, str]] = {
    "broken": ('{\n"cases": [},', "broken-json: s.json line 2: not JSON at column 11: Expecting value: mend it there"),
    "deep": ("[" * 100_000, "broken-json: s.json: nested too deep, or a number with thousands of digits: "
             "an object with an array for each table"),
    "digits": ('{"cases": ' + "9" * 5000 + "}", "broken-json: s.json: nested too deep, "
               "or a number with thousands of digits: an object with an array for each table"),
    "no object": ("[1]", "wrong-type: s.json: the document is not an object: an object with `cases`, `reviewers`, …"),
    "unknown key": ('{"case": [], "cases": [], "reviewers": []}',
                    "unknown-table: s.json /case: unknown key `case`: did you mean `cases`?"),
    "no array": ('{"cases": {}, "reviewers": []}',
                 "wrong-type: s.json /cases: `cases` is not an array: an array of objects"),
    "no objects": ('{"cases": [3], "reviewers": []}',
                   "not-an-object: s.json /cases/0: an entry of `cases` is not an object: an object"),
    "double": ('{"cases": [{"area": "a", "area": "b"}], "reviewers": []}',
               "duplicate-key: s.json /cases/0/area: key `area` stands twice: keep one"),
    "missing": ('{"reviewers": []}', "missing-table: s.json: there is no `cases`: it is required"),
    "missing column": ('{"cases": [], "reviewers": [{"reviewer_id": "R1", "areas": ["a"]}]}',
                       "missing-column: s.json /reviewers: column `hours_per_week` is missing: it is required"),
    "encoding": ("é".encode("latin-1"), f"wrong-encoding: s.json line 1: the file is not UTF-8: {UTF8}"),
    "as_of": ('{"cases": [], "reviewers": [], "as_of": "1 May"}', "not-a-date: s.json /as_of: `as_of` is not a date "
              "(value '1 May'): a day written YYYY-MM-DD, such as 2026-01-05"),
    "pointer": ('{"cases": [], "reviewers": [], "a/b~c": 1}', "unknown-table: s.json /a~1b~0c: unknown key `a/b~c`: "
                "the keys are cases, reviewers, absences, declines, interests, areas, organisations, contracts, "
                "policy, as_of"),
    "boolean": ('{"cases": [{"case_id": "C1", "area": "Q", "notified_on": "2026-01-01", "review_type": "initial", '
                '"locked": 1}], "reviewers": []}', "wrong-type: s.json /cases/0/locked: "
                "`locked` has a value of the wrong type (value 1): must be true or false"),
}  # fmt: skip


@pytest.mark.parametrize("slip", JSON_SLIPS)
def test_each_slip_of_a_json_file_gives_its_exact_message(slip: str, tmp_path: Path) -> None:
    """Syntax by line and column, all else by JSON pointer."""
    content, message = JSON_SLIPS[slip]
    path = tmp_path / "s.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert message in faults_of(path)


def test_a_decoded_document_needs_no_file_in_its_faults() -> None:
    """parse_snapshot gives pointers alone."""
    with pytest.raises(BadInput) as caught:
        parse_snapshot({"cases": [{"case_id": "\ud800"}], "reviewers": []}, today=TODAY)
    assert str(caught.value.faults[-1]) == (
        "/cases/0/case_id: `case_id` holds characters it may not (value '\ufffd'): "
        "no control characters, no `;` in one word"
    )
    assert caught.value.faults[-1].as_dict() == {
        "code": "bad-text", "message": "`case_id` holds characters it may not", "pointer": "/cases/0/case_id",
        "column": "case_id", "value": "\ufffd", "hint": "no control characters, no `;` in one word",
    }  # fmt: skip


BROKEN = "open it in a spreadsheet and save it again as .xlsx, without a password"


def test_files_that_are_no_workbook_say_so(tmp_path: Path) -> None:
    """Text, half a workbook, and a zip archive of something else."""
    path = tmp_path / "s.xlsx"
    whole = as_workbook(sound(), tmp_path).read_bytes()
    for data in (b"", b"case_id,area\n", whole[: len(whole) // 2]):
        path.write_bytes(data)
        message = f"broken-workbook: s.xlsx: the workbook cannot be read (it is no zip archive): {BROKEN}"
        assert faults_of(path) == [message]
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "x")
    path.write_bytes(other.getvalue())
    assert faults_of(path)[0].startswith("broken-workbook: s.xlsx: the workbook cannot be read (")


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sizes in the archive's directory are added up before anything is unpacked."""
    monkeypatch.setattr("allocator.intake.workbook.MAX_UNPACKED_BYTES", 1000)
    path = as_workbook(sound(), tmp_path)
    assert faults_of(path) == [
        "file-too-big: snapshot.xlsx: the workbook unpacks to 0 MB: at most 1 GB unpacked"
    ]


def test_sheets_near_misses_errors_and_times_of_day_are_faults(tmp_path: Path) -> None:
    """A cell that shows #N/A is not "not given", nor is a formula that was never worked out."""
    path = tmp_path / "s.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        cases = book.add_worksheet("cases")
        cases.write_row(
            0, 0, ["case_id", "area", "notified_on", "review_type", "reviewer_id", "allocated_on"]
        )
        cases.write_row(1, 0, ["C1", "Q1"])
        cases.write_number(1, 2, 46027.5, stamp)
        cases.write_string(1, 3, "initial")
        cases.write_formula(1, 4, "=NA()", None, "#N/A")
        cases.write_number(1, 5, 46027)
        book.add_worksheet("reviewrs").write_row(0, 0, ["reviewer_id", "areas", "hours_per_week"])
        book.add_worksheet("Notes")
        book.add_worksheet("polcy")
    assert faults_of(path) == [
        "unknown-table: reviewrs: no table is called `reviewrs`: did you mean `reviewers`?",
        "unknown-table: polcy: no table is called `polcy`: did you mean `policy`?",
        "missing-table: there is no sheet `reviewers`: it is required",
        "not-a-date: cases line 2, column notified_on: `notified_on` is a date with a time of day "
        "(value '2026-01-05 12:00:00'): the day only: 2026-01-05",
        "excel-error: cases line 2, column reviewer_id: `reviewer_id` shows an error of the spreadsheet "
        "(value '#N/A'): mend the formula",
        "not-a-date: cases line 2, column allocated_on: `allocated_on` is not a date (value 46027.0): "
        "a day: format the cell as a date, or write YYYY-MM-DD",
    ]


def test_a_formula_without_a_stored_value_is_a_fault(tmp_path: Path) -> None:
    """Some programs write formulas and leave working them out to the spreadsheet."""
    path = as_workbook(sound(), tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet8.xml"]
    parts["xl/worksheets/sheet8.xml"] = sheet.replace(b'<c r="B2"><v>4</v></c>', b'<c r="B2"><f>2+2</f></c>')
    assert parts["xl/worksheets/sheet8.xml"] != sheet
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert faults_of(path) == [
        "excel-error: contracts line 2, column cases_left: `cases_left` is a formula without a stored value "
        "(value '#FORMULA'): open the workbook, save it again"
    ]


def test_a_fault_survives_any_terminal_and_any_encoding(tmp_path: Path) -> None:
    """Control characters and endless values are shown short and safe."""
    document = sound()
    document["cases"][0]["linked_to"] = "\x1b[2J\u202e" + "x" * 5000
    (line,) = faults_of(as_json(document, tmp_path))
    assert line.isprintable()
    assert len(line) < 300
    json.dumps(line).encode("ascii")
