"""Home: counts that lead to what is counted, the next thing, the first visit, and what each role can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from allocator.store import records
from allocator.store.callers import Role
from allocator.store.lines import approve
from tests.allocator.store.build import by_hand
from tests.pages.conftest import Comer, Shop, shop_of
from tests.pages.planned import lines_of, plan_of_small_queue
from tools.shop import NOW

ONE_WAY = pytest.mark.parametrize("way", ["mouse"], indirect=True)
NEEDS = {
    "to_allocate": "to allocate",
    "overdue": "overdue",
    "at_risk": "at risk",
    "on_hold": "on hold",
    "not_placeable": "not placeable",
    "declined": "declined",
    "independence": "independence to confirm",
}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shop]:
    """A service that knows nothing yet."""
    yield from shop_of(tmp_path, {})


def test_each_count_leads_to_what_is_counted(shared_shop: Shop, comes: Comer) -> None:
    """Of the coordinator's own area, as the call counts; behind the link there are so many cases."""
    told = shared_shop.get("/v1/queue?area=Q01")
    person = comes(shared_shop, Role.COORDINATOR, "Q01")
    person.open("/")
    for need, words in NEEDS.items():
        assert person.page.get_by_role("link", name=f"{told['needs'][need]} {words}", exact=True).count() == 1
    person.follow(f"{told['needs']['overdue']} overdue")
    person.heading("Queue")
    shown = person.page.locator("tbody th a").all_inner_texts()
    assert sorted(shown) == sorted(
        one["case_id"] for one in shared_shop.get("/v1/queue?area=Q01&need=overdue")["cases"]
    )
    assert shown


def test_the_sample_is_looked_at_on_a_first_visit(empty: Shop, comes: Comer) -> None:
    """It is there then, and every page says that it is made up."""
    person = comes(empty, Role.ADMIN)
    person.open("/")
    person.reads("There are no cases and no reviewers here yet.")
    person.press("Look at the sample")
    person.reads("The sample is here: 85 cases and 12 reviewers, all made up.")
    person.reads("This is made-up data.")
    person.follow("See what waits")
    person.reads("This is made-up data.")
    told = empty.get("/v1/queue")
    assert (told["made_up"], told["total"]["cases"]) == (True, 83)
    assert len(empty.get("/v1/reviewers")["items"]) == 12


def test_areas_are_chosen_and_stay_chosen(shared_shop: Shop, comes: Comer) -> None:
    """Counts and what they lead to are of that area, until another one is chosen."""
    person = comes(shared_shop, Role.ADMIN)
    person.open("/")
    person.pick("Area", "Integrated Care Board 2 (Q02)")
    person.press("Choose")
    told = shared_shop.get("/v1/queue?area=Q02")
    person.reads(f"{told['total']['cases']} cases are open")
    person.follow("Queue")
    person.follow("Home")
    person.reads(f"{told['total']['cases']} cases are open")
    person.follow(f"{told['needs']['to_allocate']} to allocate")
    assert set(person.page.locator("tbody td:nth-child(2)").all_inner_texts()) == {"Q02"}


@ONE_WAY
def test_the_next_thing_follows_what_was_done(shop: Shop, comes: Comer) -> None:
    """Plan what waits; check what is proposed; publish what is approved."""
    person = comes(shop, Role.COORDINATOR, "Q01")
    person.open("/")
    button = person.page.locator("#next a")
    waiting = shop.get("/v1/queue?area=Q01")
    person.reads(f"{waiting['total']['to_allocate']} cases wait for a reviewer.")
    assert (button.inner_text(), button.get_attribute("href")) == ("Make a plan", "/plans/new")
    case = next(one["case_id"] for one in waiting["cases"] if "to_allocate" in one["needs"])
    with shop.database.write("test", lambda: NOW) as tx:
        plan = by_hand(tx, (case, "lead", "R0001"))
    person.open("/")
    person.reads("The plan of 2 November 2026 proposes 1 allocation.")
    assert button.get_attribute("href") == f"/plans/{plan}"
    with shop.database.write("test", lambda: NOW) as tx:
        approve(tx, plan)
    person.open("/")
    person.reads("1 allocation is approved and not published yet.")


