"""Interests of reviewers: past posts, shares, friends, involvement; and which of them are conflicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.policy import Policy
from allocator.sample.days import NEVER, add_months, day, shifted
from allocator.sample.geography import Geography
from allocator.sample.organisations import Kind, Organisations
from allocator.sample.spec import SampleSpec
from allocator.sample.staff import Staff
from allocator.sample.tables import Bools, Days, Floats, Ints

KINDS = ("employment", "financial", "professional", "personal", "indirect", "involvement")
NOTES = (
    "former post",
    "share or stake",
    "joint work",
    "declared acquaintance",
    "partner's employer",
    "took part",
)
EMPLOYMENT, FINANCIAL, PROFESSIONAL, PERSONAL, INDIRECT, INVOLVEMENT = range(6)


@dataclass(frozen=True)
class Interests:
    """Interests by row: exactly one of ``organisation`` and ``case`` is not -1."""

    reviewer: Ints
    kind: Ints
    organisation: Ints
    case: Ints
    start: Days
    end: Days

    def where(self, keep: Bools) -> Interests:
        """Return some of these interests."""
        return Interests(*(value[keep] for value in vars(self).values()))

    def plus(self, other: Interests) -> Interests:
        """Return these interests and those."""
        return Interests(
            *(np.concatenate((getattr(self, name), getattr(other, name))) for name in vars(self))
        )


def make_interests(
    spec: SampleSpec, staff: Staff, geography: Geography, found: Organisations, rng: np.random.Generator
) -> Interests:
    """Return one or two interests each: open, long past, and within and outside the cooling-off months."""
    reviewer = np.repeat(np.arange(len(staff)), rng.poisson(1.0, len(staff)))
    n = len(reviewer)
    kind = rng.choice(6, n, p=(0.4, 0.08, 0.2, 0.1, 0.15, 0.07))
    area = staff.home[reviewer]
    region = geography.region[area]
    options = np.array([found.near_to(of, area, region, rng) for of in _CHOICES])
    # A financial interest is in an owner, and so in all its homes; some posts were in trusts since closed.
    options = np.vstack((options, rng.choice(found.of_kind(Kind.OWNER), n)))
    odds = _ODDS[kind].cumsum(axis=1)
    choice = (rng.random(n)[:, None] > odds).sum(axis=1).clip(max=len(options) - 1)
    organisation = options[choice, np.arange(n)]
    start, end = _periods(spec, kind, rng)
    known = organisation >= 0
    nothing = np.full(n, -1)
    return Interests(reviewer, kind, organisation, nothing, start, end).where(known)


_CHOICES = (
    Kind.ACUTE,
    Kind.MENTAL_HEALTH,
    Kind.COMMUNITY,
    Kind.AMBULANCE,
    Kind.HOME,
    Kind.PRACTICE,
    Kind.CLOSED,
)
_ODDS: Floats = np.array(
    (
        (0.36, 0.28, 0.1, 0.1, 0.03, 0.03, 0.1, 0.0),  # employment; the last column is an owner of homes
        (0.0, 0.0, 0.0, 0.0, 0.2, 0.2, 0.0, 0.6),
        (0.3, 0.3, 0.15, 0.1, 0.05, 0.05, 0.0, 0.05),
        (0.2, 0.1, 0.1, 0.05, 0.25, 0.3, 0.0, 0.0),
        (0.4, 0.25, 0.1, 0.1, 0.05, 0.05, 0.0, 0.05),
        (0.4, 0.3, 0.1, 0.1, 0.05, 0.05, 0.0, 0.0),
    )
)


def _periods(spec: SampleSpec, kind: Ints, rng: np.random.Generator) -> tuple[Days, Days]:
    """Return first and last days: a third still open, half ended within three years, a few yet to begin."""
    n = len(kind)
    as_of = day(spec.as_of)
    draw = rng.random(n)
    ended = shifted(as_of, -np.floor(rng.exponential(420, n)).astype(np.int64) - 1)
    open_ended = (draw < 0.35) & (kind != EMPLOYMENT)
    end = np.where(open_ended, NEVER, ended)
    start = shifted(np.where(open_ended, as_of, ended), -rng.integers(60, 3_000, n))
    start = np.where(rng.random(n) < 0.15, NEVER, start)
    later = draw > 0.97
    start = np.where(later, shifted(as_of, rng.integers(20, 500, n)), start)
    return start, np.where(later, NEVER, end)


def counts(spec: SampleSpec, staff: Staff, interests: Interests, policy: Policy) -> Bools:
    """Return which interests are conflicts on the day of the snapshot."""
    last_day = shifted(day(spec.as_of), 7 * staff.weeks() - 1)[interests.reviewer]
    begun = np.isnat(interests.start) | (interests.start <= last_day)
    cooled = add_months(interests.end, policy.conflict.cooling_off_months) <= day(spec.as_of)
    never_cools = (interests.kind == INVOLVEMENT) | (interests.case >= 0)
    counting: Bools = begun & (never_cools | np.isnat(interests.end) | ~cooled)
    return counting


def conflicts(found: Organisations, staff: Staff, interests: Interests, counting: Bools) -> Bools:
    """Return for each organisation (by row) and reviewer whether a case of it would be a conflict."""
    by_root = np.zeros((len(found.codes), len(staff)), dtype=bool)
    for post in staff.organisations.T:
        has = np.flatnonzero(post >= 0)
        by_root[found.root[post[has]], has] = True
    rows = counting & (interests.organisation >= 0)
    by_root[found.root[interests.organisation[rows]], interests.reviewer[rows]] = True
    conflict: Bools = by_root[found.root]
    return conflict


def more_posts(
    spec: SampleSpec, staff: Staff, geography: Geography, found: Organisations, rng: np.random.Generator
) -> Interests:
    """Return recent posts of a tenth of the reviewers in trusts of their area or of one next to it."""
    reviewer = rng.permutation(len(staff))[: max(1, len(staff) // 10)]
    n = len(reviewer)
    odds = geography.near + np.eye(len(geography.codes))
    area = np.argmax(odds[staff.home[reviewer]] * rng.random((n, odds.shape[1])), axis=1)
    kinds = (Kind.ACUTE, Kind.MENTAL_HEALTH, Kind.COMMUNITY)
    options = np.array([found.near_to(kind, area, geography.region[area], rng) for kind in kinds])
    organisation = options[rng.choice(len(kinds), n, p=(0.4, 0.4, 0.2)), np.arange(n)]
    end = shifted(day(spec.as_of), -rng.integers(1, 600, n))
    start = shifted(end, -rng.integers(200, 3_000, n))
    known = organisation >= 0
    kind, case = np.full(n, EMPLOYMENT), np.full(n, -1)
    return Interests(reviewer, kind, organisation, case, start, end).where(known)
