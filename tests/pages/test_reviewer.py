"""Reviewers: how full they are, what is on record of them, and what becomes of their cases when they go."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from markupsafe import Markup

from allocator.store.callers import Role
from api.pages.charts.weeks import bar, weeks
from api.pages.interests import interest
from api.pages.reviewers.words import how_full, record_rows
from tests.pages.conftest import Comer, Shop

WHO = "R0007"
"""Somebody of Q02 with one case, which somebody else could take."""
CASE = "C000004"
by_mouse = pytest.mark.parametrize("way", ["mouse"], indirect=True)


def lead(shop: Shop, case_id: str = CASE) -> str | None:
    """Who leads a case now."""
    found = shop.get(f"/v1/cases/{case_id}")["lead"]
    return found["reviewer_id"] if found else None


def about(shop: Shop, kind: str, who: str = WHO) -> list[dict[str, Any]]:
    """What is on record of a reviewer, of one kind."""
    return [one["record"] for one in shop.get(f"/v1/{kind}?reviewer_id={who}")["items"]]


def test_somebody_looks_for_who_has_room(shared_shop: Shop, comes: Comer) -> None:
    """The list by free hours, most first; then the one at its top, with all that the calls say."""
    person = comes(shared_shop, Role.COORDINATOR)
    person.open("/")
    person.follow("Reviewers")
    person.follow("Free hours")
    loads = shared_shop.get("/v1/workloads")["items"]
    best = max(loads, key=lambda one: one["free_hours"])
    first = person.page.locator("tbody tr").first
    assert first.locator("th").inner_text() == best["reviewer_id"]
    assert person.page.locator("th[aria-sort=descending]").count() == 1
    person.follow(best["reviewer_id"])
    person.heading(f"Reviewer {best['reviewer_id']}")
    person.reads(f"{best['workload_percent']}%")
    ahead = shared_shop.get(f"/v1/reviewers/{best['reviewer_id']}/workload")
    for one in ahead["places"]:
        person.reads(one["case_id"])
    person.unfold("The same as a table")
    rows = person.page.locator("figure + details tbody tr")
    assert rows.count() == len(ahead["weeks"])
    person.look()


def test_the_list_is_of_an_area(shared_shop: Shop, comes: Comer) -> None:
    """Chosen from those that are the caller's."""
    person = comes(shared_shop, Role.ADMIN)
    person.open("/reviewers")
    person.pick("Home area", "Integrated Care Board 2 (Q02)")
    person.press("Show")
    mine = {one["reviewer_id"] for one in shared_shop.get("/v1/workloads?area=Q02")["items"]}
    assert set(person.page.locator("tbody th").all_inner_texts()) == mine


@by_mouse
def test_an_area_sees_its_own(shared_shop: Shop, comes: Comer) -> None:
    """The list has no others, and nobody else's page is there."""
    person = comes(shared_shop, Role.COORDINATOR, "Q01")
    person.open("/reviewers")
    mine = {one["reviewer_id"] for one in shared_shop.get("/v1/workloads?area=Q01")["items"]}
    assert set(person.page.locator("tbody th").all_inner_texts()) == mine
    person.open(f"/reviewers/{WHO}")
    person.heading("Page not found")


@by_mouse
def test_who_may_not(shared_shop: Shop, comes: Comer) -> None:
    """A commissioner sees none of it; an auditor looks and changes nothing; a reviewer sees themselves."""
    person = comes(shared_shop, Role.COMMISSIONER)
    for path in ("/reviewers", f"/reviewers/{WHO}", f"/reviewers/{WHO}/interests"):
        person.open(path)
        person.heading("You may not do this")
    person = comes(shared_shop, Role.AUDITOR)
    person.open(f"/reviewers/{WHO}")
    person.reads("Took part in the care at")
    assert person.page.get_by_role("link", name="They are leaving").count() == 0
    person.open(f"/reviewers/{WHO}/change")
    person.heading("You may not do this")
    person = comes(shared_shop, Role.REVIEWER, reviewer_id=WHO)
    person.open(f"/reviewers/{WHO}")
    person.reads(CASE)
    person.open("/reviewers/R0001")
    person.heading("Page not found")
    person.open("/reviewers")
    person.heading("You may not do this")


