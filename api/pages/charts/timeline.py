"""A case's clock on a line: the days that count, the holds that stop it, today, and the days it must meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from api.pages.charts.svg import BLUE, GREY, INK, PALE, RED, element, picture, text
from api.words import day as in_words

WIDTH: Final = 680
MARGIN: Final = 20
BAR: Final = 18
LANE: Final = 40
LETTER: Final = 8.4
"""Pixels that a letter takes about, to keep words apart."""
GAP: Final = 10
EDGE: Final = 2.0
POLE: Final = 5.0
"""Between a mark's line and its words."""
KEY: Final = 30
HATCH: Final = "timeline-hold"


@dataclass(frozen=True)
class Mark:
    """A day on the line, and what it is.

    Parameters
    ----------
    above : days to be met stand above the line, what was and today below it
    """

    day: date
    words: str
    above: bool = False


@dataclass(frozen=True)
class Stretch:
    """Days on which the clock stands still; `until` is the first that counts again."""

    since: date
    until: date


@dataclass(frozen=True)
class _Placed:
    """A mark's words: at which end they stand where, and in which lane away from the line."""

    mark: Mark
    at: float
    x: float
    anchor: str
    lane: int


class _Line:
    """The days of a line as places across the picture."""

    def __init__(self, days: Iterable[date]) -> None:
        every = sorted(days)
        self.first, self.last = every[0], max(every[-1], every[0] + timedelta(days=1))

    def x(self, day: date) -> float:
        share = (day - self.first) / (self.last - self.first)
        return MARGIN + min(1.0, max(0.0, share)) * (WIDTH - 2 * MARGIN)


def timeline(title: str, marks: Sequence[Mark], holds: Sequence[Stretch], today: date, due: date) -> Markup:
    """The picture; each of its marks and holds stands in the table beside it as well.

    Parameters
    ----------
    marks : not empty
    today : as far as the clock has run
    due : the last day that is in time
    """
    ends = [end for hold in holds for end in (hold.since, hold.until)]
    line = _Line([*(one.day for one in marks), *ends, today])
    over, under = (_placed(line, [one for one in marks if one.above is above]) for above in (True, False))
    top = LANE * _lanes(over) + 4
    height = top + BAR + LANE * _lanes(under) + KEY + 4
    return picture(
        WIDTH,
        height,
        title,
        _says(marks, holds),
        _hatching(),
        *_bars(line, top, holds, (today, due)),
        *(part for one in over for part in _label(one, top, -1)),
        *(part for one in under for part in _label(one, top + BAR, 1)),
        *_key(height - 12, _kinds(bool(holds), today > due, line.last > today)),
    )


def _says(marks: Sequence[Mark], holds: Sequence[Stretch]) -> str:
    told = [(one.day, f"{one.words} {in_words(one.day)}") for one in marks]
    told += [(one.since, f"on hold from {in_words(one.since)} to {in_words(one.until)}") for one in holds]
    return "; ".join(words for _, words in sorted(told)) + "."


def _placed(line: _Line, marks: Sequence[Mark]) -> list[_Placed]:
    """Where each mark's words stand, like a flag: to its right, at the right end to its left.

    None lies over another, and no flag's pole runs through the words of one that is nearer.
    """
    right, left = list[Mark](), list[Mark]()
    for one in sorted(marks, key=lambda mark: mark.day):
        fits = line.x(one.day) + POLE + _width(one) <= WIDTH - EDGE
        (right if fits else left).append(one)
    lanes: list[list[tuple[float, float]]] = []
    found = [_flag(line, one, 1, lanes) for one in reversed(right)]
    return found + [_flag(line, one, -1, lanes) for one in left]


def _flag(line: _Line, mark: Mark, way: int, lanes: list[list[tuple[float, float]]]) -> _Placed:
    """A mark's words in the nearest lane that has room for them, which from now on is taken."""
    at = line.x(mark.day)
    x = at + way * POLE
    first, last = sorted((x, x + way * _width(mark)))
    free = (not any(a < last + GAP and first - GAP < b for a, b in taken) for taken in lanes)
    lane = next((lane for lane, is_free in enumerate(free) if is_free), len(lanes))
    if lane == len(lanes):
        lanes.append([])
    lanes[lane].append((first, last))
    return _Placed(mark, at, x, "start" if way > 0 else "end", lane)


def _width(mark: Mark) -> float:
    return LETTER * max(len(mark.words), len(in_words(mark.day)))


def _lanes(placed: Sequence[_Placed]) -> int:
    return max((one.lane + 1 for one in placed), default=0)


def _label(one: _Placed, edge: float, way: int) -> Iterator[Markup]:
    """Yield the words of a mark and the line that leads to it, above the bar (−1) or below it (1)."""
    far = edge + way * LANE * one.lane
    yield element("line", x1=one.at, x2=one.at, y1=edge - way * BAR, y2=far + way * (LANE - 6), stroke=INK,
                  stroke_width=2)  # fmt: skip
    first = far - LANE + 12 if way < 0 else far + 18
    yield text(one.x, first, one.mark.words, font_weight="bold", text_anchor=one.anchor)
    yield text(one.x, first + 16, in_words(one.mark.day), text_anchor=one.anchor)


def _bars(line: _Line, top: float, holds: Sequence[Stretch], until: tuple[date, date]) -> Iterator[Markup]:
    """Yield the line itself: what is to come, what has run, what is past its day, and the holds."""
    today, due = until
    yield _bar(line, top, (line.first, line.last), PALE)
    yield _bar(line, top, (line.first, today), BLUE)
    if today > due:
        yield _bar(line, top, (due, today), RED)
    for one in holds:
        yield _bar(line, top, (one.since, one.until), "#ffffff")
        yield _bar(line, top, (one.since, one.until), f"url(#{HATCH})", GREY)


def _bar(line: _Line, top: float, days: tuple[date, date], fill: str, edge: str | None = None) -> Markup:
    left, right = (line.x(day) for day in days)
    return element("rect", x=left, y=top, width=max(0.0, right - left), height=BAR, fill=fill, stroke=edge)


def _hatching() -> Markup:
    stroke = element("line", x1=0, y1=0, x2=0, y2=7, stroke=INK, stroke_width=4)
    pattern = element("pattern", stroke, id=HATCH, width=7, height=7, patternUnits="userSpaceOnUse",
                      patternTransform="rotate(45)")  # fmt: skip
    return element("defs", pattern)


def _kinds(with_holds: bool, is_late: bool, goes_on: bool) -> Iterator[tuple[str, str]]:
    """Yield what the bar's looks mean, of those that it has."""
    yield "On the clock", BLUE
    if with_holds:
        yield "On hold: it stands still", f"url(#{HATCH})"
    if is_late:
        yield "Overdue", RED
    if goes_on:
        yield "To come", PALE


def _key(y: float, kinds: Iterable[tuple[str, str]]) -> Iterator[Markup]:
    """Yield each of the bar's looks beside its words."""
    left = float(MARGIN)
    for words, fill in kinds:
        yield element("rect", x=left, y=y - 11, width=22, height=13, fill=fill, stroke=GREY)
        yield text(left + 28, y, words)
        left += 28 + LETTER * len(words) + 24
