"""Who could take a case: suggested with what it would do, given, refused; who cannot, and why."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from allocator.store.callers import Role
from tests.pages.conftest import Comer, Shop
from tests.pages.person import Person

WAITS = "C000024"
"""An initial review in Q01 that waits; R0001 is suggested first for it, then R0005."""
FOCUSED = "C000027"
"""A focused review in Q01 that R0001 leads, without a second reviewer."""
ON_HOLD = "C000030"
BY_MOUSE = pytest.mark.parametrize("way", ["mouse"], indirect=True)


def coordinator(comes: Comer, shop: Shop, path: str) -> Person:
    """A coordinator of Q01 at a page."""
    person = comes(shop, Role.COORDINATOR, "Q01")
    person.open(path)
    return person


def lead_of(shop: Shop, case_id: str) -> Any:
    """Who leads a case, as the API has it."""
    lead = shop.get(f"/v1/cases/{case_id}")["lead"]
    return lead and lead["reviewer_id"]


def test_a_suggestion_is_taken(shop: Shop, comes: Comer) -> None:
    """From the case to who could take it, what that would do, and theirs it is."""
    person = coordinator(comes, shop, f"/cases/{WAITS}")
    person.press("Find a reviewer")
    person.heading(f"Who could take case {WAITS}")
    person.reads("This will take their workload from 33.4% to 61%; done on 28 December 2026, in time.")
    person.follow("Give it to R0001")
    person.heading(f"Give case {WAITS} to R0001")
    person.press("Give it to R0001")
    person.reads(f"R0001 has {WAITS} now. Tell them.")
    assert lead_of(shop, WAITS) == "R0001"
    assert shop.get(f"/v1/cases/{WAITS}")["state"] == "allocated"
    assert shop.get("/v1/departures")["items"] == []


def test_another_than_the_first_is_chosen_with_a_reason(shop: Shop, comes: Comer) -> None:
    """Without one nothing is done; it is reported to commissioners."""
    person = coordinator(comes, shop, f"/cases/{WAITS}/give?reviewer=R0005&role=lead")
    person.press("Give it to R0005")
    person.reads("There is a problem")
    assert lead_of(shop, WAITS) is None
    person.choose("They know the area or the services")
    person.press("Give it to R0005")
    person.reads(f"R0005 has {WAITS} now.")
    (one,) = shop.get("/v1/departures")["items"]
    assert (one["advised"], one["reviewer_id"], one["reason"]) == ("R0001", "R0005", "local_knowledge")


def test_a_second_reviewer_is_found(shop: Shop, comes: Comer) -> None:
    """Once there is a lead, of those who are senior."""
    senior = shop.get("/v1/reviewers/R0005")["record"] | {"skills": ["senior"]}
    shop.call("PUT", "/v1/reviewers/R0005", json=senior)
    person = coordinator(comes, shop, f"/cases/{FOCUSED}")
    person.press("Find a second reviewer")
    person.heading(f"Who could be second reviewer of case {FOCUSED}")
    person.follow("Give it to R0005")
    person.press("Give it to R0005")
    person.reads("R0005, since 2 November 2026")
    found = shop.get(f"/v1/cases/{FOCUSED}")
    assert (found["lead"]["reviewer_id"], found["second"]["reviewer_id"]) == ("R0001", "R0005")


@BY_MOUSE
def test_who_cannot_take_it_stands_in_a_closed_section_with_why(shop: Shop, comes: Comer) -> None:
    """By what stops them: away, no room, a rule."""
    away = {"reviewer_id": "R0005", "from": "2026-10-01", "to": "2027-12-31"}
    shop.call("PUT", "/v1/absences/AWAY", json=away)
    person = coordinator(comes, shop, f"/cases/{WAITS}/suggest")
    why = person.page.get_by_text("away from 1 October 2026 to 31 December 2027")
    expect(why).to_be_hidden()
    person.unfold("Reviewers who cannot take it now, and why")
    expect(why).to_be_visible()
    person.reads("Not available")
    person.reads("No room at present")
    person.look()


@BY_MOUSE
def test_somebody_else_was_quicker(shop: Shop, comes: Comer) -> None:
    """Nothing is done, and the page says who has it."""
    person = coordinator(comes, shop, f"/cases/{WAITS}/give?reviewer=R0001&role=lead")
    given = {"reviewer_id": "R0005", "reason": "other"}
    shop.call("POST", f"/v1/cases/{WAITS}/give", json=given)
    person.press("Give it to R0001")
    person.reads("Somebody has changed this since you opened the page")
    person.reads(f"{WAITS} has a lead: R0005.")
    assert lead_of(shop, WAITS) == "R0005"


@BY_MOUSE
def test_what_is_in_the_way_is_told(shop: Shop, comes: Comer) -> None:
    """No organisation is known, and the reviewer has not declared to be independent."""
    record = shop.get(f"/v1/cases/{WAITS}")["record"] | {"organisations": []}
    shop.call("PUT", f"/v1/cases/{WAITS}", json=record)
    person = coordinator(comes, shop, f"/cases/{WAITS}/give?reviewer=R0001&role=lead")
    person.press("Give it to R0001")
    person.reads("have the reviewer declare")
    assert lead_of(shop, WAITS) is None


@BY_MOUSE
def test_a_case_that_nobody_may_have(shared_shop: Shop, comes: Comer) -> None:
    """On hold, or out of scope: the page says so; nor is it given to somebody who is not suggested."""
    person = coordinator(comes, shared_shop, f"/cases/{ON_HOLD}/suggest")
    person.reads("is on hold since 30 October 2026: nobody new until then.")
    person.open("/cases/C000001/suggest")
    person.reads("This case is out of scope (child).")
    person.open(f"/cases/{WAITS}/give?reviewer=NOBODY")
    person.reads("NOBODY is not among those who could take it now.")
    expect(person.page.locator("main form")).to_have_count(0)


@BY_MOUSE
def test_who_may_only_look_gives_nothing(shared_shop: Shop, comes: Comer) -> None:
    """An auditor sees who could take it, and no way to give it."""
    person = comes(shared_shop, Role.AUDITOR, "Q01")
    person.open(f"/cases/{WAITS}/suggest")
    person.reads("R0001")
    expect(person.page.get_by_role("link", name="Give it to R0001")).to_have_count(0)
    person.open(f"/cases/{WAITS}/give?reviewer=R0001")
    person.heading("You may not do this")