def test_an_absence_is_added_and_taken_back(shop: Shop, comes: Comer) -> None:
    """One that ends before it begins is refused at its field, and what was typed stands there still."""
    person = comes(shop, Role.COORDINATOR, "Q02")
    person.open(f"/reviewers/{WHO}")
    person.follow("Add or take back an absence")
    person.fill_day("First day away", "12 12 2026")
    person.fill_day("Last day away", "1 12 2026")
    person.fill("How much of their review time is lost?", "50")
    person.press("Add")
    person.reads("There is a problem")
    error = person.page.locator("#to-error")
    assert "Last day away is before first day away" in error.inner_text()
    assert (
        person.page.get_by_role("link", name=re.compile("Last day away")).get_attribute("href") == "#to-day"
    )
    typed = [person.page.locator(f"#{name}").input_value() for name in ("from-day", "to-month", "percent")]
    assert typed == ["12", "12", "50"]
    person.fill_day("Last day away", "18 12 2026")
    person.press("Add")
    person.reads("The absence is kept.")
    assert about(shop, "absences") == [
        {"reviewer_id": WHO, "from": "2026-12-12", "to": "2026-12-18", "percent": 50.0}
    ]
    person.press("Take back the absence of 12 December 2026 to 18 December 2026")
    person.reads("The absence is taken back.")
    assert about(shop, "absences") == []


def test_an_interest_is_added_and_takes_its_case_back(shop: Shop, comes: Comer) -> None:
    """An interest in the case that they have: it is withdrawn at once, and the page says so."""
    before = len(about(shop, "interests"))
    person = comes(shop, Role.COORDINATOR)
    person.open(f"/reviewers/{WHO}/interests")
    person.press("Add")
    person.reads("Kind of interest is missing")
    person.pick("What kind of interest is it?", "Personal: such as family or friends")
    person.fill("Which case is it in?", CASE)
    person.press("Add")
    person.reads(f"Because of it they no longer have {CASE}")
    assert (len(about(shop, "interests")), lead(shop)) == (before + 1, None)
    person.follow(f"Change the interest: Personal interest in case {CASE}")
    person.press("Take it back")
    person.reads("The interest is taken back.")
    assert len(about(shop, "interests")) == before


def test_hours_and_skills_are_changed(shop: Shop, comes: Comer) -> None:
    """What is wrong is told at its field, all at once; then it is kept."""
    person = comes(shop, Role.COORDINATOR, "Q02")
    person.open(f"/reviewers/{WHO}")
    person.follow("Change hours, skills or limits")
    person.fill("Hours a week for reviews", "seventy")
    person.fill("Areas", "")
    person.fill("Skills", "Autism, polish")
    person.press("Save")
    assert "is not a number" in person.page.locator("#hours_per_week-error").inner_text()
    assert "is missing" in person.page.locator("#areas-error").inner_text()
    assert person.page.locator("#skills").input_value() == "Autism, polish"
    person.fill("Hours a week for reviews", "70")
    person.fill("Areas", "Q02")
    person.press("Save")
    assert "0 to 60" in person.page.locator("#hours_per_week-error").inner_text()
    person.fill("Hours a week for reviews", "15")
    person.choose("Initial")
    person.press("Save")
    person.reads("The record is changed.")
    record = shop.get(f"/v1/reviewers/{WHO}")["record"]
    assert (record["hours_per_week"], record["skills"]) == (15.0, ["autism", "polish"])
    assert (record["review_types"], record["max_open_cases"]) == (["initial"], 6)


@by_mouse
def test_somebody_else_has_changed_it_meanwhile(shop: Shop, comes: Comer) -> None:
    """What is typed stays; what the record says now stands beside; pressed again it is kept."""
    person = comes(shop, Role.COORDINATOR, "Q02")
    person.open(f"/reviewers/{WHO}/change")
    person.fill("Hours a week for reviews", "15")
    record = shop.get(f"/v1/reviewers/{WHO}")["record"] | {"hours_per_week": 9, "skills": ["bsl"]}
    shop.call("PUT", f"/v1/reviewers/{WHO}", json=record)
    person.press("Save")
    person.reads("Somebody has changed this since you opened the page")
    assert shop.get(f"/v1/reviewers/{WHO}")["record"]["hours_per_week"] == 9
    row = person.page.locator("tbody tr").filter(has_text="Hours a week")
    assert row.locator("td").all_inner_texts() == ["9", "15"]
    assert person.page.locator("#hours_per_week").input_value() == "15"
    person.press("Save")
    person.reads("The record is changed.")
    assert shop.get(f"/v1/reviewers/{WHO}")["record"]["hours_per_week"] == 15


