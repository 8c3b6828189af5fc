"""`POST /v1/plans`: a snapshot in, a checked plan out, within the wait."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from allocator.allocate import PlanRequest, allocate
from allocator.audit import audit
from allocator.errors import BadInput, InternalFault, NoPlan
from allocator.intake import parse_snapshot
from api import plans
from api.app import create_app
from api.settings import Settings
from tests.api.conftest import fixed_clock
from tests.api.documents import faulty_snapshot, small_snapshot
from tests.api.schema import fits

TODAY = date(2026, 6, 1)
SECONDS = 60.0


def post(client: FlaskClient, document: object, query: str = "effort=1", prefer: str = "") -> TestResponse:
    """The answer to a snapshot; it is as described, whatever it is."""
    answer = client.post(f"/v1/plans?{query}", json=document, headers={"Prefer": prefer} if prefer else {})
    fits("/v1/plans", "post", answer)
    return answer


def codes(answer: TestResponse) -> list[tuple[str, str | None]]:
    """Code and pointer of each entry of `errors`."""
    return [(one["code"], one.get("pointer")) for one in answer.get_json()["errors"]]


def test_a_plan_passes_the_independent_checker(client: FlaskClient) -> None:
    """What comes over HTTP is plan.json with its certificate, and both hold."""
    content = post(client, small_snapshot()).get_json()
    reading = parse_snapshot(small_snapshot(), today=TODAY)
    certificate = content.pop("certificate")
    assert content.pop("rejected") == []
    assert audit(reading.snapshot, content, certificate) == []
    assert {row["case_id"] for row in content["assignments"]} >= {"c0", "c1", "c2", "c3", "c4"}
    assert [(row["case_id"], row["reason_code"]) for row in content["unassigned"]] == [("c5", "on_hold")]


def test_a_plan_over_http_is_the_plan_of_allocate(client: FlaskClient) -> None:
    """Same snapshot, seed and effort: the same rows, values and plan_id."""
    over_http = post(client, small_snapshot(), "effort=2&seed=5").get_json()
    reading = parse_snapshot(small_snapshot(), today=TODAY)
    direct = allocate(reading, PlanRequest(effort=2, seed=5, workers=1), fixed_clock).plan.as_document()
    names = ("plan_id", "snapshot_digest", "objective", "assignments", "unassigned", "workloads", "summary")
    assert {name: over_http[name] for name in names} == json.loads(
        json.dumps({name: direct[name] for name in names})
    )


def test_every_fault_is_listed_at_once(client: FlaskClient) -> None:
    """As on the command line: one entry a fault, each with its pointer."""
    answer = post(client, faulty_snapshot())
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-input")
    pointers = {pointer for _, pointer in codes(answer)}
    assert {"/cases/0/notifed_on", "/cases/1/notified_on", "/declines/0/reviewer_id"} <= pointers
    assert "/reviewers/0/hours_per_week" in pointers


def test_the_entries_are_the_faults_of_the_intake(client: FlaskClient) -> None:
    """Nothing is lost or reworded on the way."""
    with pytest.raises(BadInput) as caught:
        parse_snapshot(faulty_snapshot(), today=TODAY)
    assert post(client, faulty_snapshot()).get_json()["errors"] == [
        one.as_dict() for one in caught.value.faults
    ]


def test_doubled_keys_are_listed_with_the_other_faults(client: FlaskClient) -> None:
    """One answer has them all."""
    text = '{"as_of": "soon", "as_of": "never", "cases": [], "reviewers": []}'
    answer = client.post("/v1/plans", data=text, content_type="application/json")
    assert codes(answer) == [("duplicate-key", "/as_of"), ("not-a-date", "/as_of")]
    text = '{"as_of": "2026-06-01", "as_of": "2026-06-02", "cases": [], "reviewers": []}'
    answer = client.post("/v1/plans", data=text, content_type="application/json")
    assert (answer.status_code, codes(answer)) == (422, [("duplicate-key", "/as_of")])


def test_nan_is_a_fault_with_its_place(client: FlaskClient) -> None:
    """Python's JSON takes it; the contract does not."""
    document = small_snapshot()
    document["reviewers"][1]["hours_per_week"] = float("nan")
    assert codes(post(client, document)) == [("nan", "/reviewers/1/hours_per_week")]


