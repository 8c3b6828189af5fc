"""What a place weighs while it is empty, and what a pair costs: the points that need no plan to be known."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from allocator.exact import Ints, exact, half_up
from allocator.facts import Bools, Facts, row_array
from allocator.held import Role
from allocator.seats import Places

TERMS = frozenset({"lead", "second", "late", "kilometre", "away_from_home_area", "move", "workload"})
"""The parts that the three levels are made of; a test leaves one out to see that the audit notices."""


def penalties(facts: Facts, places: Places, terms: frozenset[str] = TERMS) -> Ints:
    """Level-1 points of each place: urgency × the type's hours ÷ the base's, a second's by its hours ÷ 2."""
    base = exact(facts.policy.base_type.hours)
    kinds = facts.policy.review_types
    lead = {name: exact(kind.hours) / base for name, kind in kinds.items()}
    second = {name: exact(kind.second.hours) / (2 * base) for name, kind in kinds.items() if kind.second}
    shares = {Role.LEAD: lead if "lead" in terms else {}, Role.SECOND: second if "second" in terms else {}}
    points = np.zeros(len(places), np.int64)
    for role, by_type in shares.items():
        for number, name in enumerate(kinds):
            rows = np.flatnonzero((places.role == role) & (facts.type_of[places.case] == number))
            urgency, which = np.unique(facts.clocks.urgency[places.case[rows]], return_inverse=True)
            share = by_type.get(name, Fraction(0))
            points[rows] = row_array([half_up(u * share) for u in urgency.tolist()])[which]
    return points


def pair_points(
    facts: Facts, cases: Ints, reviewers: Ints, leads: Bools, terms: frozenset[str] = TERMS
) -> Ints:
    """Level-3 points of new pairs: distance, and being away from home for a lead.

    Parameters
    ----------
    cases, reviewers : rows, of one shape
    leads : whether each is a lead
    """
    weights = facts.policy.weights
    points = np.zeros(len(cases), np.int64)
    if "kilometre" in terms and weights.kilometre:
        far = np.floor(np.nan_to_num(facts.kilometres(cases, reviewers)) + 0.5).astype(np.int64)
        points += weights.kilometre * far
    if "away_from_home_area" in terms:
        points += weights.away_from_home_area * (leads & facts.is_away(cases, reviewers))
    return points
