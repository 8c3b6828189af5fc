"""Where cases and reviewers are, and how far apart, on a sphere of the earth's mean radius."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from allocator.audit.exact import Floats, Ints
from allocator.audit.facts import Facts

RADIUS_KM = 6371.0088


@dataclass(frozen=True)
class Positions:
    """Latitude and longitude in radians; NaN where none is known. `reach` in km, infinite where unlimited."""

    cases: Floats
    reviewers: Floats
    reach: Floats

    def km(self, cases: Ints, reviewers: Ints) -> Floats:
        """Return the great-circle distance of each case from its reviewer, NaN if either has no position."""
        (lat, lon), (lat2, lon2) = self.cases[:, cases], self.reviewers[:, reviewers]
        half = np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin((lon2 - lon) / 2) ** 2
        km: Floats = 2 * RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, half)))
        return km


Point = tuple[float | None, float | None]


def read_positions(facts: Facts) -> Positions:
    """Return the positions: each its own, else that of its (home) area's point."""
    points: dict[str, Point] = {area.area: (area.latitude, area.longitude) for area in facts.snapshot.areas}
    cases = [_own_or((c.latitude, c.longitude), points.get(c.area)) for c in facts.cases]
    people = [_own_or((r.latitude, r.longitude), points.get(r.areas[0])) for r in facts.reviewers]
    usual = facts.policy.geography.max_distance_km
    reach = [r.max_distance_km if r.max_distance_km is not None else usual for r in facts.reviewers]
    limits = np.array([np.inf if limit is None else limit for limit in reach], dtype=np.float64)
    return Positions(_radians(cases), _radians(people), limits)


def _own_or(own: Point, fallback: Point | None) -> Point:
    """Return a position, or the fallback where it is not whole."""
    return own if None not in own else fallback or (None, None)


def _radians(points: Iterable[Point]) -> Floats:
    """Return positions as an array of shape (2, n) in radians."""
    degrees = [[np.nan if part is None else part for part in point] for point in points]
    return np.radians(np.array(degrees, dtype=np.float64).reshape(-1, 2).T)
