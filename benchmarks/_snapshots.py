"""The made-up snapshots that are measured on, and the problems they make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from allocator.encode import encode
from allocator.intake import read_snapshot
from allocator.sample import SampleSpec, make_sample, write_sample
from benchmarks._apart import apart
from solver.problem import Ints, Problem

REVIEWERS_AN_AREA, MOST_AREAS = 12, 36


@dataclass(frozen=True, eq=False)
class Posed:
    """A problem, what a coordinator goes by, and which level is measured.

    Parameters
    ----------
    notified : ndarray of shape (n_places,), the day of notification of each place
    level : 0 … 2
    """

    problem: Problem
    notified: Ints
    level: int = 0


def usual_areas(reviewers: int) -> int:
    """Return how many areas so many reviewers make: twelve in each, as in the demo, up to all of England."""
    return min(MOST_AREAS, max(1, reviewers // REVIEWERS_AN_AREA))


def make_folder(spec: SampleSpec, folder: Path) -> float:
    """Return the wall seconds it took to make the snapshot up and write it."""
    return apart(_make, spec, folder).seconds


def pose(folder: Path) -> Posed:
    """Return the problem that a folder makes, read in a process of its own.

    Raises
    ------
    RuntimeError
        That process died.
    """
    posed = apart(_pose, folder).value
    if posed is None:
        raise RuntimeError("the process that encodes the snapshot died")
    return posed


def _make(spec: SampleSpec, folder: Path) -> None:
    write_sample(make_sample(spec, spec.rng()), folder)


def _pose(folder: Path) -> Posed:
    encoding = encode(read_snapshot(folder, today=SampleSpec().as_of).snapshot)
    days = np.array([case.notified_on.toordinal() for case in encoding.facts.cases], np.int64)
    return Posed(encoding.problem, days[encoding.places.case])
