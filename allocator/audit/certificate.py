"""The bound of level 1 from a certificate's prices, reckoned again reviewer by reviewer.

With a price on every shared limit the relaxed problem falls apart into one knapsack a reviewer. Whatever the
prices, its best value is not above that of any plan: they need not be trusted, only added up.
"""

from fractions import Fraction
from math import floor

import numpy as np

from allocator.audit.arcs import Arcs, open_places
from allocator.audit.exact import NO_LIMIT, Ints
from allocator.audit.facts import LEAD, Facts
from allocator.audit.knapsack import Items, most
from allocator.audit.prices import Prices
from allocator.audit.room import Room, admin_need
from allocator.audit.standing import Standing

UNIT = 1000
"""Prices are in thousandths of a point."""


class Relaxation:
    """Level 1 without its shared limits."""

    def __init__(self, facts: Facts, standing: Standing, room: Room, arcs: Arcs) -> None:
        self._facts, self._room = facts, room
        self._places = open_places(facts, standing)
        order = np.argsort(arcs.reviewer, kind="stable")
        self._arcs = arcs.where(order.astype(np.int64))

    def bound(self, prices: Prices, fixed: int) -> int:
        """Return the points no plan can be below, by these prices and by what is fixed."""
        lowest = self._empty(prices) - self._shared(prices) - self._gains(prices)
        return max(fixed, -(-lowest // UNIT))

    def _empty(self, prices: Prices) -> int:
        """Return the sum over empty places of the cheaper of its price and its penalty."""
        points = UNIT * self._facts.penalty
        return int(np.minimum(points, prices.place)[self._places].sum())

    def _shared(self, prices: Prices) -> int:
        """Return the prices of all that administration and contracts have left."""
        total = 0
        for price, free in zip(prices.admin.tolist(), self._room.admin_free, strict=True):
            total += price * floor(max(Fraction(0), free) * 60) if price and free is not None else 0
        terms = self._room.providers
        pairs = ((prices.cases, terms.cases_left), (prices.minutes, terms.minutes_left))
        for charged, left in pairs:
            total += sum(p * amount for p, amount in zip(charged.tolist(), left.tolist(), strict=True) if p)
        return total

    def _gains(self, prices: Prices) -> int:
        """Return the sum over reviewers of the most each could gain at these prices."""
        arcs, room = self._arcs, self._room
        gain = self._gain_of(prices)
        useful = gain > 0
        arcs, gain = arcs.where(useful), gain[useful]
        seats, first = np.unique(arcs.reviewer, return_index=True)
        edges = [*first.tolist(), len(gain)]
        total = 0
        for place, seat in enumerate(seats.tolist()):
            part = slice(edges[place], edges[place + 1])
            minutes, case = arcs.minutes[part].astype(np.int64), arcs.case[part].astype(np.int64)
            items = Items(gain[part], minutes, arcs.role[part] == LEAD, case)
            total += most(items, int(room.free[seat]), min(NO_LIMIT, int(room.leads_left[seat])))
        return total

    def _gain_of(self, prices: Prices) -> Ints:
        """Return what each arc gains its reviewer: its place's price less all it uses of what is shared."""
        arcs, terms = self._arcs, self._room.providers
        gain = prices.place[arcs.role, arcs.case]
        lead = arcs.role == LEAD
        gain += np.where(lead, 1, -1) * prices.needs_lead[arcs.case]
        gain -= lead * prices.admin[self._facts.area_of[arcs.case]] * self._admin_minutes()[arcs.case]
        of = terms.of[arcs.reviewer]
        has = lead & (of >= 0)
        gain[has] -= prices.cases[of[has]] + prices.minutes[of[has]] * arcs.minutes[has]
        return gain

    def _admin_minutes(self) -> Ints:
        """Return the whole minutes of administration a new lead of each case asks."""
        needs = [floor(admin_need(self._facts, row) * 60) for row in range(len(self._facts.cases))]
        return np.array(needs, dtype=np.int64)
