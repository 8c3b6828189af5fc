"""How many are needed, as a workbook: the answer, what more and less chance costs, each area's part."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import xlsxwriter

from allocator.version import versions
from scenarios.report import rows
from scenarios.report.rows import Row
from scenarios.report.workbook import BLUE, SAFE, Book, series
from scenarios.scenario import Scenario
from scenarios.sizing.answers import Point, Reached, Sized

SUMMARY: Final = ("what", "value")


def write_sizes(scenario: Scenario, found: Sized, out: Path | BytesIO) -> None:
    """Nothing; the workbook is there.

    Raises
    ------
    OSError
        It cannot be written.
    """
    with xlsxwriter.Workbook(out if isinstance(out, BytesIO) else str(out), SAFE) as opened:
        book = Book(opened, opened.add_format({"bold": True}))
        book.sheet("Summary", SUMMARY, summary(found))
        _frontier(book, found)
        book.sheet("Areas", area_columns(found), areas(found))
        book.sheet("Inputs", rows.INPUTS, rows.inputs(scenario))
        book.sheet("Assumptions", rows.ASSUMPTIONS, rows.assumptions(scenario))
        about = (("seed", scenario.run.seed), *versions().items())
        book.sheet("About", ("what", "value"), about)


def summary(found: Sized) -> Iterator[Row]:
    """Yield the answer, a figure a line."""
    at, steady, clear = found.steady.at, found.steady, found.clearing
    yield "in one sentence", found.says
    yield "chance that is wanted", found.chance
    yield "WTE", at.wte
    yield from ((f"of {name}", count) for name, count in at.groups.items())
    yield "chance of a year that meets all targets", at.chance
    yield "£ a year", at.cost
    yield "met", steady.met
    yield "WTE that the work alone takes", steady.fluid_wte
    yield "£ a year of these", steady.fluid_cost
    if clear is not None:
        yield "weeks in which the backlog is to be cleared", clear.weeks
        yield "WTE more for these", clear.extra_wte
        yield from ((f"more of {name}", count) for name, count in clear.groups.items())
        yield "WTE-months", clear.wte_months
        yield "£ in all", clear.cost
        yield "chance that nobody is overdue then", clear.chance
        yield "cleared", clear.met
    yield "runs that the chances come from", found.fresh_replications


def frontier_columns(found: Sized) -> Row:
    """The columns of sizes by their chance."""
    return ("WTE", *found.groups, "chance of a year", *_ends(found), "£ a year")


def frontier(found: Sized) -> Iterator[Row]:
    """Yield the cheapest size for each of some chances."""
    for one in found.frontier:
        yield one.wte, *_of(found, one), one.chance, *_shares(one.shares), one.cost


def area_columns(found: Sized) -> Row:
    """The columns of areas."""
    extra = tuple(f"more of {name}" for name in found.groups)
    return (
        "area",
        *found.groups,
        "WTE",
        *extra,
        "chance of a year",
        *_ends(found),
        "£ a year",
        "met",
        "cleared",
    )


def areas(found: Sized) -> Iterator[Row]:
    """Yield each area's part."""
    for one in found.areas:
        posts = (one.groups.get(name, 0.0) for name in found.groups)
        extra = (one.extra.get(name) for name in found.groups)
        yield (
            one.area,
            *posts,
            one.wte,
            *extra,
            one.chance,
            *_shares(one.shares),
            one.cost,
            one.met,
            one.cleared,
        )


def _frontier(book: Book, found: Sized) -> None:
    """What each size costs and how sure it is, with a chart of the two."""
    columns = frontier_columns(found)
    sheet, last = book.sheet("Frontier", columns, frontier(found)), len(found.frontier)
    at = 1 + len(found.groups)
    chart = book.chart("column", "Chance of a year that meets all targets, by WTE",
                       [series("Frontier", (0, at), last, BLUE)])  # fmt: skip
    chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%"})
    chart.set_legend({"none": True})
    sheet.insert_chart(last + 2, 0, chart)


def _ends(found: Sized) -> tuple[str, ...]:
    return tuple(f"{one.end} in time" for one in found.steady.at.shares)


def _of(found: Sized, at: Point) -> tuple[float, ...]:
    return tuple(at.groups.get(name, 0.0) for name in found.groups)


def _shares(reached: tuple[Reached, ...]) -> tuple[float | None, ...]:
    return tuple(one.share.mean if one.share else None for one in reached)
