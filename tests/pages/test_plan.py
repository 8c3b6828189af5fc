"""A plan at a browser: looked at, its lines approved, changed, published and undone; and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from allocator.store.callers import Caller, Role
from allocator.store.declaring import declare
from tests.pages.conftest import Comer, Shop, shop_of
from tests.pages.person import Person
from tests.pages.planned import (
    could_have,
    line_of,
    lines_of,
    plan_of,
    plan_of_small_queue,
    ready,
)
from tools.shop import NOW, session_of, small_queue

AREAS = ("Q01", "Q02")
ONE_WAY = pytest.mark.parametrize("way", ["mouse"], indirect=True)


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, int]]:
    """A service with a plan that the tests of this module only look at."""
    for shop in shop_of(tmp_path_factory.mktemp("store"), runs=0):
        yield shop, plan_of_small_queue(shop)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Shop, int]]:
    """A service with a plan that is this test's own."""
    for shop in shop_of(tmp_path, runs=0):
        yield shop, plan_of_small_queue(shop)


def test_some_lines_are_approved_published_and_undone(own: tuple[Shop, int], comes: Comer) -> None:
    """From the list of plans to a case that its reviewer has, and back; who was told is said."""
    shop, plan = own
    mine = ready(shop, plan)[:2]
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open("/plans")
    person.follow(f"Plan {plan}")
    for line in mine:
        person.choose(f"Approve case {line['case_id']}")
    person.press("Approve ticked lines")
    person.reads("2 lines approved.")
    assert [line_of(shop, plan, one["case_id"])["state"] for one in mine] == ["approved"] * 2
    person.follow("check and publish them")
    person.press("Publish")
    person.heading("Publication 1")
    person.reads("This service sends no email")
    person.reads("Not told")
    for line in mine:
        case = shop.get(f"/v1/cases/{line['case_id']}")
        assert (case["state"], case["lead"]["reviewer_id"]) == ("allocated", line["advised"])
    person.press("Undo this publication")
    person.reads("Undone.")
    assert shop.get("/v1/publications/1")["undone_at"] is not None
    assert [shop.get(f"/v1/cases/{one['case_id']}")["lead"] for one in mine] == [None, None]


def test_a_line_is_changed_with_what_follows_shown_before(own: tuple[Shop, int], comes: Comer) -> None:
    """Nothing is saved until it is; why is asked for, as somebody else is chosen than is advised."""
    shop, plan = own
    line, other = could_have(shop, plan)
    case_id = line["case_id"]
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/{plan}")
    person.follow(f"Change case {case_id}")
    person.heading(f"Case {case_id} in plan {plan}")
    option = person.page.locator("#reviewer_id option", has_text=other).inner_text().strip()
    person.pick("Reviewer", option)
    person.press("See what would follow")
    person.reads(f"If reviewer {other} has case {case_id}")
    person.reads(f"{other} goes from")
    assert line_of(shop, plan, case_id)["state"] == "proposed"
    person.choose("The family asked for it")
    person.press("Save and approve")
    person.reads(f"Case {case_id} is approved for reviewer {other}.")
    person.reads(f"instead of {line['advised']}, who was advised: the family asked for it")
    saved = line_of(shop, plan, case_id)
    assert (saved["state"], saved["reviewer_id"], saved["departure"]) == ("approved", other, "family_request")


def test_what_would_place_a_case_is_tried(looked_at: tuple[Shop, int], comes: Comer) -> None:
    """Each remedy can be; what would follow is shown, and nothing changes."""
    shop, plan = looked_at
    empty = shop.get(f"/v1/plans/{plan}/unassigned")["items"]
    case_id = next(one["case_id"] for one in empty if one["reason_code"] == "no_capacity")
    path = f"/v1/plans/{plan}/explanations/{case_id}?time_limit=3"
    remedy = shop.get(path)["places"][0]["remedies"][0]["changes"][0]
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/{plan}?view=unplaced")
    person.follow(f"Find and try what would place it (case {case_id})")
    if person.way == "no-scripts":
        person.follow("Find what would place it")
    person.page.get_by_role("button", name=f"Try it with {remedy}", exact=True).wait_for()
    person.press(f"Try it with {remedy}")
    person.heading(f"Case {case_id} in plan {plan}")
    person.reads(f"With {remedy}")
    person.reads(f"Case {case_id} goes to")
    person.reads("Nothing was saved.")
    assert shop.get(f"/v1/plans/{plan}/unassigned")["items"] == empty
    assert len(shop.get("/v1/plans")["items"]) == 1


