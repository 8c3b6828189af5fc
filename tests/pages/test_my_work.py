"""A reviewer at their own work: what they say on the pages is what the service knows afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from allocator.store import cases
from allocator.store.callers import Role
from allocator.store.holdings import Holding
from tests.allocator.store.build import by_hand
from tests.pages.conftest import Comer, Shop, shop_of
from tests.pages.person import Person
from tools.shop import DAY, NOW, small_queue

ME, OTHER = "R0005", "R0009"
UNKNOWN = "C000004"
"""A case that nobody leads, and of which no organisation is known."""
mouse_alone = pytest.mark.parametrize("way", ["mouse"], indirect=True)


def theirs(shop: Shop, who: str = ME) -> list[str]:
    """The cases that a reviewer has."""
    return [one["id"] for one in shop.get(f"/v1/cases?reviewer_id={who}")["items"]]


def case(shop: Shop, case_id: str) -> Any:
    """A case as it is kept now."""
    return shop.get(f"/v1/cases/{case_id}")


def at_a_case(shop: Shop, comes: Comer, case_id: str, who: str = ME) -> Person:
    """A reviewer who looks at a case, by way of their list."""
    person: Person = comes(shop, Role.REVIEWER, reviewer_id=who)
    person.open("/my-work")
    person.heading("My work")
    person.follow(case_id)
    person.heading(f"Case {case_id}")
    return person


def test_a_review_is_accepted_begun_reported_and_sent_for_sign_off(shop: Shop, comes: Comer) -> None:
    """With the hours it still takes, and evidence that is late at first."""
    mine = theirs(shop)[0]
    person = at_a_case(shop, comes, mine)
    person.press(f"Accept {mine}")
    person.reads(f"You have accepted {mine}.")
    assert case(shop, mine)["lead"]["accepted_at"].startswith(NOW.date().isoformat())
    person.fill("Hours you still need", "6.5")
    person.choose("No, I am waiting for it")
    person.fill_day("When do you expect it?", "1 10 2026")
    person.press("Save")
    person.reads("this day has passed: 2 November 2026 or later")
    person.fill_day("When do you expect it?", "4 1 2027")
    person.press("Save")
    person.reads("Expected on 4 January 2027, in 63 days")
    found = case(shop, mine)["record"]
    assert (found["hours_left"], found["evidence_expected_on"]) == (6.5, "2027-01-04")
    person.press("Start the review")
    person.choose("Yes, all of it")
    person.fill_day("When was it complete?", "1 11 2026")
    person.press("Save")
    found = case(shop, mine)
    assert (found["state"], found["record"]["evidence_received_on"]) == ("in_review", "2026-11-01")
    assert "evidence_expected_on" not in found["record"]
    person.press("Send for sign-off")
    person.reads("Awaiting sign-off")
    assert case(shop, mine)["state"] == "awaiting_sign_off"


def test_who_declines_because_of_a_conflict_is_asked_for_the_interest(shop: Shop, comes: Comer) -> None:
    """It counts from then on: another case of the same organisation is taken back too."""
    mine, code = theirs(shop)[0], "R001"
    assert code in case(shop, mine)["record"]["organisations"]
    person = at_a_case(shop, comes, mine)
    person.press(f"Decline {mine}")
    person.reads("Reason is missing")
    person.choose("I have a conflict of interest")
    person.fill("Which organisation is it in?", code)
    person.press(f"Decline {mine}")
    person.reads("Kind of interest is missing")
    person.pick("What kind of interest is it?", "Personal: such as family or friends")
    person.fill_day("Since when?", "1 3 2020")
    person.press(f"Decline {mine}")
    person.reads(f"You have declined {mine}.")
    assert case(shop, mine)["lead"] is None
    interests = [one["record"] for one in shop.get(f"/v1/interests?reviewer_id={ME}")["items"]]
    wanted = {"reviewer_id": ME, "kind": "personal", "organisation": code, "from": "2020-03-01"}
    assert wanted in [{name: one.get(name) for name in wanted} for one in interests]
    assert all(code not in case(shop, one)["record"]["organisations"] for one in theirs(shop))


def test_who_declines_for_want_of_time_is_asked_for_the_absence(shop: Shop, comes: Comer) -> None:
    """A day that is none is told at its field, and what was typed stands there."""
    mine = theirs(shop)[0]
    person = at_a_case(shop, comes, mine)
    person.choose("I do not have the time")
    person.fill_day("First day away", "30 11 2026")
    person.fill_day("Last day away", "31 11 2026")
    person.press(f"Decline {mine}")
    person.reads("Last day away is not a date")
    person.fill_day("Last day away", "1 11 2026")
    person.press(f"Decline {mine}")
    person.reads("Last day away is before first day away")
    person.fill_day("Last day away", "24 12 2026")
    person.press(f"Decline {mine}")
    person.reads(f"You have declined {mine}.")
    assert case(shop, mine)["state"] == "notified"
    absences = [one["record"] for one in shop.get(f"/v1/absences?reviewer_id={ME}")["items"]]
    assert ("2026-11-30", "2026-12-24") in [(one["from"], one["to"]) for one in absences]
    (decline,) = [
        one["record"]
        for one in shop.get(f"/v1/declines?reviewer_id={ME}")["items"]
        if one["record"]["case_id"] == mine
    ]
    assert decline["reason"] == "capacity"


def test_what_is_declined_again_goes_to_a_coordinator(shop: Shop, comes: Comer) -> None:
    """Who reads it among the notices of the area."""
    mine = theirs(shop)[0]
    at_a_case(shop, comes, mine).page.close()
    with shop.database.write("test", lambda: NOW) as tx:
        cases.take_back(tx, mine, "lead", "declined")
        cases.give(tx, Holding(mine, "lead", OTHER, DAY, NOW))
    person = at_a_case(shop, comes, mine, OTHER)
    person.choose("I do not have the skills or the experience")
    person.press(f"Decline {mine}")
    person.reads("It waits for somebody else now.")
    notices = [one for one in shop.get("/v1/notices")["items"] if one["case_id"] == mine]
    assert [(one["code"], one["reviewer_id"]) for one in notices] == [("declined-again", OTHER)]


@pytest.fixture
def unsure_shop(tmp_path: Path) -> Iterator[Shop]:
    """A service where no organisation is known of a case that the reviewer has, nor of one meant for them."""
    tables = small_queue()
    held = next(one for one in tables["cases"] if one.get("reviewer_id") == ME)
    del held["organisations"]
    for shop in shop_of(tmp_path, tables):
        with shop.database.write("test", lambda: NOW) as tx:
            by_hand(tx, (UNKNOWN, "lead", ME))
        yield shop


def test_independence_is_declared_of_what_is_meant_for_one_and_of_what_one_has(
    unsure_shop: Shop, comes: Comer
) -> None:
    """Where nobody could check it; the audit tells of both."""
    shop = unsure_shop
    (held,) = [one for one in theirs(shop) if not case(shop, one)["record"].get("organisations")]
    person = comes(shop, Role.REVIEWER, reviewer_id=ME)
    person.open("/my-work")
    person.press(f"I am independent of {UNKNOWN}")
    person.reads(f"You have declared that you are independent of {UNKNOWN}.")
    person.follow(held)
    person.press("Declare that I am independent")
    person.reads("You have declared it")
    lines = [one for one in shop.get("/v1/audit?limit=1000")["items"] if one["action"] == "declare"]
    assert [(one["record_id"], one["after"]) for one in lines] == [
        (UNKNOWN, {"reviewer_id": ME}),
        (held, {"reviewer_id": ME}),
    ]


def test_absences_and_interests_are_told_changed_and_taken_back(shop: Shop, comes: Comer) -> None:
    """By who they are of."""
    person = comes(shop, Role.REVIEWER, reviewer_id=ME)
    person.open("/my-work")
    person.follow("When you are away")
    person.fill_day("First day away", "21 12 2026")
    person.fill_day("Last day away", "31 12 2026")
    person.fill("How much of your review time is lost?", "50")
    person.press("Add")
    person.reads("50% of your time")
    found = {one["id"]: one["record"] for one in shop.get(f"/v1/absences?reviewer_id={ME}")["items"]}
    (mine,) = [name for name, one in found.items() if one["from"] == "2026-12-21"]
    assert (found[mine]["to"], found[mine]["percent"]) == ("2026-12-31", 50)
    person.press("Take back the absence of 21 December 2026 to 31 December 2026")
    assert mine not in {one["id"] for one in shop.get(f"/v1/absences?reviewer_id={ME}")["items"]}
    person.follow("My work")
    person.follow("Your interests")
    person.pick("What kind of interest is it?", "Financial: I could gain or lose money")
    person.fill("Which organisation is it in?", "rzz99")
    person.press("Declare")
    person.reads("Financial interest in RZZ99")
    person.reads("No organisation with the code rzz99 is known here")
    person.follow("Change the interest: Financial interest in RZZ99")
    person.fill_day("Until when?", "1 10 2026")
    person.press("Save")
    person.reads("Always, until 1 October 2026")
    records = [one["record"] for one in shop.get(f"/v1/interests?reviewer_id={ME}")["items"]]
    assert [one["to"] for one in records if one["organisation"] == "RZZ99"] == ["2026-10-01"]
    person.follow("Change the interest: Financial interest in RZZ99")
    person.press("Take it back")
    assert "RZZ99" not in str(shop.get(f"/v1/interests?reviewer_id={ME}"))


@mouse_alone
def test_it_is_for_reviewers_and_each_sees_their_own(shared_shop: Shop, comes: Comer) -> None:
    """Nobody else has such work; another's case is not there."""
    for role in (Role.COORDINATOR, Role.ADMIN):
        person = comes(shared_shop, role)
        person.open("/my-work")
        person.heading("You may not do this")
    person = comes(shared_shop, Role.REVIEWER, reviewer_id=ME)
    person.open(f"/my-work/cases/{theirs(shared_shop, OTHER)[0]}")
    person.heading("Page not found")
    person.reads("is not one of your cases")
    person.open("/my-work")
    listed = person.page.locator("table").all_inner_texts()
    assert all(one in str(listed) for one in theirs(shared_shop))
    assert not any(one in str(listed) for one in theirs(shared_shop, OTHER))


