"""What else one could do with the same problem, and what comes of it by the same oracle as our own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks import _models
from benchmarks._found import Found, Levels
from benchmarks._greedy import by_regret
from benchmarks._models import Answer
from benchmarks._own import time_left
from benchmarks._programme import Programme, programme
from benchmarks._snapshots import Posed
from benchmarks._timefold import timefold
from solver.by_hand import oldest_first
from solver.check import breaches, values
from solver.outcome import Limits, level_gap
from solver.problem import LEVELS, Ints, Problem
from solver.reduce import drop_hopeless, fixed_values

Method = Callable[[Posed, Limits], Answer]


def _by_hand(rule: Callable[[Posed], Ints | None]) -> Method:
    return lambda posed, limits: (rule(posed), None)


def _modelled(solve: Callable[[Programme, Limits], Answer]) -> Method:
    return lambda posed, limits: solve(programme(posed.problem, posed.level), limits)


RIVALS: dict[str, Method] = {
    "oldest-first": _by_hand(lambda posed: oldest_first(posed.problem, posed.notified)),
    "greedy": _by_hand(by_regret),
    "cp-sat": _modelled(_models.cp_sat),
    "highs": _modelled(_models.highs),
    "scip": _modelled(_models.scip),
    "timefold": timefold,
}


def run_rival(name: str, posed: Posed, limits: Limits, started: float) -> Found:
    """Return what a rival finds, checked by the same oracle as our own.

    The limit is of its whole process, as for our own: what has passed since it was `started` (by
    `time.monotonic`, read just before) is taken from it.
    """
    began = time.perf_counter()
    limits = replace(limits, seconds=time_left(limits.seconds, time.monotonic() - started))
    slim = Posed(drop_hopeless(posed.problem), posed.notified, posed.level)
    assignment, bound = RIVALS[name](slim, limits)
    seconds = time.perf_counter() - began
    if assignment is None:
        return Found(bound=bound, seconds=seconds, note="found no plan within the limit")
    if broken := breaches(posed.problem, assignment):
        return Found(bound=bound, seconds=seconds, note=f"its plan breaks the problem: {broken[0]}")
    return Found(_levels(slim.problem, assignment, posed.level, bound), bound, seconds, by=name)


def _levels(problem: Problem, assignment: Ints, level: int, bound: int | None) -> Levels:
    """Return every level's value, and the gap of the one that is measured, if a bound is proved."""
    value = values(problem, assignment).tolist()
    fixed = fixed_values(problem, value[0]).tolist()
    found: Levels = {name: {"value": value[k], "fixed": fixed[k]} for k, name in enumerate(LEVELS)}
    if bound is not None:
        found[LEVELS[level]] |= {"bound": bound, "gap": level_gap(value[level], bound, fixed[level])}
    return found
