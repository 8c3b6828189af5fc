"""Reviewers of a sample: who they are, where, for how many hours, and what they can do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from allocator.sample.days import NEVER, day, shifted, where_day
from allocator.sample.geography import Geography
from allocator.sample.organisations import Kind, Organisations
from allocator.sample.skills import SCARCE, SENIOR, bit, rare_bits
from allocator.sample.spec import SampleSpec
from allocator.sample.tables import Bools, Days, Floats, Ints
from allocator.sample.uneven import staffing

RARE_IN_REACH = 3.4  # people with one rare skill among those within reach of a case
SMALL = 0.46  # share of reviewers kept under 40 hours in their horizon
SPECIALISTS = 0.33, 0.42  # share of those with few hours, and of the rest, who have all the scarce skills
SCARCE_SHARE = 0.66  # of the specialists have one scarce skill


class Employment(IntEnum):
    """How a reviewer is employed; the order is that of ``EMPLOYMENTS``."""

    DAY_JOB = 0
    DEDICATED = 1
    BANK = 2
    AGENCY = 3
    PROVIDER = 4


EMPLOYMENTS = ("day_job", "dedicated", "bank", "agency", "provider")
SHARES = (0.54, 0.22, 0.1, 0.06, 0.08)
LEAST_HOURS = np.array((0.25, 7.5, 1.0, 4.0, 4.0))
MOST_HOURS = np.array((6.0, 37.5, 16.0, 37.5, 37.5))


@dataclass(frozen=True)
class Staff:
    """Reviewers by row. Indices point at areas and organisations, -1 for none; NaN is "not given"."""

    employment: Ints
    areas: Ints  # (n, 2): home, another covered or -1
    hours_per_week: Floats
    horizon_weeks: Ints  # 0: the policy's
    small: Bools  # has less than 40 hours to give in the horizon
    provider: Ints
    skills: Ints  # bits
    leads: Ints  # 0 every type, 1 initial only, 2 focused only
    organisations: Ints  # (n, 2)
    latitude: Floats
    longitude: Floats
    max_distance_km: Floats
    starts_on: Days
    leaves_on: Days
    completed: Ints
    hours_factor: Floats
    cost_per_hour: Floats

    def __len__(self) -> int:
        return len(self.employment)

    @property
    def special(self) -> Bools:
        """Return who has a skill that cases ask their lead for."""
        special: Bools = (self.skills & ~SENIOR) > 0
        return special

    @property
    def home(self) -> Ints:
        """Return the home area of each."""
        return self.areas[:, 0]

    def weeks(self) -> Ints:
        """Return each reviewer's horizon under the shipped policy."""
        usual = np.where(self.employment == Employment.DAY_JOB, 52, 8)
        return np.where(self.horizon_weeks > 0, self.horizon_weeks, usual)


def make_staff(
    spec: SampleSpec, geography: Geography, organisations: Organisations, rng: np.random.Generator
) -> Staff:
    """Return the reviewers, before their hours are fitted to the load."""
    n = spec.reviewers
    employment = _quota(n, SHARES, rng)
    small = _small(employment, rng)
    home = _homes(n, staffing(geography, rng), rng)
    completed, factor = _experience(n, employment, rng)
    latitude, longitude = _positions(geography, home, rng)
    starts_on, leaves_on = _service(spec, rng)
    provider = np.where(
        employment == Employment.PROVIDER, rng.integers(0, max(1, round(n * SHARES[4] / 12)), n), -1
    )
    return Staff(
        employment=employment,
        areas=np.column_stack((home, _second_areas(geography, home, rng))),
        hours_per_week=_hours(employment, small, rng),
        horizon_weeks=_horizons(employment, small, rng),
        small=small,
        provider=provider,
        skills=_skills(geography, home, small, rng),
        leads=_leads(n, small, rng),
        organisations=_posts(geography, organisations, employment, home, rng),
        latitude=latitude,
        longitude=longitude,
        max_distance_km=np.where(rng.random(n) < 0.15, rng.integers(2, 13, n) * 10.0, np.nan),
        starts_on=starts_on,
        leaves_on=leaves_on,
        completed=completed,
        hours_factor=factor,
        cost_per_hour=_costs(employment, rng),
    )


def _quota(n: int, shares: tuple[float, ...], rng: np.random.Generator) -> Ints:
    """Return classes in these shares, as near as whole people allow, in random order."""
    ends = np.floor(np.cumsum(shares) * n + 0.5).astype(np.int64)
    return rng.permutation(np.searchsorted(ends, np.arange(n), side="right").clip(max=len(shares) - 1))


def _small(employment: Ints, rng: np.random.Generator) -> Bools:
    """Return who has few hours: day-job staff first, then bank staff."""
    order = np.lexsort((rng.random(len(employment)), _RANK[employment]))
    small = np.zeros(len(employment), dtype=bool)
    small[order[: int(np.ceil(SMALL * len(employment)))]] = True
    return small


_RANK = np.array((0, 2, 1, 4, 3))


def _homes(n: int, shares: Floats, rng: np.random.Generator) -> Ints:
    """Return home areas: one reviewer each where there are enough, the rest by these shares."""
    each = np.arange(len(shares)) if n >= len(shares) else np.empty(0, dtype=np.int64)
    rest = rng.choice(len(shares), n - len(each), p=shares)
    return rng.permutation(np.concatenate((each, rest)))


def _second_areas(geography: Geography, home: Ints, rng: np.random.Generator) -> Ints:
    areas = len(geography.codes)
    other = rng.integers(0, areas, len(home))
    return np.where((rng.random(len(home)) < 0.12) & (other != home), other, -1)