def test_quarantine_plans_the_sound_rows_and_lists_the_others(client: FlaskClient) -> None:
    """One case has a date that is none: it is left out, with its fault."""
    document = small_snapshot()
    document["cases"][1]["notified_on"] = "soon"
    answer = post(client, document, "effort=1&quarantine=true")
    assert answer.status_code == 200
    (row,) = answer.get_json()["rejected"]
    assert (row["table"], row["id"], row["faults"][0]["code"]) == ("cases", "c1", "not-a-date")
    assert "c1" not in {row["case_id"] for row in answer.get_json()["assignments"]}


def test_an_empty_snapshot_is_an_empty_plan(client: FlaskClient) -> None:
    """Tables without rows are valid; the day is the clock's."""
    content = post(client, {"cases": [], "reviewers": []}).get_json()
    assert (content["assignments"], content["unassigned"], content["workloads"]) == ([], [], [])
    assert content["as_of"] == "2026-06-01"


def test_a_packed_snapshot_is_planned(client: FlaskClient) -> None:
    """gzip in, plan out."""
    packed = gzip.compress(json.dumps(small_snapshot()).encode())
    headers = {"Content-Encoding": "gzip"}
    answer = client.post("/v1/plans?effort=1", data=packed, content_type="application/json", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("prefer", "applied"),
    [
        ("wait=0", "wait=0"),
        ("wait=1", "wait=1"),
        ("wait=3600", "wait=60"),
        ("respond-async", None),
        ("wait=x", None),
    ],
)
def test_any_wait_gets_a_checked_plan_and_is_told_what_was_kept_to(
    client: FlaskClient, prefer: str, applied: str | None
) -> None:
    """Even no wait at all; more than the server's longest is cut to that."""
    answer = post(client, small_snapshot(), "effort=1" if applied != "wait=0" else "", prefer)
    assert answer.status_code == 200
    assert answer.headers.get("Preference-Applied") == applied
    assert all("gap" in level for level in answer.get_json()["objective"].values())


@pytest.mark.parametrize(
    ("query", "prefer", "at_most"),
    [
        ("", "", 20),
        ("time_limit=7", "", 7),
        ("time_limit=500", "", 60),
        ("", "wait=9", 9),
        ("time_limit=7", "wait=3", 3),
        ("time_limit=2", "wait=9", 2),
        ("", "wait=0", 0.01),
    ],
)
def test_the_search_gets_the_shorter_of_its_limit_and_the_wait(
    app: Flask, monkeypatch: pytest.MonkeyPatch, query: str, prefer: str, at_most: float
) -> None:
    """Default wait 20 s, longest 60 s in these tests; a few milliseconds go into reading."""
    asked = _listening(monkeypatch)
    post(app.test_client(), small_snapshot(), query, prefer)
    (request,) = asked
    assert request.effort is None
    assert min(at_most, 0.9 * at_most) <= request.time_limit <= at_most


