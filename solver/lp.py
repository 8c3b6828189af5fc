"""The linear relaxation of one level, solved by Glop, for its prices.

Minutes up to a due day are left out (a place is late here only if it is late by itself), and bands are not
rounded: the prices are a start for `relax`, which bounds exactly. No bound is taken from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.util.python.solve_interrupter import SolveInterrupter

from solver.pricing import Items
from solver.problem import NO_LIMIT, Floats, Ints, Problem
from solver.watch import watched


@dataclass(frozen=True, eq=False)
class Duals:
    """Prices in points: of places, of needs (at the dependent place), of groups, of the higher levels."""

    place: Floats
    needs: Floats
    group: Floats
    levels: Floats


@dataclass
class _Rows:
    """A linear programme as it grows: columns with costs, rows with bounds, and entries."""

    cost: list[Floats]
    n_columns: int = 0

    def __post_init__(self) -> None:
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.entries: list[tuple[Ints, Ints, Floats]] = []
        self.n_rows = 0

    def columns(self, cost: Floats) -> Ints:
        """Numbers of new columns, each from 0 up, with these costs."""
        self.cost.append(cost)
        self.n_columns += len(cost)
        return np.arange(self.n_columns - len(cost), self.n_columns)

    def rows(self, low: Floats, high: Floats) -> Ints:
        """Numbers of new rows with these bounds."""
        self.low.append(low)
        self.high.append(high)
        self.n_rows += len(low)
        return np.arange(self.n_rows - len(low), self.n_rows)

    def enter(self, rows: Ints, columns: Ints, values: Floats | Ints) -> None:
        """Coefficients, one of each array an entry."""
        self.entries.append((rows, columns, np.asarray(values, np.float64)))

    def proto(self) -> model_pb2.ModelProto:
        """The programme in MathOpt's form."""
        model = model_pb2.ModelProto()
        cost = np.concatenate(self.cost)
        model.variables.ids.extend(range(self.n_columns))
        model.variables.lower_bounds.extend(np.zeros(self.n_columns))
        model.variables.upper_bounds.extend(np.full(self.n_columns, np.inf))
        model.variables.integers.extend([False] * self.n_columns)
        priced = np.flatnonzero(cost)
        model.objective.linear_coefficients.ids.extend(priced)
        model.objective.linear_coefficients.values.extend(cost[priced])
        model.linear_constraints.ids.extend(range(self.n_rows))
        model.linear_constraints.lower_bounds.extend(np.concatenate(self.low))
        model.linear_constraints.upper_bounds.extend(np.concatenate(self.high))
        row, column, value = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        order = np.lexsort((column, row))
        matrix = model.linear_constraint_matrix
        matrix.row_ids.extend(row[order])
        matrix.column_ids.extend(column[order])
        matrix.coefficients.extend(value[order])
        return model


@dataclass(frozen=True, eq=False)
class LpPrices:
    """The duals, and what each reviewer's minute and slot are worth, in points; shapes (n_reviewers,)."""

    duals: Duals
    minute: Floats
    slot: Floats


def lp_prices(
    problem: Problem, items: Items, level: int, at_most: Ints, stopped: Callable[[], bool]
) -> LpPrices | None:
    """The optimal prices of the level's linear relaxation; None if it was stopped before it had them.

    Parameters
    ----------
    items : the optional arcs beside what is forced
    at_most : ndarray of shape (3,): higher levels may not exceed these
    """
    programme, rows = _programme(problem, items, level, at_most)
    model = mathopt.Model.from_model_proto(programme.proto())
    interrupter = SolveInterrupter()
    with watched(stopped, interrupter.interrupt):
        result = mathopt.solve(model, mathopt.SolverType.GLOP, interrupter=interrupter)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        return None
    solution = result.to_proto().solutions[0].dual_solution.dual_values
    dual = np.zeros(programme.n_rows)
    dual[np.asarray(solution.ids, np.int64)] = np.asarray(solution.values)
    return _read(problem, rows, dual, level)


Numbered = tuple[Ints, Ints]


@dataclass(frozen=True, eq=False)
class _Named:
    """Which rows are whose: numbered pairs are (what, rows); hours has a row a reviewer."""

    places: Numbered
    needs: Numbered
    groups: Ints
    levels: Ints
    hours: list[Ints]
    slots: Numbered


def _read(problem: Problem, rows: _Named, dual: Floats, level: int) -> LpPrices:
    place, needed = np.zeros(problem.n_places), np.zeros(problem.n_places)
    place[rows.places[0]] = dual[rows.places[1]]
    needed[rows.needs[0]] = np.maximum(0, -dual[rows.needs[1]])
    multipliers = np.zeros(3)
    multipliers[: len(rows.levels)] = np.maximum(0, -dual[rows.levels])
    multipliers[level] = 1
    slot = np.zeros(problem.n_reviewers)
    slot[rows.slots[0]] = -dual[rows.slots[1]]
    minute = -np.sum([dual[hours] for hours in rows.hours], axis=0) / 60
    duals = Duals(place, needed, np.maximum(0, -dual[rows.groups]), multipliers)
    return LpPrices(duals, np.maximum(0, minute), np.maximum(0, slot))


