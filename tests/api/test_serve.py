"""The app behind its real server: what a client on the wire sees."""

from __future__ import annotations

import http.client
import json

import pytest

from api.serve import is_loopback
from tests.api.documents import small_snapshot

Live = tuple[str, int]


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
