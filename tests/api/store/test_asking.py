"""Questions about the stored queue: answered from what stands, of the caller's areas alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

import pytest

from allocator.desk import Desk, suggest
from allocator.store import cases, current, queue
from allocator.store.callers import Role
from allocator.store.holdings import Holding
from api.desks import Desks
from tests.allocator.store.build import DAY, at
from tests.api.store.conftest import CANARY, Kept, plan_of

MINE, THEIRS, ALL = (Role.COORDINATOR, "QAA"), (Role.COORDINATOR, "QBB"), (Role.COORDINATOR, "")


def test_a_suggestion_is_of_what_stands(service: Kept) -> None:
    """As the desk would say it of the queue read now."""
    found = service.call("GET", "/v1/cases/PLAIN-C2/suggestions", ALL).json
    with service.database.read() as connection:
        expected = suggest(Desk(queue(connection, DAY).snapshot).now(), "PLAIN-C2")
    assert found == expected.model_dump(mode="json")
    assert service.call("GET", f"/v1/cases/{CANARY}-C2/suggestions", MINE).status_code == 404
    assert service.call("GET", "/v1/cases/PLAIN-C2/suggestions?role=second", MINE).status_code == 422


@pytest.mark.parametrize("how", ["given", "put", "taken back"])
def test_what_changed_a_moment_ago_is_counted(service: Kept, how: str) -> None:
    """Given to somebody by another process, said of a reviewer, or taken back: the next answer knows."""
    path = "/v1/cases/PLAIN-C2/suggestions"
    before = service.call("GET", path, MINE).json
    if how == "given":
        with at(service.database) as tx:
            cases.give(tx, Holding("PLAIN-C3", "lead", before["suggestions"][0]["reviewer_id"], DAY, tx.at))
    elif how == "put":
        row = {"areas": ["QAA"], "hours_per_week": 7}
        assert service.call("PUT", "/v1/reviewers/PLAIN-R1", MINE, json=row).status_code == 200
    else:
        assert service.call("POST", "/v1/cases/PLAIN-C1/take-back", MINE, json={}).status_code == 200
    after = service.call("GET", path, ALL).json
    assert after["suggestions"] != before["suggestions"]
    with service.database.read() as connection:
        expected = suggest(Desk(queue(connection, DAY).snapshot).now(), "PLAIN-C2")
    numbers = (
        "reviewer_id",
        "workload_percent_before",
        "workload_percent_after",
        "finish_on",
        "late",
        "cost",
    )
    for one, other in zip(after["suggestions"], expected.model_dump(mode="json")["suggestions"], strict=True):
        assert [one[name] for name in numbers] == [other[name] for name in numbers]


def test_after_publications_the_desk_is_the_same_as_read_anew(service: Kept) -> None:
    """It is not read again for each of them."""
    number, desks = plan_of(service.database), Desks()
    with service.database.read() as connection:
        first = desks.now(connection, DAY)
    plan = f"/v1/plans/{number}"
    one = {"lines": [{"case_id": "PLAIN-C3"}]}
    assert service.call("POST", f"{plan}/approvals", ALL, json=one).status_code == 200
    assert service.call("POST", f"{plan}/publications", ALL, json={}).status_code == 201
    with service.database.read() as connection:
        now = desks.now(connection, DAY)
        assert now.desk is first.desk
        anew = Desk(queue(connection, DAY).snapshot).now()
    for case_id in ("PLAIN-C2", f"{CANARY}-C2", f"{CANARY}-C3"):
        assert suggest(now, case_id).suggestions == suggest(anew, case_id).suggestions


def test_a_transaction_sees_its_own_queue(service: Kept) -> None:
    """One that began before the desk was read anew is not answered from what came later."""
    desks = Desks()
    with service.database.read() as old:
        before = suggest(desks.now(old, DAY), "PLAIN-C2")
        row = {"areas": ["QAA"], "hours_per_week": 7}
        assert service.call("PUT", "/v1/reviewers/PLAIN-R1", MINE, json=row).status_code == 200
        with service.database.read() as new:
            assert suggest(desks.now(new, DAY), "PLAIN-C2") != before
        assert suggest(desks.now(old, DAY), "PLAIN-C2") == before


def test_of_many_who_ask_at_once_one_reads_the_queue(service: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the desk is over what the list of cases is of: a national queue is large, and stands once."""
    desks, read, both = Desks(), list[str](), Barrier(4)
    plain = current.queue

    def slowly(*asked: Any) -> Any:
        read.append("read")
        sleep(0.1)
        return plain(*asked)

    def ask(at: int) -> Any:
        with service.database.read() as connection:
            both.wait()
            if at % 2:
                return desks.queue(connection, DAY)
            return desks.now(connection, DAY).desk.snapshot

    monkeypatch.setattr(current, "queue", slowly)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))
    assert read == ["read"]
    assert len(set(map(id, found))) == 1


