"""The queue: sorted and filtered by links and a form, kept for who comes back, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from allocator.store.callers import Role
from tests.pages.conftest import Comer, Shop, end_sessions, shop_of
from tests.pages.person import Person
from tools.shop import small_queue

ONE_WAY = pytest.mark.parametrize("way", ["mouse"], indirect=True)


def shown(person: Person) -> list[str]:
    """The cases on the page, in their order."""
    return person.page.locator("tbody th a").all_inner_texts()


def told(shop: Shop, query: str) -> list[str]:
    """The cases that the call tells of, in their order."""
    return [one["case_id"] for one in shop.get(f"/v1/queue?area=Q01&{query}")["cases"]]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A service with more cases than one page shows."""
    tables = small_queue()
    plain = {"area": "Q01", "notified_on": "2026-10-01", "review_type": "initial"}
    tables["cases"] += [{"case_id": f"N{number:03d}", **plain} for number in range(230)]
    yield from shop_of(tmp_path_factory.mktemp("large"), tables)


def test_the_order_is_kept_for_who_comes_back(shared_shop: Shop, comes: Comer) -> None:
    """A press on a heading sorts by it, one more the other way round; the menu leads back to the same."""
    person = comes(shared_shop, Role.COORDINATOR, "Q01")
    person.open("/queue")
    assert shown(person) == told(shared_shop, "")
    person.follow("Days waiting")
    assert shown(person) == told(shared_shop, "sort=-days")
    heading = person.page.locator("th[aria-sort]")
    assert (heading.count(), heading.get_attribute("aria-sort")) == (1, "descending")
    person.page.get_by_role("link", name="Days waiting").first.click()
    person.look()
    assert shown(person) == told(shared_shop, "sort=days")
    person.reads("by days waiting, fewest first")
    person.follow("Home")
    person.follow("Queue")
    assert shown(person) == told(shared_shop, "sort=days")
    person.follow("Sort by the most urgent")
    assert shown(person) == told(shared_shop, "")


def test_filters_are_kept_until_they_are_cleared(shared_shop: Shop, comes: Comer) -> None:
    """With the order; what is shown is what the call tells, and so is the file."""
    person = comes(shared_shop, Role.COORDINATOR, "Q01")
    person.open("/queue?sort=allocate_by")
    person.pick("Needs attention", "Overdue")
    person.pick("Review", "Initial")
    person.pick("State", "Allocated")
    person.press("Show")
    query = "need=overdue&review_type=initial&state=allocated&sort=allocate_by"
    wanted = told(shared_shop, query)
    assert shown(person) == wanted
    assert 0 < len(wanted) < len(told(shared_shop, ""))
    person.follow("Home")
    person.follow("Queue")
    assert shown(person) == wanted
    link = person.page.get_by_role("link", name="Download this list (CSV)").get_attribute("href")
    file = person.context.request.get(shared_shop.home + str(link)).text()
    assert [line.split(",")[0] for line in file.splitlines()[1:]] == wanted
    person.follow("Clear the filters")
    assert shown(person) == told(shared_shop, "sort=allocate_by")


def test_one_case_is_found(shared_shop: Shop, comes: Comer) -> None:
    """By a part of its number; what is not there is said not to be."""
    person = comes(shared_shop, Role.COORDINATOR, "Q01")
    person.open("/queue")
    wanted = told(shared_shop, "need=to_allocate")[0]
    person.fill("Case number", wanted.lower()[1:])
    person.press("Show")
    assert shown(person) == [wanted]
    row = person.page.locator("tbody tr")
    assert row.get_by_role("link", name=wanted, exact=True).get_attribute("href") == f"/cases/{wanted}"
    suggest = row.get_by_role("link", name=f"Suggest a reviewer for {wanted}")
    assert suggest.get_attribute("href") == f"/cases/{wanted}/suggest"
    person.fill("Case number", "nothing")
    person.press("Show")
    person.reads("No case fits these filters.")


