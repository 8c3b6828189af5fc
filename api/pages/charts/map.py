"""A map of areas: each a circle at its place, as large as what waits there, filled as far as it is placed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from markupsafe import Markup

from api.pages.charts.svg import BLUE, INK, PALE, element, picture, text

WIDE, MOST_HIGH, EDGE = 560, 540, 78
LARGEST, SMALLEST = 34.0, 7.0
"""Radii in pixels of the area where most waits, and of one where nothing does."""


@dataclass(frozen=True)
class Spot:
    """One area: where it is, how many wait there, and how many of them are placed."""

    label: str
    latitude: float
    longitude: float
    waiting: int
    placed: int


def area_map(title: str, says: str, spots: Sequence[Spot]) -> Markup:
    """A picture of some areas, north at the top; degrees east are drawn as long as they are there.

    Parameters
    ----------
    title, says : as of any picture
    """
    middle = sum(one.latitude for one in spots) / len(spots)
    easts = [one.longitude * cos(radians(middle)) for one in spots]
    norths = [one.latitude for one in spots]
    wide, high = max(easts) - min(easts), max(norths) - min(norths)
    unit = min(_fit(wide, WIDE - 2 * EDGE), _fit(high, MOST_HIGH - 2 * EDGE))
    unit = 0.0 if unit == float("inf") else unit
    left = (WIDE - wide * unit) / 2
    most = max(one.waiting for one in spots)
    parts = [
        part
        for one, east in sorted(zip(spots, easts, strict=True), key=lambda pair: -pair[0].waiting)
        for part in _circle(
            one, left + (east - min(easts)) * unit, EDGE + (max(norths) - one.latitude) * unit, most
        )
    ]
    return picture(WIDE, high * unit + 2 * EDGE, title, says, *parts)


def _fit(length: float, room: float) -> float:
    return room / length if length > 0 else float("inf")


def _circle(one: Spot, x: float, y: float, most: int) -> Iterator[Markup]:
    """Yield an area's circle, what of it is placed, and its words."""
    radius = _radius(one.waiting, most)
    yield element("circle", cx=x, cy=y, r=radius, fill=PALE, stroke=INK, stroke_width=1.5)
    if one.placed:
        yield element("circle", cx=x, cy=y, r=radius * sqrt(one.placed / one.waiting), fill=BLUE)
    yield text(x, y + radius + 16, one.label, text_anchor="middle", font_weight="bold")
    yield text(x, y + radius + 32, f"{one.placed} of {one.waiting}", text_anchor="middle")


def _radius(waiting: int, most: int) -> float:
    """The area of a circle goes by what waits there."""
    return max(SMALLEST, LARGEST * sqrt(waiting / most)) if most else SMALLEST
