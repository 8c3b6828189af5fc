"""Scenarios over HTTP: asked for, run as a job, told as figures and files, stopped, compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from allocator.answer import as_text
from allocator.jobs import Runner
from allocator.jobs.work import Result, Task
from allocator.store import jobs, leasing, records
from allocator.store.callers import Role
from api.work import work
from scenarios.demand import open_at_start
from scenarios.files import read_scenario, scenario_of, shipped
from tests.allocator.store.build import DAY, NOW
from tests.api.store.conftest import CANARY, Kept

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
    job, done = worked(service, body, who)
    assert done.answer is not None, done.problem
    with service.database.write("test", lambda: NOW) as tx:
        leasing.finish(tx, job, answer=as_text(done.answer).encode())
    return job.job_id


def worked(service: Kept, body: Any, who: Any = HERE) -> tuple[jobs.Job, Result]:
    """What came of a scenario that was asked for, here and not in a process of its own."""
    assert asked(service, body, who).status_code == 202
    with service.database.write("test", lambda: NOW) as tx:
        job = leasing.claim(tx)
    assert job is not None
    wish, url = job.wish, service.database.engine.url.render_as_string(hide_password=False)
    task = Task(url, wish.areas, wish.options, wish.snapshot, 1, NOW)
    return job, work(task, lambda news: None, lambda: False)


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
    for kind, begins in (("html", b"<!doctype html>"), ("xlsx", b"PK")):
        file = service.call("GET", f"/v1/scenarios/{job}/report?format={kind}", HERE)
        assert file.data.startswith(begins)
    (row,) = service.call("GET", f"/v1/scenarios/{job}/comparison", HERE).get_json()["items"]
    assert (row["says"], row["cost_a_year"]) == (found["says"], found["steady"]["at"]["cost"])


@pytest.mark.parametrize(("day", "status"), [("2027-04-01", 202), ("2026-04-08", 202), ("2026-04-07", 422),
                                             ("2045-05-31", 202), ("2045-06-01", 422)])  # fmt: skip
def test_a_backlog_may_be_cleared_by_a_day(service: Kept, day: str, status: int) -> None:
    """A week after the run begins at least, and not in a thousand; not by weeks as well."""
    answer = asked(service, {"scenario": SCENARIO, "size": {"clear_by": day}})
    assert answer.status_code == status
    if status == 422:
        assert [one["pointer"] for one in answer.get_json()["errors"]] == ["/size/clear_by"]
    both = {"clear_by": day, "clear_weeks": 52}
    assert asked(service, {"scenario": SCENARIO, "size": both}).status_code == 422


def test_a_day_counts_from_the_day_of_the_queue_where_it_is_filled_in(service: Kept) -> None:
    """So many weeks from then; a day that is over by then ends the job, which keeps what was asked."""
    small = SCENARIO | {"run": {"years": 1, "replications": 4}, "variants": [], "demand": {"a_year": 20}}
    by = (DAY + timedelta(weeks=30)).isoformat()
    job = ran(service, {"scenario": small, "fill": True, "size": {"clear_by": by}})
    found = service.call("GET", f"/v1/scenarios/{job}/result", HERE).get_json()["answer"]
    assert found["clearing"]["weeks"] == 30
    made = asked(service, {"scenario": small, "fill": True, "size": {"clear_by": DAY.isoformat()}})
    assert Runner(service.database, lambda: NOW, do=work).run_one()
    path = made.headers["Location"]
    told = service.call("GET", path, HERE).get_json()
    assert told["state"] == "failed"
    assert [one["pointer"] for one in told["problem"]["errors"]] == ["/size/clear_by"]
    assert service.call("GET", f"{path}/result", HERE).status_code == 404
    kept = service.call("GET", f"{path}/document", HERE).get_json()["scenario"]
    assert kept == scenario_of(small).model_dump(mode="json")


def test_which_assumptions_matter_is_found_and_reported(service: Kept) -> None:
    """Without variants, with what it does at both ends; in the report as well."""
    job = ran(service, {"scenario": SCENARIO, "tornado": True})
    found = service.call("GET", f"/v1/scenarios/{job}/result", HERE).get_json()
    assert [one["name"] for one in found["answer"]["variants"]] == ["base"]
    tornado = found["answer"]["tornado"]
    assert {"work.initial_hours", "groups.team.cost"} <= {one["key"] for one in tornado["bars"]}
    assert tornado["untried"] == []
    assert found["job"]["question"] == "tornado"
    assert b"Which assumptions matter" in service.call("GET", f"/v1/scenarios/{job}/report", HERE).data
    assert asked(service, {"scenario": SCENARIO, "tornado": True, "size": {}}).status_code == 422


def test_what_there_was_no_time_for_is_named(service: Kept) -> None:
    """A stop keeps what was tried until then."""
    assert asked(service, {"scenario": SCENARIO, "tornado": True}).status_code == 202
    with service.database.write("test", lambda: NOW) as tx:
        job = leasing.claim(tx)
    assert job is not None
    url = service.database.engine.url.render_as_string(hide_password=False)
    heard: list[Any] = []
    task = Task(url, job.wish.areas, job.wish.options, job.wish.snapshot, 1, NOW)
    done = work(task, heard.append, lambda: any("assumption 3" in one["working_on"] for one in heard))
    assert done.answer is not None
    tornado = done.answer["answer"]["tornado"]
    assert len(tornado["bars"]) == 2
    assert "work.initial_hours" in tornado["untried"]


def test_one_is_shared_with_the_role_where_its_areas_are_theirs(service: Kept) -> None:
    """Those read it, and may not stop it; others of the role, and of another in the same area, do not."""
    job = ran(service, {"scenario": SCENARIO})
    everywhere, other = (Role.COMMISSIONER, ""), (Role.COORDINATOR, "QAA")
    path = f"/v1/scenarios/{job}"
    assert service.call("POST", f"{path}/share", everywhere).status_code == 404
    shared = service.call("POST", f"{path}/share", HERE).get_json()
    assert (shared["shared"], shared["mine"], shared["name"]) == (True, True, "A test")
    for end in ("", "/result", "/document", "/report", "/comparison"):
        assert service.call("GET", f"{path}{end}", everywhere).status_code == 200
        assert service.call("GET", f"{path}{end}", THERE).status_code == 404
        assert service.call("GET", f"{path}{end}", other).status_code == 404
    (seen,) = service.call("GET", "/v1/scenarios", everywhere).get_json()["items"]
    assert (seen["job"], seen["mine"]) == (job, False)
    for method, end in (("DELETE", ""), ("POST", "/share"), ("DELETE", "/share")):
        assert service.call(method, f"{path}{end}", everywhere).status_code == 404
    assert not service.call("DELETE", f"{path}/share", HERE).get_json()["shared"]
    assert service.call("GET", path, everywhere).status_code == 404


def test_what_is_for_everywhere_is_shared_with_those_of_everywhere(service: Kept) -> None:
    """One who has an area does not see what was filled from all."""
    job = ran(service, {"scenario": SCENARIO}, (Role.COMMISSIONER, ""))
    service.call("POST", f"/v1/scenarios/{job}/share", (Role.COMMISSIONER, ""))
    assert service.call("GET", f"/v1/scenarios/{job}", HERE).status_code == 404


def test_shipped_scenarios_are_told_and_can_be_run(service: Kept) -> None:
    """Each as its file says it."""
    items = service.call("GET", "/v1/shipped-scenarios", HERE).get_json()["items"]
    assert [one["name"] for one in items] == sorted(shipped())
    for one in items:
        assert scenario_of(one["scenario"]) == read_scenario(shipped()[one["name"]])


def test_a_scenario_is_filled_to_be_looked_at_first(service: Kept) -> None:
    """The same as a job would, of the caller's areas alone; nothing is kept of it."""
    plain = SCENARIO | {"variants": []}
    told = service.call("POST", "/v1/filled-scenarios", HERE, json={"scenario": plain}).get_json()
    job = ran(service, {"scenario": plain, "fill": True})
    run = service.call("GET", f"/v1/scenarios/{job}/result", HERE).get_json()
    assert [told[name] for name in ("scenario", "filled", "kept")] == [
        run[name] for name in ("scenario", "filled", "kept")
    ]
    assert CANARY not in str(told)
    refused = service.call("POST", "/v1/filled-scenarios", HERE, json={"scenario": {"name": "x"}})
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/groups"]


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


