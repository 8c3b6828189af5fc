"""Instances by name: public assignment problems, and made-up snapshots such as `500x60-load0.9`."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np

from allocator.sample import SampleSpec
from benchmarks._found import Mark
from benchmarks._gap_files import Assignment, best_known, find
from benchmarks._rows import Row
from benchmarks._snapshots import Posed, make_folder, pose, usual_areas

COST = 2
SAMPLE = re.compile(r"(\d+)x(\d+)(?:-load([\d.]+))?")


@dataclass(frozen=True, eq=False)
class Instance:
    """A problem with a name.

    Parameters
    ----------
    published : the assignment problem it was made of, None for a snapshot; rows are told in its terms
    known : the best published value, None if there is none
    """

    name: str
    posed: Posed
    published: Assignment | None = None
    known: int | None = None

    def told(self, row: Row) -> Row:
        """Return the row in the terms of the file, with its distances from the best known."""
        if self.published is None:
            return row
        of_points = self.published.of_points
        value, bound = (None if one is None else of_points(int(one)) for one in (row.objective, row.bound))
        marks = cast("dict[str, Mark]", row.more.get("checkpoints", {}))
        more = {**row.more, "maximise": self.published.maximise}
        more |= {"checkpoints": {moment: self._mark(mark) for moment, mark in marks.items()}}
        if self.known is not None:
            more |= {"best_known": self.known, **self._distances(value, bound, self.known)}
        gap = None if value is None or bound is None else _apart(value, bound)
        return replace(row, objective=value, bound=bound, gap=gap, more=more)

    def _mark(self, mark: Mark) -> Mark:
        of_points = cast("Assignment", self.published).of_points
        value, bound = (of_points(int(mark[name])) for name in ("value", "bound"))
        return {"value": value, "bound": bound, "gap": _apart(value, bound)}

    def _distances(self, value: int | None, bound: int | None, known: int) -> dict[str, float]:
        """Return how much worse than the best known (below 0: better), and how far the bound is from it."""
        sign = -1 if self.published and self.published.maximise else 1
        found: dict[str, float] = {}
        if value is not None:
            units = sign * (value - known)
            found |= {"off_units": units, "off_best_known": units / max(1, abs(known))}
        if bound is not None:
            found["bound_off_best_known"] = sign * (known - bound) / max(1, abs(known))
        return found


def instances(names: Sequence[str], seed: int, data: Path | None, asked_by: str) -> Iterator[Instance]:
    """Yield each instance named; what cannot be found is skipped, in one line that says who asked."""
    known = best_known(data)
    for name in names:
        if sample := SAMPLE.fullmatch(name):
            yield _sample(name, sample, seed)
            continue
        problems = find(name, data)
        if not problems:
            where = f"in {data.name}/gap" if data else "here, and no --data DIR was given"
            print(f"{asked_by}: skipped {name}: there is no such file {where}", file=sys.stderr, flush=True)
        for problem in problems:
            posed = Posed(problem.as_problem(), np.zeros(problem.cost.shape[1], np.int64), COST)
            yield Instance(problem.name, posed, problem, known.get((problem.name, problem.maximise)))


def _sample(name: str, sample: re.Match[str], seed: int) -> Instance:
    cases, reviewers, load = int(sample[1]), int(sample[2]), float(sample[3] or 1)
    spec = SampleSpec(cases, reviewers, usual_areas(reviewers), load, seed)
    with tempfile.TemporaryDirectory() as folder:
        make_folder(spec, Path(folder) / "snapshot")
        return Instance(name, pose(Path(folder) / "snapshot"))


def _apart(value: int, bound: int) -> float:
    return abs(value - bound) / max(1, abs(value))
