"""Counts as bars and shares as lines, month by month; what is withheld or not there leaves a gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from api.pages.charts.frame import Frame
from api.pages.charts.svg import BLUE, DARK_BLUE, GREY, INK, element, picture, text

TICKS: Final = 4
LEFT: Final = 48.0
MOST_NAMED: Final = 12
"""So many months have their names below."""
FILLS: Final = ({"fill": DARK_BLUE}, {"fill": "#ffffff", "stroke": BLUE, "stroke_width": 2}, {"fill": GREY})
"""Of the first kind of bar, the second and the third: full, empty, grey."""
LINES: Final = ({"stroke": DARK_BLUE}, {"stroke": BLUE, "stroke_dasharray": "6 4"})
"""Of the first line and the second: whole, broken."""


@dataclass(frozen=True)
class Series:
    """What is drawn of each month.

    Parameters
    ----------
    values : None where nothing is told
    """

    name: str
    values: Sequence[float | None]


def bars(title: str, says: str, months: Sequence[str], series: Sequence[Series]) -> Markup:
    """A bar for each month and series."""
    frame = _frame(months, _round_up(max((value or 0 for one in series for value in one.values), default=0)))
    width = 0.8 / max(1, len(series))
    drawn = [
        element("rect", x=frame.x(at + 0.1 + width * kind), y=frame.y(value),
                width=frame.x(0.9 * width) - frame.x(0), height=frame.y(0) - frame.y(value),
                **FILLS[kind % len(FILLS)])
        for kind, one in enumerate(series)
        for at, value in enumerate(one.values)
        if value
    ]  # fmt: skip
    keys = [element("rect", x=0, y=0, width=14, height=14, **fill) for fill in FILLS]
    return _picture(
        title, says, frame, [*frame.levels(), *drawn, *_names(months, frame), *_key(series, keys)]
    )


def lines(title: str, says: str, months: Sequence[str], series: Sequence[Series]) -> Markup:
    """A line for each series of shares, in per cent; it is broken where nothing is told."""
    frame, drawn = _frame(months, 100.0), []
    for kind, one in enumerate(series):
        points = [(frame.x(at + 0.5), value) for at, value in enumerate(one.values)]
        for (x1, before), (x2, after) in pairwise(points):
            if before is not None and after is not None:
                drawn.append(element("line", x1=x1, y1=frame.y(before), x2=x2, y2=frame.y(after),
                                     stroke_width=2, **LINES[kind % len(LINES)]))  # fmt: skip
        drawn += [_mark(kind, x, frame.y(value)) for x, value in points if value is not None]
    keys = [_mark(kind, 7, 7) for kind in range(len(LINES))]
    parts = [*frame.levels("%"), *drawn, *_names(months, frame), *_key(series, keys)]
    return _picture(title, says, frame, parts)


def _frame(months: Sequence[str], top: float) -> Frame:
    """Where the figures of some months lie."""
    return Frame(len(months), top, height=300.0, left=LEFT, right=12.0, top=44.0, bottom=34.0, ticks=TICKS)


def _picture(title: str, says: str, frame: Frame, parts: Sequence[Markup]) -> Markup:
    return picture(frame.width, frame.height, title, says, *parts)


def _mark(kind: int, x: float, y: float) -> Markup:
    """A point of a line: a full circle, or an empty square."""
    if kind % len(LINES):
        return element("rect", x=x - 5, y=y - 5, width=10, height=10, fill="#ffffff", stroke=BLUE,
                       stroke_width=2)  # fmt: skip
    return element("circle", cx=x, cy=y, r=6, fill=DARK_BLUE)


def _names(months: Sequence[str], frame: Frame) -> Iterator[Markup]:
    every = -(-len(months) // MOST_NAMED)
    for at, name in enumerate(months):
        if at % every == 0:
            yield text(frame.x(at + 0.5), frame.height - frame.bottom + 22, name, text_anchor="middle")


def _key(series: Sequence[Series], marks: Sequence[Markup]) -> Iterator[Markup]:
    """Yield what each kind of bar or line is, along the top."""
    x = LEFT
    for one, mark in zip(series, marks, strict=False):
        yield element("g", mark, transform=f"translate({x:.0f} 10)")
        yield text(x + 22, 22, one.name, fill=INK)
        x += 50 + 8 * len(one.name)


def _round_up(value: float) -> float:
    """The next number that the levels divide into whole ones: 4, 8, 20, 40, 80 and so on."""
    sizes = (TICKS * step * 10**zeros for zeros in range(9) for step in (1, 2, 5))
    return float(next(size for size in sizes if size >= value))
