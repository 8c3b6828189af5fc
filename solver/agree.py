"""Prices at which a few reviewers agree: deflected subgradient steps, compiled, on a part of a plan.

Each step prices every reviewer's best bundle exactly (`knapsack`), counts how often each place is chosen,
and moves the prices of places chosen by nobody up and of those chosen twice down (Camerini, Fratta &
Maffioli 1975, doi:10.1007/BFb0120697). Where many bundles are worth the same, reviewers may look at a place
that others have just chosen as worth a little less: no bound then, but fewer want the same.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers are typed.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.compiled import inner
from solver.dice import pick
from solver.knapsack import Room, best_bundle, items_in
from solver.offers import offers_of, places_of
from solver.problem import Floats

MEMORY = 0.7
SMOOTHING = 0.15
REACH = 0.05
PATIENCE, SHRINK = 5, 0.6
CROWD_LEAST = 0.05


class Style(NamedTuple):
    """How a plunge goes: steps a round, the share of places fixed a round, noise, states a reviewer.

    `crowd` is the share of a place's price that is taken off for each reviewer who chose it before.
    """

    steps: int
    share: float
    noise: float
    states: int
    crowd: float


class Prices(NamedTuple):
    """Prices of a part's places, of their needs, and of all groups."""

    place: Floats
    needs: Floats
    group: Floats


@inner
def agree(field, aim, style, plan, part, pool, prices, target, share, dice):
    """Move the prices towards agreement; what they prove at the start that the open places cost.

    `prices` end at the best found. `share` (n_pool,) is how often each item was chosen, smoothed; steps are
    made for a distance to `target`, as far as it is within reach.
    """
    offers = offers_of(field, aim, style.states, plan, part, pool)
    places = places_of(field, plan, part)
    best = Prices(prices.place.copy(), prices.needs.copy(), prices.group.copy())
    way = Prices(np.zeros(len(part.places)), np.zeros(len(part.places)), np.zeros(len(prices.group)))
    gain, chosen = np.zeros(len(offers.item), np.int64), np.zeros(len(offers.item), np.int64)
    highest, first, reach, stretch, since = -np.inf, -np.inf, 0.0, 1.0, 0
    for step in range(style.steps):
        _clip(part, places, prices)
        _gains(field, aim, part, places, offers, prices, gain)
        crowd = style.crowd if step else 0.0
        value, filled = _bundles(field, aim, plan, part, offers, prices, gain, chosen, crowd, dice)
        _vote(offers, chosen, share, 1.0 - SMOOTHING if step else 0.0)
        value += _without_reviewers(plan, part, places, prices)
        if step == 0:
            first, reach = value, value + REACH * abs(value)
        if value > highest:
            highest, since = value, 0
            _copy(prices, best)
        else:
            since += 1
        norm = _slopes(field, plan, part, places, offers, prices, chosen, filled, way)
        if first >= target or norm == 0.0 or part.halt[0]:
            break
        if since >= PATIENCE:
            stretch, since = stretch * SHRINK, 0
        _step(plan, places, prices, way, stretch * (min(float(target), reach) - value) / norm)
    _copy(best, prices)
    return first


@inner
def _copy(source, target):
    # Element by element: a slice assigned to a slice takes half a second to compile.
    for q in range(len(source.place)):
        target.place[q], target.needs[q] = source.place[q], source.needs[q]
    for g in range(len(source.group)):
        target.group[g] = source.group[g]


@inner
def _clip(part, places, prices):
    for q in range(len(part.places)):
        if places.open[q]:
            prices.place[q] = min(max(prices.place[q], places.least[q]), float(part.penalty[q]))


@inner
def _gains(field, aim, part, places, offers, prices, gain):
    """What each offer gains at the prices."""
    worth = np.zeros(len(part.places))
    for q in range(len(part.places)):
        worth[q] += prices.place[q]
        if places.needed[q] >= 0:
            worth[q] -= prices.needs[q]
            worth[places.needed[q]] += prices.needs[q]
    for q in range(len(offers.item)):
        if offers.row[q] >= 0:
            i = offers.item[q]
            toll = 0.0
            for d in range(field.group_start[i], field.group_start[i + 1]):
                toll += prices.group[field.group[d]] * field.amount[d]
            gain[q] = int(np.rint(worth[offers.row[q]] - toll - aim.cost[i]))


