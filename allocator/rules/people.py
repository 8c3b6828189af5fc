"""Rules about what a person can do: type, skill, area, available."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocator.exact import Ints
from allocator.facts import Facts, row_array
from allocator.held import Held
from allocator.rules.rule import Bools, Mask, by_key

_LATEST = np.iinfo(np.int64).max


def leads_type(facts: Facts, _: Held) -> Mask:
    """The reviewer may lead that type; naming none means all."""
    may_lead = [
        [not r.review_types or kind in r.review_types for r in facts.reviewers] for kind in _types(facts)
    ]
    return by_key(_table(may_lead, facts), facts.type_of)


def has_case_skills(facts: Facts, _: Held) -> Mask:
    """The lead has every skill of the case."""
    keys: dict[tuple[str, ...], int] = {}
    of_case = row_array([keys.setdefault(tuple(sorted(c.skills)), len(keys)) for c in facts.cases])
    return by_key(_having(facts, list(keys)), of_case)


def has_second_skills(facts: Facts, _: Held) -> Mask:
    """The second has every skill that the type's second asks for, whatever the case asks for."""
    seconds = [kind.second for kind in facts.policy.review_types.values()]
    return by_key(_having(facts, [s.skills if s else () for s in seconds]), facts.type_of)


def covers(facts: Facts, _: Held) -> Mask:
    """The geography rule of the policy: by area, by distance, or none."""
    rule = facts.policy.geography.rule
    if rule == "area":
        return _by_area(facts)
    return _by_distance(facts) if rule == "distance" else by_key(*_all(facts))


def available_to_lead(facts: Facts, _: Held) -> Mask:
    """Has time in the horizon, and the evidence is due before they leave."""
    has_time = _has_time(facts)
    leaves = row_array([r.leaves_on.toordinal() if r.leaves_on else _LATEST for r in facts.reviewers])
    days = [kind.evidence_days for kind in facts.policy.review_types.values()]
    ready = facts.snapshot.as_of.toordinal() + row_array(days)
    return by_key(has_time & (ready[:, None] <= leaves), facts.type_of)


def available_as_second(facts: Facts, _: Held) -> Mask:
    """Has time in the horizon."""
    table = _has_time(facts)[None, :]
    return by_key(table, np.zeros(len(facts.cases), np.int64))


def _types(facts: Facts) -> list[str]:
    return list(facts.policy.review_types)


def _table(rows: Sequence[Sequence[bool]], facts: Facts) -> Bools:
    return np.array(rows, dtype=np.bool_).reshape(len(rows), facts.n_reviewers)


def _having(facts: Facts, wanted: Sequence[Sequence[str]]) -> Bools:
    """Whether each reviewer has all of each list of skills, shape (n_lists, n_reviewers)."""
    names = {skill for skills in wanted for skill in skills}
    holders = {s: np.array([s in r.skills for r in facts.reviewers], np.bool_) for s in sorted(names)}
    table = np.ones((len(wanted), facts.n_reviewers), np.bool_)
    for row, skills in enumerate(wanted):
        for skill in skills:
            table[row] &= holders[skill]
    return table


def _has_time(facts: Facts) -> Bools:
    now, ends = facts.capacities.as_of, facts.capacities.horizon_ends
    starts = row_array([r.starts_on.toordinal() if r.starts_on else now for r in facts.reviewers])
    return np.asarray((facts.capacities.capacity > 0) & (starts <= ends))


def _all(facts: Facts) -> tuple[Bools, Ints]:
    return np.ones((1, facts.n_reviewers), np.bool_), np.zeros(len(facts.cases), np.int64)


def _by_area(facts: Facts) -> Mask:
    """The case's area is among the reviewer's, or their home is among the area's neighbours."""
    neighbours = {a.area: a.neighbours for a in facts.snapshot.areas}
    keys: dict[str, int] = {}
    of_case = row_array([keys.setdefault(c.area, len(keys)) for c in facts.cases])
    table = np.zeros((len(keys), facts.n_reviewers), np.bool_)
    at_home: dict[str, list[int]] = {}
    for row, reviewer in enumerate(facts.reviewers):
        at_home.setdefault(reviewer.areas[0], []).append(row)
        table[[keys[a] for a in reviewer.areas if a in keys], row] = True
    for area, key in keys.items():
        for home in neighbours.get(area, ()):
            table[key, at_home.get(home, [])] = True
    return by_key(table, of_case)


def _by_distance(facts: Facts) -> Mask:
    """Near enough by the reviewer's own limit, else the policy's; no limit or no position passes."""
    general = facts.policy.geography.max_distance_km
    own = [r.max_distance_km if r.max_distance_km is not None else general for r in facts.reviewers]
    farthest = np.array([np.inf if km is None else km for km in own], np.float64)
    everyone = np.arange(facts.n_reviewers)
    return lambda rows: ~(facts.kilometres(rows[:, None], everyone[None, :]) > farthest)
