"""A plan under construction: what is taken, what is left, and which arcs still fit."""

from __future__ import annotations

import numpy as np

from solver.problem import Bools, Ints, Problem


class State:
    """A sound partial plan that grows arc by arc.

    Held work is there from the start: what may not move with its holder, the rest where `start` has it or,
    without a start, on its arc of fewest slots and points.
    """

    def __init__(self, problem: Problem, start: Ints | None = None) -> None:
        self.problem = problem
        self.assignment = np.full(problem.n_places, -1, np.int64)
        self.taken = np.zeros(problem.n_arcs, dtype=bool)
        self.free_minutes = problem.capacity.copy()
        self.free_slots = problem.slots.copy()
        self.group_left = problem.groups.limit.copy()
        n_links = int(problem.link.max(initial=-1)) + 1
        self.link_reviewer = np.full(n_links, -1, np.int64)
        self._mates = _mates(problem)
        self._groups_of_arc = _groups_of_arc(problem)
        for arc in np.flatnonzero(problem.forced):
            self.take(int(arc))
        for arc in _held_arcs(problem, start):
            self.take(int(arc))

    def can(self, arc: int) -> bool:
        """True when the arc may be added to the plan as it stands."""
        p = self.problem
        place, reviewer = p.arc_place[arc], p.arc_reviewer[arc]
        link, needed = p.link[place], p.needs[place]
        return bool(
            self.assignment[place] < 0
            and p.arc_minutes[arc] <= self.free_minutes[reviewer]
            and p.arc_slots[arc] <= self.free_slots[reviewer]
            and (link < 0 or self.link_reviewer[link] in (-1, reviewer))
            and (needed < 0 or self.assignment[needed] >= 0)
            and all(self.assignment[mate] != reviewer for mate in self._mates.get(int(place), ()))
            and all(amount <= self.group_left[g] for g, amount in self._groups_of_arc.get(arc, ()))
        )

    def take(self, arc: int) -> None:
        """Add an arc; the caller has asked `can`, or knows that the arc is in every plan."""
        p = self.problem
        place, reviewer = p.arc_place[arc], p.arc_reviewer[arc]
        self.assignment[place] = reviewer
        self.taken[arc] = True
        self.free_minutes[reviewer] -= p.arc_minutes[arc]
        self.free_slots[reviewer] -= p.arc_slots[arc]
        if p.link[place] >= 0:
            self.link_reviewer[p.link[place]] = reviewer
        for g, amount in self._groups_of_arc.get(arc, ()):
            self.group_left[g] -= amount

    def active(self) -> Bools:
        """Arcs that fit now, or would once the place they need is filled; shape (n_arcs,)."""
        p = self.problem
        place, reviewer = p.arc_place, p.arc_reviewer
        fits = (self.assignment[place] < 0) & (p.arc_minutes <= self.free_minutes[reviewer])
        fits &= p.arc_slots <= self.free_slots[reviewer]
        g = p.groups
        fits[g.arc[g.amount > self.group_left[g.of_member]]] = False
        if len(self.link_reviewer):
            bound_to = np.where(p.link >= 0, self.link_reviewer[p.link], -1)[place]
            fits &= (bound_to < 0) | (bound_to == reviewer)
        for one, others in self._mates.items():
            for other in others:
                if self.assignment[one] < 0 <= self.assignment[other]:
                    mine = slice(p.arc_start[one], p.arc_start[one + 1])
                    fits[mine] &= p.arc_reviewer[mine] != self.assignment[other]
        return np.asarray(fits, dtype=np.bool_)


def _held_arcs(problem: Problem, start: Ints | None) -> Ints:
    movable = np.flatnonzero(problem.movable)
    if start is not None:
        return problem.arcs_of(start)[movable]
    order = np.lexsort((problem.arc_points, problem.arc_slots, problem.arc_place))
    return order[problem.arc_start[movable]]


def _mates(problem: Problem) -> dict[int, tuple[int, ...]]:
    """Per place, the other places of its case; only cases with more than one."""
    order = np.argsort(problem.case, kind="stable")
    together = np.split(order, np.flatnonzero(np.diff(problem.case[order])) + 1)
    return {
        int(one): tuple(int(other) for other in places if other != one)
        for places in together
        if len(places) > 1
        for one in places
    }


def _groups_of_arc(problem: Problem) -> dict[int, list[tuple[int, int]]]:
    g = problem.groups
    found: dict[int, list[tuple[int, int]]] = {}
    for arc, group, amount in zip(g.arc.tolist(), g.of_member.tolist(), g.amount.tolist(), strict=True):
        found.setdefault(arc, []).append((group, amount))
    return found