def test_a_plan_is_looked_at_in_each_view(looked_at: tuple[Shop, int], comes: Comer) -> None:
    """The same figures as the calls give, in tables; pictures beside them."""
    shop, plan = looked_at
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/{plan}")
    total = shop.get(f"/v1/plans/{plan}")["total"]
    assert not total["moved_waiting"]
    person.reads(f"{total['placed']} of {total['placed'] + total['without']} waiting cases get a lead")
    person.follow("By reviewer")
    load = next(one for one in shop.get(f"/v1/plans/{plan}/workloads")["items"] if one["new_hours"])
    row = _row(person, load["reviewer_id"])
    assert f"{load['held_percent']:.0f}%" in row
    assert f"{load['workload_percent']:.0f}%" in row
    assert person.page.get_by_role("img", name="Workload before and after the plan").count() == 1
    person.follow("By area")
    q01 = shop.get(f"/v1/plans/{plan}")["by_area"]["Q01"]
    assert str(q01["placed"]) in _row(person, "(Q01)")
    assert person.page.get_by_role("img", name="What the plan places, by area").count() == 1
    person.follow("Fragile")
    person.reads("These ranges are assumptions.")
    person.unfold("Planned to be late in any case")
    person.look()
    person.page.get_by_role("link", name="Not placed").first.click()
    person.look()
    person.reads("On hold, so nobody new gets them")


def _row(person: Person, text: str) -> str:
    """What a table says in the row of a reviewer or an area."""
    row: str = person.page.get_by_role("row").filter(has_text=text).first.inner_text()
    return row


@ONE_WAY
def test_a_rule_that_would_be_broken_is_said(looked_at: tuple[Shop, int], comes: Comer) -> None:
    """With what is on record; nothing is saved. Nobody chosen, and no reason given, is said too."""
    shop, plan = looked_at
    overloaded = next(
        one for one in shop.get(f"/v1/plans/{plan}/workloads")["items"] if one["state"] == "over"
    )
    line = ready(shop, plan)[0]
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/{plan}/lines?case={line['case_id']}&role=lead")
    person.page.get_by_label("Reviewer").select_option(overloaded["reviewer_id"])
    person.press("See what would follow")
    person.reads("It would break a rule, so it cannot be done. Nothing was saved.")
    assert person.page.get_by_role("button", name="Save and approve").count() == 0
    person.page.get_by_label("Reviewer").select_option("")
    person.press("See what would follow")
    person.reads("Choose a reviewer.")
    edited, other = could_have(shop, plan)
    person.open(f"/plans/{plan}/lines?case={edited['case_id']}&role=lead")
    person.page.get_by_label("Reviewer").select_option(other)
    person.press("See what would follow")
    person.press("Save and approve")
    person.reads("Say why somebody else is to have it than the plan advises.")
    assert {one["state"] for one in lines_of(shop, plan)} == {"proposed"}


@ONE_WAY
def test_several_places_change_hands_in_a_plan_of_their_own(own: tuple[Shop, int], comes: Comer) -> None:
    """Somebody who is full could have a case if others take what they have: tried, and made a plan."""
    shop, plan = own
    case_id, other = next(
        (line["case_id"], one)
        for line in ready(shop, plan)
        for one in shop.get(f"/v1/plans/{plan}/explanations/{line['case_id']}?time_limit=3")["places"][0][
            "alternatives"
        ]
        if one["changes"] and one["proof"] in ("exact", "interval")
    )
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/{plan}/lines?case={case_id}&role=lead&others=yes")
    person.press(f"Try it with reviewer {other['reviewer_id']}")
    person.reads("If these places change hands:")
    person.press("Make a plan with it")
    person.reads(f"Plan {plan + 1} is plan {plan} with these changes.")
    made = shop.get(f"/v1/plans/{plan + 1}")
    assert made["parent"] == plan
    assert line_of(shop, plan + 1, case_id)["advised"] == other["reviewer_id"]


