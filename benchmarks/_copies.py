"""Copies of a problem that differ in form alone: rows in another order, dearer points."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solver.problem import Ints, Problem


@dataclass(frozen=True, eq=False)
class Permuted:
    """A problem whose rows stand in another order.

    Parameters
    ----------
    place : ndarray of shape (n_places,), the row that each place had before
    reviewer : ndarray of shape (n_reviewers,), the row that each reviewer had before
    """

    problem: Problem
    place: Ints
    reviewer: Ints

    def assignment(self, before: Ints) -> Ints:
        """Return the assignment of this copy that is the same as one of the problem before."""
        taker = before[self.place]
        return np.asarray(np.where(taker >= 0, np.argsort(self.reviewer)[taker], -1), np.int64)


def permuted(problem: Problem, rng: np.random.Generator) -> Permuted:
    """Return the problem with places and reviewers in an order drawn by `rng`."""
    p, place, reviewer = problem, rng.permutation(problem.n_places), rng.permutation(problem.n_reviewers)
    new_place, new_reviewer = np.argsort(place), np.argsort(reviewer)
    arc = np.lexsort((new_reviewer[p.arc_reviewer], new_place[p.arc_place]))
    counts = np.diff(p.arc_start)[place]
    copy = p.replace(
        case=p.case[place],
        rank=p.rank[place],
        penalty=p.penalty[place],
        late_points=p.late_points[place],
        required=p.required[place],
        movable=p.movable[place],
        needs=np.where(p.needs >= 0, new_place[p.needs], -1)[place],
        link=p.link[place],
        arc_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        arc_reviewer=new_reviewer[p.arc_reviewer[arc]],
        arc_minutes=p.arc_minutes[arc],
        arc_points=p.arc_points[arc],
        arc_slots=p.arc_slots[arc],
        arc_due=p.arc_due[arc],
        capacity=p.capacity[reviewer],
        slots=p.slots[reviewer],
        bands=replace(p.bands, threshold=p.bands.threshold[reviewer]),
        groups=replace(p.groups, arc=np.argsort(arc)[p.groups.arc]),
    )
    return Permuted(copy, place, reviewer)


def dearer(problem: Problem, times: int) -> Problem:
    """Return the problem with all points so many times as many; bands' are cut to whole ones after that."""
    return problem.replace(
        penalty=problem.penalty * times,
        late_points=problem.late_points * times,
        arc_points=problem.arc_points * times,
        bands=replace(problem.bands, rate=problem.bands.rate * times),
    )
