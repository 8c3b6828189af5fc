"""Plans over the stored queue: asked for, waited for, watched, stopped; and whose they are."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from allocator.jobs import Runner, Runners
from allocator.store.callers import Role
from allocator.store.jobs import OTHER, Wish, submit
from api.work import SCENARIO
from tests.allocator.store.build import NOW
from tests.api.store.conftest import CANARY, Kept

MINE, THEIRS, ALL = (Role.COORDINATOR, "QAA"), (Role.COORDINATOR, "QBB"), (Role.COORDINATOR, "")
EFFORT = {"effort": 1}


def asked(service: Kept, who: tuple[Role, str] = MINE, **wish: Any) -> Any:
    """The answer to a plan that is asked for."""
    return service.call("POST", "/v1/plans", who, json={**EFFORT, **wish})


def run(service: Kept) -> None:
    """Nothing; whatever waited is done."""
    runner = Runner(service.database, lambda: NOW)
    while runner.run_one():
        pass


def job(service: Kept, job_id: str, who: tuple[Role, str] = MINE) -> Any:
    """A job as its owner sees it."""
    return service.call("GET", f"/v1/jobs/{job_id}", who).json


def test_a_plan_is_asked_for_and_is_there_later(service: Kept) -> None:
    """202 and where to look; then its number."""
    answer = asked(service)
    assert answer.status_code == 202
    assert answer.json["state"] == "queued"
    assert answer.headers["Location"] == f"/v1/jobs/{answer.json['job']}"
    run(service)
    done = job(service, answer.json["job"])
    assert (done["state"], done["areas"]) == ("done", ["QAA"])
    assert service.call("GET", f"/v1/plans/{done['plan']}", MINE).json["lines"] == {"proposed": 2}


def test_a_client_that_waits_gets_the_end_or_how_far_it_is(service: Kept) -> None:
    """200 once it is done; 202 when the wait is over before."""
    with Runners([Runner(service.database, lambda: NOW).run_one]):
        done = service.call("POST", "/v1/plans", MINE, json=EFFORT, headers={"Prefer": "wait=60"})
    assert (done.status_code, done.json["state"]) == (200, "done")
    assert done.headers["Preference-Applied"] == "wait=60"
    late = service.call("POST", "/v1/plans", MINE, json=EFFORT, headers={"Prefer": "wait=1"})
    assert (late.status_code, late.json["state"]) == (202, "queued")


def test_the_same_call_under_the_same_key_is_one_job(service: Kept) -> None:
    """However often a client asks again."""
    headers = {"Idempotency-Key": "abc"}
    first, second = (
        service.call("POST", "/v1/plans", MINE, json=EFFORT, headers=headers).json for _ in range(2)
    )
    assert first["job"] == second["job"]
    assert len(service.call("GET", "/v1/jobs", MINE).json["items"]) == 1


def test_a_job_is_stopped(service: Kept) -> None:
    """One that waits at once; one of another area not at all."""
    job_id = asked(service).json["job"]
    assert service.call("DELETE", f"/v1/jobs/{job_id}", THEIRS).status_code == 404
    stopped = service.call("DELETE", f"/v1/jobs/{job_id}", MINE)
    assert (stopped.status_code, stopped.json["problem"]["code"]) == (200, "stopped")


def test_a_search_that_is_stopped_keeps_its_best(service: Kept) -> None:
    """It has a plan, before its limit."""
    with Runners([Runner(service.database, lambda: NOW).run_one]):
        job_id = service.call("POST", "/v1/plans", ALL, json={"time_limit": 600.0}).json["job"]
        until = time.monotonic() + 60
        while (now := job(service, job_id, ALL))["state"] in ("queued", "running"):
            if now["state"] == "running":
                service.call("DELETE", f"/v1/jobs/{job_id}", ALL)
            assert time.monotonic() < until
            time.sleep(0.05)
    assert now["state"] == "done"
    assert now["plan"]


def test_a_job_is_its_areas_own(service: Kept) -> None:
    """Another area does not see it, nor plan there; whoever is for all areas does."""
    job_id = asked(service).json["job"]
    assert service.call("GET", f"/v1/jobs/{job_id}", THEIRS).status_code == 404
    assert service.call("GET", f"/v1/jobs/{job_id}", ALL).status_code == 200
    assert service.call("GET", "/v1/jobs", THEIRS).json["items"] == []
    elsewhere = asked(service, areas=["QBB"])
    assert (elsewhere.status_code, elsewhere.json["code"]) == (403, "other-area")
    nowhere = asked(service, ALL, areas=["QZZ"])
    assert (nowhere.status_code, nowhere.json["errors"][0]["code"]) == (422, "unknown-area")


def test_a_snapshot_that_is_sent_is_its_sender_s(service: Kept) -> None:
    """Whole in the body, or by itself as without a key; nobody else gets its answer."""
    plain = {"case_id": "X1", "area": "QXX", "notified_on": "2026-09-01", "review_type": "initial"}
    snapshot = {"cases": [plain], "reviewers": [{"reviewer_id": "X", "areas": ["QXX"], "hours_per_week": 9}]}
    inside = asked(service, snapshot=snapshot).json["job"]
    alone = service.call("POST", "/v1/plans?effort=1", MINE, json=snapshot).json["job"]
    assert service.call("GET", f"/v1/jobs/{alone}/answer", MINE).status_code == 404
    run(service)
    for job_id in (inside, alone):
        answer = service.call("GET", f"/v1/jobs/{job_id}/answer", MINE)
        assert answer.json["assignments"][0]["reviewer_id"] == "X"
        assert service.call("GET", f"/v1/jobs/{job_id}/answer", ALL).status_code == 404
    assert service.call("GET", "/v1/plans", MINE).json["items"] == []


def test_a_wish_with_faults_is_told_of_each(service: Kept) -> None:
    """Unknown keys, ranges, a plan to keep that is none, or is another area's."""
    faults = asked(service, effort=0, workers=999, wieght=1).json["errors"]
    assert {one["pointer"] for one in faults} == {"/effort", "/workers", "/wieght"}
    assert asked(service, keep=True).json["errors"][0]["code"] == "no-previous"
    assert asked(service, previous=99).status_code == 404
    theirs = asked(service, THEIRS).json["job"]
    run(service)
    number = job(service, theirs, THEIRS)["plan"]
    assert asked(service, previous=number).status_code == 404


