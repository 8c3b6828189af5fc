"""The cheapest changes to a problem with which given places can all be filled: one CP-SAT model.

Each change gives somebody minutes or slots, a group some more, or opens arcs that no plan may use without it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from solver.cpsat import LEVEL_ONE, CpLimits, Model, optional_arcs
from solver.problem import NO_LIMIT, Ints, Problem
from solver.watch import watched


@dataclass(frozen=True)
class Amendment:
    """One change that may be made.

    Parameters
    ----------
    cost : what it costs, ≥ 1
    minutes, slots, group : what it adds, by reviewer row and by group row
    """

    cost: int
    minutes: Mapping[int, int]
    slots: Mapping[int, int]
    group: Mapping[int, int]


class UndecidedError(RuntimeError):
    """The limit came before anything was found or proved."""


@dataclass(frozen=True, eq=False)
class Amended:
    """The changes made, by their number, and a plan with them; whether nothing cheaper does it."""

    chosen: tuple[int, ...]
    assignment: Ints
    cheapest: bool


@dataclass(frozen=True)
class Changes:
    """All that may be changed, and how much of it at once.

    Parameters
    ----------
    amendments : what there is to choose from
    behind : by arc, the numbers of those that must all be made for it to be used
    apart : sets of numbers of which at most one is made
    most : how many at once
    refused : numbers of those that are not to be made
    """

    amendments: Sequence[Amendment]
    behind: Mapping[int, Sequence[int]]
    apart: Sequence[Sequence[int]] = ()
    most: int = 1
    refused: frozenset[int] = frozenset()


def amend(
    problem: Problem,
    fill: Collection[int],
    changes: Changes,
    limits: CpLimits,
    stopped: Callable[[], bool] = lambda: False,
) -> Amended | None:
    """The cheapest changes with which these places are all filled; None if there are none.

    Raises
    ------
    UndecidedError
        The limit came before that was known.
    """
    model = _Model(problem, frozenset(fill), changes)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.catch_sigint_signal = False
    parameters.num_workers, parameters.random_seed = limits.workers, limits.seed
    if limits.deterministic_seconds is None:
        parameters.max_time_in_seconds = max(0.05, limits.seconds)
    else:
        parameters.max_deterministic_time = limits.deterministic_seconds
    with watched(stopped, solver.stop_search):
        status = solver.solve(model.cp)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise UndecidedError
    chosen = tuple(at for at, made in enumerate(model.made) if solver.boolean_value(made))
    return Amended(chosen, model.assignment(solver), status == cp_model.OPTIMAL)


class _Model(Model):
    """A problem's model, its limits loosened by what is made of the changes, which are to be cheap."""

    def __init__(self, problem: Problem, fill: frozenset[int], changes: Changes) -> None:
        self.fill, self.changes, self.amendments = fill, changes, changes.amendments
        self.made: list[cp_model.IntVar] = []
        super().__init__(problem, LEVEL_ONE)

    def _add_places(self) -> None:
        self.made = [self.cp.new_bool_var("") for _ in self.amendments]
        self.cp.add(sum(self.made) <= self.changes.most)
        for alike in self.changes.apart:
            self.cp.add_at_most_one(self.made[at] for at in alike)
        for at in self.changes.refused:
            self.cp.add(self.made[at] == 0)
        for place in range(self.problem.n_places):
            mine = self._place(place)
            if mine and (place in self.fill or self.problem.required[place]):
                self.cp.add_exactly_one(mine)
            elif mine:
                self.cp.add_at_most_one(mine)
            elif place in self.fill and not self.problem.required[place]:
                self.cp.add_bool_or([])
        for arc, needed in self.changes.behind.items():
            for x in self._of([arc]):
                for at in needed:
                    self.cp.add_implication(x, self.made[at])

    def _add_capacity_and_slots(self) -> None:
        problem, items = self.problem, self.items
        for r in range(problem.n_reviewers):
            arcs = optional_arcs(items, r)
            mine = self._of(arcs.tolist())
            minutes = problem.arc_minutes[arcs].tolist()
            self._loosened(mine, minutes, int(items.free_minutes[r]), "minutes", r)
            if items.free_slots[r] < NO_LIMIT:
                self._loosened(mine, problem.arc_slots[arcs].tolist(), int(items.free_slots[r]), "slots", r)

    def _add_groups(self) -> None:
        g = self.problem.groups
        for group, limit in enumerate(g.limit.tolist()):
            part = slice(g.start[group], g.start[group + 1])
            arcs, amounts = g.arc[part], g.amount[part]
            held = np.array([self.x[arc] is None for arc in arcs], dtype=bool)
            left = limit - int(amounts[held].sum())
            self._loosened(self._of(arcs[~held].tolist()), amounts[~held].tolist(), left, "group", group)

    def _loosened(
        self, terms: list[cp_model.IntVar], amounts: list[int], limit: int, what: str, row: int
    ) -> None:
        more = [
            (made, getattr(a, what).get(row, 0)) for made, a in zip(self.made, self.amendments, strict=True)
        ]
        extra = sum(add * made for made, add in more if add)
        if terms:
            self.cp.add(cp_model.LinearExpr.weighted_sum(terms, amounts) <= limit + extra)

    def _add_late(self) -> None:
        """Nothing: lateness does not matter here."""

    def _add_bands(self) -> None:
        """Nothing: nor do the workload bands."""

    def _minimise(self) -> None:
        """Cheapest first; of equally cheap ones those that come first."""
        count = len(self.amendments)
        costs = [one.cost * count * self.changes.most + at for at, one in enumerate(self.amendments)]
        self.cp.minimize(cp_model.LinearExpr.weighted_sum(self.made, costs))