def test_somebody_leaves_and_others_take_over(shop: Shop, comes: Comer) -> None:
    """It asks what happens to their cases, shows who would take them, and makes the plan that says so."""
    person = comes(shop, Role.COORDINATOR)
    person.open(f"/reviewers/{WHO}")
    person.follow("They are leaving")
    person.fill_day("Last working day", "30 11 2026")
    person.press("Continue")
    over = shop.get(f"/v1/reviewers/{WHO}/handover?first_day=2026-12-01")
    (taken,) = over["taken"]
    person.reads("Not finished when they leave")
    person.reads(f"{taken['reviewer_id']} takes it over")
    person.press("Save the last day")
    person.reads("What happens to their cases is missing")
    person.choose("Others take them over")
    person.press("Save the last day")
    assert shop.get(f"/v1/reviewers/{WHO}")["record"]["leaves_on"] == "2026-11-30"
    (plan,) = shop.get("/v1/plans")["items"]
    assert (plan["handover"], plan["lines"], lead(shop)) == (WHO, {"proposed": 1}, WHO)
    person.reads(f"Others take over 1 place from reviewer {WHO}.")
    person.reads(f"Was with {WHO}, who hands it over;")
    assert "waiting cases" not in person.page.locator("main").inner_text()
    path = f"/v1/plans/{plan['plan']}"
    shop.call("POST", f"{path}/approvals", json={})
    if not shop.get(f"/v1/cases/{CASE}")["record"].get("organisations"):
        rows = [{**shop.get(f"/v1/cases/{CASE}")["record"], "organisations": ["P00040"]}]
        shop.call("POST", "/v1/imports", json={"cases": rows})
        plan = shop.call("POST", f"/v1/reviewers/{WHO}/handovers", json={"first_day": "2026-12-01"})
        path = f"/v1/plans/{plan['plan']}"
        shop.call("POST", f"{path}/approvals", json={})
    shop.call("POST", f"{path}/publications", json={})
    assert lead(shop) == taken["reviewer_id"]


def test_somebody_is_away_and_keeps_their_cases(shop: Shop, comes: Comer) -> None:
    """Days the wrong way round are told first; then the absence is kept, and nobody else has their case."""
    person = comes(shop, Role.COORDINATOR)
    person.open(f"/reviewers/{WHO}")
    person.follow("They will be away")
    person.fill_day("First day away", "9 11 2026")
    person.fill_day("Last day away", "1 11 2026")
    person.press("Continue")
    assert "is before the first" in person.page.locator("#to-error").inner_text()
    person.fill_day("Last day away", "22 11 2026")
    person.press("Continue")
    person.reads("Nothing is saved yet.")
    person.choose("They keep them")
    person.press("Save the absence")
    person.reads("They keep their cases.")
    (absence,) = about(shop, "absences")
    assert (absence["from"], absence["to"], lead(shop)) == ("2026-11-09", "2026-11-22", WHO)
    assert shop.get("/v1/plans")["items"] == []


@by_mouse
def test_a_last_day_is_taken_back(shop: Shop, comes: Comer) -> None:
    """And one that somebody changed meanwhile is not overwritten."""
    record = shop.get(f"/v1/reviewers/{WHO}")["record"]
    shop.call("PUT", f"/v1/reviewers/{WHO}", json=record | {"leaves_on": "2026-12-31"})
    person = comes(shop, Role.COORDINATOR)
    person.open(f"/reviewers/{WHO}/leaving")
    person.reads("31 December 2026")
    shop.call("PUT", f"/v1/reviewers/{WHO}", json=record | {"leaves_on": "2027-01-31"})
    person.press("Take the last day back")
    person.reads("Somebody has changed this since you opened the page")
    assert shop.get(f"/v1/reviewers/{WHO}")["record"]["leaves_on"] == "2027-01-31"
    person.press("Take the last day back")
    person.reads("they are staying")
    assert "leaves_on" not in shop.get(f"/v1/reviewers/{WHO}")["record"]


