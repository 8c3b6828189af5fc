"""Generalised assignment: the public instances, by the same `solver.solve` as the product.

`python3 run.py bench gap -- d20100 gap1 --data DIR --time-limit 60`; a FILE is a path, or a published name
to look for in DIR/gap. A job is held work that may move: nothing else of the solver is made use of.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks._apart import Measured, apart
from benchmarks._gap_files import Assignment, best_known, find
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from solver.outcome import Limits
from solver.solve import solve

COST = 2
NAMED = ("gap1", "a10100", "b10100", "c10100", "d10100", "d20100", "c20400", "d20400")


@dataclass(frozen=True)
class Solved:
    """The points found and proved, None where there is no plan; wall seconds, and which method found it."""

    points: int | None
    bound: int | None
    seconds: float
    method: str


def main(arguments: list[str]) -> int:
    """Return 0 after a row for every problem and seed; a file that is not there is skipped, and named."""
    for _ in print_rows(rows(arguments)):
        pass
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield a row for every problem of every file and every seed."""
    made = parser("gap", "Solves generalised assignment problems.", 60.0)
    made.add_argument("files", nargs="*", metavar="FILE", default=list(NAMED))
    options = made.parse_args(arguments)
    known = best_known(options.data)
    for name in options.files:
        problems = find(name, options.data)
        if not problems:
            _skip(name, options.data)
        for problem in problems:
            for seed in options.seed:
                limits = Limits(options.time_limit, seed=seed, workers=options.workers)
                done = apart(_solve, problem, limits)
                yield _row(problem, limits, done, known.get((problem.name, problem.maximise)))


def _skip(name: str, data: Path | None) -> None:
    where = f"in {data.name}/gap" if data else "here, and no --data DIR was given"
    print(f"gap: skipped {name}: there is no such file {where}", file=sys.stderr, flush=True)


def _solve(problem: Assignment, limits: Limits) -> Solved:
    outcome = solve(problem.as_problem(), limits)
    if outcome.assignment is None:
        return Solved(None, None, outcome.seconds, outcome.method)
    level = outcome.levels[COST]
    return Solved(level.value, level.bound, outcome.seconds, outcome.method)


def _row(problem: Assignment, limits: Limits, done: Measured[Solved], known: int | None) -> Row:
    solved = done.value or Solved(None, None, done.seconds, "none")
    value, bound = (None if one is None else problem.of_points(one) for one in (solved.points, solved.bound))
    off = None if value is None or known is None else _worse(problem, value, known)
    more: dict[str, object] = {"best_known": known, "off_best_known": off, "found_by": solved.method}
    if value is None:
        more["note"] = "found no plan within the limit" if done.value else "its process died"
    return Row(
        instance=problem.name,
        method="portfolio",
        objective=value,
        bound=bound,
        gap=None if value is None or bound is None else abs(value - bound) / max(1, abs(value)),
        seconds=solved.seconds,
        cpu_seconds=done.cpu_seconds,
        peak_mb=done.peak_mb,
        seed=limits.seed,
        workers=limits.workers,
        more={"time_limit": limits.seconds, "maximise": problem.maximise, **more},
    )


def _worse(problem: Assignment, value: int, known: int) -> float:
    """Return how much worse than the best known, as a share of it; below 0: better."""
    return (known - value if problem.maximise else value - known) / max(1, abs(known))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
