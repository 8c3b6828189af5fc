"""Prices of level 1 that an earlier solve left, made to fit the problem as it is now.

They are a start and no more: `relax` proves what they are worth, on all arcs.
"""

from __future__ import annotations

import numpy as np

from solver.core import LEAST_PRICE
from solver.lagrangian import Lagrangian
from solver.lp import Duals
from solver.problem import Ints

MOST_UNKNOWN = 0.1
"""With no price for a larger share of the places, those of the linear relaxation are the better start."""


def carried_over(lagrangian: Lagrangian, old: Duals, best: Ints | None) -> Duals | None:
    """Earlier prices of level 1 with one for every place; None if too few are known to begin from.

    A place that the best plan leaves empty although it had no price has none now: whoever had time for it is
    gone. What is not known is what the cheapest taker could earn elsewhere meanwhile, and enough to be in the
    core in any case.
    """
    problem = lagrangian.problem
    chosen = (np.diff(problem.arc_start) > 0) & lagrangian.optional & (problem.penalty > 0)
    unknown = chosen & ~np.isfinite(old.place)
    if best is not None:
        unknown |= chosen & (best < 0) & (np.nan_to_num(old.place) <= LEAST_PRICE)
    if np.count_nonzero(unknown) > MOST_UNKNOWN * np.count_nonzero(chosen):
        return None
    most = float(problem.penalty.max(initial=0))  # nothing is worth more, whatever a document says
    place, needs, group = (
        np.clip(np.nan_to_num(part), -most, most) for part in (old.place, old.needs, old.group)
    )
    place[unknown] = 0.0
    known = lagrangian.clip(Duals(place, needs, group, np.array([1.0, 0.0, 0.0])))
    asked = np.maximum(2 * LEAST_PRICE, lagrangian.asked_for(known))
    return lagrangian.clip(
        Duals(np.where(unknown, asked, known.place), known.needs, known.group, known.levels)
    )
