"""Bars of how full people are: before, and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from api.pages.charts.svg import BLUE, DARK_BLUE, GREY, INK, PALE, RED, element, picture, text
from api.words import figure

LABEL, WIDE, FIGURES = 110, 430, 200
"""Pixels for the names, the bars and the figures, from left to right."""
HIGH, THICK, TOP = 34, 18, 34
FULL: Final = 100.0
BEYOND: Final = 110.0
"""Per cent from which somebody is marked as overloaded."""
MOST: Final = 200.0
"""Per cent at which a bar is cut off: one who has far too much would make everybody else's too short."""


@dataclass(frozen=True)
class Bar:
    """How full one is, in per cent, before and after; None: no hours at all."""

    label: str
    before: float | None
    after: float | None


def bars(title: str, says: str, rows: Sequence[Bar]) -> Markup:
    """A picture of some people's bars.

    Parameters
    ----------
    title, says : as of any picture
    """
    most = min(MOST, max([BEYOND, *(max(one.before or 0, one.after or 0) for one in rows)]))
    unit, high = WIDE / most, TOP + HIGH * len(rows)
    parts = [part for at, one in enumerate(rows) for part in _bar(one, TOP + HIGH * at, unit, most)]
    full = _full_line(LABEL + FULL * unit, high)
    return picture(LABEL + WIDE + FIGURES, high + 4, title, says, *parts, *full)


def _full_line(x: float, high: float) -> Iterator[Markup]:
    """Yield the line at which somebody is full."""
    yield element("line", x1=x, x2=x, y1=TOP - 8, y2=high, stroke=INK, stroke_width=2, stroke_dasharray="4 3")
    yield text(x, TOP - 14, "100% full", text_anchor="middle")


def _bar(one: Bar, y: float, unit: float, most: float) -> Iterator[Markup]:
    """Yield one person's name, bars and figures."""
    middle, figures_at = y + THICK / 2 + 5, LABEL + WIDE + 8
    yield text(LABEL - 8, middle, one.label, text_anchor="end")
    if one.before is None or one.after is None:
        yield text(figures_at, middle, "no hours")
        return
    before, after = min(one.before, most), min(one.after, most)
    yield element("rect", x=LABEL, y=y, width=WIDE, height=THICK, fill=PALE, opacity=0.5)
    yield _part(0.0, min(before, after), y, unit, DARK_BLUE)
    yield _part(min(before, after), max(before, after), y, unit, BLUE if after >= before else GREY)
    if after > BEYOND:
        yield _part(BEYOND, after, y, unit, RED)
    if one.after > most:
        end, half = LABEL + WIDE, y + THICK / 2
        points = f"{end - 14},{y} {end},{half} {end - 14},{y + THICK} {end},{y + THICK} {end},{y}"
        yield element("polygon", points=points, fill="#ffffff")
    over = ", over" if one.after > FULL else ""
    yield text(figures_at, middle, f"{figure(one.before, 0)}% to {figure(one.after, 0)}%{over}")


def _part(start: float, end: float, y: float, unit: float, fill: str) -> Markup:
    width = max(0.0, end - start) * unit
    return element("rect", x=LABEL + start * unit, y=y, width=width, height=THICK, fill=fill)
