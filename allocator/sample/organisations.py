"""Organisations of a sample: trusts, care homes and their owners, practices, commissioners."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from allocator.sample.geography import AREAS_A_REGION, Geography
from allocator.sample.tables import Floats, Ints

HOMES_AN_AREA = 6
PRACTICES_AN_AREA = 6
OWNED_HOMES = 0.7


class Kind(IntEnum):
    """What an organisation is; how often it is involved in care depends on it."""

    ACUTE = 0
    MENTAL_HEALTH = 1
    COMMUNITY = 2
    AMBULANCE = 3
    HOME = 4
    PRACTICE = 5
    OWNER = 6
    COMMISSIONER = 7
    CLOSED = 8


@dataclass(frozen=True)
class Organisations:
    """Organisations by row. ``area`` is -1 where there is none, ``parent`` and ``successor`` likewise."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    kind: Ints
    area: Ints
    region: Ints
    parent: Ints
    successor: Ints
    latitude: Floats
    longitude: Floats

    @cached_property
    def root(self) -> Ints:
        """Return for each organisation the one it counts as: successor, then parent, as far as they go."""
        rows = np.arange(len(self.codes))
        after = np.where(self.successor >= 0, self.successor, np.where(self.parent >= 0, self.parent, rows))
        return after[
            after
        ]  # no chain here is longer than two: a closed trust, its successor; a home, its owner

    def of_kind(self, kind: Kind) -> Ints:
        """Return the rows of one kind."""
        return np.flatnonzero(self.kind == kind)

    def near_to(self, kind: Kind, area: Ints, region: Ints, rng: np.random.Generator) -> Ints:
        """Return for each area (and its region) one organisation of a kind there, -1 if it has none.

        Large ones come up more often: the first rows of a kind in an area are its large ones.
        """
        where, place = (self.area, area) if kind in _LOCAL else (self.region, region)
        rows = self.of_kind(kind)
        rows = rows[np.argsort(where[rows], kind="stable")]
        first = np.searchsorted(where[rows], place, side="left")
        count = np.searchsorted(where[rows], place, side="right") - first
        nth = first + np.floor(rng.random(len(place)) ** 1.4 * count).astype(np.int64)
        return np.where(count > 0, np.append(rows, -1)[np.minimum(nth, len(rows))], -1)


_LOCAL = frozenset({Kind.ACUTE, Kind.HOME, Kind.PRACTICE, Kind.COMMISSIONER, Kind.CLOSED})


@dataclass(frozen=True)
class _Row:
    code: str
    name: str
    kind: Kind
    area: int = -1
    region: int = -1
    parent: str = ""
    successor: str = ""
    latitude: float = float("nan")
    longitude: float = float("nan")


def make_organisations(geography: Geography, rng: np.random.Generator) -> Organisations:
    """Return every organisation of the areas; codes that are made up avoid those of the map."""
    rows = _trusts(geography) + _regional(geography) + _homes(geography, rng) + _others(geography)
    rows += _closed(rows, rng)
    at = {row.code: i for i, row in enumerate(rows)} | {"": -1}
    return Organisations(
        codes=tuple(row.code for row in rows),
        names=tuple(row.name for row in rows),
        kind=np.array([row.kind for row in rows], dtype=np.int64),
        area=np.array([row.area for row in rows], dtype=np.int64),
        region=np.array([row.region for row in rows], dtype=np.int64),
        parent=np.array([at[row.parent] for row in rows], dtype=np.int64),
        successor=np.array([at[row.successor] for row in rows], dtype=np.int64),
        latitude=np.array([row.latitude for row in rows]),
        longitude=np.array([row.longitude for row in rows]),
    )


def _trusts(geography: Geography) -> list[_Row]:
    return [
        _Row(t.code, t.name, Kind.ACUTE, t.area, latitude=t.latitude, longitude=t.longitude)
        for t in geography.trusts
    ]


def _regional(geography: Geography) -> list[_Row]:
    rows = []
    for region in range(int(geography.region.max()) + 1):
        number = region + 1
        rows += [
            _Row(f"TMH{number:02d}", f"Mental Health Trust {number}", Kind.MENTAL_HEALTH, region=region),
            _Row(f"TCS{number:02d}", f"Community Services Trust {number}", Kind.COMMUNITY, region=region),
            _Row(f"TAM{number:02d}", f"Ambulance Trust {number}", Kind.AMBULANCE, region=region),
        ]
    return rows


def _homes(geography: Geography, rng: np.random.Generator) -> list[_Row]:
    owners = 3 + len(geography.codes) // AREAS_A_REGION
    rows = [_Row(f"VG{i + 1:02d}", f"Care Group {i + 1}", Kind.OWNER) for i in range(owners)]
    for area in range(len(geography.codes)):
        for _ in range(HOMES_AN_AREA):
            number = len(rows) - owners + 1
            owner = f"VG{int(rng.integers(owners)) + 1:02d}" if rng.random() < OWNED_HOMES else ""
            rows.append(_Row(f"VL{number:04d}", f"Care Home {number}", Kind.HOME, area, parent=owner))
    return rows


def _others(geography: Geography) -> list[_Row]:
    rows = []
    for area, code in enumerate(geography.commissioners):
        rows.append(_Row(code, geography.names[area], Kind.COMMISSIONER, area))
        for i in range(PRACTICES_AN_AREA):
            number = area * PRACTICES_AN_AREA + i + 1
            rows.append(_Row(f"P{number:05d}", f"Practice {number}", Kind.PRACTICE, area))
    return rows


def _closed(rows: list[_Row], rng: np.random.Generator) -> list[_Row]:
    """Return trusts that were taken over by one of today's: old interests still name them."""
    trusts = [row for row in rows if row.kind is Kind.ACUTE]
    taken = rng.permutation(len(trusts))[: -(-len(trusts) // 8)].tolist()
    return [
        _Row(f"RZ{i + 1:02d}", f"Former Trust {i + 1}", Kind.CLOSED, trusts[t].area, successor=trusts[t].code)
        for i, t in enumerate(taken)
    ]
