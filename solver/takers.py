"""As many places filled as can be, by as few different people as can be: two CP-SAT solves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver import cp_model
from solver.check import values
from solver.cpsat import LEVEL_ONE, CpLimits, Model, level_weights, run
from solver.problem import Ints, Problem


@dataclass(frozen=True, eq=False)
class FewTakers:
    """An assignment, by how many different people beyond those who keep what they have, and what is proved.

    Parameters
    ----------
    fewest : nothing fills more, and nothing that fills as much does it with fewer people
    best : and nothing that does both is less late, or as late and less costly
    """

    assignment: Ints
    takers: int
    fewest: bool
    best: bool


def few_takers(
    problem: Problem, limits: CpLimits, stopped: Callable[[], bool] = lambda: False
) -> FewTakers | None:
    """Fill all that can be filled, by level-1 points; then few takers, then levels 2 and 3.

    Returns
    -------
    FewTakers or None, if there was no time for any.
    """
    first = _Model(problem, LEVEL_ONE)
    solver, status = run(first.cp, limits, stopped)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found = first.assignment(solver)
    points, takers = int(values(problem, found)[0]), first.takers(solver)
    fewest = status == cp_model.OPTIMAL
    second = _Model(problem, _lower(problem), points, takers)
    second.hint(found)
    solver, status = run(second.cp, limits, stopped)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return FewTakers(found, takers, fewest, False)
    best = fewest and status == cp_model.OPTIMAL
    return FewTakers(second.assignment(solver), second.takers(solver), fewest, best)


def _lower(problem: Problem) -> Ints:
    """The weights of levels 2 and 3, and none of level 1; level 2 alone if both do not fit."""
    weights = level_weights(problem)
    return np.array([0, 1, 0], np.int64) if weights is None else np.array([0, *weights[1:]], np.int64)


class _Model(Model):
    """A problem's model that counts takers; with `points` given it keeps to those and minimises the rest."""

    def __init__(
        self, problem: Problem, weights: Ints, points: int | None = None, most: int | None = None
    ) -> None:
        self.points, self.most = points, most
        self.used: list[cp_model.IntVar] = []
        super().__init__(problem, weights)

    def takers(self, solver: cp_model.CpSolver) -> int:
        """How many people take something."""
        taken = self.assignment(solver) >= 0
        optional = taken & ~self.problem.required
        return len(set(self.assignment(solver)[optional].tolist()))

    def _add_places(self) -> None:
        super()._add_places()
        arc_place, arc_reviewer = self.problem.arc_place, self.problem.arc_reviewer
        by: dict[int, list[cp_model.IntVar]] = {}
        for arc, x in enumerate(self.x):
            if x is not None and not self.problem.required[arc_place[arc]]:
                by.setdefault(int(arc_reviewer[arc]), []).append(x)
        for mine in by.values():
            used = self.cp.new_bool_var("")
            self.used.append(used)
            for x in mine:
                self.cp.add_implication(x, used)

    def _filled(self, times: int = 1) -> cp_model.LinearExpr:
        """Level-1 points of what is filled, so many times."""
        arcs = [arc for arc, x in enumerate(self.x) if x is not None]
        place = self.problem.arc_place[arcs]
        points = times * np.where(self.problem.required[place], 0, self.problem.penalty[place])
        return cp_model.LinearExpr.weighted_sum(self._of(arcs), points.tolist())

    def _minimise(self) -> None:
        """Level 1 before takers; or, where both are given, the rest."""
        takers = cp_model.LinearExpr.sum(self.used)
        if self.points is None or self.most is None:
            self.cp.minimize(takers - self._filled(len(self.used) + 1))
            return
        all_of_it = int(self.problem.penalty[~self.problem.required].sum())
        self.cp.add(self._filled() >= all_of_it - self.points)
        self.cp.add(takers <= self.most)
        super()._minimise()
