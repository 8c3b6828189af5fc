"""A few reviewers' part of a problem, the rest of the plan held as it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.problem import Bands, Bools, Groups, Ints, Problem


@dataclass(frozen=True, eq=False)
class Part:
    """A smaller problem, and which places, reviewers and groups of the whole its rows are."""

    problem: Problem
    places: Ints
    reviewers: Ints
    groups: Ints

    def start(self, assignment: Ints) -> Ints:
        """The part's share of a whole assignment."""
        row = np.full(int(max(assignment.max(initial=0), self.reviewers.max(initial=0))) + 2, -1)
        row[self.reviewers] = np.arange(len(self.reviewers))
        return np.asarray(row[assignment[self.places]], dtype=np.int64)

    def merged(self, assignment: Ints, solved: Ints) -> Ints:
        """A copy of the whole assignment with the part's places as solved."""
        whole = assignment.copy()
        whole[self.places] = np.where(solved >= 0, self.reviewers[solved], -1)
        return whole


def part_of(problem: Problem, assignment: Ints, reviewers: Ints) -> Part:
    """What these reviewers could do otherwise: their own places, and empty ones they may take.

    Parameters
    ----------
    assignment : ndarray of shape (n_places,), sound
    reviewers : ndarray of shape (k,), ascending rows
    """
    chosen = np.zeros(problem.n_reviewers, dtype=bool)
    chosen[reviewers] = True
    mine = (assignment >= 0) & chosen[assignment]
    inside = (mine | (assignment < 0)) & ~_bound_elsewhere(problem, assignment, mine)
    keep = inside[problem.arc_place] & chosen[problem.arc_reviewer]
    keep &= ~_without_need(problem, assignment, keep)[problem.arc_place]
    places = np.flatnonzero(np.bincount(problem.arc_place[keep], minlength=problem.n_places))
    part = _sub_problem(problem, assignment, (keep, places, reviewers))
    return Part(part, places, reviewers, np.arange(len(problem.groups.limit)))


def cut_out(problem: Problem, arcs: Ints, rows: tuple[Ints, Ints], groups: Groups) -> Problem:
    """The problem of some arcs alone, its places and reviewers renumbered.

    Parameters
    ----------
    arcs : ndarray of shape (k,), ascending arc rows
    rows : the places, each with an arc, and the reviewers, both ascending; they have all of these arcs
    groups : those of the arcs, told by their new rows
    """
    places, reviewers = rows
    row = np.full(problem.n_reviewers, -1)
    row[reviewers] = np.arange(len(reviewers))
    place_row = np.full(problem.n_places + 1, -1)
    place_row[places] = np.arange(len(places))
    counts = np.bincount(place_row[problem.arc_place[arcs]], minlength=len(places))
    bands = problem.bands
    return Problem(
        case=problem.case[places],
        rank=problem.rank[places],
        penalty=problem.penalty[places],
        late_points=problem.late_points[places],
        required=problem.required[places],
        movable=problem.movable[places],
        needs=place_row[problem.needs[places]],
        link=problem.link[places],
        arc_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        arc_reviewer=row[problem.arc_reviewer[arcs]],
        arc_minutes=problem.arc_minutes[arcs],
        arc_points=problem.arc_points[arcs],
        arc_slots=problem.arc_slots[arcs],
        arc_due=problem.arc_due[arcs],
        capacity=problem.capacity[reviewers],
        slots=problem.slots[reviewers],
        bands=Bands(bands.threshold[reviewers], bands.rate, bands.scale, bands.divisor),
        groups=groups,
    )


def _bound_elsewhere(problem: Problem, assignment: Ints, mine: Bools) -> Bools:
    """Empty places of a link that already has a reviewer outside the part."""
    outside = (problem.link >= 0) & (assignment >= 0) & ~mine
    return np.asarray(np.isin(problem.link, problem.link[outside]) & (assignment < 0), dtype=np.bool_)


def _without_need(problem: Problem, assignment: Ints, keep: Bools) -> Bools:
    """Places that need one which is empty and stays so, for nobody in the part may take it."""
    offered = np.bincount(problem.arc_place[keep], minlength=problem.n_places) > 0
    needed = np.maximum(problem.needs, 0)
    return np.asarray((problem.needs >= 0) & (assignment[needed] < 0) & ~offered[needed], dtype=np.bool_)


def _sub_problem(problem: Problem, assignment: Ints, kept: tuple[Bools, Ints, Ints]) -> Problem:
    keep, places, reviewers = kept
    bound = _must_stay(problem, assignment, places)
    used = problem.arcs_of(assignment)
    outside = np.zeros(problem.n_arcs, dtype=bool)
    outside[used[used >= 0]] = True
    g = problem.groups
    spent = np.zeros(len(g.limit), np.int64)
    np.add.at(spent, g.of_member, g.amount * (outside & ~keep)[g.arc])
    groups = g.kept_arcs(keep)
    left = Groups(g.limit - spent, groups.start, groups.arc, groups.amount)
    part = cut_out(problem, np.flatnonzero(keep), (places, reviewers), left)
    return part.replace(required=part.required | bound, movable=part.movable | bound)


def _must_stay(problem: Problem, assignment: Ints, places: Ints) -> Bools:
    """Places that another place outside the part needs filled; shape (n_part_places,)."""
    in_part = np.zeros(problem.n_places, dtype=bool)
    in_part[places] = True
    dependent = np.flatnonzero((problem.needs >= 0) & (assignment >= 0) & ~in_part)
    return np.asarray(np.isin(places, problem.needs[dependent]), dtype=np.bool_)
