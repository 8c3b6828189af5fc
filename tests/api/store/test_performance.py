"""The call for performance: whose it is, which period, as known on which day, and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from allocator.performance import TABLES as REPORT
from allocator.performance import WITHHELD
from allocator.store import import_tables, schema
from allocator.store.callers import Role
from tests.allocator.store.build import NOW
from tests.api.store.conftest import CANARY, TABLES, Kept, kept
from tests.databases import an_empty

YEAR = "from=2026-04-01&to=2027-03-31"
HERE = (Role.COMMISSIONER, "QAA")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A service that was told ten days ago of 8 deaths in each of two months, and of 20 in the other area."""
    rows = [
        {"case_id": f"{mark}-{month}-{number}", "area": area, "notified_on": f"2026-{month:02d}-07",
         "review_type": "initial", "organisations": ["RYY"]}
        for mark, area, many in (("PLAIN", "QAA", 8), (CANARY, "QBB", 20))
        for month in (7, 8)
        for number in range(many)
    ]  # fmt: skip
    with an_empty("sqlite", tmp_path_factory.mktemp("store")) as database:
        schema.upgrade(database)
        with database.write("test", lambda: NOW - timedelta(days=10)) as tx:
            import_tables(tx, {"areas": TABLES["areas"], "cases": rows}, tx.at.date())
        yield kept(database)


def ask(service: Kept, query: str, who: tuple[Role, str] = HERE) -> Any:
    """What a call answers."""
    answer = service.call("GET", f"/v1/performance?{query}", who)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def cells(report: Any, table: str, column: str) -> dict[str, Any]:
    """A column of a table by row, without noughts."""
    (found,) = [one for one in report["tables"] if one["name"] == table]
    rows = [*found["rows"], found["total"]]
    return {row["name"]: row["cells"][column] for row in rows if row["cells"][column] != 0}


def test_an_area_is_told_of_its_own(told: Kept) -> None:
    """And the whole of all: a commissioner of one learns nothing of the other."""
    mine = ask(told, f"{YEAR}&area=QAA")
    assert mine["areas"] == ["QAA"]
    assert ask(told, YEAR)["tables"] == mine["tables"]
    everybody = ask(told, YEAR, (Role.ADMIN, ""))
    assert everybody["areas"] == []
    assert cells(everybody, "by_month", "notified") == {
        "2026-07": 28, "2026-08": 28, "2026-09": 6, "total": 62}  # fmt: skip
    answer = told.call("GET", f"/v1/performance?{YEAR}&area=QBB", HERE)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "other-area")


def test_small_counts_are_withheld(told: Kept) -> None:
    """Three deaths in September, and therefore the next month with any."""
    found = cells(ask(told, YEAR), "by_month", "notified")
    assert found == {"2026-07": WITHHELD, "2026-08": 8, "2026-09": WITHHELD, "total": 19}


def test_it_is_as_it_was_known(told: Kept) -> None:
    """Those of September were told of today."""
    before = ask(told, f"{YEAR}&as_known_on=2026-11-01")
    assert cells(before, "by_month", "notified") == {"2026-07": 8, "2026-08": 8, "total": 16}
    assert (before["known_on"], before["end"]) == ("2026-11-01", "2026-11-01")
    never = ask(told, f"{YEAR}&as_known_on=2026-10-01")
    assert cells(never, "by_month", "notified") == {}


def test_without_a_period_it_is_the_quarter(told: Kept) -> None:
    """That of today, or of the day as known on which it is asked for."""
    now = ask(told, "")
    assert (now["first"], now["last"], now["end"]) == ("2026-10-01", "2026-12-31", "2026-11-02")
    then = ask(told, "as_known_on=2026-09-30")
    assert (then["first"], then["last"]) == ("2026-07-01", "2026-09-30")


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("from=2026-05-01&to=2026-04-30", ["to"]),
        ("from=2021-01-01&to=2026-12-31", ["to"]),
        ("from=2026-11-03&to=2026-12-31", ["from"]),
        ("from=2026-12-03&to=2026-12-01", ["to", "from"]),
        ("from=2026-13-01&area=", ["from", "area"]),
        ("table=deaths", ["table"]),
        ("fro=2026-05-01", ["fro"]),
    ],
)
def test_days_that_do_not_fit_together_are_each_told(told: Kept, query: str, columns: list[str]) -> None:
    """All of them at once."""
    answer = told.call("GET", f"/v1/performance?{query}", HERE)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-parameter")
    assert sorted(one["column"] for one in answer.get_json()["errors"]) == sorted(columns)


def test_nobody_knows_what_will_be_known(told: Kept) -> None:
    """Tomorrow is refused."""
    answer = told.call("GET", "/v1/performance?as_known_on=2026-11-03", HERE)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "not-yet")


def test_each_table_is_a_file(told: Kept) -> None:
    """With what is withheld withheld; the words are the page's."""
    report = ask(told, YEAR)
    for table in report["tables"]:
        rows = read(told, f"{YEAR}&format=csv&table={table['name']}")
        assert rows[0] == [table["row_label"], *(one["label"] for one in table["columns"])]
        assert [row[0] for row in rows[1:]] == [row["label"] for row in (*table["rows"], table["total"])]
    assert read(told, f"{YEAR}&format=csv&table=by_month")[6][:2] == ["September 2026", WITHHELD]
    one = ask(told, f"{YEAR}&table=holds")
    assert [table["name"] for table in one["tables"]] == ["holds"]


def test_all_tables_are_one_file_of_figures(told: Kept) -> None:
    """By the names that programs know."""
    header, *rows = read(told, f"{YEAR}&format=csv")
    assert header == ["table", "row", "column", "value"]
    assert {row[0] for row in rows} == set(REPORT)
    assert ["by_month", "total", "notified", "19"] in rows


def test_a_report_names_no_case_and_no_reviewer(told: Kept) -> None:
    """Of whichever area, in whatever form."""
    for query in (YEAR, f"{YEAR}&format=csv"):
        text = told.call("GET", f"/v1/performance?{query}", (Role.ADMIN, "")).get_data(as_text=True)
        assert CANARY not in text
        assert "PLAIN" not in text


@pytest.mark.parametrize("role", Role)
def test_who_may_ask(told: Kept, role: Role) -> None:
    """Whoever plans, pays or looks into it."""
    may = role in (Role.COMMISSIONER, Role.COORDINATOR, Role.AUDITOR, Role.ADMIN)
    answer = told.call("GET", "/v1/performance", (role, "QAA"))
    assert answer.status_code == (200 if may else 403)


def read(service: Kept, query: str) -> list[list[str]]:
    """The cells of a file."""
    answer = service.call("GET", f"/v1/performance?{query}", HERE)
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.reader(answer.get_data(as_text=True).splitlines()))
