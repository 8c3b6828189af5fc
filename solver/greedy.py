"""A sound plan at once: held work first, then the most points an hour, each to whoever has most left in
proportion.
"""

from __future__ import annotations

import numpy as np

from solver.field import field_of
from solver.plans import complete
from solver.problem import Bools, Ints, Problem
from solver.search import Search
from solver.workshop import aim_of, assignment_of, plan_of


def greedy(search: Search) -> None:
    """Offer a plan built place by place, from the best so far if there is one."""
    search.work_on("greedy")
    problem, field = search.problem, field_of(search.problem)
    plan = plan_of(problem, field, search.best if search.best is not None else held_work(problem))
    aim = aim_of(field, 0)
    everyone, every = np.ones(problem.n_reviewers, np.int64), np.arange(problem.n_places)
    complete(field, aim, plan, everyone, every, aim.penalty)
    search.offer(assignment_of(field, plan.item), "greedy")


def held_work(problem: Problem) -> Ints:
    """Held work as an assignment: what may not move with its holder, the rest on its arc of fewest slots and
    points, where its holder is.
    """
    order = np.lexsort((problem.arc_points, problem.arc_slots, problem.arc_place))
    assignment = np.full(problem.n_places, -1, np.int64)
    held: Bools = problem.required
    assignment[held] = problem.arc_reviewer[order[problem.arc_start[:-1][held]]]
    return assignment
