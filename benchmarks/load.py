"""The service under an open load: calls come when they come, whether earlier ones are answered or not.

`python3 run.py bench load -- --rate 50 --minutes 5`; while a plan of the whole queue is being solved, on
SQLite, and on PostgreSQL where `--postgresql URL` names a database whose public schema may be made anew.
A call's time runs from the moment at which it was due, so that a stall is felt by all that come in it.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import local
from typing import Any, Final

import numpy as np

from allocator.sample import SampleSpec
from benchmarks._asked import print_verdicts
from benchmarks._rows import Row, print_rows
from benchmarks._server import served, served_by_many
from benchmarks._snapshots import usual_areas
from benchmarks._store import Caller, emptied, key_of, parser_of, tables_of

CLIENTS: Final = 64
READS: Final = (
    ("a case", 45),
    ("its clocks", 10),
    ("its suggestions", 2),
    ("a page of cases", 15),
    ("the queue", 3),
    ("a reviewer", 10),
    ("events", 10),
    ("a job", 5),
)
"""Of a hundred reads so many are of each kind. Those of the whole queue are the dear ones: at 50 calls a
second here are 81 lists and 54 suggestions a minute, where a country allocates fifteen cases a day."""
WRITE_SHARE: Final = 0.1


def main(arguments: list[str]) -> int:
    """Return 0 after the rows of each database."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield, for each database, a row of reads and one of writes."""
    made = parser_of("load", "Calls a server at a steady rate while it plans.", 300.0, (4_000, 400))
    made.add_argument("--rate", type=float, default=50.0, help="calls a second on PostgreSQL")
    made.add_argument("--sqlite-rate", type=float, default=15.0, help="calls a second on SQLite")
    options = made.parse_args(arguments)
    spec = SampleSpec(options.cases, options.reviewers, usual_areas(options.reviewers), seed=options.seed[0])
    with tempfile.TemporaryDirectory() as temporary:
        document = tables_of(spec, Path(temporary, "queue"))
        url = f"sqlite:///{temporary}/store.db"
        yield from _rows_of(url, "SQLite", spec, document, (options.sqlite_rate, options.time_limit))
    if options.postgresql:
        emptied(options.postgresql)
        rate = options.rate, options.time_limit
        yield from _rows_of(options.postgresql, "PostgreSQL", spec, document, rate)


def _rows_of(
    url: str, database: str, spec: SampleSpec, document: dict[str, Any], load: tuple[float, float]
) -> Iterator[Row]:
    rate, seconds = load
    with _served(url, database) as connection:
        caller = Caller(connection, key_of(url))
        caller.timed("POST", "/v1/imports", document)
        _, job = caller.timed("POST", "/v1/plans", {"time_limit": seconds})
        asker = _Asker(f"{connection.host}:{connection.port}", caller.headers, document, job["job"])
        found = asker.asked(rate, seconds, random.Random(spec.seed))
        _, now = caller.timed("GET", f"/v1/jobs/{job['job']}")
        if now["state"] not in ("queued", "running", "done"):
            raise RuntimeError(f"the plan ended as {now['state']}: {now['problem']}")
    for what in ("reads", "writes"):
        yield found.row(f"{spec.cases}x{spec.reviewers} {database}, {rate:g} a second", what, spec.seed)
    for kind, times in sorted(found.times.items()):
        told = f"p50 {1000 * np.percentile(times, 50):.0f} ms, p95 {1000 * np.percentile(times, 95):.0f} ms"
        refused = f", refused {found.refused[kind]}" if found.refused[kind] else ""
        print(f"  {database}, {kind}: {len(times)} times, {told}{refused}", file=sys.stderr)


@contextmanager
def _served(url: str, database: str) -> Iterator[HTTPConnection]:
    """Yield a connection to a server: on SQLite of one process, on PostgreSQL of two and a worker."""
    if database == "PostgreSQL":
        key_of(url)  # which makes the store
        with served_by_many(url, 2) as connection:
            yield connection
    else:
        with served(url) as (connection, _):
            yield connection


