"""What independent parts tell while they are solved, and how the whole stops them."""

from __future__ import annotations

import threading

import numpy as np

from solver.outcome import BoundedBy, Outcome, Prices, Proof
from solver.part import Part
from solver.problem import Ints
from solver.search import NEWS_EVERY_SECONDS, Search


class Nobody:
    """Hears nothing and stops nothing: what a listener is in another process."""

    def hear(self, number: int, part: Search) -> None:
        """Nothing is made of it."""

    def stopped(self) -> bool:
        """False: a part in another process ends by its own limits."""
        return False


class Listener(Nobody):
    """What the parts have come to so far, told to the search of the whole.

    `bounds` are those of level 1, shape (n_parts,); `outcomes` and `prices` have the last outcome and the
    best level-1 prices of each part that had its turn.
    """

    def __init__(self, search: Search, parts: list[Part]) -> None:
        self.search, self.parts = search, parts
        self.bounds = np.zeros(len(parts), np.int64)
        self.outcomes: dict[int, Outcome] = {}
        self.prices: dict[int, Prices] = {}
        nothing = np.full(search.problem.n_places, -1, np.int64)
        self.merged = nothing if search.best is None else search.best
        self.alone = int(search.problem.penalty[np.diff(search.problem.arc_start) == 0].sum())
        self.lock, self.told, self.over = threading.Lock(), search.seconds, False

    def __reduce__(self) -> tuple[type[Nobody], tuple[()]]:
        return Nobody, ()

    def stopped(self) -> bool:
        """True when the whole has no time left, someone asked to stop, or one of the parts failed."""
        return self.over or self.search.out_of_time()

    def unproved(self) -> list[int]:
        """The parts that may still get better, the smallest first."""
        open_ = [
            number
            for number in range(len(self.parts))
            if number not in self.outcomes or self.outcomes[number].proof is Proof.BEST_FOUND
        ]
        return sorted(open_, key=lambda number: self.parts[number].problem.n_arcs)

    def hear(self, number: int, part: Search) -> None:
        """Take what a part has now; a few times a second the whole is told."""
        with self.lock:
            self._take(number, part.best, int(part.bounds[0]))
            if self.search.seconds > self.told + NEWS_EVERY_SECONDS:
                self._tell()

    def end(self, number: int, outcome: Outcome) -> None:
        """Take what a part has come to in its turn, and tell the whole."""
        with self.lock:
            if outcome.assignment is not None:
                self._take(number, outcome.assignment, outcome.levels[0].bound)
                self.outcomes[number] = outcome
                known, prices = self.prices.get(number), outcome.levels[0].prices
                if prices is not None and (known is None or prices.bound > known.bound):
                    self.prices[number] = prices
            self._tell()

    def _take(self, number: int, best: Ints | None, bound: int) -> None:
        self.bounds[number] = max(bound, self.bounds[number])
        if best is not None:
            self.merged = self.parts[number].merged(self.merged, best)

    def _tell(self) -> None:
        self.search.work_on("apart")
        self.search.offer(self.merged, "apart")
        self.search.raise_bound(0, self.alone + int(self.bounds.sum()), BoundedBy.SEARCH)
        self.told = self.search.seconds
