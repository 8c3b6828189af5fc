"""Both servers, over real connections: what is hostile is refused, and ends and kills lose nothing."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from allocator.store import Database, import_tables, schema
from allocator.store.callers import Role
from allocator.store.chain import verify
from allocator.store.keys import make_key
from api import clock
from tests.allocator.store.build import AREAS, DAY, REVIEWERS, case
from tests.api.documents import small_snapshot
from tests.databases import KINDS, an_empty
from tests.processes import COMMANDS, Running, children, megabytes, running

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended as elsewhere")
MEGABYTE = 1024 * 1024
JSON = "application/json"
ROW = {"area": "QAA", "notified_on": "2026-09-01", "review_type": "initial"}


def a_key(database: Database) -> str:
    """The word of a key for everything, in a store with two areas."""
    schema.upgrade(database)
    with database.write("test", clock.now) as tx:
        import_tables(tx, {"areas": AREAS, "reviewers": REVIEWERS}, DAY)
        return make_key(tx, Role.ADMIN)[1]


@pytest.fixture(scope="module", params=COMMANDS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, str]]:
    """Each server over SQLite, and a key for everything."""
    with an_empty("sqlite", tmp_path_factory.mktemp("store")) as database:
        key = a_key(database)
        with running(request.param, database) as found:
            yield found, f"Bearer {key}"


DEEP = b"[" * 200_000 + b"]" * 200_000
BODIES: dict[str, tuple[bytes, dict[str, str]]] = {
    "ten megabytes of text": (json.dumps({"cases": "x" * 10 * MEGABYTE}).encode(), {}),
    "many rows of nothing": (json.dumps({"cases": [{}] * 20_000}).encode(), {}),
    "deep lists": (DEEP, {}),
    "deep objects": (b'{"cases":' * 100_000 + b"1" + b"}" * 100_000, {}),
    "not a number": (b'{"cases": [{"case_id": "N", "priority": NaN}]}', {}),
    "endless": (b'{"cases": [{"case_id": "N", "hours_left": 1e999}]}', {}),
    "two to the 63": (b'{"cases": [{"case_id": "N", "hold_days": 9223372036854775808}]}', {}),
    "a number of many digits": (b'{"cases": [{"case_id": "N", "hold_days": ' + b"9" * 6000 + b"}]}", {}),
    "an id of 10,000 characters": (json.dumps({"cases": [{"case_id": "N" * 10_000, **ROW}]}).encode(), {}),
    "a formula as a number": (
        json.dumps({"cases": [{"case_id": "N", **ROW, "hold_days": "=1+1"}]}).encode(),
        {},
    ),
    "UTF-16": ('{"cases": []}'.encode("utf-16"), {}),
    "Latin-1": ('{"cases": "é"}'.encode("latin-1"), {}),
    "half a character": (b'{"cases": [{"case_id": "\\ud800"}]}', {}),
    "a zip bomb": (gzip.compress(b" " * 300 * MEGABYTE), {"Content_Encoding": "gzip"}),
    "no zip": (b"\x1f\x8b nonsense", {"Content_Encoding": "gzip"}),
    "an unknown packing": (b"{}", {"Content_Encoding": "br"}),
    "a form": (b"cases=1", {"Content_Type": "application/x-www-form-urlencoded"}),
    "nothing": (b"", {}),
    "a workbook": (b"PK\x03\x04" + b"\0" * 1000, {"Content_Type": "application/vnd.ms-excel"}),
}
PATHS = [
    "/v1/cases/..%2f..%2fetc%2fpasswd", "/v1/cases/%00", "/v1/cases/%ff", "/v1//cases", "/v1/../v1/cases/x",
    f"/v1/cases/{'N' * 5000}", "/v1/cases/%e2%80%a8", "/v1/cases?limit=9223372036854775808",
    "/v1/cases?limit=NaN",
    "/v1/cases?limit=1&limit=2", f"/v1/cases?after={'x' * 4000}", "/v1/plans/99999999999999999999/lines",
    "/v1/plans/-1", "/v1/plans/1e9/lines", "/invited/../../x", "/v1/queue?known_on=9999-12-31",
]  # fmt: skip
RAW = {
    "two lengths": b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
    b"Content-Length: 5\r\n\r\n{}xyz",
    "a length below nothing": b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "a length and chunks": b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "no chunk": b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "an unknown transfer": b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x\r\n\r\n",
    "a long header": b"GET /v1/cases HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 400_000 + b"\r\n\r\n",
    "many headers": b"GET /v1/cases HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n",
    "a header without a name": b"GET /v1/cases HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n",
    "a bare return": b"GET /v1/cases HTTP/1.1\r\nHost: localhost\r\nX-A: a\rSet-Cookie: b\r\n\r\n",
    "another host": b"GET /v1/cases HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
    "no host": b"GET /v1/cases HTTP/1.1\r\nHost:\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no such version": b"GET /v1/cases HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "a method of 10,000 letters": b"A" * 10_000 + b" / HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


def raw(port: int, sent: bytes) -> tuple[bytes, bytes]:
    """Head and body of the first answer over a connection; nothing if the server closes it in the middle."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        try:
            client.sendall(sent)
            while (answer := _answer(found)) is None and (part := client.recv(65_536)):
                found += part
        except (ConnectionError, TimeoutError):
            pass
    return answer or (b"", b"")


def _answer(found: bytes) -> tuple[bytes, bytes] | None:
    """Head and body, once all that the head announces is there."""
    head, ends, rest = found.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    if not ends or length is None or len(rest) < int(length[1]):
        return None
    return head, rest[: int(length[1])]


