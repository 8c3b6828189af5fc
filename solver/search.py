"""What the methods share while they search: the best plan so far, the proved bounds, and when to stop.

A method is a function of one `Search`. It looks at `best` and `bounds`, calls `offer` and `raise_bound`, and
returns soon after `stopped()` is true.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection

import numpy as np

from solver.check import breaches, values
from solver.lp import Duals
from solver.outcome import (
    PRICE_UNIT,
    BoundedBy,
    LevelOutcome,
    Limits,
    Outcome,
    Prices,
    Progress,
    Proof,
    better,
    level_gap,
)
from solver.problem import LEVELS, Bools, Ints, Problem
from solver.reduce import drop_hopeless, fixed_values

NEWS_EVERY_SECONDS = 0.25
UNKNOWN = 2**62


class Search:
    """The common state of one solve.

    Parameters
    ----------
    problem : Problem
    limits : Limits
    progress : called with every improvement, and at least a few times a second while methods report in
    cancelled : asked often; once true, the search ends with the best so far
    without : names of methods that are left out
    """

    def __init__(
        self,
        problem: Problem,
        limits: Limits,
        progress: Callable[[Progress], None] = lambda news: None,
        cancelled: Callable[[], bool] = lambda: False,
        without: Collection[str] = (),
    ) -> None:
        self.whole = problem
        self.without = frozenset(without)
        self.problem = drop_hopeless(problem)
        self.limits = limits
        self.rng = np.random.default_rng(limits.seed)
        self.best: Ints | None = None
        self.best_values = np.full(3, UNKNOWN, np.int64)
        self.method = "none"
        self.found_by = "none"
        self.level = 0
        self.fixed = fixed_values(self.problem, unallocated=UNKNOWN)
        self.bounds = self.fixed.copy()
        self.bounded_by = [BoundedBy.FIXED] * 3
        self.prices: list[Prices | None] = [_worthless(self.problem, int(self.fixed[0])), None, None]
        self.duals: list[Duals | None] = [None] * 3
        self.likely: list[Bools | None] = [None] * 3
        self.old_prices: Duals | None = None
        self.warm = False  # true once level 1 was priced from those
        self.lock = threading.RLock()
        self._progress, self._cancelled = progress, cancelled
        self._kept_back = 0.0
        self._began = self._last_news = time.perf_counter()
        self._deadline = float("inf") if limits.effort else self._began + limits.seconds

    def thinned(self, level: int) -> Problem:
        """The problem with the arcs likely to matter at a level, and those of held work and the best plan."""
        likely = self.likely[level]
        if likely is None:
            return self.problem
        keep = likely | self.problem.required[self.problem.arc_place]
        if self.best is not None:
            used = self.problem.arcs_of(self.best)
            keep[used[used >= 0]] = True
        return self.problem.keep_arcs(keep)

    def open_level(self) -> int:
        """The first level that may still get better, or 2."""
        points = (self.problem.penalty, self.problem.late_points)
        for level, most in enumerate(points):
            if most.any() and not (self.best is not None and self.is_tight(level)):
                return level
        return 2

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return time.perf_counter() - self._began

    @property
    def remaining(self) -> float:
        """Seconds until the time limit, less what is kept back; infinite under `effort`."""
        return self._deadline - self._kept_back - time.perf_counter()

    def keep_back(self, seconds: float) -> None:
        """Keep some seconds at the end for what comes after the running method."""
        self._kept_back = seconds

    @property
    def deterministic(self) -> bool:
        """True when work, not time, is the limit."""
        return self.limits.effort is not None

    def cancelled(self) -> bool:
        """True once someone asked for the best so far."""
        return self._cancelled()

    def out_of_time(self) -> bool:
        """True when there is no time left or someone asked to stop."""
        return self.remaining <= 0 or self.cancelled()

    def stopped(self) -> bool:
        """True when there is no time left, someone asked to stop, or every level is proved."""
        self._news(always=False)
        return self.out_of_time() or self.proved()

    def proved(self, level: int = 2) -> bool:
        """True when this level and all above it are within the gap asked for."""
        return self.best is not None and all(self.gap(k) <= self.limits.gap for k in range(level + 1))

    def is_open(self, level: int) -> bool:
        """True while there is something to choose, time for it, and a level up to this one not proved."""
        return bool(self.problem.n_arcs) and not self.stopped() and not self.proved(level)

    def is_tight(self, level: int) -> bool:
        """True when the level's value is its bound."""
        return bool(self.best_values[level] == self.bounds[level])

    def gap(self, level: int) -> float:
        """The gap of a level now."""
        value, bound = int(self.best_values[level]), int(self.bounds[level])
        if value == bound:
            return 0.0
        return level_gap(value, bound, int(self.fixed[level]))

    def offer(self, assignment: Ints, method: str) -> bool:
        """True when the assignment is sound and better than the best, which it then is."""
        offered = values(self.problem, assignment)
        with self.lock:
            if self.best is not None and not better(offered, self.best_values):
                return False
            if breaches(self.problem, assignment):
                return False
            self.best, self.best_values, self.found_by = assignment.copy(), offered, method
            self.fixed = fixed_values(self.problem, int(offered[0]))
            self._raise_fixed()
        self._news(always=True)
        return True

    def raise_bound(self, level: int, bound: int, by: BoundedBy, prices: Prices | None = None) -> None:
        """Take note of a proved bound; prices are kept if they are the best of their level."""
        with self.lock:
            kept = self.prices[level]
            if prices is not None and (kept is None or prices.bound > kept.bound):
                self.prices[level] = prices
            stronger = bound == self.bounds[level] and by is BoundedBy.PRICES
            if bound > self.bounds[level] or (stronger and self.bounded_by[level] is BoundedBy.SEARCH):
                self.bounds[level], self.bounded_by[level] = bound, by
        self._news(always=True)

    def work_on(self, method: str, level: int = 0) -> None:
        """Say what is going on, for the news."""
        self.method, self.level = method, level
        self._news(always=False)

    def outcome(self) -> Outcome:
        """The result as it stands."""
        if self.best is None:
            return Outcome(None, (), self.seconds, self.found_by)
        levels = tuple(self._level_outcome(k) for k in range(3))
        return Outcome(self.best, levels, self.seconds, self.found_by)

    def _level_outcome(self, k: int) -> LevelOutcome:
        value, bound = int(self.best_values[k]), int(self.bounds[k])
        return LevelOutcome(
            LEVELS[k], value, int(self.fixed[k]), bound, self._proof(k), self.bounded_by[k], self.prices[k]
        )

    def _proof(self, level: int) -> Proof:
        if self.best_values[level] == self.bounds[level]:
            return Proof.OPTIMAL
        return Proof.WITHIN_GAP if self.gap(level) <= self.limits.gap else Proof.BEST_FOUND

    def _raise_fixed(self) -> None:
        """What is fixed is a bound as well, once level 1 is known well enough."""
        for level, fixed in enumerate(self.fixed):
            if fixed > self.bounds[level]:
                self.bounds[level], self.bounded_by[level] = fixed, BoundedBy.FIXED

    def _news(self, always: bool) -> None:
        now = time.perf_counter()
        if self.best is None or not (always or now - self._last_news > NEWS_EVERY_SECONDS):
            return
        self._last_news = now
        best, bounds = (tuple(int(v) for v in a) for a in (self.best_values, self.bounds))
        fixed = tuple(int(v) for v in self.fixed)
        filled, places = int((self.best >= 0).sum()), self.problem.n_places
        level, since = self.level, now - self._began
        self._progress(Progress(since, level, best, bounds, fixed, self.method, filled, places))


def _worthless(problem: Problem, bound: int) -> Prices:
    """Level-1 prices that prove no more than what is fixed: only places that nobody may take have one."""
    place = np.where(np.diff(problem.arc_start) == 0, problem.penalty * PRICE_UNIT, 0)
    needs, group = np.zeros(problem.n_places, np.int64), np.zeros(len(problem.groups.limit), np.int64)
    return Prices(bound, place, needs, group, np.array([PRICE_UNIT, 0, 0]))
