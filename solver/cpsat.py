"""The whole problem as one CP-SAT model, all levels in one weighted objective where the weights fit.

One boolean an optional arc; one `_add_<rule>` a constraint of `check`. The first plan is the hint, so the
model is never without one. See Perron & Didier, CP-SAT, https://developers.google.com/optimization/cp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from solver import cp_model
from solver.check import values
from solver.outcome import BoundedBy
from solver.pricing import Items, items_of
from solver.problem import NO_LIMIT, Ints, Problem
from solver.search import Search
from solver.watch import watched

LARGEST_OBJECTIVE = 2**52
LARGEST_WHOLE = 6_000
TIME_SHARE = 0.3
ROUNDING = 1e-9
EFFORT_SECONDS = 0.4
LEVEL_ONE = np.array([1, 0, 0], np.int64)


@dataclass(frozen=True)
class CpLimits:
    """Limits of one solve: wall seconds, or deterministic ones, which are the same on every machine."""

    seconds: float
    deterministic_seconds: float | None
    workers: int
    seed: int


@dataclass(frozen=True)
class Answer:
    """A solve's assignment (None if none was found) and its proved bound on the weighted objective."""

    assignment: Ints | None
    bound: float
    optimal: bool


def level_weights(problem: Problem) -> Ints | None:
    """Weights that make one sum lexicographic, shape (3,); None if they do not fit into the objective."""
    reviewers = np.arange(problem.n_reviewers)
    most = np.zeros(problem.n_places, np.int64)
    np.maximum.at(most, problem.arc_place, problem.arc_points)
    cost = int(most.sum() + problem.bands.points(reviewers, problem.capacity).sum()) + 1
    late = int(problem.late_points.sum()) + 1
    weights = (cost * late, cost, 1)
    if weights[0] * (int(problem.penalty.sum()) + 1) > LARGEST_OBJECTIVE:
        return None
    return np.array(weights, np.int64)


def cpsat(search: Search) -> None:
    """Solve the problem whole, and tell the search the plan and what is proved of each level."""
    search.work_on("cpsat")
    weights = level_weights(search.problem)
    if weights is None:
        return
    limits = CpLimits(
        seconds=TIME_SHARE * search.remaining if not search.deterministic else 1e6,
        deterministic_seconds=EFFORT_SECONDS * search.limits.effort if search.limits.effort else None,
        workers=1 if search.deterministic else search.limits.workers,
        seed=search.limits.seed,
    )
    answer = solve_model(search.problem, weights, search.best, limits, search.stopped)
    if answer.assignment is not None:
        search.offer(answer.assignment, "cpsat")
    _tell_bounds(search, weights, answer)


def _tell_bounds(search: Search, weights: Ints, answer: Answer) -> None:
    """What a bound on the weighted sum says of each level, in turn, given the best at those above.

    The solver's bound is a float: where the answer is optimal its own value is taken, exactly; else the bound
    less what rounding could have added.
    """
    if answer.optimal and answer.assignment is not None:
        left = int(weights @ values(search.problem, answer.assignment))
    else:
        left = int(np.ceil(answer.bound - max(1e-6, ROUNDING * abs(answer.bound))))
    for level, weight in enumerate(weights.tolist()):
        if left < 0:
            return
        search.raise_bound(level, left // weight, BoundedBy.SEARCH)
        left -= weight * int(search.best_values[level])


def solve_model(
    problem: Problem, weights: Ints, start: Ints | None, limits: CpLimits, stopped: Callable[[], bool]
) -> Answer:
    """The best assignment CP-SAT finds for Σ weights × levels, from `start` if there is one."""
    model = Model(problem, weights)
    if start is not None:
        model.hint(start)
    solver, status = run(model.cp, limits, stopped)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, -1.0, False)
    return Answer(model.assignment(solver), solver.best_objective_bound, status == cp_model.OPTIMAL)