@ONE_WAY
def test_leavers_who_have_cases_are_named(shop: Shop, comes: Comer) -> None:
    """With their last day, and how many cases they have."""
    has = {one["reviewer_id"] for one in shop.get("/v1/queue?area=Q01")["cases"]}
    held = next(one["id"] for one in shop.get("/v1/reviewers?area=Q01")["items"] if one["id"] in has)
    row = shop.get(f"/v1/reviewers/{held}")["record"]
    shop.call("PUT", f"/v1/reviewers/{held}", json=row | {"leaves_on": "2026-11-30"})
    (told,) = shop.get("/v1/queue?area=Q01")["leavers"]
    person = comes(shop, Role.COORDINATOR, "Q01")
    person.open("/")
    person.unfold("Who leaves")
    person.reads("30 November 2026, in 28 days")
    person.follow("1 leaver who still has cases")
    assert person.page.locator("tbody tr").count() <= told["cases"]
    person.reads("With a leaver")


@ONE_WAY
def test_what_cannot_be_published_yet_is_no_dead_end(shop: Shop, comes: Comer) -> None:
    """Where all that is approved lacks a declaration, that is said, and where it is told which."""
    plan = plan_of_small_queue(shop)
    path = f"/v1/plans/{plan}"
    shop.call("POST", f"{path}/approvals", json={})
    lacking = next(one for one in lines_of(shop, plan) if one["missing"])
    person = comes(shop, Role.ADMIN)
    person.open("/")
    person.press("Publish what is approved")
    person.heading(f"Publish lines of plan {plan}")
    person.press("Publish")
    person.follow("Home")
    person.press("See what is missing")
    person.heading(f"Publish lines of plan {plan}")
    person.reads(f"Case {lacking['case_id']} to reviewer {lacking['reviewer_id']}")
    assert person.page.get_by_role("button", name="Publish", exact=True).count() == 0


@ONE_WAY
@pytest.mark.parametrize(("role", "says", "link"), [
    (Role.REVIEWER, "Answer what you are given", "/my-work"),
    (Role.COMMISSIONER, "Ask what if", "/scenarios"),
    (Role.AUDITOR, "Follow what was done", "/audit"),
    (Role.CASE_SYSTEM, "This account is for a case system", "/help"),
])  # fmt: skip
def test_every_role_is_told_what_it_can_do(
    shared_shop: Shop, comes: Comer, role: Role, says: str, link: str
) -> None:
    """And nobody is led to what is not for them."""
    person = comes(shared_shop, role, "Q01", reviewer_id="R0001" if role is Role.REVIEWER else None)
    person.open("/")
    person.reads(says)
    assert person.page.locator(f"main a[href='{link}']").count() >= 1
    to_queue = person.page.locator("a[href^='/queue']").count()
    assert (to_queue > 0) == (role is Role.AUDITOR)
    assert person.page.locator("a[href='/upload']").count() == 0


@ONE_WAY
def test_a_coordinator_of_nothing_is_told_how_to_begin(empty: Shop, comes: Comer) -> None:
    """By files; the sample is for an administrator to load, and into nothing but an empty store."""
    person = comes(empty, Role.COORDINATOR, "Q01")
    person.open("/")
    person.reads("Upload files")
    assert person.page.get_by_role("button", name="Look at the sample").count() == 0
    other = comes(empty, Role.ADMIN)
    other.open("/")
    empty.call("POST", "/v1/imports", json={"areas": [{"area": "Q01"}]})
    other.press("Look at the sample")
    other.reads("it holds records already")
    assert empty.get("/v1/cases")["items"] == []


@ONE_WAY
def test_records_that_do_not_fit_together_are_told_of(shop: Shop, comes: Comer) -> None:
    """The page says which, and is no dead end."""
    with shop.database.write("test", lambda: NOW) as tx:
        one = records.every(tx.connection, "cases")[0]
        body = {**one.body, "review_type": "unheard-of"}
        records.save(tx, "put", [records.Record("cases", one.record_id, 0, body, one.state)])
    person = comes(shop, Role.ADMIN)
    person.open("/")
    person.reads("The queue cannot be read")
    person.reads("unheard-of")
    assert re.search("upload", person.page.locator("main").inner_html())
