"""The walkthrough of a night is true: its calls are made over a real connection, and what happens happens."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

from allocator.jobs import Keeper, Runner, Sender
from allocator.store import Database, import_tables, leasing
from allocator.store.callers import Role
from allocator.store.chain import verify
from allocator.store.keys import make_key
from api.app import create_app
from api.posting import Post
from api.settings import Settings
from tests.api.store.test_walkthrough import PAGE, Clock, Step, called, database, holds, step_of
from tests.serving import served

__all__ = ["database"]
NIGHT = PAGE.with_name("7.md")
MOMENT = re.compile(r"^## \w+ (\d+ \w+ \d{4}, \d\d:\d\d)$", re.MULTILINE)
BLOCK = re.compile(r"```(http|happens)\n(.*?)```", re.DOTALL)
SILENCE = "no answer"
PEOPLE = {
    "admin": (Role.ADMIN, ()),
    "coordinator": (Role.COORDINATOR, ("QAA",)),
    "case-system": (Role.CASE_SYSTEM, ("QAA",)),
}
TURNS = 60
"""So often the worker looks whether there is something to do, some seconds apart."""


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
    """Yield each block of the page with its moment: of calls, or of what happens."""
    marks = [(one.end(), one.group(1)) for one in MOMENT.finditer(text)]
    for at, (begin, name) in enumerate(marks):
        end = marks[at + 1][0] if at + 1 < len(marks) else len(text)
        moment = datetime.strptime(name, "%d %B %Y, %H:%M").replace(tzinfo=UTC)
        for kind, block in BLOCK.findall(text[begin:end]):
            yield moment, kind, block.strip()


class Worker:
    """Whoever makes plans, keeps orders and sends events; its clock goes on while it does."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self.clock, self.database = clock, database
        self.turns = [
            Keeper(database, clock).run_one,
            Runner(database, clock).run_one,
            Sender(database, clock, Post(settings, clock)).run_one,
        ]

    def works_on(self) -> None:
        """Do what there is to do, for some minutes."""
        for _ in range(TURNS):
            self.clock.moment += timedelta(seconds=10)
            for turn in self.turns:
                while turn():
                    pass

    def begins_and_is_gone(self) -> None:
        """Begin the plan of the order, and say no more."""
        self.turns[0]()
        for _ in range(TURNS):
            self.clock.moment += timedelta(seconds=1)
            self.turns[0]()
            with self.database.write("runner", self.clock) as tx:
                if leasing.claim(tx) is not None:
                    return
        raise AssertionError("nothing was planned")


def test_the_night_is_as_the_page_tells_it(database: Database) -> None:
    """Every call at its moment by its caller's own key; every event came, and the audit is sound."""
    clock, receiver = Clock(), Receiver()
    settings = Settings(webhook_networks="127.0.0.0/8", largest_body=200_000)  # type: ignore[arg-type]
    with database.write("test", clock) as tx:
        import_tables(tx, {"areas": [{"area": "QAA"}, {"area": "QBB"}]}, clock().date())
        keys = {name: make_key(tx, role, areas)[1] for name, (role, areas) in PEOPLE.items()}
    worker = Worker(database, clock, settings)
    happens: dict[str, Callable[[], object]] = {
        "a worker begins the plan, and is gone": worker.begins_and_is_gone,
        "a worker works on": worker.works_on,
        "the receiver is away": lambda: setattr(receiver, "is_away", True),
        "the receiver is back": lambda: setattr(receiver, "is_away", False),
    }
    with receiving(receiver) as url, patch("api.app.warm_up"):
        app = create_app(settings, clock, database, lambda: None)
        with served(app, settings) as live:
            text = NIGHT.read_text(encoding="utf-8").replace("{receiver}", url)
            for moment, kind, block in moments(text):
                clock.moment = max(moment, clock.moment)
                if kind == "happens":
                    for line in block.splitlines():
                        happens[line]()
                    continue
                for told in block.split("\n\n"):
                    step = step_of(moment, told.replace(SILENCE, f"0 {json.dumps(SILENCE)}"))
                    answered(live, step, keys[step.who])
    assert receiver.refused
    published = [one["subject"] for one in receiver.told if one["type"].endswith("published")]
    assert sorted(set(published)) == ["N-1", "N-2", "N-5"]
    assert [one["subject"] for one in receiver.told if one["type"].endswith("retyped")] == ["N-5"]
    with database.read() as connection:
        assert list(verify(connection)) == []


def answered(live: tuple[str, int], step: Step, key: str) -> None:
    """Fail unless a call is answered as the page says, if its line did not break."""
    status, answer = called(live, step, key, {})
    if step.expected != SILENCE:
        assert status == step.status, (step, answer)
        assert holds(answer, step.expected), (step, answer)


def test_the_page_is_read_whole() -> None:
    """No call stands where none is made."""
    text = NIGHT.read_text(encoding="utf-8")
    assert len(list(moments(text))) == text.count("```http\n") + text.count("```happens\n")
