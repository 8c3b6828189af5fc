"""What else one could do with the same problem: by hand, one CP-SAT model, one mixed-integer programme."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks._highs import solve_with_highs
from benchmarks._snapshots import Posed
from solver.check import breaches, values
from solver.cpsat import CpLimits, level_weights, solve_model
from solver.outcome import Limits, level_gap
from solver.problem import LEVELS, Ints, Problem
from solver.reduce import drop_hopeless, fixed_values
from solver.state import State

LEVEL_ONE = np.array([1, 0, 0], np.int64)
ROUNDING = 1e-6

Answer = tuple[Ints | None, int | None]
"""An assignment, None if there is none, and a proved bound of level 1, None if there is none."""
Method = Callable[[Posed, Limits], Answer]


@dataclass(frozen=True)
class Result:
    """A rival's levels as `solver.check` reckons them (none: see the note), its bound, its wall seconds."""

    levels: dict[str, dict[str, object]]
    bound: int | None
    seconds: float
    note: str | None = None


def run_rival(name: str, posed: Posed, limits: Limits) -> Result:
    """Return what a rival finds, checked by the same oracle as our own."""
    began = time.perf_counter()
    slim = Posed(drop_hopeless(posed.problem), posed.notified)
    assignment, bound = RIVALS[name](slim, limits)
    seconds = time.perf_counter() - began
    if assignment is None:
        return Result({}, bound, seconds, "found no plan within the limit")
    if broken := breaches(posed.problem, assignment):
        return Result({}, bound, seconds, f"its plan breaks the problem: {broken[0]}")
    return Result(_levels(slim.problem, assignment, bound), bound, seconds)


def oldest_first(posed: Posed, limits: Limits) -> Answer:
    """Return what a coordinator does: the oldest notified first, each to the least loaded who may take it."""
    del limits
    problem, state = posed.problem, State(posed.problem)
    empty = np.flatnonzero(state.assignment < 0)
    for place in empty[np.lexsort((problem.needs[empty] >= 0, posed.notified[empty]))].tolist():
        arcs = np.arange(problem.arc_start[place], problem.arc_start[place + 1])
        whose = problem.arc_reviewer[arcs]
        load = 1 - state.free_minutes[whose] / np.maximum(1, problem.capacity[whose])
        order = arcs[np.argsort(load, kind="stable")].tolist()
        taken = next((arc for arc in order if state.can(arc)), None)
        if taken is not None:
            state.take(taken)
    return state.assignment, None


def cp_sat(posed: Posed, limits: Limits) -> Answer:
    """Return the answer of one CP-SAT model of all levels; of level 1 where their weights do not fit a sum.

    Building the model counts: the search ends when the limit has passed since the beginning.
    """
    deadline = time.perf_counter() + limits.seconds
    weights = level_weights(posed.problem)
    weights = LEVEL_ONE if weights is None else weights
    asked = CpLimits(limits.seconds, None, limits.workers, limits.seed)
    answer = solve_model(posed.problem, weights, None, asked, lambda: time.perf_counter() > deadline)
    if answer.assignment is None:
        return None, None
    return answer.assignment, math.ceil(answer.bound - ROUNDING) // int(weights[0])


def highs(posed: Posed, limits: Limits) -> Answer:
    """Return the answer of HiGHS to level 1 alone."""
    assignment, bound = solve_with_highs(posed.problem, limits.seconds, limits.seed)
    safe = bound - ROUNDING * max(1.0, abs(bound))  # it is reckoned in floats
    return assignment, math.ceil(safe) if math.isfinite(bound) else None


RIVALS: dict[str, Method] = {"oldest-first": oldest_first, "cp-sat": cp_sat, "highs": highs}


def _levels(problem: Problem, assignment: Ints, bound: int | None) -> dict[str, dict[str, object]]:
    value = values(problem, assignment).tolist()
    fixed = fixed_values(problem, value[0]).tolist()
    bounds = (bound, None, None)
    return {
        name: {
            "value": value[k],
            "fixed": fixed[k],
            "bound": bounds[k],
            "gap": None if bounds[k] is None else level_gap(value[k], bounds[k] or 0, fixed[k]),
        }
        for k, name in enumerate(LEVELS)
    }
