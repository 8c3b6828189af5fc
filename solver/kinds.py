"""Kinds of parts that are planned anew, and which of them is worth trying next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.agree import Style

SIZES = (15, 30, 60, 120, 250)
QUICK = Style(steps=10, share=0.15, noise=0.1, states=600, crowd=0.0)
CROWDED = QUICK._replace(steps=12, share=0.1, crowd=0.1)
CAREFUL = QUICK._replace(steps=24, share=0.05, states=4000)
BRISK = CAREFUL._replace(steps=12, share=0.1, noise=0.2)
WHOLE = CAREFUL._replace(noise=0.02, crowd=0.02)
HUGE = QUICK._replace(noise=0.02)
EVERYONE, MOST_ARCS = 0, 40_000
TRY_ALL, BY_CHANCE, FORGET, PATIENCE = 2, 0.5, 0.97, 30


class Kind(NamedTuple):
    """A kind of part: about so many places, planned anew in this style; with `EVERYONE` all there are."""

    size: int
    style: Style


class Kinds:
    """Kinds of parts, and which of them gain most for their work.

    Half of the draws go to whichever has gained most lately. The others share the work out in proportion to
    size: small parts are soon as good as they can be, and then only large ones find something.
    """

    def __init__(self, n_places: int, n_arcs: int) -> None:
        sizes = [size for size in SIZES if size <= max(SIZES[1], n_places // 2)]
        self.kinds = [Kind(size, style) for size in sizes for style in (QUICK, CROWDED, CAREFUL)]
        self.due = np.array([size for size, _ in self.kinds], np.float64)
        if n_arcs <= MOST_ARCS:
            self.kinds += [Kind(EVERYONE, style) for style in (CAREFUL, BRISK)]
            self.due = np.append(self.due, [n_places, n_places])
        self.gain, self.work = np.zeros(len(self.kinds)), np.full(len(self.kinds), 1e-9)
        self.done = np.zeros(len(self.kinds))
        self.tried = np.zeros(len(self.kinds), np.int64)
        self.idle = 0

    def draw(self, rng: np.random.Generator) -> int:
        """The kind to try next."""
        fewest = int(self.tried.argmin())
        if self.tried[fewest] < TRY_ALL:
            return fewest
        if rng.random() < BY_CHANCE or self.idle > PATIENCE:
            return int((self.done / self.due).argmin())
        return int((self.gain / (self.work + self.work.mean())).argmax())

    def note(self, kind: int, gain: float, work: float) -> None:
        """Remember what one try brought; older ones count less and less."""
        self.tried[kind] += 1
        self.idle = 0 if gain > 0 else self.idle + 1
        self.gain *= FORGET
        self.work *= FORGET
        self.gain[kind] += gain
        self.work[kind] += work
        self.done[kind] += work