def test_a_borrower_sees_hours_and_eligibility_of_who_is_lent(service: Kept) -> None:
    """Nothing of their workload and cases; of who is not lent nothing at all."""
    row = {"areas": ["QBB", "QAA"], "hours_per_week": 20}
    assert service.call("PUT", f"/v1/reviewers/{CANARY}-R1", THEIRS, json=row).status_code == 200
    path = "/v1/cases/PLAIN-C2/suggestions"
    assert CANARY not in service.call("GET", path, MINE).text
    lent = {"lender": "QBB", "borrower": "QAA"}
    assert service.call("POST", "/v1/consents", THEIRS, json=lent).status_code == 201
    found = service.call("GET", path, MINE)
    (theirs,) = [one for one in found.json["suggestions"] if one["reviewer_id"] == f"{CANARY}-R1"]
    assert theirs["hours"] > 0
    assert theirs["workload_percent_before"] is None
    assert "%" not in theirs["effect"]
    assert f"{CANARY}-C" not in found.text


def test_what_a_reviewer_should_take_next_and_who_takes_over(service: Kept) -> None:
    """Of the caller's cases."""
    nexts = service.call("GET", "/v1/reviewers/PLAIN-R2/next-cases", MINE)
    assert {one["case_id"] for one in nexts.json["cases"]} == {"PLAIN-C2", "PLAIN-C3"} - {"PLAIN-C2"}
    over = service.call("GET", "/v1/reviewers/PLAIN-R1/handover?effort=1", MINE)
    assert [one["reviewer_id"] for one in over.json["taken"]] == ["PLAIN-R2"]
    for end in ("next-cases", "handover"):
        assert service.call("GET", f"/v1/reviewers/{CANARY}-R1/{end}", MINE).status_code == 404


def test_a_line_of_a_kept_plan_is_explained(service: Kept) -> None:
    """Why, and why not somebody; nothing of another area, though the plan is of all."""
    number = plan_of(service.database)
    path = f"/v1/plans/{number}/explanations/PLAIN-C2?effort=1"
    found = service.call("GET", f"{path}&reviewer_id=PLAIN-R2", MINE)
    assert found.status_code == 200
    assert "declined PLAIN-C2" in found.text
    assert CANARY not in found.text
    assert service.call("GET", f"{path}&reviewer_id={CANARY}-R2", MINE).status_code == 404
    assert service.call("GET", f"/v1/plans/{number}/explanations/{CANARY}-C2", MINE).status_code == 404
    hidden = service.call("GET", f"{path}&reviewer_id=PLAIN-R2&redact=true", MINE).text
    assert "declined PLAIN-C2" not in hidden


