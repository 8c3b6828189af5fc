"""The rules about a person: may this reviewer take this place, whatever else the plan does?

Each is a function of case and reviewer indices that broadcast, or of cases and EVERYONE, so that one rule
serves the lines of a plan and a block of all pairs alike. True means: the rule stops it.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from allocator.audit.exact import Bools, Ints
from allocator.audit.facts import LEAD
from allocator.audit.tables import EVERYONE, Tables, Whom

Kind = TypeVar("Kind", bound=np.generic)
Rule = Callable[[Tables, int, Ints, Whom], Bools]
KM_TOLERANCE = 1e-9
"""A distance this close to the limit is the limit: two ways to reckon one sine differ by less."""


def type_(tables: Tables, role: int, cases: Ints, reviewers: Whom) -> Bools:
    """Stop a lead who may not lead the type of the case."""
    stops = tables.types(cases, reviewers)
    return stops if role == LEAD else np.zeros_like(stops)


def skill(tables: Tables, role: int, cases: Ints, reviewers: Whom) -> Bools:
    """Stop a lead without a skill of the case, a second without a skill the type asks of seconds."""
    return tables.skills[role](cases, reviewers)


def area(tables: Tables, _role: int, cases: Ints, reviewers: Whom) -> Bools:
    """Stop who is outside the geography rule."""
    stops = tables.areas(cases, reviewers)
    if not tables.by_distance:
        return stops
    reach, rows = tables.positions.reach, _beside(cases, reviewers)
    seats = np.arange(len(reach)) if isinstance(reviewers, slice) else reviewers
    farther: Bools = tables.positions.km(rows, seats) > reach[seats] + KM_TOLERANCE
    return farther


def _beside(values: NDArray[Kind], reviewers: Whom) -> NDArray[Kind]:
    """Return what each case has in a shape that broadcasts with its reviewers."""
    return values[:, None] if isinstance(reviewers, slice) else values


def excluded(tables: Tables, _role: int, cases: Ints, reviewers: Whom) -> Bools:
    """Stop who is excluded from the case or has declined it."""
    return tables.excluded(cases, reviewers)


def conflict(tables: Tables, role: int, cases: Ints, reviewers: Whom) -> Bools:
    """Stop who is not independent; leads of a case of unknown organisations too, if the policy says so."""
    tied = dependent(tables, cases, reviewers)
    return tied | _beside(tables.unknown[cases], reviewers) if role == LEAD else tied


def dependent(tables: Tables, cases: Ints, reviewers: Whom) -> Bools:
    """Stop who has a tie to an organisation of the case, or an interest in the case."""
    return tables.organisations(cases, reviewers) | tables.named(cases, reviewers)


def available(tables: Tables, role: int, cases: Ints, reviewers: Whom) -> Bools:
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


def passes(tables: Tables, role: int, cases: Ints, reviewers: Whom) -> Bools:
    """Return who passes every rule about a person."""
    stopped = PERSON_RULES[0][1](tables, role, cases, reviewers)
    for _, rule in PERSON_RULES[1:]:
        stopped |= rule(tables, role, cases, reviewers)
    return ~stopped


def removed_by(tables: Tables, role: int, case: int) -> dict[str, int]:
    """Return how many reviewers each rule alone keeps from a place."""
    return {code: int(rule(tables, role, np.array([case]), EVERYONE).sum()) for code, rule in PERSON_RULES}
