"""Where a picture's figures lie: from values to points, with lines and words along its sides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from api.pages.charts.svg import GREY, PALE, element, text

STEPS: Final = 5
"""Of an axis in weeks."""
LONGEST_DATED: Final = 3660.0
"""Weeks of a run whose axis has months; beyond, it has weeks."""


@dataclass(frozen=True)
class Frame:
    """A rectangle in a picture, and what its sides stand for.

    Parameters
    ----------
    across, up : the largest values; the least are 0
    ticks : steps into which what goes up is divided
    """

    across: float
    up: float
    width: float = 720.0
    height: float = 320.0
    left: float = 52.0
    right: float = 16.0
    top: float = 36.0
    bottom: float = 32.0
    ticks: int = 5

    def x(self, value: float) -> float:
        """Where a value lies from left to right."""
        return self.left + (self.width - self.left - self.right) * value / (self.across or 1.0)

    def y(self, value: float) -> float:
        """Where a value lies from the bottom up."""
        return self.height - self.bottom - (self.height - self.top - self.bottom) * value / (self.up or 1.0)

    def points(self, values: Sequence[float]) -> list[str]:
        """Values one after the other as points of a line."""
        return [f"{self.x(at):.1f},{self.y(value):.1f}" for at, value in enumerate(values)]

    def area(self, low: Sequence[float], high: Sequence[float], **painted: object) -> Markup:
        """What lies between two lines."""
        outline = [*self.points(high), *reversed(self.points(low))]
        return element("polygon", points=" ".join(outline), **painted)

    def line(self, values: Sequence[float], **painted: object) -> Markup:
        """A line through values."""
        return element("polyline", points=" ".join(self.points(values)), fill="none", **painted)

    def levels(self, unit: str = "") -> Iterator[Markup]:
        """Yield lines from left to right, each with its value."""
        for at in range(self.ticks + 1):
            value = self.up * at / self.ticks
            y = self.y(value)
            yield element("line", x1=self.left, x2=self.width - self.right, y1=y, y2=y, stroke=PALE)
            yield text(self.left - 8, y + 5, f"{value:,g}{unit}", text_anchor="end")

    def times(self, start: date) -> Iterator[Markup]:
        """Yield marks of months along the bottom, of weeks since a day; of a very long run, of weeks."""
        for week, words in marks(start, self.across):
            x, base = self.x(week), self.height - self.bottom
            yield element("line", x1=x, x2=x, y1=base, y2=base + 5, stroke=GREY)
            anchor = "end" if week > 0.95 * self.across else "middle"
            yield text(x, base + 22, words, text_anchor=anchor)


def marks(start: date, weeks: float) -> Iterator[tuple[float, str]]:
    """Yield some weeks of a run, and what stands below them."""
    if weeks > LONGEST_DATED or start.year + weeks / 52 >= date.max.year:
        step = round_up(max(1.0, weeks) / STEPS)
        yield from ((step * at, f"week {step * at:,g}") for at in range(int(weeks // step) + 1))
        return
    months = max(1, math.ceil(weeks / 4.348 / 6))
    months = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 240) if step >= months)
    year, month = start.year, start.month - (start.day == 1)
    while True:
        month += 1
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
        first = date(year, month, 1)
        week = (first - start) / timedelta(weeks=1)
        if week > weeks:
            return
        if (month - 1) % min(months, 12) == 0 and (months <= 12 or year % (months // 12) == 0):
            yield week, f"{first:%b %Y}"


def round_up(value: float) -> float:
    """The next number that five steps divide nicely."""
    size = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next(size * step for step in (1, 2, 2.5, 5, 10) if size * step >= value * (1 - 1e-9))