@dataclass
class _Found:
    """What came of the calls: seconds by kind, and how often each status."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def row(self, instance: str, what: str, seed: int) -> Row:
        """The figures of the reads, or of the writes."""
        is_read = {kind for kind, _ in READS}
        times = [
            one for kind, each in self.times.items() if (kind in is_read) == (what == "reads") for one in each
        ]
        figures = {
            "asked": len(times),
            "p50_ms": 1000 * float(np.percentile(times, 50)),
            "p95_ms": 1000 * float(np.percentile(times, 95)),
            "p99_ms": 1000 * float(np.percentile(times, 99)),
            "longest_ms": 1000 * max(times),
            "failed": sum(count for status, count in self.statuses.items() if status >= 500 or not status),
            "refused": sum(count for status, count in self.statuses.items() if 400 <= status < 500),
        }
        return Row(instance, what, None, None, None, self.seconds, None, None, seed, more=figures)


class _Asker:
    """Many clients, each with a connection that it keeps."""

    def __init__(self, host: str, headers: dict[str, str], document: dict[str, Any], job: str) -> None:
        self._host, self._headers, self._job = host, headers, job
        self._cases, self._reviewers = document["cases"], document["reviewers"]
        self._waiting = [one for one in self._cases if not {"reviewer_id", "out_of_scope"} & set(one)]
        self._own = local()

    def asked(self, rate: float, seconds: float, rng: random.Random) -> _Found:
        """What came of calls at random moments, so many a second on average."""
        found, due = _Found(), 0.0
        with ThreadPoolExecutor(CLIENTS) as clients:
            began = time.perf_counter()
            while (due := due + rng.expovariate(rate)) < seconds:
                kind, method, path, body = self._next(rng)
                time.sleep(max(0.0, began + due - time.perf_counter()))
                clients.submit(self._ask, found, (kind, began + due), (method, path, body))
        found.seconds = time.perf_counter() - began
        return found

    def _next(self, rng: random.Random) -> tuple[str, str, str, Any]:
        """A call: its kind, and what is sent."""
        if rng.random() < WRITE_SHARE:
            return self._write(rng)
        (kind,) = rng.choices([kind for kind, _ in READS], [share for _, share in READS])
        case, reviewer = rng.choice(self._waiting)["case_id"], rng.choice(self._reviewers)["reviewer_id"]
        paths = {
            "a case": f"/v1/cases/{case}",
            "its clocks": f"/v1/cases/{case}/clocks",
            "its suggestions": f"/v1/cases/{case}/suggestions",
            "a page of cases": f"/v1/cases?after={case}",
            "the queue": "/v1/queue?limit=50",
            "a reviewer": f"/v1/reviewers/{reviewer}",
            "events": f"/v1/events?after={rng.randrange(100)}&limit=100",
            "a job": f"/v1/jobs/{self._job}",
        }
        return kind, "GET", paths[kind], None

    def _write(self, rng: random.Random) -> tuple[str, str, str, Any]:
        """A case that is told anew, or how far one is, or somebody's absence."""
        kind = rng.choice(("put a case", "put a case", "tell progress", "put an absence"))
        if kind == "put a case":
            case = dict(rng.choice(self._waiting)) | {"priority": rng.randrange(10)}
            return kind, "PUT", f"/v1/cases/{case['case_id']}", case
        if kind == "tell progress":
            held = rng.choice([one for one in self._cases if "reviewer_id" in one])
            return kind, "POST", f"/v1/cases/{held['case_id']}/progress", {"hours_left": rng.randrange(1, 30)}
        return kind, "PUT", *self._absence(rng)

    def _absence(self, rng: random.Random) -> tuple[str, Any]:
        """A record of an absence, two months from now or later."""
        who = rng.choice(self._reviewers)["reviewer_id"]
        first = SampleSpec.as_of + timedelta(days=rng.randrange(60, 300))
        return f"/v1/absences/{who}-{first}", {
            "reviewer_id": who,
            "from": first.isoformat(),
            "to": (first + timedelta(days=4)).isoformat(),
        }

    def _ask(self, found: _Found, told: tuple[str, float], sent: tuple[str, str, Any]) -> None:
        kind, due = told
        try:
            status = self._status(*sent)
        except (OSError, HTTPException):
            status = 0
            self._own.connection = None
        found.times[kind].append(time.perf_counter() - due)
        found.statuses[status] += 1
        found.refused[kind] += 400 <= status < 500

    def _status(self, method: str, path: str, body: Any) -> int:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = HTTPConnection(self._host, timeout=60)
        text = None if body is None else json.dumps(body)
        try:
            connection.request(method, path, text, self._headers)
            answer = connection.getresponse()
        except ConnectionError:  # a server closes a line that nobody used for a while
            connection.close()
            connection.request(method, path, text, self._headers)
            answer = connection.getresponse()
        answer.read()
        return answer.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