def test_what_the_stored_queue_knows_is_filled_in(service: Kept) -> None:
    """What is open and who is there, of the caller's areas alone; the result says what is from where."""
    plain = SCENARIO | {"variants": []}
    for who, areas in ((HERE, ["QAA"]), (THERE, ["QBB"]), ((Role.COORDINATOR, ""), ["QAA", "QBB"])):
        job = ran(service, {"scenario": plain, "fill": True}, who)
        found = service.call("GET", f"/v1/scenarios/{job}/result", who).get_json()
        made = scenario_of(found["scenario"])
        assert [one.name for one in made.areas] == areas
        assert sum(one.people or 0 for one in made.groups) == 2 * len(areas)
        assert open_at_start(made) == 3 * len(areas)
        assert made.run.start == DAY
        sources = {one["key"]: one["source"] for one in found["filled"]}
        assert sources["demand.backlog.ages"].startswith(f"{2 * len(areas)} cases that nobody has")
        assert "90 days are needed" in {one["key"]: one["why"] for one in found["kept"]}["demand.a_year"]
        assert CANARY not in str(found)
        assert ("QBB" in str(found)) == ("QBB" in areas)
    unfilled = ran(service, {"scenario": plain})
    found = service.call("GET", f"/v1/scenarios/{unfilled}/result", HERE).get_json()
    assert (found["filled"], found["kept"]) == ([], [])


