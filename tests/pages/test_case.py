"""One case: looked at, corrected, typed anew, merged, put on hold, moved on, taken back; why, and why not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from allocator.store.callers import Role
from tests.api.store.conftest import plan_of
from tests.pages.conftest import Comer, Shop
from tests.pages.person import Person
from tests.pages.planned import plan_of_small_queue, ready

WAITS, OTHER = "C000024", "C000028"
"""Two initial reviews in Q01 that wait."""
HELD = "C000034"
"""One in Q01 that R0008 leads, who may lead initial reviews alone."""
BY_MOUSE = pytest.mark.parametrize("way", ["mouse"], indirect=True)


def case_of(shop: Shop, case_id: str) -> Any:
    """A case as the API has it."""
    return shop.get(f"/v1/cases/{case_id}")


def changed(shop: Shop, case_id: str, **fields: Any) -> None:
    """Nothing; somebody else changed a case."""
    record = case_of(shop, case_id)["record"]
    shop.call("PUT", f"/v1/cases/{case_id}", json={**record, **fields})


def coordinator(comes: Comer, shop: Shop, path: str) -> Person:
    """A coordinator of Q01 at a page."""
    person = comes(shop, Role.COORDINATOR, "Q01")
    person.open(path)
    return person


def test_a_notified_day_is_corrected_and_its_clocks_follow(shop: Shop, comes: Comer) -> None:
    """What was changed and what follows is shown; the API has both."""
    before = shop.get(f"/v1/cases/{WAITS}/clocks")
    person = coordinator(comes, shop, f"/cases/{WAITS}")
    person.heading(f"Initial review, area Q01\nCase {WAITS}")
    person.follow("Correct it, or change its type")
    person.fill("Day", "1")
    person.press("Save")
    person.heading(f"Case {WAITS} is changed")
    person.reads("What follows for its clocks")
    person.reads("26 July 2026")
    person.reads("1 July 2026")
    assert case_of(shop, WAITS)["record"]["notified_on"] == "2026-07-01"
    after = shop.get(f"/v1/cases/{WAITS}/clocks")
    assert (before["complete_by"], after["complete_by"]) == ("2027-01-26", "2027-01-01")
    assert after["days"] - before["days"] == 25


@BY_MOUSE
def test_what_a_plan_proposes_is_told_at_the_case(shop: Shop, comes: Comer) -> None:
    """Where it waits: for whom, whether that is approved, and the way to it; by areas' names."""
    plan = plan_of_small_queue(shop)
    line = next(one for one in ready(shop, plan) if shop.get(f"/v1/cases/{one['case_id']}")["lead"] is None)
    person = comes(shop, Role.ADMIN)
    person.open(f"/cases/{line['case_id']}")
    person.reads(f"Plan {plan} proposes reviewer {line['reviewer_id']} as lead.")
    person.reads("Integrated Care Board")
    chosen = {"lines": [{"case_id": line["case_id"]}]}
    shop.call("POST", f"/v1/plans/{plan}/approvals", json=chosen)
    person.open(f"/cases/{line['case_id']}")
    person.reads("it is approved, and not published yet")
    person.follow("See why, and who else could have it")
    person.heading(f"Case {line['case_id']} in plan {plan}")


def test_an_initial_review_becomes_a_focused_one(shop: Shop, comes: Comer) -> None:
    """It keeps its lead; that it needs a second reviewer, and what its lead does not meet, is told."""
    person = coordinator(comes, shop, f"/cases/{HELD}/correct")
    person.choose("Focused")
    person.press("Save")
    person.reads("It needs a second reviewer now.")
    person.reads("Rules that are not met any more")
    person.press("Go to the case")
    person.reads("Second reviewer")
    found = case_of(shop, HELD)
    assert (found["record"]["review_type"], found["lead"]["reviewer_id"]) == ("focused", "R0008")


def test_a_duplicate_is_merged_and_parted_again(shop: Shop, comes: Comer) -> None:
    """The two are shown beside each other first."""
    person = coordinator(comes, shop, f"/cases/{WAITS}/merge")
    person.fill("Number of the case that is kept", OTHER)
    person.press("Compare the two")
    person.reads("27 June 2025")
    person.press(f"Merge into {OTHER}")
    person.reads(f"{WAITS} is merged into this case.")
    assert case_of(shop, WAITS)["merged_into"] == OTHER
    person.follow(f"Case {WAITS}")
    person.follow("Part the two again")
    person.press("Part the two again")
    person.reads("It is a case of its own again.")
    assert case_of(shop, WAITS)["merged_into"] is None
    person.follow("History")
    person.reads(f"Parted again from {OTHER}")


def test_why_not_somebody_is_answered_from_the_newest_plan(shop: Shop, comes: Comer) -> None:
    """By the rule that stops them, as the API says it."""
    number = plan_of(shop.database, "Q01")
    path = f"/v1/plans/{number}/explanations/{WAITS}?reviewer_id=R0002&time_limit=0.05"
    told = shop.get(path)["places"][0]
    person = coordinator(comes, shop, f"/cases/{WAITS}/why")
    person.reads(f"Lead: {told['reviewer_id']}")
    person.reads("Who else, and at what price to the whole plan")
    person.fill("Number of the reviewer", "R0002")
    person.press("Ask why not")
    person.reads("Why not R0002?")
    person.reads(f"R0002 {told['stopped'][0]}")


