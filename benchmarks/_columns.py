"""The figures that RESULTS.md shows of a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from benchmarks._rows import Row

Number = int | float
Cell = Callable[[Row], Number | None]


@dataclass(frozen=True)
class Column:
    """A column of figures: a cell is the median over the seeds of one instance and method."""

    title: str
    cell: Cell
    form: str = "{:,.2f}"
    scale: float = 1.0


def _more(name: str) -> Cell:
    return lambda row: cast("Number | None", row.more.get(name))


def _step(name: str) -> Cell:
    return lambda row: cast("dict[str, float]", row.more.get("split", {})).get(name)


def _level(name: str, figure: str) -> Cell:
    return lambda row: (
        cast("dict[str, dict[str, Number]]", row.more.get("levels", {})).get(name, {}).get(figure)
    )


COLUMNS = (
    Column("limit s", _more("time_limit"), "{:g}"),
    Column("pairs", _more("pairs"), "{:,.0f}"),
    Column("objective", lambda row: row.objective, "{:,.10g}"),
    Column("bound", lambda row: row.bound, "{:,.10g}"),
    Column("gap %", lambda row: row.gap, scale=100),
    Column("to best bound %", _more("gap_to_best_bound"), scale=100),
    Column("late", _level("late", "value"), "{:,.0f}"),
    Column("late gap %", _level("late", "gap"), scale=100),
    Column("cost", _level("cost", "value"), "{:,.0f}"),
    Column("cost gap %", _level("cost", "gap"), scale=100),
    Column("best known", _more("best_known"), "{:,.0f}"),
    Column("off it", _more("off_units"), "{:,.0f}"),
    Column("off it %", _more("off_best_known"), scale=100),
    Column("bound off it %", _more("bound_off_best_known"), scale=100),
    Column("gap differs % points", _more("gap_differs"), "{:,.3f}", scale=100),
    Column("value against whole %", _more("objective_against_whole"), "{:+,.2f}", scale=100),
    Column("bound against whole %", _more("bound_against_whole"), "{:+,.2f}", scale=100),
    Column("gap above cold % points", _more("gap_above_cold"), "{:+,.3f}", scale=100),
    Column("value against cold %", _more("objective_against_cold"), "{:+,.3f}", scale=100),
    Column("bound against cold %", _more("bound_against_cold"), "{:+,.3f}", scale=100),
    Column("of the best rival's", _more("of_best_rival")),
    Column("asked", _more("asked"), "{:,.0f}"),
    Column("takers at least", _more("least_able"), "{:,.0f}"),
    Column("loading s", _more("loading")),
    Column("half in ms", _more("p50_ms"), "{:,.0f}"),
    Column("95 % in ms", _more("p95_ms"), "{:,.0f}"),
    Column("99 % in ms", _more("p99_ms"), "{:,.0f}"),
    Column("failed", _more("failed"), "{:,.0f}"),
    Column("milliseconds", _more("milliseconds"), "{:,.1f}"),
    Column("grows to the power of", _more("growth_exponent")),
    Column("longest ms", _more("longest_ms"), "{:,.0f}"),
    Column("kB on a first visit", _more("kilobytes"), "{:,.0f}"),
    Column("unfilled", _more("unfilled"), "{:,.0f}"),
    Column("missing", _more("missing"), "{:,.0f}"),
    Column("exact", _more("exact"), "{:,.10g}"),
    Column("MinMax", _more("minmax"), "{:,.10g}"),
    Column("instances", _more("instances"), "{:,.0f}"),
    Column("lines", _more("lines"), "{:,.0f}"),
    Column("missed", _more("missed"), "{:,.0f}"),
    Column("seconds", lambda row: row.seconds),
    Column("µs a pair", _more("seconds_a_pair"), "{:,.0f}", scale=1e6),
    Column("seconds as pairs^", _more("seconds_exponent")),
    Column("memory as pairs^", _more("memory_exponent")),
    Column("theory", _more("theory"), "{:,.6g}"),
    Column("measured", _more("measured"), "{:,.6g}"),
    Column("off theory %", _more("off_theory"), "{:+,.2f}", scale=100),
    Column("half-width %", _more("half_width_of_theory"), scale=100),
    Column("off it in half-widths", _more("off_in_half_widths")),
    Column("mean wait days", _more("mean_wait_days")),
    Column("±", _more("mean_wait_days_half_width")),
    Column("days to completion", _more("mean_days_to_completion")),
    Column("±", _more("mean_days_to_completion_half_width")),
    Column("means apart, standard errors", _more("standard_errors_apart")),
    Column("CPU µs a case", _more("cpu_us_per_case")),
    Column("times ours", _more("times_ours")),
    Column("start-up s", _step("start_up")),
    Column("read s", _step("read")),
    Column("encode s", _step("encode")),
    Column("audit s", _step("audit")),
    Column("write s", _step("write")),
    Column("whole process s", _more("whole_process")),
    Column("of MinMax's time %", _more("of_minmax_seconds"), scale=100),
    Column("cpu s", lambda row: row.cpu_seconds),
    Column("peak MB", lambda row: row.peak_mb, "{:,.0f}"),
)
