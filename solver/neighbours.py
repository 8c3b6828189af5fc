"""Which reviewers to plan anew together: those who may take the same places."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers are typed.

from __future__ import annotations

import numpy as np

from solver.compiled import inner, kernel
from solver.dice import dice as dice_of
from solver.dice import draw, pick
from solver.order import ascending

TRIES = 400
MOST = 30
LOOKS = 6
LIKES_EMPTY = 0.5


@kernel
def neighbours(field, plan, busy, size, seed):
    """Rows of reviewers who may take the same places as one drawn by chance, with about `size` places.

    The first is drawn from those who may take an empty place half of the time, else from all. There are two
    at least, if two are not busy, and `MOST` at most.
    """
    dice = dice_of(seed)
    first = _first(field, plan, busy, dice)
    if first < 0:
        return np.zeros(0, np.int64)
    load = np.zeros(len(field.capacity), np.int64)
    for p in range(len(plan.item)):
        if plan.item[p] >= 0 and not field.fixed[p]:
            load[field.reviewer[plan.item[p]]] += 1
    likes = np.zeros(len(field.capacity))
    for _ in range(LOOKS * MOST):
        p = field.place[pick(dice, field.start[first], field.start[first + 1])]
        r = field.reviewer[field.items[pick(dice, field.items_start[p], field.items_start[p + 1])]]
        likes[r] += not busy[r]
    likes[first] = np.inf
    order = ascending(-likes)[:MOST]
    n, places = 0, 0
    for r in order:
        if likes[r] == 0 or (n >= 2 and places + load[r] > size):
            break
        places += 1 + load[r]
        n += 1
    return order[:n]


@inner
def _first(field, plan, busy, dice):
    """A reviewer who is not busy and has items, −1 if none was met."""
    by_empty = draw(dice) < LIKES_EMPTY
    for attempt in range(TRIES):
        i = pick(dice, 0, len(field.place))
        if by_empty and attempt < TRIES // 2:
            p = pick(dice, 0, len(plan.item))
            few = field.items_start[p] == field.items_start[p + 1]
            if plan.item[p] >= 0 or few or not (field.penalty[p] or field.required[p]):
                continue
            i = field.items[pick(dice, field.items_start[p], field.items_start[p + 1])]
        if not busy[field.reviewer[i]]:
            return field.reviewer[i]
    return -1