def test_the_size_of_a_group_that_is_filled_in_is_found(service: Kept) -> None:
    """It has the scenario's own name where there is one of either; one that there is not ends the job."""
    small = SCENARIO | {"run": {"years": 2, "replications": 20}, "variants": [], "demand": {"a_year": 20}}
    job = ran(service, {"scenario": small, "fill": True, "size": {"groups": ["team"]}})
    assert service.call("GET", f"/v1/scenarios/{job}/result", HERE).get_json()["answer"]["groups"] == ["team"]
    _, nobody = worked(service, {"scenario": small, "fill": True, "size": {"groups": ["nobody"]}})
    assert nobody.problem is not None
    assert nobody.problem["code"] == "bad-input"


def test_a_queue_that_does_not_fit_together_names_nobodys_records(service: Kept) -> None:
    """Not even that of another area whose record is at fault: what is held counts wherever it is."""
    with service.database.write("test", lambda: NOW) as tx:
        one = records.get(tx.connection, "cases", f"{CANARY}-C1")
        assert one is not None
        records.save(tx, "put", [replace(one, body={**one.body, "review_type": "gone"})])
    _, done = worked(service, {"scenario": SCENARIO, "fill": True})
    assert done.problem is not None
    assert done.problem["code"] == "inconsistent"
    assert CANARY not in str(done.problem)


@pytest.mark.parametrize("role", Role)
def test_only_who_may_run_a_scenario_may_fill_one(service: Kept, role: Role) -> None:
    """The others are told nothing of the queue by this way either."""
    answer = asked(service, {"scenario": SCENARIO, "fill": True}, (role, "QAA"))
    may = role in (Role.ADMIN, Role.COORDINATOR, Role.COMMISSIONER)
    assert answer.status_code == (202 if may else 403)
