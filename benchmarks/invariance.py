"""Does the answer hang on how a problem is written down? Copies of it must give the same gap.

`python3 run.py bench invariance -- d10100 500x60 --data DIR --time-limit 15`: each instance as it is, with
its places and reviewers in another order, and with all its points times seven.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks._alone import solve_alone
from benchmarks._asked import print_verdicts
from benchmarks._copies import dearer, permuted
from benchmarks._found import PORTFOLIO, row_of
from benchmarks._instances import Instance, instances
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from solver.outcome import Limits
from solver.problem import Problem

NAMED = ("d10100", "c20400", "500x60", "2000x300")
TIMES = 7
PERMUTED, DEARER = "permuted", f"points × {TIMES}"


def main(arguments: list[str]) -> int:
    """Return 0 after a row for every instance, seed and copy, and what was asked of them."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield the rows of each instance and seed: as it is, permuted, dearer."""
    made = parser("invariance", "Solves copies of problems that are the same in all but form.", 30.0)
    made.add_argument("instances", nargs="*", metavar="INSTANCE", default=list(NAMED))
    options = made.parse_args(arguments)
    for seed in options.seed:
        limits = Limits(options.time_limit, seed=seed, workers=options.workers)
        for instance in instances(options.instances, seed, options.data, "invariance"):
            yield from _rows_of(instance, limits)


def _rows_of(instance: Instance, limits: Limits) -> Iterator[Row]:
    problem = instance.posed.problem
    as_it_is = _row(instance, limits, PORTFOLIO, problem)
    yield as_it_is
    copies = (
        (PERMUTED, permuted(problem, np.random.default_rng(limits.seed)).problem),
        (DEARER, dearer(problem, TIMES)),
    )
    for method, copy in copies:
        row = _row(instance, limits, method, copy)
        differs = None if row.gap is None or as_it_is.gap is None else abs(row.gap - as_it_is.gap)
        yield replace(row, more={**row.more, "gap_differs": differs})


def _row(instance: Instance, limits: Limits, method: str, problem: Problem) -> Row:
    """Return the row in points of level 1 or of costs: profits would not be seven times as many."""
    level = instance.posed.level
    done = solve_alone(problem, level, limits)
    return row_of(instance.name, method, done, limits, level)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