def test_who_may_not_plan_does_not(service: Kept) -> None:
    """A reviewer, a commissioner and an auditor."""
    for role in (Role.REVIEWER, Role.COMMISSIONER, Role.AUDITOR):
        assert asked(service, (role, "QAA")).status_code == 403


def test_the_queue_s_faults_are_told(service: Kept) -> None:
    """Records that do not fit together any more make no plan."""
    assert service.call("PUT", "/v1/policy", json={"horizon": {"weeks": 6}}).status_code == 200
    job_id = asked(service).json["job"]
    run(service)
    assert job(service, job_id)["state"] == "done"


@pytest.mark.parametrize("part", ["lines", "assignments", "unassigned", "workloads"])
def test_the_parts_of_a_plan_are_the_caller_s_alone(service: Kept, part: str) -> None:
    """Of a plan for everyone an area gets its own rows, in each format, and no word of the other's."""
    job_id = asked(service, ALL).json["job"]
    run(service)
    number = job(service, job_id, ALL)["plan"]
    whole = service.call("GET", f"/v1/plans/{number}/{part}", ALL)
    assert part == "unassigned" or CANARY in whole.text
    for kind in ("json", "csv", "xlsx"):
        mine = service.call("GET", f"/v1/plans/{number}/{part}?format={kind}", MINE)
        assert mine.status_code == 200
        assert CANARY.encode() not in mine.data
    assert service.call("GET", f"/v1/plans/{number}/document", MINE).status_code == 403
    assert CANARY in service.call("GET", f"/v1/plans/{number}/document", ALL).text
    assert service.call("GET", f"/v1/plans/{number}/certificate", ALL).status_code == 200


def test_lines_are_approved_published_and_undone(service: Kept) -> None:
    """One by one or all; the case is with its reviewer, and then is not."""
    job_id = asked(service).json["job"]
    run(service)
    plan = f"/v1/plans/{job(service, job_id)['plan']}"
    one = {"case_id": "PLAIN-C2", "role": "lead"}
    empty = service.call("POST", f"{plan}/publications", MINE, json={})
    assert (empty.status_code, empty.json["code"]) == (409, "nothing-to-publish")
    approved = service.call("POST", f"{plan}/approvals", MINE, json={"lines": [one]})
    assert [line["state"] for line in approved.json["items"]] == ["approved"]
    published = service.call("POST", f"{plan}/publications", MINE, json={})
    assert published.status_code == 201
    where = published.headers["Location"]
    assert service.call("GET", where, THEIRS).status_code == 404
    lead = service.call("GET", "/v1/cases/PLAIN-C2", MINE).json["lead"]
    assert lead["reviewer_id"] == published.json["lines"][0]["reviewer_id"]
    assert service.call("DELETE", where, THEIRS).status_code == 404
    assert service.call("DELETE", where, MINE).json["undone_at"]
    assert service.call("GET", "/v1/cases/PLAIN-C2", MINE).json["lead"] is None
    again = service.call("POST", f"{plan}/approvals", MINE, json={})
    assert {line["state"] for line in again.json["items"]} == {"approved"}


