"""What may still be added to work that stands: minutes, leads, contracts, administration, linked sets."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.audit.exact import NO_LIMIT, Bools, Ints, exact
from allocator.audit.facts import LEAD, Facts
from allocator.audit.standing import NOBODY, Standing

ANYONE = -2
"""In `only`: no linked case is held, so anyone may take this one."""


@dataclass(frozen=True)
class Providers:
    """The contracts; `of` gives each reviewer's, or -1.

    Parameters
    ----------
    cases_left, minutes_left : ndarray of shape (n_contracts,), dtype=np.int64
        What may still be given, NO_LIMIT if unlimited.
    ended : ndarray of shape (n_contracts + 1,), dtype=np.bool_
        Contracts that are over; the last entry serves those without a contract.
    """

    of: Ints
    cases_left: Ints
    minutes_left: Ints
    ended: Bools


@dataclass(frozen=True)
class Room:
    """What is left beside a Standing.

    Parameters
    ----------
    free : ndarray of shape (n_reviewers,), dtype=np.int64
        Minutes below the limit; negative: over it, nothing new at all.
    leads_left : ndarray of shape (n_reviewers,), dtype=np.int64
        New leads allowed by open cases and by the year, NO_LIMIT if unlimited.
    admin_free : tuple of Fraction or None, one an area
        Hours of administration left; None: no limit; negative: no new lead.
    admin_fits : ndarray of shape (n_cases,), dtype=np.bool_
        Whether the administration of a new lead of the case fits by itself.
    only : ndarray of shape (n_cases,), dtype=np.int64
        The one reviewer who may newly lead a linked case, NOBODY, or ANYONE.
    """

    free: Ints
    leads_left: Ints
    providers: Providers
    admin_free: tuple[Fraction | None, ...]
    admin_fits: Bools
    only: Ints


def read_room(facts: Facts, standing: Standing) -> Room:
    """Return what may be added to a standing."""
    leads = standing.leads()
    allowed = zip(open_limits(facts).tolist(), year_left(facts).tolist(), leads.tolist(), strict=True)
    admin_free = _admin_free(facts)
    return Room(
        free=facts.diaries.limit - standing.held_minutes(),
        leads_left=np.array([max(0, min(top - held, year)) for top, year, held in allowed], dtype=np.int64),
        providers=read_providers(facts),
        admin_free=admin_free,
        admin_fits=_admin_fits(facts, admin_free),
        only=_only(facts, standing),
    )


def open_limits(facts: Facts) -> Ints:
    """Return the most leads each reviewer may have open."""
    usual = facts.policy.capacity.day_job_open_cases
    limits = []
    for reviewer in facts.reviewers:
        fallback = usual if reviewer.employment == "day_job" else NO_LIMIT
        limits.append(fallback if reviewer.max_open_cases is None else reviewer.max_open_cases)
    return np.array(limits, dtype=np.int64)


def year_left(facts: Facts) -> Ints:
    """Return how many new leads the year still allows each reviewer; negative if it is overdrawn."""
    left = [
        NO_LIMIT if r.cases_a_year is None else r.cases_a_year - (r.cases_this_year or 0)
        for r in facts.reviewers
    ]
    return np.array(left, dtype=np.int64)


def read_providers(facts: Facts) -> Providers:
    """Return the contracts as arrays."""
    contracts = facts.snapshot.contracts
    index = {contract.provider: place for place, contract in enumerate(contracts)}
    as_of = facts.snapshot.as_of
    cases = [NO_LIMIT if c.cases_left is None else c.cases_left for c in contracts]
    minutes = [NO_LIMIT if c.hours_left is None else int(exact(c.hours_left) * 60) for c in contracts]
    ended = [c.ends_on is not None and c.ends_on < as_of for c in contracts]
    return Providers(
        of=np.array([index.get(r.provider or "", -1) for r in facts.reviewers], dtype=np.int64),
        cases_left=np.array(cases, dtype=np.int64),
        minutes_left=np.array(minutes, dtype=np.int64),
        ended=np.array([*ended, False], dtype=np.bool_),
    )


def admin_need(facts: Facts, row: int) -> Fraction:
    """Return the hours of administration a new lead asks: none if the case was allocated before."""
    return Fraction(0) if facts.cases[row].reviewer_id else exact(facts.kind(row).admin_hours)


def _admin_free(facts: Facts) -> tuple[Fraction | None, ...]:
    """Return, by area, the hours of administration left beside held cases and those released."""
    held: dict[str, Fraction] = defaultdict(Fraction)
    for case in facts.cases:
        if case.reviewer_id:
            held[case.area] += exact(case.admin_hours_left)
    weekly = {area.area: area.admin_hours_per_week for area in facts.snapshot.areas}
    weeks = facts.policy.horizon.weeks
    return tuple(
        None if (hours := weekly.get(area)) is None else exact(hours) * weeks - held[area]
        for area in facts.areas
    )


def _admin_fits(facts: Facts, admin_free: tuple[Fraction | None, ...]) -> Bools:
    """Return whether the administration of a new lead of each case is free in its area."""
    alike = [(case.area, case.review_type, case.reviewer_id is None) for case in facts.cases]
    fits: dict[tuple[str, str, bool], bool] = {}
    for row, one in enumerate(alike):
        if one not in fits:
            free = admin_free[facts.area_of[row]]
            fits[one] = free is None or (free >= 0 and admin_need(facts, row) <= free)
    return np.array([fits[one] for one in alike], dtype=np.bool_)


def _only(facts: Facts, standing: Standing) -> Ints:
    """Return who alone may newly lead each case because of those linked to it."""
    holders: dict[str, set[int]] = defaultdict(set)
    for case, seat in zip(facts.cases, standing.holder[LEAD].tolist(), strict=True):
        if case.linked_to and seat != NOBODY:
            holders[case.linked_to].add(seat)
    only = []
    for case in facts.cases:
        found = holders.get(case.linked_to or "", set())
        only.append(ANYONE if not found else min(found) if len(found) == 1 else NOBODY)
    return np.array(only, dtype=np.int64)
