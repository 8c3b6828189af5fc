"""Generalised assignment: the public instances, by the same `solver.solve` as the product, beside its rivals.

`python3 run.py bench gap -- d20100 gap1 --data DIR --time-limit 60`; a FILE is a path, or a published name
to look for in DIR/gap. A job is held work that may move: nothing else of the solver is made use of.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

from benchmarks._alone import solve_alone
from benchmarks._apart import apart
from benchmarks._asked import print_verdicts
from benchmarks._found import PORTFOLIO, row_of
from benchmarks._instances import Instance, instances
from benchmarks._options import parser
from benchmarks._rivals import run_rival
from benchmarks._rows import Row, print_rows
from solver.outcome import Limits

NAMED = ("gap1", "a10100", "b10100", "c10100", "d10100", "d20100", "c20400", "d20400")
RIVALS = ("greedy", "cp-sat", "highs", "scip")


def main(arguments: list[str]) -> int:
    """Return 0 after a row for every problem, seed and method, and what was asked of them."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield a row for every problem of every file, every seed and method; our own comes first."""
    made = parser("gap", "Solves generalised assignment problems, and lets rivals solve them.", 60.0)
    made.add_argument("files", nargs="*", metavar="FILE", default=list(NAMED))
    made.add_argument("--rivals", nargs="*", choices=RIVALS, default=list(RIVALS))
    options = made.parse_args(arguments)
    for instance in instances(options.files, 0, options.data, "gap"):
        for seed in options.seed:
            yield from _rows_of(instance, options, seed)


def _rows_of(instance: Instance, options: argparse.Namespace, seed: int) -> Iterator[Row]:
    limits = Limits(options.time_limit, seed=seed, workers=options.workers)
    posed, level = instance.posed, instance.posed.level
    own = solve_alone(posed.problem, level, limits)
    yield instance.told(row_of(instance.name, PORTFOLIO, own, limits, level))
    for name in options.rivals:
        done = apart(run_rival, name, posed, limits, time.monotonic())
        yield instance.told(row_of(instance.name, name, done, limits, level))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