@mouse_alone
def test_what_changed_meanwhile_is_looked_at_again(shop: Shop, comes: Comer) -> None:
    """Nothing is done on what somebody saw an hour ago; the page shows what is so now."""
    mine = theirs(shop)[0]
    person = at_a_case(shop, comes, mine)
    row = {name: value for name, value in case(shop, mine)["record"].items() if name != "organisations"}
    shop.call("PUT", f"/v1/cases/{mine}", json=row)
    person.press(f"Accept {mine}")
    person.reads("Somebody has changed this since you opened the page")
    person.reads("None is known")
    assert case(shop, mine)["lead"]["accepted_at"] is None
    person.press(f"Accept {mine}")
    assert case(shop, mine)["lead"]["accepted_at"] is not None


@mouse_alone
def test_who_was_signed_out_meanwhile_is_told_and_nothing_is_done(shop: Shop, comes: Comer) -> None:
    """What was typed is shown, to be copied."""
    mine = theirs(shop)[0]
    person = at_a_case(shop, comes, mine)
    person.press(f"Accept {mine}")
    person.fill("Hours you still need", "7.25")
    person.context.clear_cookies()
    person.press("Save")
    person.heading("You have been signed out")
    person.reads("7.25")
    assert "7.25" not in str(case(shop, mine)["record"])


@mouse_alone
def test_a_link_opens_a_reviewers_work_once(shop: Shop, comes: Comer) -> None:
    """Whoever comes second is told to ask for another."""
    made = shop.call("POST", "/v1/invitations", json={"role": "reviewer", "reviewer_id": ME})
    path = made["link"].removeprefix(shop.home)
    first, second = comes(shop, None), comes(shop, None)
    first.open(path)
    first.press("Sign in")
    first.heading("My work")
    second.open(path)
    second.press("Sign in")
    second.heading("This link does not work any more")
    second.open("/my-work")
    second.heading("Sign in")
