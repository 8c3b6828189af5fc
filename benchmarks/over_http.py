"""The store over HTTP at size: an import, suggestions, a plan accepted, the queue, a report; both databases.

`python3 run.py bench over_http -- --cases 10000 --reviewers 1000`; PostgreSQL only where `--postgresql
URL` names a database whose public schema may be made anew.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import numpy as np

from allocator.intake import read_snapshot
from allocator.sample import SampleSpec, make_sample, write_sample
from allocator.store import Database, schema
from allocator.store.callers import Role
from allocator.store.keys import make_key
from api import clock
from benchmarks._asked import print_verdicts
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from benchmarks._server import served
from benchmarks._snapshots import usual_areas

ASKED, ACCEPTED = 200, 50
POSTGRESQL = "BENCH_POSTGRESQL"
"""The variable of the environment that names a database, where the option does not."""


def main(arguments: list[str]) -> int:
    """Return 0 after a row for each call and database."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield, for each database, the rows of each call; the time limit is that of the plan to accept."""
    made = parser("over_http", "Calls a server with a large store.", 20.0)
    made.add_argument("--cases", type=int, default=10_000)
    made.add_argument("--reviewers", type=int, default=1_000)
    url = os.environ.get(POSTGRESQL)
    made.add_argument("--postgresql", default=url, help="URL of a database whose public schema is made anew")
    options = made.parse_args(arguments)
    spec = SampleSpec(options.cases, options.reviewers, usual_areas(options.reviewers), seed=options.seed[0])
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "queue")
        write_sample(make_sample(spec, spec.rng()), folder)
        document = document_of(folder, spec.as_of)
        yield from _rows_of(f"sqlite:///{temporary}/store.db", "SQLite", spec, document, options.time_limit)
    if options.postgresql:
        empty(options.postgresql)
        yield from _rows_of(options.postgresql, "PostgreSQL", spec, document, options.time_limit)


def document_of(folder: Path, day: date) -> dict[str, Any]:
    """The tables of a snapshot, as an import sends them."""
    found = read_snapshot(folder, today=day).snapshot.model_dump(
        mode="json", exclude_none=True, by_alias=True
    )
    return {name: table for name, table in found.items() if isinstance(table, list) and table}


def empty(url: str) -> None:
    """Nothing; the database's public schema is made anew."""
    database = Database(url)
    with database.shape() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    database.close()


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


class Caller:
    """Somebody with a key."""

    def __init__(self, connection: HTTPConnection, key: str) -> None:
        self._connection = connection
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def other(self, key: str) -> Caller:
        """Somebody else, over the same connection."""
        return Caller(self._connection, key)

    def timed(self, method: str, path: str, body: Any = None, refusable: bool = False) -> tuple[float, Any]:
        """The seconds until a call was answered, and the answer."""
        text = None if body is None else json.dumps(body)
        began = time.perf_counter()
        self._connection.request(method, path, text, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - began
        if answer.status >= 300 and not (refusable and answer.status == 409):
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:500]!r}")
        return seconds, json.loads(content)


def key_of(url: str, *areas: str) -> str:
    """The key of an administrator of some areas, or of all, of a store that is made if there is none."""
    database = Database(url)
    try:
        schema.upgrade(database)
        with database.write("benchmark", clock.now) as tx:
            return make_key(tx, Role.ADMIN, areas)[1]
    finally:
        database.close()


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
