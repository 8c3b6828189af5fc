"""A plan in items, as the compiled search changes it: what fits, what it costs, what is put in and out."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, call-arg"
# The compiled functions take what numba infers; their callers are typed.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.compiled import inner, kernel
from solver.order import ascending
from solver.problem import Ints


class Aim(NamedTuple):
    """What a search minimises: of each item chosen its `cost`, of each place left empty its `penalty`.

    `late` is what an item costs beside when it is late by the work before it, `bands` the weight of the
    workload bands; both 0 where the order of the work does not matter. `forbidding` is more than any other
    place or arc costs, and is on top of the penalty of a place that must be filled.
    """

    cost: Ints
    penalty: Ints
    late: Ints
    bands: int
    forbidding: int


class Plan(NamedTuple):
    """A plan and what it leaves: the item of each place (−1: empty), free minutes, slots and groups."""

    item: Ints
    minutes: Ints
    slots: Ints
    groups: Ints


@kernel
def copy_of(plan):
    """A plan of its own with the same content."""
    return Plan(plan.item.copy(), plan.minutes.copy(), plan.slots.copy(), plan.groups.copy())


@inner
def can(field, plan, i):
    """True when the item may be added to the plan as it stands."""
    p, r = field.place[i], field.reviewer[i]
    if plan.item[p] >= 0 or field.minutes[i] > plan.minutes[r] or field.slots[i] > plan.slots[r]:
        return False
    if field.needs[p] >= 0 and plan.item[field.needs[p]] < 0:
        return False
    return may_join(field, plan, i)


@inner
def may_join(field, plan, i):
    """True when groups, the places of its case and those of its link let the item in."""
    p, r = field.place[i], field.reviewer[i]
    for q in range(field.group_start[i], field.group_start[i + 1]):
        if field.amount[q] > plan.groups[field.group[q]]:
            return False
    for q in range(field.mates_start[p], field.mates_start[p + 1]):
        other = plan.item[field.mates[q]]
        if other >= 0 and field.reviewer[other] == r:
            return False
    link = field.link[p]
    if link >= 0:
        for q in range(field.link_start[link], field.link_start[link + 1]):
            other = plan.item[field.link_places[q]]
            if other >= 0 and field.reviewer[other] != r:
                return False
    return True


@inner
def put(field, plan, i, sign):
    """Add an item to the plan (sign 1), or take it out (−1)."""
    p, r = field.place[i], field.reviewer[i]
    plan.item[p] = i if sign > 0 else -1
    plan.minutes[r] -= sign * field.minutes[i]
    plan.slots[r] -= sign * field.slots[i]
    for q in range(field.group_start[i], field.group_start[i + 1]):
        plan.groups[field.group[q]] -= sign * field.amount[q]


@kernel
def put_all(field, plan, items):
    """Add each item that fits, or that is in every plan, in this order."""
    for i in items:
        if field.fixed[field.place[i]] or can(field, plan, i):
            put(field, plan, i, 1)


@inner
def extras(field, aim, plan, reviewers):
    """What lateness and bands cost these reviewers."""
    total = 0
    for r in reviewers:
        minutes = 0
        for i in range(field.start[r], field.start[r + 1]):
            if plan.item[field.place[i]] == i:
                minutes += field.minutes[i]
                if aim.late[i] and minutes > field.due[i]:
                    total += aim.late[i]
        if aim.bands and len(field.rate):
            points = 0
            for b in range(len(field.rate)):
                points += field.rate[b] * max(0, field.scale * minutes - field.threshold[r, b])
            total += aim.bands * (points // field.divisor)
    return total


@kernel
def worth_of(aim, plan, places, penalty):
    """What the places cost as they are filled; `penalty` (n_chosen_places,) where they are empty."""
    total = 0
    for q in range(len(places)):
        i = plan.item[places[q]]
        total += aim.cost[i] if i >= 0 else penalty[q]
    return total


@inner
def is_needed(field, plan, p):
    """True when a filled place needs this one."""
    for k in range(field.dependants_start[p], field.dependants_start[p + 1]):
        if plan.item[field.dependants[k]] >= 0:
            return True
    return False


@kernel
def commit(field, plan, places, items):
    """Let the places have these items instead (−1: none), if that fits; whether it was done."""
    before = plan.item[places]
    for i in before:
        if i >= 0:
            put(field, plan, i, -1)
    done = True
    for second in range(2):  # what needs another place comes after it
        for i in items:
            if done and i >= 0 and (field.needs[field.place[i]] >= 0) == (second == 1):
                done = can(field, plan, i)
                if done:
                    put(field, plan, i, 1)
    for p in places:
        done = done and not (plan.item[p] < 0 and is_needed(field, plan, p))
    if not done:
        _restore(field, plan, places, before)
    return done


@inner
def _restore(field, plan, places, items):
    """Let the places have the items that they had."""
    for p in places:
        if plan.item[p] >= 0:
            put(field, plan, plan.item[p], -1)
    for i in items:
        if i >= 0:
            put(field, plan, i, 1)


@inner
def _left(field, plan, i):
    """Minutes that an item leaves its reviewer when what it is linked to comes too; below 0 if it cannot."""
    p, r = field.place[i], field.reviewer[i]
    left, link = plan.minutes[r] - field.minutes[i], field.link[p]
    if link >= 0:
        for q in range(field.link_start[link], field.link_start[link + 1]):
            mate = field.link_places[q]
            if mate != p and plan.item[mate] < 0:
                minutes = field.capacity[r] + 1
                for k in range(field.items_start[mate], field.items_start[mate + 1]):
                    if field.reviewer[field.items[k]] == r:
                        minutes = field.minutes[field.items[k]]
                left -= minutes
    return left


@kernel
def complete(field, aim, plan, inside, places, penalty):
    """Fill what is empty of the places: the dearest an hour first, each by who has most left in proportion.

    Parameters
    ----------
    inside : (n_reviewers,), 1 for those who may be given any
    """
    density = np.empty(len(places))
    for q in range(len(places)):
        shortest = np.int64(2**62)
        for k in range(field.items_start[places[q]], field.items_start[places[q] + 1]):
            shortest = min(shortest, field.minutes[field.items[k]])
        density[q] = -penalty[q] / max(1, shortest)
    order = ascending(density)
    for _ in range(2):  # again, for what needs a place that came later
        for q in order:
            p = places[q]
            best, room = -1, -np.inf
            for k in range(field.items_start[p], field.items_start[p + 1]):
                i = field.items[k]
                r = field.reviewer[i]
                if inside[r] and aim.cost[i] < penalty[q] and can(field, plan, i):
                    left = _left(field, plan, i) / max(1, field.capacity[r])
                    if left > room:
                        best, room = i, left
            if best >= 0:
                put(field, plan, best, 1)