def all_of_it(server: tuple[Running, str]) -> None:
    """Everything hostile is sent; each is refused with a 4xx and a code."""
    live, key = server
    for name, (body, more) in BODIES.items():
        headers = {"Authorization": key, "Content_Type": JSON, **more}
        status, text = live.ask("POST", "/v1/imports", body, **headers)
        assert 400 <= status < 500, (name, status, text[:200])
        assert json.loads(text)["code"], name
    for path in PATHS:
        status, text = live.ask("GET", path, Authorization=key)
        assert 400 <= status < 500, (path, status, text[:200])
    for name, sent in RAW.items():
        head, text = raw(live.port, sent)
        if head:
            assert head.split(b" ")[1].startswith(b"4"), (name, head)
            assert b"application/problem+json" in head, (name, head)
            assert json.loads(text)["code"], name
        assert live.ask("GET", "/health/live")[0] == 200, name


@pytest.mark.thorough
def test_what_is_hostile_is_refused_and_memory_stays_flat(server: tuple[Running, str]) -> None:
    """The same again: no 5xx, no traceback in the log, no growth."""
    live, key = server
    all_of_it(server)
    before = megabytes(live.process.pid)
    all_of_it(server)
    assert megabytes(live.process.pid) < before + 64
    assert live.ask("GET", "/v1/cases", Authorization=key)[0] == 200
    said = "".join(live.said)
    assert "Traceback" not in said
    assert "internal-error" not in said
    assert key.removeprefix("Bearer ") not in said


def test_figures_are_of_all_processes(server: tuple[Running, str]) -> None:
    """Whichever of them is asked: calls are added up."""
    live, key = server

    def counted() -> float:
        status, text = live.ask("GET", "/metrics", Authorization=key)
        assert status == 200
        lines = [
            one
            for one in text.decode().splitlines()
            if one.startswith("allocator_calls_total") and "/v1/policy" in one
        ]
        return sum(float(one.rpartition(" ")[2]) for one in lines)

    before = counted()
    for _ in range(20):
        assert live.ask("GET", "/v1/policy", Authorization=key)[0] == 200
    assert counted() == before + 20


@pytest.mark.parametrize("kind", COMMANDS)
def test_what_has_begun_is_answered_before_the_end(kind: str, tmp_path: Path) -> None:
    """Asked to end, the server takes nothing new, ends what it does, and exits with 0."""
    with an_empty("sqlite", tmp_path) as database:
        a_key(database)
        with running(kind, database) as live:
            found: list[Any] = []
            body = json.dumps(small_snapshot()).encode()
            asking = threading.Thread(
                target=lambda: found.append(
                    live.ask("POST", "/v1/plans?time_limit=3", body, Content_Type=JSON, Prefer="wait=4")
                )
            )
            asking.start()
            time.sleep(0.7)
            live.process.send_signal(signal.SIGTERM)
            asking.join(60)
            assert [status for status, _ in found] == [200]
            assert live.process.wait(60) == 0
            with pytest.raises(ConnectionRefusedError):
                live.ask("GET", "/health/live")


@pytest.mark.parametrize(("kind", "after"), [(KINDS[0], 0.05), (KINDS[0], 0.3), (KINDS[1], 0.1)])
def test_a_server_that_is_killed_in_a_call_has_done_all_of_it_or_nothing(
    kind: str, after: float, tmp_path: Path
) -> None:
    """And the call that is sent again is done once: the same cases, one change each, a chain that holds."""
    rows = [case(f"C{at}") for at in range(2_000)]
    body = json.dumps({"cases": rows}).encode()
    with an_empty(kind, tmp_path) as database:
        key = a_key(database)
        headers = {"Authorization": f"Bearer {key}", "Content_Type": JSON, "Idempotency_Key": "once"}
        with running("waitress", database, jobs="0") as live:
            sent = threading.Thread(target=_in_vain, args=(live, body, headers))
            sent.start()
            time.sleep(after)
            os.kill(live.process.pid, signal.SIGKILL)
            sent.join(60)
        with database.read() as connection:
            assert _lines(connection) in (0, len(rows))
        with running("waitress", database, jobs="0") as live:
            answers = [live.ask("POST", "/v1/imports", body, **headers) for _ in range(2)]
            assert [status for status, _ in answers] == [200, 200]
            assert answers[0][1] == answers[1][1]
        with database.read() as connection:
            assert _lines(connection) == len(rows)
            assert list(verify(connection)) == []


def _in_vain(live: Running, body: bytes, headers: dict[str, str]) -> None:
    try:
        live.ask("POST", "/v1/imports", body, **headers)
    except OSError:
        return


def _lines(connection: Any) -> int:
    """How many changes of cases the audit tells of."""
    from sqlalchemy import func, select

    from allocator.store.tables import audit_lines

    found = select(func.count()).select_from(audit_lines).where(audit_lines.c.kind == "cases")
    return int(connection.execute(found).scalar_one())


def test_a_killed_process_of_gunicorn_is_replaced(tmp_path: Path) -> None:
    """Others go on answering."""
    with an_empty("sqlite", tmp_path) as database:
        key = a_key(database)
        with running("gunicorn", database) as live:
            os.kill(children(live.process.pid)[0], signal.SIGKILL)
            until = time.monotonic() + 30
            while len(children(live.process.pid)) < 2:
                assert time.monotonic() < until
                time.sleep(0.1)
            for _ in range(10):
                assert live.ask("GET", "/v1/policy", Authorization=f"Bearer {key}")[0] == 200
