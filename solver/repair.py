"""Large-neighbourhood search: take a few reviewers who compete for the same cases, and plan their part anew.

Each part is solved whole by CP-SAT; the rest of the plan stays. While level 1 keeps getting better most
parts are solved for it alone, which is quicker to prove, the others for every level in one weighted sum.
Parts grow while they are solved to proof and shrink when they are not. Shaw 1998,
doi:10.1007/3-540-49481-2_30.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from solver.cpsat import CpLimits, level_weights, solve_model
from solver.part import part_of
from solver.problem import Ints, Problem
from solver.search import Search

ROUNDS_AN_EFFORT = 20
SECONDS_A_PART = 2.0
DETERMINISTIC_A_PART = 0.15
SMALLEST, LARGEST, START = 5.0, 40.0, 9.0
GROW, SHRINK = 1.08, 0.94
LEVEL_ONE = np.array([1, 0, 0], np.int64)
LEVEL_ONE_SHARE = 0.9
STALE_SHARE = 0.15
STALE_TURNS = 3


def repair(search: Search) -> None:
    """Offer better plans until the search stops; under `effort`, a fixed number of rounds by one worker."""
    if search.best is None or not search.problem.n_arcs:
        return
    search.work_on("repair")
    if search.deterministic:
        _Repairer(search, search.rng).run(ROUNDS_AN_EFFORT * (search.limits.effort or 0))
        return
    generators = search.rng.spawn(search.limits.workers)
    with ThreadPoolExecutor(search.limits.workers) as pool:
        running = [pool.submit(_Repairer(search, rng).run, None) for rng in generators]
    for future in running:
        future.result()


class _Repairer:
    """One worker's loop, with its own sense of how large a part it can solve."""

    def __init__(self, search: Search, rng: np.random.Generator) -> None:
        self.search, self.rng = search, rng
        self.size = START
        self.level_one, self.idle = -1, 0

    def run(self, rounds: int | None) -> None:
        """Repair until stopped, or for so many rounds."""
        done = 0
        while not self.search.stopped() and (rounds is None or done < rounds):
            self._once()
            done += 1

    def _once(self) -> None:
        search, problem = self.search, self.search.problem
        best = search.best
        assert best is not None
        reviewers = neighbours(problem, best, self.rng, round(self.size))
        part = part_of(problem, best, reviewers)
        weights = self._weights(part.problem)
        seconds = 1e6 if search.deterministic else min(SECONDS_A_PART, max(0.05, search.remaining))
        limits = CpLimits(seconds, DETERMINISTIC_A_PART, 1, int(self.rng.integers(2**31)))
        answer = solve_model(part.problem, weights, part.start(best), limits, search.stopped)
        most = min(LARGEST, problem.n_reviewers)
        self.size = min(most, self.size * GROW) if answer.optimal else max(SMALLEST, self.size * SHRINK)
        if answer.assignment is not None and search.best is not None:
            search.offer(part.merged(search.best, answer.assignment), "repair")

    def _weights(self, part: Problem) -> Ints:
        """What to minimise: level 1 alone some of the time, or where all levels do not fit one sum."""
        level_one = int(self.search.best_values[0])
        self.idle = self.idle + 1 if level_one == self.level_one else 0
        self.level_one = level_one
        turn = self.search.problem.n_reviewers / self.size
        share = LEVEL_ONE_SHARE if self.idle < STALE_TURNS * turn else STALE_SHARE
        alone = not self.search.is_tight(0) and self.rng.random() < share
        weights = None if alone else level_weights(part)
        return LEVEL_ONE if weights is None else weights


def neighbours(problem: Problem, assignment: Ints, rng: np.random.Generator, size: int) -> Ints:
    """Rows of reviewers who may take the same places as one drawn by chance, ascending; shape (≤ size,).

    Half of the time the first is drawn from those who may take an empty place, the dearer the likelier.
    """
    empty = np.flatnonzero((assignment < 0) & (np.diff(problem.arc_start) > 0))
    if len(empty) and rng.random() < 0.5:
        weight = np.maximum(1, problem.penalty[empty]).astype(np.float64)
        place = rng.choice(empty, p=weight / weight.sum())
        seed = rng.choice(problem.arc_reviewer[problem.arc_start[place] : problem.arc_start[place + 1]])
    else:
        seed = problem.arc_reviewer[rng.integers(problem.n_arcs)]
    shared = np.zeros(problem.n_places, dtype=bool)
    shared[problem.arc_place[problem.arc_reviewer == seed]] = True
    affinity = np.bincount(problem.arc_reviewer[shared[problem.arc_place]], minlength=problem.n_reviewers)
    liking = affinity * rng.random(problem.n_reviewers) ** 2
    liking[seed] = np.inf
    order = np.argsort(-liking, kind="stable")[:size]
    return np.sort(order[liking[order] > 0])
