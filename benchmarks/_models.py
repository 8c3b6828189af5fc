"""The same programme for three solvers, one model each, nothing added: CP-SAT, HiGHS and SCIP in OR-tools."""

from __future__ import annotations

import math
import time
from datetime import timedelta

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from benchmarks._programme import FREE, Programme
from solver.outcome import Limits
from solver.problem import Ints

Answer = tuple[Ints | None, int | None]
"""An assignment, None if there is none, and a proved bound, None if there is none."""

LEAST_SECONDS = 0.01
ROUNDING = 1e-6
"""How far a bound that is reckoned in floats may be off, as a share of it."""


def cp_sat(programme: Programme, limits: Limits) -> Answer:
    """Return CP-SAT's answer; building the model counts towards the limit."""
    until = time.perf_counter() + limits.seconds
    model, columns = _cp_model(programme)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = limits.workers, limits.seed
    solver.parameters.max_time_in_seconds = max(LEAST_SECONDS, until - time.perf_counter())
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, None
    chosen = np.flatnonzero([solver.boolean_value(column) for column in columns])
    return programme.assignment(chosen), _whole(solver.best_objective_bound)


def _cp_model(programme: Programme) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    model = cp_model.CpModel()
    columns = [model.new_bool_var("") for _ in range(len(programme.points))]
    starts = np.searchsorted(programme.row, np.arange(len(programme.low) + 1)).tolist()
    column, value = programme.column.tolist(), programme.value.tolist()
    for row, (low, high) in enumerate(zip(programme.low.tolist(), programme.high.tolist(), strict=True)):
        entries = slice(starts[row], starts[row + 1])
        total = cp_model.LinearExpr.weighted_sum([columns[c] for c in column[entries]], value[entries])
        if low == FREE:
            model.add(total <= high)
        else:
            model.add_linear_constraint(total, low, high)
    points = cp_model.LinearExpr.weighted_sum(columns, programme.points.tolist())
    model.minimize(points + programme.offset)
    return model, columns


def highs(programme: Programme, limits: Limits) -> Answer:
    """Return HiGHS's answer, with the threads it chooses: they cannot be set from here."""
    return _math_opt(programme, limits, mathopt.SolverType.HIGHS, None)


def scip(programme: Programme, limits: Limits) -> Answer:
    """Return SCIP's answer; its search is of one thread, whatever it is given."""
    return _math_opt(programme, limits, mathopt.SolverType.GSCIP, limits.workers)


def _math_opt(
    programme: Programme, limits: Limits, solver: mathopt.SolverType, threads: int | None
) -> Answer:
    until = time.perf_counter() + limits.seconds
    model = mathopt.Model.from_model_proto(_proto(programme))
    left = timedelta(seconds=max(LEAST_SECONDS, until - time.perf_counter()))
    parameters = mathopt.SolveParameters(time_limit=left, threads=threads, random_seed=limits.seed)
    result = mathopt.solve(model, solver, params=parameters).to_proto()
    bound = _whole(float(result.termination.objective_bounds.dual_bound))
    if not result.solutions or not result.solutions[0].HasField("primal_solution"):
        return None, bound
    values = result.solutions[0].primal_solution.variable_values
    chosen = np.asarray(values.ids, np.int64)[np.asarray(values.values) > 0.5]
    return programme.assignment(chosen), bound


def _proto(programme: Programme) -> model_pb2.ModelProto:
    """Return the programme in MathOpt's form, in a tenth of the time that its own calls take."""
    model, n = model_pb2.ModelProto(), len(programme.points)
    model.variables.ids.extend(range(n))
    model.variables.lower_bounds.extend(np.zeros(n))
    model.variables.upper_bounds.extend(np.ones(n))
    model.variables.integers.extend([True] * n)
    model.objective.offset = float(programme.offset)
    priced = np.flatnonzero(programme.points)
    model.objective.linear_coefficients.ids.extend(priced)
    model.objective.linear_coefficients.values.extend(programme.points[priced].astype(np.float64))
    model.linear_constraints.ids.extend(range(len(programme.low)))
    low = np.where(programme.low == FREE, -math.inf, programme.low.astype(np.float64))
    model.linear_constraints.lower_bounds.extend(low)
    model.linear_constraints.upper_bounds.extend(programme.high.astype(np.float64))
    model.linear_constraint_matrix.row_ids.extend(programme.row)
    model.linear_constraint_matrix.column_ids.extend(programme.column)
    model.linear_constraint_matrix.coefficients.extend(programme.value.astype(np.float64))
    return model


def _whole(bound: float) -> int | None:
    """Return the least whole number of points that a bound in floats proves; None if it proves none."""
    if not math.isfinite(bound):
        return None
    return math.ceil(bound - ROUNDING * max(1.0, abs(bound)))
