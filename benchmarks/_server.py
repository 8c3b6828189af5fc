"""A server of a benchmark's own, in a process of its own, as anybody runs it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from subprocess import DEVNULL

ROOT = Path(__file__).resolve().parents[1]
LISTENING = re.compile(r"Listening on http://([\d.]+):(\d+)")
SLACK_SECONDS = 60


@contextmanager
def served(database: str | None = None) -> Iterator[tuple[HTTPConnection, float]]:
    """Yield a connection to a server of its own, and the seconds until it was ready; stop it in the end.

    Parameters
    ----------
    database : URL of its store; None: one of its own in a folder that is gone afterwards
    """
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/store.db"
        with _started(url) as found:
            yield found


@contextmanager
def _started(url: str) -> Iterator[tuple[HTTPConnection, float]]:
    began = time.perf_counter()
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--database", url]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "ALLOCATOR_RATE": "100000"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stderr=subprocess.STDOUT, stdout=subprocess.PIPE
    ) as server:
        try:
            connection = _connect(server)
            _until_ready(connection)
            yield connection, time.perf_counter() - began
            connection.close()
        finally:
            server.terminate()


@contextmanager
def served_by_many(database: str, processes: int) -> Iterator[HTTPConnection]:
    """Yield a connection to a server of several processes with a worker beside it, as in production."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": database, "ALLOCATOR_RATE": "100000"}
    server = [sys.executable, "-m", "gunicorn", "--config", "python:api.gunicorn",
              "--workers", str(processes), "--bind", f"127.0.0.1:{port}"]  # fmt: skip
    worker = [sys.executable, "-m", "api.cli", "worker", "--jobs", "1"]
    with ExitStack() as stack:
        for command in (server, worker):
            one = stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, env=environment, stdout=DEVNULL, stderr=DEVNULL)
            )
            stack.callback(one.terminate)
        connection = HTTPConnection("127.0.0.1", port, timeout=10 * SLACK_SECONDS)
        _until_ready(connection)
        yield connection
        connection.close()


def _connect(server: subprocess.Popen[str]) -> HTTPConnection:
    for line in server.stdout or ():
        if found := LISTENING.search(line):
            threading.Thread(target=_read_on, args=(server,), daemon=True).start()
            return HTTPConnection(found[1], int(found[2]), timeout=10 * SLACK_SECONDS)
    raise RuntimeError("the server ended before it listened")


def _read_on(server: subprocess.Popen[str]) -> None:
    """Take what else the server says, or its log would stop it once the pipe is full."""
    with suppress(ValueError):
        for _ in server.stdout or ():
            pass


def _until_ready(connection: HTTPConnection) -> None:
    give_up = time.monotonic() + SLACK_SECONDS
    while time.monotonic() < give_up:
        with suppress(ConnectionError):
            connection.request("GET", "/health/ready")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                return
        connection.close()
        time.sleep(0.02)
    raise RuntimeError("the server did not get ready")
