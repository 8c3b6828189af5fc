"""Plans from prices: fix what the reviewers' best bundles agree on, price what is left again, and go on.

A Lagrangian dive on a part of a plan: some reviewers, the places they have and empty ones they may take; the
rest stays. As soon as what is fixed and the bound of the rest cannot win, it is given up. With a few
reviewers who compete for the same cases it repairs a plan: large-neighbourhood search, Shaw 1998,
doi:10.1007/3-540-49481-2_30; with all of them it makes one.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers are typed.

from __future__ import annotations

import numpy as np

from solver.agree import Prices, agree
from solver.compiled import inner, kernel
from solver.dice import dice as dice_of
from solver.dice import draw
from solver.offers import Part
from solver.order import ascending
from solver.plans import can, complete, extras, is_needed, may_join, put, worth_of

SURE = 0.9
GIVEN_UP = -(2**62)


@kernel
def mend(field, aim, style, plan, reviewers, prices, most_empty, slack, seed, halt):
    """What planning these reviewers anew gains, the places concerned, and the work it was; `plan` is changed.

    GIVEN_UP if it would lose more than `slack`; the plan is then of no use. At most `most_empty` places that
    are empty are looked at. `halt` (1,): see `Part`.
    """
    dice = dice_of(seed)
    before = extras(field, aim, plan, reviewers)
    held, items = _free(field, plan, reviewers)
    places = np.concatenate((held, _empties(field, aim, plan, reviewers, held, most_empty, dice)))
    penalty = aim.penalty[places]
    for q in range(len(places)):
        if is_needed(field, plan, places[q]):
            penalty[q] += aim.forbidding
    known = before + penalty[len(held) :].sum()
    for i in items:
        known += aim.cost[i]
    row = np.full(len(plan.item), -1, np.int64)
    for q in range(len(places)):
        row[places[q]] = q
    part = Part(reviewers, places, penalty, row, halt)
    fresh, work = plunge(field, aim, style, plan, part, prices, known + slack + 1, dice)
    if fresh < 0 or _more_lacking(aim, plan, places, penalty, len(held)):
        return GIVEN_UP, places, work
    gained = known - fresh - extras(field, aim, plan, reviewers)
    return (gained if gained >= -slack else GIVEN_UP), places, work


@inner
def _more_lacking(aim, plan, places, penalty, n_held):
    """True when more places that must be filled are empty than before, when the first so many were filled.

    Many others could outweigh what one of them costs.
    """
    lacking = 0
    for q in range(len(places)):
        if penalty[q] >= aim.forbidding:
            lacking += int(plan.item[places[q]] < 0) - int(q >= n_held)
    return lacking > 0


@inner
def plunge(field, aim, style, plan, part, prices, target, dice):
    """Fill the part's places, all empty, as well as prices can; the cost, or GIVEN_UP, and the work.

    `plan` is changed, the `prices` (of all places) are not. Given up once what is fixed and the bound of the
    rest reach `target`. Work is counted in items priced: the same on every machine.
    """
    pool = _pool(field, part)
    mine = Prices(prices.place[part.places], prices.needs[part.places], prices.group.copy())
    nothing, work = np.zeros(len(part.places), np.int64), 0
    while True:
        pool = _active(field, plan, part, pool)
        if not len(pool) or part.halt[0]:
            break
        spent = worth_of(aim, plan, part.places, nothing)
        share = np.zeros(len(pool))
        if spent + agree(field, aim, style, plan, part, pool, mine, target - spent, share, dice) >= target:
            return GIVEN_UP, work + len(pool)
        work += style.steps * len(pool)
        if not _fix(field, aim, style, plan, part, pool, share, dice):
            break
    inside = np.zeros(len(field.capacity), np.int64)
    for r in part.reviewers:
        inside[r] = 1
    complete(field, aim, plan, inside, part.places, part.penalty)
    return worth_of(aim, plan, part.places, part.penalty), work


@inner
def _free(field, plan, reviewers):
    """Take out what these reviewers have and may lose; the places, and the items that were there."""
    n = 0
    for r in reviewers:
        for i in range(field.start[r], field.start[r + 1]):
            n += plan.item[field.place[i]] == i and not field.fixed[field.place[i]]
    places, items = np.empty(n, np.int64), np.empty(n, np.int64)
    n = 0
    for r in reviewers:
        for i in range(field.start[r], field.start[r + 1]):
            p = field.place[i]
            if plan.item[p] == i and not field.fixed[p]:
                put(field, plan, i, -1)
                places[n], items[n] = p, i
                n += 1
    return places, items


@inner
def _empties(field, aim, plan, reviewers, held, most, dice):
    """The empty places most worth an hour that these reviewers may take, beside those just freed."""
    found, score = _wanted(field, aim, plan, reviewers, held)
    if len(found) > most:
        keyed = np.empty(len(found))
        for q in range(len(found)):
            keyed[q] = -score[found[q]] * (0.8 + 0.4 * draw(dice))
        found = found[ascending(keyed)[:most]]
    there = np.zeros(len(plan.item), np.int64)
    for p in held:
        there[p] = 1
    for p in found:
        there[p] = 1
    n = 0
    for p in found:
        need = field.needs[p]
        if need < 0 or plan.item[need] >= 0 or there[need]:
            found[n] = p
            n += 1
    return found[:n]


@inner
def _wanted(field, aim, plan, reviewers, held):
    """Empty places that someone of these has room for, and what each is worth a minute at most."""
    score = np.zeros(len(plan.item))
    for p in held:
        score[p] = -1.0
    found, n = np.empty(len(plan.item), np.int64), 0
    for r in reviewers:
        for i in range(field.start[r], field.start[r + 1]):
            p = field.place[i]
            if plan.item[p] < 0 and score[p] >= 0.0:
                fits = field.minutes[i] <= plan.minutes[r] and field.slots[i] <= plan.slots[r]
                worth = (aim.penalty[p] - aim.cost[i]) / max(1.0, float(field.minutes[i]))
                if fits and worth > 0:
                    if score[p] == 0.0:
                        found[n] = p
                        n += 1
                    score[p] = max(score[p], worth)
    return found[:n], score


@inner
def _pool(field, part):
    """The items of the part, reviewer by reviewer in the order of work."""
    n = 0
    for r in part.reviewers:
        for i in range(field.start[r], field.start[r + 1]):
            n += part.row[field.place[i]] >= 0
    pool = np.empty(n, np.int64)
    n = 0
    for r in part.reviewers:
        for i in range(field.start[r], field.start[r + 1]):
            if part.row[field.place[i]] >= 0:
                pool[n] = i
                n += 1
    return pool


@inner
def _active(field, plan, part, pool):
    """What of the pool fits now, or would once the place it needs is filled."""
    kept, n = np.empty(len(pool), np.int64), 0
    for i in pool:
        p, r = field.place[i], field.reviewer[i]
        if plan.item[p] < 0 and field.minutes[i] <= plan.minutes[r] and field.slots[i] <= plan.slots[r]:
            need = field.needs[p]
            if (need < 0 or plan.item[need] >= 0 or part.row[need] >= 0) and may_join(field, plan, i):
                kept[n] = i
                n += 1
    return kept[:n]


@inner
def _fix(field, aim, style, plan, part, pool, share, dice):
    """Take the surest items that fit together; how many were taken."""
    doubt = np.ones(len(pool))
    for q in range(len(pool)):
        if share[q] > 0 and aim.cost[pool[q]] < part.penalty[part.row[field.place[pool[q]]]]:
            doubt[q] = -share[q] - style.noise * draw(dice)
    quota, taken = max(1, int(style.share * _open(plan, part))), 0
    for q in ascending(doubt):
        if doubt[q] > 0 or (taken >= quota and share[q] < SURE):
            break
        if can(field, plan, pool[q]):
            put(field, plan, pool[q], 1)
            taken += 1
    return taken


@inner
def _open(plan, part):
    """How many of the part's places are empty."""
    n = 0
    for p in part.places:
        n += plan.item[p] < 0
    return n