def test_a_departure_needs_a_reason_and_is_reported(service: Kept) -> None:
    """Somebody else than is advised."""
    job_id = asked(service).json["job"]
    run(service)
    plan = f"/v1/plans/{job(service, job_id)['plan']}"
    lines = service.call("GET", f"{plan}/lines", MINE).json["items"]
    line = next(one for one in lines if one["case_id"] == "PLAIN-C3")
    other = {"PLAIN-R1": "PLAIN-R2", "PLAIN-R2": "PLAIN-R1"}[line["advised"]]
    choice = {"case_id": "PLAIN-C3", "reviewer_id": other}
    refused = service.call("POST", f"{plan}/approvals", MINE, json={"lines": [choice]})
    assert (refused.status_code, refused.json["code"]) == (409, "reason-needed")
    choice["reason"] = "family_request"
    assert service.call("POST", f"{plan}/approvals", MINE, json={"lines": [choice]}).status_code == 200
    assert service.call("POST", f"{plan}/publications", MINE, json={}).status_code == 201
    (told,) = service.call("GET", "/v1/departures", MINE).json["items"]
    assert (told["reviewer_id"], told["reason"]) == (other, "family_request")
    assert service.call("GET", "/v1/departures", THEIRS).json["items"] == []


def test_an_area_touches_only_its_own_lines(service: Kept) -> None:
    """Of a plan for everyone: to approve all is to approve one's own, another's line is not there."""
    job_id = asked(service, ALL).json["job"]
    run(service)
    plan = f"/v1/plans/{job(service, job_id, ALL)['plan']}"
    done = service.call("POST", f"{plan}/approvals", MINE, json={})
    assert {line["case_id"] for line in done.json["items"]} == {"PLAIN-C2", "PLAIN-C3"}
    theirs = {"lines": [{"case_id": f"{CANARY}-C3"}]}
    none = service.call("POST", f"{plan}/approvals", MINE, json=theirs)
    assert none.status_code == 404
    assert service.call("GET", f"{plan}/lines", THEIRS).json["items"][0]["state"] == "proposed"


def test_two_coordinators_wait_at_once(service: Kept) -> None:
    """Each gets its own plan."""
    got: list[Any] = []

    def ask(who: tuple[Role, str]) -> None:
        got.append(service.call("POST", "/v1/plans", who, json=EFFORT, headers={"Prefer": "wait=60"}))

    with Runners([Runner(service.database, lambda: NOW).run_one] * 2):
        threads = [threading.Thread(target=ask, args=(who,)) for who in (MINE, THEIRS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [one.json["state"] for one in got] == ["done", "done"]
    assert {tuple(one.json["areas"]) for one in got} == {("QAA",), ("QBB",)}


def test_ones_own_jobs_are_found_among_many_of_others(service: Kept) -> None:
    """However many others have asked for since: plans of areas that are all one's own, and scenarios."""
    mine = asked(service).json["job"]
    shipped = service.call("GET", "/v1/shipped-scenarios", MINE).json["items"][0]["scenario"]
    scenario = service.call("POST", "/v1/scenarios", MINE, json={"scenario": shipped}).json["job"]
    wide = {OTHER: SCENARIO, "name": "Theirs", "time_limit": 1}
    with service.database.write("another", lambda: NOW) as tx:
        for at in range(1_050):
            areas: tuple[str, ...] = ("QBB",) if at % 2 else ("QAA", "QBB")
            submit(tx, Wish("another", areas if at % 3 else (), wide if at % 5 == 0 else {}))
    for path, found in (("/v1/jobs", mine), ("/v1/scenarios", scenario)):
        items = service.call("GET", path, MINE).json["items"]
        assert [one["job"] for one in items] == [found]
        assert service.call("GET", f"{path}/{found}", MINE).status_code == 200
    assert len(service.call("GET", "/v1/jobs?limit=100", ALL).json["items"]) == 100
