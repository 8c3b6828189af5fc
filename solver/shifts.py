"""Room for a place that fits nowhere: what its reviewer has already moves to somebody else.

The shift neighbourhood of generalised assignment: Yagiura, Ibaraki & Glover 2004,
doi:10.1287/ijoc.1030.0036.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers are typed.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.compiled import inner, kernel
from solver.order import ascending
from solver.plans import can, put
from solver.problem import Ints

MOST_LOOKED_AT = 100


class Held(NamedTuple):
    """Who has what: each reviewer's first place (−1: none), and after each place their next one.

    `looks` (1,) is how many moves may still be looked at for the place in hand.
    """

    first: Ints
    after: Ints
    looks: Ints


@kernel
def make_room(field, aim, plan, places, penalty):
    """Fill what is empty of the places, the dearest first, by one move each; how many were filled.

    Parameters
    ----------
    penalty : (n_chosen_places,) what leaving each empty costs
    """
    held = _held_of(field, plan)
    filled = 0
    for q in ascending(-penalty.astype(np.float64)):
        p = places[q]
        if plan.item[p] < 0 and penalty[q] > 0:
            held.looks[0] = MOST_LOOKED_AT
            for k in range(field.items_start[p], field.items_start[p + 1]):
                i = field.items[k]
                if aim.cost[i] < penalty[q] and _shifted(field, aim, plan, held, i, penalty[q]):
                    filled += 1
                    break
    return filled


@inner
def _held_of(field, plan):
    """Who has what in a plan, apart from what is in every plan."""
    nobody = np.full(len(field.capacity), -1, np.int64)
    held = Held(nobody, np.full(len(plan.item), -1, np.int64), np.zeros(1, np.int64))
    for p in range(len(plan.item)):
        i = plan.item[p]
        if i >= 0 and not field.fixed[p]:
            _hold(held, field.reviewer[i], p)
    return held


@inner
def _hold(held, r, p):
    held.after[p] = held.first[r]
    held.first[r] = p


@inner
def _let_go(held, r, p):
    if held.first[r] == p:
        held.first[r] = held.after[p]
        return
    at = held.first[r]
    while held.after[at] != p:
        at = held.after[at]
    held.after[at] = held.after[p]


@inner
def _shifted(field, aim, plan, held, i, penalty):
    """True if the item is now in the plan, one other of its reviewer's having moved or none having had to."""
    r = field.reviewer[i]
    if can(field, plan, i):
        put(field, plan, i, 1)
        _hold(held, r, field.place[i])
        return True
    p = held.first[r]
    while p >= 0 and held.looks[0] > 0:
        mine, following = plan.item[p], held.after[p]
        if plan.minutes[r] + field.minutes[mine] >= field.minutes[i]:
            held.looks[0] -= 1
            put(field, plan, mine, -1)
            if can(field, plan, i):
                put(field, plan, i, 1)
                other = _roomiest(field, aim, plan, mine, penalty - aim.cost[i] + aim.cost[mine])
                if other >= 0:
                    put(field, plan, other, 1)
                    _let_go(held, r, p)
                    _hold(held, field.reviewer[other], p)
                    _hold(held, r, field.place[i])
                    return True
                put(field, plan, i, -1)
            put(field, plan, mine, 1)
        p = following
    return False


@inner
def _roomiest(field, aim, plan, item, below):
    """Of its place's other items that fit and cost less than `below`, that of who has most left; −1: none."""
    best, most = -1, -1.0
    p = field.place[item]
    for k in range(field.items_start[p], field.items_start[p + 1]):
        i = field.items[k]
        r = field.reviewer[i]
        if i != item and r != field.reviewer[item] and aim.cost[i] < below and can(field, plan, i):
            left = (plan.minutes[r] - field.minutes[i]) / max(1, field.capacity[r])
            if left > most:
                best, most = i, left
    return best
