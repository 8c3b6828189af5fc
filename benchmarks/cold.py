"""The first start of all, when the kernels are compiled, and the second, when they come from their cache.

`python3 run.py bench cold`: the same small queue planned twice, by processes that share a cache.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from benchmarks._apart import apart
from benchmarks._found import row_of
from benchmarks._instances import Instance, instances
from benchmarks._options import parser
from benchmarks._own import solve_whole
from benchmarks._rows import Row, print_rows
from solver.outcome import Limits

SIZE = "100x12"
STARTS = ("first start, compiling", "second start, from the cache")


def main(arguments: list[str]) -> int:
    """Return 0 after the two rows of each seed."""
    for _ in print_rows(rows(arguments)):
        pass
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield, for each seed, the first start and the second; `seconds` are the whole process's."""
    options = parser("cold", "Times the first start, when all is compiled.", 30.0).parse_args(arguments)
    for seed in options.seed:
        limits = Limits(options.time_limit, effort=1, seed=seed, workers=options.workers)
        for instance in instances([SIZE], seed, None, "cold"):
            with _empty_cache():
                for start in STARTS:
                    yield _row(instance, start, limits)


def _row(instance: Instance, start: str, limits: Limits) -> Row:
    done = apart(solve_whole, instance.posed.problem, instance.posed.level, limits, time.monotonic())
    return replace(row_of(instance.name, start, done, limits), seconds=done.seconds)


@contextmanager
def _empty_cache() -> Iterator[None]:
    """Let processes started in the block keep their compiled kernels in a folder that is empty at first."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, {"NUMBA_CACHE_DIR": folder}),
    ):
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
