"""Uploading: all of it or nothing, or what is right; each fault by file, row and column, with a way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from allocator.store.callers import Role
from api.settings import Settings
from tests.pages.conftest import Comer, Shop, end_sessions, shop_of

ONE_WAY = pytest.mark.parametrize("way", ["mouse"], indirect=True)
AREAS = "area,name\nQ1,First\n"
REVIEWERS = "reviewer_id,areas,hours_per_week\nR1,Q1,20\nR2,Q1,{hours}\n"
CASES = "case_id,area,notified_on,review_type\nC1,Q1,2026-09-01,initial\nC2,{area},{day},initial\n"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shop]:
    """A service that knows nothing yet, and takes no large files."""
    yield from shop_of(tmp_path, {}, settings=Settings(largest_body=1024**2))


def files(folder: Path, **contents: str) -> list[Path]:
    """Files of these names, as CSV."""
    folder.mkdir(exist_ok=True)
    made = []
    for name, content in contents.items():
        made.append(folder / f"{name}.csv")
        made[-1].write_text(content, encoding="utf-8")
    return made


def test_files_are_mended_and_kept(empty: Shop, comes: Comer, tmp_path: Path) -> None:
    """What is wrong is told by file, row and column; once mended, all of it is there."""
    wrong = files(
        tmp_path / "wrong",
        areas=AREAS,
        reviewers=REVIEWERS.format(hours="many"),
        cases=CASES.format(area="Q9", day="01/09/2026"),
    )
    person = comes(empty, Role.ADMIN)
    person.open("/")
    person.press("Upload files")
    person.give("Files", *wrong)
    person.press("Upload")
    person.heading("Upload files")
    person.reads("Nothing was kept: there are 3 faults in the files.")
    lines = person.page.locator("main tbody").all_inner_texts()[0].split("\n")
    rows = {row[0]: row[1:] for row in (line.split("\t") for line in lines)}
    assert set(rows) == {"area", "notified_on"}
    assert rows["notified_on"][1] == "Row 3 (01/09/2026)"
    assert "YYYY-MM-DD" in rows["notified_on"][2]
    person.reads("hours_per_week")
    assert empty.get("/v1/areas")["items"] == []
    right = files(
        tmp_path / "right",
        areas=AREAS,
        reviewers=REVIEWERS.format(hours="10"),
        cases=CASES.format(area="Q1", day="2026-09-02"),
    )
    person.give("Files", *right)
    person.press("Upload")
    person.heading("Home")
    person.reads("Uploaded: 1 area, 2 reviewers, 2 cases.")
    kept = empty.get("/v1/cases")["items"]
    assert [(one["id"], one["record"]["notified_on"]) for one in kept] == [
        ("C1", "2026-09-01"),
        ("C2", "2026-09-02"),
    ]


def test_the_rows_that_are_right_are_kept_if_that_is_chosen(
    empty: Shop, comes: Comer, tmp_path: Path
) -> None:
    """The others are listed with what to change."""
    some = files(
        tmp_path / "some",
        areas=AREAS,
        reviewers=REVIEWERS.format(hours="10"),
        cases=CASES.format(area="Q1", day="soon"),
        notes="just some words\n",
    )
    person = comes(empty, Role.ADMIN)
    person.open("/upload")
    person.give("Files", *some)
    person.choose("Keep the rows that are right, and list the others")
    person.press("Upload")
    person.heading("Uploaded")
    person.reads("Kept: 1 area, 2 reviewers, 1 case.")
    person.reads("1 row was left out")
    person.reads("Row 3 (soon)")
    person.reads("notes.csv")
    assert [one["id"] for one in empty.get("/v1/cases")["items"]] == ["C1"]


def test_a_template_is_filled_in_and_uploaded(empty: Shop, comes: Comer, tmp_path: Path) -> None:
    """It has the columns and an example, which is left out if it is left in."""
    person = comes(empty, Role.ADMIN)
    person.open("/upload")
    person.unfold("Areas")
    link = person.page.get_by_role("link", name="Download the template areas.csv").get_attribute("href")
    template = person.context.request.get(empty.home + str(link)).text().splitlines()
    (filled,) = files(tmp_path, areas="\n".join([*template, "Q7,Seventh" + ",,,,,,"]))
    person.give("Files", filled)
    person.press("Upload")
    person.reads("Kept: 1 area.")
    person.reads("The template's example was left out")
    assert [(one["id"], one["record"]["name"]) for one in empty.get("/v1/areas")["items"]] == [
        ("Q7", "Seventh")
    ]
    sheet = person.page.request.get(f"{empty.home}/v1/templates?format=xlsx").body()
    (tmp_path / "all.xlsx").write_bytes(sheet)
    person.follow("Upload files")
    person.give("Files", tmp_path / "all.xlsx")
    person.press("Upload")
    person.reads("Kept: nothing.")


@ONE_WAY
def test_what_is_no_table_is_told(empty: Shop, comes: Comer, tmp_path: Path) -> None:
    """No file at all, one of another kind, one that only seems to be a table, one that is too large."""
    person = comes(empty, Role.ADMIN)
    person.open("/upload")
    person.press("Upload")
    person.reads("No file holds a table")
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "cases.csv").write_bytes(b"\x89PNG\0\xff")
    for name, says in (("notes.pdf", "This is not a kind of file that is read"), ("cases.csv", "NUL")):
        person.give("Files", tmp_path / name)
        person.press("Upload")
        person.reads(says)
        person.reads(name)
    (tmp_path / "cases.csv").write_text("x" * 1_500_000, encoding="utf-8")
    person.give("Files", tmp_path / "cases.csv")
    person.press("Upload")
    person.heading("That file is too large")
    person.follow("Go back and choose other files")
    person.heading("Upload files")
    assert empty.get("/v1/cases")["items"] == []


@ONE_WAY
def test_a_fault_of_a_thousand_rows_is_told_once(empty: Shop, comes: Comer, tmp_path: Path) -> None:
    """With the first of them, and how many more there are."""
    rows = "".join(f"C{number},Q1,1/9/26,initial\n" for number in range(1000))
    person = comes(empty, Role.ADMIN)
    person.open("/upload")
    person.give("Files", *files(tmp_path, cases="case_id,area,notified_on,review_type\n" + rows))
    person.press("Upload")
    person.reads("1,000 faults")
    person.reads("and 990 more rows")
    assert person.page.locator("main > h3 ~ div tbody tr, #file-1 ~ div tbody tr").count() == 1


@ONE_WAY
def test_a_coordinator_uploads_what_is_of_their_area(shop: Shop, comes: Comer, tmp_path: Path) -> None:
    """Nothing of another one, and no area; a reviewer uploads nothing."""
    before = len(shop.get("/v1/cases?limit=1000")["items"])
    case = "case_id,area,notified_on,review_type\nNEW,{},2026-10-01,initial\n"
    person = comes(shop, Role.COORDINATOR, "Q01")
    for name, content in (("cases", case.format("Q02")), ("areas", AREAS)):
        person.open("/upload")
        person.give("Files", *files(tmp_path / name, **{name: content}))
        person.press("Upload")
        person.reads("There is a problem")
    assert len(shop.get("/v1/cases?limit=1000")["items"]) == before
    person.give("Files", *files(tmp_path / "mine", cases=case.format("Q01")))
    person.press("Upload")
    person.reads("Uploaded: 1 case.")
    assert shop.get("/v1/cases/NEW")["record"]["area"] == "Q01"
    for role in (Role.REVIEWER, Role.COMMISSIONER, Role.AUDITOR):
        other = comes(shop, role, "Q01", reviewer_id="R0001" if role is Role.REVIEWER else None)
        other.open("/upload")
        other.heading("You may not do this")


@ONE_WAY
def test_who_is_signed_out_in_the_middle_is_told_that_nothing_was_kept(
    empty: Shop, comes: Comer, tmp_path: Path
) -> None:
    """And where to sign in again."""
    person = comes(empty, Role.ADMIN)
    person.open("/upload")
    person.give("Files", *files(tmp_path, areas=AREAS))
    end_sessions(empty)
    person.press("Upload")
    person.heading("You have been signed out")
    person.reads("Nothing that you sent was saved.")
    assert empty.get("/v1/areas")["items"] == []
