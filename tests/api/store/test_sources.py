"""A case system that repeats itself and comes late: what it is answered, and how it finds what differs."""

from __future__ import annotations

from typing import Any

from allocator.store import cases, merging
from allocator.store.callers import Role
from allocator.store.states import State
from tests.allocator.store.build import NOW
from tests.api.store.conftest import CANARY, Kept

SYSTEM, HERE = (Role.CASE_SYSTEM, ""), (Role.CASE_SYSTEM, "QAA")
ROW = {"area": "QAA", "notified_on": "2026-09-01", "review_type": "initial"}


def put(service: Kept, case_id: str, version: int | None, who: Any = SYSTEM, **more: Any) -> Any:
    """The status and the body of an answer."""
    row = ROW | more | ({} if version is None else {"source_version": version})
    answer = service.call("PUT", f"/v1/cases/{case_id}", who, json=row)
    return answer.status_code, answer.get_json()


def test_each_notification_is_told_what_became_of_it(service: Kept) -> None:
    """Applied, passed over as a newer one is known, or refused as it was sent before with another content."""
    status, told = put(service, "NEW", 5, priority=1)
    assert (status, told["applied"], told["source_version"], told["version"]) == (201, True, 5, 1)
    for version, applied in ((4, False), (5, True)):
        status, again = put(service, "NEW", version, **({"priority": 1} if applied else {"review_type": "x"}))
        assert (status, again["applied"], again["source_version"], again["version"]) == (200, applied, 5, 1)
    status, refused = put(service, "NEW", 5, priority=2)
    assert (status, refused["code"], refused["errors"][0]["pointer"]) == (
        409, "version-reused", "/source_version",
    )  # fmt: skip
    status, plain = put(service, "NEW", None, priority=3)
    assert (status, plain["applied"], plain["source_version"]) == (200, None, 5)
    assert service.call("GET", "/v1/cases/NEW", SYSTEM).get_json()["source_version"] == 5
    listed = service.call("GET", "/v1/cases", SYSTEM).get_json()["items"]
    assert {one["id"]: one["source_version"] for one in listed}["NEW"] == 5


def test_a_source_is_told_what_stands_otherwise_and_what_it_replaced(service: Kept) -> None:
    """And who has it by its word, until that is decided here."""
    lead = {"reviewer_id": "PLAIN-R1", "allocated_on": "2026-10-01"}
    put(service, "NEW", 1)
    service.call("PUT", "/v1/cases/NEW", (Role.COORDINATOR, "QAA"), json=ROW | {"review_type": "focused"})
    told = put(service, "NEW", 2, priority=4)[1]
    assert (told["record"]["review_type"], told["standing"], told["replaced"]) == (
        "focused", ["review_type"], [],
    )  # fmt: skip
    told = put(service, "NEW", 3, skills=["welsh"], state="in_review")[1]
    assert (told["state"], told["standing"]) == ("notified", ["review_type", "state"])
    told = put(service, "NEW", 4, state="in_review", **lead)[1]
    assert (told["state"], told["lead"]["reviewer_id"]) == ("in_review", "PLAIN-R1")
    service.call("PUT", "/v1/cases/NEW", (Role.COORDINATOR, "QAA"), json=ROW | {"priority": 9})
    told = put(service, "NEW", 5, state="completed", priority=2)[1]
    assert (told["state"], told["lead"], told["replaced"]) == ("completed", None, ["priority"])
    (notice,) = service.call("GET", "/v1/notices", (Role.COORDINATOR, "QAA")).get_json()["items"]
    assert (notice["code"], notice["case_id"]) == ("correction-replaced", "NEW")


def test_an_import_tells_of_each_row_that_is_passed_over(service: Kept) -> None:
    """By its place, with the version that is known."""
    rows = [{"case_id": f"N{number}", **ROW, "source_version": 3} for number in range(3)]
    assert service.call("POST", "/v1/imports", SYSTEM, json={"cases": rows}).get_json()["older"] == []
    rows[1] |= {"source_version": 2, "area": "nowhere"}
    rows[2] |= {"source_version": 4, "state": "closed_without_review"}
    told = service.call("POST", "/v1/imports", SYSTEM, json={"cases": rows}).get_json()
    assert told["kept"] == {"cases": 2}
    assert told["older"] == [{"row": 1, "id": "N1", "source_version": 3, "applied": False}]
    assert service.call("GET", "/v1/cases/N2", SYSTEM).get_json()["state"] == "closed_without_review"
    again = [rows[2] | {"priority": 1}]
    refused = service.call("POST", "/v1/imports", SYSTEM, json={"cases": again})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "version-reused")


def test_what_is_known_elsewhere_is_told_to_nobody_else(service: Kept) -> None:
    """Neither that there is a version, nor which."""
    put(service, f"{CANARY}-C2", 8, area="QBB")
    for version in (7, 8, 9):
        assert put(service, f"{CANARY}-C2", version, HERE)[0] == 403
    row = ROW | {"case_id": f"{CANARY}-C2", "source_version": 7}
    assert service.call("PUT", "/v1/cases/MINE", HERE, json=row).status_code == 422
    told = service.call("POST", "/v1/reconciliations", HERE, json={"cases": []}).get_json()
    assert CANARY not in str(told)
    asked = {"cases": [{"id": f"{CANARY}-C2", "version": 8}]}
    told = service.call("POST", "/v1/reconciliations", HERE, json=asked).get_json()
    assert (told["same"], told["missing_here"]) == (0, [{"id": f"{CANARY}-C2", "here": None, "there": 8}])


def test_reconciling_tells_every_difference(service: Kept) -> None:
    """Of cases that are open; of those that have ended only what the list says of them."""
    for case_id, version in (("S1", 4), ("S2", 4), ("S3", 4), ("S4", 4), ("S5", 4), ("S6", 4)):
        put(service, case_id, version)
    with service.database.write("test", lambda: NOW) as tx:
        cases.move(tx, "S5", State.CLOSED)
        merging.merge(tx, "S6", "S4")
    there = {"S1": 4, "S2": 5, "S3": 3, " GONE ": 1, "PLAIN-C2": 0}
    body = {"cases": [{"id": case_id, "version": version} for case_id, version in there.items()]}
    assert service.call("POST", "/v1/reconciliations", HERE, json=body).get_json() == {
        "same": 1,
        "missing_here": [{"id": "GONE", "here": None, "there": 1}],
        "missing_there": [{"id": "S4", "here": 4, "there": None}],
        "older_here": [
            {"id": "PLAIN-C2", "here": None, "there": 0},
            {"id": "S2", "here": 4, "there": 5},
        ],
        "newer_here": [{"id": "S3", "here": 4, "there": 3}],
        "set_aside": [],
    }
    body["cases"].append({"id": "S1", "version": 3})
    twice = service.call("POST", "/v1/reconciliations", HERE, json=body)
    assert (twice.status_code, [one["value"] for one in twice.get_json()["errors"]]) == (422, ["S1"])
    for bad in ({"cases": [{"id": "S1"}]}, {"cases": [{"id": "S1", "version": "4"}]}, {}):
        assert service.call("POST", "/v1/reconciliations", HERE, json=bad).status_code == 422
    assert service.call("POST", "/v1/reconciliations", (Role.REVIEWER, "QAA"), json=body).status_code == 403
