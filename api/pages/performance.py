"""Performance: the tables of quarterly and annual reports, of a period, an area and as known on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup

from allocator.performance import WITHHELD
from allocator.performance.period import financial_year, quarter
from api import words
from api.errors import Refusal
from api.pages.areas import own_areas
from api.pages.charts.months import Series, bars, lines
from api.pages.forms import Typed, Wrong
from api.pages.page import GoTo, Json, Page, PageRoute, Shown
from api.roles import OVERSEERS

HOME: Final = "/performance"
DATES: Final = "dates"
NAMES: Final = {
    "this_quarter": "This quarter",
    "last_quarter": "Last quarter",
    "this_year": "This financial year",
    "last_year": "Last financial year",
}
LABELS: Final = {"from": "First day", "to": "Last day", "as_known_on": "As known on"}
ASKED: Final = ("from", "to", "area", "as_known_on")


def pages() -> tuple[PageRoute, ...]:
    """The page."""
    return (PageRoute(HOME, "performance", OVERSEERS, _show, {"": _choose}, menu="Performance"),)


def _show(page: Page) -> Shown:
    asked = {name: page.query[name] for name in ASKED if page.query.get(name)}
    said = {
        "asked": asked,
        "areas": own_areas(page),
        "periods": list(_periods(page.today)),
        "period": _period(asked, page.today),
        "wrong": Wrong(page),
    }
    if page.problem:
        return Shown("performance.html", said)
    try:
        report = page.ask("performance", query=asked)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        problem = _problem(refusal)
        wrong = Wrong(replace(page, problem=problem))
        return Shown("performance.html", said | {"wrong": wrong}, refusal.status, problem)
    tables = {one["name"]: one for one in report["tables"]}
    more = {
        "report": report,
        "glance": list(_glance(tables)),
        "pictures": {name: draw(tables[name]) for name, draw in PICTURES.items()},
        "file": lambda table="": _file(report, asked.get("area", ""), table),
        "file_name": lambda table: f"performance-{table}-{report['first']}-to-{report['last']}.csv",
    }
    return Shown("performance.html", said | more)


def _choose(page: Page) -> GoTo:
    """Where the report is that was chosen."""
    typed, period = Typed(page.form, LABELS), page.form.get("period", "")
    if period == DATES:
        days = {name: typed.day(name, is_needed=True) for name in ("from", "to")}
    else:
        chosen = _days_of(period, page.today)
        days = {"from": chosen[0].isoformat(), "to": chosen[1].isoformat()} if chosen else {}
    days["as_known_on"] = typed.day("as_known_on")
    typed.check()
    asked = {**days, "area": page.form.get("area", "")}
    return GoTo(f"{HOME}?{urlencode({name: value for name, value in asked.items() if value})}")


def _days_of(period: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of a period that has a name; None: it has none."""
    this_quarter, this_year = quarter(today), financial_year(today)
    a_day = timedelta(days=1)
    return {
        "this_quarter": this_quarter,
        "last_quarter": quarter(this_quarter[0] - a_day),
        "this_year": this_year,
        "last_year": financial_year(this_year[0] - a_day),
    }.get(period)


def _periods(today: date) -> Iterator[dict[str, str]]:
    """Yield the periods that can be chosen by name."""
    for value, text in NAMES.items():
        first, last = _days_of(value, today) or (today, today)
        yield {"value": value, "text": f"{text}, {first:%B %Y} to {last:%B %Y}"}


def _period(asked: Mapping[str, str], today: date) -> str:
    """Which choice the days are that are asked for."""
    if "from" not in asked and "to" not in asked:
        return "this_quarter"
    given = (asked.get("from"), asked.get("to"))
    days = ((name, _days_of(name, today) or (today, today)) for name in NAMES)
    return next((name for name, both in days if tuple(map(str, both)) == given), DATES)


def _problem(refusal: Refusal) -> Json:
    """Why the days that were asked for have no report, at the fields that they stand in."""
    faults = [
        one.as_dict() | {"pointer": f"/{one.column}", "column": LABELS.get(one.column or "", one.column)}
        for one in refusal.faults
    ]
    if not faults:  # it is to come
        message, hint = "is still to come", "a day up to today"
        label = LABELS["as_known_on"]
        faults = [{"pointer": "/as_known_on", "column": label, "message": message, "hint": hint}]
    return {"code": refusal.code, "detail": "There is no report of these days.", "errors": faults}


def _file(report: Json, area: str, table: str) -> str:
    """Where a table of a report is as a file; an empty name is all of them."""
    days = {"from": report["first"], "to": report["last"], "as_known_on": report["known_on"]}
    asked = {**days, "area": area, "table": table, "format": "csv"}
    return f"/v1/performance?{urlencode({name: text for name, text in asked.items() if text})}"


def _glance(tables: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield the few figures that are looked for first."""
    for name in ("notified", "allocated", "completed"):
        yield words.sentence(name), _figure(tables["by_month"]["total"]["cells"][name])
    for name in ("allocated_in_time", "completed_in_time"):
        share = _figure(tables[name]["total"]["cells"]["eligible_share"], "%")
        yield f"{tables[name]['title']}, of eligible reviews", share
    for column in tables["backlog"]["columns"]:
        label = f"{column['label']} at the end"
        yield label, _figure(tables["backlog"]["total"]["cells"][column["name"]])


def _figure(cell: Any, unit: str = "") -> str:
    if cell is None or isinstance(cell, str):
        return cell or "–"
    return f"{words.figure(cell)}{unit}"


def _by_month(table: Json) -> Markup:
    kinds = ("notified", "allocated", "completed")
    series = [Series(words.sentence(name), _told(table, name)) for name in kinds]
    says = "A bar for each of notified, allocated and completed in each month."
    return bars("Notified, allocated and completed by month", says, _months(table), series)


def _in_time(table: Json) -> Markup:
    series = [Series("Eligible", _told(table, "eligible_share")), Series("All", _told(table, "all_share"))]
    says = "The share of reviews due in each month that were in time, of eligible ones and of all."
    return lines(f"{table['title']}, per cent by month", says, _months(table), series)


PICTURES: Final = {"by_month": _by_month, "completed_in_time": _in_time}
"""Of tables that are better seen."""


def _told(table: Json, column: str) -> list[float | None]:
    cells: Sequence[Any] = [row["cells"][column] for row in table["rows"]]
    return [None if cell in (None, WITHHELD) else float(cell) for cell in cells]


def _months(table: Json) -> list[str]:
    return [f"{date.fromisoformat(row['name'] + '-01'):%b %y}" for row in table["rows"]]
