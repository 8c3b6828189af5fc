"""Shares in time as bars, with a line where the target is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from api import words
from api.pages.charts.svg import BLUE, GREY, INK, PALE, RED, element, picture, text

WIDTH, LEFT, RIGHT, ROW, TOP, BOTTOM = 720.0, 250.0, 60.0, 34.0, 30.0, 30.0
LONGEST: Final = 32


@dataclass(frozen=True)
class Share:
    """One bar.

    Parameters
    ----------
    share : None: no clock ended
    """

    name: str
    share: float | None
    target: float | None


def shares(title: str, found: Sequence[Share]) -> Markup:
    """The picture: a bar a share, from 0 to 100 %."""
    height = TOP + ROW * len(found) + BOTTOM
    told = "; ".join(
        f"{one.name} {words.percent(one.share)}" + (f" of {words.percent(one.target)}" if one.target else "")
        for one in found
    )
    lines = (part for at, one in enumerate(found) for part in _bar(one, TOP + ROW * at))
    return picture(WIDTH, height, title, f"{told}.", *_levels(height), *lines, *_target(found, height))


def _x(share: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * share


def _levels(height: float) -> Iterator[Markup]:
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        yield element("line", x1=x, x2=x, y1=TOP, y2=height - BOTTOM, stroke=PALE)
        yield text(x, height - BOTTOM + 20, f"{10 * tenth}%", text_anchor="middle")


def _bar(one: Share, y: float) -> Iterator[Markup]:
    name = one.name if len(one.name) <= LONGEST else f"{one.name[: LONGEST - 1]}…"
    yield text(LEFT - 10, y + 21, name, text_anchor="end")
    if one.share is not None:
        meets = one.target is None or one.share >= one.target
        yield element("rect", x=LEFT, y=y + 6, width=_x(one.share) - LEFT, height=ROW - 12,
                      fill=BLUE if meets else GREY)  # fmt: skip
    yield text(_x(one.share or 0.0) + 6, y + 21, words.percent(one.share), fill=INK, font_weight="bold")


def _target(found: Sequence[Share], height: float) -> Iterator[Markup]:
    """Yield a line for each target that there is."""
    for target in sorted({one.target for one in found if one.target is not None}):
        x = _x(target)
        yield element("line", x1=x, x2=x, y1=TOP - 6, y2=height - BOTTOM, stroke=RED, stroke_width=2,
                      stroke_dasharray="6 4")  # fmt: skip
        yield text(x, TOP - 12, f"target {words.percent(target)}", text_anchor="middle")
