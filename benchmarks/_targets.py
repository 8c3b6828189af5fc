"""Whether figures are as good as is asked: by instance the median over seeds, and of instances the worst."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks._found import PORTFOLIO
from benchmarks._rows import Row

Figure = Callable[[Row], float | None]
Fold = Callable[[Sequence[Sequence[float]]], float]
NEVER = float("inf")


def worst_median(figures: Sequence[Sequence[float]]) -> float:
    """Return the largest of the instances' medians."""
    return max(statistics.median(of_instance) for of_instance in figures)


def total(figures: Sequence[Sequence[float]]) -> float:
    """Return the sum over every row: what is counted must not hide behind a median."""
    return sum(sum(of_instance) for of_instance in figures)


def highest(figures: Sequence[Sequence[float]]) -> float:
    """Return the largest of all: what holds of each row must not hide behind a median either."""
    return max(max(of_instance) for of_instance in figures)


@dataclass(frozen=True)
class Target:
    """One figure that is asked for: it must not exceed `most`.

    Parameters
    ----------
    kind : "must" or "aim"
    instance, method : regular expressions for the whole names
    figure : of a row; none counts as the worst there can be
    time_limit : only rows of this limit count; None: whatever their limit
    fold : makes one figure of all, listed by instance
    needs : a further figure without which a row is not concerned
    """

    kind: str
    what: str
    instance: str
    figure: Figure
    most: float
    unit: str
    time_limit: float | None = None
    method: str = PORTFOLIO
    fold: Fold = worst_median
    needs: str | None = None

    def concerns(self, row: Row) -> bool:
        """Return whether the row is what the target is about."""
        return (
            self.time_limit in (None, row.more.get("time_limit"))
            and re.fullmatch(self.instance, row.instance) is not None
            and re.fullmatch(self.method, row.method) is not None
            and (self.needs is None or self.needs in row.more)
        )


@dataclass(frozen=True)
class Verdict:
    """A target with what was measured, and over how many runs of each instance."""

    target: Target
    measured: float
    runs: tuple[int, ...]

    @property
    def met(self) -> bool:
        """Return whether it is good enough."""
        return self.measured <= self.target.most

    def __str__(self) -> str:
        target, word = self.target, "met" if self.met else "missed"
        return f"{target.kind}: {word} — {target.what}: {self.figure} (asked: {self.asked})"

    @property
    def asked(self) -> str:
        """Return what is asked for in words."""
        return f"≤ {self.target.most:g} {self.target.unit}".rstrip()

    @property
    def figure(self) -> str:
        """Return what was measured in words."""
        if self.measured == NEVER:
            return "none"
        told = f"{self.measured:.6g}" if float(self.measured).is_integer() else f"{self.measured:.4g}"
        return f"{told} {self.target.unit}".rstrip() + self._over()

    def _over(self) -> str:
        """Return what the figure is made of, if it is of more than one run."""
        if self.target.fold is total:
            return f" of {sum(self.runs)}"
        if self.target.fold is highest:
            return f", worst of {sum(self.runs)}"
        medians = f", median of {max(self.runs)}" if max(self.runs) > 1 else ""
        return medians + (f", worst of {len(self.runs)}" if len(self.runs) > 1 else "")


def verdicts(rows: Sequence[Row], targets: Sequence[Target]) -> list[Verdict]:
    """Return a verdict for each target that some row is about."""
    found = []
    for target in targets:
        figures: dict[str, list[float]] = {}
        for row in rows:
            if target.concerns(row):
                figure = target.figure(row)
                figures.setdefault(row.instance, []).append(NEVER if figure is None else figure)
        if figures:
            by_instance = list(figures.values())
            found.append(Verdict(target, target.fold(by_instance), tuple(map(len, by_instance))))
    return found