def _programme(problem: Problem, items: Items, level: int, at_most: Ints) -> tuple[_Rows, _Named]:
    """The programme, and which of its rows are whose."""
    free = ~items.taken
    arc, minutes = items.arc[free], items.minutes[free]
    place = problem.arc_place[arc]
    late = np.where(minutes > items.late_after[free], items.late_points[free], 0)
    lp = _Rows([])
    x = lp.columns([np.zeros(len(arc)), late, problem.arc_points[arc]][level].astype(np.float64))
    open_places = np.unique(np.concatenate([place, np.flatnonzero(~problem.required)]))
    optional = open_places[~problem.required[open_places]]
    z = lp.columns((problem.penalty[optional] * (level == 0)).astype(np.float64))
    row_of = np.zeros(problem.n_places, np.int64)
    row_of[open_places] = filled = lp.rows(np.ones(len(open_places)), np.ones(len(open_places)))
    lp.enter(row_of[place], x, np.ones(len(x)))
    lp.enter(row_of[optional], z, np.ones(len(z)))
    hours, slots = _reviewer_rows(problem, items, lp, x, level == 2)
    groups, needs = _group_rows(problem, lp, x, arc), _needs_rows(problem, lp, x, arc)
    levels = []
    for higher, (columns, points) in enumerate(((z, problem.penalty[optional]), (x, late))[:level]):
        levels.append(lp.rows(np.array([-np.inf]), np.array([float(at_most[higher])]))[0])
        lp.enter(np.full(len(columns), levels[-1]), columns, points)
    return lp, _Named((open_places, filled), needs, groups, np.array(levels, np.int64), hours, slots)


def _reviewer_rows(
    problem: Problem, items: Items, lp: _Rows, x: Ints, bands: bool
) -> tuple[list[Ints], Numbered]:
    """Rows of minutes, bands and slots; the first two are in hours, which suits Glop's tolerances."""
    free, n = ~items.taken, problem.n_reviewers
    reviewer, minutes = problem.arc_reviewer[items.arc[free]], items.minutes[free]
    below = np.full(n, -np.inf)
    hours = [lp.rows(below, items.free_minutes / 60)]
    lp.enter(hours[0][reviewer], x, minutes / 60)
    counted = np.flatnonzero(items.free_slots < NO_LIMIT)
    slot_row = np.full(n, -1)
    slot_row[counted] = lp.rows(np.full(len(counted), -np.inf), items.free_slots[counted].astype(float))
    limited = slot_row[reviewer] >= 0
    lp.enter(slot_row[reviewer[limited]], x[limited], items.slots[free][limited])
    rates = problem.bands.rate * problem.bands.scale * 60 / problem.bands.divisor
    for band in range(len(rates) if bands else 0):
        over = lp.columns(np.full(n, rates[band]))
        spare = problem.bands.threshold[:, band] / problem.bands.scale - items.taken_minutes
        hours.append(lp.rows(below, np.maximum(spare, 0) / 60))
        lp.enter(hours[-1][reviewer], x, minutes / 60)
        lp.enter(hours[-1], over, -np.ones(n))
    return hours, (counted, slot_row[counted])


def _group_rows(problem: Problem, lp: _Rows, x: Ints, arc: Ints) -> Ints:
    g = problem.groups
    rows = lp.rows(np.full(len(g.limit), -np.inf), g.limit.astype(np.float64))
    column = np.full(problem.n_arcs, -1)
    column[arc] = x
    free = column[g.arc] >= 0
    lp.enter(rows[g.of_member[free]], column[g.arc[free]], g.amount[free])
    return rows


def _needs_rows(problem: Problem, lp: _Rows, x: Ints, arc: Ints) -> Numbered:
    column = np.full(problem.n_arcs, -1)
    column[arc] = x
    place = problem.arc_place[arc]
    dependent = np.flatnonzero(problem.needs >= 0)
    rows = lp.rows(np.full(len(dependent), -np.inf), np.zeros(len(dependent)))
    row_of = np.full(problem.n_places, -1)
    row_of[dependent] = rows
    mine = row_of[place] >= 0
    lp.enter(row_of[place[mine]], x[mine], np.ones(int(mine.sum())))
    start, count = (
        problem.arc_start[problem.needs[dependent]],
        np.diff(problem.arc_start)[problem.needs[dependent]],
    )
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    leads = column[np.repeat(start, count) + within]
    lp.enter(np.repeat(rows, count)[leads >= 0], leads[leads >= 0], -np.ones(int((leads >= 0).sum())))
    return dependent, rows
