"""Where cases and reviewers are, and how far apart, in kilometres along the great circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from allocator.cases import Case
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


def case_points(cases: Iterable[Case], points: Mapping[str, Point]) -> Floats:
    """Degrees of each case, else of its area, else not a number; shape (n_cases, 2)."""
    return _stacked(_point(c, c.area, points) for c in cases)


def reviewer_points(reviewers: Iterable[Reviewer], points: Mapping[str, Point]) -> Floats:
    """Degrees of each reviewer, else of their home area, else not a number; shape (n_reviewers, 2)."""
    return _stacked(_point(r, r.areas[0], points) for r in reviewers)


def _point(one: Case | Reviewer, area: str, points: Mapping[str, Point]) -> Point:
    if one.latitude is not None and one.longitude is not None:
        return one.latitude, one.longitude
    return points.get(area, NOWHERE)


def _stacked(points: Iterable[Point]) -> Floats:
    return np.array(list(points), dtype=np.float64).reshape(-1, 2)


def kilometres(here: Floats, there: Floats) -> Floats:
    """Kilometres between points in degrees (last axis of size 2), not a number where one is not known."""
    a, b = np.radians(here), np.radians(there)
    half = (b - a) / 2
    rise = np.sin(half[..., 0]) ** 2
    turn = np.cos(a[..., 0]) * np.cos(b[..., 0]) * np.sin(half[..., 1]) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(rise + turn))))
