"""Scenarios as commissioners ask them: from a question to a sentence, a file, a comparison, and to others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from allocator.store import leasing
from allocator.store.callers import Role
from tests.pages.conftest import Comer, Shop, shop_of
from tests.pages.inside import Inside
from tests.pages.person import Person

TINY: dict[str, Any] = {
    "name": "A small question",
    "run": {"years": 1, "replications": 4},
    "demand": {"a_year": 30},
    "groups": [{"name": "team", "wte": 2}],
}
ONE_WAY = pytest.mark.parametrize("way", ["mouse"], indirect=True)


@pytest.fixture(autouse=True)
def _inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run jobs in this process."""
    monkeypatch.setattr("allocator.jobs.runner.Child", Inside)


@pytest.fixture
def idle_shop(tmp_path: Path) -> Iterator[Shop]:
    """A service in which nobody runs jobs."""
    yield from shop_of(tmp_path, runs=0)


def read(person: Person, path: str, status: int = 200) -> Any:
    """What a call answers to this person, by their session."""
    answer = person.context.request.get(person.home + path)
    assert answer.status == status, answer.text()
    return answer.json()


def submitted(person: Person, scenario: dict[str, Any]) -> str:
    """The id of a scenario that this person asked for by a call."""
    return asked(person, {"scenario": scenario}, wait=0)


def asked(person: Person, body: dict[str, Any], wait: int = 60) -> str:
    """The id of a scenario that this person asked for by a call, once it has ended or after some seconds."""
    headers = {"X-CSRF-Token": read(person, "/v1/me")["csrf_token"], "Prefer": f"wait={wait}"}
    answer = person.context.request.post(f"{person.home}/v1/scenarios", data=body, headers=headers)
    assert answer.ok, answer.text()
    return str(answer.json()["job"])


def job_of(person: Person) -> str:
    """The id of the scenario that this person looks at."""
    return person.page.url.rpartition("/")[2]


def made_small(person: Person) -> None:
    """Let a scenario take no time."""
    person.unfold("More: when, and for how long")
    person.fill("Runs at first: more are more exact, and take longer", "4")


def answered(person: Person) -> Any:
    """What came of the scenario that this person waits for, once their page shows it."""
    for _ in range(60):
        if person.page.get_by_role("link", name="Download the figures (Excel)").count():
            person.look()
            return read(person, f"/v1/scenarios/{job_of(person)}/result")
        person.page.wait_for_timeout(250)
        if person.way == "no-scripts":
            person.page.reload()
    raise AssertionError(person.page.locator("main").inner_text())


def workbook(person: Person, folder: Path) -> CalamineWorkbook:
    """The workbook behind the link on the page."""
    with person.page.expect_download() as found:
        person.follow("Download the figures (Excel)")
    path = folder / f"{person.way}.xlsx"
    found.value.save_as(path)
    return CalamineWorkbook.from_path(str(path))


def test_a_shipped_question_is_changed_run_and_taken_away(shop: Shop, comes: Comer, tmp_path: Path) -> None:
    """One sentence first; what was typed is what was run; the workbook says the same."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    person.open("/scenarios")
    person.press("New scenario")
    person.follow("Clear the backlog in a year")
    person.fill("How many full-time posts (WTE)?", "3.5")
    person.fill("How many cases are notified a year?", "40")
    person.fill("For how many years?", "1")
    person.fill("What if we had more in team? How many full-time posts more?", "0.5; 1")
    person.pick("What?", "Hours of an initial review")
    person.fill("What would it be?", "20")
    made_small(person)
    person.press("Run")
    found = answered(person)
    assert found["scenario"]["groups"][0]["wte"] == 3.5
    assert found["scenario"]["demand"]["a_year"] == 40
    names = [one["name"] for one in found["answer"]["variants"]]
    assert names[0] == "base"
    assert names[-3:] == [
        "0.5 more full-time posts in team", "1 more full-time post in team",
        "Hours of an initial review: 20 hours",
    ]  # fmt: skip
    changes = [one["change"] for one in found["answer"]["variants"][-3:]]
    assert changes == [{"groups.team.wte": 4}, {"groups.team.wte": 4.5}, {"work.initial_hours": 20}]
    person.heading("Clear the backlog in a year")
    person.reads(found["answer"]["says"])
    rows = workbook(person, tmp_path).get_sheet_by_name("Summary").to_python()
    assert [row[0] for row in rows[1:]] == names
    assert rows[1][2] == found["answer"]["variants"][0]["says"]


def test_how_many_we_need_is_asked_in_words(shop: Shop, comes: Comer, tmp_path: Path) -> None:
    """In how many years of ten, by which day; the answer is a sentence, and a workbook."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    person.open("/scenarios/new?from=blank")
    person.fill("What is it called?", "Enough staff")
    person.fill("How many cases are notified a year?", "30")
    person.fill("In how many years of ten should that be so?", "8")
    person.fill("For how many years?", "2")
    made_small(person)
    person.choose("How many do we need?")
    person.fill_day("By which day should the backlog be cleared?", "1 12 2026")
    person.press("Run")
    found = answered(person)
    assert found["job"]["question"] == "size"
    assert found["answer"]["chance"] == 0.8
    assert found["answer"]["clearing"]["weeks"] == 34
    person.heading("Enough staff: how many do we need?")
    person.reads(found["answer"]["says"])
    person.reads("To clear the backlog by 25 November 2026")
    rows = workbook(person, tmp_path).get_sheet_by_name("Summary").to_python()
    assert ["in one sentence", found["answer"]["says"]] in rows


