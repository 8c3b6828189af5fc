"""One level as a mixed-integer programme, for SCIP: small and middle-sized problems it often solves to proof.

Every constraint of `check` is in it. It is level 1, or level 3 where lateness and workload have no points, as
in a generalised assignment problem; the rest is left to the methods that follow. SCIP is
the one inside OR-tools (Bestuzheva et al. 2023, doi:10.1145/3585516).
"""

from __future__ import annotations

import numpy as np
from ortools.linear_solver import pywraplp

from solver.outcome import BoundedBy
from solver.problem import NO_LIMIT, Floats, Ints, Problem
from solver.search import Search
from solver.watch import watched

LARGEST = 30_000
FIRST_LEVEL_SHARE, LAST_LEVEL_SHARE = 0.45, 0.2
NODES_AN_EFFORT = 10
PARAMETERS = "limits/absgap = 0.999\nmisc/catchctrlc = FALSE\nseparating/maxstallroundsroot = 100\n"
"""Points are whole, so less than one apart is proved; a Ctrl-C is for the program, which stops SCIP too.

With a good plan to begin with SCIP gives up on cuts too soon: their first rounds change nothing.
"""
ROUNDING = 1e-6


class Programme:
    """One level's rows: the first n_arcs of its binary columns are the arcs.

    `low` and `high` have shape (n_rows,), infinite where there is none; `row`, `column` and `value` are the
    entries. What is minimised is `offset` and the `objective` of the arcs chosen: at level 0 the penalty of
    the places that stay empty, at level 2 the points of the arcs, with no more than `most` penalty.
    """

    def __init__(self, problem: Problem, level: int = 0, most: int = 0) -> None:
        self.problem = problem
        total, worth = int(problem.penalty.sum()), problem.penalty[problem.arc_place]
        self.offset, self.objective = (total, -worth) if level == 0 else (0, problem.arc_points)
        self.n_columns, self.n_rows = problem.n_arcs, 0
        self._bounds: list[tuple[Floats, Floats]] = []
        self._entries: list[tuple[Ints, Ints, Ints]] = []
        for add in (
            self._add_places,
            self._add_needs,
            self._add_distinct,
            self._add_linked,
            self._add_capacity_and_slots,
            self._add_groups,
        ):
            add()
        if level > 0 and total > most:
            worthy = np.flatnonzero(worth)
            self._enter(
                np.repeat(self._rows(np.array([total]), np.array([float(total - most)])), len(worthy)),
                worthy,
                worth[worthy],
            )
        self.low, self.high = (np.concatenate(part) for part in zip(*self._bounds, strict=True))
        self.row, self.column, self.value = (
            np.concatenate(part) for part in zip(*self._entries, strict=True)
        )

    def assignment(self, chosen: Ints) -> Ints:
        """The assignment that uses these columns."""
        arcs = chosen[chosen < self.problem.n_arcs]
        assignment = np.full(self.problem.n_places, -1, np.int64)
        assignment[self.problem.arc_place[arcs]] = self.problem.arc_reviewer[arcs]
        return assignment

    def _rows(self, high: Ints, low: Floats | None = None) -> Ints:
        """Numbers of new rows with these bounds."""
        self._bounds.append((np.full(len(high), -np.inf) if low is None else low, high.astype(np.float64)))
        self.n_rows += len(high)
        return np.arange(self.n_rows - len(high), self.n_rows)

    def _enter(self, rows: Ints, columns: Ints, values: Ints | int) -> None:
        self._entries.append((rows, columns, np.broadcast_to(values, rows.shape)))

    def _add_places(self) -> None:
        p = self.problem
        rows = self._rows(np.ones(p.n_places, np.int64), np.where(p.required, 1.0, 0.0))
        self._enter(rows[p.arc_place], np.arange(p.n_arcs), 1)

    def _add_needs(self) -> None:
        p = self.problem
        for place in np.flatnonzero(p.needs >= 0).tolist():
            mine, needed = (
                np.arange(p.arc_start[one], p.arc_start[one + 1]) for one in (place, int(p.needs[place]))
            )
            row = self._rows(np.zeros(1, np.int64))
            self._enter(np.repeat(row, len(mine)), mine, 1)
            self._enter(np.repeat(row, len(needed)), needed, -1)

    def _add_distinct(self) -> None:
        p = self.problem
        key = p.case[p.arc_place] * p.n_reviewers + p.arc_reviewer
        _, group, count = np.unique(key, return_inverse=True, return_counts=True)
        row_of = np.full(len(count), -1)
        row_of[count > 1] = self._rows(np.ones(int((count > 1).sum()), np.int64))
        twice = np.flatnonzero(row_of[group] >= 0)
        self._enter(row_of[group[twice]], twice, 1)

    def _add_linked(self) -> None:
        """One taker a link: each linked arc needs its reviewer to be the taker."""
        p = self.problem
        arcs = np.flatnonzero(p.link[p.arc_place] >= 0)
        keys = p.link[p.arc_place[arcs]] * p.n_reviewers + p.arc_reviewer[arcs]
        pairs, taker = np.unique(keys, return_inverse=True)
        columns = self.n_columns + np.arange(len(pairs))
        self.n_columns += len(pairs)
        rows = self._rows(np.zeros(len(arcs), np.int64))
        self._enter(rows, arcs, 1)
        self._enter(rows, columns[taker], -1)
        _, link = np.unique(pairs // p.n_reviewers, return_inverse=True)
        one = self._rows(np.ones(int(link.max(initial=-1)) + 1, np.int64))
        self._enter(one[link], columns, 1)

    def _add_capacity_and_slots(self) -> None:
        p = self.problem
        for limit, amount in ((p.capacity, p.arc_minutes), (p.slots, p.arc_slots)):
            limited = np.flatnonzero(limit < NO_LIMIT)
            row_of = np.full(p.n_reviewers, -1)
            row_of[limited] = self._rows(limit[limited])
            arcs = np.flatnonzero((row_of[p.arc_reviewer] >= 0) & (amount > 0))
            self._enter(row_of[p.arc_reviewer[arcs]], arcs, amount[arcs])

    def _add_groups(self) -> None:
        g = self.problem.groups
        self._enter(self._rows(g.limit)[g.of_member], g.arc, g.amount)


def suits(search: Search) -> bool:
    """True when the open level is linear in the arcs, and small enough."""
    problem, level = search.problem, search.open_level()
    ordered = problem.late_points.any() or (len(problem.bands.rate) and problem.bands.rate.any())
    return 0 < problem.n_arcs <= LARGEST and (level == 0 or (level == 2 and not ordered))


def mip(search: Search, share: float | None = None) -> None:
    """Offer SCIP's best plan for the open level, and tell the bound it proved, in this share of the time."""
    level = search.open_level()
    if share is None:
        share = LAST_LEVEL_SHARE if level else FIRST_LEVEL_SHARE
    search.work_on("mip", level)
    programme = Programme(search.problem, level, int(search.best_values[0]) if level else 0)
    scip, columns = _scip(programme)
    if search.best is not None:
        _hint(scip, columns, programme, search.best)
    until = search.seconds + share * search.remaining
    text = PARAMETERS
    if search.limits.effort:
        text += f"limits/nodes = {NODES_AN_EFFORT * search.limits.effort}\n"
    scip.SetSolverSpecificParametersAsString(text)
    exact = pywraplp.MPSolverParameters()
    exact.SetDoubleParam(exact.RELATIVE_MIP_GAP, 0.0)
    with watched(lambda: search.stopped() or search.seconds > until, scip.InterruptSolve):
        status = scip.Solve(exact)
    if status not in (scip.OPTIMAL, scip.FEASIBLE):
        return
    chosen = np.flatnonzero([column.solution_value() > 0.5 for column in columns])
    search.offer(programme.assignment(chosen), "mip")
    bound = scip.Objective().BestBound()
    search.raise_bound(level, int(np.ceil(bound - ROUNDING * max(1.0, abs(bound)))), BoundedBy.SEARCH)


def _scip(programme: Programme) -> tuple[pywraplp.Solver, list[pywraplp.Variable]]:
    scip = pywraplp.Solver.CreateSolver("SCIP")
    columns = [scip.BoolVar("") for _ in range(programme.n_columns)]
    infinite = scip.infinity()
    bounds = zip(programme.low.tolist(), programme.high.tolist(), strict=True)
    rows = [scip.Constraint(max(low, -infinite), min(high, infinite)) for low, high in bounds]
    entries = (programme.row.tolist(), programme.column.tolist(), programme.value.tolist())
    for row, column, value in zip(*entries, strict=True):
        rows[row].SetCoefficient(columns[column], float(value))
    objective = scip.Objective()
    for arc, points in enumerate(programme.objective.tolist()):
        objective.SetCoefficient(columns[arc], float(points))
    objective.SetOffset(float(programme.offset))
    objective.SetMinimization()
    return scip, columns


def _hint(
    scip: pywraplp.Solver, columns: list[pywraplp.Variable], programme: Programme, assignment: Ints
) -> None:
    used = programme.problem.arcs_of(assignment)
    chosen = np.zeros(programme.problem.n_arcs)
    chosen[used[used >= 0]] = 1
    scip.SetHint(columns[: len(chosen)], chosen.tolist())
