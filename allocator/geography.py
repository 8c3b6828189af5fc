"""Where cases and reviewers are, and how far apart, in kilometres along the great circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.cases import Case
from allocator.exact import Ints
from allocator.places import Area
from allocator.reviewers import Reviewer

EARTH_RADIUS_KM = 6371.0088
Floats = NDArray[np.float64]
Point = tuple[float, float]
NOWHERE: Point = (float("nan"), float("nan"))


def area_points(areas: Iterable[Area]) -> dict[str, Point]:
    """Latitude and longitude of each area that has them."""
    return {
        a.area: (a.latitude, a.longitude) for a in areas if a.latitude is not None and a.longitude is not None
    }


@dataclass(frozen=True, eq=False)
class Spots:
    """Where many cases or reviewers are, each an array of shape (n,), not a number where it is not known.

    Parameters
    ----------
    latitude, longitude : radians
    parallel : the cosine of the latitude
    """

    latitude: Floats
    longitude: Floats
    parallel: Floats


def case_spots(cases: Iterable[Case], points: Mapping[str, Point]) -> Spots:
    """Where each case is, else its area."""
    return _spots(_point(c, c.area, points) for c in cases)


def reviewer_spots(reviewers: Iterable[Reviewer], points: Mapping[str, Point]) -> Spots:
    """Where each reviewer is, else their home area."""
    return _spots(_point(r, r.areas[0], points) for r in reviewers)


def _point(one: Case | Reviewer, area: str, points: Mapping[str, Point]) -> Point:
    if one.latitude is not None and one.longitude is not None:
        return one.latitude, one.longitude
    return points.get(area, NOWHERE)


def _spots(points: Iterable[Point]) -> Spots:
    latitude, longitude = np.radians(np.array(list(points), np.float64).reshape(-1, 2).T)
    return Spots(latitude, longitude, np.cos(latitude))


def kilometres(here: Spots, there: Spots, pairs: tuple[Ints, Ints]) -> Floats:
    """Kilometres between rows of here and rows of there, which broadcast; not a number where not known."""
    at, to = pairs
    rise = np.sin((there.latitude[to] - here.latitude[at]) / 2) ** 2
    turn = here.parallel[at] * there.parallel[to]
    turn = turn * np.sin((there.longitude[to] - here.longitude[at]) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(rise + turn))))
