"""A workbook: what went in, what is assumed and why, a sheet a result with its chart, and its origin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from scenarios.answers import TOTAL, ScenarioAnswer, VariantAnswer
from scenarios.files import keys, value_at
from scenarios.report.methods import methods
from scenarios.scenario import Scenario
from scenarios.sources import sources

SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
"""Text stays text, whatever it begins with."""
Row = Sequence[object]


def write_workbook(scenario: Scenario, answer: ScenarioAnswer, out: Path | BytesIO) -> None:
    """Nothing; the workbook is there.

    Raises
    ------
    OSError
        It cannot be written.
    """
    with xlsxwriter.Workbook(out if isinstance(out, BytesIO) else str(out), SAFE) as book:
        bold = book.add_format({"bold": True})
        _sheet(
            book,
            bold,
            "Summary",
            ("variant", "in one sentence", "£ a year", "£ a review", "changed"),
            _summary(answer),
        )
        _sheet(
            book,
            bold,
            "Inputs",
            ("key", "value"),
            ((one, _text(value_at(scenario, one))) for one in keys(scenario)),
        )
        _sheet(
            book, bold, "Assumptions", ("key", "what it is", "value", "unit", "low", "high", "why"),
            ((o.key, o.says, o.value, o.unit, o.low, o.high, o.reason) for o in sources(scenario)),
        )  # fmt: skip
        _sheet(
            book, bold, "In time",
            ("variant", "area", "end", "of", "months", "share", "half-width", "target", "chance of a year"),
            _in_time(answer),
        )  # fmt: skip
        _sheet(
            book, bold, "Differences",
            ("variant", "figure", "base", "here", "difference", "half-width", "sure"),
            _differences(answer),
        )  # fmt: skip
        _sheet(
            book, bold, "Staff",
            ("variant", "group", "workload", "10 %", "90 %", "hours a year", "reviews a year"),
            _staff(answer),
        )  # fmt: skip
        for at, one in enumerate(answer.variants, start=1):
            _weeks(book, bold, f"Weeks {at}", one)
        rows = [(heading, text) for heading, paragraphs in methods(scenario, answer) for text in paragraphs]
        _sheet(book, bold, "Method", ("section", "text"), rows)
        about = [("seed", answer.seed), ("digest", answer.digest), *answer.versions.items()]
        _sheet(book, bold, "About", ("what", "value"), about)


def _sheet(book: Any, bold: Any, name: str, columns: Row, rows: Iterable[Row]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, columns, bold)
    for at, row in enumerate(rows, start=1):
        sheet.write_row(at, 0, [None if one is None else one for one in row])
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    return sheet


def _weeks(book: Any, bold: Any, name: str, one: VariantAnswer) -> None:
    """Open cases by week, with a chart of the total and its band."""
    rows = one.areas[0].weeks
    total = next(row for row in rows if row.stage == TOTAL)
    columns = ["week", "mean", "10 %", "90 %", "2.5 %", "97.5 %"]
    columns += [row.stage.replace("_", " ") for row in rows if row.stage != TOTAL]
    rest = [row.mean for row in rows if row.stage != TOTAL]
    content = zip(
        range(len(total.mean)),
        total.mean,
        total.low_80,
        total.high_80,
        total.low_95,
        total.high_95,
        *rest,
        strict=True,
    )
    sheet = _sheet(book, bold, name, columns, content)
    chart = book.add_chart({"type": "line"})
    last = len(total.mean)
    for column, colour in ((1, "#005eb8"), (2, "#9fc3e6"), (3, "#9fc3e6")):
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 0, last, 0],
                "values": [name, 1, column, last, column],
                "line": {"color": colour},
            }
        )
    chart.set_title({"name": f"Open cases: {one.name}"})
    chart.set_x_axis({"name": "week", "interval_unit": 26})
    sheet.insert_chart(1, len(columns) + 1, chart)


def _summary(answer: ScenarioAnswer) -> Iterable[Row]:
    for one in answer.variants:
        change = "; ".join(f"{key} = {value}" for key, value in one.change.items())
        yield one.name, one.says, one.money.a_year.mean, one.money.a_review, change


def _in_time(answer: ScenarioAnswer) -> Iterable[Row]:
    for one in answer.variants:
        for area in one.areas:
            for row in area.in_time:
                share = (row.share.mean, row.share.half_width) if row.share else (None, None)
                yield one.name, area.area, row.end, row.of, row.months, *share, row.target, row.chance


def _differences(answer: ScenarioAnswer) -> Iterable[Row]:
    for one in answer.variants:
        for row in one.against_base:
            between = row.difference
            yield one.name, row.figure, row.base, row.here, between.mean, between.half_width, row.is_sure


def _staff(answer: ScenarioAnswer) -> Iterable[Row]:
    for one in answer.variants:
        for row in one.groups:
            load = (
                (row.workload.mean, row.workload.low_80, row.workload.high_80)
                if row.workload
                else (None,) * 3
            )
            yield one.name, row.group, *load, row.hours, row.reviews


def _text(value: object) -> object:
    return value if isinstance(value, int | float | str) else str(value)
