"""Case allocation at size: our own plan, from files to files, beside what rivals make of the same problem.

`python3 run.py bench allocation -- --cases 500 --reviewers 60 --load 1.0 --seed 1 2 3 4 5 --time-limit 10`
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import cast

from allocator.allocate import PlanRequest
from allocator.sample import SampleSpec
from benchmarks._apart import Measured, apart
from benchmarks._options import parser
from benchmarks._pipeline import Planned, plan_folder
from benchmarks._rivals import RIVALS, Result, run_rival
from benchmarks._rows import Row, print_rows
from benchmarks._snapshots import make_folder, pose, usual_areas
from benchmarks._targets import print_verdicts
from solver.outcome import Limits, level_gap

PORTFOLIO = "portfolio"
Levels = dict[str, dict[str, object]]


def main(arguments: list[str]) -> int:
    """Return 0 after a row for every load, seed and method, and what was asked of them."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield a row for every load, seed and method; those of one snapshot come together, our own first."""
    options = _options(arguments)
    for load, seed in product(options.load, options.seed):
        areas = options.areas or usual_areas(options.reviewers)
        spec = SampleSpec(options.cases, options.reviewers, areas, load, seed)
        with tempfile.TemporaryDirectory() as folder:
            yield from _rows_of(spec, Path(folder), options)


def _options(arguments: list[str]) -> argparse.Namespace:
    made = parser("allocation", "Plans made-up snapshots, and lets rivals plan them.", 10.0)
    made.add_argument("--cases", type=int, default=100)
    made.add_argument("--reviewers", type=int, default=12)
    made.add_argument("--areas", type=int, help="default: one for every 12 reviewers, at most 36")
    made.add_argument("--load", type=float, nargs="+", default=[1.0], help="work ÷ capacity")
    made.add_argument("--rivals", nargs="*", choices=list(RIVALS), default=list(RIVALS))
    return made.parse_args(arguments)


def _rows_of(spec: SampleSpec, folder: Path, options: argparse.Namespace) -> list[Row]:
    """Return one snapshot's rows, each with the gap to the best bound that any of them proved."""
    make_folder(spec, folder / "snapshot")
    limits = Limits(options.time_limit, seed=spec.seed, workers=options.workers)
    found = [_own(spec, folder, limits)]
    posed = pose(folder / "snapshot") if options.rivals else None
    for name in options.rivals:
        done = apart(run_rival, name, posed, limits)
        found.append(_rival_row(name, spec, limits, done))
    best = max((row.bound for row in found if row.bound is not None), default=None)
    return [_with_best(row, best) for row in found]


def _own(spec: SampleSpec, folder: Path, limits: Limits) -> Row:
    request = PlanRequest(limits.seconds, workers=limits.workers, seed=limits.seed)
    done = apart(plan_folder, folder / "snapshot", folder / "plan", request)
    planned = done.value or Planned({}, {}, note="its process died")
    split = {**planned.split, "whole_process": done.seconds}
    more: dict[str, object] = {"split": split, "checkpoints": planned.checkpoints, "note": planned.note}
    row = _row(PORTFOLIO, spec, limits, planned.levels, done.cpu_seconds)
    return replace(row, seconds=split.get("solve"), peak_mb=done.peak_mb, more={**row.more, **_given(more)})


def _rival_row(name: str, spec: SampleSpec, limits: Limits, done: Measured[Result]) -> Row:
    result = done.value or Result({}, None, done.seconds, "its process died")
    row = _row(name, spec, limits, result.levels, done.cpu_seconds)
    more = {**row.more, **_given({"note": result.note})}
    return replace(row, bound=result.bound, seconds=result.seconds, peak_mb=done.peak_mb, more=more)


def _row(method: str, spec: SampleSpec, limits: Limits, levels: Levels, cpu_seconds: float | None) -> Row:
    first = levels.get("unallocated", {})
    return Row(
        instance=f"{spec.cases}x{spec.reviewers}-load{spec.load:g}",
        method=method,
        objective=cast("int | None", first.get("value")),
        bound=cast("int | None", first.get("bound")),
        gap=cast("float | None", first.get("gap")),
        seconds=None,
        cpu_seconds=cpu_seconds,
        peak_mb=None,
        seed=spec.seed,
        workers=limits.workers,
        more={"areas": spec.areas, "time_limit": limits.seconds, "levels": levels},
    )


def _with_best(row: Row, best: int | None) -> Row:
    """Return the row with its distance from the best bound of all, in proportion to what could be avoided."""
    if row.objective is None or best is None:
        return row
    levels = cast("Levels", row.more["levels"])
    gap = level_gap(row.objective, best, cast("int", levels["unallocated"]["fixed"]))
    return replace(row, more={**row.more, "gap_to_best_bound": gap})


def _given(figures: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in figures.items() if value not in (None, {})}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
