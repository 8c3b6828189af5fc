"""How the service grows: in cases, reviewers, areas, events, and replications of a scenario.

`python3 run.py bench scale`: on SQLite, in one process, with nothing beside it. Each figure is the median of
a few calls; beside the largest of a dimension stands the exponent of its growth from the one before.
"""

from __future__ import annotations

import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask.testing import FlaskClient

from allocator.allocate import PlanRequest
from allocator.sample import SampleSpec, make_sample, write_sample
from allocator.store import Database, chain, events, import_tables, schema
from allocator.store.backup import backup
from allocator.store.callers import Role
from allocator.store.events import Kind, News
from allocator.store.keys import make_key
from api import clock
from api.app import create_app
from api.settings import Settings
from benchmarks._alone import plan_alone
from benchmarks._asked import print_verdicts
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from benchmarks._snapshots import usual_areas
from benchmarks._store import tables_of
from scenarios.files import read_scenario, shipped
from scenarios.play import play

TIMES: Final = 5
"""So often each call is made."""
MANY_CASES, USUAL_REVIEWERS = 4_000, 400
AREA_CASES, AREA_REVIEWERS = 1_000, 100
EVENTS_AT_ONCE: Final = 10_000


def main(arguments: list[str]) -> int:
    """Return 0 after the rows of each dimension."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield the rows of each dimension, its smallest size first."""
    made = parser("scale", "Measures how the service grows.", 20.0)
    made.add_argument("--cases", type=int, nargs="*", default=[1_000, 5_000, 20_000, 50_000])
    made.add_argument("--reviewers", type=int, nargs="*", default=[100, 400, 1_600])
    made.add_argument("--areas", type=int, nargs="*", default=[1, 6, 36])
    made.add_argument("--events", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    made.add_argument("--replications", type=int, nargs="*", default=[50, 500, 5_000])
    options = made.parse_args(arguments)
    seed = options.seed[0]
    yield from _grown("cases", options.cases, lambda size: _of_cases(size, seed))
    yield from _grown("reviewers", options.reviewers, lambda size: _of_reviewers(size, seed))
    yield from _grown("areas", options.areas, lambda size: _of_areas(size, seed, options.time_limit))
    yield from _grown("events", options.events, lambda size: _of_events(size, seed))
    yield from _grown("replications", options.replications, lambda size: _of_replications(size, seed))


def _grown(
    what: str, sizes: list[int], measured: Callable[[int], Iterator[tuple[str, float]]]
) -> Iterator[Row]:
    """Yield a row for each size and figure, with the exponent of its growth from the size before."""
    before: dict[str, tuple[int, float]] = {}
    for size in sizes:
        for method, seconds in measured(size):
            told: dict[str, object] = {"milliseconds": 1000 * seconds}
            if method in before and seconds > 0:
                smaller, then = before[method]
                told["growth_exponent"] = math.log(seconds / then) / math.log(size / smaller)
            row = Row(f"{size:,} {what}", method, None, None, None, seconds, None, None, more=told)
            before[method] = size, max(seconds, 1e-9)
            yield row


def _of_cases(size: int, seed: int) -> Iterator[tuple[str, float]]:
    """Yield what takes how long with so many cases, and a tenth of that of reviewers."""
    yield from _called(
        SampleSpec(size, max(1, size // 10), usual_areas(size // 10), seed=seed), everything=True
    )


def _of_reviewers(size: int, seed: int) -> Iterator[tuple[str, float]]:
    """Yield what takes how long with so many reviewers, and 4,000 cases."""
    yield from _called(
        SampleSpec(MANY_CASES, size, usual_areas(USUAL_REVIEWERS), seed=seed), everything=False
    )


def _called(spec: SampleSpec, everything: bool) -> Iterator[tuple[str, float]]:
    with _a_store() as store:
        document = tables_of(spec, store.folder / "queue")
        if everything:
            yield "import", store.filled(document)
        else:
            store.filled(document)
        waiting = [one for one in document["cases"] if not {"reviewer_id", "out_of_scope"} & set(one)]
        case = waiting[len(waiting) // 2]
        path = f"/v1/cases/{case['case_id']}"
        store.timed("GET", f"{path}/suggestions")  # the first one reads the queue
        found: dict[str, list[float]] = {}
        for turn in range(TIMES):
            calls = {
                "a case is told anew": ("PUT", path, {**case, "priority": turn + 1}),
                "the queue after that": ("GET", "/v1/queue?limit=50", None),
                "suggestions after that": ("GET", f"{path}/suggestions", None),
                "suggestions again": ("GET", f"{path}/suggestions", None),
                "a page of 100 cases": ("GET", "/v1/cases", None),
            }
            for name, call in calls.items():
                found.setdefault(name, []).append(store.timed(*call))
        yield from ((name, statistics.median(times)) for name, times in found.items())
        if everything:
            yield "the audit verified", _seconds(store.verify)
            yield "a backup", _seconds(store.back_up)


def _of_areas(size: int, seed: int, limit: float) -> Iterator[tuple[str, float]]:
    """Yield how long a plan takes of 1,000 cases in so many areas, with one effort of search."""
    with tempfile.TemporaryDirectory() as folder:
        spec = SampleSpec(AREA_CASES, AREA_REVIEWERS, size, seed=seed)
        write_sample(make_sample(spec, spec.rng()), Path(folder, "queue"))
        done = plan_alone(Path(folder, "queue"), PlanRequest(10 * limit, 1, workers=1, seed=seed))
        yield "a plan of 1,000 cases with one effort", done.seconds


def _of_events(size: int, seed: int) -> Iterator[tuple[str, float]]:
    """Yield what takes how long where so many events are kept."""
    with _a_store() as store:
        document = tables_of(SampleSpec(200, 20, 2, seed=seed), store.folder / "queue")
        store.filled(document)
        for _ in range(0, size, EVENTS_AT_ONCE):
            with store.database.write("benchmark", clock.now) as tx:
                news = [
                    News(Kind.MOVED, f"C{at:06d}", {"state": "notified"}, ("Q01",))
                    for at in range(EVENTS_AT_ONCE)
                ]
                events.tell(tx, news)
        middle, case = size // 2, document["cases"][0]
        path = f"/v1/cases/{case['case_id']}"
        plain = {
            name: value for name, value in case.items() if name not in ("reviewer_id", "second_reviewer_id")
        }
        calls = {
            "the first 1,000 after the middle": ("GET", f"/v1/events?after={middle}&limit=1000", None),
            "a case is told anew": ("PUT", path, plain),
        }
        for name, call in calls.items():
            yield name, statistics.median(store.timed(*call) for _ in range(TIMES))


def _of_replications(size: int, seed: int) -> Iterator[tuple[str, float]]:
    """Yield how long the first shipped scenario takes with so many replications of each variant."""
    first = read_scenario(next(iter(shipped().values())))
    run = first.run.model_copy(update={"replications": size, "half_width": None, "seed": seed})
    yield "a scenario", _seconds(lambda: play(first.model_copy(update={"run": run})))


@dataclass(frozen=True)
class _Store:
    """A store in a folder, and somebody who calls the service over it."""

    folder: Path
    database: Database
    client: FlaskClient
    key: str

    def filled(self, document: dict[str, Any]) -> float:
        """The seconds until it had what is in a document."""
        began = time.perf_counter()
        with self.database.write("benchmark", clock.now) as tx:
            import_tables(tx, document, clock.now().date())
        return time.perf_counter() - began

    def timed(self, method: str, path: str, body: Any = None) -> float:
        """The seconds that a call took."""
        headers = {"Authorization": f"Bearer {self.key}"}
        began = time.perf_counter()
        answer = self.client.open(path, method=method, json=body, headers=headers)
        seconds = time.perf_counter() - began
        if answer.status_code >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.data[:300]!r}")
        return seconds

    def verify(self) -> None:
        """Nothing; each line of the audit is as it was written."""
        with self.database.read() as connection:
            if list(chain.verify(connection)):
                raise RuntimeError("the audit does not verify")

    def back_up(self) -> None:
        """Nothing; all of it is in a file."""
        backup(self.database, self.folder / "backup.gz", clock.now())


@contextmanager
def _a_store() -> Iterator[_Store]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/store.db")
        schema.upgrade(database)
        with database.write("benchmark", clock.now) as tx:
            key = make_key(tx, Role.ADMIN)[1]
        app = create_app(Settings(rate=100_000), clock.now, database, lambda: None)
        yield _Store(Path(folder), database, app.test_client(), key)
        database.close()


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
