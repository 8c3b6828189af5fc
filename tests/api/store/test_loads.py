"""How full reviewers are, over HTTP: of the caller's areas, and a reviewer's own."""

from __future__ import annotations

from allocator.store.callers import Role
from tests.api.store.conftest import CANARY, Kept

MINE, ALL = (Role.COORDINATOR, "QAA"), (Role.ADMIN, "")


def test_loads_are_those_of_the_callers_areas(shared: Kept) -> None:
    """All of them for who may see all, or of the area that is asked for."""
    mine = shared.call("GET", "/v1/workloads", MINE).json["items"]
    assert [one["reviewer_id"] for one in mine] == ["PLAIN-R1", "PLAIN-R2"]
    assert len(shared.call("GET", "/v1/workloads", ALL).json["items"]) == 4
    assert len(shared.call("GET", "/v1/workloads?area=QBB", ALL).json["items"]) == 2
    assert shared.call("GET", "/v1/workloads?area=QBB", MINE).status_code == 403


def test_one_reviewer_ahead(shared: Kept) -> None:
    """As many weeks as are asked for; what they have, with its clocks."""
    path = "/v1/reviewers/PLAIN-R1/workload"
    found = shared.call("GET", f"{path}?weeks=3", MINE).json
    assert [one["hours"] for one in found["weeks"]] == [20, 0, 20]
    assert [one["case_id"] for one in found["places"]] == ["PLAIN-C1"]
    assert found["now"]["open_cases"] == 1
    assert shared.call("GET", f"{path}?weeks=0", MINE).status_code == 422
    assert shared.call("GET", f"/v1/reviewers/{CANARY}-R1/workload", MINE).status_code == 404


def test_a_reviewer_sees_their_own(shared: Kept) -> None:
    """With the names of their cases; and nobody else's."""
    me = (Role.REVIEWER, "")
    found = shared.call("GET", "/v1/reviewers/PLAIN-R1/workload", me).json
    assert [one["case_id"] for one in found["places"]] == ["PLAIN-C1"]
    assert shared.call("GET", "/v1/reviewers/PLAIN-R2/workload", me).status_code == 404
    assert shared.call("GET", "/v1/workloads", me).status_code == 403


def test_a_case_of_another_area_has_no_name(service: Kept) -> None:
    """The hours that it takes count all the same."""
    row = {"areas": ["QAA"], "hours_per_week": 20}
    assert service.call("PUT", f"/v1/reviewers/{CANARY}-R1", ALL, json=row).status_code == 200
    found = service.call("GET", f"/v1/reviewers/{CANARY}-R1/workload", MINE).json
    assert [one["case_id"] for one in found["places"]] == ["another-area"]
    assert found["now"]["held_hours"] > 0
