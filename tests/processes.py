"""The service as processes of their own, behind each of its servers."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allocator.store import Database

ROOT = Path(__file__).parents[1]
SECONDS = 90.0
COMMANDS = {
    "waitress": ["-m", "api.cli", "serve", "--port", "0"],
    "gunicorn": [
        "-m",
        "gunicorn",
        "--config",
        "python:api.gunicorn",
        "--bind",
        "127.0.0.1:0",
        "--workers",
        "2",
    ],
}
_PORT = re.compile(r"http://127\.0\.0\.1:(\d+)")


@dataclass
class Running:
    """A server.

    Parameters
    ----------
    said : what it has logged
    """

    process: subprocess.Popen[str]
    port: int = 0
    said: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        """Status and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(
                method, path, body, {name.replace("_", "-"): text for name, text in headers.items()}
            )
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def listen(self) -> None:
        """Nothing, once it says where it listens and is ready; what it logs is kept from then on."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if found := _PORT.search(line):
                self.port = int(found[1])
                break
        assert self.port, self.said
        threading.Thread(target=self.said.extend, args=(self.process.stderr,), daemon=True).start()
        until = time.monotonic() + SECONDS
        while self.ask("GET", "/health/ready")[0] != 200:
            assert time.monotonic() < until
            time.sleep(0.1)


@contextmanager
def running(kind: str, database: Database, **settings: str) -> Iterator[Running]:
    """A server over a database that is ready, with settings such as `jobs="0"`; it is gone afterwards."""
    url = database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    named = {f"ALLOCATOR_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, *COMMANDS[kind]],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "ALLOCATOR_RATE": "100000", "MALLOC_ARENA_MAX": "1", **named},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    found = Running(process)
    try:
        found.listen()
        yield found
    finally:
        for pid in children(process.pid):
            _kill(pid)
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    """The processes that a process has started, theirs too."""
    found = []
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                fields = (one / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid and fields[0] != "Z":
                found += [int(one.name), *children(int(one.name))]
    return found


def megabytes(pid: int) -> float:
    """What a process and those that it has started hold."""
    pages = 0
    for one in (pid, *children(pid)):
        try:
            pages += int(Path(f"/proc/{one}/statm").read_text(encoding="utf-8").split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _kill(pid: int) -> None:
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        return