def test_clocks_are_told_in_words(shared_shop: Shop, comes: Comer) -> None:
    """Of every case: the day, and how far it is; a hold stops them, and who leads it ends the first."""
    person = comes(shared_shop, Role.AUDITOR, "Q01")
    person.open("/queue?sort=case_id")
    cells = {row[0]: row[1:] for row in (_texts(one) for one in person.page.locator("tbody tr").all())}
    for one in shared_shop.get("/v1/queue?area=Q01")["cases"]:
        allocate, complete = cells[one["case_id"]][4:6]
        if one["is_allocated"]:
            assert "Allocated" in allocate
        elif one["on_hold"]:
            assert "Clock stopped" in allocate
        else:
            assert ("overdue" in allocate) == (one["allocate_by"] < "2026-11-02")
        assert ("overdue" in complete) == (not one["on_hold"] and one["complete_by"] < "2026-11-02")


def _texts(row: Any) -> list[str]:
    """What stands in each cell of a row; the first is the case's number."""
    first, *rest = (text.strip() for text in row.locator("th, td").all_inner_texts())
    return [first.split("\n")[0], *rest]


@ONE_WAY
def test_a_long_queue_is_shown_in_pages(large: Shop, comes: Comer) -> None:
    """Each a hundred; a page that is not there is the last; the file has them all."""
    person = comes(large, Role.COORDINATOR, "Q01")
    person.open("/queue?sort=-case_id")
    assert shown(person)[0] == "N229"
    person.page.get_by_role("link", name="Next").click()
    person.look()
    assert shown(person)[0] == "N129"
    total = large.get("/v1/queue?area=Q01")["found"]
    person.reads(f"{total} cases, of which 101 to 200 are shown, by case, Z to A")
    person.open("/queue?page=99")
    assert len(shown(person)) == total % 100
    person.page.get_by_role("link", name="Previous").click()
    person.look()
    link = person.page.get_by_role("link", name="Download this list (CSV)").get_attribute("href")
    assert len(person.context.request.get(large.home + str(link)).text().splitlines()) == total + 1


@ONE_WAY
def test_nothing_of_another_area_is_shown(shared_shop: Shop, comes: Comer) -> None:
    """Nor if it is asked for by name; and a reviewer has no queue."""
    person = comes(shared_shop, Role.COORDINATOR, "Q02")
    person.open("/queue")
    mine = shared_shop.get("/v1/queue?area=Q02")["cases"]
    assert sorted(shown(person)) == sorted(one["case_id"] for one in mine)
    person.open("/queue?area=Q01")
    person.heading("You may not do this")
    for role in (Role.REVIEWER, Role.COMMISSIONER, Role.CASE_SYSTEM):
        other = comes(shared_shop, role, "Q01", reviewer_id="R0001" if role is Role.REVIEWER else None)
        other.open("/queue")
        other.heading("You may not do this")


@ONE_WAY
def test_what_one_person_looked_at_is_not_shown_to_the_next(shared_shop: Shop, comes: Comer) -> None:
    """On the same browser: the filters of who has signed out are gone, and break nothing."""
    person = comes(shared_shop, Role.ADMIN)
    person.open("/queue?area=Q01&find=C0000")
    left = [one for one in person.context.cookies() if one["name"] == "allocator_of_queue"]
    assert left
    other = comes(shared_shop, Role.COORDINATOR, "Q02")
    other.context.add_cookies(left)  # type: ignore[arg-type]
    other.open("/queue")
    assert other.page.get_by_label("Case number").input_value() == ""
    assert len(shown(other)) == len(shared_shop.get("/v1/queue?area=Q02")["cases"])


@ONE_WAY
def test_who_is_signed_out_in_the_middle_signs_in_again(shop: Shop, comes: Comer) -> None:
    """And a wrong address is told of as one."""
    person = comes(shop, Role.COORDINATOR, "Q01")
    person.open("/queue?sort=secret")
    person.heading("Something went wrong")
    person.open("/queue")
    end_sessions(shop)
    person.press("Show")
    person.heading("Sign in")


@pytest.mark.parametrize("way", ["mouse"], indirect=True)
def test_a_desk_has_room_for_the_queue_and_for_a_clock(shared_shop: Shop, comes: Comer) -> None:
    """Who has a case, and today on its line, are seen at once, and not only by who scrolls sideways."""
    person = comes(shared_shop, Role.COORDINATOR)
    case_id = told(shared_shop, "need=overdue")[0]
    for path in ("/queue?sort=-complete_by", f"/cases/{case_id}"):
        person.open(path)
        scrolled = person.page.locator(".app-scroll")
        hidden = scrolled.evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
        assert max(hidden) <= 2, path
