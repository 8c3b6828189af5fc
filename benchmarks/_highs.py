"""Level 1 as one mixed-integer programme for HiGHS, which OR-tools has inside.

Threads cannot be set through MathOpt: HiGHS takes its own default, half of the processors.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from solver.mip import Programme
from solver.problem import Ints, Problem


def _proto(programme: Programme) -> model_pb2.ModelProto:
    """Return the programme in MathOpt's form: the penalty of what stays empty is minimised."""
    p, model, n = programme.problem, model_pb2.ModelProto(), programme.n_columns
    model.variables.ids.extend(range(n))
    model.variables.lower_bounds.extend(np.zeros(n))
    model.variables.upper_bounds.extend(np.ones(n))
    model.variables.integers.extend([True] * n)
    model.objective.offset = float(p.penalty.sum())
    worth = p.penalty[p.arc_place].astype(np.float64)
    priced = np.flatnonzero(worth)
    model.objective.linear_coefficients.ids.extend(priced)
    model.objective.linear_coefficients.values.extend(-worth[priced])
    model.linear_constraints.ids.extend(range(programme.n_rows))
    model.linear_constraints.lower_bounds.extend(programme.low)
    model.linear_constraints.upper_bounds.extend(programme.high)
    order = np.lexsort((programme.column, programme.row))
    model.linear_constraint_matrix.row_ids.extend(programme.row[order])
    model.linear_constraint_matrix.column_ids.extend(programme.column[order])
    model.linear_constraint_matrix.coefficients.extend(programme.value[order].astype(np.float64))
    return model


def solve_with_highs(problem: Problem, seconds: float, seed: int) -> tuple[Ints | None, float]:
    """Return the best assignment for level 1 (None if none was found) and the proved bound."""
    programme = Programme(problem)
    model = mathopt.Model.from_model_proto(_proto(programme))
    parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds), random_seed=seed)
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters).to_proto()
    bound = float(result.termination.objective_bounds.dual_bound)
    if not result.solutions or not result.solutions[0].HasField("primal_solution"):
        return None, bound
    values = result.solutions[0].primal_solution.variable_values
    chosen = np.asarray(values.ids, np.int64)[np.asarray(values.values) > 0.5]
    return programme.assignment(chosen), bound
