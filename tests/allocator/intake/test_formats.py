"""One snapshot through three doors is one snapshot."""

# ruff: noqa: E501 - a document is read best with a row on one line

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from allocator.intake import parse_snapshot, read_snapshot
from allocator.policy import Policy
from tests.allocator.intake.formats import TODAY, WRITERS, as_folder, as_json, as_workbook, sound


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_gives_the_snapshot_of_the_decoded_document(kind: str, tmp_path: Path) -> None:
    """Folder, workbook, JSON file and decoded object: equal models, equal digest, no warnings."""
    policy = {"horizon": {"weeks": 10}, "review_types": {"focused": {"second": {"skills": ["senior", "mha"]}}},
              "weights": {"workload": [[0.6, 2]]}, "capacity": {"bank_holidays": "none"},
              "conflict": {"commissioner_is_conflict": True}, "geography": {"max_distance_km": 60.5}}  # fmt: skip
    document = sound() | {"policy": policy}
    expected = parse_snapshot(document, today=TODAY)
    found = read_snapshot(WRITERS[kind](document, tmp_path), today=TODAY)
    assert found.snapshot == expected.snapshot
    assert found.snapshot.digest() == expected.snapshot.digest()
    assert found.warnings == expected.warnings == ()
    assert found.snapshot.policy.review_types["focused"].second.skills == ("senior", "mha")  # type: ignore[union-attr]
    assert found.snapshot.policy.weights.workload == ((0.6, 2),)


def test_values_are_read_as_the_contract_says(tmp_path: Path) -> None:
    """Trimmed, cased, rounded, split by `;`, empty is not given."""
    document = sound()
    document["cases"][0] |= {"case_id": " C1 ", "area": " q1 ", "skills": ["Autism ", "", "autism"],
                             "organisations": ["rxx", " ryy "], "linked_to": "Home-1", "review_type": "Initial"}  # fmt: skip
    case = read_snapshot(as_folder(document, tmp_path), today=TODAY).snapshot.cases[0]
    assert (case.case_id, case.area, case.review_type, case.linked_to) == ("C1", "Q1", "initial", "home-1")
    assert (case.skills, case.organisations) == (("autism",), ("RXX", "RYY"))
    assert (case.latitude, case.longitude) == (51.51, -0.13)
    assert (case.reviewer_id, case.admin_hours_left, case.locked) == (None, 0.0, False)


def test_a_spreadsheets_own_values_are_read_as_what_they_show(tmp_path: Path) -> None:
    """12.0 is the id 12, TRUE is true, dates are days, and formulas count as the value they show."""
    path = tmp_path / "s.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        days = book.add_format({"num_format": "dd/mm/yyyy"})
        cases, reviewers = book.add_worksheet("Cases "), book.add_worksheet("reviewers")
        cases.write_row(0, 0, ["case_id", "area", "notified_on", "review_type", "priority", "locked",
                               "reviewer_id", "allocated_on", "hours_left"])  # fmt: skip
        cases.write_row(2, 0, [12.0, "q1"])
        cases.write_datetime(2, 2, date(2026, 1, 5), days)
        cases.write_row(2, 3, ["initial", 3.0, True])
        cases.write_formula(2, 6, '="R"&1', None, "R1")
        cases.write_datetime(2, 7, date(2026, 1, 6), days)
        cases.write_formula(2, 8, "=2*3.25", None, 6.5)
        reviewers.write_row(0, 0, ["reviewer_id", "areas", "hours_per_week"])
        reviewers.write_row(1, 0, ["R1", "Q1;Q2", "7.5"])
    reading = read_snapshot(path, today=TODAY)
    case = reading.snapshot.cases[0]
    assert (case.case_id, case.notified_on, case.priority, case.locked) == ("12", date(2026, 1, 5), 3, True)
    assert (case.reviewer_id, case.hours_left) == ("R1", 6.5)
    assert reading.snapshot.reviewers[0].hours_per_week == 7.5


def test_rows_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    """The order of rows in a file changes neither the snapshot nor its digest."""
    document = sound()
    expected = parse_snapshot(document, today=TODAY).snapshot.digest()
    for name in document:
        document[name].reverse()
    assert read_snapshot(as_json(document, tmp_path), today=TODAY).snapshot.digest() == expected


