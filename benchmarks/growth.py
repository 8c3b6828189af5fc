"""How seconds and memory grow with the eligible pairs: the same effort of search on ever larger queues.

`python3 run.py bench growth -- 500x60 1000x125 2000x250 4000x500 --effort 1`: from files to files.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np

from allocator.allocate import PlanRequest
from allocator.sample import SampleSpec
from benchmarks._alone import plan_alone
from benchmarks._asked import print_verdicts
from benchmarks._found import PORTFOLIO, row_of
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from benchmarks._snapshots import make_folder, pose, usual_areas
from solver.outcome import Limits

NAMED = ("500x60", "1000x125", "2000x250", "4000x500", "8000x1000")
SIZE = re.compile(r"(\d+)x(\d+)")


def main(arguments: list[str]) -> int:
    """Return 0 after a row for every size and seed, and the exponents."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield a row for every size and seed, and in the end one with the exponents of growth."""
    made = parser("growth", "Plans queues of growing size with the same effort.", 600.0)
    made.add_argument("sizes", nargs="*", metavar="CASESxREVIEWERS", default=list(NAMED))
    made.add_argument("--effort", type=int, default=1)
    options = made.parse_args(arguments)
    found = []
    for size in options.sizes:
        matched = SIZE.fullmatch(size) or made.error(f"{size} is no size; write it such as 500x60")
        for seed in options.seed:
            spec = SampleSpec(int(matched[1]), int(matched[2]), usual_areas(int(matched[2])), 1.0, seed)
            limits = Limits(options.time_limit, options.effort, seed=seed, workers=options.workers)
            found.append(_row(size, spec, limits))
            yield found[-1]
    if exponents := _exponents(found):
        yield Row("growth", PORTFOLIO, None, None, None, None, None, None, more=exponents)


def _row(size: str, spec: SampleSpec, limits: Limits) -> Row:
    request = PlanRequest(limits.seconds, limits.effort, workers=limits.workers, seed=limits.seed)
    with tempfile.TemporaryDirectory() as folder:
        make_folder(spec, Path(folder))
        pairs = pose(Path(folder)).problem.n_arcs
        done = plan_alone(Path(folder), request)
    row = row_of(size, PORTFOLIO, done, limits)
    work = done.seconds - (done.value.split["start_up"] if done.value else 0.0)
    more = {**row.more, "pairs": pairs, "effort": limits.effort, "seconds_a_pair": work / max(1, pairs)}
    return replace(row, seconds=work, more=more)


def _exponents(rows: Sequence[Row]) -> dict[str, object]:
    """Return b of seconds = a × pairs^b, and the same of memory; nothing if there are no two sizes."""
    whole = [row for row in rows if row.objective is not None and row.peak_mb]
    pairs = np.log([cast("int", row.more["pairs"]) for row in whole])
    if len(set(pairs.tolist())) < 2:
        return {}
    figures = {
        "seconds_exponent": [cast("float", row.seconds) for row in whole],
        "memory_exponent": [cast("float", row.peak_mb) for row in whole],
    }
    return {name: float(np.polyfit(pairs, np.log(figure), 1)[0]) for name, figure in figures.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
