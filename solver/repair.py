"""Large-neighbourhood search: take a few reviewers who compete for the same cases, and plan their part anew.

Most parts are planned by a compiled plunge from prices (`mend`), hundreds a second; where those find no
more, by CP-SAT, which proves its parts. Workers are threads: the compiled code and CP-SAT both run without
the interpreter's lock, so every core is busy on one plan. Each takes a copy, plans reviewers that no other
is busy with, and carries the change over if it still fits. Slightly worse parts are taken now and then, and
the best plan is kept apart. Shaw 1998, doi:10.1007/3-540-49481-2_30; Kirkpatrick, Gelatt
& Vecchi 1983, doi:10.1126/science.220.4598.671.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from solver import cp_model
from solver.cpsat import LEVEL_ONE, CpLimits, level_weights, solve_model
from solver.neighbours import neighbours
from solver.part import part_of
from solver.problem import Ints, Problem
from solver.workshop import POINT, Workshop, plan_of

HEAT = 0.2
PLUNGES_AN_EFFORT, PROOFS_AN_EFFORT = 60, 6
PROOF_SHARE, STALE_PROOF_SHARE = 0.1, 0.3
SECONDS_A_PROOF = 2.0
DETERMINISTIC_A_PROOF = 0.15
SMALLEST, LARGEST, FIRST = 10.0, 150.0, 30.0
GROW, SHRINK = 1.08, 0.94


def repair(
    workshop: Workshop, seconds: float, workers: int, enough: Callable[[], bool] = lambda: False
) -> None:
    """Offer better plans for so many seconds, or until it is enough."""
    cp_model.load()  # else the first share of time would go into that, and whoever comes next begins worse
    search = workshop.search
    until = search.seconds + seconds

    def stopped() -> bool:
        return search.stopped() or search.seconds > until or enough()

    with ThreadPoolExecutor(workers) as pool:
        running = [pool.submit(_Worker(workshop, rng).run, stopped) for rng in search.rng.spawn(workers)]
    for future in running:
        future.result()
    workshop.tell(always=True)


def repair_by_effort(workshop: Workshop) -> None:
    """Offer better plans by a fixed number of parts, and one worker: the same on every machine."""
    search = workshop.search
    search.work_on("repair", workshop.level)
    _Worker(workshop, search.rng).run_effort(search.limits.effort or 0)
    workshop.tell(always=True)


class _Worker:
    """One worker's loop, with its own sense of how large a part it can prove."""

    def __init__(self, workshop: Workshop, rng: np.random.Generator) -> None:
        self.workshop, self.search, self.rng = workshop, workshop.search, rng
        self.size = FIRST
        self.level_one, self.idle = -1, 0

    def run(self, stopped: Callable[[], bool]) -> None:
        """Better the plan until stopped."""
        search, shop = self.search, self.workshop
        began, proving = search.seconds, 0.0
        while not stopped():
            now, share = search.seconds, STALE_PROOF_SHARE if shop.stale else PROOF_SHARE
            if search.best is not None and proving < share * (now - began):
                self._prove_part()
                proving += search.seconds - now
            else:
                shop.better_part(self._heat(), self.rng)
            shop.tell()

    def run_effort(self, effort: int) -> None:
        """Better the plan by so many units of work."""
        for _ in range(effort):
            for _ in range(PLUNGES_AN_EFFORT):
                if self.search.stopped():
                    return
                self.workshop.better_part(self._heat(), self.rng)
            self.workshop.tell(always=True)
            for _ in range(PROOFS_AN_EFFORT):
                if self.search.best is not None and not self.search.stopped():
                    self._prove_part()

    def _heat(self) -> float:
        """The largest loss that is taken: a share of what a place costs on average, in large plans too."""
        search, level, problem = self.search, self.workshop.level, self.workshop.problem
        if search.best is None:
            return 0.0
        chosen = int(np.count_nonzero(np.diff(problem.arc_start)))
        return HEAT * POINT * float(search.best_values[level] - search.fixed[level]) / max(1, chosen)

    def _prove_part(self) -> None:
        """Plan a part by CP-SAT, from the best plan."""
        search, shop, problem = self.search, self.workshop, self.workshop.problem
        shop.tell(always=True)
        best = search.best
        assert best is not None
        nobody = np.zeros(problem.n_reviewers, dtype=bool)
        seed = int(self.rng.integers(2**31))
        plan = plan_of(problem, shop.field, best)
        reviewers = np.sort(neighbours(shop.field, plan, nobody, round(self.size), seed))
        if not len(reviewers):
            return
        part = part_of(problem, best, reviewers)
        weights = self._weights(part.problem)
        seconds = 1e6 if search.deterministic else min(SECONDS_A_PROOF, max(0.05, search.remaining))
        limits = CpLimits(seconds, DETERMINISTIC_A_PROOF, 1, int(self.rng.integers(2**31)))
        answer = solve_model(part.problem, weights, part.start(best), limits, search.stopped)
        self.size = min(LARGEST, self.size * GROW) if answer.optimal else max(SMALLEST, self.size * SHRINK)
        if answer.assignment is None or search.best is None:
            return
        with shop.lock:
            shop.tell(always=True)
            if search.offer(part.merged(search.best, answer.assignment), "repair"):
                shop.take(search.best)

    def _weights(self, part: Problem) -> Ints:
        """What to minimise: level 1 alone some of the time, or where all levels do not fit one sum."""
        search = self.search
        level_one = int(search.best_values[0])
        self.idle = self.idle + 1 if level_one == self.level_one else 0
        self.level_one = level_one
        alone = not search.is_tight(0) and self.rng.random() < (0.15 if self.idle > 20 else 0.6)
        weights = None if alone else level_weights(part)
        return LEVEL_ONE if weights is None else weights
