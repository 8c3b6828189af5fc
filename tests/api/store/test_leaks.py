"""Ways in which an area once came to know, or to change, what is another's: each is shut."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.store import cases, merging, plans
from allocator.store.callers import Role
from allocator.store.holdings import Holding
from allocator.store.plans import Made
from allocator.store.retention import forget
from tests.allocator.store.build import DAY, NOW
from tests.api.store.conftest import CANARY, Kept

HERE, THERE = (Role.COORDINATOR, "QAA"), (Role.COORDINATOR, "QBB")
LED = {"reviewer_id": "PLAIN-R1", "allocated_on": "2026-10-01"}
ROW = {"area": "QAA", "notified_on": "2026-09-01", "review_type": "initial", "organisations": ["RPLAIN"]}


def told(service: Kept, *call: Any, **more: Any) -> tuple[int, str]:
    """The status and the text of an answer."""
    answer = service.call(*call, **more)
    return answer.status_code, answer.get_data(as_text=True)


def test_who_has_another_areas_case_is_not_told_by_a_fault(service: Kept) -> None:
    """A row that takes it is refused before it is looked at."""
    row = ROW | {"reviewer_id": "PLAIN-R1", "allocated_on": "2026-10-01"}
    for case_id in (f"{CANARY}-C1", f"{CANARY}-C2"):
        status, text = told(service, "PUT", f"/v1/cases/{case_id}", HERE, json=row)
        assert (status, f"{CANARY}-R" in text) == (403, False)
        body = {"cases": [{"case_id": case_id, **row, "notified_on": "soon"}]}
        status, text = told(service, "POST", "/v1/imports?partial=true", HERE, json=body)
        assert (status, CANARY in text) == (403, False)


def test_a_case_is_not_told_to_be_with_another_areas_reviewer(service: Kept) -> None:
    """Unless that area lends them; and of their hours nothing is told even then."""
    row = ROW | {"reviewer_id": f"{CANARY}-R1", "allocated_on": "2026-10-01"}
    unknown = row | {"reviewer_id": "NOBODY"}
    assert told(service, "PUT", "/v1/cases/PLAIN-C2", HERE, json=row)[0] == 403
    assert told(service, "PUT", "/v1/cases/PLAIN-C2", HERE, json=unknown)[0] == 403
    lent = {"lender": "QBB", "borrower": "QAA"}
    assert service.call("POST", "/v1/consents", THERE, json=lent).status_code == 201
    assert told(service, "PUT", "/v1/cases/PLAIN-C2", HERE, json=row)[0] == 200
    answer = service.call("PUT", "/v1/cases/PLAIN-C2", HERE, json=ROW | {"review_type": "focused"}).get_json()
    assert (answer["lead"]["reviewer_id"], answer["follows"]["unmet"]) == (f"{CANARY}-R1", [])


def test_what_is_withdrawn_elsewhere_is_told_there(service: Kept) -> None:
    """By a notice to the other area, and not in the answer."""
    lent = {"lender": "QAA", "borrower": "QBB"}
    assert service.call("POST", "/v1/consents", HERE, json=lent).status_code == 201
    with service.database.write("test", lambda: NOW) as tx:
        cases.give(tx, Holding(f"{CANARY}-C3", "lead", "PLAIN-R2", DAY, tx.at))
    interest = {"reviewer_id": "PLAIN-R2", "kind": "personal", "organisation": f"{CANARY}-O1"}
    answer = service.call("PUT", "/v1/interests/I9", HERE, json=interest)
    assert (answer.status_code, answer.get_json()["withdrawn"]) == (201, [])
    notices = service.call("GET", "/v1/notices", THERE).get_json()["items"]
    assert [(one["case_id"], one["code"]) for one in notices] == [(f"{CANARY}-C3", "withdrawn-conflict")]


def test_a_proposed_case_can_be_declared_about_and_nothing_more(service: Kept) -> None:
    """By whom the newest plan proposes; an older plan opens nothing."""
    me = (Role.REVIEWER, "QAA")

    def propose(who: str) -> None:
        line = {"case_id": "PLAIN-C3", "role": "lead", "reviewer_id": who, "change": "new"}
        document = {
            "plan_id": "p",
            "as_of": DAY.isoformat(),
            "assignments": [line | {"previous_reviewer_id": None}],
        }
        with service.database.write("test", lambda: NOW) as tx:
            plans.propose(tx, Made(document, {}, NOW))

    assert told(service, "POST", "/v1/cases/PLAIN-C3/declarations", me, json={})[0] == 404
    propose("PLAIN-R1")
    assert told(service, "POST", "/v1/cases/PLAIN-C3/declarations", me, json={})[0] == 200
    assert told(service, "POST", "/v1/cases/PLAIN-C3/state", me, json={"state": "in_review"})[0] == 404
    propose("PLAIN-R2")
    assert told(service, "POST", "/v1/cases/PLAIN-C3/declarations", me, json={})[0] == 404


def test_a_forgotten_case_stays_its_areas(service: Kept) -> None:
    """Another area neither sees it nor takes its id."""
    with service.database.write("test", lambda: NOW) as tx:
        cases.move(tx, f"{CANARY}-C3", cases.State.CLOSED)
    with service.database.write("test", lambda: NOW.replace(year=2030)) as tx:
        assert forget(tx, NOW.replace(year=2029)) == (f"{CANARY}-C3",)
    assert told(service, "GET", f"/v1/cases/{CANARY}-C3", HERE)[0] == 404
    assert told(service, "PUT", f"/v1/cases/{CANARY}-C3", HERE, json=ROW)[0] == 403
    assert CANARY not in told(service, "GET", "/v1/cases", HERE)[1]
    assert told(service, "GET", f"/v1/cases/{CANARY}-C3", THERE)[0] == 200
    assert told(service, "PUT", f"/v1/cases/{CANARY}-C3", json=ROW | {"area": "QBB"})[0] == 409


def test_a_case_merged_into_another_areas_is_not_parted_from_here(service: Kept) -> None:
    """Nor is told which it is merged into."""
    with service.database.write("test", lambda: NOW) as tx:
        merging.merge(tx, "PLAIN-C1", f"{CANARY}-C3")
    whole = ROW | {"priority": 1}
    for method, path, more in (
        ("GET", "/v1/cases/PLAIN-C1", {}),
        ("GET", "/v1/cases", {}),
        ("GET", "/v1/cases/PLAIN-C1/versions", {}),
        ("PUT", "/v1/cases/PLAIN-C1", {"json": whole}),
        ("POST", "/v1/cases/PLAIN-C1/progress", {"json": {"admin_hours_left": 1}}),
    ):
        status, text = told(service, method, path, HERE, **more)
        assert (status, CANARY in text) in ((200, False), (409, False)), (method, path)
    for end, body in (("unmerge", {}), ("state", {"state": "in_review"})):
        status, text = told(service, "POST", f"/v1/cases/PLAIN-C1/{end}", HERE, json=body)
        assert (status in (403, 409), CANARY in text) == (True, False)
    assert (
        service.call("GET", f"/v1/cases/{CANARY}-C3", THERE).get_json()["lead"]["reviewer_id"] == "PLAIN-R1"
    )


def test_versions_of_another_areas_time_are_not_told(service: Kept) -> None:
    """A case that came here brings along what it is here."""
    moved = ROW | {"organisations": ["RPLAIN"]}
    assert told(service, "PUT", f"/v1/cases/{CANARY}-C3", json=moved)[0] == 200
    status, text = told(service, "GET", f"/v1/cases/{CANARY}-C3/versions", HERE)
    assert (status, f"{CANARY}-O" in text) == (200, False)


@pytest.mark.parametrize(("path", "body"), [
    ("/v1/cases/PLAIN-C1/merge", {"into": "a\0b"}),
    ("/v1/cases/PLAIN-C1/take-back", {"reason": "declined"}),
    ("/v1/consents", {"lender": "QAA", "borrower": "QBB", "case_id": "a\0b"}),
    ("/v1/imports", {"cases": [{"case_id": "a\0b", **ROW}]}),
    ("/v1/imports", {"cases": [{"case_id": "N", **ROW, **LED, "reviewer_id": "a\0b"}]}),
    ("/v1/imports", {"cases": [{"case_id": "N", **ROW, "excluded_reviewers": ["a\0b"]}]}),
])  # fmt: skip
def test_what_no_id_can_be_is_a_fault_on_either_database(service: Kept, path: str, body: Any) -> None:
    """And never ours."""
    assert service.call("POST", path, json=body).status_code == 422


def test_a_decline_with_a_number_beyond_all_is_a_fault(service: Kept) -> None:
    """And an id is made of what is kept, not of how it was sent."""
    me, path = (Role.REVIEWER, "QAA"), "/v1/cases/PLAIN-C1/answers"
    for bad in ("1e999", "NaN", "9007199254740993"):
        body = f'{{"answer": "decline", "reason": "conflict", "interest": {{"kind": {bad}}}}}'
        answer = service.call("POST", path, me, data=body, content_type="application/json")
        assert answer.status_code in (400, 422), answer.get_data(as_text=True)
    said = {
        "answer": "decline",
        "reason": "conflict",
        "interest": {"kind": "personal", "organisation": " rplain "},
    }
    assert service.call("POST", path, me, json=said).status_code == 200
    again = {"reviewer_id": "PLAIN-R1", "kind": "personal", "organisation": "RPLAIN"}
    service.call("POST", "/v1/imports", json={"interests": [again]})
    assert len(service.call("GET", "/v1/interests?reviewer_id=PLAIN-R1").get_json()["items"]) == 1


def test_a_case_is_moved_on_under_its_version(service: Kept) -> None:
    """As If-Match says; blanks around an id are none of it."""
    path = "/v1/cases/PLAIN-C1/state"
    late = service.call("POST", path, json={"state": "in_review"}, headers={"If-Match": '"77"'})
    assert late.status_code == 412
    assert (
        service.call("POST", path, json={"state": "in_review"}, headers={"If-Match": '"1"'}).status_code
        == 200
    )
    assert service.call("PUT", "/v1/cases/%20PLAIN-C2", json=ROW).status_code == 200