@ONE_WAY
def test_a_stale_line_is_named_and_can_be_planned_again(own: tuple[Shop, int], comes: Comer) -> None:
    """Which and why, on the plan and where it is to be published; what still holds is kept by a new plan."""
    shop, plan = own
    line = ready(shop, plan)[0]
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/{plan}")
    person.choose(f"Approve case {line['case_id']}")
    person.press("Approve ticked lines")
    person.follow("check and publish it")
    reviewer = shop.get(f"/v1/reviewers/{line['advised']}")["record"]
    reviewer = {key: value for key, value in reviewer.items() if key != "reviewer_id"}
    shop.call("PUT", f"/v1/reviewers/{line['advised']}", json={**reviewer, "hours_per_week": 1})
    person.press("Publish")
    person.reads("There is a problem")
    person.reads("have changed")
    assert shop.get(f"/v1/cases/{line['case_id']}")["lead"] is None
    person.open(f"/plans/{plan}")
    person.reads("out of date")
    person.reads(f"Case {line['case_id']} for reviewer {line['advised']}")
    person.follow("Plan again, keeping what still holds")
    person.heading("Make a plan")
    assert person.page.get_by_label("What should it begin with?").input_value() == str(plan)


@ONE_WAY
def test_who_must_declare_first_is_said(tmp_path: Path, comes: Comer) -> None:
    """A case of which no organisation is known is published once its reviewer has declared."""
    tables = small_queue()
    for case in tables["cases"]:
        if case["case_id"] == "C000002":
            del case["organisations"]
    for shop in shop_of(tmp_path, tables, runs=0):
        plan = plan_of(shop)
        who = line_of(shop, plan, "C000002")["advised"]
        person = comes(shop, Role.COORDINATOR, *AREAS)
        person.open(f"/plans/{plan}/lines?case=C000002&role=lead")
        person.reads("has not declared independence")
        person.open(f"/plans/{plan}")
        person.choose("Approve case C000002")
        person.press("Approve ticked lines")
        person.follow("check and publish it")
        person.reads("The reviewer must declare first")
        assert person.page.get_by_role("button", name="Publish", exact=True).count() == 0
        with shop.database.write("test", lambda: NOW) as tx:
            declare(tx, "C000002", who)
        person.open(f"/plans/{plan}/publish")
        person.press("Publish")
        assert shop.get("/v1/cases/C000002")["lead"]["reviewer_id"] == who


@ONE_WAY
def test_a_reviewer_is_lent_where_that_is_missing(own: tuple[Shop, int], comes: Comer) -> None:
    """By a coordinator of both areas; one of the borrower's alone is told whom to ask."""
    shop, plan = own
    line = next(one for one in lines_of(shop, plan) if one["lender"] and one["role"] == "lead")
    area = shop.get(f"/v1/cases/{line['case_id']}")["record"]["area"]
    person = comes(shop, Role.COORDINATOR, area)
    person.open(f"/plans/{plan}")
    person.choose(f"Approve case {line['case_id']}")
    person.press("Approve ticked lines")
    person.follow("check and publish it")
    person.reads(f"ask {line['lender']} for consent")
    assert person.page.get_by_role("button", name="Lend").count() == 0
    both = comes(shop, Role.COORDINATOR, *AREAS)
    both.open(f"/plans/{plan}/publish")
    both.press(f"Lend {line['reviewer_id']} for case {line['case_id']}")
    both.reads(f"{line['lender']} lends its reviewer")
    both.press("Publish")
    assert shop.get(f"/v1/cases/{line['case_id']}")["lead"]["reviewer_id"] == line["reviewer_id"]


@ONE_WAY
def test_who_was_told_is_who_was_here(own: tuple[Shop, int], comes: Comer) -> None:
    """A reviewer who has signed in since knows; all lines can be approved at once."""
    shop, plan = own
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/{plan}")
    person.press(f"Approve all {len(lines_of(shop, plan))}")
    assert {one["state"] for one in lines_of(shop, plan)} == {"approved"}
    person.follow("check and publish them")
    person.press("Publish")
    here = shop.get("/v1/publications/1")["concerned"][0]["reviewer_id"]
    shop.clock.now += timedelta(minutes=1)
    session_of(shop.database, Caller("person:x", Role.REVIEWER, (), here), shop.clock.now)
    person.open("/publications/1")
    assert "Told" in _row(person, here)
    assert "Not told" not in _row(person, here)
    assert person.page.get_by_text("Not told").count() >= 1


