"""The walkthrough of a night is true: its calls are made over a real connection, and what happens happens."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import pytest

from allocator.jobs import Keeper, Runner, Sender
from allocator.store import Database, chain, deliveries, events, import_tables, jobs, orders
from allocator.store.backup import backup
from allocator.store.callers import Role
from allocator.store.events import Wanted
from allocator.store.jobs import JobState
from allocator.store.keys import make_key
from api.app import create_app
from api.cli import main
from api.posting import Post
from api.settings import Settings
from api.work import work
from tests.api.store.test_alerts import off
from tests.api.store.test_walkthrough import PAGE, Clock, Step, called, database, holds, step_of
from tests.processes import ROOT
from tests.serving import served

__all__ = ["database"]
NIGHT = PAGE.with_name("7.md")
MOMENT = re.compile(r"^## \w+ (\d+ \w+ \d{4}, \d\d:\d\d)$", re.MULTILINE)
BLOCK = re.compile(r"```(http|messages|happens|alerts)\n(.*?)```", re.DOTALL)
MESSAGE = re.compile(r"(\d\d):(\d\d) (\S+) v(\d+) (\w+) (\S+) (\S+) → (torn|no answer|\d{3} .+)")
ANSWER = re.compile(r"\n(?=\d{3} )")
SILENCE = "no answer"
BEFORE: Final = datetime(2026, 10, 26, 8, tzinfo=UTC)
COMES_OF: Final = {"applied": {"applied": True}, "passed over": {"applied": False}}
PEOPLE: Final = {
    "admin": (Role.ADMIN, (), None),
    "coordinator": (Role.COORDINATOR, ("QAA",), None),
    "case-system": (Role.CASE_SYSTEM, ("QAA",), None),
    "R1": (Role.REVIEWER, (), "R1"),
}
TURNS = 60
"""So often the worker looks whether there is something to do, some seconds apart."""
DIES_SECONDS: Final = 90.0
IN_THE_MIDDLE: Final = 0.5
"""So long after its plan was begun the worker is killed: whoever makes the plan has started by then."""


class Receiver:
    """Who is told of events, unless they are away."""

    def __init__(self) -> None:
        self.is_away = False
        self.told: list[dict[str, Any]] = []
        self.refused = 0


@contextmanager
def receiving(receiver: Receiver) -> Iterator[str]:
    """The address of somebody who is told of events."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take an event, or not."""
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            receiver.refused += receiver.is_away
            if not receiver.is_away:
                receiver.told.append(body)
            self.send_response(503 if receiver.is_away else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/events"
    finally:
        server.shutdown()
        server.server_close()


def moments(text: str) -> Iterator[tuple[datetime, str, str]]:
    """Yield each block of the page with its moment: of calls, of messages, of what happens, of alerts."""
    marks = [(one.end(), one.group(1)) for one in MOMENT.finditer(text)]
    for at, (begin, name) in enumerate(marks):
        end = marks[at + 1][0] if at + 1 < len(marks) else len(text)
        moment = datetime.strptime(name, "%d %B %Y, %H:%M").replace(tzinfo=UTC)
        for kind, block in BLOCK.findall(text[begin:end]):
            yield moment, kind, block.strip()


class Worker:
    """Whoever makes plans, keeps orders and sends events; its clock goes on while it does."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self.clock = clock
        self.turns = [
            Keeper(database, clock).run_one,
            Runner(database, clock, do=work).run_one,
            Sender(database, clock, Post(settings, clock)).run_one,
        ]

    def works_on(self) -> None:
        """Do what there is to do, for some minutes."""
        for _ in range(TURNS):
            self.clock.moment += timedelta(seconds=10)
            for turn in self.turns:
                while turn():
                    pass


class Night:
    """The service on the night of the page, its callers, and all that happens to it.

    Parameters
    ----------
    folder : for the worker's clock, and a backup
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.clock, self.receiver = Clock(), Receiver()
        self.settings = Settings(webhook_networks="127.0.0.0/8", largest_body=200_000)
        self.worker = Worker(database, self.clock, self.settings)
        self.live, self.told = ("", 0), dict[str, str]()
        self.clock.moment = BEFORE
        with database.write("test", self.clock) as tx:
            tables: dict[str, list[dict[str, Any]]] = {
                "areas": [{"area": "QAA"}, {"area": "QBB"}],
                "reviewers": [{"reviewer_id": "R1", "areas": ["QAA"], "hours_per_week": 30}],
            }
            import_tables(tx, tables, self.clock().date())
            self.keys = {
                name: make_key(tx, role, areas, reviewer_id=whose)[1]
                for name, (role, areas, whose) in PEOPLE.items()
            }
        self.happens: dict[str, Callable[[], object]] = {
            "a backup is made": self.is_backed_up,
            "a worker begins the plan, and is killed": self.is_killed,
            "a worker works on": self.worker.works_on,
            "the receiver is away": lambda: setattr(self.receiver, "is_away", True),
            "the receiver is back": lambda: setattr(self.receiver, "is_away", False),
            "the audit is verified": self.is_sound,
        }

    def goes_by(self, text: str) -> None:
        """Nothing, once all of the page was done and came out as it says."""
        does = {"http": self._calls, "messages": self._messages, "happens": self._happens}
        for moment, kind, block in moments(text):
            self.clock.moment = max(moment, self.clock.moment)
            if kind == "alerts":
                assert self.alerts() == set(block.split()) - {"none"}, (moment, block)
            else:
                does[kind](block)

    def _happens(self, block: str) -> None:
        for line in block.splitlines():
            self.happens[line]()

    def _calls(self, block: str) -> None:
        for told in block.split("\n\n"):
            asked, answer = ANSWER.split(told.replace(SILENCE, f"000 {json.dumps(SILENCE)}"), maxsplit=1)
            self.answers(step_of(self.clock.moment, f"{asked}\n{' '.join(answer.split())}"))

    def _messages(self, block: str) -> None:
        """Send each line of the case system's, at its minute, and compare what came of it."""
        for line in block.splitlines():
            found = MESSAGE.fullmatch(line)
            assert found is not None, line
            hour, minute, case_id, version, review_type, notified_on, organisations, outcome = found.groups()
            at = self.clock.moment.replace(hour=int(hour), minute=int(minute))
            self.clock.moment = max(at, self.clock.moment)
            body: dict[str, Any] = {"area": "QAA", "notified_on": notified_on, "review_type": review_type}
            if organisations != "-":
                body["organisations"] = organisations.split(",")
            body["source_version"] = int(version)
            status, _, words = outcome.partition(" ")
            if outcome == "torn":
                self.is_torn(f"/v1/cases/{case_id}", json.dumps(body).encode())
                continue
            expected = SILENCE if outcome == SILENCE else COMES_OF.get(words, {"code": words})
            code = 0 if outcome == SILENCE else int(status)
            step = Step(at, "case-system", "PUT", f"/v1/cases/{case_id}", None, body, code, expected)
            self.answers(step)

    def answers(self, step: Step) -> None:
        """Fail unless a call is answered as the page says, if its line did not break."""
        status, answer = called(self.live, step, self.keys[step.who], self.told)
        if step.expected == SILENCE:
            return
        assert status == step.status, (step, answer)
        assert holds(answer, step.expected), (step.path, step.expected, answer)
        if isinstance(answer, dict):
            self.told |= {name: str(answer[name]) for name in ("job", "plan") if answer.get(name)}

    def is_torn(self, path: str, body: bytes) -> None:
        """Send half of a message, and hang up."""
        head = (
            f"PUT {path} HTTP/1.1\r\nHost: {self.live[0]}\r\nContent-Length: {len(body)}\r\n"
            f"Authorization: Bearer {self.keys['case-system']}\r\nContent-Type: application/json\r\n\r\n"
        )
        with socket.create_connection(self.live, timeout=30) as connection:
            connection.sendall(head.encode() + body[: len(body) // 2])

    def alerts(self) -> set[str]:
        """The alerts that go off, by the rules that Prometheus is given and what `/metrics` tells now."""
        connection = http.client.HTTPConnection(*self.live, timeout=30)
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {self.keys['admin']}"})
        text = connection.getresponse().read().decode()
        connection.close()
        told = [line.rpartition(" ") for line in text.splitlines() if line and line[0] != "#"]
        return off({name: float(value) for name, _, value in told})

    def is_backed_up(self) -> None:
        """Make a backup, as the timer does each evening."""
        backup(self.database, self.folder / "evening.gz", self.clock())

    def is_sound(self) -> None:
        """Verify the audit, as anybody does from the command line."""
        assert main(["audit", "verify", "--database", self.url]) == 0

    @property
    def url(self) -> str:
        """Where the store is, for another process."""
        return self.database.engine.url.render_as_string(hide_password=False)

    def is_killed(self) -> None:
        """A worker that is a process of its own begins the order's plan, and in the middle is killed."""
        shift = (self.clock() - datetime.now(UTC)).total_seconds()
        (self.folder / "clock").write_text(str(shift), "ascii")
        environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "CLOCK_FILE": str(self.folder / "clock"),
            "ALLOCATOR_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "tests.unattended.program", "worker", "--jobs", "1"]
        with (self.folder / "worker.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            self._is_planning(process)
            time.sleep(IN_THE_MIDDLE)
        finally:
            process.kill()
        assert process.wait() == -signal.SIGKILL
        self.clock.moment = datetime.now(UTC) + timedelta(seconds=shift)
        with self.database.read() as connection:
            (order,) = orders.every(connection)
            job = jobs.found_job(connection, str(order.job_id))
        assert (job.state, job.attempt) == (JobState.RUNNING, 1)
        self.told["killed"] = job.job_id

    def _is_planning(self, process: subprocess.Popen[bytes]) -> None:
        """Nothing, once a worker has begun a plan."""
        until = time.monotonic() + DIES_SECONDS
        while time.monotonic() < until:
            assert process.poll() is None, (self.folder / "worker.log").read_text()
            with self.database.read() as connection:
                if jobs.counts(connection).get(str(JobState.RUNNING)):
                    return
            time.sleep(0.05)
        raise AssertionError("nothing was planned")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_the_night_is_as_the_page_tells_it(database: Database, tmp_path: Path) -> None:
    """Every call at its moment by its caller's own key; every event came in order, and the audit is sound."""
    night = Night(database, tmp_path)
    with receiving(night.receiver) as url, patch("api.app.warm_up"):
        app = create_app(night.settings, night.clock, database, lambda: None)
        with served(app, night.settings) as night.live:
            night.goes_by(NIGHT.read_text(encoding="utf-8").replace("{receiver}", url))
    assert night.receiver.refused
    wanted, came = dict[str, list[str]](), dict[str, dict[str, None]]()
    with database.read() as connection:
        assert list(chain.verify(connection)) == []
        finished = jobs.found_job(connection, night.told["killed"])
        assert (finished.state, finished.attempt) == (JobState.DONE, 2)
        for one in events.page(connection, 0, Wanted(), 9_999).events:
            wanted.setdefault(one.subject, []).append(one.event_id)
        assert {state for state, count in deliveries.counts(connection).items() if count} == {"done"}
    for told in night.receiver.told:
        came.setdefault(told["subject"], {})[told["id"]] = None
    assert {subject: list(ids) for subject, ids in came.items()} == wanted


def test_the_page_is_read_whole() -> None:
    """No call stands where none is made."""
    text = NIGHT.read_text(encoding="utf-8")
    assert len(list(moments(text))) == len(re.findall(r"^```\w+$", text, re.MULTILINE))
