"""What the musts and aims ask for, and whether the figures meet them."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from benchmarks._rows import Row

Figure = Callable[[Row], float | None]
NEVER = float("inf")
PORTFOLIO = "portfolio"


@dataclass(frozen=True)
class Target:
    """One figure that is asked for: the median of its instance and method must not exceed `most`.

    Parameters
    ----------
    kind : "must" or "aim"
    time_limit : only rows of this limit count; None: whatever their limit
    """

    kind: str
    what: str
    instance: str
    method: str
    figure: Figure
    most: float
    unit: str
    time_limit: float | None = None

    def concerns(self, row: Row) -> bool:
        """Return whether the row is what the target is about."""
        limit = row.more.get("time_limit")
        as_asked = self.time_limit is None or limit == self.time_limit
        return as_asked and (row.instance, row.method) == (self.instance, self.method)


@dataclass(frozen=True)
class Verdict:
    """A target with what was measured: the median over `runs` rows, infinite if most had no figure."""

    target: Target
    median: float
    runs: int

    @property
    def met(self) -> bool:
        """Return whether the median is good enough."""
        return self.median <= self.target.most

    def __str__(self) -> str:
        target, word = self.target, "met" if self.met else "missed"
        return (
            f"{target.kind}: {word} — {target.what}: {self.figure} (asked: ≤ {target.most:g} {target.unit})"
        )

    @property
    def figure(self) -> str:
        """Return the median in words."""
        if self.median == NEVER:
            return "none"
        return f"{self.median:.4g} {self.target.unit}" + (f", median of {self.runs}" if self.runs > 1 else "")


def _percent(row: Row) -> float | None:
    return None if row.gap is None else 100 * row.gap


def _seconds(row: Row) -> float | None:
    return row.seconds


def _planned(figure: Figure) -> Figure:
    """Return the figure, but none where no plan passed its audit."""
    return lambda row: None if row.objective is None else figure(row)


def _split(step: str) -> Figure:
    return lambda row: cast("dict[str, float]", row.more.get("split", {})).get(step)


def _all_listed(row: Row) -> float | None:
    return row.seconds if row.more.get("missed") == 0 else None


LARGE, SMALL, MIDDLE = "4000x600-load1", "100x12-load1", "500x60-load1"
TARGETS = (
    Target("must", "4,000 × 600 planned and audited", LARGE, PORTFOLIO, _planned(_seconds), 61, "s", 60),
    Target("must", "4,000 × 600 read, planned, written", LARGE, PORTFOLIO, _planned(lambda row: row.peak_mb),
           2000, "MB", 60),
    Target("must", "100,000 × 5,000 with 1,000 faults, all listed", "100000x5000", "list-faults", _all_listed,
           10, "s"),
    Target("must", "a sample of 100,000 × 5,000 written", "100000x5000", "sample", _seconds, 20, "s"),
    Target("must", "demo, warm", "demo", "run.py demo, warm", _seconds, 5, "s"),
    Target("must", "demo, cold", "demo", "run.py demo, cold", _seconds, 60, "s"),
    Target("aim", "100 × 12, level 1, gap proved in 5 s", SMALL, PORTFOLIO, _percent, 1, "%", 5),
    Target("aim", "500 × 60 at load 1.0, level 1, gap in 10 s", MIDDLE, PORTFOLIO, _percent, 3, "%", 10),
)  # fmt: skip


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    """Return a verdict for each target that some row is about."""
    found = []
    for target in TARGETS:
        figures = [target.figure(row) for row in rows if target.concerns(row)]
        if figures:
            median = statistics.median([NEVER if one is None else one for one in figures])
            found.append(Verdict(target, median, len(figures)))
    return found


def print_verdicts(rows: Sequence[Row]) -> None:
    """Print a line for each target that the rows are about, apart from the rows: to standard error."""
    for verdict in verdicts(rows):
        print(verdict, file=sys.stderr, flush=True)
