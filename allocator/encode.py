"""From a snapshot to a problem of whole numbers: where ids meet rows and hours meet minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from allocator.arcs import Arcs, Closed, Load, find_arcs, held_load, kept_minutes
from allocator.columns import Columns, Work, by_arc
from allocator.efforts import Efforts
from allocator.exact import Ints
from allocator.facts import Facts, gather
from allocator.groups import GroupKey, Leads, group_limits
from allocator.held import NOBODY_YET, Held, Role, nobody_stays, who_stays
from allocator.points import TERMS, penalties
from allocator.rules import RULES, Bools, Rule, codes_of
from allocator.seats import Places, leads_of, links_of, places_of
from allocator.snapshot import Snapshot
from allocator.totals import Totals, bands, open_limits, totals, year_limits
from solver.problem import NO_LIMIT, Bands, Problem
from solver.reduce import drop_hopeless


@dataclass(frozen=True, eq=False)
class Encoding:
    """A problem, and what is needed to read its answer.

    Parameters
    ----------
    problem : what the solver gets
    takers : who may take or keeps each place, those for whom there is no room among them
    places : what each place of the problem is
    groups : what each group of the problem is
    facts, held, efforts, totals, rules : what the problem was made from
    """

    problem: Problem
    takers: Arcs
    places: Places
    groups: tuple[GroupKey, ...]
    facts: Facts
    held: Held
    efforts: Efforts
    totals: Totals
    rules: tuple[Rule, ...]

    def lean(self) -> Encoding:
        """The same with a problem that has no arcs but those which a plan could use."""
        return replace(self, problem=drop_hopeless(self.problem))


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
    left = kept_minutes(efforts, places)
    room = _room(facts, places, held_load(left, places, counted, facts.n_reviewers), codes)
    closed = Closed(room.closed, _closed_leads(facts, limits))
    arcs = find_arcs(facts, held, places, closed, rules)
    columns = by_arc(facts, Work(places, efforts, left), arcs, wanted)
    keys, groups = group_limits(Leads(facts, places, arcs, columns["arc_minutes"], limits, room.open_left))
    problem = Problem(
        **_by_place(facts, held, places, codes, wanted),
        **columns,
        capacity=room.capacity,
        slots=room.slots,
        bands=bands(facts) if "workload" in wanted else Bands.none(facts.n_reviewers),
        groups=groups,
    )
    return Encoding(problem, arcs, places, keys, facts, held, efforts, limits, rules)


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
        "penalty": np.where(kept, 0, penalties(facts, places, terms)),
        "late_points": late,
        "required": kept,
        "movable": places.movable,
        "needs": needs if apart else np.full(len(places), -1, np.int64),
        "link": links_of(facts, held, places) if "linked" in codes else np.full(len(places), -1, np.int64),
    }
