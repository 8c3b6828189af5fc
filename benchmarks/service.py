"""The first things anyone tries: the demo, and one area's queue planned over HTTP.

`python3 run.py bench service` · with `--cold` also the demo on a copy of the checkout that has no `.venv` yet
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

from allocator.intake import read_snapshot
from allocator.sample import SampleSpec, demo_folder
from benchmarks._asked import print_verdicts
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from benchmarks._server import served

ROOT = Path(__file__).resolve().parents[1]
LEFT_BEHIND = (".venv", ".git", "out", "__pycache__", ".*_cache", ".hypothesis")


def main(arguments: list[str]) -> int:
    """Return 0 after a row for each thing tried."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield the demo warm (and cold, if asked for), and the HTTP door's first and later answers."""
    made = parser("service", "Times the demo and the HTTP door.", 5.0)
    made.add_argument("--repeats", type=int, default=5)
    made.add_argument("--cold", action="store_true", help="also where nothing is installed: downloads")
    options = made.parse_args(arguments)
    if options.cold:
        yield _row("run.py demo, cold", [_cold()])
    _demo(ROOT)
    yield _row("run.py demo, warm", [_demo(ROOT) for _ in range(options.repeats)])
    wait = max(1, round(options.time_limit))
    with served() as (connection, ready):
        first, *later = [_post(connection, wait) for _ in range(1 + options.repeats)]
    yield _row("serve, until ready", [ready])
    yield _row(f"POST /v1/plans, wait={wait}, first", [first])
    yield _row(f"POST /v1/plans, wait={wait}, later", later)


def _demo(folder: Path) -> float:
    """Return the wall seconds of `run.py demo`.

    Raises
    ------
    RuntimeError
        The demo failed; with the end of what it said.
    """
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "run.py", "demo"], cwd=folder, capture_output=True)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"the demo failed: {done.stderr[-500:].decode(errors='replace')}")
    return seconds


def _cold() -> float:
    """Return the wall seconds of the demo in a copy of the checkout with nothing installed or compiled."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
        return _demo(copy)


def _post(connection: HTTPConnection, wait: int) -> float:
    """Return the wall seconds until one area's plan has come."""
    snapshot = read_snapshot(demo_folder(), today=SampleSpec().as_of).snapshot
    body = json.dumps(snapshot.model_dump(mode="json", exclude_none=True))
    headers = {"Content-Type": "application/json", "Prefer": f"wait={wait}"}
    began = time.perf_counter()
    connection.request("POST", "/v1/plans", body, headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"the server answered {answer.status}: {text[:500]!r}")
    return time.perf_counter() - began


def _row(method: str, seconds: list[float]) -> Row:
    """Return the median; of one process among several neither memory nor processor time is told."""
    more = {"repeats": len(seconds), "most_seconds": max(seconds)}
    return Row("demo", method, None, None, None, statistics.median(seconds), None, None, more=more)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
