"""A plan as a person makes it: one place at a time, and never what a rule forbids by then.

What a coordinator does without any of this: the oldest first, each to the least loaded who may take it.
"""

from __future__ import annotations

import numpy as np

from solver.problem import Ints, Problem


class PlanByHand:
    """What is placed, and what is left of every limit; held work is there from the beginning."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.assignment = np.full(problem.n_places, -1, np.int64)
        self.minutes, self.slots = problem.capacity.copy(), problem.slots.copy()
        self._left = problem.groups.limit.copy()
        self._taker_of_link: dict[int, int] = {}
        self._at_case: dict[int, set[int]] = {}
        self._member = np.argsort(problem.groups.arc, kind="stable")
        self._first = np.searchsorted(problem.groups.arc[self._member], np.arange(problem.n_arcs + 1))
        least = np.lexsort((problem.arc_points, problem.arc_slots, problem.arc_place))
        for place in np.flatnonzero(problem.required).tolist():
            self.take(int(least[problem.arc_start[place]]))

    def can(self, arc: int) -> bool:
        """Return whether no rule forbids it by now."""
        p = self.problem
        place, reviewer = int(p.arc_place[arc]), int(p.arc_reviewer[arc])
        groups, amounts = self._counted(arc)
        return bool(
            self.assignment[place] < 0
            and p.arc_minutes[arc] <= self.minutes[reviewer]
            and p.arc_slots[arc] <= self.slots[reviewer]
            and self._taker_of_link.get(int(p.link[place]), reviewer) == reviewer
            and (p.needs[place] < 0 or self.assignment[p.needs[place]] >= 0)
            and reviewer not in self._at_case.get(int(p.case[place]), ())
            and np.all(amounts <= self._left[groups])
        )

    def take(self, arc: int) -> None:
        """Place it; the caller knows that it can be, or that it must."""
        p = self.problem
        place, reviewer = int(p.arc_place[arc]), int(p.arc_reviewer[arc])
        self.assignment[place] = reviewer
        self.minutes[reviewer] -= p.arc_minutes[arc]
        self.slots[reviewer] -= p.arc_slots[arc]
        self._at_case.setdefault(int(p.case[place]), set()).add(reviewer)
        if p.link[place] >= 0:
            self._taker_of_link[int(p.link[place])] = reviewer
        groups, amounts = self._counted(arc)
        np.subtract.at(self._left, groups, amounts)

    def _counted(self, arc: int) -> tuple[Ints, Ints]:
        """Return the groups that count an arc, and how much."""
        members = self._member[self._first[arc] : self._first[arc + 1]]
        return self.problem.groups.of_member[members], self.problem.groups.amount[members]


def oldest_first(problem: Problem, notified: Ints) -> Ints:
    """The oldest notified first, leads before seconds, each to the least loaded who may take it by then.

    Parameters
    ----------
    notified : ndarray of shape (n_places,), days that can be compared

    Returns
    -------
    ndarray of shape (n_places,), the reviewer row of each place, −1 for nobody
    """
    plan = PlanByHand(problem)
    empty = np.flatnonzero(plan.assignment < 0)
    for place in empty[np.lexsort((problem.needs[empty] >= 0, notified[empty]))].tolist():
        arcs = np.arange(problem.arc_start[place], problem.arc_start[place + 1])
        whose = problem.arc_reviewer[arcs]
        load = 1 - plan.minutes[whose] / np.maximum(1, problem.capacity[whose])
        order = arcs[np.argsort(load, kind="stable")].tolist()
        taken = next((arc for arc in order if plan.can(arc)), None)
        if taken is not None:
            plan.take(taken)
    return plan.assignment