def test_what_differs_from_an_earlier_plan(service: Kept) -> None:
    """By case, of the caller's."""
    first = plan_of(service.database)
    row = {"areas": ["QAA"], "hours_per_week": 20, "leaves_on": "2026-11-02"}
    assert service.call("PUT", "/v1/reviewers/PLAIN-R1", MINE, json=row).status_code == 200
    second = plan_of(service.database)
    found = service.call("GET", f"/v1/plans/{second}/changes?before={first}", MINE)
    assert {one["case_id"] for one in found.json["changes"]} <= {"PLAIN-C1", "PLAIN-C2", "PLAIN-C3"}
    assert found.json["changes"]
    assert CANARY not in found.text
    assert service.call("GET", f"/v1/plans/{second}/changes", MINE).status_code == 404


def test_lines_of_one_case_or_of_one_state_are_asked_for(service: Kept) -> None:
    """A plan has thousands, and a page is about one; another area's are not there."""
    path = f"/v1/plans/{plan_of(service.database)}/lines"

    def cases(which: str, who: tuple[Role, str] = MINE) -> set[str]:
        told = service.call("GET", f"{path}?{which}", who)
        return {one["case_id"] for one in told.json["items"]}

    both = {"PLAIN-C2", "PLAIN-C3"}
    assert cases("case_id=PLAIN-C3") == {"PLAIN-C3"}
    assert cases("state=proposed") == both
    chosen = {"lines": [{"case_id": "PLAIN-C2"}]}
    assert service.call("POST", path.replace("lines", "approvals"), MINE, json=chosen).status_code == 200
    assert (cases("state=approved"), cases("state=proposed")) == ({"PLAIN-C2"}, both - {"PLAIN-C2"})
    assert cases("case_id=PLAIN-C2&state=proposed") == set()
    assert cases(f"case_id={CANARY}-C3") == set()
    assert cases("case_id=PLAIN-C3", THEIRS) == set()
    assert service.call("GET", f"{path}?state=lost", MINE).status_code == 422


def test_edits_are_tried_and_kept(service: Kept) -> None:
    """What they do is told; the plan that they make has the edited one for a parent."""
    number = plan_of(service.database, "QAA")
    lines = service.call("GET", f"/v1/plans/{number}/lines", MINE).json["items"]
    line = next(one for one in lines if one["case_id"] == "PLAIN-C3")
    other = {"PLAIN-R1": "PLAIN-R2", "PLAIN-R2": "PLAIN-R1"}[line["advised"]]
    edit: Any = {"edit": "give", "case_id": "PLAIN-C3", "reviewer_id": other}
    path = f"/v1/plans/{number}/edits"
    told = service.call("POST", path, MINE, json={"edits": [edit]})
    assert (told.status_code, told.json["plan"]) == (200, None)
    made = service.call("POST", path, MINE, json={"edits": [edit], "make": True, "effort": 1})
    assert (made.status_code, made.json["plan"]["parent"]) == (201, number)
    again = service.call("GET", f"/v1/plans/{made.json['plan']['plan']}/lines", MINE).json["items"]
    assert [one["advised"] for one in again if one["case_id"] == "PLAIN-C3"] == [other]
    theirs = {"edits": [{"edit": "pin", "case_id": f"{CANARY}-C3"}]}
    assert service.call("POST", path, MINE, json=theirs).status_code == 404
    assert service.call("POST", path, THEIRS, json={"edits": [edit]}).status_code == 404


def test_plans_are_told_once_a_case_that_they_keep_was_taken_back(service: Kept) -> None:
    """The plan that gave it and the one that kept it, as they were made."""
    first = plan_of(service.database)
    chosen = {"lines": [{"case_id": "PLAIN-C3"}]}
    assert service.call("POST", f"/v1/plans/{first}/approvals", ALL, json=chosen).status_code == 200
    assert service.call("POST", f"/v1/plans/{first}/publications", ALL, json={}).status_code == 201
    second = plan_of(service.database)
    assert service.call("POST", "/v1/cases/PLAIN-C3/take-back", ALL, json={}).status_code == 200
    for number in (first, second):
        for case_id in ("PLAIN-C3", "PLAIN-C2"):
            found = service.call("GET", f"/v1/plans/{number}/explanations/{case_id}?effort=1", ALL)
            assert found.status_code == 200, found.json
