"""A reviewer's own work over HTTP, and how far it is."""

from __future__ import annotations

from allocator.store.callers import Role
from tests.api.store.conftest import CANARY, Kept

ME, STAFF, OTHERS = (Role.REVIEWER, "QAA"), (Role.COORDINATOR, "QAA"), (Role.COORDINATOR, "QBB")


def test_it_is_the_reviewers_own(shared: Kept) -> None:
    """With its clock and what is asked; nobody else has such work."""
    found = shared.call("GET", "/v1/my-work", ME).get_json()
    (one,) = found["cases"]
    assert (found["reviewer_id"], one["case_id"], one["role"]) == ("PLAIN-R1", "PLAIN-C1", "lead")
    assert (one["complete_by"], one["to_answer"], one["independence"]) == ("2027-03-01", True, "known")
    assert (one["hours_left"], one["evidence_ready_on"]) == (None, "2026-11-12")
    assert one["hours_counted"] > 0
    assert shared.call("GET", "/v1/my-work", STAFF).status_code == 403


def test_progress_is_told_by_who_has_the_case_or_for_them(service: Kept) -> None:
    """At the version that was seen, if one says so; another area's case is not there."""
    path, body = "/v1/cases/PLAIN-C1/progress", {"hours_left": 4, "evidence_expected_on": "2026-12-01"}
    told = service.call("POST", path, ME, json=body)
    assert told.get_json()["record"]["hours_left"] == 4
    old = {"If-Match": '"1"'}
    assert service.call("POST", path, ME, json=body, headers=old).status_code == 412
    now = {"If-Match": told.headers["ETag"]}
    assert service.call("POST", path, STAFF, json={"hours_left": 3}, headers=now).status_code == 200
    assert service.call("POST", path, OTHERS, json=body).status_code == 404
    assert service.call("POST", f"/v1/cases/{CANARY}-C1/progress", ME, json=body).status_code == 404
    refused = service.call("POST", path, ME, json={"hours_left": -1, "evidence_received_on": "soon"})
    assert [one["pointer"] for one in refused.get_json()["errors"]] == [
        "/hours_left",
        "/evidence_received_on",
    ]
    found = service.call("GET", "/v1/my-work", ME).get_json()["cases"][0]
    assert (found["hours_left"], found["hours_counted"], found["evidence_late"]) == (3, 3, False)