def test_the_order_of_review_types_is_part_of_the_digest() -> None:
    """The first type is the base, so two policies that differ in it alone are two policies."""
    document = sound()
    types = Policy().model_dump(mode="json")["review_types"]
    one = parse_snapshot(document | {"policy": {"review_types": types}}, today=TODAY).snapshot
    other_types = {name: types[name] for name in reversed(types)}
    other = parse_snapshot(document | {"policy": {"review_types": other_types}}, today=TODAY).snapshot
    assert list(other.policy.review_types) == ["focused", "initial"]
    assert one.digest() != other.digest()


@pytest.mark.parametrize("kind", WRITERS)
def test_a_table_with_only_its_header_is_empty_and_valid(kind: str, tmp_path: Path) -> None:
    """Header-only files, sheets and empty arrays: no rows, no fault."""
    path = WRITERS[kind](sound(), tmp_path)
    if kind == "json":
        path = as_json({name: [] for name in sound()}, tmp_path)
    elif kind == "csv":
        for file in path.iterdir():
            file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    else:
        with xlsxwriter.Workbook(str(path)) as book:
            for name, rows in sound().items():
                book.add_worksheet(name).write_row(0, 0, list({key: None for row in rows for key in row}))
    reading = read_snapshot(path, today=TODAY)
    assert (reading.snapshot.cases, reading.snapshot.areas, reading.warnings) == ((), (), ())


def test_marks_blank_lines_and_escapes_in_csv_are_no_fault(tmp_path: Path) -> None:
    """A BOM, blank rows, short rows, and the ' that our own exports put before = + - @."""
    folder = as_folder(sound(), tmp_path)
    (folder / "declines.csv").write_text(
        "\ufeffreviewer_id,case_id,on,reason\r\n\r\n,,,\r\nR2,C1\r\nR1,C1,,'=late\r\nR1,C3,,-5\r\n",
        encoding="utf-8",
    )
    found = read_snapshot(folder, today=TODAY).snapshot.declines
    assert [row.reason for row in found] == ["=late", "-5", None]


def test_as_of_is_the_argument_then_the_documents_then_the_policys_then_today(tmp_path: Path) -> None:
    """Each goes before the next."""
    document = sound() | {"as_of": "2026-05-03", "policy": {"as_of": "2026-05-04"}}
    asked = parse_snapshot(document, as_of=date(2026, 5, 2), today=TODAY)
    assert asked.snapshot.as_of == date(2026, 5, 2)
    assert parse_snapshot(document, today=TODAY).snapshot.as_of == date(2026, 5, 3)
    for write in (as_folder, as_workbook):
        assert read_snapshot(write(document, tmp_path), today=TODAY).snapshot.as_of == date(2026, 5, 4)
    assert parse_snapshot(sound(), today=TODAY).snapshot.as_of == TODAY


def test_a_policy_given_replaces_the_snapshots_whole(tmp_path: Path) -> None:
    """Keys, a file or a Policy: none of the snapshot's own policy is left, its faults neither."""
    document = sound() | {"policy": {"as_of": "2026-05-04", "horizon": {"weeks": 0}}}
    keys = {"clocks": {"allocate_months": 2}}
    file = tmp_path / "other.toml"
    file.write_text("[clocks]\nallocate_months = 2\n", encoding="utf-8")
    for path in (as_folder(document, tmp_path), as_json(document, tmp_path), as_workbook(document, tmp_path)):
        for policy in (keys, file, Policy.model_validate(keys)):
            snapshot = read_snapshot(path, policy=policy, today=TODAY).snapshot
            assert snapshot.policy == Policy.model_validate(keys)
            assert snapshot.as_of == TODAY


def test_review_types_given_are_laid_over_the_shipped_ones() -> None:
    """Naming a shipped type changes its keys alone; naming none replaces all; naming the base sets the order."""

    def types(given: dict[str, object]) -> dict[str, object]:
        document = {"cases": [], "reviewers": [], "policy": {"review_types": given}}
        return dict(parse_snapshot(document, today=TODAY).snapshot.policy.review_types)

    shipped = Policy().review_types
    changed = types({"focused": {"hours": 20, "second": False}})
    assert list(changed) == ["initial", "focused"]
    assert changed["focused"] == shipped["focused"].model_copy(update={"hours": 20.0, "second": None})
    assert list(types({"short": {"hours": 5}, "initial": {}})) == ["short", "initial", "focused"]
    assert list(types({"short": {"hours": 5}})) == ["short"]
