"""What a plan may choose, as numbers: who may take which place, and what that counts for."""

from dataclasses import dataclass

import numpy as np

from allocator.audit.arcs import Arcs, open_places, pack
from allocator.audit.exact import Bools, Ints
from allocator.audit.facts import LEAD, Facts
from allocator.audit.levels import Unavoidable
from allocator.audit.room import open_limits
from allocator.audit.standing import NOBODY, Standing
from allocator.audit.tables import Tables


@dataclass(frozen=True)
class Options:
    """The pairs of a place and who may take it, and the leads that stand, by reviewer in the order of work.

    Parameters
    ----------
    case, role, reviewer, minutes : ndarray of shape (n_options,), dtype=np.int64
        The place, whose it may be or is, and the minutes it would add to work that stands.
    new, stands : ndarray of shape (n_options,), dtype=np.bool_
        Whether it would be new to its reviewer; whether it is work that no choice changes.
    after : ndarray of shape (n_options,), dtype=np.int64
        Minutes of chosen work, this counted, beyond which it ends late; -1: late in any case.
    """

    case: Ints
    role: Ints
    reviewer: Ints
    minutes: Ints
    new: Bools
    stands: Bools
    after: Ints

    @property
    def new_leads(self) -> Bools:
        """Return which are leads that would be new to their reviewer."""
        leads: Bools = self.new & (self.role == LEAD)
        return leads


@dataclass(frozen=True)
class Choice:
    """All options, and within what one may choose.

    Parameters
    ----------
    edges : ndarray of shape (n_reviewers + 1,), dtype=np.int64
        Where each reviewer's options begin.
    places, held : ndarray of shape (2, n_cases), dtype=np.bool_
        The places to choose for; those of them that someone must have, and may lose to another.
    room, leads, stay : ndarray of shape (n_reviewers,), dtype=np.int64
        Minutes and new leads to choose at most; minutes of the work that stands.
    """

    facts: Facts
    tables: Tables
    options: Options
    edges: Ints
    places: Bools
    held: Bools
    room: Ints
    leads: Ints
    stay: Ints

    @property
    def takers(self) -> Bools:
        """Return, by role and case, the places that anyone may take."""
        found, chosen = np.zeros_like(self.places), ~self.options.stands
        found[self.options.role[chosen], self.options.case[chosen]] = True
        return found

    def points(self) -> Ints:
        """Return what each option by itself costs at level 3: kilometres, away from home, moved."""
        facts, options, weights = self.facts, self.options, self.facts.policy.weights
        km = np.floor(np.nan_to_num(self.tables.positions.km(options.case, options.reviewer)) + 0.5)
        names = {area: index for index, area in enumerate(facts.areas)}
        home = np.array([names.get(r.areas[0], NOBODY) for r in facts.reviewers], dtype=np.int64)
        away = options.new_leads & (home[options.reviewer] != facts.area_of[options.case])
        points = weights.kilometre * km.astype(np.int64) + weights.away_from_home_area * away
        return np.where(options.new, points + weights.move * self.held[options.role, options.case], 0)


def read_choice(facts: Facts, tables: Tables, standing: Standing, fixed: Unavoidable) -> Choice:
    """Return what may be chosen beside what cannot be avoided."""
    held = open_places(facts, fixed.stays) & ~open_places(facts, standing)
    stay = fixed.stays.held_minutes()
    options = _options(facts, standing, fixed, held[LEAD])
    return Choice(
        facts=facts,
        tables=tables,
        options=options,
        edges=np.searchsorted(options.reviewer, np.arange(len(facts.reviewers) + 1)),
        places=fixed.places | held,
        held=held,
        room=np.maximum(facts.diaries.limit, standing.held_minutes()) - stay,
        leads=fixed.room.leads_left,
        stay=stay,
    )


def _options(facts: Facts, standing: Standing, fixed: Unavoidable, held: Bools) -> Options:
    """Return who may newly take a place, who may keep one that others may take, and the leads that stand."""
    may, keeps = _may_take(facts, standing, fixed), np.flatnonzero(held)
    stands = np.flatnonzero((fixed.stays.holder[LEAD] != NOBODY) & ~facts.on_hold)
    parts = [
        may,
        pack(keeps, LEAD, standing.holder[LEAD, keeps], standing.minutes[LEAD, keeps]),
        pack(stands, LEAD, fixed.stays.holder[LEAD, stands], np.zeros_like(stands)),
    ]
    case, role, reviewer, minutes = (
        np.concatenate([getattr(part, name) for part in parts]).astype(np.int64)
        for name in ("case", "role", "reviewer", "minutes")
    )
    order = np.lexsort((role, facts.rank[case], reviewer))
    case, role, reviewer, minutes = (part[order] for part in (case, role, reviewer, minutes))
    return Options(
        case=case,
        role=role,
        reviewer=reviewer,
        minutes=minutes,
        new=order < len(may.case),
        stands=order >= len(may.case) + len(keeps),
        after=_after(facts, fixed.stays, case, reviewer),
    )


def _may_take(facts: Facts, standing: Standing, fixed: Unavoidable) -> Arcs:
    """Return who may newly take a place; whoever has more than their limit before any move may not."""
    arcs = fixed.arcs.where(fixed.arcs.alone)
    overworked, full = standing.held_minutes() > facts.diaries.limit, standing.leads() > open_limits(facts)
    stopped = overworked[arcs.reviewer] | (full[arcs.reviewer] & (arcs.role == LEAD))
    stopped |= standing.holder[arcs.role, arcs.case] == arcs.reviewer
    arcs = arcs.where(~stopped)
    led = standing.holder[LEAD] != NOBODY
    led[arcs.case[arcs.role == LEAD]] = True
    return arcs.where((arcs.role == LEAD) | led[arcs.case])


def _after(facts: Facts, stays: Standing, case: Ints, reviewer: Ints) -> Ints:
    """Return how many minutes of chosen work let each case end in time, -1 if none do."""
    due = np.minimum(facts.complete_day - facts.sign_off_days, facts.diaries.final_day)
    never = (due < 0) | (facts.ready_day > due)
    size = len(facts.cases) + 1
    role, row = np.nonzero(stays.holder != NOBODY)
    keys = stays.holder[role, row] * size + facts.rank[row]
    order = np.argsort(keys, kind="stable")
    done = np.concatenate([[0], np.cumsum(stays.minutes[role, row][order])])
    first, last = (
        np.searchsorted(keys[order], reviewer * size + place) for place in (0, facts.rank[case] + 1)
    )
    after = facts.diaries.done[reviewer, np.maximum(due, 0)[case]] - (done[last] - done[first])
    return np.where(never[case], -1, np.maximum(after, -1))
