"""One case by itself: clocks and holds, who had it, its plans, a family's words; given, paused."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.store import plans
from allocator.store.callers import Role
from tests.api.store.conftest import CANARY, Kept, plan_of

MINE, THEIRS = (Role.COORDINATOR, "QAA"), (Role.COORDINATOR, "QBB")
ME = (Role.REVIEWER, "QAA")
GIVEN = {"reviewer_id": "PLAIN-R1", "reason": "other"}


def of(service: Kept, path: str, who: Any = MINE) -> Any:
    """What is at a path of C2, or of another case that it begins with."""
    answer = service.call("GET", f"/v1/cases/{path}", who)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def done(service: Kept, path: str, body: Any, who: Any = MINE, **more: Any) -> Any:
    """What a call about a case answers."""
    return service.call("POST", f"/v1/cases/{path}", who, json=body, **more)


def test_clocks_and_the_holds_that_stopped_them(service: Kept) -> None:
    """Put on hold and let go on: what follows is told, and afterwards when it was."""
    first = of(service, "PLAIN-C2/clocks")
    assert (first["days"], first["allocate_by"], first["holds"]) == (62, "2026-12-01", [])
    held = done(service, "PLAIN-C2/hold", {"since": "2026-10-05", "reason": "coroner"}).get_json()
    assert held["follows"]["before"]["days"] - held["follows"]["after"]["days"] == 28
    now = of(service, "PLAIN-C2/clocks")
    assert now["on_hold"]
    assert [(one["since"], one["until"], one["reason"]) for one in now["holds"]] == [
        ("2026-10-05", None, "coroner")
    ]
    assert done(service, "PLAIN-C2/hold", {"since": "2026-10-06"}).get_json()["code"] == "on-hold"
    assert done(service, "PLAIN-C2/resume", {"on": "2026-10-15"}).status_code == 200
    last = of(service, "PLAIN-C2/clocks")
    assert (last["days"], last["allocate_by"]) == (52, "2026-12-11")
    assert [(one["since"], one["until"], one["days"]) for one in last["holds"]] == [
        ("2026-10-05", "2026-10-15", 10)
    ]
    again = done(service, "PLAIN-C2/resume", {"on": "2026-10-15"})
    assert (again.status_code, again.get_json()["code"]) == (409, "not-on-hold")


def test_a_hold_is_a_change_like_any_other(service: Kept) -> None:
    """With the faults of its row, and refused for another version than was seen."""
    early = done(service, "PLAIN-C2/hold", {"since": "2026-01-01"})
    assert early.get_json()["errors"][0]["code"] == "reversed-dates"
    stale = done(service, "PLAIN-C2/hold", {"since": "2026-10-05"}, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.get_json()["code"]) == (412, "changed-since")


def test_the_clocks_of_a_case_that_has_ended_stand_still(service: Kept) -> None:
    """On the day on which it did; opened again they go on."""
    assert done(service, "PLAIN-C2/state", {"state": "closed_without_review"}).status_code == 200
    assert of(service, "PLAIN-C2/clocks")["as_of"] == "2026-11-02"
    assert of(service, "PLAIN-C2/family")["paragraphs"] == ["This notification was closed without a review."]
    assert of(service, "PLAIN-C2")["next_states"] == ["reopened"]


def test_where_a_case_may_go_next_is_told_to_who_may_say_it(service: Kept) -> None:
    """Of the states of the whole way, those of the caller's role."""
    assert of(service, "PLAIN-C1")["next_states"] == ["in_review", "closed_without_review"]
    assert of(service, "PLAIN-C1", ME)["next_states"] == ["in_review"]
    assert of(service, "PLAIN-C1", (Role.AUDITOR, "QAA"))["next_states"] == []


def test_who_had_it_and_what_is_merged_into_it(service: Kept) -> None:
    """With when and why it ended; the duplicate is named by the case that is kept."""
    done(service, "PLAIN-C1/take-back", {"role": "lead", "reason": "workload"})
    (one,) = of(service, "PLAIN-C1/holdings")["items"]
    assert (one["reviewer_id"], one["ended_why"]) == ("PLAIN-R1", "workload")
    done(service, "PLAIN-C2/merge", {"into": "PLAIN-C3"})
    assert of(service, "PLAIN-C3")["duplicates"] == ["PLAIN-C2"]
    assert "done together" in of(service, "PLAIN-C2/family")["paragraphs"][0]


