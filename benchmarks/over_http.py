"""The store over HTTP at size: an import, suggestions, a plan accepted, the queue, a report; both databases.

`python3 run.py bench over_http -- --cases 10000 --reviewers 1000`; PostgreSQL only where `--postgresql
URL` names a database whose public schema may be made anew.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from allocator.sample import SampleSpec
from benchmarks._asked import print_verdicts
from benchmarks._rows import Row, print_rows
from benchmarks._server import served
from benchmarks._snapshots import usual_areas
from benchmarks._store import Caller, emptied, key_of, parser_of, tables_of

ASKED, ACCEPTED = 200, 50


def main(arguments: list[str]) -> int:
    """Return 0 after a row for each call and database."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield, for each database, the rows of each call; the time limit is that of the plan to accept."""
    made = parser_of("over_http", "Calls a server with a large store.", 20.0, (10_000, 1_000))
    options = made.parse_args(arguments)
    spec = SampleSpec(options.cases, options.reviewers, usual_areas(options.reviewers), seed=options.seed[0])
    with tempfile.TemporaryDirectory() as temporary:
        document = tables_of(spec, Path(temporary, "queue"))
        yield from _rows_of(f"sqlite:///{temporary}/store.db", "SQLite", spec, document, options.time_limit)
    if options.postgresql:
        emptied(options.postgresql)
        yield from _rows_of(options.postgresql, "PostgreSQL", spec, document, options.time_limit)


def _rows_of(
    url: str, database: str, spec: SampleSpec, document: dict[str, Any], seconds: float
) -> Iterator[Row]:
    with served(url) as (connection, _):
        caller = Caller(connection, key_of(url))
        took, _ = caller.timed("POST", "/v1/imports", document)
        yield _row(database, spec, "import", [took])
        areas = [one["area"] for one in document["areas"]]
        waiting = [one for one in document["cases"] if not {"reviewer_id", "out_of_scope"} & set(one)]
        chosen = waiting[:: max(1, len(waiting) // ASKED)][:ASKED]
        paths = [f"/v1/cases/{one['case_id']}/suggestions" for one in chosen]
        caller.timed("GET", paths[0])  # the first one reads the queue
        yield _row(database, spec, "suggestion", [caller.timed("GET", path)[0] for path in paths])
        own = Caller(connection, key_of(url, areas[0]))
        theirs = [one for one in waiting if one["area"] == areas[0]][:ASKED]
        mine = [f"/v1/cases/{one['case_id']}/suggestions" for one in theirs]
        yield _row(database, spec, "suggestion, one area's key", [own.timed("GET", path)[0] for path in mine])
        yield _row(
            database, spec, "queue, 100 cases", [caller.timed("GET", "/v1/queue")[0] for _ in range(5)]
        )
        yield _row(
            database, spec, "cases, a page of 100", [caller.timed("GET", "/v1/cases")[0] for _ in range(50)]
        )
        yield _row(
            database,
            spec,
            "performance, a quarter",
            [caller.timed("GET", "/v1/performance")[0] for _ in range(5)],
        )
        yield from _accepted(caller, database, spec, seconds)


def _accepted(caller: Caller, database: str, spec: SampleSpec, seconds: float) -> Iterator[Row]:
    """Yield how long it takes to ask for a plan, and to say of its lines that they are right."""
    took, job = caller.timed("POST", "/v1/plans", {"time_limit": seconds})
    yield _row(database, spec, "plan asked for", [took])
    while (now := caller.timed("GET", f"/v1/jobs/{job['job']}")[1])["state"] in ("queued", "running"):
        time.sleep(0.2)
    if now["plan"] is None:
        raise RuntimeError(f"there is no plan: {now['problem']}")
    _, lines = caller.timed("GET", f"/v1/plans/{now['plan']}/lines")
    some = [{"case_id": one["case_id"], "role": one["role"]} for one in lines["items"][:ACCEPTED]]
    path = f"/v1/plans/{now['plan']}/approvals"
    yield _row(
        database, spec, "a line accepted", [caller.timed("POST", path, {"lines": [one]})[0] for one in some]
    )
    yield _row(database, spec, "a whole plan accepted", [caller.timed("POST", path, {})[0]])
    path = f"/v1/plans/{now['plan']}/publications"
    tried = [caller.timed("POST", path, {"lines": [one]}, refusable=True) for one in some]
    published = [took for took, answer in tried if "publication" in answer]  # others need a consent first
    if published:
        yield _row(database, spec, "a line published", published)


def _row(database: str, spec: SampleSpec, method: str, seconds: Sequence[float]) -> Row:
    figures = {
        "asked": len(seconds),
        "p50_ms": 1000 * float(np.percentile(seconds, 50)),
        "p95_ms": 1000 * float(np.percentile(seconds, 95)),
        "longest_ms": 1000 * max(seconds),
    }
    instance = f"{spec.cases}x{spec.reviewers} {database}"
    return Row(instance, method, None, None, None, sum(seconds), None, None, spec.seed, more=figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
