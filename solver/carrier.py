"""A search of the core of level 1, whose better plans are carried over to the whole as they come."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np

from solver.field import field_of
from solver.outcome import BoundedBy, Progress
from solver.plans import complete
from solver.problem import Ints, Problem
from solver.search import Search
from solver.shifts import make_room
from solver.workshop import aim_of, assignment_of, plan_of

LEAST_SECONDS = 0.001


class Carrier:
    """The search of a core, and what the whole makes of it.

    Parameters
    ----------
    search : of the whole; its best plan is what the core's starts from
    core : with the same rows and fewer arcs; each plan of the whole, as far as it goes here, costs no more
    seconds : the time that the core has
    """

    def __init__(self, search: Search, core: Problem, seconds: float) -> None:
        self.whole = search
        limits = replace(search.limits, seconds=max(LEAST_SECONDS, seconds))  # time may be up by now
        self.core = Search(core, limits, self._news, lambda: search.out_of_time() or search.proved(0))
        self._problem = search.thinned(0)
        self._field = field_of(self._problem)
        self._aim = aim_of(self._field, 0)
        self._outside = np.flatnonzero(core.penalty < search.problem.penalty)
        self._lock = threading.Lock()
        self._of: Ints | None = None
        self._carried: Ints | None = None
        if search.best is not None:
            arcs = core.arcs_of(search.best)
            self.core.offer(np.where(arcs >= 0, search.best, -1), search.found_by)

    def carry(self) -> Ints | None:
        """Offer the whole the core's best plan with the other places filled, and tell it what is proved.

        Returns that plan of the whole, if there is one.
        """
        core, best = self.core, self.core.best
        if core.bounds[0] > self.whole.bounds[0]:
            self.whole.raise_bound(0, int(core.bounds[0]), BoundedBy.SEARCH)
        with self._lock:
            if best is not None and best is not self._of:
                self._of, self._carried = best, self._filled(best)
                self.whole.offer(self._carried, "core")
            return self._carried

    def _news(self, news: Progress) -> None:
        self.whole.work_on("core")
        if self.whole.best is None or news.values[0] < self.whole.best_values[0]:
            self.carry()

    def _filled(self, best: Ints) -> Ints:
        """The core's plan, what fits of the whole's best, and whatever else still does."""
        field = self._field
        plan = plan_of(self._problem, field, best, self.whole.best)
        every = np.arange(len(plan.item))
        complete(field, self._aim, plan, np.ones(len(field.capacity), np.int64), every, self._aim.penalty)
        make_room(field, self._aim, plan, self._outside, self._aim.penalty[self._outside])
        return assignment_of(field, plan.item)