@by_mouse
def test_who_has_no_case_hands_nothing_over(shop: Shop, comes: Comer) -> None:
    """There is nothing to choose."""
    person = comes(shop, Role.COORDINATOR)
    person.open("/reviewers/R0010/leaving?last_day=2026-11-30")
    person.reads("They have no case")
    person.press("Save the last day")
    person.reads("The last working day is 30 November 2026.")
    assert shop.get("/v1/reviewers/R0010")["record"]["leaves_on"] == "2026-11-30"


def test_what_somebody_should_take_next(shared_shop: Shop, comes: Comer) -> None:
    """As the desk says, the most urgent first."""
    person = comes(shared_shop, Role.COORDINATOR)
    person.open(f"/reviewers/{WHO}")
    person.follow("What should they take next?")
    found = shared_shop.get(f"/v1/reviewers/{WHO}/next-cases?top=10")
    assert person.page.locator("tbody th a").all_inner_texts() == [one["case_id"] for one in found["cases"]]


def load(state: str, percent: float | None) -> dict[str, Any]:
    """How full somebody is."""
    return {"state": state, "workload_percent": percent}


def test_an_overload_is_marked_from_110_percent() -> None:
    """From 100 it is shown; nobody without hours is said to have room."""
    found = [how_full(load(*one))[0] for one in
             [("ok", 50.0), ("full", 95.0), ("over", 110.0), ("over", 110.1), ("over", None),
              ("unavailable", None)]]  # fmt: skip
    assert found == ["Has room", "Full", "Over capacity", "Overloaded", "Over capacity", "Unavailable"]


def test_a_record_in_words() -> None:
    """Every limit, and what there is none of."""
    row = {"areas": ["Q01", "Q02"], "hours_per_week": 7.5, "employment": "provider", "provider": "p-1",
           "max_open_cases": 1, "cases_a_year": 4, "cases_this_year": 2, "max_distance_km": 30.0,
           "horizon_weeks": 10, "hours_factor": 1.2, "leaves_on": "2027-03-31"}  # fmt: skip
    said = dict(record_rows(row, lambda kind, code: f"{kind} {code}"))
    assert said["Home area"] == "area Q01"
    assert said["Employment"] == "From a provider: p-1"
    assert said["Limits"] == (
        "At most 1 open case at a time. At most 4 cases a year, 2 so far. Up to 30 km away. "
        "Work of 10 weeks is handed out at a time. Needs 1.2 hours for an hour of expected work"
    )
    assert said["Last working day"] == "31 March 2027"
    assert dict(record_rows({"areas": ["Q01"], "hours_per_week": 1}, lambda _, code: code))["Limits"] == (
        "None of their own"
    )
    assert interest({"kind": "involvement"}, "Trust (R1)") == "Took part in the care at Trust (R1)"
    assert interest({"kind": "personal", "case_id": "C1"}, "") == "Personal interest in case C1"


def test_the_picture_says_what_it_shows() -> None:
    """The first week with a free hour, and how many there are without any hours."""
    days = [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
    each = zip(days, (10.0, 0.0, 10.0), (10.0, 0.0, 2.5), strict=True)
    found = [{"first": one.isoformat(), "hours": hours, "booked": booked} for one, hours, booked in each]
    drawn = weeks(found, "<R1>")
    assert "The first with a free hour begins on 16 November 2026. In 1 week there are no hours." in drawn
    assert "<R1>" not in drawn
    assert drawn.count("<rect") == 6
    assert "There is no free hour in them." in weeks(found[:2], "R1")
    assert isinstance(weeks([], "R1"), Markup)


def test_a_bar_is_never_longer_than_its_frame() -> None:
    """Above 100 percent an arrow says that it goes on."""
    assert 'width="39"' in bar(50)
    assert 'width="78"' in bar(250)
    assert "<path" in bar(250)
    assert "<path" not in bar(100)
    assert 'width="0"' in bar(None)
