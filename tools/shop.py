"""A service with a made-up queue and a plan of it, here as long as it is needed; its clock stands still."""

import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from allocator.intake import read_snapshot
from allocator.jobs.work import Task, work
from allocator.sample import SampleSpec, make_sample, write_sample
from allocator.store import Database, State, cases, import_tables, schema
from allocator.store.answering import accept
from allocator.store.callers import Caller, Role
from allocator.store.plans import Made, propose
from allocator.store.sessions import Lasts, begin
from api.app import create_app
from api.serve import Server
from api.settings import Settings

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SPEC = SampleSpec(cases=40, reviewers=10, areas=2, load=1.1, seed=7, as_of=DAY)
HOST, LASTS = "127.0.0.1", timedelta(hours=12)


@dataclass(frozen=True)
class Shop:
    """A service that answers.

    Parameters
    ----------
    home : where
    names : what stands in paths for what is in it: `{reviewer}`, `{case}` (that they have to answer),
        `{begun}` (that they are at), `{plan}`
    """

    home: str
    database: Database
    names: Mapping[str, str]

    def session(self, role: Role) -> str:
        """Return the word of a session of somebody of a role, who sees everything that the role may."""
        who = self.names["reviewer"] if role is Role.REVIEWER else None
        with self.database.write("pictures", lambda: NOW) as tx:
            return begin(tx, Caller(f"picture:{role}", role, (), who), Lasts(LASTS, LASTS))[1]


@contextmanager
def open_shop() -> Iterator[Shop]:
    """Yield the service."""
    with tempfile.TemporaryDirectory() as folder:
        database, settings = Database(str(Path(folder, "store.db"))), Settings()
        names = _filled(database, Path(folder))
        server, ended = (
            Server(create_app(settings, lambda: NOW, database), settings, HOST, 0),
            threading.Event(),
        )
        thread = threading.Thread(target=server.run, args=(ended,))
        thread.start()
        try:
            yield Shop(f"http://{HOST}:{server.port}", database, names)
        finally:
            ended.set()
            thread.join()
            database.close()


def _filled(database: Database, folder: Path) -> dict[str, str]:
    """Return what stands in paths, once the store has the queue and a plan of it."""
    tables = _tables(folder)
    held = [one for one in tables["cases"] if "reviewer_id" in one]
    reviewer = max((one["reviewer_id"] for one in held), key=[one["reviewer_id"] for one in held].count)
    theirs = [one for one in held if one["reviewer_id"] == reviewer]
    begun, waits, unsure = theirs[-1], theirs[-2], theirs[-3]
    begun |= {"evidence_received_on": None, "evidence_expected_on": "2026-10-26"}
    del unsure["organisations"]
    away = {"reviewer_id": reviewer, "from": "2026-12-21", "to": "2027-01-03"}
    tables["absences"].append(away)
    tables["interests"].append({"reviewer_id": reviewer, "kind": "personal", "organisation": "TMH02"})
    schema.upgrade(database)
    with database.write("pictures", lambda: NOW) as tx:
        import_tables(tx, tables, DAY)
        accept(tx, begun["case_id"], "lead", reviewer)
        cases.move(tx, begun["case_id"], State.IN_REVIEW)
        cases.move(tx, waits["case_id"], State.IN_REVIEW)
        cases.move(tx, waits["case_id"], State.AWAITING_SIGN_OFF)
    names = {"reviewer": reviewer, "case": theirs[0]["case_id"], "begun": begun["case_id"]}
    return {**names, "plan": str(_planned(database))}


def _tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    write_sample(make_sample(SPEC, SPEC.rng()), folder / "queue")
    reading = read_snapshot(folder / "queue", today=DAY)
    content = reading.snapshot.model_dump(mode="json", exclude_defaults=True)
    return {name: rows for name, rows in content.items() if isinstance(rows, list)}


def _planned(database: Database) -> int:
    """Return the number of a plan of all areas, the same each time."""
    url = database.engine.url.render_as_string(hide_password=False)
    made = work(Task(url, (), {"effort": 1}, None, 1, NOW), lambda _: None, lambda: False)
    assert made.answer is not None
    assert made.known_at is not None
    plan = {name: part for name, part in made.answer.items() if name not in ("certificate", "rejected")}
    with database.write("pictures", lambda: NOW) as tx:
        return propose(tx, Made(plan, made.answer["certificate"], made.known_at, ())).plan
