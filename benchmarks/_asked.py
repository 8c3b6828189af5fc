"""The musts and the aims: what is asked of the figures, in one list."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import cast

from benchmarks._published import PUBLISHED, SECONDS
from benchmarks._rows import Row
from benchmarks._targets import Figure, Target, Verdict, highest, total, verdicts


def _percent(row: Row) -> float | None:
    return None if row.gap is None else 100 * row.gap


def _seconds(row: Row) -> float | None:
    return row.seconds


def _peak(row: Row) -> float | None:
    return row.peak_mb


def _more(name: str, scale: float = 1.0) -> Figure:
    """Return a figure of the benchmark's own."""

    def figure(row: Row) -> float | None:
        found = cast("float | None", row.more.get(name))
        return None if found is None else scale * found

    return figure


def _planned(figure: Figure) -> Figure:
    """Return the figure, but none where no plan passed its audit."""
    return lambda row: None if row.objective is None else figure(row)


def _all_listed(row: Row) -> float | None:
    return row.seconds if row.more.get("missed") == 0 else None


def _not(name: str) -> Figure:
    """Return 1 for a row of which something does not hold."""
    return lambda row: 0.0 if row.more.get(name) else 1.0


def _unproved(row: Row) -> float:
    return 0.0 if row.gap == 0 else 1.0


def _units(kind: str, name: str, most: int) -> Target:
    return Target(kind, f"{name} in 60 s", name, lambda row: row.objective, most, "units", SECONDS)


ASSIGNMENT = (
    *(_units("must", name, one.must) for name, one in PUBLISHED.items()),
    Target("must", "type D: bound off the best known", r"d\d{5}",
           _more("bound_off_best_known", 100), 0.3, "%", SECONDS),
    Target("must", "types C and E of 400 and 900: off the best known", r"[ce]\d\d[49]00",
           _more("off_units"), 3, "units", SECONDS),
    Target("must", "gap1 to gap12, types A and B: not proved", r"gap\d+-\d+|[ab]\d{5}",
           _unproved, 0, "", fold=total),
    *(_units("aim", name, one.aim) for name, one in PUBLISHED.items()),
)  # fmt: skip

SMALL, MIDDLE, BIG = r"500x60-load.*", r"2000x300-load(0\.9|1\.1)", r"10000x1000-load.*"
ENGLAND, HUGE = r"4000x600-load1", r"100000x5000-load.*"
ALLOCATION = (
    Target("must", "500 × 60, gap in 15 s", SMALL, _percent, 1.2, "%", 15),
    Target("must", "2,000 × 300 at loads 0.9 and 1.1, gap in 30 s", MIDDLE, _percent, 1.2, "%", 30),
    Target("must", "10,000 × 1,000, gap in 60 s", BIG, _percent, 1.5, "%", 60),
    Target("must", "10,000 × 1,000, memory", BIG, _planned(_peak), 2000, "MB", 60),
    Target("must", "mean gap at every checkpoint, as a share of the best rival's", r"mean of .*",
           _more("of_best_rival"), 1, "", needs="of_best_rival"),
    Target("aim", "500 × 60, gap in 15 s", SMALL, _percent, 0.6, "%", 15),
    Target("aim", "2,000 × 300 at loads 0.9 and 1.1, gap in 60 s", MIDDLE, _percent, 0.75, "%", 60),
    Target("aim", "10,000 × 1,000, gap in 60 s", BIG, _percent, 0.9, "%", 60),
    Target("aim", "10,000 × 1,000, memory", BIG, _planned(_peak), 1000, "MB", 60),
    Target("aim", "100,000 × 5,000, whole process", HUGE, _planned(_more("whole_process")), 630, "s", 600),
    Target("aim", "100,000 × 5,000, memory", HUGE, _planned(_peak), 8000, "MB", 600),
)  # fmt: skip

WHATEVER = (
    Target("must", "processes that did not keep their limit within 5 % or 1 s", r".*",
           _not("limit_kept"), 0, "", needs="limit_kept", fold=total),
    Target("must", "gap of permuted copies, and with points × 7, differs by", r".*",
           _more("gap_differs", 100), 0.1, "% points", method=r"permuted|points × 7"),
    Target("must", "20 new cases with a tenth of the search: more points left than from nothing", r".*\+20",
           _more("objective_against_cold", 100), 0.1, "%", method="again, from the earlier plan"),
    Target("aim", "seconds grow as eligible pairs to the power of", r"growth",
           _more("seconds_exponent"), 1.2, ""),
    Target("aim", "memory grows as eligible pairs to the power of", r"growth",
           _more("memory_exponent"), 1.2, ""),
)  # fmt: skip

FIRST_ISSUE = (
    Target("must", "4,000 × 600 planned and audited", ENGLAND, _planned(_more("whole_process")), 63, "s", 60),
    Target("must", "4,000 × 600 read, planned, written", ENGLAND, _planned(_peak), 2000, "MB", 60),
    Target("must", "100,000 × 5,000 with 1,000 faults, all listed", r"100000x5000",
           _all_listed, 10, "s", method="list-faults"),
    Target("must", "a sample of 100,000 × 5,000 written", r"100000x5000", _seconds, 20, "s", method="sample"),
    Target("must", "demo, warm", r"demo", _seconds, 5, "s", method=r"run\.py demo, warm"),
    Target("must", "demo, cold", r"demo", _seconds, 60, "s", method=r"run\.py demo, cold"),
    Target("aim", "100 × 12, level 1, gap proved in 5 s", r"100x12-load1", _percent, 1, "%", 5),
    Target("aim", "500 × 60 at load 1.0, level 1, gap in 10 s", r"500x60-load1", _percent, 3, "%", 10),
)  # fmt: skip

