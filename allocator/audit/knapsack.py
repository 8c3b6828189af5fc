"""The most one reviewer could gain: a knapsack over exact minutes with alternatives and a limit on leads.

First what cannot be part of anything better than a quick choice is left out (a bound by prices on minutes and
on leads, in floats with half a thousandth of a point to spare), then a dynamic programme over what is left.
"""

from dataclasses import dataclass

import numpy as np

from allocator.audit.exact import Bools, Floats, Ints

_SPARE = 0.5  # gains are whole: what is better is better by 1


@dataclass(frozen=True)
class Items:
    """Places one reviewer may take; of one case at most one.

    Parameters
    ----------
    gain, minutes : ndarray of shape (n_items,), dtype=np.int64
        What a place gains (> 0) and takes (>= 0, at most the room).
    lead : ndarray of shape (n_items,), dtype=np.bool_
        Whether it counts towards the limit on leads.
    case : ndarray of shape (n_items,), dtype=np.int64
        The case it is of.
    """

    gain: Ints
    minutes: Ints
    lead: Bools
    case: Ints

    def where(self, chosen: Bools | Ints) -> "Items":
        """Return the chosen items."""
        return Items(self.gain[chosen], self.minutes[chosen], self.lead[chosen], self.case[chosen])


def most(items: Items, room: int, leads: int) -> int:
    """Return the most that can be gained within so many minutes and so many leads."""
    if leads < 1:
        items = items.where(~items.lead)
    if not len(items.gain):
        return 0
    alone = len(np.unique(items.case)) == len(items.case)
    if alone and int(items.minutes.sum()) <= room and int(items.lead.sum()) <= leads:
        return int(items.gain.sum())
    step = int(np.gcd.reduce(items.minutes)) or 1
    items, room = Items(items.gain, items.minutes // step, items.lead, items.case), room // step
    rates = (items.gain / np.maximum(items.minutes, 1), items.gain)
    quick = max(_quick(items, room, leads, rate) for rate in rates)
    for minute_price, lead_price in _price_pairs(items, room, leads):
        items = _worthwhile(items, (room, leads), (minute_price, lead_price), quick)
    return max(quick, _programme(items, room, leads))


def _quick(items: Items, room: int, leads: int, rate: Floats | Ints) -> int:
    """Return the gain of taking what fits in the order of a rate."""
    total, taken = 0, set()
    rows = zip(*(part.tolist() for part in (items.gain, items.minutes, items.lead, items.case)), strict=True)
    listed = list(rows)
    for index in np.argsort(-rate, kind="stable").tolist():
        gain, minutes, lead, case = listed[index]
        if minutes <= room and lead <= leads and case not in taken:
            total, room, leads = total + gain, room - minutes, leads - lead
            taken.add(case)
    return total


def _price_pairs(items: Items, room: int, leads: int) -> list[tuple[float, float]]:
    """Return prices (of a minute, of a lead) near those at which what is wanted is what there is."""
    rate = items.gain / np.maximum(items.minutes, 1)
    order = np.argsort(-rate, kind="stable")
    full = int(np.searchsorted(np.cumsum(items.minutes[order]), room, side="right"))
    critical = float(rate[order[full]]) if full < len(order) else 0.0
    pairs = []
    for minute_price in (critical, critical / 2, 0.0):
        net = np.sort((items.gain - minute_price * items.minutes)[items.lead])[::-1]
        pairs.append((minute_price, max(0.0, float(net[leads])) if leads < len(net) else 0.0))
    return pairs


def _worthwhile(items: Items, limits: tuple[int, int], prices: tuple[float, float], quick: int) -> Items:
    """Return the items that something better than the quick choice could hold."""
    (room, leads), (minute_price, lead_price) = limits, prices
    net = items.gain - minute_price * items.minutes - lead_price * items.lead
    _, group = np.unique(items.case, return_inverse=True)
    best = np.zeros(len(items.gain))
    np.maximum.at(best, group, net)
    shared = minute_price * room + (lead_price * leads if lead_price else 0.0)
    ceiling = shared + float(best.sum())
    return items.where(ceiling - best[group] + net >= quick + _SPARE)


def _programme(items: Items, room: int, leads: int) -> int:
    """Return the most by dynamic programme: one layer a number of leads, one column a minute of room."""
    room = min(room, int(items.minutes.sum()))
    layers = leads if leads < int(items.lead.sum()) else 0
    best = np.zeros((layers + 1, room + 1), dtype=np.int64)
    items = items.where(np.argsort(items.case, kind="stable"))
    follows = np.diff(items.case, prepend=-1) == 0
    precedes = np.append(follows[1:], False)
    before = best
    for index in np.flatnonzero(items.minutes <= room).tolist():
        gain, minutes, down = int(items.gain[index]), int(items.minutes[index]), int(items.lead[index])
        down = down if layers else 0
        if not follows[index]:  # alternatives of one case all start from what was best without it
            before = best.copy() if precedes[index] else best
        target = best[down:, minutes:]
        np.maximum(target, before[: layers + 1 - down, : room + 1 - minutes] + gain, out=target)
    return int(best.max())
