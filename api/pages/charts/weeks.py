"""How full somebody is by week ahead: a bar a week, as high as its hours, dark where they are booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from api.pages.charts.svg import BLUE, GREY, INK, PALE, element, picture, text
from api.words import count, figure

Week = Any
WIDTH: Final = 720
HEIGHT: Final = 240
LEFT: Final = 44
BOTTOM: Final = 36
TOP: Final = 14
GAP: Final = 0.24
"""Of a week's width, between two bars."""
FEW: Final = 14
"""Weeks of which each has its day written below it; of more every second, or fewer."""


def weeks(found: Sequence[Week], whose: str) -> Markup:
    """The picture of some weeks."""
    top = _round_up(max((one["hours"] for one in found), default=0.0))
    wide = (WIDTH - LEFT) / max(1, len(found))
    every = max(1, -(-len(found) // FEW))
    bars = [_week(one, LEFT + at * wide, wide, top, at % every == 0) for at, one in enumerate(found)]
    return picture(WIDTH, HEIGHT, f"Hours of {whose} by week", _says(found), *_scale(top), *bars)


def bar(percent: float | None) -> Markup:
    """A small bar of how full somebody is, beside the figure that says it; full at 100 percent."""
    share = min(1.0, (percent or 0) / 100)
    outline = element("rect", x=0.5, y=0.5, width=79, height=11, fill="#ffffff", stroke=GREY)
    inside = element("rect", x=1, y=1, width=78 * share, height=10, fill=BLUE)
    over = element("path", d="M70 1 L79 6 L70 11 Z", fill=INK) if (percent or 0) > 100 else Markup("")
    return element(
        "svg", outline, inside, over, viewBox="0 0 80 12", width=80, height=12, class_="app-bar",
        aria_hidden="true", focusable="false",
    )  # fmt: skip


def _week(one: Week, x: float, wide: float, top: float, is_named: bool) -> Markup:
    has, taken = _high(one["hours"], top), _high(one["booked"], top)
    at, width = x + wide * GAP / 2, wide * (1 - GAP)
    base = HEIGHT - BOTTOM
    first = date.fromisoformat(one["first"])
    parts = [
        element("rect", x=at, y=base - has, width=width, height=has, fill=PALE, stroke=GREY),
        element("rect", x=at, y=base - taken, width=width, height=taken, fill=BLUE),
    ]
    if not one["hours"]:
        parts.append(text(at + width / 2, base - 5, "none", text_anchor="middle", font_size=11))
    if is_named:
        said = f"{first.day} {first:%b}"
        parts.append(text(at + width / 2, base + 18, said, text_anchor="middle", font_size=12))
    return element("g", *parts)


def _scale(top: float) -> list[Markup]:
    """Lines at none, half and all of the highest, each with its hours."""
    found = []
    for hours in (0.0, top / 2, top):
        y = HEIGHT - BOTTOM - _high(hours, top)
        found.append(element("line", x1=LEFT, x2=WIDTH, y1=y, y2=y, stroke=PALE))
        found.append(text(LEFT - 6, y + 4, f"{figure(hours)} h", text_anchor="end", font_size=12))
    return found


def _high(hours: float, top: float) -> float:
    return (HEIGHT - BOTTOM - TOP) * hours / top


def _round_up(hours: float) -> float:
    """The highest line of the scale: a number that people count in."""
    steps = (1, 2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60)
    return float(next((step for step in steps if step >= hours), hours))


def _says(found: Sequence[Week]) -> str:
    free = next((one for one in found if one["hours"] > one["booked"]), None)
    away = sum(not one["hours"] for one in found)
    said = f"The hours of {count(len(found), 'week')}, and how many of them are booked."
    if free is None:
        said += " There is no free hour in them."
    else:
        first = date.fromisoformat(free["first"])
        said += f" The first with a free hour begins on {first.day} {first:%B %Y}."
    return f"{said} In {count(away, 'week')} there are no hours." if away else said
