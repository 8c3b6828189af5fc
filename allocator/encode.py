"""From a snapshot to a problem of whole numbers: where ids meet rows and hours meet minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.arcs import Arcs, Closed, Load, find_arcs, held_load
from allocator.efforts import Efforts
from allocator.exact import Ints, exact, half_up
from allocator.facts import Facts, gather, row_array
from allocator.groups import GroupKey, group_limits
from allocator.held import NOBODY_YET, Held, Role, nobody_stays, who_stays
from allocator.rules import RULES, Bools, Rule, codes_of
from allocator.seats import Places, leads_of, links_of, places_of
from allocator.snapshot import Snapshot
from allocator.totals import Totals, bands, open_limits, totals, year_limits
from solver.problem import LATE_WHOEVER, NO_LIMIT, Bands, Problem

Columns = dict[str, NDArray[Any]]

TERMS = frozenset({"lead", "second", "late", "kilometre", "away_from_home_area", "move", "workload"})
"""The parts that the three levels are made of; a test leaves one out to see that the audit notices."""


@dataclass(frozen=True, eq=False)
class Encoding:
    """A problem, and what is needed to read its answer.

    Parameters
    ----------
    problem : what the solver gets
    places : what each place of the problem is
    groups : what each group of the problem is
    facts, held, efforts, totals, rules : what the problem was made from
    """

    problem: Problem
    places: Places
    groups: tuple[GroupKey, ...]
    facts: Facts
    held: Held
    efforts: Efforts
    totals: Totals
    rules: tuple[Rule, ...]


def encode(
    snapshot: Snapshot,
    max_moves: int = 0,
    rules: Iterable[Rule] = RULES,
    terms: Iterable[str] = TERMS,
    freed: bool = False,
) -> Encoding:
    """The snapshot as a problem, with the way back.

    Parameters
    ----------
    max_moves : int ≥ 0, how many held leads may change hands by choice
    rules, terms : all, but for tests that leave one out
    freed : as if the leads that may move took nothing of their holders: not to be solved, but to see what no
        plan could avoid, whatever it moves
    """
    rules, wanted = tuple(rules), frozenset(terms)
    codes, facts = codes_of(rules), gather(snapshot)
    held = who_stays(facts) if "held" in codes else nobody_stays(facts)
    efforts, limits = Efforts(facts), totals(facts, max_moves, codes)
    places = places_of(facts, held, max_moves, codes)
    held = replace(held, sure_lead=_sure_lead(held, places))
    counted = ~places.movable if freed else np.ones(len(places), np.bool_)
    room = _room(facts, places, held_load(efforts, places, counted, facts.n_reviewers), codes)
    closed = Closed(room.closed, _closed_leads(facts, limits))
    arcs = find_arcs(facts, held, efforts, places, closed, rules)
    keys, groups = group_limits(facts, places, arcs, limits, room.open_left)
    problem = Problem(
        **_by_place(facts, held, places, codes, wanted),
        **_by_arc(facts, places, arcs, wanted),
        capacity=room.capacity,
        slots=room.slots,
        bands=bands(facts) if "workload" in wanted else Bands.none(facts.n_reviewers),
        groups=groups,
    )
    return Encoding(problem, places, keys, facts, held, efforts, limits, rules)


def _sure_lead(held: Held, places: Places) -> Ints:
    """The leads who stay whatever a plan moves."""
    lead = held.lead.copy()
    lead[places.case[places.movable]] = NOBODY_YET
    return lead


@dataclass(frozen=True, eq=False)
class _Room:
    """What each reviewer may be given beside held work, each of shape (n_reviewers,) but the last.

    Held work is never too much, but whoever has more than their limit gets nothing new. Where some leads may
    move away, open cases are a limit of their own: `open_left`, by reviewer row.
    """

    capacity: Ints
    slots: Ints
    closed: Bools
    open_left: dict[int, int]


def _room(facts: Facts, places: Places, load: Load, codes: frozenset[str]) -> _Room:
    no_limit = np.full(facts.n_reviewers, NO_LIMIT, np.int64)
    limit = facts.capacities.limit if "capacity" in codes else no_limit
    most = open_limits(facts) if "open_cases" in codes else no_limit
    year = year_limits(facts) if "year_limit" in codes else no_limit
    movable = np.bincount(places.holder[places.movable], minlength=facts.n_reviewers)
    leads = np.bincount(places.holder[(places.holder >= 0) & (places.role == Role.LEAD)], minlength=len(most))
    shared = (movable > 0) & (most < NO_LIMIT) & (load.leads <= most)
    open_left = {r: int(most[r] - leads[r] + movable[r]) for r in np.flatnonzero(shared).tolist()}
    still_open = np.where(shared | (most == NO_LIMIT), NO_LIMIT, np.maximum(0, most - load.leads))
    return _Room(
        np.maximum(limit, load.minutes), np.minimum(still_open, year), load.minutes > limit, open_left
    )


def _closed_leads(facts: Facts, limits: Totals) -> Bools:
    """Cases of areas whose held administration is beyond the limit; shape (n_cases,)."""
    return np.array([limits.admin.get(c.area, 0) < 0 for c in facts.cases], np.bool_)


def _by_place(
    facts: Facts, held: Held, places: Places, codes: frozenset[str], terms: frozenset[str]
) -> Columns:
    """The arrays of shape (n_places,)."""
    case, kept, lead = places.case, places.holder >= 0, places.role == Role.LEAD
    late = np.where(lead & ~facts.clocks.on_hold[case] & ("late" in terms), facts.clocks.urgency[case], 0)
    lead_place = leads_of(places, len(facts.cases))[case]
    needs = np.where(lead | kept | kept[lead_place], -1, lead_place)
    apart = "assignment" in codes
    return {
        "case": case if apart else np.arange(len(places)),
        "rank": facts.clocks.rank[case],
        "penalty": np.where(kept, 0, _penalties(facts, places, terms)),
        "late_points": late,
        "required": kept,
        "movable": places.movable,
        "needs": needs if apart else np.full(len(places), -1, np.int64),
        "link": links_of(facts, held, places) if "linked" in codes else np.full(len(places), -1, np.int64),
    }


def _penalties(facts: Facts, places: Places, terms: frozenset[str]) -> Ints:
    """Level-1 points of each place: urgency × the type's hours ÷ the base's, a second's by its hours ÷ 2."""
    base = exact(facts.policy.base_type.hours)
    kinds = facts.policy.review_types
    lead = {name: exact(kind.hours) / base for name, kind in kinds.items()}
    second = {name: exact(kind.second.hours) / (2 * base) for name, kind in kinds.items() if kind.second}
    shares = {Role.LEAD: lead if "lead" in terms else {}, Role.SECOND: second if "second" in terms else {}}
    points = [
        half_up(
            int(facts.clocks.urgency[case])
            * shares[Role(role)].get(facts.cases[case].review_type, Fraction(0))
        )
        for case, role in zip(places.case.tolist(), places.role.tolist(), strict=True)
    ]
    return row_array(points)


