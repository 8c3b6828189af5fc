"""A plan is asked for, watched, stopped and there at last; and what is told when it cannot be made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from allocator.store import jobs, leasing
from allocator.store.callers import Role
from allocator.store.jobs import Job, Wish
from tests.pages.conftest import Comer, Shop, shop_of
from tests.pages.planned import plan_of_small_queue

AREAS = ("Q01", "Q02")
ONE_WAY = pytest.mark.parametrize("way", ["mouse"], indirect=True)
PROGRESS: Any = {
    "seconds": 12.0,
    "working_on": "late",
    "levels": {
        "unallocated": {"value": 3047, "bound": 3047, "gap_percent": 0.0},
        "late": {"value": 16765, "bound": 16260, "gap_percent": 11.7},
        "cost": {"value": 2311, "bound": 126, "gap_percent": 100.0},
    },
    "places": {"filled": 34, "all": 46},
}


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[Shop]:
    """A service for which nobody makes plans but this test."""
    yield from shop_of(tmp_path, runs=0)


def asked(shop: Shop) -> str:
    """A plan that a coordinator of both areas has asked for."""
    with shop.database.write("test", shop.clock) as tx:
        return jobs.submit(tx, Wish("test-coordinator", AREAS, {"time_limit": 30.0})).job_id


def begun(shop: Shop) -> Job:
    """The job that waits, begun by somebody who now tells how far it is."""
    with shop.database.write("runner", shop.clock) as tx:
        job = leasing.claim(tx)
        assert job is not None
        leasing.renew(tx, job, PROGRESS)
    return job


def test_a_plan_is_made_and_watched(shop: Shop, comes: Comer) -> None:
    """From the button to the plan, which is there for everybody who may see it."""
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open("/plans")
    person.press("Make a plan")
    person.choose("A quick look")
    person.choose("Integrated Care Board 1 (Q01)")
    person.press("Make the plan")
    person.page.get_by_role("button", name="See plan 1").wait_for(timeout=60_000)
    person.look()
    person.reads("Plan 1 is ready.")
    person.press("See plan 1")
    person.heading("Plan 1")
    made = shop.get("/v1/plans/1")
    assert made["areas"] == ["Q01"]
    person.reads(f"{made['total']['placed']} of")
    job = shop.get("/v1/jobs")["items"][0]
    assert (job["plan"], job["options"]["time_limit"]) == (1, 10.0)


def test_a_search_is_watched_and_stopped(idle: Shop, comes: Comer) -> None:
    """Its best so far and how far that is from the best there can be; what was best is kept."""
    job_id = asked(idle)
    job = begun(idle)
    person = comes(idle, Role.COORDINATOR, *AREAS)
    person.open("/plans")
    person.page.get_by_role("link", name="Plan that is being made").click()
    person.look()
    person.heading("Making a plan")
    person.reads("12 of at most 30 seconds")
    person.reads("34 of 46")
    person.reads("Proved to be the best there can be")
    person.reads("Proved to be within 11.7% of the best there can be")
    person.reads("Comes later")
    person.press("Stop and keep the best so far")
    person.reads("It is stopping.")
    assert idle.get(f"/v1/jobs/{job_id}")["asked_to_stop"]
    plan = plan_of_small_queue(idle)
    with idle.database.write("runner", idle.clock) as tx:
        leasing.finish(tx, job, plan)
    if person.way == "no-scripts":
        person.open(f"/plans/making/{job_id}")
    person.reads(f"Plan {plan} is ready.")
    person.look()


@ONE_WAY
def test_where_no_worker_runs_it_is_said(idle: Shop, comes: Comer) -> None:
    """What to do, and that nobody need ask again; the wish can be taken back."""
    job_id = asked(idle)
    idle.clock.now += timedelta(minutes=5)
    person = comes(idle, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/making/{job_id}")
    person.heading("A plan that waits")
    person.reads("Nobody makes plans at the moment")
    person.reads("allocator worker")
    person.press("Do not make it")
    person.reads("The plan will not be made.")
    assert idle.get(f"/v1/jobs/{job_id}")["problem"]["code"] == "stopped"


@ONE_WAY
def test_one_that_waits_for_others_is_no_alarm(idle: Shop, comes: Comer) -> None:
    """However long it waits."""
    asked(idle)
    idle.clock.now += timedelta(seconds=1)
    waits = asked(idle)
    idle.clock.now += timedelta(minutes=5)
    begun(idle)
    person = comes(idle, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/making/{waits}")
    person.reads("1 other plan is being made.")
    assert "Nobody makes plans" not in person.page.locator("main").inner_text()


@ONE_WAY
def test_a_worker_that_died_is_told_of(idle: Shop, comes: Comer) -> None:
    """A plan that was begun and that nobody works on any more."""
    job_id = asked(idle)
    begun(idle)
    idle.clock.now += timedelta(minutes=4)
    person = comes(idle, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/making/{job_id}")
    person.reads("Whatever was making this plan has stopped.")


@ONE_WAY
def test_why_no_plan_was_made(idle: Shop, comes: Comer) -> None:
    """Each fault of the queue with what would be right; and it is in the list of plans."""
    job_id = asked(idle)
    fault = {"code": "unknown-area", "message": "no area is named QZZ", "value": "QZZ", "hint": "give it"}
    problem = {"code": "bad-input", "detail": "What is to be planned has 1 fault.", "errors": [fault]}
    with idle.database.write("runner", idle.clock) as tx:
        job = leasing.claim(tx)
        assert job is not None
        leasing.finish(tx, job, problem=problem)
    person = comes(idle, Role.COORDINATOR, *AREAS)
    person.open("/plans")
    person.page.get_by_role("link", name="why it was not made").click()
    person.look()
    person.heading("No plan was made")
    person.reads("No area is named QZZ")
    person.reads("Mend these records")
    assert idle.get(f"/v1/jobs/{job_id}")["state"] == "failed"


@ONE_WAY
def test_what_was_typed_is_kept_when_it_is_wrong(idle: Shop, comes: Comer) -> None:
    """And what is right is asked for: an area, a plan to keep to, how many may change hands."""
    plan = plan_of_small_queue(idle)
    person = comes(idle, Role.COORDINATOR, *AREAS)
    person.open("/plans/new")
    person.unfold("The limits and weights it keeps to")
    person.look()
    person.reads("No role, weight or override passes this rule.")
    person.reads("Each kilometre from the reviewer to a new case costs 1 point.")
    person.choose("Integrated Care Board 2 (Q02)")
    person.choose("Thorough")
    person.fill("How many cases may change hands?", "a few")
    person.press("Make the plan")
    person.reads("Say how many may change hands: a whole number, or 0.")
    assert person.page.get_by_label("How many cases may change hands?").input_value() == "a few"
    assert person.page.get_by_label("Thorough").is_checked()
    person.fill("How many cases may change hands?", "3")
    person.page.get_by_label("What should it begin with?").select_option(str(plan))
    person.press("Make the plan")
    person.heading("A plan that waits")
    job = idle.get("/v1/jobs")["items"][0]
    assert job["areas"] == ["Q02"]
    assert {name: job["options"][name] for name in ("time_limit", "max_moves", "previous", "keep")} == {
        "time_limit": 300.0, "max_moves": 3, "previous": plan, "keep": True
    }  # fmt: skip


@ONE_WAY
def test_one_area_is_not_asked_which(idle: Shop, comes: Comer) -> None:
    """Whose area it is alone need not choose; who may not plan does not."""
    person = comes(idle, Role.COORDINATOR, "Q01")
    person.open("/plans/new")
    assert "Which areas?" not in person.page.locator("main").inner_text()
    person.press("Make the plan")
    assert idle.get("/v1/jobs")["items"][0]["areas"] == ["Q01"]
    for role in (Role.AUDITOR, Role.COMMISSIONER):
        other = comes(idle, role)
        other.open("/plans")
        assert other.page.get_by_role("button", name="Make a plan").count() == 0
        other.open("/plans/new")
        other.heading("You may not do this")
    elsewhere = comes(idle, Role.COORDINATOR, "Q02")
    elsewhere.open(f"/plans/making/{idle.get('/v1/jobs')['items'][0]['job']}")
    elsewhere.heading("Page not found")
