"""Whatever goes wrong is a problem with a stable code, a request id and nothing of a case."""

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from allocator.errors import BadInput, Fault, InternalFault, NoPlan
from api import access, errors
from api.errors import PROBLEM_JSON, Problem
from api.logs import formatter
from api.metrics import Metrics


def client_of(error: Exception) -> FlaskClient:
    """A client of an app whose only page raises this."""
    app = Flask("fails")
    access.register(app, Metrics(), is_secure=False)
    errors.register(app)

    def fail() -> str:
        raise error

    app.add_url_rule("/fails", "fails", fail)
    return app.test_client()


def problem_of(error: Exception) -> Problem:
    """The problem as which this exception is answered."""
    answer = client_of(error).get("/fails")
    assert answer.content_type == PROBLEM_JSON
    found = Problem.model_validate_json(answer.data)
    assert found.status == answer.status_code
    assert found.request_id == answer.headers["X-Request-Id"]
    return found


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What the log would hold."""
    return "\n".join(formatter("json").format(record) for record in caplog.records)


def test_bad_input_is_answered_with_one_entry_a_fault() -> None:
    """422 and the same fault list as on the command line."""
    faults = [Fault("dangling", "no such reviewer", pointer="/cases/0", value="r9"), Fault("nan", "is NaN")]
    found = problem_of(BadInput(faults))
    assert (found.status, found.code, found.errors) == (422, "bad-input", tuple(faults))
    assert found.detail == "There are 2 faults; nothing was done. Mend each of `errors`."


def test_an_entry_leaves_out_what_a_fault_does_not_have() -> None:
    """As in plan.json's warnings: no nulls."""
    answer = client_of(BadInput([Fault("nan", "is NaN")])).get("/fails")
    assert answer.json is not None
    assert answer.json["errors"] == [{"code": "nan", "message": "is NaN"}]


def test_an_internal_fault_names_the_input_and_shows_no_plan(caplog: pytest.LogCaptureFixture) -> None:
    """500 with the digest; the findings, which quote cases, stay out of answer and log."""
    found = problem_of(InternalFault("abc123", ["case C-77 has two leads"]))
    assert (found.status, found.code, found.snapshot_digest) == (500, "internal-fault", "abc123")
    assert "abc123" in logged(caplog)
    assert "C-77" not in logged(caplog) + found.model_dump_json()


def test_no_plan_asks_to_come_again() -> None:
    """503 with Retry-After."""
    answer = client_of(NoPlan()).get("/fails")
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (503, "no-plan")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_failure_nobody_foresaw_tells_its_place_to_the_log_and_nothing_to_the_client(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """500; the message of the exception may quote a case, so it is nowhere."""
    found = problem_of(ValueError("case C-77 is odd"))
    assert (found.status, found.code) == (500, "internal-error")
    assert '"error": "ValueError"' in logged(caplog)
    assert "test_errors.py" in logged(caplog)
    assert "C-77" not in logged(caplog) + found.model_dump_json()


def test_each_request_is_one_line_of_log_without_what_was_typed(caplog: pytest.LogCaptureFixture) -> None:
    """The route and no path or query, which may hold a case id."""
    caplog.set_level(logging.INFO, logger="api.access")
    client = client_of(NoPlan())
    client.get("/fails?case=C-77", headers={"X-Request-Id": "abc.1"})
    client.get("/C-77")
    lines = [json.loads(line) for line in logged(caplog).splitlines() if "api.access" in line]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/fails", 503),
        ("-", "-", 404),
    ]
    assert lines[0]["request_id"] == "abc.1"
    assert "C-77" not in logged(caplog)


def test_an_error_that_another_package_logs_is_its_type_and_places(caplog: pytest.LogCaptureFixture) -> None:
    """Servers log exceptions whole; the message may quote a case."""
    try:
        raise ValueError("case C-77 is odd")
    except ValueError:
        logging.getLogger("waitress").exception("Exception while serving")
    (line,) = [json.loads(one) for one in logged(caplog).splitlines()]
    assert (line["error"], line["level"], line["logger"]) == ("ValueError", "error", "waitress")
    assert "C-77" not in str(line)
    assert "Exception while serving" in formatter("plain").format(caplog.records[0])


@pytest.mark.parametrize("sent", ["a b", "x" * 65, "é", 'a"b'])
def test_a_strange_request_id_is_replaced(sent: str) -> None:
    """It goes into the log, so it must be a plain word."""
    answer = client_of(NoPlan()).get("/fails", headers={"X-Request-Id": sent})
    assert answer.headers["X-Request-Id"] not in (sent, "")
