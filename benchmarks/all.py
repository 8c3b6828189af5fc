"""Every named run, and RESULTS.md written from them: `python3 run.py bench all -- --data DIR`.

Takes under 20 minutes on two processors that have nothing else to do; `--tiny` tries the tool out in two.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from allocator.version import versions
from benchmarks import allocation, gap, reading, service
from benchmarks._machine import load, machine
from benchmarks._results import Section, write_up
from benchmarks._rows import Row, print_rows
from benchmarks._targets import print_verdicts

RESULTS = Path(__file__).with_name("RESULTS.md")
Rows = Callable[[list[str]], Iterator[Row]]
BENCHMARKS: dict[str, Rows] = {
    "allocation": allocation.rows,
    "gap": gap.rows,
    "reading": reading.rows,
    "service": service.rows,
}


@dataclass(frozen=True)
class Run:
    """One run: its title, the benchmark, and the options it is given."""

    title: str
    benchmark: str
    options: str = ""


FIVE = "--seed 1 2 3 4 5"
RUNS = (
    Run("Level 1 of one area, proved in 5 s", "allocation",
        f"--cases 100 --reviewers 12 --load 1.0 {FIVE} --time-limit 5"),
    Run("Five areas in 10 s", "allocation", f"--cases 500 --reviewers 60 --load 1.0 {FIVE} --time-limit 10"),
    Run("Five areas, less and more work", "allocation",
        "--cases 500 --reviewers 60 --load 0.8 1.2 --time-limit 10"),
    Run("A region in 30 s", "allocation", "--cases 2000 --reviewers 300 --time-limit 30"),
    Run("All of England in 60 s", "allocation", "--cases 4000 --reviewers 600 --time-limit 60"),
    Run("Reading 100,000 cases", "reading"),
    Run("First things tried", "service", "--time-limit 5"),
    Run("Generalised assignment, as far as it goes", "gap",
        "gap1 a10100 b10100 c10100 d10100 d20100 c20400 d20400 --time-limit 10"),
)  # fmt: skip
TINY = (
    Run("Level 1 of one area, proved in 5 s", "allocation",
        "--cases 100 --reviewers 12 --seed 1 2 --time-limit 5"),
    Run("Two areas in 2 s", "allocation", "--cases 150 --reviewers 24 --time-limit 2"),
    Run("Reading 2,000 cases", "reading", "--cases 2000 --reviewers 500 --faults 200"),
    Run("First things tried", "service", "--time-limit 1 --repeats 1"),
    Run("Generalised assignment, as far as it goes", "gap", "gap1 d20100 --time-limit 2"),
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Return 0 after every run; the results are written anew after each, so that a stop loses little."""
    options = _options(arguments)
    head, sections, began = _head(), [], time.monotonic()
    for run in TINY if options.tiny else RUNS:
        given = [*shlex.split(run.options), *_common(run, options)]
        print(f"== {run.title}: {run.benchmark} {run.options}", file=sys.stderr, flush=True)
        found = list(print_rows(BENCHMARKS[run.benchmark](given)))
        print_verdicts(found)
        sections.append(
            Section(run.title, f"python3 run.py bench {run.benchmark} -- {run.options}".rstrip(" -"), found)
        )
        minutes = f"{(time.monotonic() - began) / 60:.1f} minutes in all"
        options.out.write_text(write_up(sections, [*head, minutes]), encoding="utf-8", newline="\n")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    made = argparse.ArgumentParser(
        prog="run.py bench all --", description="Runs everything, and writes RESULTS.md."
    )
    made.add_argument("--out", type=Path, default=RESULTS)
    made.add_argument("--data", type=Path, help="folder of the public data; without it `gap` is skipped")
    made.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    made.add_argument("--tiny", action="store_true", help="small sizes, to try the tool")
    made.add_argument(
        "--cold", action="store_true", help="also the demo where nothing is installed: downloads"
    )
    return made.parse_args(arguments)


def _common(run: Run, options: argparse.Namespace) -> list[str]:
    data = ["--data", str(options.data)] if options.data else []
    cold = ["--cold"] if options.cold and run.benchmark == "service" else []
    return ["--workers", str(options.workers), *data, *cold]


def _head() -> Sequence[str]:
    found = ", ".join(f"{name} {number}" for name, number in versions().items())
    return [
        f"Machine: {machine()}; before the first run {load()}",
        f"Versions: {found}",
        f"Taken on {datetime.now(UTC):%Y-%m-%d}; limits and seeds stand with each run",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
