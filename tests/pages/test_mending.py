"""Going live by hand: files with faults are uploaded, what to mend first is found, mended and dismissed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from allocator.store.callers import Role
from tests.pages.conftest import Comer, Shop
from tests.pages.test_upload import files

ONE_WAY = pytest.mark.parametrize("way", ["mouse"], indirect=True)
CASES = """case_id,area,notified_on,review_type,priority,effort_hours
N1,Q01,2026-09-01,initial,,
N2,Q01,2026-03-01,initial,12,
N3,Q01,31/31/2026,initial,,
N4,QXX,2026-09-01,initial,,
"""


def set_aside(shop: Shop) -> list[Any]:
    """The rows that are open."""
    items: list[Any] = shop.get("/v1/quarantine")["items"]
    return items


def uploaded(shop: Shop, text: str = CASES) -> None:
    """Nothing; the rows are kept, or set aside."""
    shop.call(
        "POST", "/v1/imports?quarantine=true", files=[("files", ("cases.csv", text.encode(), "text/csv"))]
    )


def test_what_was_set_aside_is_mended(shop: Shop, comes: Comer, tmp_path: Path) -> None:
    """From the files to the case that is kept: counts, the group, the row, the form."""
    person = comes(shop, Role.ADMIN)
    person.open("/upload")
    person.give("Files", *files(tmp_path, cases=CASES))
    person.choose("Keep the rows that are right, and set the others aside to mend here")
    person.press("Upload")
    person.heading("Uploaded")
    person.reads("3 rows are set aside, and nothing of them is lost.")
    person.press("See what to mend first")
    person.heading("What to mend first")
    person.follow("Priority of cases is out of range")
    person.reads("1 case is in no plan until it is mended")
    person.follow("Case N2 (row 1)")
    person.fill("Priority", "11")
    person.press("Save and keep it")
    person.reads("Priority is out of range")
    assert shop.get("/v1/quarantine/1")["how"] is None
    person.fill("Priority", "3")
    person.press("Save and keep it")
    person.reads("Mended and kept: case N2.")
    assert shop.get("/v1/cases/N2")["record"]["priority"] == 3
    assert shop.get("/v1/quarantine/1")["how"] == "mended"
    person.follow("Notified on of cases is not a date")
    person.follow("Case N3 (row 2)")
    person.fill("Notified on", "3/9/2026")
    person.press("Save and keep it")
    assert shop.get("/v1/cases/N3")["record"]["notified_on"] == "2026-09-03"


def test_a_row_is_dismissed_with_a_reason_and_all_are_tried_again(shop: Shop, comes: Comer) -> None:
    """And home says how many there are."""
    uploaded(shop)
    person = comes(shop, Role.ADMIN)
    person.open("/")
    person.reads("3 set aside, to mend")
    person.open("/set-aside/1")
    person.press("Dismiss it")
    person.reads("Why is missing")
    person.choose("Its review has ended, or is not needed")
    person.press("Dismiss it")
    person.reads("Dismissed: case N2.")
    assert shop.get("/v1/quarantine/1")["why"] == "ended"
    shop.call("PUT", "/v1/areas/QXX", json={})
    person.press("Try all again")
    person.reads("1 row is kept now")
    assert shop.get("/v1/cases/N4")["record"]["area"] == "QXX"
    assert [one["id"] for one in set_aside(shop)] == ["N3"]


@ONE_WAY
def test_who_may_not_mend_sees_what_they_may(shop: Shop, comes: Comer) -> None:
    """A coordinator what is of their area; an auditor without a form; others nothing."""
    uploaded(shop)
    person = comes(shop, Role.COORDINATOR, "Q01")
    person.open("/set-aside/3")
    person.heading("Page not found")
    other = comes(shop, Role.COORDINATOR, "Q02")
    other.open("/set-aside/1")
    other.heading("Page not found")
    auditor = comes(shop, Role.AUDITOR, "Q01")
    auditor.open("/set-aside/1")
    auditor.reads("12")
    assert auditor.page.get_by_role("button", name="Save and keep it").count() == 0
    auditor.open("/to-mend")
    for role in (Role.REVIEWER, Role.COMMISSIONER):
        nobody = comes(shop, role, "Q01", reviewer_id="R0001" if role is Role.REVIEWER else None)
        nobody.open("/to-mend")
        nobody.heading("You may not do this")
    assert len(set_aside(shop)) == 3