@inner
def _bundles(field, aim, plan, part, offers, prices, gain, chosen, crowd, dice):
    """Everyone's best bundle: what they take off the value, and how often each place is chosen."""
    value, filled = 0.0, np.zeros(len(part.places), np.int64)
    seen, keep = gain.copy(), np.zeros(len(gain), np.int64)
    first = pick(dice, 0, len(part.reviewers))
    for turn in range(len(part.reviewers)):
        k = (first + turn) % len(part.reviewers)
        r, mine = part.reviewers[k], slice(offers.start[k], offers.start[k + 1])
        chosen[mine] = 0
        if crowd:
            for q in range(offers.start[k], offers.start[k + 1]):
                p = offers.row[q]
                if p >= 0 and filled[p]:
                    price = max(abs(prices.place[p]), CROWD_LEAST * part.penalty[p])
                    seen[q] -= int(crowd * filled[p] * price)
        items = items_in(offers, seen, mine)
        room = Room(
            plan.minutes[r],
            plan.slots[r],
            offers.unit[k],
            field.capacity[r] - plan.minutes[r],
            field.threshold[r],
            field.rate,
            field.scale,
            field.divisor,
            aim.bands,
        )
        value -= best_bundle(items, room, keep[mine], chosen[mine])
        for q in range(offers.start[k], offers.start[k + 1]):
            if chosen[q]:
                filled[offers.row[q]] += 1
                value -= gain[q] - seen[q]
    return value, filled


@inner
def _vote(offers, chosen, share, kept):
    for q in range(len(chosen)):
        at = offers.in_pool[q]
        if at >= 0:
            share[at] = kept * share[at] + (1.0 - kept) * chosen[q]


@inner
def _without_reviewers(plan, part, places, prices):
    """The value less what the bundles are worth."""
    value = 0.0
    for q in range(len(part.places)):
        if places.open[q]:
            value += min(prices.place[q], float(part.penalty[q]))
    for g in range(len(prices.group)):
        value -= prices.group[g] * plan.groups[g]
    return value


@inner
def _slopes(field, plan, part, places, offers, prices, chosen, filled, way):
    """Deflect the way by the slopes at these prices; the square of its length."""
    used = np.zeros(len(prices.group))
    for q in range(len(chosen)):
        if chosen[q]:
            i = offers.item[q]
            for d in range(field.group_start[i], field.group_start[i + 1]):
                used[field.group[d]] += field.amount[d]
    norm = 0.0
    for q in range(len(part.places)):
        if places.open[q]:
            slope = 1.0 - filled[q]
            if slope > 0 and (prices.place[q] >= part.penalty[q] or prices.place[q] <= 0.0):
                slope = 0.0  # it stays empty, or someone takes it who has nothing better to do
            way.place[q] = slope + MEMORY * way.place[q]
            norm += way.place[q] ** 2
            if places.needed[q] >= 0:
                way.needs[q] = filled[q] - filled[places.needed[q]] + MEMORY * way.needs[q]
                norm += way.needs[q] ** 2
    for g in range(len(used)):
        if prices.group[g] > 0 or used[g] > plan.groups[g]:
            way.group[g] = (used[g] - plan.groups[g]) / _scale(plan, g) + MEMORY * way.group[g]
            norm += way.group[g] ** 2
    return norm


@inner
def _scale(plan, g):
    """So that one step fits prices per place and per minute alike."""
    return max(1.0, plan.groups[g] / 10.0)


@inner
def _step(plan, places, prices, way, length):
    for q in range(len(places.open)):
        if places.open[q]:
            prices.place[q] += length * way.place[q]
            if places.needed[q] >= 0:
                prices.needs[q] = max(0.0, prices.needs[q] + length * way.needs[q])
    for g in range(len(prices.group)):
        prices.group[g] = max(0.0, prices.group[g] + length * way.group[g] / _scale(plan, g))
