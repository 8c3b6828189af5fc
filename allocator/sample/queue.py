"""Cases of a sample: when they were notified, what they need, who was involved in the care."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.sample.days import day, shifted, span, where_day
from allocator.sample.geography import Geography
from allocator.sample.organisations import Kind, Organisations
from allocator.sample.skills import SCARCE, bit, rare_bits
from allocator.sample.spec import SampleSpec
from allocator.sample.tables import Bools, Days, Floats, Ints

INITIAL, FOCUSED = 0, 1
LINKED = 0.03
HOLD_REASONS = ("coroner", "safeguarding", "police", "family", "other")
OUT_OF_SCOPE = ("opt_out", "child", "duplicate", "other")


@dataclass(frozen=True)
class Queue:
    """Cases by row, without who holds them. Indices are -1 and dates "not a time" where not given."""

    area: Ints
    notified_on: Days
    focused: Bools
    priority: Ints
    skills: Ints  # bits
    organisations: Ints  # (n, 4)
    latitude: Floats
    longitude: Floats
    effort_hours: Floats
    hold_days: Ints
    on_hold_since: Days
    hold_reason: Ints
    hold_until: Days
    linked_to: Ints
    out_of_scope: Ints
    to_hold: Bools  # those a reviewer is to hold already, if one can

    def __len__(self) -> int:
        return len(self.area)

    @property
    def on_hold(self) -> Bools:
        """Return which cases are on an open hold."""
        return ~np.isnat(self.on_hold_since)

    @property
    def in_scope(self) -> Bools:
        """Return which cases are to be reviewed at all."""
        return self.out_of_scope < 0

    def effort(self, initial: float, focused: float) -> Floats:
        """Return the hours of each review: its own, else its type's."""
        return np.where(
            np.isnan(self.effort_hours), np.where(self.focused, focused, initial), self.effort_hours
        )


def make_queue(
    spec: SampleSpec, geography: Geography, organisations: Organisations, rng: np.random.Generator
) -> Queue:
    """Return the cases, before they are made as hard as they should be."""
    n = spec.cases
    area = _areas(n, len(geography.codes), rng)
    notified_on = _notified(spec, rng)
    focused = _quota(n, 0.21, rng)
    latitude, longitude = _positions(geography, organisations, area, rng)
    out_of_scope = np.where(_quota(n, 0.025, rng), rng.choice(4, n, p=(0.4, 0.2, 0.3, 0.1)), -1)
    since, reason, until = _holds(spec, notified_on, out_of_scope < 0, rng)
    return Queue(
        area=area,
        notified_on=notified_on,
        focused=focused,
        priority=np.where(
            _quota(n, 0.05, rng), rng.choice((1, 2, 3, 5, 9), n, p=(0.5, 0.25, 0.15, 0.08, 0.02)), 0
        ),
        skills=_skills(spec, geography, rng),
        organisations=_involved(geography, organisations, area, rng),
        latitude=latitude,
        longitude=longitude,
        effort_hours=_efforts(focused, rng),
        hold_days=_closed_holds(spec, notified_on, since, rng),
        on_hold_since=since,
        hold_reason=reason,
        hold_until=until,
        linked_to=np.full(n, -1),
        out_of_scope=out_of_scope,
        to_hold=_held(spec, notified_on, out_of_scope < 0, rng),
    )


def _quota(n: int, share: float, rng: np.random.Generator) -> Bools:
    """Return a random choice of that share of the rows, rounded."""
    return rng.permutation(n) < round(share * n)


def _areas(n: int, areas: int, rng: np.random.Generator) -> Ints:
    size = rng.gamma(12, size=areas)
    return rng.choice(areas, n, p=size / size.sum())


def _notified(spec: SampleSpec, rng: np.random.Generator) -> Days:
    """Return notification days: mostly the last half year, a tail beyond a year, more in winter."""
    n = spec.cases * 3 + 20
    part = rng.choice(3, n, p=(0.66, 0.24, 0.1))
    ages = np.choose(part, (rng.exponential(85, n), rng.gamma(6, 42, n), rng.lognormal(6.05, 0.35, n)))
    days = shifted(day(spec.as_of), -np.floor(ages.clip(0, 1_500)).astype(np.int64))
    of_year = span(days.astype("datetime64[Y]").astype("datetime64[D]"), days)
    winter = (1 + 0.35 * np.cos(2 * np.pi * (of_year - 15) / 365)) / 1.35
    kept = days[rng.random(n) < winter]
    return np.resize(kept, spec.cases) if len(kept) else kept


def _skills(spec: SampleSpec, geography: Geography, rng: np.random.Generator) -> Ints:
    n = spec.cases
    reach = spec.reviewers * float((geography.near | np.eye(len(geography.codes), dtype=bool)).mean())
    skills = np.zeros(n, dtype=np.int64)
    for skill, share in zip(SCARCE, (0.24, 0.13, 0.1), strict=True):
        skills |= np.where(rng.random(n) < share, bit(skill), 0)
    return skills | np.where(rng.random(n) < 0.12, rng.choice(rare_bits(reach), n), 0)