def test_a_case_is_put_on_hold_and_let_go_on(shop: Shop, comes: Comer) -> None:
    """Its clocks stand still between; the API knows from when to when."""
    person = coordinator(comes, shop, f"/cases/{WAITS}")
    person.press("Put on hold")
    person.fill("Day", "5")
    person.fill("Month", "10")
    person.choose("Coroner")
    person.press("Put on hold")
    person.reads("The case is on hold: its clocks stand still.")
    person.reads("The clock stands still since 5 October 2026: coroner.")
    person.press("End the hold")
    person.fill("Day", "26")
    person.fill("Month", "10")
    person.press("End the hold")
    person.reads("It is to be completed by 16 February 2027.")
    (hold,) = shop.get(f"/v1/cases/{WAITS}/clocks")["holds"]
    assert (hold["since"], hold["until"], hold["reason"]) == ("2026-10-05", "2026-10-26", "coroner")


def test_a_case_is_moved_on_taken_back_closed_and_opened_again(shop: Shop, comes: Comer) -> None:
    """By those buttons alone that lead somewhere from where it is."""
    person = coordinator(comes, shop, f"/cases/{HELD}")
    person.press("Start the review")
    person.reads("The review has started.")
    assert case_of(shop, HELD)["state"] == "in_review"
    expect(person.page.get_by_role("button", name="Start the review")).to_have_count(0)
    person.press("Take it back")
    person.choose("They have too much work")
    person.press("Take it back")
    person.reads("It is taken back, and waits for a reviewer again.")
    assert shop.get(f"/v1/cases/{HELD}/holdings")["items"][0]["ended_why"] == "workload"
    person.press("Close without review")
    person.press("Close without review")
    person.reads("The case is closed without review.")
    person.press("Open the case again")
    assert case_of(shop, HELD)["state"] == "reopened"


@BY_MOUSE
def test_a_change_that_somebody_else_made_meanwhile_is_not_lost(shop: Shop, comes: Comer) -> None:
    """It is shown; what was typed stays in the form, and saved again both are kept."""
    person = coordinator(comes, shop, f"/cases/{WAITS}/correct")
    changed(shop, WAITS, priority=7)
    person.fill("Linked cases", "one-family")
    person.press("Save")
    person.reads("Somebody has changed this since you opened the page, so nothing was done.")
    person.reads("Somebody changed this meanwhile")
    assert "linked_to" not in case_of(shop, WAITS)["record"]
    assert person.page.get_by_label("Linked cases").input_value() == "one-family"
    assert person.page.get_by_label("Urgency set by hand").input_value() == "7"
    person.press("Save")
    person.heading(f"Case {WAITS} is changed")
    record = case_of(shop, WAITS)["record"]
    assert (record["priority"], record["linked_to"]) == (7, "one-family")


@BY_MOUSE
def test_a_button_pressed_too_late_does_nothing(shop: Shop, comes: Comer) -> None:
    """The page says so, and shows the case as it is."""
    person = coordinator(comes, shop, f"/cases/{HELD}")
    shop.call("POST", f"/v1/cases/{HELD}/state", json={"state": "in_review"})
    person.press("Start the review")
    person.reads("Somebody has changed this since you opened the page")
    expect(person.page.get_by_role("button", name="Send to sign-off")).to_be_visible()


@BY_MOUSE
def test_a_day_that_is_none_is_told_where_it_was_typed(shop: Shop, comes: Comer) -> None:
    """With all that is wrong at once; what was typed stays."""
    person = coordinator(comes, shop, f"/cases/{WAITS}/correct")
    person.fill("Month", "13")
    person.fill("Hours the review takes", "some")
    person.press("Save")
    person.reads("There is a problem")
    errors = person.page.locator(".nhsuk-error-message")
    expect(errors).to_have_count(2)
    assert person.page.get_by_label("Month").first.input_value() == "13"
    assert person.page.get_by_label("Hours the review takes").input_value() == "some"
    person.open(f"/cases/{WAITS}/hold")
    person.fill("Year", "2025")
    person.press("Put on hold")
    person.reads("There is a problem")
    assert person.page.get_by_label("Year").first.input_value() == "2025"


@BY_MOUSE
def test_the_session_is_over_while_one_types(shop: Shop, comes: Comer) -> None:
    """Nothing is saved, and what was typed is shown to be copied."""
    person = coordinator(comes, shop, f"/cases/{WAITS}/correct")
    person.fill("Linked cases", "one-family")
    person.context.clear_cookies()
    person.press("Save")
    person.heading("You have been signed out")
    person.reads("one-family")
    assert "linked_to" not in case_of(shop, WAITS)["record"]


