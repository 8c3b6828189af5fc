"""A kept plan tried by hand: edits, changes that fill a place; how sure its dates are; who has to know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allocator.jobs import Runner
from allocator.store import leasing
from allocator.store.callers import Caller, Role
from allocator.store.sessions import Lasts, begin
from tests.allocator.store.build import NOW, at
from tests.api.store.conftest import CANARY, Kept, plan_of

MINE, THEIRS, ALL = (Role.COORDINATOR, "QAA"), (Role.COORDINATOR, "QBB"), (Role.COORDINATOR, "")
HOURS: Any = {"change": "more_hours", "reviewer_id": "PLAIN-R1", "hours": 1, "weeks": 8}
SKILLED = {"area": "QAA", "notified_on": "2026-09-01", "review_type": "initial", "skills": ["bsl"]}


def empty_place(service: Kept) -> int:
    """The number of a plan that leaves PLAIN-C3 without a lead, for want of a skill."""
    path = "/v1/cases/PLAIN-C3"
    assert service.call("PUT", path, MINE, json=SKILLED | {"organisations": ["RPLAIN"]}).status_code == 200
    return plan_of(service.database)


def test_a_remedy_is_tried_and_nothing_is_kept(service: Kept) -> None:
    """Who would have the place then; the steps are those that the explanation offers."""
    path = f"/v1/plans/{empty_place(service)}"
    told = service.call("GET", f"{path}/explanations/PLAIN-C3?effort=1", MINE).json["places"][0]
    steps = told["remedies"][0]["steps"]
    assert steps[0]["change"] == "new_skill"
    before = service.call("GET", f"{path}/unassigned", MINE).json
    tried = service.call("POST", f"{path}/trials", MINE, json={"case_id": "PLAIN-C3", "changes": steps})
    assert tried.status_code == 200
    assert tried.json["placed"]
    assert tried.json["hands"][0]["case_id"] == "PLAIN-C3"
    assert service.call("GET", f"{path}/unassigned", MINE).json == before
    assert len(service.call("GET", "/v1/plans", MINE).json["items"]) == 1


def test_changes_are_of_what_is_the_callers(service: Kept) -> None:
    """Neither a case nor a reviewer of another area is told of; faults are told of each change."""
    path = f"/v1/plans/{empty_place(service)}/trials"
    theirs = HOURS | {"reviewer_id": f"{CANARY}-R1"}
    for body in (
        {"case_id": f"{CANARY}-C3", "changes": [HOURS]},
        {"case_id": "PLAIN-C3", "changes": [theirs]},
        {"case_id": "PLAIN-C3", "changes": [{"change": "more_admin", "area": "QBB", "hours": 1, "weeks": 8}]},
    ):
        answer = service.call("POST", path, MINE, json=body)
        assert (answer.status_code, answer.json["code"]) == (404, "not-found")
    much = HOURS | {"hours": 59}
    admin = {"change": "more_admin", "area": "QAA", "hours": 1, "weeks": 8}
    answer = service.call("POST", path, MINE, json={"case_id": "PLAIN-C3", "changes": [much, admin]})
    assert answer.status_code == 422
    assert [one["code"] for one in answer.json["errors"]] == ["out-of-range", "no-such-limit"]
    unknown = {"case_id": "PLAIN-C3", "changes": [{"change": "wish", "reviewer_id": "PLAIN-R1"}]}
    assert service.call("POST", path, MINE, json=unknown).status_code == 422


def test_an_edit_names_nobody_of_another_area_but_who_is_lent(service: Kept) -> None:
    """And of who is lent it does not say what is on record."""
    path = f"/v1/plans/{plan_of(service.database)}/edits"
    edits = [{"edit": "give", "case_id": "PLAIN-C3", "reviewer_id": f"{CANARY}-R2"}]
    assert service.call("POST", path, MINE, json={"edits": edits}).status_code == 404
    lent = {"lender": "QBB", "borrower": "QAA"}
    assert service.call("POST", "/v1/consents", THEIRS, json=lent).status_code == 201
    told = service.call("POST", path, MINE, json={"edits": edits})
    (broken,) = told.json["consequences"][0]["broken"]
    assert (broken["rule"], broken["sentence"]) == ("area", "their area does not tell what stops them")
    assert CANARY not in told.text.replace(f"{CANARY}-R2", "")
    swap = [{"edit": "swap", "case_id": "PLAIN-C3", "other_case_id": f"{CANARY}-C3"}]
    assert service.call("POST", path, MINE, json={"edits": swap}).status_code == 404


def test_how_sure_dates_are_is_told_of_ones_own(service: Kept) -> None:
    """Of a plan for all; the same draws whoever asks."""
    path = f"/v1/plans/{plan_of(service.database)}/chances"
    mine, every = (service.call("GET", path, who) for who in (MINE, ALL))
    assert {one["case_id"] for one in mine.json["lines"]} <= {"PLAIN-C1", "PLAIN-C2", "PLAIN-C3"}
    assert [one for one in every.json["lines"] if one in mine.json["lines"]] == mine.json["lines"]
    assert mine.json["fragile"] == sum(one["fragile"] for one in mine.json["lines"])
    assert CANARY not in mine.text


def test_a_plan_is_told_in_figures_of_ones_own(service: Kept) -> None:
    """By area and in all; in a list the lines' states alone, so many plans at most."""
    first, number = plan_of(service.database), empty_place(service)
    mine = service.call("GET", f"/v1/plans/{number}", MINE).json
    assert set(mine["by_area"]) == {"QAA"}
    total = mine["total"]
    assert (total["placed"], total["without"], total["kept"]) == (1, 1, 1)
    every = service.call("GET", f"/v1/plans/{number}", ALL).json
    assert set(every["by_area"]) == {"QAA", "QBB"}
    assert every["by_area"]["QAA"] == mine["total"]
    listed = service.call("GET", "/v1/plans?limit=1", MINE).json["items"]
    assert [(one["plan"], one["total"], one["lines"]) for one in listed] == [(number, None, mine["lines"])]
    assert [one["plan"] for one in service.call("GET", "/v1/plans", MINE).json["items"]] == [number, first]
    commissioner = service.call("GET", f"/v1/plans/{number}", (Role.COMMISSIONER, "QAA")).json
    assert commissioner["total"] == mine["total"]


