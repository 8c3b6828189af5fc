"""Places that a plan leaves empty though they cost nobody much: the few who may take one make room for it.

The best plan of a core (`solver.core`) gives the others whatever room it leaves. Where one outside then fits
nowhere, all that those reviewers have is planned anew together, exactly, which takes a moment.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solver import mip
from solver.part import Part, part_of
from solver.problem import Bools, Ints
from solver.search import Search

MOST_ARCS, SECONDS = 2_500, 2.0
SHARE = 0.15


def make_room_around(search: Search, places: Bools, plan: Ints) -> Ints:
    """The plan, bettered at level 1 around those of some places that are empty; the best of it is offered.

    Parameters
    ----------
    places : ndarray of shape (n_places,), bool
    plan : ndarray of shape (n_places,), sound
    """
    problem = search.problem
    until = search.seconds + (float("inf") if search.deterministic else SHARE * max(0.0, search.remaining))
    empty = np.flatnonzero(places & (plan < 0) & (problem.penalty > 0) & (np.diff(problem.arc_start) > 0))
    for place in empty[np.argsort(-problem.penalty[empty], kind="stable")].tolist():
        if search.stopped() or search.seconds > until:
            break
        if plan[place] < 0:
            plan = _bettered(search, _part(search, plan, place), plan)
    return plan


def _part(search: Search, plan: Ints, place: int) -> Part:
    """The part of those with most time who may take a place: as many as are planned anew in a moment."""
    problem, used = search.problem, search.problem.arcs_of(plan)
    free = problem.capacity.astype(np.float64)
    np.subtract.at(free, plan[plan >= 0], problem.arc_minutes[used[used >= 0]])
    able = problem.arc_reviewer[problem.arc_start[place] : problem.arc_start[place + 1]]
    able = able[np.argsort(-free[able], kind="stable")]
    while True:
        part = part_of(problem, plan, np.sort(able))
        if part.problem.n_arcs <= MOST_ARCS or len(able) == 1:
            return part
        able = able[: max(1, len(able) * 2 // 3)]


def _bettered(search: Search, part: Part, plan: Ints) -> Ints:
    seconds = min(SECONDS, max(0.001, search.remaining)) if not search.deterministic else SECONDS
    sub = Search(part.problem, replace(search.limits, seconds=seconds), cancelled=search.out_of_time)
    sub.offer(part.start(plan), "core")
    before = int(sub.best_values[0])
    if sub.open_level() == 0 and mip.suits(sub):
        mip.mip(sub, 1.0)
    if sub.best is None or int(sub.best_values[0]) >= before:
        return plan
    better = part.merged(plan, sub.best)
    search.offer(better, "core")
    return better