@BY_MOUSE
def test_an_unknown_number_is_told_beside_the_field(shop: Shop, comes: Comer) -> None:
    """Of a case to merge with, and of a reviewer; another area's are not there either."""
    plan_of(shop.database, "Q01")
    person = coordinator(comes, shop, f"/cases/{WAITS}/merge?into=C000003")
    person.reads("There is no case C000003 in your areas. Check the number.")
    person.open(f"/cases/{WAITS}/merge?into={WAITS}")
    person.reads("This is the same case.")
    person.open(f"/cases/{WAITS}/why?reviewer=NOBODY")
    person.reads("There is no reviewer NOBODY in your areas. Check the number.")


@BY_MOUSE
def test_prices_are_worked_out_when_they_are_asked_for(shop: Shop, comes: Comer) -> None:
    """First what they are at least, at once; then what was found."""
    plan_of(shop.database, "Q01")
    person = coordinator(comes, shop, f"/cases/{WAITS}/why")
    person.reads("These are the least that it can cost.")
    person.follow("Work out the prices")
    expect(person.page.get_by_text("These are the least that it can cost.")).to_have_count(0)
    person.open("/cases/C000018/why")  # whose lead is of another area
    person.reads("Lead: R0003")
    person.reads("Whoever has a case keeps it.")
    expect(person.page.locator("main")).not_to_contain_text("another-area")


@BY_MOUSE
def test_what_a_family_is_told_and_what_it_ever_was(shop: Shop, comes: Comer) -> None:
    """The API's words, with no name in them; each change in words, and the audit for who may see it."""
    person = coordinator(comes, shop, f"/cases/{HELD}/family")
    (text,) = shop.get(f"/v1/cases/{HELD}/family")["paragraphs"]
    person.reads(text)
    assert "R0008" not in text
    person.press("Copy the text")
    changed(shop, HELD, notified_on="2026-03-05")
    person.open(f"/cases/{HELD}/history")
    person.reads("Notified on: 4 March 2026 → 5 March 2026")
    person.reads("R0008 became its lead")
    expect(person.page.get_by_role("heading", name="Audit")).to_have_count(0)
    auditor = comes(shop, Role.AUDITOR)
    auditor.open(f"/cases/{HELD}/history")
    auditor.reads("Lines of the audit about this case")
    auditor.reads("Kept or changed")


@BY_MOUSE
def test_whoever_may_not_is_told_that_there_is_no_such_page(shared_shop: Shop, comes: Comer) -> None:
    """A reviewer of somebody else's case, a coordinator of one of another area; a commissioner of any."""
    reviewer = comes(shared_shop, Role.REVIEWER, "Q01", reviewer_id="R0001")
    reviewer.open("/cases/C000020")
    reviewer.heading("Initial review, area Q01\nCase C000020")
    expect(reviewer.page.get_by_role("button", name="Take it back")).to_have_count(0)
    expect(reviewer.page.get_by_role("button", name="Start the review")).to_be_visible()
    reviewer.follow("Text for the family")
    reviewer.open(f"/cases/{HELD}")
    reviewer.heading("Page not found")
    for end in ("correct", "suggest", "why", "merge", "close", "take-back", "hold", "resume"):
        reviewer.open(f"/cases/C000020/{end}")
        reviewer.heading("You may not do this")
    other = comes(shared_shop, Role.COORDINATOR, "Q02")
    for end in ("", "/why", "/family", "/history", "/correct", "/suggest", "/merge"):
        other.page.goto(f"{shared_shop.home}/cases/{HELD}{end}")
        other.heading("Page not found")
    commissioner = comes(shared_shop, Role.COMMISSIONER, "Q01")
    commissioner.open(f"/cases/{HELD}")
    commissioner.heading("You may not do this")


@BY_MOUSE
def test_an_auditor_looks_and_does_nothing(shared_shop: Shop, comes: Comer) -> None:
    """No button leads anywhere."""
    person = comes(shared_shop, Role.AUDITOR, "Q01")
    person.open(f"/cases/{HELD}")
    expect(person.page.locator("main form")).to_have_count(0)
    expect(person.page.get_by_role("link", name=re.compile("Correct|Merge"))).to_have_count(0)


@BY_MOUSE
def test_ids_may_have_anything_in_them(shop: Shop, comes: Comer) -> None:
    """Signs that mean something in an address, and those that mean something in a page."""
    odd = "A&B <7>?#%41 é"
    row = {"area": "Q01", "notified_on": "2026-09-01", "review_type": "initial"}
    shop.call("PUT", "/v1/cases/A%26B%20%3C7%3E%3F%23%2541%20%C3%A9", json=row)
    person = coordinator(comes, shop, "/cases/A%26B%20%3C7%3E%3F%23%2541%20%C3%A9")
    person.heading(f"Initial review, area Q01\nCase {odd}")
    person.follow("Correct it, or change its type")
    person.fill("Linked cases", "odd")
    person.press("Save")
    person.press("Go to the case")
    person.follow("History")
    person.heading(f"History of case {odd}")
    person.follow(f"Case {odd}")
    person.press("Find a reviewer")
    person.heading(f"Who could take case {odd}")
