"""Scenarios over HTTP: asked for, run as a job, told as figures and files, stopped, compared."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.answer import as_text
from allocator.jobs import Runner
from allocator.jobs.work import Task
from allocator.store import jobs
from allocator.store.callers import Role
from api.work import work
from tests.allocator.store.build import NOW
from tests.api.store.conftest import Kept

SCENARIO: dict[str, Any] = {
    "name": "A test",
    "run": {"years": 1, "replications": 10},
    "groups": [{"name": "team", "wte": 2.5}],
    "variants": [{"name": "more", "change": {"groups.team.wte": 3}}],
}
HERE, THERE = (Role.COMMISSIONER, "QAA"), (Role.COMMISSIONER, "QBB")


def asked(service: Kept, body: Any, who: Any = HERE, **headers: str) -> Any:
    """The answer to whoever asks for a scenario."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return service.call("POST", "/v1/scenarios", who, json=body, headers=named)


def ran(service: Kept, body: Any, who: Any = HERE) -> str:
    """The id of a scenario that was asked for and run, here and not in a process of its own."""
    job_id = asked(service, body, who).get_json()["job"]
    with service.database.write("test", lambda: NOW) as tx:
        job = jobs.claim(tx)
    assert job is not None
    wish = job.wish
    done = work(Task("", wish.areas, wish.options, wish.snapshot, 1, NOW), lambda news: None, lambda: False)
    assert done.answer is not None, done.problem
    with service.database.write("test", lambda: NOW) as tx:
        jobs.finish(tx, job, answer=as_text(done.answer).encode())
    return str(job_id)


def test_a_scenario_is_run_and_told(service: Kept) -> None:
    """Its variants, what they change, and the same as files to keep."""
    made = asked(service, {"scenario": SCENARIO})
    assert made.status_code == 202
    path = made.headers["Location"]
    assert service.call("GET", f"{path}/result", HERE).status_code == 404
    assert Runner(service.database, lambda: NOW, do=work).run_one()
    assert service.call("GET", path, HERE).get_json()["state"] == "done"
    found = service.call("GET", f"{path}/result", HERE).get_json()
    assert [one["name"] for one in found["answer"]["variants"]] == ["base", "more"]
    assert found["answer"]["variants"][1]["against_base"]
    assert found["scenario"]["work"]["initial_hours"] == 14
    for kind, begins in (("html", b"<!doctype html>"), ("xlsx", b"PK")):
        file = service.call("GET", f"{path}/report?format={kind}", HERE)
        assert file.data.startswith(begins)
        assert file.headers["Content-Disposition"].startswith("attachment")
    assert [one["job"] for one in service.call("GET", "/v1/scenarios", HERE).get_json()["items"]]


def test_it_is_whose_it_is(service: Kept) -> None:
    """Nobody else can tell that there is one; it is no plan, and a plan is no scenario."""
    job = ran(service, {"scenario": SCENARIO})
    for end in ("", "/result", "/report", "/comparison"):
        assert service.call("GET", f"/v1/scenarios/{job}{end}", THERE).status_code == 404
        assert service.call("GET", f"/v1/scenarios/{job}{end}", HERE).status_code == 200
    assert service.call("DELETE", f"/v1/scenarios/{job}", THERE).status_code == 404
    assert service.call("GET", "/v1/scenarios", THERE).get_json()["items"] == []
    admin = (Role.ADMIN, "")
    assert service.call("GET", f"/v1/jobs/{job}", admin).status_code == 404
    plan = service.call("POST", "/v1/plans", admin, json={}).get_json()["job"]
    assert service.call("GET", f"/v1/scenarios/{plan}", admin).status_code == 404
    assert asked(service, {"scenario": SCENARIO}, (Role.AUDITOR, "QAA")).status_code == 403


@pytest.mark.parametrize(("change", "pointer"), [
    ({"groups": []}, "/groups"),
    ({"holds": {"share": 1.5}}, "/holds/share"),
    ({"hodls": {}}, "/hodls"),
    ({"variants": [{"name": "x", "change": {"groups.no.wte": 1}}]}, "/variants/0/change/groups.no.wte"),
])  # fmt: skip
def test_what_cannot_be_is_refused_at_once(service: Kept, change: dict[str, Any], pointer: str) -> None:
    """With the key named; no job is made."""
    refused = asked(service, {"scenario": SCENARIO | change})
    assert refused.status_code == 422
    assert pointer in [one["pointer"] for one in refused.get_json()["errors"]]
    assert service.call("GET", "/v1/scenarios", HERE).get_json()["items"] == []


def test_a_size_is_found(service: Kept) -> None:
    """Its cost, its chance and what lies around it; of a group that there is."""
    small = SCENARIO | {"run": {"years": 2, "replications": 20}, "variants": []}
    job = ran(service, {"scenario": small, "size": {"clear_weeks": 26}})
    found = service.call("GET", f"/v1/scenarios/{job}/result", HERE).get_json()["answer"]
    assert found["steady"]["met"]
    assert found["clearing"]["weeks"] == 26
    assert asked(service, {"scenario": small, "size": {"groups": ["x"]}}).status_code == 422
    assert service.call("GET", f"/v1/scenarios/{job}/report", HERE).status_code == 404


def test_a_scenario_sent_again_is_run_once(service: Kept) -> None:
    """Under its Idempotency-Key."""
    one, other = (
        asked(service, {"scenario": SCENARIO}, Idempotency_Key="k").get_json()["job"] for _ in range(2)
    )
    assert one == other


def test_stopped_before_it_began_it_has_failed(service: Kept) -> None:
    """And says so."""
    job = asked(service, {"scenario": SCENARIO}).get_json()["job"]
    assert service.call("DELETE", f"/v1/scenarios/{job}", HERE).status_code == 200
    assert service.call("GET", f"/v1/scenarios/{job}", HERE).get_json()["state"] == "failed"


def test_variants_stand_beside_each_other(service: Kept) -> None:
    """Of up to four scenarios."""
    first = ran(service, {"scenario": SCENARIO})
    second = ran(service, {"scenario": SCENARIO | {"name": "Another"}})
    path = f"/v1/scenarios/{first}/comparison?others="
    rows = service.call("GET", f"{path}{second}", HERE).get_json()["items"]
    assert [(one["scenario"], one["variant"]) for one in rows] == [
        ("A test", "base"), ("A test", "more"), ("Another", "base"), ("Another", "more"),
    ]  # fmt: skip
    assert service.call("GET", f"{path}{','.join([second] * 4)}", HERE).status_code == 422
    assert service.call("GET", f"{path}0123456789abcdef", HERE).status_code == 404
