"""Areas and the trusts in them: from files of real geography, or made up to be plausible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.errors import BadInput, Fault
from allocator.sample.mapfiles import AREA_COLUMNS, TRUST_COLUMNS, read_map_file
from allocator.sample.spec import GeographyFiles, SampleSpec
from allocator.sample.tables import Bools, Floats, Ints

NEAREST = 4  # neighbours of a made-up area, before "is my neighbour" is made mutual
AREAS_A_REGION = 6


@dataclass(frozen=True)
class Trust:
    """A hospital trust: code, name, position and the row of its area."""

    code: str
    name: str
    latitude: float
    longitude: float
    area: int


@dataclass(frozen=True)
class Geography:
    """Areas by row: codes, names, commissioners, points, who may serve whom, and the trusts.

    ``near[a, h]`` is true if reviewers at home in ``h`` may serve area ``a``; ``region`` numbers groups of
    about six areas that share ambulance and mental health trusts.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    commissioners: tuple[str, ...]
    latitude: Floats
    longitude: Floats
    near: Bools
    region: Ints
    trusts: tuple[Trust, ...]


def make_geography(spec: SampleSpec, rng: np.random.Generator) -> Geography:
    """Return the areas of a sample.

    Raises
    ------
    BadInput
        If a file of the map cannot be used, or has no connected set of so many open areas.
    """
    return _made_up(spec.areas, rng) if spec.map is None else _from_map(spec.map, spec.areas, rng)


def _made_up(count: int, rng: np.random.Generator) -> Geography:
    latitude, longitude = _scattered(count, rng)
    codes = tuple(f"Q{i + 1:02d}" for i in range(count))
    names = tuple(f"Integrated Care Board {i + 1}" for i in range(count))
    trusts: list[Trust] = []
    for area in range(count):
        for _ in range(int(rng.integers(3, 6))):
            number = len(trusts) + 1
            north, east = rng.normal(0, (0.12, 0.2))
            name = f"Hospital Trust {number}"
            trusts.append(Trust(f"R{number:03d}", name, latitude[area] + north, longitude[area] + east, area))
    near, region = _nearest(latitude, longitude), _regions(latitude, longitude)
    return Geography(codes, names, codes, latitude, longitude, near, region, tuple(trusts))


def _scattered(count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return points that keep apart: each the farthest of ten tries from those there already."""
    points = np.empty((0, 2))
    for _ in range(count):
        tries = rng.uniform((50.9, -3.2), (54.6, 0.4), (10, 2))
        gaps = ((tries[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
        best = int(gaps.min(axis=1).argmax()) if len(points) else 0
        points = np.vstack((points, tries[best]))
    return points[:, 0].round(4), points[:, 1].round(4)


def _distances(latitude: Floats, longitude: Floats) -> Floats:
    """Return rough distances in degrees of latitude, good enough to tell near from far."""
    east = (longitude[:, None] - longitude) * np.cos(np.radians(latitude.mean()))
    gaps: Floats = np.hypot(latitude[:, None] - latitude, east)
    return gaps


def _nearest(latitude: Floats, longitude: Floats) -> Bools:
    gaps = _distances(latitude, longitude)
    order = np.argsort(gaps, axis=1, kind="stable")[:, 1 : NEAREST + 1]
    near = np.zeros(gaps.shape, dtype=bool)
    np.put_along_axis(near, order, True, axis=1)
    return near | near.T


def _regions(latitude: Floats, longitude: Floats) -> Ints:
    """Return a region for each area: that of the nearest of a few centres far from one another."""
    gaps = _distances(latitude, longitude)
    centres = [0]
    while len(centres) * AREAS_A_REGION < len(latitude):
        centres.append(int(gaps[:, centres].min(axis=1).argmax()))
    region: Ints = gaps[:, centres].argmin(axis=1)
    return region


def _from_map(files: GeographyFiles, count: int, rng: np.random.Generator) -> Geography:
    rows = [row for row in read_map_file(files.areas, AREA_COLUMNS) if not row.get("successors")]
    chosen = _connected(rows, count, rng) if count <= len(rows) else None
    if chosen is None:
        message = f"the map has no connected set of {count} open areas: it has {len(rows)} in all"
        raise BadInput([Fault("too-few-areas", message, file=files.areas.name, hint="ask for fewer")])
    rows = [row for row in rows if row["area"] in chosen]
    trusts = read_map_file(files.organisations, TRUST_COLUMNS)
    at = {row["area"]: i for i, row in enumerate(rows)}
    near = np.zeros((count, count), dtype=bool)
    for row in rows:
        near[at[row["area"]], [at[code] for code in _codes(row["neighbours"]) if code in at]] = True
    latitude = np.array([float(row["latitude"]) for row in rows])
    longitude = np.array([float(row["longitude"]) for row in rows])
    return Geography(
        codes=tuple(at),
        names=tuple(row["name"] for row in rows),
        commissioners=tuple(row["organisation"] or row["area"] for row in rows),
        latitude=latitude,
        longitude=longitude,
        near=near,
        region=_regions(latitude, longitude),
        trusts=tuple(_trust(row, at) for row in trusts if row["area"] in at),
    )


def _codes(cell: str) -> list[str]:
    return [code for code in cell.split(";") if code]


def _trust(row: dict[str, str], at: dict[str, int]) -> Trust:
    place = float(row["latitude"]), float(row["longitude"])
    return Trust(row["organisation"], row["name"], *place, area=at[row["area"]])


def _connected(rows: list[dict[str, str]], count: int, rng: np.random.Generator) -> set[str] | None:
    """Return the codes of so many areas, each a neighbour of one before it; None if there are none."""
    neighbours = {row["area"]: sorted(_codes(row["neighbours"])) for row in rows}
    for start in rng.permutation(len(rows)).tolist():
        reached = [rows[start]["area"]]
        for code in reached:  # the list grows as it is walked: breadth first
            reached += [other for other in neighbours[code] if other in neighbours and other not in reached]
        if len(reached) >= count:
            return set(reached[:count])
    return None
