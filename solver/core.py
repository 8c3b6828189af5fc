"""The core of level 1: the places that reviewers are short for, without the many that somebody has time for.

A place whose price is 0 costs nobody anything: there is room for it. What remains is often a fifth of the
arcs, so prices settle and plans are found much sooner. Leaving places out can only lower the value, so a
bound of the core is one of the whole; and prices of the core, with 0 for the rest, prove the same of both.
For the knapsack problem see Balas & Zemel 1980, doi:10.1287/opre.28.5.1130.
"""

from __future__ import annotations

import numpy as np

from solver.lp import Duals
from solver.problem import Bools, Problem

LEAST_PRICE = 1.0


def core_of(problem: Problem, duals: Duals) -> Problem:
    """The problem with the arcs and penalties of places that have a price at level 1, and of held work.

    Its rows are those of `problem`: an assignment of one is one of the other, as far as arcs go.
    """
    core = has_price(problem, duals)
    alone = np.diff(problem.arc_start) == 0
    return problem.keep_arcs(core[problem.arc_place]).replace(
        penalty=np.where(core | alone, problem.penalty, 0), needs=np.where(core, problem.needs, -1)
    )


def has_price(problem: Problem, duals: Duals) -> Bools:
    """Held places, those with a price, what they are linked to and what they need; shape (n_places,)."""
    core = problem.required | (duals.place > LEAST_PRICE) | (duals.needs > LEAST_PRICE)
    core |= (problem.link >= 0) & np.isin(problem.link, problem.link[core])
    core[problem.needs[core & (problem.needs >= 0)]] = True
    return np.asarray(core, dtype=np.bool_)