CONFERENCES = r"midl.*|aamas2021|1000x500|5000x1500"
MATCHING = (
    Target("must", "conferences: off the published optimum", CONFERENCES,
           _more("off_exact"), 0.0005, "", needs="off_exact"),
    Target("must", "conferences not proved", CONFERENCES, _unproved, 0, "", fold=total),
    Target("must", "conferences from 1,000 × 500 up: of the time that MinMax took", r"1000x500|5000x1500",
           _more("of_minmax_seconds", 100), 5, "%"),
)  # fmt: skip

BUSY = r"10000x1000"
DESK = (
    Target("must", "10,000 × 1,000: 95 % of suggestions in", BUSY,
           _more("p95_ms"), 150, "ms", method="suggest"),
    Target("must", "10,000 × 1,000: longest explanation", BUSY,
           _more("longest_ms"), 2000, "ms", method="explain"),
    Target("must", "100 × 12: all remedies of a plan in", r"100x12", _seconds, 10, "s", method="remedies"),
    Target("aim", "10,000 × 1,000: 95 % of suggestions in", BUSY,
           _more("p95_ms"), 100, "ms", method="suggest"),
)  # fmt: skip

STORED = r"10000x1000 (SQLite|PostgreSQL)"
OVER_HTTP = (
    Target("must", "10,000 cases imported over HTTP", STORED, _seconds, 10, "s", method="import"),
    Target("must", "10,000 × 1,000 over HTTP: a plan that is asked for is accepted in", STORED,
           _more("p95_ms"), 100, "ms", method="plan asked for"),
    Target("aim", "10,000 × 1,000 over HTTP: 95 % of lines approved one by one in", STORED,
           _more("p95_ms"), 100, "ms", method="a line accepted"),
    Target("must", "10,000 × 1,000 over HTTP: 95 % of suggestions in", STORED,
           _more("p95_ms"), 200, "ms", method="suggestion.*"),
    Target("aim", "10,000 × 1,000 over HTTP: 95 % of suggestions in", STORED,
           _more("p95_ms"), 100, "ms", method="suggestion.*"),
)  # fmt: skip

GOLIVE = (
    Target("must", "4,000 cases going live: imported, planned and published in",
           r"4000 going live, (SQLite|PostgreSQL)", _seconds, 300, "s", method="live"),
)  # fmt: skip

REVIEWS, ANY = r"reviews, .*", r"reviews, .*|M/M/.*"
SIMULATION = (
    Target("must", "simulators whose means differ from the engine's", ANY,
           _not("means_agree"), 0, "", method="simpy|ciw", needs="means_agree", fold=total),
    Target("aim", "a service's rules on: CPU a case, of SimPy's", REVIEWS,
           _more("of_its_cpu", 100), 10, "%", method="simpy", needs="of_its_cpu"),
    Target("aim", "a service's rules on: CPU a case, of Ciw's", REVIEWS,
           _more("of_its_cpu", 100), 5, "%", method="ciw", needs="of_its_cpu"),
)  # fmt: skip

WAITS = r"M/.*|priority.*"
THEORY = (
    Target("must", "closed forms at loads below .9: half-width of theory", r"M/M/[13] .*|M/[DMG]/1.*",
           _more("half_width_of_theory", 100), 2, "%", method="mean_wait.*", needs="half_width_of_theory"),
    Target("must", "closed forms at load .9: half-width of theory", r"M/M/20.*|priority.*",
           _more("half_width_of_theory", 100), 5, "%", method="mean_wait.*", needs="half_width_of_theory"),
    Target("must", "closed forms: off theory, in half-widths of 95 % (one of 20 may be beyond 1)", WAITS,
           _more("off_in_half_widths"), 1.5, "", method="mean_wait.*", needs="off_in_half_widths"),
)  # fmt: skip

LOADED = (
    Target("must", "open load while a plan is solved: calls that failed", r".* a second",
           _more("failed"), 0, "", method="reads|writes", needs="failed", fold=total),
    Target("must", "open load, 50 a second on PostgreSQL and 15 on SQLite: reads, p95", r".* a second",
           _more("p95_ms"), 100, "ms", method="reads"),
    Target("must", "open load, 50 a second on PostgreSQL and 15 on SQLite: writes, p95", r".* a second",
           _more("p95_ms"), 200, "ms", method="writes"),
)  # fmt: skip

BROWSED = (
    Target("must", "the sample in a browser: home, signed in for the first time", r"the sample in a browser",
           _more("longest_ms"), 1000, "ms", method="home"),
    Target("must", "4,000 cases in a browser: the queue", r"4000x\d+ in a browser",
           _more("longest_ms"), 1500, "ms", method="queue.*", fold=highest),
    Target("must", "any page on a first visit, everything included", r".* in a browser",
           _more("kilobytes"), 500, "kB", method=r".*", fold=highest),
)  # fmt: skip

TARGETS = (
    *ASSIGNMENT,
    *ALLOCATION,
    *MATCHING,
    *WHATEVER,
    *FIRST_ISSUE,
    *DESK,
    *OVER_HTTP,
    *GOLIVE,
    *LOADED,
    *BROWSED,
    *THEORY,
    *SIMULATION,
)


def judged(rows: Sequence[Row]) -> list[Verdict]:
    """Return a verdict for each must and aim that some row is about."""
    return verdicts(rows, TARGETS)


def print_verdicts(rows: Sequence[Row]) -> None:
    """Print a line for each must and aim that the rows are about, apart from the rows: to standard error."""
    for verdict in judged(rows):
        print(verdict, file=sys.stderr, flush=True)
