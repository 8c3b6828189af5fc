"""The way up a Lagrangian: steps that each price takes at its own pace, wide first and then ever closer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.lagrangian import Lagrangian
from solver.lp import Duals
from solver.problem import Floats, Problem

WIDEST, NARROW, CLOSEST = 0.2, 0.02, 0.001
LOOK_AT = 4
COARSE_UNTIL = 0.7
MEAN_OF, SQUARE_OF = 0.9, 0.99


def ascend(
    lagrangian: Lagrangian, duals: Duals, steps: int, share: Callable[[], float], stopped: Callable[[], bool]
) -> Duals:
    """The best prices found in so many steps from `duals`.

    From the linear relaxation's prices many bundles are worth the same, and all reviewers want the same few
    places; a step for all prices alike then moves nothing. Here each goes by its slope's mean over its root
    mean square (Kingma & Ba 2015, arXiv:1412.6980).

    Parameters
    ----------
    share : how much of the time for this is gone, 0 to 1; where there is time for few steps they are narrow
    """
    scale = _group_scale(lagrangian.problem)
    here = best = lagrangian.clip(duals)
    best_bound, coarse, gone = -np.inf, True, 0.0
    mean = np.zeros(2 * lagrangian.problem.n_places + len(scale))
    square = mean.copy()
    some = np.abs(duals.place[lagrangian.open & (np.abs(duals.place) > 1)])
    usual = float(np.median(some)) if len(some) else 0.0
    begun, widest = share(), WIDEST
    for k in range(1, steps + 1):
        if coarse and gone > COARSE_UNTIL:
            coarse, best_bound = False, lagrangian.evaluate(best).bound
        evaluation = lagrangian.evaluate(here, coarse)
        if evaluation.bound > best_bound:
            best, best_bound = here, evaluation.bound
        slope = evaluation.slope(scale)
        mean += (1 - MEAN_OF) * (slope - mean)
        square += (1 - SQUARE_OF) * (slope * slope - square)
        gone = max(k / steps, share())
        if gone >= 1 or stopped():
            break
        if k == LOOK_AT:
            affordable = LOOK_AT / max(1e-9, share() - begun)
            widest = float(np.clip(WIDEST * affordable / steps, NARROW, WIDEST))
        pace = usual * widest * (CLOSEST / widest) ** gone if k >= LOOK_AT else usual * NARROW
        step = mean / (1 - MEAN_OF**k) / (np.sqrt(square / (1 - SQUARE_OF**k)) + 1e-3)
        here = lagrangian.clip(_moved(here, pace * step, scale))
    return best


def _moved(duals: Duals, step: Floats, scale: Floats) -> Duals:
    n = len(duals.place)
    group = duals.group + step[2 * n :] / scale
    return Duals(duals.place + step[:n], duals.needs + step[n : 2 * n], group, duals.levels)


def _group_scale(problem: Problem) -> Floats:
    """The mean amount in each group, so that one step fits prices per place and per minute alike."""
    g = problem.groups
    total = np.bincount(g.of_member, g.amount, minlength=len(g.limit))
    return np.asarray(np.maximum(1, total / np.maximum(1, np.diff(g.start))), dtype=np.float64)