def test_the_query_reaches_the_allocator(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as it was given; workers as many as the server has at most."""
    asked = _listening(monkeypatch)
    post(app.test_client(), small_snapshot(), "effort=3&gap=2.5&max_moves=1&seed=9&workers=200")
    (request,) = asked
    assert (request.effort, request.max_moves, request.seed, request.workers) == (3, 1, 9, 2)
    assert request.gap == 2.5


def _listening(monkeypatch: pytest.MonkeyPatch) -> list[PlanRequest]:
    """The requests that reach the allocator from now on; each is answered by one unit of effort."""
    heard: list[PlanRequest] = []

    def listen(reading: Any, asked: PlanRequest, *rest: Any) -> Any:
        heard.append(asked)
        return allocate(reading, PlanRequest(effort=1), *rest)

    monkeypatch.setattr(plans, "allocate", listen)
    return heard


@pytest.mark.parametrize(
    "query", ["seed=-1", "effort=0", "time_limit=0", "gap=101", "time_limit=nan", "sede=1", "seed="]
)
def test_a_wrong_parameter_is_refused(client: FlaskClient, query: str) -> None:
    """422, and nothing silently becomes the default."""
    answer = post(client, small_snapshot(), query)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-parameter")
    assert [one["column"] for one in answer.get_json()["errors"]] == [query.split("=")[0]]


def test_beyond_its_slots_the_server_asks_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two plans are being made; the third is refused at once, and taken when one is done."""
    app = create_app(Settings(solves=2), fixed_clock)
    app.extensions["readiness"].finish(SECONDS)
    inside, may_end = threading.Semaphore(0), threading.Event()

    def slow(*arguments: Any) -> Any:
        inside.release()
        assert may_end.wait(SECONDS)
        return allocate(*arguments)

    monkeypatch.setattr(plans, "allocate", slow)
    answers: list[TestResponse] = []
    both = [
        threading.Thread(target=lambda: answers.append(post(app.test_client(), small_snapshot())))
        for _ in "12"
    ]
    for thread in both:
        thread.start()
    assert inside.acquire(timeout=SECONDS)
    assert inside.acquire(timeout=SECONDS)
    refused = post(app.test_client(), small_snapshot())
    may_end.set()
    for thread in both:
        thread.join(SECONDS)
    assert (refused.status_code, refused.get_json()["code"]) == (503, "busy")
    assert refused.headers["Retry-After"] == "5"
    assert [answer.status_code for answer in answers] == [200, 200]
    assert post(app.test_client(), small_snapshot()).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InternalFault("digest-of-it", ["case c0 has two leads"]), 500, "internal-fault"),
        (NoPlan(), 503, "no-plan"),
        (ZeroDivisionError("c0"), 500, "internal-error"),
    ],
)
def test_a_failed_plan_is_a_problem_without_a_plan_and_frees_its_slot(
    app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    """Three times over two slots: each is free again."""

    def fail(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(plans, "allocate", fail)
    for _ in range(3):
        answer = post(app.test_client(), small_snapshot())
        assert (answer.status_code, answer.get_json()["code"]) == (status, code)
        assert "assignments" not in answer.get_json()
    assert answer.get_json().get("snapshot_digest") == ("digest-of-it" if code == "internal-fault" else None)


def test_a_client_that_hung_up_ends_its_search(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server says so, and the allocator hears it."""
    heard: list[bool] = []

    def listen(reading: Any, asked: Any, clock: Any, progress: Any, cancelled: Callable[[], bool]) -> Any:
        heard.append(cancelled())
        raise NoPlan

    monkeypatch.setattr(plans, "allocate", listen)
    for is_gone in (False, True):
        environ = {"waitress.client_disconnected": lambda is_gone=is_gone: is_gone}
        app.test_client().post("/v1/plans", json=small_snapshot(), environ_overrides=environ)
    assert heard == [False, True]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
COLUMNS = {
    "cases": [
        *small_snapshot()["cases"][4],
        *("priority", "skills", "effort_hours", "on_hold_since", "linked_to"),
    ],
    "reviewers": ["reviewer_id", "areas", "hours_per_week", "employment", "max_open_cases", "leaves_on"],
}


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """The small snapshot with up to three values, rows or tables replaced by anything."""
    document = small_snapshot()
    for _ in range(draw(st.integers(1, 3))):
        table = draw(st.sampled_from(sorted(COLUMNS)))
        place = draw(st.sampled_from(["column", "row", "table", "key", "policy"]))
        rows = document.get(table)
        if place == "column" and isinstance(rows, list) and rows and isinstance(rows[0], dict):
            rows[0][draw(st.sampled_from(COLUMNS[table]))] = draw(ANYTHING)
        elif place == "row" and isinstance(rows, list):
            rows.append(draw(ANYTHING))
        elif place == "table":
            document[table] = draw(ANYTHING)
        elif place == "key":
            document[draw(st.text(max_size=4) | st.sampled_from(["areas", "absences", "as_of"]))] = draw(
                ANYTHING
            )
        else:
            part = draw(st.sampled_from(["horizon", "weights", "review_types", "x", "as_of"]))
            document["policy"] = {part: draw(ANYTHING)}
    return document


@given(document=ANYTHING | damaged(), quarantine=st.booleans())
def test_any_json_is_planned_or_refused_and_never_breaks_anything(
    app: Flask, document: object, quarantine: bool
) -> None:
    """200 with a plan, or a 4xx problem; never 500. Half characters and NaN included."""
    query = f"effort=1&quarantine={str(quarantine).lower()}"
    answer = app.test_client().post(
        f"/v1/plans?{query}", data=json.dumps(document), content_type="application/json"
    )
    assert answer.status_code in (200, 400, 422), answer.get_data(as_text=True)
    fits("/v1/plans", "post", answer)
