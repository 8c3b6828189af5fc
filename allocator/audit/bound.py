"""The bound that prices prove, worked out again; docs/model.md has the formula, and a week done by hand.

With a price on every place, on all that reviewers share and on the higher levels, a level falls apart by
reviewer. Whatever the prices, the sum is not above any plan's value: they need no trust, only adding up.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from allocator.audit.choice import Choice
from allocator.audit.exact import Bools, Ints, exact, scaled
from allocator.audit.facts import LEAD
from allocator.audit.prices import UNIT, Prices

RIVALS = (30, 150, 600)  # how many of the best by the minute each option is compared with, in three rounds


class Work(NamedTuple):
    """What one reviewer may choose, in the order of the work, and the leads that stand in between.

    Each of shape (n,): what it gains; what is lost if more than `after` minutes are chosen up to and with it;
    the minutes and new leads it takes; its case, of which one may be chosen; whether it stands.
    """

    gain: Ints
    late: Ints
    after: Ints
    minutes: Ints
    leads: Ints
    case: Ints
    stands: Bools

    def where(self, chosen: Bools | slice) -> "Work":
        """Return the chosen part."""
        return Work._make(part[chosen] for part in self)

    def twins(self) -> tuple[Bools, Bools]:
        """Return which follow, and which precede, another option of their case."""
        follows = np.diff(self.case, prepend=-1) == 0
        return follows, np.append(follows, False)[1:]


def proved(choice: Choice, prices: Prices) -> int:
    """Return the points of a level that no plan as good at the levels above is below."""
    options = choice.options
    late = prices.weights[1] * (options.role == LEAD) * choice.facts.urgency[options.case]
    taken = (options.minutes, options.new_leads.astype(np.int64), options.case, options.stands)
    work = Work(_gains(choice, prices), late, options.after, *taken)
    lowest = _places(choice, prices) - _charged(prices)
    for seat, edges in enumerate(pairwise(choice.edges.tolist())):
        lowest -= _most(choice, seat, work.where(slice(*edges)), int(prices.weights[2]))
    return -(-lowest // UNIT)


def _places(choice: Choice, prices: Prices) -> int:
    """Return the sum over places of their price, or of their points at level 1 where these are less."""
    penalty, nobody = choice.facts.penalty, choice.places & ~choice.takers
    missed = penalty > prices.at_most[0] - penalty[nobody].sum()  # at level 1, if it alone were left empty
    sure = choice.held | (missed & (prices.level > 0))
    points = penalty * prices.weights[0]
    least = np.where(sure, prices.place, np.minimum(points, prices.place))
    return int(np.where(nobody, points, least)[choice.places].astype(object).sum())


def _charged(prices: Prices) -> int:
    """Return the prices of all there is of what is shared, and of the points of the higher levels."""
    total = (prices.weights.astype(object) * prices.at_most)[: prices.level].sum()  # no number is too large
    for limits, price in prices.shared:
        total += (-(-price.astype(object) * limits.left // limits.parts)).sum()
    return int(total)


def _gains(choice: Choice, prices: Prices) -> Ints:
    """Return what each option brings: its place's price, less what it uses and, at level 3, costs."""
    options = choice.options
    gain: Ints = prices.place[options.role, options.case]
    gain += np.where(options.role == LEAD, 1, -1) * prices.needs_lead[options.case]
    for limits, price in prices.shared:
        if price.any():
            gain -= np.append(price, 0)[limits.of] * limits.amount // limits.parts
    if prices.weights[2]:
        gain -= prices.weights[2] * choice.points()
    return gain * ~options.stands


def _most(choice: Choice, seat: int, work: Work, weight: int) -> int:
    """Return the most one reviewer could gain, less what lateness and workload cost."""
    room, leads = int(choice.room[seat]), int(choice.leads[seat])
    for few in RIVALS:
        work = _thinned(work, room, leads, few)
    step = int(np.gcd.reduce(work.minutes)) or 1
    best = _programme(work, room, leads, step)
    return int((best - weight * _workload(choice, seat, step * np.arange(len(best)))).max())


def _thinned(work: Work, room: int, leads: int, few: int) -> Work:
    """Return the work without what some best choice leaves out.

    One option beats another if it gains no less, takes no more and comes no earlier in the order of work, or
    with nothing in between that may turn late: exchanged for the other it is never worse. So an option for
    which all that beat it leave no room is not needed. To beat, it must have no twin and not turn late.
    """
    sure = work.gain - work.late * (work.after < work.minutes)
    turns = (work.late > 0) & (work.after >= work.minutes) & (work.after < room)
    useful = np.where(work.stands, turns | (sure < 0), (sure > 0) & (work.leads <= leads))
    work, sure, turns = work.where(useful), sure[useful], turns[useful]
    place = np.empty(len(sure), dtype=np.int64)
    place[np.lexsort((work.minutes, -sure))] = np.arange(len(sure))
    rivals = np.flatnonzero(~(turns | work.stands | np.any(work.twins(), axis=0)))
    rivals = rivals[np.argsort(-(sure / np.maximum(1, work.minutes))[rivals], kind="stable")[:few]]
    beaten = place[rivals] < place[:, None]
    for rank in (-work.minutes, -work.leads, np.cumsum(turns)):
        beaten &= rank[rivals] >= rank[:, None]
    fits = beaten @ work.minutes[rivals] + work.minutes <= room
    fits &= beaten @ work.leads[rivals] + work.leads <= leads
    return work.where(fits | work.stands)


def _programme(work: Work, room: int, leads: int, step: int) -> Ints:
    """Return the most gained within each number of steps of time, by a layer for each number of leads."""
    wanted = np.cumsum(np.sort(work.minutes[work.leads > 0]))
    layers = leads if np.searchsorted(wanted, room, side="right") > leads else 0
    top = min(room, int(work.minutes.sum())) // step
    before = best = np.zeros((layers + 1, top + 1), dtype=np.int64)
    rows = zip(*(part.tolist() for part in (*work, *work.twins())), strict=True)
    for gain, late, after, minutes, lead, _, stands, follows, precedes in rows:
        edge = after // step + 1 if late else top + 1  # from here on it is late
        if stands:
            best[:, edge:] -= late
            continue
        if not follows:  # options of one case all start from what was best without them
            before = best.copy() if precedes else best
        down, cells = min(lead, layers), minutes // step
        for first, last, worth in ((edge, top + 1, gain - late), (0, edge, gain)):
            first, last = max(first, cells), min(last, top + 1)
            if first < last:
                offer = before[: layers + 1 - down, first - cells : last - cells] + worth
                np.maximum(best[down:, first:last], offer, out=best[down:, first:last])
    return np.asarray(best.max(axis=0), dtype=np.int64)


def _workload(choice: Choice, seat: int, minutes: Ints) -> Ints:
    """Return the points of the workload bands at each number of minutes beside those that stand."""
    bands, capacity = choice.facts.policy.weights.workload, int(choice.facts.diaries.capacity[seat])
    begins, scale = scaled([exact(share) * capacity for share, _ in bands])
    rises = np.diff([rate for _, rate in bands], prepend=0)
    over = np.maximum(0, scale * (choice.stay[seat] + minutes) - begins.astype(np.int64)[:, None])
    return np.asarray(rises @ over // (60 * scale), dtype=np.int64)
