"""Going live over HTTP: an old system's cases imported, planned, approved and published; both databases.

`python3 run.py bench golive -- --cases 4000`; PostgreSQL only where `--postgresql URL` names a database whose
public schema may be made anew. Half of what an old system may say of a case is missing, and some rows have
faults: these are set aside, and what is missing is declared by the reviewers before it is published.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from allocator.sample import SampleSpec, make_sample, write_sample
from allocator.sample.aged import Aged, aged
from allocator.store import Database
from allocator.store.callers import Role
from allocator.store.keys import make_key
from api import clock
from benchmarks._asked import print_verdicts
from benchmarks._rows import Row, print_rows
from benchmarks._server import served
from benchmarks._store import Caller, document_of, emptied, key_of, parser_of

AREAS, FAULTY = 8, 0.04
"""Areas that go live together, and the share of rows with a fault."""
STAGES = ("import", "plan", "declarations and consents", "approve", "publish")


def main(arguments: list[str]) -> int:
    """Return 0 after a row for each stage and database, and for the whole."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield, for each database, the rows of each stage; the time limit is that of the plan of all areas."""
    made = parser_of("golive", "Takes over an old system's cases over HTTP.", 60.0, (4_000, 600))
    options = made.parse_args(arguments)
    spec = SampleSpec(options.cases, options.reviewers, AREAS, seed=options.seed[0])
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "old")
        write_sample(make_sample(spec, spec.rng()), folder)
        old = aged(document_of(folder, spec.as_of), spec.rng(), faults=round(FAULTY * spec.cases))
        yield from _went_live(f"sqlite:///{temporary}/store.db", "SQLite", spec, old, options.time_limit)
    if options.postgresql:
        emptied(options.postgresql)
        yield from _went_live(options.postgresql, "PostgreSQL", spec, old, options.time_limit)


def _went_live(url: str, database: str, spec: SampleSpec, old: Aged, seconds: float) -> Iterator[Row]:
    with served(url) as (connection, _):
        caller = Caller(connection, key_of(url))
        took: dict[str, float] = {}
        took["import"], came = caller.timed("POST", "/v1/imports?quarantine=true", dict(old.tables))
        aside = came["counts"]["cases"]["set_aside"]
        if aside != len(old.planted):
            raise RuntimeError(f"{aside} cases are set aside, and {len(old.planted)} have a fault")
        took["plan"], plan = _planned(caller, seconds)
        took["declarations and consents"] = _unobstructed(caller, plan, _keys(url, old))
        took["approve"], _ = caller.timed("POST", f"/v1/plans/{plan}/approvals", {})
        took["publish"], done = caller.timed("POST", f"/v1/plans/{plan}/publications", {})
        _, lines = caller.timed("GET", f"/v1/plans/{plan}/lines")
    states = {one["state"] for one in lines["items"]}
    if states - {"published"}:
        raise RuntimeError(f"not all lines are published: {states}, {done}")
    told = {"set_aside": aside, "published": len(lines["items"])}
    for stage in STAGES:
        yield _row(database, spec, stage, took[stage], {})
    yield _row(database, spec, "live", sum(took.values()), told)


def _planned(caller: Caller, seconds: float) -> tuple[float, int]:
    """The seconds until a plan of all areas was there, and its number."""
    began = time.perf_counter()
    _, job = caller.timed("POST", "/v1/plans", {"time_limit": seconds})
    while (now := caller.timed("GET", f"/v1/jobs/{job['job']}")[1])["state"] in ("queued", "running"):
        time.sleep(0.2)
    if now["plan"] is None:
        raise RuntimeError(f"there is no plan: {now['problem']}")
    return time.perf_counter() - began, int(now["plan"])


def _keys(url: str, old: Aged) -> dict[str, str]:
    """By reviewer a key of theirs, as only they themselves declare that they are independent."""
    database = Database(url)
    try:
        with database.write("benchmark", clock.now) as tx:
            return {
                one["reviewer_id"]: make_key(tx, Role.REVIEWER, (), reviewer_id=one["reviewer_id"])[1]
                for one in old.tables["reviewers"]
            }
    finally:
        database.close()


def _unobstructed(caller: Caller, plan: int, keys: Mapping[str, str]) -> float:
    """The seconds until no line lacks a consent, or the word of its reviewer: as many calls as there are."""
    began = time.perf_counter()
    _, lines = caller.timed("GET", f"/v1/plans/{plan}/lines")
    lenders = {(one["lender"], one["case_id"]) for one in lines["items"] if one["lender"]}
    areas = {case["case_id"]: case["area"] for case in _cases(caller)} if lenders else {}
    for lender, borrower in sorted({(lender, areas[case_id]) for lender, case_id in lenders}):
        caller.timed("POST", "/v1/consents", {"lender": lender, "borrower": borrower})
    for one in lines["items"]:
        if one["missing"] and "independence" in one["missing"]:
            theirs = caller.other(keys[one["reviewer_id"]])
            theirs.timed("POST", f"/v1/cases/{one['case_id']}/declarations", {})
    return time.perf_counter() - began


def _cases(caller: Caller) -> Iterator[dict[str, Any]]:
    after = ""
    while after is not None:
        _, page = caller.timed("GET", f"/v1/cases?limit=1000{'&after=' + after if after else ''}")
        yield from (one["record"] for one in page["items"])
        after = page["next"]


def _row(database: str, spec: SampleSpec, stage: str, seconds: float, told: dict[str, Any]) -> Row:
    instance = f"{spec.cases} going live, {database}"
    return Row(instance, stage, None, None, None, seconds, None, None, spec.seed, more=told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