def run(
    model: cp_model.CpModel, limits: CpLimits, stopped: Callable[[], bool]
) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
    """The solver after it has run, and how it ended."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.catch_sigint_signal = False
    parameters.num_workers, parameters.random_seed = limits.workers, limits.seed
    if limits.deterministic_seconds is None:
        parameters.max_time_in_seconds = max(0.05, limits.seconds)
    else:
        parameters.max_deterministic_time = limits.deterministic_seconds
    with watched(stopped, solver.stop_search):
        status = solver.solve(model)
    return solver, status


class Model:
    """The CP-SAT model of a problem, and the way back from its booleans to an assignment."""

    def __init__(self, problem: Problem, weights: Ints) -> None:
        self.problem, self.weights = problem, weights
        self.cp = cp_model.CpModel()
        self.items = items_of(problem, ~problem.forced, problem.forced)
        self.x: list[cp_model.IntVar | None] = [None] * problem.n_arcs
        for arc in self.items.arc[~self.items.taken].tolist():
            self.x[arc] = self.cp.new_bool_var("")
        self.late: list[tuple[int, cp_model.IntVar]] = []
        self.bands: list[cp_model.IntVar] = []
        for add in (
            self._add_places,
            self._add_needs,
            self._add_distinct,
            self._add_linked,
            self._add_capacity_and_slots,
            self._add_groups,
            self._add_late,
            self._add_bands,
        ):
            add()
        self._minimise()

    def hint(self, assignment: Ints) -> None:
        """Start from a complete assignment."""
        used = self.problem.arcs_of(assignment)
        chosen = np.zeros(self.problem.n_arcs, dtype=bool)
        chosen[used[used >= 0]] = True
        for arc, x in enumerate(self.x):
            if x is not None:
                self.cp.add_hint(x, bool(chosen[arc]))

    def assignment(self, solver: cp_model.CpSolver) -> Ints:
        """The assignment of the solver's last solution."""
        problem = self.problem
        assignment = np.full(problem.n_places, -1, np.int64)
        for arc, x in enumerate(self.x):
            if x is None or solver.boolean_value(x):
                assignment[problem.arc_place[arc]] = problem.arc_reviewer[arc]
        return assignment

    def _of(self, arcs: Iterable[int]) -> list[cp_model.IntVar]:
        return [x for arc in arcs if (x := self.x[arc]) is not None]

    def _place(self, place: int) -> list[cp_model.IntVar]:
        start = self.problem.arc_start
        return self._of(range(start[place], start[place + 1]))

    def _add_places(self) -> None:
        """At most one reviewer a place; exactly one if it is to be filled."""
        for place in range(self.problem.n_places):
            mine = self._place(place)
            if mine and self._is_to_be_filled(place):
                self.cp.add_exactly_one(mine)
            elif mine:
                self.cp.add_at_most_one(mine)

    def _is_to_be_filled(self, place: int) -> bool:
        return bool(self.problem.required[place])

    def _add_needs(self) -> None:
        for place in np.flatnonzero(self.problem.needs >= 0).tolist():
            mine = self._place(place)
            if mine:
                self.cp.add(sum(mine) <= sum(self._place(int(self.problem.needs[place]))))

    def _add_distinct(self) -> None:
        problem = self.problem
        key = problem.case[problem.arc_place] * problem.n_reviewers + problem.arc_reviewer
        order = np.argsort(key, kind="stable")
        for together in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
            if len(together) > 1:
                held = problem.forced[together].any()
                for x in self._of(together) if held else ():
                    self.cp.add(x == 0)
                if not held:
                    self.cp.add_at_most_one(self._of(together))

    def _add_linked(self) -> None:
        problem = self.problem
        link = problem.link[problem.arc_place]
        takers: dict[tuple[int, int], cp_model.IntVar] = {}
        for arc in np.flatnonzero(link >= 0).tolist():
            key = (int(link[arc]), int(problem.arc_reviewer[arc]))
            if key not in takers:
                takers[key] = self.cp.new_bool_var("")
            x = self.x[arc]
            if x is None:
                self.cp.add(takers[key] == 1)
            else:
                self.cp.add_implication(x, takers[key])
        for label in {label for label, _ in takers}:
            self.cp.add_at_most_one(taker for (of, _), taker in takers.items() if of == label)

    def _add_capacity_and_slots(self) -> None:
        problem, items = self.problem, self.items
        for r in range(problem.n_reviewers):
            arcs = optional_arcs(items, r)
            mine = self._of(arcs)
            if problem.arc_minutes[arcs].sum() > items.free_minutes[r]:
                minutes = problem.arc_minutes[arcs].tolist()
                self._limit("minutes", r, (mine, minutes), int(items.free_minutes[r]))
            if items.free_slots[r] < NO_LIMIT:
                slots = problem.arc_slots[arcs].tolist()
                self._limit("slots", r, (mine, slots), int(items.free_slots[r]))

    def _add_groups(self) -> None:
        g = self.problem.groups
        for group, limit in enumerate(g.limit.tolist()):
            part = slice(g.start[group], g.start[group + 1])
            arcs, amounts = g.arc[part], g.amount[part]
            held = np.array([self.x[arc] is None for arc in arcs], dtype=bool)
            left = limit - int(amounts[held].sum())
            free = self._of(arcs[~held].tolist())
            self._limit("group", group, (free, amounts[~held].tolist()), left)

    def _limit(self, what: str, row: int, terms: tuple[list[cp_model.IntVar], list[int]], most: int) -> None:
        """Whose limit of what: the sum of variables times amounts is no more."""
        del what, row
        self.cp.add(cp_model.LinearExpr.weighted_sum(*terms) <= most)

    def _add_late(self) -> None:
        """A place is late, or the new minutes up to and with it stay within its due minutes."""
        items = self.items
        for r in range(self.problem.n_reviewers):
            before: list[int] = []
            for item in range(items.start[r], items.start[r + 1]):
                arc = int(items.arc[item])
                if not items.taken[item]:
                    before.append(arc)
                self._add_late_item(item, arc, before)

    def _add_late_item(self, item: int, arc: int, before: list[int]) -> None:
        items, x = self.items, self.x[arc]
        points, due = int(items.late_points[item]), int(items.late_after[item])
        minutes = self.problem.arc_minutes[before]
        if points == 0 or min(minutes.sum(), items.free_minutes[self.problem.arc_reviewer[arc]]) <= due:
            return
        if items.minutes[item] > due:
            self.late.append((points, self.cp.new_constant(1) if x is None else x))
            return
        late = self.cp.new_bool_var("")
        self.late.append((points, late))
        in_time = self.cp.add(cp_model.LinearExpr.weighted_sum(self._of(before), minutes.tolist()) <= due)
        in_time.only_enforce_if([late.negated()] if x is None else [x, late.negated()])

    def _add_bands(self) -> None:
        """Points of each reviewer ≥ the workload bands; minimising makes them equal."""
        problem, bands = self.problem, self.problem.bands
        most = bands.points(np.arange(problem.n_reviewers), problem.capacity)
        for r in np.flatnonzero(most).tolist():
            arcs = optional_arcs(self.items, r)
            minutes = problem.arc_minutes[arcs].tolist()
            new = cp_model.LinearExpr.weighted_sum(self._of(arcs), minutes)
            over = [
                self._excess(new, int(self.items.taken_minutes[r]), int(limit), int(problem.capacity[r]))
                for limit in bands.threshold[r]
            ]
            points = self.cp.new_int_var(0, int(most[r]), "")
            rated = cp_model.LinearExpr.weighted_sum(over, bands.rate.tolist())
            self.cp.add(bands.divisor * points >= rated - (bands.divisor - 1))
            self.bands.append(points)

    def _excess(self, new: cp_model.LinearExprT, held: int, limit: int, capacity: int) -> cp_model.IntVar:
        scale = self.problem.bands.scale
        excess = self.cp.new_int_var(0, max(0, scale * capacity - limit), "")
        self.cp.add(excess >= scale * new + (scale * held - limit))
        return excess

    def _minimise(self) -> None:
        problem = self.problem
        w1, w2, w3 = self.weights.tolist()
        arcs = [arc for arc, x in enumerate(self.x) if x is not None]
        place = problem.arc_place[arcs]
        value = w3 * problem.arc_points[arcs] - np.where(
            problem.required[place], 0, w1 * problem.penalty[place]
        )
        constant = w1 * int(problem.penalty[~problem.required].sum())
        constant += w3 * int(problem.arc_points[problem.forced].sum())
        variables = self._of(arcs) + [late for _, late in self.late] + self.bands
        weights = value.tolist() + [w2 * points for points, _ in self.late] + [w3] * len(self.bands)
        self.cp.minimize(cp_model.LinearExpr.weighted_sum(variables, weights) + constant)


def optional_arcs(items: Items, reviewer: int) -> Ints:
    """The arcs that one reviewer may be given or not."""
    part = slice(items.start[reviewer], items.start[reviewer + 1])
    return np.asarray(items.arc[part][~items.taken[part]], dtype=np.int64)