@ONE_WAY
def test_what_has_begun_is_not_undone(own: tuple[Shop, int], comes: Comer) -> None:
    """It is said of which case."""
    shop, plan = own
    line = ready(shop, plan)[0]
    seat = {"lines": [{"case_id": line["case_id"]}]}
    shop.call("POST", f"/v1/plans/{plan}/approvals", json=seat)
    shop.call("POST", f"/v1/plans/{plan}/publications", json={})
    shop.call("POST", f"/v1/cases/{line['case_id']}/state", json={"state": "in_review"})
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open("/publications/1")
    person.press("Undo this publication")
    person.reads(f"{line['case_id']} is in review by now")
    assert shop.get("/v1/publications/1")["undone_at"] is None


@ONE_WAY
def test_a_session_that_is_over_saves_nothing(own: tuple[Shop, int], comes: Comer) -> None:
    """It is said, and what was ticked stays proposed."""
    shop, plan = own
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/{plan}")
    shop.clock.now += timedelta(hours=13)
    person.press("Approve all " + str(len(lines_of(shop, plan))))
    person.heading("You have been signed out")
    person.reads("Nothing that you sent was saved.")
    assert {one["state"] for one in lines_of(shop, plan)} == {"proposed"}


@ONE_WAY
def test_nothing_ticked_is_said(looked_at: tuple[Shop, int], comes: Comer) -> None:
    """And a filter shows lines of one state."""
    shop, plan = looked_at
    person = comes(shop, Role.COORDINATOR, *AREAS)
    person.open(f"/plans/{plan}")
    person.press("Approve ticked lines")
    person.reads("Tick at least one line.")
    person.pick("Show lines", "Published (0)")
    person.press("Show")
    person.reads("No line is in that state.")


@ONE_WAY
@pytest.mark.parametrize(
    ("role", "sees", "lacks"),
    [
        (
            Role.AUDITOR,
            ("By case", "Not placed", "Fragile"),
            ("Approve ticked lines", "See what would follow"),
        ),
        (Role.COMMISSIONER, ("What the plan does, by area",), ("By case", "C0000")),
        (Role.REVIEWER, ("You may not do this",), ("waiting cases",)),
    ],
)
def test_each_role_sees_its_own(
    looked_at: tuple[Shop, int], comes: Comer, role: Role, sees: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    """An auditor all and no button, a commissioner figures, a reviewer nothing."""
    shop, plan = looked_at
    who: Any = "R0001" if role is Role.REVIEWER else None
    person = comes(shop, role, reviewer_id=who)
    person.open(f"/plans/{plan}")
    for text in sees:
        person.reads(text)
    for text in lacks:
        assert text not in person.page.locator("main").inner_text()
    if role is Role.AUDITOR:
        line = ready(shop, plan)[0]
        person.open(f"/plans/{plan}/lines?case={line['case_id']}&role=lead")
        assert "See what would follow" not in person.page.locator("main").inner_text()
        person.open(f"/plans/{plan}/publish")
        person.heading("You may not do this")


@ONE_WAY
def test_an_area_sees_its_own_lines(looked_at: tuple[Shop, int], comes: Comer) -> None:
    """Of a plan for all; another area's place is not there."""
    shop, plan = looked_at
    area_of = {one["id"]: one["record"]["area"] for one in shop.get("/v1/cases?limit=100")["items"]}
    person = comes(shop, Role.COORDINATOR, "Q01")
    person.open(f"/plans/{plan}")
    shown = person.page.locator("main").inner_text()
    mine, theirs = ([one for one in ready(shop, plan) if area_of[one["case_id"]] == area] for area in AREAS)
    assert all(one["case_id"] in shown for one in mine)
    assert not any(one["case_id"] in shown for one in theirs)
    person.open(f"/plans/{plan}/lines?case={theirs[0]['case_id']}&role=lead")
    person.heading("Page not found")
