"""Whether arrays make an allocation problem: their shapes, ranges and orders, the first fault told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from solver.problem import Ints, Problem

Check = tuple[bool, str]
"""Whether something is as it must be, and what must be."""


def first_fault(p: Problem) -> str | None:
    """The first thing that is wrong, None if nothing is; a check is made only if those before it hold."""
    checks = chain(_shapes(p), _starts(p), _ranges(p), _signs(p), _held(p))
    return next((message for sound, message in checks if not sound), None)


def _shapes(p: Problem) -> Iterator[Check]:
    by_place = ("case", "rank", "penalty", "late_points", "required", "movable", "needs", "link")
    by_arc = ("arc_reviewer", "arc_minutes", "arc_points", "arc_slots", "arc_due")
    expected = dict.fromkeys(by_place, p.n_places) | dict.fromkeys(by_arc, p.n_arcs)
    expected |= {"arc_start": p.n_places + 1, "slots": p.n_reviewers}
    for name, size in expected.items():
        shape = getattr(p, name).shape
        yield shape == (size,), f"{name} has shape {shape}; it must be ({size},)"
    bands = p.bands.threshold.shape == (p.n_reviewers, len(p.bands.rate))
    yield bands, "bands.threshold must have shape (n_reviewers, n_bands)"


def _starts(p: Problem) -> Iterator[Check]:
    yield p.arc_start[0] == 0 and p.arc_start[-1] == p.n_arcs, "arc_start must run from 0 to n_arcs"
    yield bool(np.all(np.diff(p.arc_start) >= 0)), "arc_start must not fall"


def _ranges(p: Problem) -> Iterator[Check]:
    n, r = p.n_places, p.n_reviewers
    yield _all_within(p.arc_reviewer, 0, r - 1), f"arc_reviewer must be 0 … {r - 1}"
    yield _ascends_by_place(p), "arcs must ascend by reviewer within each place"
    yield _all_within(p.needs, -1, n - 1), f"needs must be −1 … {n - 1}"
    yield _all_within(p.arc_due, -1, None), "arc_due must be ≥ −1"
    yield _all_within(p.groups.arc, 0, p.n_arcs - 1), "groups.arc must be arc rows"
    yield p.bands.scale > 0 and p.bands.divisor > 0, "bands.scale and bands.divisor must be > 0"


def _signs(p: Problem) -> Iterator[Check]:
    natural = ("penalty", "late_points", "arc_minutes", "arc_points", "arc_slots", "capacity", "slots")
    values = {name: getattr(p, name) for name in natural}
    values |= {"groups.limit": p.groups.limit, "groups.amount": p.groups.amount}
    values |= {"bands.rate": p.bands.rate, "bands.threshold": p.bands.threshold.ravel()}
    for name, array in values.items():
        yield _all_within(array, 0, None), f"{name} must be ≥ 0"


def _held(p: Problem) -> Iterator[Check]:
    count = np.diff(p.arc_start)
    yield bool(np.all(count[p.required] > 0)), "a required place needs an arc"
    only_one = bool(np.all(count[p.required & ~p.movable] == 1))
    yield only_one, "a required place that may not move has one arc"
    yield bool(np.all(p.forced_minutes <= p.capacity)), "held minutes must be within capacity"


def _ascends_by_place(p: Problem) -> bool:
    """True when each arc's reviewer is above the one before it, or it is the first of its place."""
    rises = np.ones(p.n_arcs + 1, np.bool_)
    np.greater(p.arc_reviewer[1:], p.arc_reviewer[:-1], out=rises[1:-1])
    rises[p.arc_start] = True
    return bool(rises.all())


def _all_within(values: Ints, low: int, high: int | None) -> bool:
    if not len(values):
        return True
    return bool(values.min() >= low and (high is None or values.max() <= high))
