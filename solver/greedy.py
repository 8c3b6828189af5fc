"""A sound plan at once: the most points an hour first, each to whoever has most time left."""

from __future__ import annotations

import numpy as np

from solver.problem import Ints
from solver.search import Search
from solver.state import State


def greedy(search: Search) -> None:
    """Offer a plan built place by place."""
    search.work_on("greedy")
    state = State(search.problem, search.best)
    complete(state, by_need(state))
    search.offer(state.assignment, "greedy")


def by_need(state: State) -> Ints:
    """Empty places, most points an hour first, and each after the place it needs; shape (n_empty,)."""
    problem = state.problem
    minutes = np.full(problem.n_places, np.iinfo(np.int64).max)
    np.minimum.at(minutes, problem.arc_place, problem.arc_minutes)
    worth = problem.penalty / np.maximum(1, minutes)
    empty = np.flatnonzero(state.assignment < 0)
    return empty[np.lexsort((-worth[empty], problem.needs[empty] >= 0))]


def complete(state: State, places: Ints) -> None:
    """Fill each place in turn, if anyone fits, with the reviewer who has most free minutes in proportion."""
    problem = state.problem
    share = np.maximum(1, problem.capacity)
    for place in places:
        arcs = np.arange(problem.arc_start[place], problem.arc_start[place + 1])
        reviewer = problem.arc_reviewer[arcs]
        load = problem.arc_minutes[arcs] - state.free_minutes[reviewer]
        fits = (load <= 0) & (problem.arc_slots[arcs] <= state.free_slots[reviewer])
        for arc in arcs[fits][np.argsort((load / share[reviewer])[fits], kind="stable")]:
            if state.can(int(arc)):
                state.take(int(arc))
                break
