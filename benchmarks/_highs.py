"""Level 1 as one mixed-integer programme for HiGHS, which OR-tools has inside.

Threads cannot be set through MathOpt: HiGHS takes its own default, half of the processors.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from solver.problem import NO_LIMIT, Ints, Problem

Floats = NDArray[np.float64]


class _Programme:
    """Binary columns, the first n_arcs of them the arcs, and rows as they are added."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.n_columns, self.n_rows = problem.n_arcs, 0
        self.bounds: list[tuple[Floats, Floats]] = []
        self.entries: list[tuple[Ints, Ints, Ints]] = []
        for add in (self._places, self._needs, self._distinct, self._links, self._limits, self._groups):
            add()

    def _rows(self, high: Ints, low: Floats | None = None) -> Ints:
        """Return the numbers of new rows with these bounds."""
        self.bounds.append((np.full(len(high), -np.inf) if low is None else low, high.astype(np.float64)))
        self.n_rows += len(high)
        return np.arange(self.n_rows - len(high), self.n_rows)

    def _enter(self, rows: Ints, columns: Ints, values: Ints | int) -> None:
        self.entries.append((rows, columns, np.broadcast_to(values, rows.shape)))

    def _places(self) -> None:
        p = self.problem
        rows = self._rows(np.ones(p.n_places, np.int64), np.where(p.required, 1.0, 0.0))
        self._enter(rows[p.arc_place], np.arange(p.n_arcs), 1)

    def _needs(self) -> None:
        p = self.problem
        for place in np.flatnonzero(p.needs >= 0).tolist():
            mine, leads = (_arcs(p, one) for one in (place, int(p.needs[place])))
            row = self._rows(np.zeros(1, np.int64))
            self._enter(np.repeat(row, len(mine)), mine, 1)
            self._enter(np.repeat(row, len(leads)), leads, -1)

    def _distinct(self) -> None:
        p = self.problem
        key = p.case[p.arc_place] * p.n_reviewers + p.arc_reviewer
        _, group, count = np.unique(key, return_inverse=True, return_counts=True)
        row_of = np.full(len(count), -1)
        row_of[count > 1] = self._rows(np.ones(int((count > 1).sum()), np.int64))
        twice = np.flatnonzero(row_of[group] >= 0)
        self._enter(row_of[group[twice]], twice, 1)

    def _links(self) -> None:
        """One taker a link: each linked arc needs its reviewer to be the taker."""
        p = self.problem
        arcs = np.flatnonzero(p.link[p.arc_place] >= 0)
        pairs, taker = np.unique(
            p.link[p.arc_place[arcs]] * p.n_reviewers + p.arc_reviewer[arcs], return_inverse=True
        )
        columns = self.n_columns + np.arange(len(pairs))
        self.n_columns += len(pairs)
        rows = self._rows(np.zeros(len(arcs), np.int64))
        self._enter(rows, arcs, 1)
        self._enter(rows, columns[taker], -1)
        _, link = np.unique(pairs // p.n_reviewers, return_inverse=True)
        one = self._rows(np.ones(int(link.max(initial=-1)) + 1, np.int64))
        self._enter(one[link], columns, 1)

    def _limits(self) -> None:
        p = self.problem
        for limit, amount in ((p.capacity, p.arc_minutes), (p.slots, p.arc_slots)):
            limited = np.flatnonzero(limit < NO_LIMIT)
            row_of = np.full(p.n_reviewers, -1)
            row_of[limited] = self._rows(limit[limited])
            arcs = np.flatnonzero((row_of[p.arc_reviewer] >= 0) & (amount > 0))
            self._enter(row_of[p.arc_reviewer[arcs]], arcs, amount[arcs])

    def _groups(self) -> None:
        g = self.problem.groups
        self._enter(self._rows(g.limit)[g.of_member], g.arc, g.amount)

    def proto(self) -> model_pb2.ModelProto:
        """Return the programme in MathOpt's form: the penalty of what stays empty is minimised."""
        p, model, n = self.problem, model_pb2.ModelProto(), self.n_columns
        model.variables.ids.extend(range(n))
        model.variables.lower_bounds.extend(np.zeros(n))
        model.variables.upper_bounds.extend(np.ones(n))
        model.variables.integers.extend([True] * n)
        model.objective.offset = float(p.penalty.sum())
        worth = p.penalty[p.arc_place].astype(np.float64)
        priced = np.flatnonzero(worth)
        model.objective.linear_coefficients.ids.extend(priced)
        model.objective.linear_coefficients.values.extend(-worth[priced])
        low, high = (np.concatenate(part) for part in zip(*self.bounds, strict=True))
        model.linear_constraints.ids.extend(range(self.n_rows))
        model.linear_constraints.lower_bounds.extend(low)
        model.linear_constraints.upper_bounds.extend(high)
        row, column, value = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        order = np.lexsort((column, row))
        model.linear_constraint_matrix.row_ids.extend(row[order])
        model.linear_constraint_matrix.column_ids.extend(column[order])
        model.linear_constraint_matrix.coefficients.extend(value[order].astype(np.float64))
        return model


def solve_with_highs(problem: Problem, seconds: float, seed: int) -> tuple[Ints | None, float]:
    """Return the best assignment for level 1 (None if none was found) and the proved bound."""
    model = mathopt.Model.from_model_proto(_Programme(problem).proto())
    parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds), random_seed=seed)
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters).to_proto()
    bound = float(result.termination.objective_bounds.dual_bound)
    if not result.solutions or not result.solutions[0].HasField("primal_solution"):
        return None, bound
    values = result.solutions[0].primal_solution.variable_values
    chosen = np.asarray(values.ids, np.int64)[np.asarray(values.values) > 0.5]
    arcs = chosen[chosen < problem.n_arcs]
    assignment = np.full(problem.n_places, -1, np.int64)
    assignment[problem.arc_place[arcs]] = problem.arc_reviewer[arcs]
    return assignment, bound


def _arcs(problem: Problem, place: int) -> Ints:
    return np.arange(problem.arc_start[place], problem.arc_start[place + 1])
