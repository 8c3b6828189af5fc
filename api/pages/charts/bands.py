"""Open cases week by week: the mean, and between what eight, and nineteen, of ten and twenty runs lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from api import words
from api.pages.charts.frame import LONGEST_DATED, Frame, round_up
from api.pages.charts.svg import BLUE, INK, element, picture, text
from scenarios.answers import WeekBands

MOST_ROWS: Final = 40
WIDE, NARROW = 0.18, 0.35
"""How much of the colour each band has; where they lie over each other, there is more."""


def bands(title: str, found: WeekBands, start: date, most: float = 0.0) -> Markup:
    """The picture.

    Parameters
    ----------
    most : what the highest line stands for at least, so that pictures beside each other can be compared
    """
    weeks = len(found.mean) - 1
    frame = Frame(max(1, weeks), round_up(max(1.0, most, *found.high_95)))
    says = (
        f"On average {found.mean[0]:.0f} cases are open at the start and {found.mean[-1]:.0f} at the end; "
        f"then in 8 runs of 10 between {found.low_80[-1]:.0f} and {found.high_80[-1]:.0f}."
    )
    return picture(
        frame.width,
        frame.height,
        title,
        says,
        *frame.levels(),
        frame.area(found.low_95, found.high_95, fill=BLUE, fill_opacity=WIDE),
        frame.area(found.low_80, found.high_80, fill=BLUE, fill_opacity=NARROW),
        frame.line(found.mean, stroke=BLUE, stroke_width=2.5),
        *frame.times(start),
        *_legend(frame),
    )


def _legend(frame: Frame) -> Iterator[Markup]:
    """Yield what the line and the bands are."""
    for x, opacity, says in (
        (0.0, 0.0, "mean"),
        (90.0, WIDE + NARROW, "8 runs of 10"),
        (230.0, WIDE, "19 of 20"),
    ):
        left = frame.left + x
        if opacity:
            yield element("rect", x=left, y=8, width=24, height=14, fill=BLUE, fill_opacity=opacity)
        else:
            yield element("line", x1=left, x2=left + 24, y1=15, y2=15, stroke=BLUE, stroke_width=2.5)
        yield text(left + 30, 20, says, fill=INK)


def rows(found: WeekBands, start: date) -> list[dict[str, str]]:
    """The figures of the picture as rows of a table: so many weeks apart that there are few enough."""
    weeks = len(found.mean) - 1
    step = max(1, -(-weeks // MOST_ROWS))
    chosen = sorted({*range(0, weeks + 1, step), weeks})
    return [
        {
            "when": _when(start, week, weeks),
            "mean": words.figure(found.mean[week]),
            "eight": _between(found.low_80, found.high_80, week),
            "nineteen": _between(found.low_95, found.high_95, week),
        }
        for week in chosen
    ]


def _when(start: date, week: int, weeks: int) -> str:
    if weeks > LONGEST_DATED:
        return f"Week {week:,}"
    return f"{words.day(start + timedelta(weeks=week))} (week {week})"


def _between(low: Sequence[float], high: Sequence[float], week: int) -> str:
    return f"{words.figure(low[week])} to {words.figure(high[week])}"
