"""Named runs, and RESULTS.md written from them: `python3 run.py bench all -- --data DIR`.

Takes half an hour on two processors that have nothing else to do; `--full` runs everything, with five
seeds, in three or four hours, what the musts ask for in the first two; `--tiny` tries the tool out. With
`--rows DIR` what was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from allocator.version import versions
from benchmarks._asked import print_verdicts
from benchmarks._machine import load, machine
from benchmarks._results import Section, write_up
from benchmarks._rows import Row, print_rows
from benchmarks._runs import FULL, STANDARD, TINY, Run

RESULTS = Path(__file__).with_name("RESULTS.md")


def main(arguments: list[str]) -> int:
    """Return 0 after every run; the results are written anew after each, so that a stop loses little."""
    options = _options(arguments)
    head, sections, began = _head(), [], time.monotonic()
    for run in FULL if options.full else TINY if options.tiny else STANDARD:
        if options.kept and not _is_kept(run, options.rows):
            continue
        found = _done(run, options)
        print_verdicts(found)
        command = f"python3 run.py bench {run.benchmark} -- {run.options}".removesuffix(" -- ")
        sections.append(Section(run.title, command, found))
        minutes = f"{(time.monotonic() - began) / 60:.1f} minutes since it was started"
        if options.kept:
            minutes = "Written up from rows that were kept: some were taken beside other work on the machine"
        options.out.write_text(write_up(sections, [*head, minutes]), encoding="utf-8", newline="\n")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    made = argparse.ArgumentParser(
        prog="run.py bench all --", description="Runs them, and writes RESULTS.md."
    )
    made.add_argument("--out", type=Path, default=RESULTS)
    made.add_argument("--rows", type=Path, help="folder where the rows of each run are kept, and found again")
    made.add_argument("--kept", action="store_true", help="run nothing: write up the rows that are kept")
    made.add_argument("--data", type=Path, help="folder of the public data; what needs it is else skipped")
    made.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    made.add_argument(
        "--cold", action="store_true", help="also the demo where nothing is installed: downloads"
    )
    size = made.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true", help="everything, with five seeds: three to four hours")
    size.add_argument("--tiny", action="store_true", help="small sizes, to try the tool")
    return made.parse_args(arguments)


def _done(run: Run, options: argparse.Namespace) -> list[Row]:
    """Return the run's rows: as they were kept, if they were, else from running it now."""
    given = [*shlex.split(run.options), *_common(run, options)]
    print(f"== {run.title}: {run.benchmark} {run.options}", file=sys.stderr, flush=True)
    kept = _kept(run, options.rows)
    if kept and kept.exists():
        return [Row.of_json(line) for line in kept.read_text("utf-8").splitlines()]
    rows: Iterator[Row] = importlib.import_module(f"benchmarks.{run.benchmark}").rows(given)
    found = list(print_rows(rows))
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("".join(f"{row.as_json()}\n" for row in found), "utf-8")
    return found


def _is_kept(run: Run, folder: Path | None) -> bool:
    """Return whether the rows of exactly this run are there."""
    kept = _kept(run, folder)
    return kept is not None and kept.exists()


def _kept(run: Run, folder: Path | None) -> Path | None:
    """Return where the rows of exactly this run are kept, None if they are not."""
    told = hashlib.sha256(run.options.encode()).hexdigest()[:8]
    return folder / f"{run.benchmark}-{told}.jsonl" if folder else None


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