def test_the_newest_plan_that_has_it(service: Kept) -> None:
    """Not one of another area; with what it says of the case alone."""
    assert of(service, "PLAIN-C3/plans")["items"] == []
    first, _ = plan_of(service.database, "QAA"), plan_of(service.database, "QBB")
    (one,) = of(service, "PLAIN-C3/plans?top=5")["items"]
    assert (one["plan"], [line["case_id"] for line in one["lines"]]) == (first, ["PLAIN-C3"])
    (held,) = of(service, "PLAIN-C1/plans")["items"]
    assert held["lines"] == []


def test_no_more_plans_are_opened_than_are_asked_for(service: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole plan is large: with the newest found none behind it is read."""
    plan_of(service.database, "QAA"), plan_of(service.database, "QAA")
    opened, plain = list[int](), plans.documents

    def counted(connection: Any, number: int) -> Any:
        opened.append(number)
        return plain(connection, number)

    monkeypatch.setattr(plans, "documents", counted)
    (one,) = of(service, "PLAIN-C3/plans")["items"]
    assert opened == [one["plan"]]


def test_a_family_is_told_nothing_of_anybody(service: Kept) -> None:
    """By whoever has the case too; not by somebody else's reviewer."""
    (text,) = of(service, "PLAIN-C1/family", ME)["paragraphs"]
    assert text.startswith("This review has a reviewer.")
    assert "PLAIN" not in text
    assert service.call("GET", "/v1/cases/PLAIN-C2/family", ME).status_code == 404


def test_a_suggestion_is_taken(service: Kept) -> None:
    """Another than the first with a reason, which is reported; nobody twice."""
    found = of(service, "PLAIN-C3/suggestions")["suggestions"]
    assert len(found) == 2
    other = {"reviewer_id": found[1]["reviewer_id"]}
    assert done(service, "PLAIN-C3/give", other).get_json()["code"] == "reason-needed"
    given = done(service, "PLAIN-C3/give", {**other, "reason": "language"})
    assert given.get_json()["lead"]["reviewer_id"] == other["reviewer_id"]
    (one,) = service.call("GET", "/v1/departures", MINE).get_json()["items"]
    assert (one["plan"], one["advised"], one["reason"]) == (None, found[0]["reviewer_id"], "language")
    assert service.call("GET", "/v1/departures", THEIRS).get_json()["items"] == []
    again = done(service, "PLAIN-C3/give", other)
    assert (again.status_code, again.get_json()["code"]) == (409, "already-held")


def test_nobody_of_another_area_is_given_a_case(service: Kept) -> None:
    """Nor told of: not there; once lent they may be."""
    theirs = {"reviewer_id": f"{CANARY}-R1", "reason": "other"}
    for who in (f"{CANARY}-R1", "NOBODY"):
        assert done(service, "PLAIN-C3/give", {**theirs, "reviewer_id": who}).status_code == 404
    row = {"areas": ["QBB", "QAA"], "hours_per_week": 20}
    assert service.call("PUT", f"/v1/reviewers/{CANARY}-R1", THEIRS, json=row).status_code == 200
    lent = {"lender": "QBB", "borrower": "QAA"}
    assert service.call("POST", "/v1/consents", THEIRS, json=lent).status_code == 201
    assert done(service, "PLAIN-C3/give", theirs).status_code == 200


def test_those_who_cannot_take_it_are_named_with_why(service: Kept) -> None:
    """Of the caller's areas alone."""
    found = of(service, "PLAIN-C2/suggestions")
    assert [(one["reviewer_id"], one["codes"]) for one in found["unable"]] == [("PLAIN-R2", ["excluded"])]
    assert "declined PLAIN-C2" in found["unable"][0]["why"]
    assert CANARY not in str(found)


def test_the_audit_of_one_record(service: Kept) -> None:
    """Its lines alone."""
    done(service, "PLAIN-C3/give", GIVEN)
    auditor = (Role.AUDITOR, "")
    path = "/v1/audit?case_id=PLAIN-C3"
    lines = service.call("GET", path, auditor).get_json()["items"]
    assert {one["record_id"] for one in lines} == {"PLAIN-C3"}
    assert "give" in {one["action"] for one in lines}
