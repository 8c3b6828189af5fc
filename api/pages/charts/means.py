"""Open cases on average of several runs, each line with a letter at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from api.pages.charts.frame import Frame, round_up
from api.pages.charts.svg import BLUE, DARK_BLUE, GREEN, INK, RED, picture, text

COLOURS: Final = (BLUE, RED, GREEN, DARK_BLUE, INK)
DASHES: Final = (None, "8 4", "2 3", "12 4 2 4")
LETTER_HEIGHT: Final = 15.0


@dataclass(frozen=True)
class Line:
    """One line: the letter that names it, and the mean at the end of each week."""

    letter: str
    name: str
    mean: Sequence[float]


def means(title: str, found: Sequence[Line], start: date) -> Markup:
    """The picture, from the day on which they begin."""
    weeks = max(len(one.mean) for one in found) - 1
    frame = Frame(max(1, weeks), round_up(max(1.0, *(max(one.mean) for one in found))), right=36.0, top=16.0)
    says = "; ".join(
        f"{one.letter}, {one.name}: {one.mean[0]:.0f} at the start, {one.mean[-1]:.0f} at the end"
        for one in found
    )
    lines = (
        frame.line(one.mean, stroke=COLOURS[at % 5], stroke_width=2.5, stroke_dasharray=DASHES[at % 4])
        for at, one in enumerate(found)
    )
    return picture(
        frame.width, frame.height, title, f"{says}.", *frame.levels(), *lines, *_letters(frame, found),
        *frame.times(start),
    )  # fmt: skip


def _letters(frame: Frame, found: Sequence[Line]) -> Iterator[Markup]:
    """Yield each letter where its line ends, none over another."""
    above = float("inf")
    for at, one in sorted(enumerate(found), key=lambda pair: pair[1].mean[-1]):
        y = min(frame.y(one.mean[-1]) + 5, above - LETTER_HEIGHT)
        above = y
        x = frame.x(len(one.mean) - 1) + 6
        yield text(x, y, one.letter, fill=COLOURS[at % 5], font_weight="bold")