def _involved(geography: Geography, found: Organisations, area: Ints, rng: np.random.Generator) -> Ints:
    """Return up to four organisations a case: hospital, regional trusts, home, practice. A few have none."""
    n = len(area)
    region = geography.region[area]
    away = np.where(rng.random(n) < 0.08, _neighbour(geography, area, rng), area)
    picks = [
        found.near_to(Kind.ACUTE, away, region, rng),
        found.near_to(Kind.MENTAL_HEALTH, area, region, rng),
        found.near_to(Kind.HOME, area, region, rng),
        found.near_to(Kind.COMMUNITY, area, region, rng),
        found.near_to(Kind.AMBULANCE, area, region, rng),
        found.near_to(Kind.PRACTICE, area, region, rng),
    ]
    wanted = rng.random((n, len(picks))) < (0.74, 0.4, 0.4, 0.2, 0.16, 0.24)
    wanted[:, 0] |= ~wanted.any(axis=1)
    wanted &= wanted.cumsum(axis=1) <= 4
    chosen = np.where(wanted, np.column_stack(picks), -1)
    chosen[_quota(n, 0.03, rng)] = -1
    order = np.argsort(chosen < 0, axis=1, kind="stable")
    return np.take_along_axis(chosen, order, axis=1)[:, :4]


def _neighbour(geography: Geography, area: Ints, rng: np.random.Generator) -> Ints:
    odds = geography.near + np.eye(len(geography.codes)) * 0.01
    nearest: Ints = np.argmax(odds[area] * rng.random((len(area), odds.shape[1])), axis=1)
    return nearest


def _positions(
    geography: Geography, organisations: Organisations, area: Ints, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return positions: around a hospital of the area, else around its point; some are not known."""
    n = len(area)
    trust = organisations.near_to(Kind.ACUTE, area, geography.region[area], rng)
    unknown = rng.random(n) < 0.07
    places = []
    for points, of_area, spread in (
        (organisations.latitude, geography.latitude, 0.07),
        (organisations.longitude, geography.longitude, 0.11),
    ):
        centre = np.where(trust >= 0, points[trust], of_area[area])
        places.append(np.where(unknown, np.nan, (centre + rng.normal(0, spread, n)).round(2)))
    return places[0], places[1]


def _efforts(focused: Bools, rng: np.random.Generator) -> Floats:
    """Return the hours of the one case in six whose own effort is known."""
    n = len(focused)
    own = np.where(focused, 18 + 27 * rng.beta(2, 2.6, n), 8 + 18 * rng.beta(1.8, 2.6, n))
    return np.where(rng.random(n) < 0.17, (own * 2).round() / 2, np.nan)


def _holds(
    spec: SampleSpec, notified_on: Days, in_scope: Bools, rng: np.random.Generator
) -> tuple[Days, Ints, Days]:
    """Return open holds of a tenth of the cases: since when, why, and until when if that is known."""
    n = spec.cases
    age = span(notified_on, np.full(n, day(spec.as_of)))
    on_hold = _quota(n, 0.1, rng) & in_scope & (age > 2)
    since = where_day(on_hold, shifted(notified_on, np.floor(rng.beta(1.2, 2.5, n) * age).astype(np.int64)))
    reason = np.where(on_hold, rng.choice(5, n, p=(0.5, 0.2, 0.12, 0.12, 0.06)), -1)
    until = shifted(day(spec.as_of), rng.integers(7, 240, n))
    return since, reason, where_day(on_hold & (rng.random(n) < 0.75), until)


def _closed_holds(spec: SampleSpec, notified_on: Days, since: Days, rng: np.random.Generator) -> Ints:
    """Return days of closed holds: never more than passed before the open one."""
    n = spec.cases
    passed = span(notified_on, np.where(np.isnat(since), day(spec.as_of), since))
    had = (rng.random(n) < 0.16) & (passed > 40)
    return np.where(had, np.floor(rng.beta(1.5, 3, n) * 0.8 * passed), 0).astype(np.int64)


def _held(spec: SampleSpec, notified_on: Days, in_scope: Bools, rng: np.random.Generator) -> Bools:
    """Return which cases are in review already: the older, the likelier."""
    age = span(notified_on, np.full(spec.cases, day(spec.as_of)))
    chance = 0.06 + 0.56 * (1 - np.exp(-age / 110))
    return in_scope & (age > 6) & (rng.random(spec.cases) < chance)


def link_some(queue: Queue, rng: np.random.Generator) -> Queue:
    """Return the queue with some cases linked in twos and threes: same home, same needs, same place."""
    fields = {name: np.array(value) for name, value in vars(queue).items()}
    left = max(2, round(LINKED * len(queue)))
    for label, rows in enumerate(_neighbours(queue, rng)):
        group = rows[: min(left, 2 if rng.random() < 0.75 else 3)]
        if len(group) < 2:
            break
        for name in ("organisations", "latitude", "longitude", "skills"):
            fields[name][group[1:]] = fields[name][group[0]]
        fields["linked_to"][group] = label
        left -= len(group)
    return Queue(**fields)


def _neighbours(queue: Queue, rng: np.random.Generator) -> list[Ints]:
    """Return groups of up to three initial cases of one area, at most one of them to be held already."""
    fit = queue.in_scope & ~queue.on_hold & ~queue.focused
    waiting, held = (rng.permutation(np.flatnonzero(fit & (queue.to_hold == wish))) for wish in (False, True))
    groups = []
    for area in np.unique(queue.area).tolist():
        here = waiting[queue.area[waiting] == area]
        groups += [here[i : i + 3] for i in range(0, len(here) - 1, 3)]
        if len(here) % 3 == 1:
            groups.append(np.concatenate((held[queue.area[held] == area][:1], here[-1:])))
    return [groups[i] for i in rng.permutation(len(groups))]
