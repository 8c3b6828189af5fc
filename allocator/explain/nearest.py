"""The reviewers nearest to having a place that a plan leaves empty, and who could take their work in turn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocator.arcs import masks
from allocator.encode import Encoding
from allocator.exact import Ints
from allocator.explain.changes import COVER, REVIEW_TYPE, SKILL
from allocator.held import Role
from allocator.rules import RULES, Bools, Rule
from allocator.rules.rule import Prepare

SEEDS = 12
"""How many are looked at for themselves; the others for what they could take from those."""
OPENING = {"type": REVIEW_TYPE, "skill": SKILL, "area": COVER}


def nearest(encoding: Encoding, assignment: Ints, place: int, largest: int) -> Ints:
    """The reviewers to look at, ascending rows: as many as could have so many arcs among them at most.

    Those come first for whom the place would take the fewest hours of somebody's time, as remedies are
    ranked: hours that they lack, and what stops them and could be changed. Then those who may take most
    of the work that these have.
    """
    problem = encoding.problem
    far = _hours_away(encoding, assignment, place)
    seeds = np.argsort(far, kind="stable")[:SEEDS]
    seeds = seeds[np.isfinite(far[seeds])]
    theirs = np.isin(assignment, seeds)[problem.arc_place]
    helps = np.bincount(problem.arc_reviewer[theirs], minlength=problem.n_reviewers).astype(np.float64)
    helps[seeds] = np.inf
    order = np.lexsort((far, -helps))
    order = order[helps[order] > 0]
    work = np.bincount(assignment[assignment >= 0], minlength=problem.n_reviewers)[order]
    arcs = np.arange(1, len(order) + 1) * (1 + np.cumsum(work))
    return np.sort(order[: max(1, int(np.searchsorted(arcs, largest, side="right")))])


def only(encoding: Encoding, assignment: Ints, place: int, near: Ints) -> Rule:
    """A rule that nobody passes but these reviewers for what they have and the case, and who has it now."""
    places = encoding.places
    near_reviewer = np.zeros(encoding.problem.n_reviewers, np.bool_)
    near_reviewer[near] = True
    mine = (assignment >= 0) & near_reviewer[assignment]
    near_case = np.zeros(len(encoding.facts.cases), np.bool_)
    near_case[places.case[mine]] = True
    near_case[places.case[place]] = True

    def of(role: Role) -> Prepare:
        has, seats = np.full(len(near_case), -1, np.int64), places.role == role
        has[places.case[seats]] = assignment[seats]

        def mask(rows: Ints) -> Bools:
            may = near_case[rows][:, None] & near_reviewer
            held = np.flatnonzero(has[rows] >= 0)
            may[held, has[rows[held]]] = True
            return np.asarray(may, np.bool_)

        return lambda facts, held: mask

    return Rule("near", "Near enough to be looked at.", lead=of(Role.LEAD), second=of(Role.SECOND))


def _hours_away(encoding: Encoding, assignment: Ints, place: int) -> NDArray[np.float64]:
    """Hours of somebody's time that it would take for each to have a place, infinite where nothing does."""
    problem, facts = encoding.problem, encoding.facts
    row, role = encoding.places.case[[place]], Role(int(encoding.places.role[place]))
    far = np.zeros(problem.n_reviewers)
    for code, mask in masks(facts, encoding.held, role, RULES).items():
        far[~mask(row)[0]] += OPENING.get(code, 0 if code == "available" else np.inf)
    arcs = slice(problem.arc_start[place], problem.arc_start[place + 1])
    like = problem.arc_minutes[arcs] if arcs.start < arcs.stop else problem.arc_minutes
    asks = np.full(problem.n_reviewers, np.median(like) if len(like) else 0.0)
    asks[problem.arc_reviewer[arcs]] = problem.arc_minutes[arcs]
    used = problem.arcs_of(assignment)
    free = problem.capacity.astype(np.float64)
    np.subtract.at(free, assignment[assignment >= 0], problem.arc_minutes[used[used >= 0]])
    return np.asarray(far + np.maximum(0, asks - free) / 60)
