"""Makes a sample as hard as real queues are: enough conflicts, enough scarce cases, few hopeless ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from allocator.sample.queue import Queue
from allocator.sample.reach import Bits, Reach, population
from allocator.sample.skills import SCARCE, bit, rare_bits
from allocator.sample.tables import Bools, Ints

CONFLICT_SHARE = 0.175  # of pairs within reach; the least asked for is 0.15
BELOW_SHARE = 0.6  # of cases with at most 30 % of those nearby
FEW_SHARE = 0.14  # of cases with at most three; the least asked for is 0.1
NOBODY_SHARE = 0.02  # of cases; the most allowed is 0.03
FEW = 3


@dataclass(frozen=True)
class Counts:
    """Per waiting case: reviewers at home nearby, and those who may take it."""

    rows: Ints
    nearby: Ints
    eligible: Ints
    fit: Bits  # those same people


def waiting(queue: Queue) -> Bools:
    """Return which cases are to be placed now."""
    return queue.in_scope & ~queue.to_hold & ~queue.on_hold


def part(queue: Queue, rows: Ints) -> Queue:
    """Return some rows of a queue."""
    return Queue(**{name: value[rows] for name, value in vars(queue).items()})


def conflict_share(reach: Reach, queue: Queue) -> float:
    """Return the share of pairs within reach of each other that a conflict takes away."""
    nearby = reach.nearby(queue)
    return int(population(nearby & reach.conflicted(queue)).sum()) / max(1, int(population(nearby).sum()))


def harden(reach: Reach, queue: Queue, rng: np.random.Generator) -> Queue:
    """Return the queue with scarce skills asked for until it is hard enough, and hopeless cases mended."""
    for left in range(2 * len(SCARCE), 0, -1):
        queue = _scarcer(reach, queue, bit(SCARCE[left % len(SCARCE)]), 1 / left, rng)
    queue = _rarer(reach, queue, rng)
    for rare in rare_bits(0).tolist():  # where a dozen people have the same skills, others tell them apart
        queue = _scarcer(reach, queue, rare, 1.0, rng)
    for mend in (_unskilled, _initial, _local_practice):
        queue = mend(queue, _hopeless(reach, queue))
    queue = _moved(queue, _hopeless(reach, queue), int(population(reach.area).argmax()))
    return _until_hard(reach, queue, rng)


def _until_hard(reach: Reach, queue: Queue, rng: np.random.Generator) -> Queue:
    """Return the queue with pairs of skills asked for, where mending left the median case too easy.

    A dozen reviewers have few skills that tell them apart: one skill more leaves too many or nobody.
    """
    skills = [*(bit(skill) for skill in SCARCE), *rare_bits(0).tolist()]
    for one, other in combinations(skills, 2):
        now = _count(reach, queue, np.flatnonzero(waiting(queue)))
        hard = now.eligible <= 0.3 * now.nearby
        if 2 * int(hard.sum()) > len(hard) or not len(hard):
            break
        after = _with_skill(reach, now, one | other)
        helps = ~hard & (after <= 0.3 * now.nearby) & (after > 0) & (queue.linked_to[now.rows] < 0)
        short = int(0.5 * len(hard)) + 1 - int(hard.sum())
        queue = _with_skills(queue, _some(now.rows[helps], short, rng), one | other)
    return queue


def _count(reach: Reach, queue: Queue, rows: Ints) -> Counts:
    some = part(queue, rows)
    fit = reach.eligible(some)
    return Counts(rows, population(reach.home[some.area]), population(fit), fit)


def _with_skill(reach: Reach, now: Counts, skill: int) -> Ints:
    """Return how many could take each case if it asked for one skill more."""
    return population(now.fit & reach.skilled(np.array([skill])))


def _with_skills(queue: Queue, rows: Ints, skills: Ints | int) -> Queue:
    changed = queue.skills.copy()
    changed[rows] |= skills
    return replace(queue, skills=changed)


def _scarcer(reach: Reach, queue: Queue, skill: int, share: float, rng: np.random.Generator) -> Queue:
    """Return the queue with a scarce skill asked for by some of the cases that many could take.

    Parameters
    ----------
    share : how much of what is still missing to make up with this skill
    """
    now = _count(reach, queue, np.flatnonzero(waiting(queue)))
    short = round(BELOW_SHARE * len(now.rows)) - int((now.eligible <= 0.3 * now.nearby).sum())
    if short <= 0:
        return queue
    after = _with_skill(reach, now, skill)
    helps = (now.eligible > 0.3 * now.nearby) & (after <= 0.3 * now.nearby) & (after > 0)
    helps &= queue.linked_to[now.rows] < 0
    return _with_skills(queue, _some(now.rows[helps], int(np.ceil(short * share)), rng), skill)


def _rarer(reach: Reach, queue: Queue, rng: np.random.Generator) -> Queue:
    """Return the queue with rare skills asked for by some cases that one to three could still take."""
    rows = np.flatnonzero(waiting(queue))
    rare = rng.permutation(rare_bits(float(population(reach.home).mean())))
    for skill in rare:
        now = _count(reach, queue, rows)
        after = _with_skill(reach, now, int(skill))
        short = round(FEW_SHARE * len(rows)) - int((now.eligible <= FEW).sum())
        helps = (now.eligible > FEW) & (after <= FEW) & (after > 0)
        helps &= queue.linked_to[rows] < 0
        share = -(-short // 3) if skill != rare[-1] else short
        queue = _with_skills(queue, _some(rows[helps], share, rng), int(skill))
    return queue


def _some(rows: Ints, count: int, rng: np.random.Generator) -> Ints:
    return rng.permutation(rows)[: max(0, count)]


def _hopeless(reach: Reach, queue: Queue) -> Ints:
    """Return the cases nobody may take, but for the few waiting ones that a real queue has as well."""
    rows = np.flatnonzero(queue.in_scope)
    nobody = rows[_count(reach, queue, rows).eligible == 0]
    now = waiting(queue)
    spared = nobody[now[nobody]][: int(NOBODY_SHARE * now.sum() + 0.25)]
    return np.setdiff1d(nobody, spared)


def _unskilled(queue: Queue, rows: Ints) -> Queue:
    skills = queue.skills.copy()
    skills[rows] &= bit(SCARCE[0])
    return replace(queue, skills=skills)


def _initial(queue: Queue, rows: Ints) -> Queue:
    focused, skills, effort = queue.focused.copy(), queue.skills.copy(), queue.effort_hours.copy()
    focused[rows], skills[rows], effort[rows] = False, 0, np.nan
    return replace(queue, focused=focused, skills=skills, effort_hours=effort)


def _local_practice(queue: Queue, rows: Ints) -> Queue:
    """Return the queue with only the last, and least, organisation of each of these cases kept."""
    organisations = queue.organisations.copy()
    last = (organisations[rows] >= 0).sum(axis=1) - 1
    organisations[rows, 0] = organisations[rows, np.maximum(0, last)]
    organisations[rows, 1:] = -1
    return replace(queue, organisations=organisations)


def _moved(queue: Queue, rows: Ints, to_area: int) -> Queue:
    """Return the queue with these cases in another area: that which most reviewers can serve."""
    area = queue.area.copy()
    area[rows] = to_area
    return replace(queue, area=area)