def test_the_queue_as_it_is_begins_a_scenario(shop: Shop, comes: Comer) -> None:
    """Who is there and what is open stands in the form, with where it is from; and is what is run."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    person.open("/scenarios/new")
    person.follow("Your queue, as it is today")
    person.reads("It begins with your queue, as it is today.")
    person.reads("From your queue: ")
    person.fill("For how many years?", "1")
    made_small(person)
    person.press("Run")
    found = answered(person)
    filled = asked(person, {"scenario": TINY, "fill": True})
    there = read(person, f"/v1/scenarios/{filled}/result")["scenario"]
    for key in ("ages", "in_hand_ages"):
        assert found["scenario"]["demand"]["backlog"][key] == there["demand"]["backlog"][key]
    counts = [[(one["name"], one["people"]) for one in each["groups"]] for each in (found["scenario"], there)]
    assert sorted(count for _, count in counts[0]) == sorted(count for _, count in counts[1])


def test_groups_are_added_and_removed_and_nothing_typed_is_lost(shop: Shop, comes: Comer) -> None:
    """Without scripts too; what was typed about the others stays theirs."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    person.open("/scenarios/new?from=blank")
    person.fill("What is it called?", "Two groups")
    person.press("Add a group of staff")
    second = person.page.locator("[id='groups/1']")
    person.fill("What is this group called?", "helpers", second)
    person.fill("Or how many people?", "3", second)
    person.press("Add a group of staff")
    assert person.page.get_by_label("What is it called?").input_value() == "Two groups"
    person.fill("What if we had more in helpers? How many people more?", "1")
    person.press("Remove team")
    person.press("Remove Group of staff 2")
    person.fill("For how many years?", "1")
    made_small(person)
    person.press("Run")
    found = answered(person)
    (group,) = found["scenario"]["groups"]
    assert (group["name"], group["people"], group["wte"]) == ("helpers", 3, None)
    assert found["answer"]["variants"][1]["change"] == {"groups.helpers.people": 4}


