"""Questions over HTTP: the same answers as in Python, and every fault at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from allocator.audit import audit
from allocator.desk import Desk, suggest
from allocator.explain import Priced, explain
from allocator.handover import handover
from allocator.intake import parse_snapshot
from api.questions import QUESTIONS
from solver.cpsat import CpLimits
from tests.api.documents import faulty_snapshot, small_snapshot
from tests.api.schema import fits

TODAY = date(2026, 6, 1)
PATHS = [one.path for one in QUESTIONS]


def post(client: FlaskClient, path: str, **body: Any) -> TestResponse:
    """The answer to a question; it is as described, whatever it is."""
    answer = client.post(path, json=body)
    fits(path, "post", answer)
    return answer


@pytest.fixture(scope="module")
def plan(app: Any) -> dict[str, Any]:
    """What /v1/plans answers to the small snapshot."""
    answer = app.test_client().post("/v1/plans?effort=1", json=small_snapshot())
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_case_is_explained(client: FlaskClient, plan: dict[str, Any]) -> None:
    """The plan may come as it was answered, with its certificate in it."""
    asked = {"snapshot": small_snapshot(), "plan": plan, "case_id": "c0", "effort": 1}
    found = post(client, "/v1/explanations", **asked).get_json()
    snapshot = parse_snapshot(small_snapshot(), today=TODAY).snapshot
    wanted = explain(snapshot, plan, "c0", priced=Priced(plan["certificate"], effort=1))
    assert found == wanted.as_document()
    assert found["places"][0]["reason_public"].startswith("This review has a reviewer.")
    bare = {key: value for key, value in plan.items() if key != "certificate"}
    asked |= {"plan": bare, "certificate": plan["certificate"]}
    assert post(client, "/v1/explanations", **asked).get_json() == found
    del asked["certificate"]
    refused = post(client, "/v1/explanations", **asked)
    assert [one["code"] for one in refused.get_json()["errors"]] == ["no-certificate"]


def test_interests_are_redacted_when_that_is_asked(client: FlaskClient) -> None:
    """Only that there is one is told."""
    snapshot = small_snapshot()
    snapshot["interests"] = [{"reviewer_id": "r2", "kind": "financial", "organisation": "RXX"}]
    plan = client.post("/v1/plans?effort=1", json=snapshot).get_json()
    asked = {"snapshot": snapshot, "plan": plan, "case_id": "c0", "reviewer_id": "r2", "effort": 1}
    open_to_all = post(client, "/v1/explanations", **asked)
    redacted = post(client, "/v1/explanations", **asked, redact=True)
    assert "a financial interest in RXX" in open_to_all.get_data(as_text=True)
    assert "financial" not in redacted.get_data(as_text=True)
    assert "a recorded interest" in redacted.get_data(as_text=True)


def test_somebody_is_suggested_and_what_was_published_counts(client: FlaskClient) -> None:
    """As in Python; once it is published the case has a lead."""
    found = post(client, "/v1/suggestions", snapshot=small_snapshot(), case_id="c0", top=2).get_json()
    snapshot = parse_snapshot(small_snapshot(), today=TODAY).snapshot
    assert found == suggest(Desk(snapshot).now(), "c0", 2).as_document()
    told = [{"case_id": "c0", "reviewer_id": "r1"}]
    again = post(client, "/v1/suggestions", snapshot=small_snapshot(), case_id="c0", published=told)
    assert again.get_json()["notes"] == ["c0 has a lead: r1."]


def test_what_somebody_should_take_next(client: FlaskClient) -> None:
    """Cases that wait."""
    found = post(client, "/v1/next-cases", snapshot=small_snapshot(), reviewer_id="r2").get_json()
    assert {one["case_id"] for one in found["cases"]} <= {"c0", "c1", "c2", "c3"}


def test_who_takes_over(client: FlaskClient) -> None:
    """As in Python."""
    found = post(client, "/v1/handovers", snapshot=small_snapshot(), reviewer_id="r0", effort=1).get_json()
    snapshot = parse_snapshot(small_snapshot(), today=TODAY).snapshot
    assert found == handover(snapshot, "r0", CpLimits(5.0, 1.0, 1, 1)).as_document()
    assert [one["case_id"] for one in found["taken"]] == ["c4"]


def test_edits_are_tried_and_made(client: FlaskClient, plan: dict[str, Any]) -> None:
    """Nothing is made of edits that break a rule; what is made passes the audit."""
    snapshot = small_snapshot()
    asked = {"snapshot": snapshot, "plan": plan, "effort": 1}
    take = [{"edit": "take_back", "case_id": "c0"}]
    tried = post(client, "/v1/edits", **asked, edits=take).get_json()
    assert tried["plan"] is None
    assert tried["consequences"][0]["points"]["unallocated"] > 0
    made = post(client, "/v1/edits", **asked, edits=take, make=True).get_json()["plan"]
    certificate = made.pop("certificate")
    made.pop("rejected")
    assert audit(parse_snapshot(snapshot, today=TODAY).snapshot, made, certificate) == []
    assert made["solver"]["previous_plan_id"] == plan["plan_id"]
    broken = [*take, {"edit": "take_back", "case_id": "c4"}]
    refused = post(client, "/v1/edits", **asked, edits=broken, make=True).get_json()
    assert refused["plan"] is None
    assert [one["rule"] for one in refused["consequences"][1]["broken"]] == ["held"]


def test_two_plans_differ(client: FlaskClient, plan: dict[str, Any]) -> None:
    """A plan and itself do not."""
    found = post(client, "/v1/diffs", snapshot=small_snapshot(), before=plan, after=plan).get_json()
    assert found["changes"] == []


def test_a_report_of_a_plan(client: FlaskClient, plan: dict[str, Any]) -> None:
    """All of its parts, and what may be published of them."""
    found = post(client, "/v1/reports", snapshot=small_snapshot(), plan=plan, effort=1).get_json()
    assert found["queue"]["by_type"][0]["review_type"] == "initial"
    assert found["published"]["year"]["by_reviewer"] == {}
    assert found["chances"]["draws"] == 200


@pytest.mark.parametrize("path", PATHS)
def test_faults_of_the_snapshot_are_where_they_are_in_the_question(client: FlaskClient, path: str) -> None:
    """Each of them, and a question that is none with all that is wrong in it."""
    empty = post(client, path)
    assert empty.status_code == 422
    assert {one["code"] for one in empty.get_json()["errors"]} == {"bad-question"}
    names = {"case_id": "c0", "reviewer_id": "r0", "plan": {}, "certificate": {}, "before": {}, "after": {}}
    names["edits"] = [{"edit": "take_back", "case_id": "c0"}]
    model = next(one.model for one in QUESTIONS if one.path == path)
    asked = {name: value for name, value in names.items() if name in model.model_fields}
    answer = post(client, path, snapshot=faulty_snapshot(), **asked)
    assert answer.status_code == 422
    pointers = {one["pointer"] for one in answer.get_json()["errors"]}
    assert all(pointer.startswith("/snapshot/") for pointer in pointers)
    assert len(pointers) == 4


@pytest.mark.parametrize("path", ["/v1/explanations", "/v1/edits", "/v1/reports", "/v1/diffs"])
def test_what_is_no_plan_is_a_fault(client: FlaskClient, path: str) -> None:
    """And no failure of ours."""
    names: dict[str, Any] = {"case_id": "c0", "plan": {"assignments": 5}, "certificate": {}}
    names |= {"before": {"assignments": 5}, "after": {}, "edits": [{"edit": "pin", "case_id": "c0"}]}
    model = next(one.model for one in QUESTIONS if one.path == path)
    asked = {name: value for name, value in names.items() if name in model.model_fields}
    answer = post(client, path, snapshot=small_snapshot(), **asked)
    assert answer.status_code == 422
    assert {one["code"] for one in answer.get_json()["errors"]} == {"unreadable-plan"}