def _by_arc(facts: Facts, places: Places, arcs: Arcs, terms: frozenset[str]) -> Columns:
    """The arrays of shape (n_arcs,), and where each place's arcs begin."""
    counts = np.bincount(arcs.place, minlength=len(places))
    new_lead = arcs.new & (places.role[arcs.place] == Role.LEAD)
    return {
        "arc_start": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "arc_reviewer": arcs.reviewer,
        "arc_minutes": arcs.minutes,
        "arc_points": _points(facts, places, arcs, new_lead, terms),
        "arc_slots": new_lead.astype(np.int64),
        "arc_due": _due(facts, places.case[arcs.place], arcs.reviewer),
    }


def _points(facts: Facts, places: Places, arcs: Arcs, new_lead: Bools, terms: frozenset[str]) -> Ints:
    """Level-3 points of each arc: distance, away from home, and moves by choice; held ones cost nothing."""
    weights, case = facts.policy.weights, places.case[arcs.place]
    points = np.zeros(len(arcs.place), np.int64)
    if "kilometre" in terms and weights.kilometre:
        far = np.floor(np.nan_to_num(facts.kilometres(case, arcs.reviewer)) + 0.5).astype(np.int64)
        points += weights.kilometre * np.where(arcs.new, far, 0)
    if "away_from_home_area" in terms:
        points += weights.away_from_home_area * (new_lead & facts.is_away(case, arcs.reviewer))
    if "move" in terms:
        points += weights.move * (arcs.new & places.movable[arcs.place])
    return points


def _due(facts: Facts, case: Ints, reviewer: Ints) -> Ints:
    """Minutes a reviewer has until each case's work is due, −1 if it is late whoever does it."""
    minutes = facts.capacities
    last = np.minimum(facts.clocks.work_due, minutes.last_day)
    hopeless = (facts.clocks.evidence_ready > last) | (last < minutes.as_of)
    return np.where(hopeless[case], LATE_WHOEVER, minutes.until(reviewer, last[case]))
