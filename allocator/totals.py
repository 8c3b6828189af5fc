"""Limits over many places at once: minutes, open cases, a year's cases, contracts and administration."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.exact import Ints, exact
from allocator.facts import Facts, row_array
from solver.problem import NO_LIMIT, Bands


@dataclass(frozen=True)
class Bought:
    """What a provider's contract has left, None for no limit."""

    provider: str
    cases: int | None
    minutes: int | None

    def has(self, minutes: int) -> bool:
        """True if one more new lead of so many minutes is within it."""
        return (self.cases is None or self.cases >= 1) and (self.minutes is None or self.minutes >= minutes)

    def less(self, minutes: int) -> Bought:
        """What is left after one more new lead of so many minutes."""
        cases = None if self.cases is None else self.cases - 1
        return Bought(self.provider, cases, None if self.minutes is None else self.minutes - minutes)


@dataclass(frozen=True, eq=False)
class Totals:
    """Limits over sets of places, after what held work takes.

    Parameters
    ----------
    admin : parts of a minute each area has left for new leads; below 0: held work is beyond the limit
    parts : int, how many parts a minute of administration has, so that every amount is whole; nearly always 1
    bought : what each provider's contract has left
    max_moves : int, how many held leads may change hands by choice
    """

    admin: dict[str, int]
    parts: int
    bought: tuple[Bought, ...]
    max_moves: int

    def admin_amount(self, admin_hours: float) -> int:
        """Parts that so many hours of a review type are."""
        hours = exact(admin_hours)
        return 60 * self.parts * hours.numerator // hours.denominator


def totals(facts: Facts, max_moves: int, codes: frozenset[str]) -> Totals:
    """The limits of those rules whose codes are given."""
    wanted = [exact(kind.admin_hours) * 60 for kind in facts.policy.review_types.values()]
    parts = math.lcm(*(w.denominator for w in wanted))
    admin = _admin_left(facts, parts) if "admin" in codes else {}
    return Totals(admin, parts, _contracts(facts) if "contract" in codes else (), max_moves)


def _admin_left(facts: Facts, parts: int) -> dict[str, int]:
    """What is left for new leads; work begun on a case stays to be done, whoever leads it next."""
    used: dict[str, Fraction] = {}
    for case in facts.cases:
        if case.reviewer_id is not None:
            used[case.area] = used.get(case.area, Fraction(0)) + exact(case.admin_hours_left)
    left = {}
    for area in facts.snapshot.areas:
        if area.admin_hours_per_week is not None:
            limit = exact(area.admin_hours_per_week) * facts.policy.horizon.weeks
            left[area.area] = math.floor((limit - used.get(area.area, Fraction(0))) * 60 * parts)
    return left


def _contracts(facts: Facts) -> tuple[Bought, ...]:
    return tuple(
        Bought(
            c.provider, c.cases_left, None if c.hours_left is None else math.floor(60 * exact(c.hours_left))
        )
        for c in facts.snapshot.contracts
    )


def open_limits(facts: Facts) -> Ints:
    """The most leads each reviewer may have at one time, `NO_LIMIT` for no limit."""
    day_job = facts.policy.capacity.day_job_open_cases
    usual = [day_job if r.employment == "day_job" else int(NO_LIMIT) for r in facts.reviewers]
    own = [r.max_open_cases for r in facts.reviewers]
    return row_array([u if o is None else o for u, o in zip(usual, own, strict=True)])


def year_limits(facts: Facts) -> Ints:
    """The most new leads each reviewer may still be given this year, ≥ 0, `NO_LIMIT` for no limit."""
    left = [
        int(NO_LIMIT) if r.cases_a_year is None else max(0, r.cases_a_year - (r.cases_this_year or 0))
        for r in facts.reviewers
    ]
    return row_array(left)


def bands(facts: Facts) -> Bands:
    """The workload bands as whole numbers: each threshold is a share of the capacity, scaled to be whole."""
    weights = facts.policy.weights
    shares = [exact(share) for share, _ in weights.workload]
    if not shares:
        return Bands.none(facts.n_reviewers)
    scale = math.lcm(*(s.denominator for s in shares))
    threshold = facts.capacities.capacity[:, None] * row_array([int(s * scale) for s in shares])
    rates = row_array([rate for _, rate in weights.workload])
    return Bands(threshold, np.diff(rates, prepend=0), scale, 60 * scale)
