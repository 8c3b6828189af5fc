"""Performance: a report is chosen, read, and taken away as a file that says the same as the call."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from allocator.store.callers import Role
from tests.pages.conftest import Comer, Shop, shop_of
from tests.pages.person import Person
from tools.shop import DAY, small_queue

CHOOSE = "Choose the period"


@pytest.fixture(scope="module")
def reporting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A service with ten more deaths a month in each area, so that not every count is small."""
    tables = small_queue()
    for area in ("Q01", "Q02"):
        for number in range(80):
            notified = (DAY - timedelta(days=30 + 3 * number)).isoformat()
            tables["cases"].append({"case_id": f"{area}-{number}", "area": area, "notified_on": notified,
                                    "review_type": "initial", "organisations": ["RYY"]})  # fmt: skip
    yield from shop_of(tmp_path_factory.mktemp("store"), tables)


def read(person: Person, link: str) -> list[list[str]]:
    """The cells of the file that a link leads to."""
    with person.page.expect_download() as coming:
        person.follow(link)
    return list(csv.reader(Path(coming.value.path()).read_text("utf-8").splitlines()))


def asked(shop: Shop, query: str) -> dict[str, Any]:
    """The first table of the report that the call gives."""
    found: dict[str, Any] = shop.get(f"/v1/performance?{query}")["tables"][0]
    return found


def told(cell: Any) -> str:
    """What stands in a file for a figure of the call."""
    return "" if cell is None else str(cell)


def test_a_commissioner_reports_a_year_and_takes_a_table_away(reporting: Shop, comes: Comer) -> None:
    """From the menu to the file, whose figures are those of the call, small ones withheld."""
    person = comes(reporting, Role.COMMISSIONER, "Q01")
    person.open("/")
    person.follow("Performance")
    person.heading("Performance")
    person.reads("1 October 2026 to 31 December 2026")
    person.reads("The period goes on")
    person.unfold(CHOOSE)
    person.choose("This financial year, April 2026 to March 2027")
    person.press("Show the report")
    person.reads("1 April 2026 to 31 March 2027")
    person.reads("Area Q01, as known on 2 November 2026")
    rows = read(person, "Download as CSV: Notified, allocated and completed by month")
    table = asked(reporting, "from=2026-04-01&to=2027-03-31&area=Q01")
    assert rows[0] == ["Month", *(one["label"] for one in table["columns"])]
    expected = [[row["label"], *map(told, row["cells"].values())] for row in (*table["rows"], table["total"])]
    assert rows[1:] == expected
    assert int(rows[-1][1]) > 60
    assert any("withheld" in row for row in rows)
    expect(
        person.page.get_by_role("table", name="Notified, allocated and completed by month")
    ).to_contain_text(rows[-1][1])


def test_a_report_of_some_days_as_they_were_known(reporting: Shop, comes: Comer) -> None:
    """Of one area of several; before anything was told there is nothing to tell."""
    person = comes(reporting, Role.AUDITOR)
    person.open("/performance?from=2026-08-01&to=2026-09-30&area=Q02")
    person.reads("Area Q02, as known on 2 November 2026")
    person.unfold(CHOOSE)
    person.choose("Dates")
    person.fill_day("First day", "1 6 2026")
    person.fill_day("Last day", "31 august 2026")
    person.pick("Area", "All areas")
    person.fill_day("As known on", "1 11 2026")
    person.press("Show the report")
    person.reads("1 June 2026 to 31 August 2026")
    person.reads("All areas, as known on 1 November 2026")
    rows = read(person, "Download as CSV: all tables")
    assert rows[0] == ["table", "row", "column", "value"]
    assert ["by_month", "total", "notified", "0"] in rows
    now = asked(reporting, "from=2026-06-01&to=2026-08-31")
    assert now["total"]["cells"]["notified"] > 20


@pytest.mark.parametrize("way", ["mouse"], indirect=True)
def test_days_that_cannot_be_reported_are_told_at_their_fields(reporting: Shop, comes: Comer) -> None:
    """What was typed stays: a day that is none, one before the first, one that is to come."""
    person = comes(reporting, Role.COORDINATOR, "Q01")
    person.open("/performance")
    person.unfold(CHOOSE)
    person.choose("Dates")
    person.fill_day("First day", "1 13 2026")
    person.press("Show the report")
    person.reads("There is a problem")
    person.reads("First day is not a date")
    person.reads("Last day is missing")
    expect(person.page.locator("#from-month")).to_have_value("13")
    person.fill_day("First day", "1 9 2026")
    person.fill_day("Last day", "31 8 2026")
    person.press("Show the report")
    person.reads("Last day is before the first day")
    person.fill_day("Last day", "30 9 2026")
    person.fill_day("As known on", "3 11 2026")
    person.press("Show the report")
    person.reads("As known on is still to come")
    person.fill_day("As known on", "2 11 2026")
    person.press("Show the report")
    person.reads("1 September 2026 to 30 September 2026")


@pytest.mark.parametrize("way", ["mouse"], indirect=True)
def test_who_may_not_see_it(reporting: Shop, comes: Comer) -> None:
    """A reviewer has no such page; a commissioner of one area none of another."""
    person = comes(reporting, Role.REVIEWER, "Q01", reviewer_id="R0001")
    person.open("/")
    expect(person.page.get_by_role("link", name="Performance", exact=True)).to_have_count(0)
    person.open("/performance")
    person.heading("You may not do this")
    other = comes(reporting, Role.COMMISSIONER, "Q01")
    other.open("/performance?area=Q02")
    other.heading("You may not do this")
