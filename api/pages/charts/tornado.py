"""What each assumption does at both ends of its range, the one that matters most at the top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from api.pages.charts.svg import BLUE, GREY, INK, YELLOW, element, picture, text

WIDTH, NAMES, ROW, TOP, BOTTOM, RIGHT = 720.0, 310.0, 26.0, 34.0, 46.0, 24.0
MOST_BARS: Final = 12
LONGEST: Final = 38


@dataclass(frozen=True)
class Swing:
    """One bar: changes of a share, of its lowest and its highest value; None: it cannot be."""

    name: str
    low: float | None
    high: float | None


def tornado(title: str, found: Sequence[Swing]) -> Markup:
    """The picture of those that matter most."""
    shown = found[:MOST_BARS]
    most = max([0.001, *(abs(end) for one in shown for end in (one.low, one.high) if end is not None)])
    height = TOP + ROW * len(shown) + BOTTOM
    says = "; ".join(f"{one.name}: {_points(one.low)} at the lowest, {_points(one.high)} at the highest"
                     for one in shown)  # fmt: skip
    bars = (part for at, one in enumerate(shown) for part in _bar(one, TOP + ROW * at, most))
    return picture(WIDTH, height, title, f"{says}.", *_legend(), *bars, *_axis(most, height))


def _x(value: float, most: float) -> float:
    middle = (NAMES + WIDTH - RIGHT) / 2
    return middle + (WIDTH - RIGHT - NAMES) / 2 * value / most


def _bar(one: Swing, y: float, most: float) -> Iterator[Markup]:
    name = one.name if len(one.name) <= LONGEST else f"{one.name[: LONGEST - 1]}…"
    yield text(NAMES - 10, y + 17, name, text_anchor="end")
    for value, colour, part in ((one.low, YELLOW, 0), (one.high, BLUE, 1)):
        if value is not None:
            left, right = sorted((_x(0.0, most), _x(value, most)))
            place = {"x": left, "y": y + 4 + 9 * part, "width": right - left, "height": 9}
            yield element("rect", **place, fill=colour, stroke=INK, stroke_width=0.5)


def _axis(most: float, height: float) -> Iterator[Markup]:
    for value in (-most, 0.0, most):
        x = _x(value, most)
        yield element("line", x1=x, x2=x, y1=TOP, y2=height - BOTTOM, stroke=GREY)
        yield text(x, height - BOTTOM + 18, f"{100 * value:+.1f}" if value else "0", text_anchor="middle")
    yield text((NAMES + WIDTH - RIGHT) / 2, height - 8, "percentage points completed in time",
               text_anchor="middle")  # fmt: skip


def _legend() -> Iterator[Markup]:
    """Yield which bar is which: the upper one is the lowest value's."""
    for x, colour, says in (
        (NAMES, YELLOW, "upper: at its lowest"),
        (NAMES + 190, BLUE, "lower: at its highest"),
    ):
        yield element("rect", x=x, y=8, width=16, height=10, fill=colour, stroke=INK, stroke_width=0.5)
        yield text(x + 22, 18, says)


def _points(value: float | None) -> str:
    return "nothing" if value is None else f"{100 * value:+.1f} points"
