"""Absences of a sample, and the working days that are left of each reviewer's horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.sample.days import day, shifted, span
from allocator.sample.spec import SampleSpec
from allocator.sample.staff import Staff
from allocator.sample.tables import Bools, Days, Floats, Ints

LONGEST = 52 * 7


@dataclass(frozen=True)
class Absences:
    """Absences by row; ``end`` is inclusive."""

    reviewer: Ints
    start: Days
    end: Days
    percent: Floats
    reason: tuple[str, ...]


_REASONS = ("annual leave", "sickness", "training", "other duties", "parental leave")
_CHANCES = (0.62, 0.13, 0.13, 0.1, 0.02)
_SHORTEST = np.array((2, 2, 1, 20, 90))
_LONGEST = np.array((16, 30, 4, 120, 250))


def make_absences(spec: SampleSpec, rng: np.random.Generator) -> Absences:
    """Return absences that start from three weeks ago to nine months ahead; some overlap, some are part."""
    count = rng.poisson(1.5, spec.reviewers)
    reviewer = np.repeat(np.arange(spec.reviewers), count)
    n = len(reviewer)
    kind = rng.choice(len(_REASONS), n, p=_CHANCES)
    start = shifted(day(spec.as_of), np.floor(rng.exponential(60, n)).astype(np.int64).clip(max=270) - 21)
    end = shifted(start, rng.integers(_SHORTEST[kind], _LONGEST[kind] + 1) - 1)
    part = np.where(kind == 3, rng.choice((20.0, 40.0, 50.0), n), 100.0)
    part = np.where((kind == 1) & (rng.random(n) < 0.3), 50.0, part)
    return Absences(reviewer, start, end, part, tuple(_REASONS[i] for i in kind))


def working_weeks(spec: SampleSpec, staff: Staff, absences: Absences, holidays: Days) -> Floats:
    """Return the weeks of work left of each horizon: working days ÷ 5 net of absence, start and end."""
    days = shifted(day(spec.as_of), np.arange(LONGEST))
    present = np.maximum(0.0, 1.0 - _away(spec, len(staff), absences))
    present *= np.is_busday(days, holidays=holidays)
    present *= _within(days, staff)
    present[np.arange(LONGEST) >= 7 * staff.weeks()[:, None]] = 0.0
    weeks: Floats = present.sum(axis=1) / 5
    return weeks


def _away(spec: SampleSpec, n: int, absences: Absences) -> Floats:
    away = np.zeros((n, LONGEST))
    as_of = np.full(len(absences.start), day(spec.as_of))
    first = span(as_of, absences.start).clip(0, LONGEST).tolist()
    after = (span(as_of, absences.end) + 1).clip(0, LONGEST).tolist()
    for who, start, end, percent in zip(
        absences.reviewer.tolist(), first, after, absences.percent.tolist(), strict=True
    ):
        away[who, start:end] += percent / 100
    return away


def _within(days: Days, staff: Staff) -> Bools:
    late = np.isnat(staff.leaves_on)[:, None] | (days <= staff.leaves_on[:, None])
    return late & (np.isnat(staff.starts_on)[:, None] | (days >= staff.starts_on[:, None]))
