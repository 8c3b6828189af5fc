"""Reading at size: how long a sound snapshot takes, and how long until every fault of a bad one is listed.

`python3 run.py bench reading -- --cases 100000 --reviewers 5000 --faults 1000`
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from allocator.errors import BadInput
from allocator.intake import read_snapshot
from allocator.sample import SampleSpec, make_sample, write_sample
from benchmarks._apart import Measured, apart
from benchmarks._asked import print_verdicts
from benchmarks._faults import Planted, plant
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from benchmarks._snapshots import usual_areas


@dataclass(frozen=True)
class Timed:
    """Wall seconds of a step, and what it counted."""

    seconds: float
    more: dict[str, object]


def main(arguments: list[str]) -> int:
    """Return 0 after three rows: a snapshot written, read sound, and read with faults."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield, for each seed, the rows `sample`, `read` and `list-faults`; there is no time limit to any."""
    made = parser("reading", "Reads large snapshots, sound ones and bad ones.", 60.0)
    made.add_argument("--cases", type=int, default=100_000)
    made.add_argument("--reviewers", type=int, default=5_000)
    made.add_argument("--faults", type=int, default=1_000)
    options = made.parse_args(arguments)
    areas = usual_areas(options.reviewers)
    for seed in options.seed:
        spec = SampleSpec(options.cases, options.reviewers, areas, seed=seed)
        with tempfile.TemporaryDirectory() as folder:
            yield from _rows_of(spec, Path(folder), options.faults)


def _rows_of(spec: SampleSpec, folder: Path, faults: int) -> Iterator[Row]:
    yield _row("sample", spec, apart(_write, spec, folder))
    yield _row("read", spec, apart(_read, folder))
    planted = plant(folder, faults)
    yield _row("list-faults", spec, apart(_list_faults, folder, planted))


def _write(spec: SampleSpec, folder: Path) -> Timed:
    began = time.perf_counter()
    tables = make_sample(spec, spec.rng())
    write_sample(tables, folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    return Timed(time.perf_counter() - began, {"megabytes": size / 1e6, "areas": spec.areas})


def _read(folder: Path) -> Timed:
    began = time.perf_counter()
    reading = read_snapshot(folder, today=SampleSpec().as_of)
    return Timed(time.perf_counter() - began, {"warnings": len(reading.warnings)})


def _list_faults(folder: Path, planted: list[Planted]) -> Timed:
    """Read, and write each fault out as a line; every one planted must be among them."""
    began = time.perf_counter()
    try:
        read_snapshot(folder, today=SampleSpec().as_of)
    except BadInput as bad:
        lines = [str(fault) for fault in bad.faults]
        seconds = time.perf_counter() - began
        listed = {(fault.file, fault.line, fault.column, fault.code) for fault in bad.faults}
    else:
        lines, seconds, listed = [], time.perf_counter() - began, set()
    missed = [one for one in planted if (one.file, one.line, one.column, one.code) not in listed]
    return Timed(seconds, {"lines": len(lines), **_counts(planted), "missed": len(missed)})


def _counts(planted: list[Planted]) -> dict[str, object]:
    kinds, files = len({one.code for one in planted}), len({one.file for one in planted})
    return {"planted": len(planted), "kinds": kinds, "files": files}


def _row(method: str, spec: SampleSpec, done: Measured[Timed]) -> Row:
    timed = done.value
    more = timed.more if timed else {"note": "its process died"}
    return Row(
        instance=f"{spec.cases}x{spec.reviewers}",
        method=method,
        objective=None,
        bound=None,
        gap=None,
        seconds=timed.seconds if timed else None,
        cpu_seconds=done.cpu_seconds,
        peak_mb=done.peak_mb,
        seed=spec.seed,
        workers=1,
        more={**more, "whole_process": done.seconds},
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
