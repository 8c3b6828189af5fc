"""The app behind its real server: what a client on the wire sees."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allocator.errors import NoPlan
from api import plans
from api.serve import is_loopback
from tests.api.documents import small_snapshot

Live = tuple[str, int]
ROOT = Path(__file__).parents[2]
SECONDS = 60.0


def ask(
    live: Live, method: str, path: str, body: bytes | None = None, **headers: str
) -> http.client.HTTPResponse:
    """The answer of the live server; its body is still to be read."""
    connection = http.client.HTTPConnection(*live, timeout=120)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    return connection.getresponse()


def test_a_plan_comes_over_the_wire(live: Live) -> None:
    """As from the app called directly, and without a word of what serves it."""
    body = json.dumps(small_snapshot()).encode()
    answer = ask(live, "POST", "/v1/plans?effort=1", body, Content_Type="application/json")
    assert answer.status == 200
    assert json.loads(answer.read())["assignments"]
    assert answer.headers["Server"] is None
    assert answer.headers["Via"] is None


def test_what_the_server_itself_refuses_is_a_problem_too(live: Live) -> None:
    """A body announced as too large is refused before it is sent; a broken length at once."""
    connection = http.client.HTTPConnection(*live, timeout=120)
    connection.putrequest("POST", "/v1/plans")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    answer = connection.getresponse()
    problem = json.loads(answer.read())
    assert (answer.status, problem["code"], problem["status"]) == (413, "too-large", 413)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Request-Id"] == problem["request_id"]
    assert answer.headers["Server"] is None


def test_a_broken_header_is_a_problem(live: Live) -> None:
    """400 from the server itself, in the same shape."""
    answer = ask(live, "POST", "/v1/plans", None, Content_Length="many")
    assert (answer.status, json.loads(answer.read())["code"]) == (400, "bad-request")


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("10.0.0.7", False),
        ("box", False),
    ],
)
def test_loopback_addresses_are_known(host: str, is_own: bool) -> None:
    """Only on these is the host's name checked by default."""
    assert is_loopback(host) is is_own


def test_a_client_that_hangs_up_ends_its_search(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """The socket is closed while the plan is being made: the allocator is told to stop."""
    began, was_told = threading.Event(), threading.Event()

    def listen(reading: Any, asked: Any, clock: Any, progress: Any, cancelled: Callable[[], bool]) -> Any:
        began.set()
        deadline = time.monotonic() + SECONDS
        while not cancelled() and time.monotonic() < deadline:
            time.sleep(0.01)
        if cancelled():
            was_told.set()
        raise NoPlan

    monkeypatch.setattr(plans, "allocate", listen)
    body = json.dumps(small_snapshot()).encode()
    head = f"POST /v1/plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection(live) as client:
        client.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
        assert began.wait(SECONDS)
        assert not was_told.is_set()
    assert was_told.wait(SECONDS)


@pytest.mark.skipif(
    sys.platform == "win32" or signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
    reason="a process started from here hears no Ctrl-C",
)
def test_ctrl_c_ends_the_server_in_good_order() -> None:
    """Exit code 0, also after the solver has run: it must leave the signal to Python."""
    words = [sys.executable, "-m", "api.cli", "serve", "--port", "0"]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        try:
            _wait_until_ready(server)
            server.send_signal(signal.SIGINT)
            assert server.wait(SECONDS) == 0
        finally:
            server.kill()


def _wait_until_ready(server: subprocess.Popen[str]) -> None:
    """Nothing, once the server that this process runs is warm."""
    assert server.stderr is not None
    found = re.search(r":(\d+);", server.stderr.readline())
    assert found is not None
    live = ("127.0.0.1", int(found.group(1)))
    deadline = time.monotonic() + SECONDS
    while ask(live, "GET", "/health/ready").status != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
