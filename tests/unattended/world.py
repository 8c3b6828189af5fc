"""The service as it runs where nobody watches, and all that can break of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError

import psycopg

from allocator.store import Database, deliveries, events, import_tables, schema, webhooks
from allocator.store.callers import Role
from allocator.store.deliveries import UNDONE
from allocator.store.keys import make_key
from tests.databases import ADMIN
from tests.processes import ROOT
from tests.unattended.source import setting

STARTED_SECONDS: Final = 120.0
QUIET_SECONDS: Final = 300.0
LOCKED_SECONDS: Final = 1.5


class World:
    """A server and a worker over one database, and whoever kills them.

    Parameters
    ----------
    name : how this world's connections are told from others
    """

    def __init__(self, url: str, folder: Path, name: str) -> None:
        self.url, self.folder, self.name = url, folder, name
        self.offset = folder / "clock"
        self.offset.write_text("0", "ascii")
        self.killed: Counter[str] = Counter()
        self.database = Database(url)
        schema.upgrade(self.database)
        with self.database.write("test", self.now) as tx:
            import_tables(tx, setting(), self.now().date())
            self.system = make_key(tx, Role.CASE_SYSTEM)[1]
            self.admin = make_key(tx, Role.ADMIN)[1]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._log = (folder / "log").open("ab")
        self.server, self.worker = self._serve(), self._work()
        self.wait_for_server()

    def now(self) -> Any:
        """The present moment, as this machine has it."""
        from api import clock

        return clock.now()

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "CLOCK_FILE": str(self.offset),
            "ALLOCATOR_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "ALLOCATOR_RATE": "100000",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "tests.unattended.program", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log)

    def _serve(self) -> subprocess.Popen[bytes]:
        return self._start("serve", "--port", str(self.port), "--jobs", "0")

    def _work(self) -> subprocess.Popen[bytes]:
        return self._start("worker", "--jobs", "1")

    def wait_for_server(self) -> None:
        """Nothing, once it lives; one that has ended is begun again, as whoever looks after it does."""
        until = time.monotonic() + STARTED_SECONDS
        while time.monotonic() < until:
            if self.server.poll() is not None:
                self.server = self._serve()
            with suppress(URLError, OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError("the server does not live")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What a call answers, asked until it is answered."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.admin}", "Content-Type": "application/json"}
        for _ in range(200):
            request = urllib.request.Request(
                f"http://127.0.0.1:{self.port}{path}", data, headers, method=method
            )
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.loads(answer.read())
            except OSError as error:
                if getattr(error, "code", 503) not in (429, 500, 503):
                    raise
                time.sleep(0.2)
        raise AssertionError(f"nobody answers {method} {path}")

    def kill(self, what: str) -> None:
        """Kill the server, the worker, what plans, or the connections to the database."""
        kinds: dict[str, Callable[[], None]] = {
            "server": self._kill_server,
            "worker": self._kill_worker,
            "solver": self._kill_solver,
            "database": self._kill_connections,
        }
        kinds[what]()
        self.killed[what] += 1

    def _kill_server(self) -> None:
        self.server.kill()
        self.server.wait()
        self.server = self._serve()
        self.wait_for_server()

    def _kill_worker(self) -> None:
        self.worker.kill()
        self.worker.wait()
        self.worker = self._work()

    def _kill_solver(self) -> None:
        """Somebody asks for a plan, and what makes it is killed."""
        self.call("POST", "/v1/plans", {"time_limit": 2})
        until = time.monotonic() + STARTED_SECONDS
        while time.monotonic() < until:
            for pid in self._children():
                with suppress(OSError):
                    if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                        os.kill(pid, signal.SIGKILL)
                        return
            time.sleep(0.02)
        raise AssertionError("nobody plans")

    def _children(self) -> list[int]:
        """The processes that the worker has begun, in any of its threads; the newest first."""
        found = []
        for one in Path(f"/proc/{self.worker.pid}/task").glob("*/children"):
            with suppress(OSError):
                found += [int(pid) for pid in one.read_text("ascii").split()]
        return sorted(found, reverse=True)

    def _kill_connections(self) -> None:
        if self.database.is_sqlite:  # it has none to kill: somebody else keeps it locked for a while
            threading.Thread(target=self._lock, daemon=True).start()
            return
        with psycopg.connect(ADMIN, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                (self.name,),
            )

    def _lock(self) -> None:
        with suppress(sqlite3.Error):
            connection = sqlite3.connect(str(self.database.engine.url.database), timeout=5)
            connection.isolation_level = None
            connection.execute("BEGIN EXCLUSIVE")
            time.sleep(LOCKED_SECONDS)
            connection.execute("ROLLBACK")
            connection.close()

    def turn_clock(self, seconds: int) -> None:
        """Set the clock of every process so far from the machine's."""
        self.offset.write_text(str(seconds), "ascii")

    def settle(self) -> None:
        """Nothing, once no plan and no event is under way any more."""
        self.turn_clock(0)
        until = time.monotonic() + QUIET_SECONDS
        while busy := self._busy():
            if time.monotonic() > until:
                raise AssertionError(f"it does not come to rest: {busy}")
            time.sleep(0.5)

    def _busy(self) -> list[Any]:
        """What is still under way: plans, orders whose plan is to be settled, events that are to be sent."""
        running = [one for one in self.call("GET", "/v1/jobs")["items"] if one["state"] in OPEN]
        orders = [one for one in self.call("GET", "/v1/standing-orders")["items"] if one["job"]]
        with self.database.read() as connection:
            newest = events.newest(connection)
            behind = [one.url for one in webhooks.every(connection) if one.reached < newest]
            undone = deliveries.counts(connection)
        waits = [(state, count) for state, count in undone.items() if count and state in UNDONE]
        return [*running, *orders, *behind, *waits]

    def close(self) -> None:
        """Nothing runs any more."""
        for process in (self.server, self.worker):
            process.kill()
            process.wait()
        self._log.close()
        self.database.close()


OPEN: Final = ("queued", "running")
KILLS: Final = ("server", "worker", "solver", "database")
