"""The three levels of a plan: what its value is, and what of it no plan could avoid."""

from fractions import Fraction
from functools import cached_property

import numpy as np

from allocator.audit.arcs import Arcs, find_arcs, open_places, pack
from allocator.audit.exact import Bools, Ints, exact
from allocator.audit.facts import LEAD, SECOND, Facts
from allocator.audit.forecast import Forecast, Pieces, finished, forecast
from allocator.audit.room import read_room
from allocator.audit.standing import NOBODY, Standing, movable, without_movable
from allocator.audit.tables import Tables
from allocator.audit.view import View

LEVELS = ("unallocated", "late", "cost")


def unallocated(view: View) -> int:
    """Return the value of level 1: the points of all empty places."""
    empty = view.rows.given == NOBODY
    return int(view.facts.penalty[empty].sum())


def late(view: View, told: Forecast, working: Ints) -> int:
    """Return the value of level 2: the urgency of leads that end late; `working` are the rows told."""
    rows = view.rows
    is_late = (rows.role[working] == LEAD) & ~told.in_time
    return int(view.facts.urgency[rows.case[working][is_late]].sum())


def cost(view: View) -> int:
    """Return the value of level 3: distances, leads away from home, moves and workload, in points."""
    facts, rows, weights = view.facts, view.rows, view.facts.policy.weights
    new = ~rows.kept
    km = view.tables.positions.km(rows.case[new], rows.reviewer[new])
    whole_km = np.floor(np.nan_to_num(km) + 0.5).astype(np.int64)
    leads = rows.new_leads()
    pairs = zip(rows.case[leads].tolist(), rows.reviewer[leads].tolist(), strict=True)
    away = sum(facts.cases[row].area != facts.reviewers[seat].areas[0] for row, seat in pairs)
    points: int = weights.kilometre * int(whole_km.sum()) + weights.away_from_home_area * away
    return points + weights.move * int(view.moved.sum()) + workload_points(facts, view.minutes_given())


def workload_points(facts: Facts, given: Ints) -> int:
    """Return the points of the workload bands, rounded down once a reviewer."""
    bands, before = [], 0
    for share, rate in facts.policy.weights.workload:
        bands.append((exact(share), rate - before))
        before = rate
    total = 0
    for minutes, whole in zip(given.tolist(), facts.diaries.capacity.tolist(), strict=True):
        above = (rise * max(Fraction(0), minutes - share * whole) for share, rise in bands if minutes)
        total += sum(above, Fraction(0)) // 60
    return total


class Unavoidable:
    """What no plan could avoid, given the work that stands (with moves: that no choice can move)."""

    def __init__(self, facts: Facts, tables: Tables, standing: Standing, *, moves: bool) -> None:
        self._facts, self._moves = facts, moves
        self.stays = without_movable(facts, standing) if moves else standing
        self.room = read_room(facts, self.stays)
        self.arcs = find_arcs(facts, tables, self.stays, self.room)
        self._full = standing
        self.places = open_places(facts, standing)

    def unallocated(self) -> int:
        """Return the points of places nobody could take, and of seconds whose lead place is such."""
        return int(self._facts.penalty[self._hopeless].sum())

    @cached_property
    def _hopeless(self) -> Bools:
        takers, alone = np.zeros_like(self.places), self.arcs.alone
        takers[self.arcs.role[alone], self.arcs.case[alone]] = True
        hopeless = self.places & ~takers
        hopeless[SECOND] |= self.places[SECOND] & hopeless[LEAD]
        return hopeless

    def late(self, avoidable_points: int) -> int:
        """Return the urgency of leads late whoever takes them.

        Parameters
        ----------
        avoidable_points : int
            value - fixed of level 1: a place that weighs more than that is filled in every plan as good.
        """
        facts, full = self._facts, self._full.holder[LEAD]
        kept = (full != NOBODY) & ~facts.on_hold
        must = self.places[LEAD] & ~self._hopeless[LEAD] & (facts.penalty[LEAD] > avoidable_points)
        in_time = np.zeros(len(facts.cases), dtype=np.bool_)
        pieces, holds_lead = self._standing_work()
        told = forecast(facts, pieces)
        in_time[pieces.case[holds_lead & told.in_time]] = True
        for arcs in self._takers(must | (kept & self._moving())):
            in_time[arcs.case[self._first_new(arcs, pieces).in_time]] = True
        return int(facts.urgency[(kept | must) & ~in_time].sum())

    def _moving(self) -> Bools:
        """Return the cases whose holder may change."""
        return movable(self._facts) if self._moves else np.zeros(len(self._facts.cases), dtype=np.bool_)

    def _standing_work(self) -> tuple[Pieces, Bools]:
        """Return the work that stays, and which of its pieces are leads."""
        role, case = np.nonzero((self.stays.holder != NOBODY) & ~self._facts.on_hold)
        pieces = Pieces(case, self.stays.holder[role, case], self.stays.minutes[role, case])
        return pieces, role == LEAD

    def _takers(self, wanted: Bools) -> list[Arcs]:
        """Return the leads that could be taken: newly and, of movable cases, by their holder."""
        another = self.arcs.reviewer != self._full.holder[LEAD][self.arcs.case]
        arcs = self.arcs.where(self.arcs.alone & another & (self.arcs.role == LEAD) & wanted[self.arcs.case])
        mine = np.flatnonzero(wanted & (self._full.holder[LEAD] != NOBODY))
        seats, minutes = self._full.holder[LEAD, mine], self._full.minutes[LEAD, mine]
        return [arcs, pack(mine, LEAD, seats, minutes)]

    def _first_new(self, arcs: Arcs, standing: Pieces) -> Forecast:
        """Return the forecast of each arc as its reviewer's only new work."""
        facts, size = self._facts, len(self._facts.cases) + 1
        order = np.lexsort((facts.rank[standing.case], standing.reviewer))
        keys = standing.reviewer[order] * size + facts.rank[standing.case[order]]
        total = np.concatenate([[0], np.cumsum(standing.minutes[order])])
        case, seat, minutes = (part.astype(np.int64) for part in (arcs.case, arcs.reviewer, arcs.minutes))
        base = total[np.searchsorted(keys, seat * size)]
        before = total[np.searchsorted(keys, seat * size + facts.rank[case])] - base
        return finished(facts, Pieces(case, seat, minutes), before)
