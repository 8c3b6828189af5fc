"""A workbook: what went in, what is assumed and why, a sheet a result with its chart, and its origin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from scenarios.answers import ScenarioAnswer, Tornado, VariantAnswer
from scenarios.report import rows
from scenarios.report.charts import MOST_BARS
from scenarios.report.methods import methods
from scenarios.report.rows import Row
from scenarios.scenario import Scenario

SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
"""Text stays text, whatever it begins with."""
BLUE, LIGHT = "#005eb8", "#9fc3e6"


def write_workbook(scenario: Scenario, answer: ScenarioAnswer, out: Path | BytesIO) -> None:
    """Nothing; the workbook is there.

    Raises
    ------
    OSError
        It cannot be written.
    """
    with xlsxwriter.Workbook(out if isinstance(out, BytesIO) else str(out), SAFE) as opened:
        book = Book(opened, opened.add_format({"bold": True}))
        _summary(book, answer)
        book.sheet("Inputs", rows.INPUTS, rows.inputs(scenario))
        book.sheet("Assumptions", rows.ASSUMPTIONS, rows.assumptions(scenario))
        book.sheet("Figures", rows.FIGURES, rows.figures(answer))
        _in_time(book, answer)
        book.sheet("Differences", rows.DIFFERENCES, rows.differences(answer))
        book.sheet("Staff", rows.STAFF, rows.staff(answer))
        for at, one in enumerate(answer.variants, start=1):
            _weeks(book, f"Weeks {at}", one)
            if len(one.areas) > 1:
                book.sheet(f"Areas {at}", *rows.area_weeks(one))
        if answer.tornado:
            _tornado(book, answer.tornado)
        told = ((heading, text) for heading, texts in methods(scenario, answer) for text in texts)
        book.sheet("Method", ("section", "text"), told)
        book.sheet("About", ("what", "value"), rows.about(answer))


@dataclass(frozen=True)
class Book:
    """The workbook that is written, and how its headings look."""

    book: Any
    bold: Any

    def sheet(self, name: str, columns: Row, content: Iterable[Row]) -> Any:
        """A sheet of some columns."""
        sheet = self.book.add_worksheet(name)
        sheet.write_row(0, 0, columns, self.bold)
        for at, row in enumerate(content, start=1):
            sheet.write_row(at, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
        return sheet

    def chart(self, kind: str, title: str, series: Iterable[dict[str, Any]], **more: str) -> Any:
        """A chart of some series."""
        chart = self.book.add_chart({"type": kind, **more})
        for one in series:
            chart.add_series(one)
        chart.set_title({"name": title})
        return chart


def series(sheet: str, columns: tuple[int, int], last: int, colour: str | None = None) -> dict[str, Any]:
    """One column of a sheet over another, down to a row.

    Parameters
    ----------
    columns : of what stands below, and of the values
    colour : None: as the program that opens it likes
    """
    of, at = columns
    painted = {"line": {"color": colour}, "fill": {"color": colour}} if colour else {}
    return {
        "name": [sheet, 0, at],
        "categories": [sheet, 1, of, last, of],
        "values": [sheet, 1, at, last, at],
        **painted,
    }


def _summary(book: Book, answer: ScenarioAnswer) -> None:
    """Variants in a line each, with their shares and their money as columns."""
    sheet, last = book.sheet("Summary", rows.SUMMARY, rows.summary(answer)), len(answer.variants)
    if not last:
        return
    for place, (at, title, form) in enumerate(((5, rows.SUMMARY[5], "0%"), (6, rows.SUMMARY[6], "£#,##0"))):
        chart = book.chart("column", title, [series("Summary", (0, at), last, BLUE)])
        chart.set_legend({"none": True})
        chart.set_y_axis({"min": 0, "num_format": form})
        sheet.insert_chart(last + 2, 3 * place, chart)


def _in_time(book: Book, answer: ScenarioAnswer) -> None:
    """Shares in time, and those of the base year by year as lines."""
    columns = rows.in_time_columns(answer)
    sheet = book.sheet("In time", columns, rows.in_time(answer))
    first, last = len(rows.IN_TIME), len(columns) - 1
    if last < first:
        return
    lines = [
        {
            "name": f"{row.end}, {row.of}",
            "categories": ["In time", 0, first, 0, last],
            "values": ["In time", at, first, at, last],
        }
        for at, row in enumerate(answer.variants[0].areas[0].in_time, start=1)
    ]
    chart = book.chart("column", f"In time by year: {answer.variants[0].name}", lines)
    chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%"})
    sheet.insert_chart(1, last + 2, chart)


def _weeks(book: Book, name: str, one: VariantAnswer) -> None:
    """Open cases by week, with a chart of the total and its band, and one of the stages on each other."""
    columns, content = rows.weeks(one)
    sheet, last = book.sheet(name, columns, content), len(one.areas[0].weeks[0].mean)
    lines = [series(name, (0, at), last, colour) for at, colour in ((1, BLUE), (2, LIGHT), (3, LIGHT))]
    stages = [series(name, (0, at), last) for at in range(6, len(columns))]
    total = book.chart("line", f"Open cases: {one.name}", lines)
    by_stage = book.chart("area", f"By stage: {one.name}", stages, subtype="stacked")
    for at, chart in enumerate((total, by_stage)):
        chart.set_x_axis({"name": "week", "interval_unit": 26, "interval_tick": 26})
        sheet.insert_chart(1 + 16 * at, len(columns) + 1, chart)


def _tornado(book: Book, found: Tornado) -> None:
    """Every assumption, and the bars of those that matter most."""
    sheet = book.sheet("Tornado", rows.TORNADO, rows.tornado(found))
    last = min(MOST_BARS, len(found.bars))
    chart = book.chart(
        "bar", "Share completed in time, against the base",
        [{**series("Tornado", (0, at), last, colour), "overlap": 100, "gap": 30}
         for at, colour in ((6, LIGHT), (8, BLUE))],
    )  # fmt: skip
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"num_format": "+0%;-0%;0"})
    chart.set_size({"width": 760, "height": 60 + 26 * last})
    sheet.insert_chart(len(found.bars) + 2, 0, chart)
