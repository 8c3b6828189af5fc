"""The app as a whole: what every answer carries, health, and paths and methods there are not."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.schema import fits

PATHS = ["/health/live", "/health/ready", "/openapi.json", "/nowhere", "/v1/plans"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers_and_a_request_id(client: FlaskClient, path: str) -> None:
    """Good or bad, and never a word about the server."""
    answer = client.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Request-Id"]
    assert "Server" not in answer.headers


def test_a_live_and_warm_process_says_so(client: FlaskClient) -> None:
    """200 on both questions."""
    for word in ("live", "ready"):
        answer = client.get(f"/health/{word}")
        assert (answer.status_code, answer.get_json()) == (200, {"status": word})
        fits(f"/health/{word}", "get", answer)


def problem(answer: TestResponse) -> tuple[int, str]:
    """The status and code of a problem."""
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.get_json()["code"]


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/plans/", "/v1/plans/7", "/V1/plans", "/v1//plans"])
def test_a_path_there_is_not_is_404(client: FlaskClient, path: str) -> None:
    """No redirects: a snapshot is not sent twice."""
    answer = client.post(path, json={})
    assert problem(answer) == (404, "not-found")
    assert "/v1/plans" in answer.get_json()["detail"]
    assert "/openapi.json" in answer.get_json()["detail"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE"])
def test_another_method_is_405_and_says_which_there_are(client: FlaskClient, method: str) -> None:
    """With `Allow`."""
    answer = client.open("/v1/plans", method=method)
    assert problem(answer) == (405, "method-not-allowed")
    assert "POST" in answer.headers["Allow"]


def test_another_host_name_is_refused(client: FlaskClient) -> None:
    """A web page that points its own name at this machine gets nothing (DNS rebinding)."""
    assert problem(client.get("/health/live", headers={"Host": "evil.example"})) == (400, "untrusted-host")
    for host in ("127.0.0.1:8000", "localhost", "[::1]:8000"):
        assert client.get("/health/live", headers={"Host": host}).status_code == 200
