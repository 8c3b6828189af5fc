"""What each part is worth: the portfolio with one method of `solver.solve.METHODS` switched off at a time.

`python3 run.py bench ablation -- d20100 2000x300 --data DIR --time-limit 30`; a name is one of `gap`'s, or
CASESxREVIEWERS with `-loadL` after it for a made-up snapshot.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

from benchmarks._alone import solve_alone
from benchmarks._found import PORTFOLIO, row_of
from benchmarks._instances import Instance, instances
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from solver.outcome import Limits
from solver.solve import METHODS

NAMED = ("d20100", "500x60", "2000x300")


def main(arguments: list[str]) -> int:
    """Return 0 after a row for every instance, seed and method left out."""
    for _ in print_rows(rows(arguments)):
        pass
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield, for every instance and seed, the whole portfolio and then each without one of its methods."""
    names = [method.name for method in METHODS]
    made = parser("ablation", "Leaves out one method at a time.", 30.0)
    made.add_argument("instances", nargs="*", metavar="INSTANCE", default=list(NAMED))
    made.add_argument("--without", nargs="*", choices=names, default=names, help="default: each in turn")
    options = made.parse_args(arguments)
    for seed in options.seed:
        limits = Limits(options.time_limit, seed=seed, workers=options.workers)
        for instance in instances(options.instances, seed, options.data, "ablation"):
            yield from _rows_of(instance, limits, options.without)


def _rows_of(instance: Instance, limits: Limits, names: list[str]) -> Iterator[Row]:
    whole = _row(instance, limits, PORTFOLIO, ())
    yield whole
    for name in names:
        row = _row(instance, limits, f"without {name}", (name,))
        yield replace(row, more={**row.more, **_against(whole, row)})


def _row(instance: Instance, limits: Limits, method: str, without: tuple[str, ...]) -> Row:
    problem, level = instance.posed.problem, instance.posed.level
    done = solve_alone(problem, level, limits, without)
    return instance.told(row_of(instance.name, method, done, limits, level))


def _against(whole: Row, row: Row) -> dict[str, object]:
    """Return by which share of the whole's value the value differs, and the bound; above 0: it is higher."""
    differences = {}
    for name in ("objective", "bound"):
        one, other = getattr(row, name), getattr(whole, name)
        if one is not None and other is not None:
            differences[f"{name}_against_whole"] = (one - other) / max(1, abs(other))
    return differences


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
