"""Case allocation at size: our own plan, from files to files, beside what rivals make of the same problem.

`python3 run.py bench allocation -- --cases 500 --reviewers 60 --load 0.8 1.0 --seed 1 --time-limit 10`; with
`--checkpoints 5 10 30 60` rivals run once with each of them as their limit, and geometric means end the list.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import cast

from allocator.allocate import PlanRequest
from allocator.sample import SampleSpec
from benchmarks._alone import plan_alone
from benchmarks._apart import apart
from benchmarks._asked import print_verdicts
from benchmarks._found import INSTANT, PORTFOLIO, Levels, row_of
from benchmarks._means import Standing, mean_rows, standings
from benchmarks._options import parser
from benchmarks._rivals import run_rival
from benchmarks._rows import Row, print_rows
from benchmarks._snapshots import Posed, make_folder, pose, usual_areas
from benchmarks._timefold import why_not
from solver.outcome import Limits, level_gap

RIVALS = ("oldest-first", "cp-sat", "highs", "scip", "timefold")
USUAL_RIVALS = RIVALS[:-1]


@dataclass(frozen=True)
class Asked:
    """One snapshot to plan: what it is like, the moments that are looked at, who plays."""

    name: str
    spec: SampleSpec
    moments: tuple[float, ...]
    workers: int
    rivals: tuple[str, ...]

    def limits(self, seconds: float | None = None) -> Limits:
        """Return limits of so many seconds, of the last moment if none are given."""
        return Limits(seconds or self.moments[-1], seed=self.spec.seed, workers=self.workers)


def main(arguments: list[str]) -> int:
    """Return 0 after a row for every size, load, seed and method, and what was asked of them."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield a row for every size, load, seed and method, our own first; at checkpoints their means, too."""
    options = _options(arguments)
    found_at: list[Standing] = []
    for asked in _each(options):
        with tempfile.TemporaryDirectory() as folder:
            found = _rows_of(asked, Path(folder))
        yield from found
        found_at += standings(found, asked.moments)
    if options.checkpoints:
        sizes = zip(options.cases, options.reviewers, strict=True)
        of = ", ".join(f"{cases}x{reviewers}" for cases, reviewers in sizes)
        yield from mean_rows(of, found_at, options.workers)


def _options(arguments: list[str]) -> argparse.Namespace:
    made = parser("allocation", "Plans made-up snapshots, and lets rivals plan them.", 10.0)
    made.add_argument("--cases", type=int, nargs="+", default=[100])
    made.add_argument("--reviewers", type=int, nargs="+", default=[12], help="as many numbers as of cases")
    made.add_argument("--areas", type=int, nargs="+", help="default: one for every 12 reviewers, at most 36")
    made.add_argument("--load", type=float, nargs="+", default=[1.0], help="work ÷ capacity")
    made.add_argument("--checkpoints", type=float, nargs="+", help="seconds; the last is the time limit")
    made.add_argument("--rivals", nargs="*", choices=RIVALS, default=list(USUAL_RIVALS))
    options = made.parse_args(arguments)
    options.areas = options.areas or [usual_areas(reviewers) for reviewers in options.reviewers]
    if not len(options.cases) == len(options.reviewers) == len(options.areas):
        made.error("--cases, --reviewers and --areas need equally many numbers")
    return options


def _each(options: argparse.Namespace) -> Iterator[Asked]:
    """Yield what is to be planned; a rival that cannot take part is left out, in a line that says why."""
    moments = tuple(sorted(options.checkpoints or [options.time_limit]))
    for cases, reviewers, areas in zip(options.cases, options.reviewers, options.areas, strict=True):
        rivals, reason = tuple(options.rivals), None
        if "timefold" in rivals and (reason := why_not(cases, reviewers)):
            print(f"allocation: without timefold: {reason}", file=sys.stderr, flush=True)
            rivals = tuple(name for name in rivals if name != "timefold")
        for load, seed in product(options.load, options.seed):
            spec = SampleSpec(cases, reviewers, areas, load, seed)
            name = f"{cases}x{reviewers}-load{load:g}"
            if areas != usual_areas(reviewers):
                name += f"-areas{areas}"
            yield Asked(name, spec, moments, options.workers, rivals)


def _rows_of(asked: Asked, folder: Path) -> list[Row]:
    """Return one snapshot's rows, each with its gap to the best bound that any of them proved."""
    make_folder(asked.spec, folder)
    found = [_own(asked, folder)]
    posed = pose(folder)
    for name in asked.rivals:
        for moment in asked.moments[-1:] if name in INSTANT else asked.moments:
            limits = asked.limits(moment)
            found.append(
                row_of(asked.name, name, apart(run_rival, name, posed, limits, time.monotonic()), limits)
            )
    best = max((row.bound for row in found if row.bound is not None), default=None)
    return [_with_best(_described(row, asked, posed), best) for row in found]


def _own(asked: Asked, folder: Path) -> Row:
    limits = asked.limits()
    request = PlanRequest(limits.seconds, workers=limits.workers, seed=limits.seed)
    return row_of(asked.name, PORTFOLIO, plan_alone(folder, request, asked.moments), limits)


def _described(row: Row, asked: Asked, posed: Posed) -> Row:
    """Return the row with what the snapshot is like; `nothing` are the points if nothing new is placed."""
    nothing = int(posed.problem.penalty[~posed.problem.required].sum())
    told = {"areas": asked.spec.areas, "pairs": posed.problem.n_arcs, "nothing": nothing}
    return replace(row, more={**told, **row.more})


def _with_best(row: Row, best: float | None) -> Row:
    """Return the row with its distance from the best bound of all, in proportion to what could be avoided."""
    if row.objective is None or best is None:
        return row
    first = cast("Levels", row.more["levels"])["unallocated"]
    gap = level_gap(row.objective, best, cast("int", first["fixed"]))
    return replace(row, more={**row.more, "gap_to_best_bound": gap, "best_bound": best})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