def _hours(employment: Ints, small: Bools, rng: np.random.Generator) -> Floats:
    n = len(employment)
    usual = (
        np.where(small, rng.integers(3, 17, n) / 4, rng.integers(4, 13, n) / 4),
        rng.choice((20.0, 22.5, 30.0, 30.0, 37.5), n),
        np.where(small, rng.integers(4, 10, n) / 2, rng.integers(8, 25, n) / 2),
        rng.choice((15.0, 22.5, 30.0, 37.5), n),
        rng.choice((15.0, 18.0, 22.5, 30.0), n),
    )
    hours = np.choose(employment, usual)
    return np.where(rng.random(n) < 0.015, 0.0, hours)


def _horizons(employment: Ints, small: Bools, rng: np.random.Generator) -> Ints:
    """Return how far some commit: most day-job staff by the quarter, the rest as the policy says."""
    quarter = rng.choice((8, 10, 12, 13), len(employment))
    return np.where((employment == Employment.DAY_JOB) & small, quarter, 0)


def _skills(geography: Geography, home: Ints, small: Bools, rng: np.random.Generator) -> Ints:
    """Return bits of skills, mostly of the same specialists.

    Rare ones go to so few that a case finds a handful within reach.
    """
    n = len(home)
    reach = n * float((geography.near | np.eye(len(geography.codes), dtype=bool)).mean())
    skills = np.where(_some(np.ones(n, dtype=np.bool_), 0.34, rng), SENIOR, 0)
    special = _some(small, SPECIALISTS[0], rng) | _some(~small, SPECIALISTS[1], rng)
    for scarce in SCARCE:
        skills |= np.where(_some(special, SCARCE_SHARE, rng), bit(scarce), 0)
    for rare in rare_bits(reach):
        holders = max(1, round(n * min(0.2, RARE_IN_REACH / max(1.0, reach))))
        order = np.argsort(rng.random(n) * special)[::-1]
        skills[order[:holders]] |= rare
    return skills


def _some(among: Bools, share: float, rng: np.random.Generator) -> Bools:
    """Return that share of the rows marked, rounded up, chosen at random."""
    rows = rng.permutation(np.flatnonzero(among))
    chosen = np.zeros(len(among), dtype=bool)
    chosen[rows[: int(np.ceil(share * len(rows)))]] = True
    return chosen


def _leads(n: int, small: Bools, rng: np.random.Generator) -> Ints:
    draw = rng.random(n)
    only_initial = draw < np.where(small, 0.7, 0.3)
    return np.where(only_initial, 1, np.where(draw > 0.95, 2, 0))


def _posts(
    geography: Geography,
    organisations: Organisations,
    employment: Ints,
    home: Ints,
    rng: np.random.Generator,
) -> Ints:
    """Return posts held now: day-job staff work in the very trusts whose care is reviewed."""
    kinds = (Kind.ACUTE, Kind.MENTAL_HEALTH, Kind.COMMUNITY, Kind.AMBULANCE, Kind.COMMISSIONER)
    region = geography.region[home]
    options = np.array([organisations.near_to(kind, home, region, rng) for kind in kinds])
    first, second = (rng.choice(len(kinds), len(home), p=(0.48, 0.22, 0.12, 0.06, 0.12)) for _ in range(2))
    rows = np.arange(len(home))
    draw = rng.random((2, len(home)))
    has = draw < np.array([_WITH_POST[employment], 0.08 * _WITH_POST[employment]])
    return np.column_stack(
        [np.where(has[k], options[choice, rows], -1) for k, choice in enumerate((first, second))]
    )


_WITH_POST = np.array((1.0, 0.12, 0.5, 0.15, 0.12))


def _positions(geography: Geography, home: Ints, rng: np.random.Generator) -> tuple[Floats, Floats]:
    n = len(home)
    unknown = rng.random(n) < 0.08
    latitude = geography.latitude[home] + rng.normal(0, 0.15, n)
    longitude = geography.longitude[home] + rng.normal(0, 0.25, n)
    return tuple(np.where(unknown, np.nan, degrees.round(2)) for degrees in (latitude, longitude))  # type: ignore[return-value]


def _service(spec: SampleSpec, rng: np.random.Generator) -> tuple[Days, Days]:
    """Return first and last days: a few start soon, a few leave soon, one in a hundred has left."""
    n = spec.reviewers
    draw = rng.random(n)
    as_of = day(spec.as_of)
    starts = where_day(draw < 0.05, shifted(as_of, rng.integers(1, 70, n)))
    starts = np.where((draw > 0.9) | (draw < 0.05), starts, NEVER)
    earlier = where_day(draw > 0.85, shifted(as_of, -rng.integers(30, 900, n)))
    leaves = where_day((draw >= 0.05) & (draw < 0.13), shifted(as_of, rng.integers(7, 300, n)))
    left = (draw >= 0.13) & (draw < 0.145)
    leaves = np.where(left, shifted(as_of, -rng.integers(1, 45, n)), leaves)
    return np.where(np.isnat(starts), earlier, starts), leaves


def _experience(n: int, employment: Ints, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Return reviews completed and the hours factor: the first dozen reviews make people quicker."""
    mean = np.array((5.0, 45.0, 20.0, 25.0, 35.0))[employment]
    completed = np.floor(rng.exponential(mean)).astype(np.int64)
    factor = 0.9 + 0.35 * np.exp(-completed / 10) + rng.normal(0, 0.06, n)
    return completed, (factor.clip(0.75, 1.5) * 20).round() / 20


def _costs(employment: Ints, rng: np.random.Generator) -> Floats:
    low = np.array((28.0, 28.0, 26.0, 42.0, 38.0))[employment]
    cost = (low + rng.random(len(employment)) * low * 0.35).round(1)
    return np.where(rng.random(len(employment)) < 0.05, np.nan, cost)
