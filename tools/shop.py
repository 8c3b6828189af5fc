"""A service with a made-up queue and a plan of it, here as long as it is needed; its clock stands still."""

import json
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from allocator.intake import read_snapshot
from allocator.jobs import Runner
from allocator.jobs.work import Result, Task, work
from allocator.sample import SampleSpec, make_sample, write_sample
from allocator.store import Database, State, Tx, cases, import_tables, jobs, quarantine, schema
from allocator.store.answering import accept
from allocator.store.basis import Seat
from allocator.store.callers import Caller, Role
from allocator.store.importing import checked_tables, keep_tables
from allocator.store.jobs import OTHER, Wish
from allocator.store.lines import Choice, Line, LineState, approve, lines_of
from allocator.store.merging import merge
from allocator.store.plans import Made, propose
from allocator.store.publishing import publish
from allocator.store.sessions import Lasts, begin
from api.app import create_app
from api.scenariojobs import NAME
from api.serve import Server
from api.settings import Settings
from api.work import SCENARIO
from api.work import work as do

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
        `{begun}` (that they are at), `{waiting}` (a case
        that nobody has), `{plan}`, `{publication}`, `{making}` (the job of a plan), `{scenario}`,
        `{another}`, `{aside}` (a row), `{group}` (of what is to be mended)
    """

    home: str
    database: Database
    names: Mapping[str, str]

    def session(self, role: Role) -> str:
        """Return the word of a session of somebody of a role, who sees everything that the role may."""
        who = self.names["reviewer"] if role is Role.REVIEWER else None
        return session_of(self.database, Caller(f"picture:{role}", role, (), who))


def session_of(database: Database, caller: Caller, now: datetime = NOW) -> str:
    """Return the word of a session that somebody begins."""
    with database.write(caller.actor, lambda: now) as tx:
        return begin(tx, caller, Lasts(LASTS, LASTS))[1]


@cache
def _sample() -> dict[str, list[dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as folder:
        write_sample(make_sample(SPEC, SPEC.rng()), Path(folder))
        content = read_snapshot(Path(folder), today=DAY).snapshot.model_dump(
            mode="json", exclude_defaults=True
        )
    return {name: rows for name, rows in content.items() if isinstance(rows, list)}


def small_queue() -> dict[str, list[dict[str, Any]]]:
    """Return the tables of a queue of two areas in which all that pages tell of happens at least once.

    Who changes them changes a copy.
    """
    return {name: [dict(row) for row in rows] for name, rows in _sample().items()}


def planned(database: Database, areas: tuple[str, ...] = ()) -> Result:
    """Return a plan of some areas, or of all, the same each time."""
    url = database.engine.url.render_as_string(hide_password=False)
    return work(Task(url, areas, {"effort": 1}, None, 1, NOW), lambda _: None, lambda: False)


def keep(database: Database, made: Result, areas: tuple[str, ...] = ()) -> int:
    """Return the number under which a plan is kept."""
    assert made.answer is not None
    assert made.known_at is not None
    plan = {name: part for name, part in made.answer.items() if name not in ("certificate", "rejected")}
    with database.write("plan", lambda: NOW) as tx:
        return propose(tx, Made(plan, made.answer["certificate"], made.known_at, areas)).plan


@contextmanager
def open_shop() -> Iterator[Shop]:
    """Yield the service."""
    with tempfile.TemporaryDirectory() as folder:
        database, settings = Database(str(Path(folder, "store.db"))), Settings()
        names = _filled(database)
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


def _filled(database: Database) -> dict[str, str]:
    """Return what stands in paths, once the store has the queue and a plan of it."""
    tables = small_queue()
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
        _set_aside(tx, tables["cases"])
        accept(tx, begun["case_id"], "lead", reviewer)
        cases.move(tx, begun["case_id"], State.IN_REVIEW)
        cases.move(tx, waits["case_id"], State.IN_REVIEW)
        cases.move(tx, waits["case_id"], State.AWAITING_SIGN_OFF)
    names = {"reviewer": reviewer, "case": theirs[0]["case_id"], "begun": begun["case_id"]}
    stopped = [one for one in tables["cases"] if "on_hold_since" in one]
    free = [one["case_id"] for one in tables["cases"] if "reviewer_id" not in one and one not in stopped]
    names |= {"merged": free[-1], "held": stopped[0]["case_id"]}
    with database.write("pictures", lambda: NOW) as tx:
        merge(tx, free[-1], free[-2])
    plan, publication = _published(database)
    with database.read() as connection:
        left = [one for one in lines_of(connection, plan) if one.state is LineState.PROPOSED]
    names["waiting"] = left[0].case_id
    done = {name: _done(database, name) for name in ("making", "scenario", "another")}
    names |= {"aside": "1", "group": "cases.notified_on.not-a-date"}
    return {**names, **done, "plan": str(plan), "publication": str(publication)}


def _set_aside(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set some rows aside that an old system might have sent."""
    plain = {name: rows[0][name] for name in ("area", "notified_on", "review_type")}
    wrong: list[dict[str, Any]] = [
        {"notified_on": "31.02.2026"},
        {"area": "Q99"},
        {"notified_on": "soon"},
        {"priority": 12},
    ]
    sent = {"cases": [{"case_id": f"OLD-{at}", **plain, **one} for at, one in enumerate(wrong, 1)]}
    found = checked_tables(tx.connection, sent, DAY, partial=True)
    keep_tables(tx, found, DAY, quarantine.of_rows(tx.connection, found, sent))


def _published(database: Database) -> tuple[int, int]:
    """Return the number of a plan of all areas, the same each time, and of a publication of a line of it."""
    number = keep(database, planned(database))
    with database.write("pictures", lambda: NOW) as tx:
        seat = _first_sound(lines_of(tx.connection, number))
        approve(tx, number, [Choice(*seat)])
        return number, publish(tx, number, DAY, [seat]).publication


def _first_sound(lines: Sequence[Line]) -> Seat:
    """Return the first line of a case that has no second: nothing else is to be published with it."""
    cases_of = [one.case_id for one in lines]
    return next(one.seat for one in lines if cases_of.count(one.case_id) == 1 and one.role == "lead")


def _done(database: Database, what: str) -> str:
    """Return the id of a job that is done: a plan, or a scenario."""
    team = {"name": "team", "wte": 3 if what == "scenario" else 5}
    scenario = {"name": "Three reviewers", "groups": [team], "run": {"years": 2, "replications": 50},
                "variants": [{"name": "four", "change": {"groups.team.wte": 4}}]}  # fmt: skip
    options: dict[str, Any] = {"effort": 1} if what == "making" else {
        OTHER: SCENARIO, NAME: "Three reviewers", "time_limit": 60.0}  # fmt: skip
    text = None if what == "making" else json.dumps(scenario).encode()
    actor = f"picture:{Role.COORDINATOR if what == 'making' else Role.COMMISSIONER}"
    with database.write("pictures", lambda: NOW) as tx:
        job = jobs.submit(tx, Wish(actor, (), options, text)).job_id
    Runner(database, lambda: NOW, do=do).run_one()
    return job