def test_every_fault_is_told_at_its_question(shop: Shop, comes: Comer) -> None:
    """With what was typed kept; once mended it runs. Nothing was asked before."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    person.open("/scenarios/new?from=shipped:clear-the-backlog")
    person.fill("How many full-time posts (WTE)?", "some")
    person.fill("What share of reviews should be completed in time?", "950")
    person.fill("For how many years?", "1")
    person.unfold("What a review takes: ")
    person.fill("Hours of an initial review", "-1")
    made_small(person)
    person.press("Run")
    person.reads("There is a problem")
    for link in (
        "How many full-time posts (WTE)?: Enter a number from 0 to 10,000",
        "What share of reviews should be completed in time?: Enter a number from 0 to 100",
        "Hours of an initial review: Enter a number, 0 or more",
    ):
        assert person.page.get_by_role("link", name=link, exact=True).count() == 1, link
    assert person.page.get_by_label("How many full-time posts (WTE)?").first.input_value() == "some"
    assert person.page.get_by_label("Hours of an initial review", exact=True).is_visible()
    assert read(person, "/v1/scenarios")["items"] == []
    person.fill("How many full-time posts (WTE)?", "2")
    person.fill("What share of reviews should be completed in time?", "95")
    person.fill("Hours of an initial review", "12")
    person.fill("What if we had more in team? How many full-time posts more?", "one")
    person.press("Run")
    person.reads("What if: one more full-time posts in team: Enter a number from 0 to 10,000")
    person.fill("What if we had more in team? How many full-time posts more?", "")
    person.press("Run")
    assert answered(person)["scenario"]["work"]["initial_hours"] == 12


def test_two_are_compared(shop: Shop, comes: Comer) -> None:
    """Beside each other, line by line, as the call says; one alone is no comparison."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    first = asked(person, {"scenario": TINY})
    more = [{"name": "half a post", "change": {"groups.team.wte": 2.5}}]
    second = asked(person, {"scenario": TINY | {"name": "Another", "variants": more}})
    person.open("/scenarios")
    person.choose("Compare Another, asked 2 November 2026 at 9:30am")
    person.press("Compare")
    person.reads("Choose 2 to 4 scenarios to compare. You chose 1.")
    person.choose("Compare A small question, asked 2 November 2026 at 9:30am")
    person.press("Compare")
    person.heading("Compare scenarios")
    rows = read(person, f"/v1/scenarios/{second}/comparison?others={first}")["items"]
    assert len(rows) == 3
    for row in rows:
        person.reads(f"£{row['cost_a_year']:,.0f}")
    person.reads("Half a post")


def test_one_is_shared_within_the_role(shop: Shop, comes: Comer) -> None:
    """Another commissioner opens the link, and may neither stop nor share it; until it is shared no more."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    job = asked(person, {"scenario": TINY})
    person.open(f"/scenarios/{job}")
    person.reads("Only you can open it.")
    other = comes(shop, Role.COMMISSIONER, who="colleague")
    other.open(f"/scenarios/{job}")
    other.heading("Page not found")
    person.press("Share")
    person.reads("It is shared.")
    link = person.page.get_by_label("Link to this scenario").input_value()
    assert link == f"{shop.home}/scenarios/{job}"
    other.open(f"/scenarios/{job}")
    other.heading("A small question")
    other.reads("It is shared with you")
    assert other.page.get_by_role("button", name="Stop sharing").count() == 0
    assert read(other, f"/v1/scenarios/{job}")["mine"] is False
    other.open("/scenarios")
    other.reads("Shared with you")
    assert read(comes(shop, Role.COORDINATOR, "Q01"), f"/v1/scenarios/{job}", 404)
    person.press("Stop sharing")
    other.open(f"/scenarios/{job}")
    other.heading("Page not found")
    lines = shop.get("/v1/audit?limit=1000")["items"]
    assert {"share", "unshare"} <= {one["action"] for one in lines if one["record_id"] == job}


@ONE_WAY
@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.CASE_SYSTEM])
def test_who_may_not_ask_is_told_so(shop: Shop, comes: Comer, role: Role) -> None:
    """Not even the link of one that is shared."""
    asker = comes(shop, Role.COMMISSIONER)
    job = asked(asker, {"scenario": TINY})
    asker.open(f"/scenarios/{job}")
    asker.press("Share")
    reviewer_id = shop.get("/v1/reviewers?limit=1")["items"][0]["id"]
    person = comes(shop, role, reviewer_id=reviewer_id if role is Role.REVIEWER else None)
    for path in ("/scenarios", "/scenarios/new", f"/scenarios/{job}", f"/scenarios/compare?jobs={job}"):
        person.open(path)
        person.heading("You may not do this")


@ONE_WAY
def test_which_assumptions_matter_is_one_press(shop: Shop, comes: Comer) -> None:
    """From an answer; what it says is what the call says, with a picture and its table."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    small = {"years": 0.6, "replications": 2}
    job = asked(person, {"scenario": TINY | {"run": small, "targets": {"completed_months": 3}}})
    person.open(f"/scenarios/{job}")
    person.press("Which assumptions matter?")
    found = answered(person)
    bars = found["answer"]["tornado"]["bars"]
    assert len(bars) > 30
    person.reads("Which assumptions matter")
    person.reads("Most depends on: ")
    table = person.page.locator("table").filter(has_text="At its lowest")
    assert table.locator("tbody tr").count() == len(bars)