def test_what_a_line_lacks_is_told_before_it_is_published(service: Kept) -> None:
    """A declaration, of a case whose organisations nobody knows."""
    bare = {key: value for key, value in SKILLED.items() if key != "skills"}
    assert service.call("PUT", "/v1/cases/PLAIN-C3", MINE, json=bare).status_code == 200
    lines = service.call("GET", f"/v1/plans/{plan_of(service.database)}/lines", MINE).json["items"]
    lacks = {one["case_id"]: (one["missing"], one["lender"]) for one in lines}
    assert "has not declared independence" in lacks["PLAIN-C3"][0]
    assert lacks["PLAIN-C2"] == (None, None)


def test_who_has_to_know_and_who_does(service: Kept) -> None:
    """Whoever was given a case, and was here since; not before."""
    path = f"/v1/plans/{plan_of(service.database, 'QAA')}"
    who = next(
        one["advised"]
        for one in service.call("GET", f"{path}/lines", MINE).json["items"]
        if one["case_id"] == "PLAIN-C3"
    )
    service.call("POST", f"{path}/approvals", MINE, json={"lines": [{"case_id": "PLAIN-C3"}]})
    (one,) = service.call("POST", f"{path}/publications", MINE, json={}).json["concerned"]
    assert one == {"reviewer_id": who, "gains": ["PLAIN-C3"], "loses": [], "accepted": 0, "here_at": None}
    with at(service.database, NOW + timedelta(seconds=1)) as tx:
        lasts = Lasts(NOW - NOW, NOW - NOW)
        begin(tx, Caller("person:x", Role.REVIEWER, (), who), lasts)
    (one,) = service.call("GET", "/v1/publications/1", MINE).json["concerned"]
    assert one["here_at"] is not None


def test_whether_anybody_works_on_jobs_is_told(service: Kept) -> None:
    """Nobody yet; one who has taken one; nobody again once that one's lease has run out."""
    job_id = service.call("POST", "/v1/plans", MINE, json={"effort": 1}).json["job"]
    path = f"/v1/jobs/{job_id}"
    assert service.call("GET", path, MINE).json["running"] == 0
    with at(service.database) as tx:
        job = leasing.claim(tx)
        assert job is not None
    assert service.call("GET", path, MINE).json["running"] == 1
    with at(service.database) as tx:
        leasing.give_back(tx, job)
    assert Runner(service.database, lambda: NOW).run_one()
    done = service.call("GET", path, MINE).json
    assert (done["running"], done["options"]["effort"]) == (0, 1)
