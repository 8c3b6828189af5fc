"""What else one could match a conference with: one flow of all pairs, HiGHS's linear programme, CP-SAT.

Each gets the plain model: every case filled, loads kept. Where that cannot be, they have no answer.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
from ortools.graph.python import min_cost_flow
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from benchmarks._matching import Answer, Conference, answer_of
from solver.matching import CONFLICT, Matched, Matching, MatchingPrices
from solver.matching_check import breaches
from solver.outcome import Limits
from solver.problem import Ints

UNIT = 10**6
"""Whole scores are of this part of one, for those that need whole numbers."""

Found = tuple[Ints | None, float | None]
"""(reviewer, case) pairs, None if there are none, and a proved bound, None if there is none."""


def run_rival(name: str, conference: Conference, limits: Limits) -> Answer:
    """Return what a rival finds, checked by the same oracle as our own."""
    matching = conference.matching()
    began = time.perf_counter()
    pairs, bound = RIVALS[name](matching, np.argwhere(matching.scores != CONFLICT), limits)
    seconds = time.perf_counter() - began
    if pairs is None:
        return Answer(seconds, note="found no matching: none within the limit, or its model has none")
    matched = _as_matched(matching, pairs)
    if broken := breaches(matching, matched):
        return Answer(seconds, note=f"its matching is not sound: {broken[0]}")
    return replace(answer_of(matched, seconds), bound=bound)


def _as_matched(m: Matching, pairs: Ints) -> Matched:
    unpriced = MatchingPrices(0 * m.per_case, 0 * m.most, 0, 0)
    return Matched(
        pairs=pairs,
        total=math.fsum(m.scores[tuple(pairs.T)].tolist()),
        bound=math.inf,
        unfilled=m.per_case - np.bincount(pairs[:, 1], minlength=m.n_cases),
        missing=np.maximum(0, m.least - np.bincount(pairs[:, 0], minlength=m.n_reviewers)),
        exponent=0,
        prices=unpriced,
        shortfall_prices=unpriced,
    )


def plain_flow(m: Matching, may: Ints, limits: Limits) -> Found:
    """Return the answer of one min-cost flow of all pairs, six decimals of each score; it has no limit."""
    del limits
    graph, r = min_cost_flow.SimpleMinCostFlow(), np.arange(m.n_reviewers)
    cost = -_whole(m, may)
    first = graph.add_arcs_with_capacity_and_unit_cost(
        m.n_reviewers + may[:, 1], may[:, 0], np.ones_like(cost), cost
    )
    sink = np.full(m.n_reviewers, m.n_reviewers + m.n_cases)
    graph.add_arcs_with_capacity_and_unit_cost(r, sink, m.most - m.least, 0 * r)
    rest = m.least.sum() - m.per_case.sum()
    graph.set_nodes_supplies(np.arange(sink[0] + 1), np.concatenate([-m.least, m.per_case, [rest]]))
    if graph.solve() != graph.OPTIMAL:
        return None, None
    return may[graph.flows(first) > 0], -graph.optimal_cost() / UNIT


def highs(m: Matching, may: Ints, limits: Limits) -> Found:
    """Return HiGHS's answer to the linear programme, whose corners are whole; it chooses its threads."""
    model = mathopt.Model.from_model_proto(_programme(m, may))
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=limits.seconds), random_seed=limits.seed
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters).to_proto()
    bound = float(result.termination.objective_bounds.dual_bound)
    if not result.solutions or not result.solutions[0].HasField("primal_solution"):
        return None, None
    values = result.solutions[0].primal_solution.variable_values
    chosen = np.asarray(values.ids, np.int64)[np.asarray(values.values) > 0.5]
    return may[chosen], bound if math.isfinite(bound) else None


def _programme(m: Matching, may: Ints) -> model_pb2.ModelProto:
    """Return the rows of reviewers and then of cases, and a column a pair."""
    model, columns = model_pb2.ModelProto(), np.arange(len(may))
    model.variables.ids.extend(columns)
    model.variables.lower_bounds.extend(np.zeros(len(may)))
    model.variables.upper_bounds.extend(np.ones(len(may)))
    model.variables.integers.extend(np.zeros(len(may), np.bool_).tolist())
    model.objective.maximize = True
    scores = m.scores[tuple(may.T)]
    scored = np.flatnonzero(scores)
    model.objective.linear_coefficients.ids.extend(scored)
    model.objective.linear_coefficients.values.extend(scores[scored])
    model.linear_constraints.ids.extend(range(m.n_reviewers + m.n_cases))
    model.linear_constraints.lower_bounds.extend(np.concatenate([m.least, m.per_case]).astype(float))
    model.linear_constraints.upper_bounds.extend(np.concatenate([m.most, m.per_case]).astype(float))
    row = np.concatenate([may[:, 0], m.n_reviewers + may[:, 1]])
    order = np.argsort(row, kind="stable")
    model.linear_constraint_matrix.row_ids.extend(row[order])
    model.linear_constraint_matrix.column_ids.extend(np.tile(columns, 2)[order])
    model.linear_constraint_matrix.coefficients.extend(np.ones(2 * len(may)))
    return model


def cp_sat(m: Matching, may: Ints, limits: Limits) -> Found:
    """Return the answer of one plain CP-SAT model; building it counts."""
    until = time.perf_counter() + limits.seconds
    model = cp_model.CpModel()
    columns = [model.new_bool_var("") for _ in range(len(may))]
    for axis, low, high in ((0, m.least, m.most), (1, m.per_case, m.per_case)):
        order = np.argsort(may[:, axis], kind="stable")
        starts = np.searchsorted(may[order, axis], np.arange(len(low) + 1)).tolist()
        for k in range(len(low)):
            of_row = [columns[p] for p in order[starts[k] : starts[k + 1]].tolist()]
            model.add_linear_constraint(cp_model.LinearExpr.sum(of_row), int(low[k]), int(high[k]))
    model.maximize(cp_model.LinearExpr.weighted_sum(columns, _whole(m, may).tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = limits.workers, limits.seed
    solver.parameters.max_time_in_seconds = max(0.01, until - time.perf_counter())
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, None
    chosen = np.flatnonzero([solver.boolean_value(column) for column in columns])
    return may[chosen], solver.best_objective_bound / UNIT


def _whole(m: Matching, may: Ints) -> Ints:
    return np.asarray(np.ceil(m.scores[tuple(may.T)] * UNIT), dtype=np.int64)


Rival = Callable[[Matching, Ints, Limits], Found]
RIVALS: dict[str, Rival] = {"flow": plain_flow, "highs": highs, "cp-sat": cp_sat}
