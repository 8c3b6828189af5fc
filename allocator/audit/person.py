"""The rules about a person: may this reviewer take this place, whatever else the plan does?

Each is a function of case and reviewer indices that broadcast, so that one rule serves a single line of a
plan and a block of all pairs alike. True means: the rule stops it.
"""

from collections.abc import Callable

import numpy as np

from allocator.audit.exact import Bools, Ints
from allocator.audit.facts import LEAD, Facts
from allocator.audit.tables import Tables

Rule = Callable[[Tables, int, Ints, Ints], Bools]
KM_TOLERANCE = 1e-9
"""A distance this close to the limit is the limit: two ways to reckon one sine differ by less."""


def type_(tables: Tables, role: int, cases: Ints, reviewers: Ints) -> Bools:
    """Stop a lead who may not lead the type of the case."""
    stops = tables.types(cases, reviewers)
    return stops if role == LEAD else np.zeros_like(stops)


def skill(tables: Tables, role: int, cases: Ints, reviewers: Ints) -> Bools:
    """Stop a lead without a skill of the case, a second without a skill the type asks of seconds."""
    return tables.skills[role](cases, reviewers)


def area(tables: Tables, _role: int, cases: Ints, reviewers: Ints) -> Bools:
    """Stop who is outside the geography rule."""
    stops = tables.areas(cases, reviewers)
    if not tables.by_distance:
        return stops
    farther: Bools = tables.positions.km(cases, reviewers) > tables.positions.reach[reviewers] + KM_TOLERANCE
    return farther


def excluded(tables: Tables, _role: int, cases: Ints, reviewers: Ints) -> Bools:
    """Stop who is excluded from the case or has declined it."""
    return tables.excluded(cases, reviewers)


def conflict(tables: Tables, role: int, cases: Ints, reviewers: Ints) -> Bools:
    """Stop who is not independent; leads of a case of unknown organisations too, if the policy says so."""
    tied = dependent(tables, cases, reviewers)
    return tied | tables.unknown[cases] if role == LEAD else tied


def dependent(tables: Tables, cases: Ints, reviewers: Ints) -> Bools:
    """Stop who has a tie to an organisation of the case, or an interest in the case."""
    return tables.organisations(cases, reviewers) | tables.named(cases, reviewers)


def available(tables: Tables, role: int, cases: Ints, reviewers: Ints) -> Bools:
    """Stop who has no capacity, starts after the horizon or leaves before the evidence is due."""
    return tables.available[role](cases, reviewers)


PERSON_RULES: tuple[tuple[str, Rule], ...] = (
    ("type", type_),
    ("skill", skill),
    ("area", area),
    ("excluded", excluded),
    ("conflict", conflict),
    ("available", available),
)


def passes(tables: Tables, role: int, cases: Ints, reviewers: Ints) -> Bools:
    """Return who passes every rule about a person."""
    stopped = PERSON_RULES[0][1](tables, role, cases, reviewers)
    for _, rule in PERSON_RULES[1:]:
        stopped = stopped | rule(tables, role, cases, reviewers)
    return ~stopped


def removed_by(facts: Facts, tables: Tables, role: int, case: int) -> dict[str, int]:
    """Return how many reviewers each rule alone keeps from a place."""
    cases, everyone = np.array([case]), np.arange(len(facts.reviewers))
    return {code: int(rule(tables, role, cases, everyone).sum()) for code, rule in PERSON_RULES}
