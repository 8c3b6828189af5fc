"""Limits of a sample that bite lightly: open cases, cases a year, contracts, administration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.policy import Policy
from allocator.sample.days import NEVER, day, shifted
from allocator.sample.held import Held
from allocator.sample.queue import Queue
from allocator.sample.spec import SampleSpec
from allocator.sample.staff import Employment, Staff
from allocator.sample.tables import Days, Floats, Ints

HOURS_A_CASE = 19.0  # about one lead at the usual mix; only sizes limits


@dataclass(frozen=True)
class Limits:
    """Limits of reviewers and areas; NaN is "no limit"."""

    max_open_cases: Floats
    cases_a_year: Floats
    cases_this_year: Floats
    admin_hours_per_week: Floats


@dataclass(frozen=True)
class Contracts:
    """Contracts by provider."""

    provider: Ints
    cases_left: Floats
    hours_left: Floats
    ends_on: Days


def make_limits(
    areas: int, staff: Staff, queue: Queue, held: Held, capacity: Floats, rng: np.random.Generator
) -> Limits:
    """Return limits a little above what people hold and could take, so that some of them bind."""
    n = len(staff)
    leads = np.bincount(held.reviewer[held.reviewer >= 0], minlength=n).astype(float)
    could = np.ceil(capacity / HOURS_A_CASE)
    day_job = staff.employment == Employment.DAY_JOB
    usual = np.where(rng.random(n) < 0.35, leads + np.ceil(could * rng.uniform(0.8, 1.6, n)), np.nan)
    # Day-job staff have the policy's limit; most with time for more, not all, have one of their own.
    own = np.where(rng.random(n) < 0.1, 1.0, np.where(rng.random(n) < 0.3, 3.0, np.nan))
    own = np.where((could > 2) & (rng.random(n) < 0.7), leads + could + rng.integers(-1, 2, n), own)
    done = leads + rng.integers(0, 3, n).astype(float)
    year = np.where(rng.random(n) < 0.5, done + np.maximum(1, could + rng.integers(-1, 3, n)), np.nan)
    return Limits(
        max_open_cases=np.where(day_job, own, usual),
        cases_a_year=np.where(day_job, year, np.nan),
        cases_this_year=done,
        admin_hours_per_week=_admin(areas, queue, held, rng),
    )


def _admin(areas: int, queue: Queue, held: Held, rng: np.random.Generator) -> Floats:
    """Return hours of administration a week: about what all new leads would need, and for some no limit."""
    policy = Policy()
    initial, focused = (kind.admin_hours for kind in policy.review_types.values())
    new = (held.reviewer < 0) & queue.in_scope & ~queue.on_hold
    need = np.where(new, np.where(queue.focused, focused, initial), 0.0)
    total = np.bincount(queue.area, need + held.admin_hours_left, areas)
    weekly = np.ceil(total / policy.horizon.weeks * rng.uniform(0.88, 1.25, areas))
    return np.where(rng.random(areas) < (0.25 if areas > 1 else 0.0), np.nan, weekly)


def make_contracts(spec: SampleSpec, staff: Staff, free: Floats, rng: np.random.Generator) -> Contracts:
    """Return a contract a provider, of about what its people could do; one in ten has ended."""
    providers = np.unique(staff.provider[staff.provider >= 0])
    n = len(providers)
    hours = np.array([free[staff.provider == provider].sum() for provider in providers])
    left = np.ceil(hours * rng.uniform(0.75, 1.15, n))
    cases = np.ceil(left / HOURS_A_CASE * rng.uniform(0.9, 1.3, n))
    ends = shifted(day(spec.as_of), rng.integers(60, 500, n))
    ended = np.arange(n) % 10 == 9
    ends = np.where(ended, shifted(day(spec.as_of), -rng.integers(1, 60, n)), ends)
    ends = np.where(rng.random(n) < 0.2, np.where(ended, ends, NEVER), ends)
    return Contracts(providers, cases, np.where(rng.random(n) < 0.25, np.nan, left), ends)