def test_one_that_waits_is_stopped(idle_shop: Shop, comes: Comer) -> None:
    """Nobody runs it: soon the page says so, and what to do; stopping it ends it."""
    person = comes(idle_shop, Role.COMMISSIONER, "Q01")
    job = submitted(person, TINY)
    person.open(f"/scenarios/{job}")
    person.reads("It is about to begin.")
    person.reads("This page shows the answer when it is there.")
    idle_shop.clock.now += timedelta(minutes=5)
    person.open(f"/scenarios/{job}")
    person.reads("Nobody runs scenarios at the moment")
    person.reads("allocator worker")
    person.press("Stop")
    person.reads("It was stopped before there was anything to tell.")
    assert read(person, f"/v1/scenarios/{job}")["state"] == "failed"


@ONE_WAY
def test_one_whose_turn_comes_later_is_no_alarm(idle_shop: Shop, comes: Comer) -> None:
    """However long it waits while another is worked on; where what ran it has died, that is told."""
    person = comes(idle_shop, Role.COMMISSIONER, "Q01")
    first, second = submitted(person, TINY), submitted(person, TINY)
    idle_shop.clock.now += timedelta(minutes=5)
    with idle_shop.database.write("runner", idle_shop.clock) as tx:
        assert leasing.claim(tx) is not None
    person.open(f"/scenarios/{second}")
    person.reads("It waits for its turn: 1 other job is worked on.")
    idle_shop.clock.now += timedelta(minutes=4)
    person.open(f"/scenarios/{first}")
    person.reads("Whatever was running it has stopped.")


@ONE_WAY
def test_one_that_runs_is_stopped_and_keeps_what_is_done(shop: Shop, comes: Comer) -> None:
    """The base is there, the variant that takes long is not, and the page says so."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    endless = [{"name": "endless", "change": {"demand.a_year": 3_000, "groups.team.wte": 30}}]
    scenario = TINY | {"run": {"years": 1, "replications": 3_000}, "variants": endless}
    job = submitted(person, scenario)
    person.open(f"/scenarios/{job}")
    for _ in range(120):
        told = read(person, f"/v1/scenarios/{job}")["progress"]
        if told and "endless" in told["working_on"]:
            break
        person.page.wait_for_timeout(250)
    person.press("Stop")
    found = answered(person)
    assert [one["name"] for one in found["answer"]["variants"]] == ["base"]
    person.reads("It was stopped, or its time was over: 1 of 2 parts are done.")


@ONE_WAY
def test_a_fault_that_only_the_run_finds_is_mended_in_the_form(shop: Shop, comes: Comer) -> None:
    """The page says it, and the form comes back with what was asked."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    short = TINY | {"name": "Too short", "run": {"years": 0.1, "replications": 2}}
    job = asked(person, {"scenario": short, "size": {}})
    person.open(f"/scenarios/{job}")
    person.reads("There is no answer.")
    person.reads("No clock ends when it counts")
    person.press("Change it and try again")
    assert person.page.get_by_label("For how many years?").input_value() == "0.1"
    assert person.page.get_by_label("How many do we need?").is_checked()


@ONE_WAY
def test_a_form_that_is_broken_or_of_a_session_that_is_over_is_told_so(shop: Shop, comes: Comer) -> None:
    """What was typed stands on the page, and nothing that was not."""
    person = comes(shop, Role.COMMISSIONER, "Q01")
    person.open("/scenarios/new?from=blank")
    person.fill("What is it called?", "Lost otherwise")
    person.page.evaluate("document.querySelector('[name=_base]').value = 'x'")
    person.press("Run")
    person.reads("This form is broken; go back and load it again.")
    person.open("/scenarios/new?from=blank")
    person.fill("What is it called?", "Lost otherwise")
    person.context.clear_cookies()
    person.press("Run")
    person.heading("You have been signed out")
    person.reads("Lost otherwise")
    assert "assumptions" not in person.page.locator("main").inner_text()
