"""What is done without any solver, by a rule of thumb."""

from __future__ import annotations

import numpy as np

from benchmarks._snapshots import Posed
from solver.problem import Ints, Problem


def by_regret(posed: Posed) -> Ints | None:
    """Return the cheapest of four plans made job by job, each next the one that would regret most to wait.

    For generalised assignment, where every place is required. A job's regret is how much worse its second
    choice is, by points, points an hour, hours, or share of capacity (Martello & Toth 1990, chapter 7). None
    if all four end with a job that fits nowhere.
    """
    points, minutes = _dense(posed.problem)
    share = minutes / np.maximum(1, posed.problem.capacity)
    measures = (points, points / np.maximum(1, minutes), minutes, share)
    plans = [plan for measure in measures if (plan := _each_in_turn(measure, minutes, posed.problem))]
    return min(plans, key=lambda plan: plan[0])[1] if plans else None


def _dense(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Return points and minutes of shape (n_places, n_reviewers), infinite where there is no arc."""
    tables = []
    for amount in (problem.arc_points, problem.arc_minutes):
        table = np.full((problem.n_places, problem.n_reviewers), np.inf)
        table[problem.arc_place, problem.arc_reviewer] = amount
        tables.append(table)
    return tables[0], tables[1]


def _each_in_turn(measure: np.ndarray, minutes: np.ndarray, problem: Problem) -> tuple[float, Ints] | None:
    """Return the points and the assignment that this measure leads to, None if it gets stuck."""
    free = problem.capacity.astype(np.float64)
    assignment = np.full(problem.n_places, -1, np.int64)
    left = np.arange(problem.n_places)
    while len(left):
        choice = np.where(minutes[left] <= free, measure[left], np.inf)
        order = np.sort(choice, axis=1)[:, :2]
        if np.isinf(order[:, 0]).any():
            return None
        regret = order[:, -1] - order[:, 0]  # infinite where there is no second choice: these go first
        at = int(regret.argmax())
        reviewer = int(choice[at].argmin())
        assignment[left[at]] = reviewer
        free[reviewer] -= minutes[left[at], reviewer]
        left = np.delete(left, at)
    return float(_dense(problem)[0][np.arange(problem.n_places), assignment].sum()), assignment
