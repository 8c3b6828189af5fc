"""The core of level 1: the places that reviewers are short for, without the many that somebody has time for.

A place whose price is 0 costs nobody anything: there is room for it. What remains is often a fifth of the
arcs, so prices settle and plans are found much sooner. Leaving places out can only lower the value, so a
bound of the core is one of the whole; and prices of the core, with 0 for the rest, prove the same of both.
For the knapsack problem see Balas & Zemel 1980, doi:10.1287/opre.28.5.1130.
"""

from __future__ import annotations

import numpy as np

from solver.lp import Duals
from solver.problem import Bools, Ints, Problem

LEAST_PRICE = 1.0


def core_of(problem: Problem, inside: Bools) -> Problem:
    """The problem with the arcs and penalties of some places, such as those that `has_price` tells.

    Its rows are those of `problem`: an assignment of one is one of the other, as far as arcs go.
    """
    alone = np.diff(problem.arc_start) == 0
    return problem.keep_arcs(inside[problem.arc_place]).replace(
        penalty=np.where(inside | alone, problem.penalty, 0), needs=np.where(inside, problem.needs, -1)
    )


def weighted_core_of(problem: Problem, inside: Bools) -> Problem:
    """The same, where leaving a place empty costs also what needs it and is outside: that stays empty too.

    A bound of it is still one of the whole. Prices are of the core alone: they know what needs what.
    """
    core = core_of(problem, inside)
    weighted = core.penalty.copy()
    outside = np.flatnonzero(~inside & (problem.needs >= 0) & (np.diff(problem.arc_start) > 0))
    np.add.at(weighted, problem.needs[outside], problem.penalty[outside])
    return core.replace(penalty=np.where(inside, weighted, core.penalty))


def has_price(problem: Problem, duals: Duals) -> Bools:
    """Held places, those with a price, what they are linked to and what they need; shape (n_places,)."""
    return _closed(problem, problem.required | (duals.place > LEAST_PRICE) | (duals.needs > LEAST_PRICE))


def _closed(problem: Problem, inside: Bools) -> Bools:
    """Some places, what they are linked to and what they need; shape (n_places,)."""
    core = inside | ((problem.link >= 0) & np.isin(problem.link, problem.link[inside]))
    core[problem.needs[core & (problem.needs >= 0)]] = True
    return np.asarray(core, dtype=np.bool_)


def grown(problem: Problem, inside: Bools, assignment: Ints) -> Bools:
    """The core with what a plan of it leaves no room for after all; shape (n_places,).

    Those are the places outside that stay empty, and what whoever may take them has from outside instead.
    """
    empty = ~inside & (assignment < 0) & (problem.penalty > 0) & (np.diff(problem.arc_start) > 0)
    able = np.zeros(problem.n_reviewers, np.bool_)
    able[problem.arc_reviewer[empty[problem.arc_place]]] = True
    return _closed(problem, inside | empty | ((assignment >= 0) & able[assignment]))
