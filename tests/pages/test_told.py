"""Who is told what, and what a plan says of whom: the same on every page, and nothing that is not so."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from allocator.store.callers import Role
from tests.pages.conftest import Shop
from tests.pages.planned import line_of, lines_of, plan_of, plan_of_small_queue, ready
from tests.pages.visiting import BROWSER, Visitor

STAYS = "C000027"
"""A case that R0001 leads."""


def published(shop: Shop, plan: int, *seats: tuple[str, str]) -> None:
    """Nothing; these places of a plan count."""
    wanted = [{"case_id": case_id, "role": role} for case_id, role in seats]
    for part in ("approvals", "publications"):
        shop.call("POST", f"/v1/plans/{plan}/{part}", json={"lines": wanted})


def row(text: str, who: str) -> str:
    """What the first table of a page says in the row of a reviewer, without its tags."""
    rows = [re.sub(r"<[^>]+>|\s+", " ", one) for one in re.findall(r"<tr.*?</tr>", text, re.DOTALL)]
    return " ".join(next(one for one in rows if f" {who} " in one).split())


def test_a_second_place_is_not_told_like_the_lead(shop: Shop) -> None:
    """Who is second reads so, when it is published and when it is undone."""
    plan = plan_of_small_queue(shop)
    leads = {one["case_id"]: one for one in ready(shop, plan)}
    seconds = [one for one in lines_of(shop, plan) if one["role"] == "second" and not one["missing"]]
    second = next(one for one in seconds if one["case_id"] in leads)
    case_id, lead = second["case_id"], leads[second["case_id"]]
    published(shop, plan, (case_id, "lead"), (case_id, "second"))
    visitor = shop.visitor(Role.COORDINATOR)
    text = visitor.reads("/publications/1")
    assert f"Has the second place of {case_id} Told?" in row(text, second["advised"])
    assert f"Has {case_id} Told?" in row(text, lead["advised"])
    told = visitor.told(visitor.press("/publications/1", "undo"))
    assert f"No longer has the second place of {case_id}" in row(told, second["advised"])
    assert "They were not here in between." in row(told, second["advised"])
    assert "Tell them yourself" not in told


@pytest.fixture
def withdrawn(shop: Shop) -> tuple[Shop, str, str]:
    """A service in which somebody turned out to have an interest in a case that they had; which, and who."""
    who = shop.get(f"/v1/cases/{STAYS}")["lead"]["reviewer_id"]
    interest = {"reviewer_id": who, "kind": "personal", "case_id": STAYS}
    shop.call("PUT", "/v1/interests/NEW", json=interest)
    assert shop.get(f"/v1/cases/{STAYS}")["lead"] is None
    return shop, STAYS, who


def test_what_waits_at_home_waits_in_the_plan(withdrawn: tuple[Shop, str, str]) -> None:
    """A case that its reviewer lost waits, though the plan names them as who had it."""
    shop, case_id, who = withdrawn
    waiting = shop.get("/v1/queue")["total"]["to_allocate"]
    plan = plan_of(shop)
    assert line_of(shop, plan, case_id)["previous_reviewer_id"] == who
    visitor = shop.visitor(Role.COORDINATOR)
    assert f'app-count__number">{waiting}</span> to allocate' in visitor.reads("/")
    text = visitor.reads(f"/plans/{plan}")
    assert f"of {waiting} waiting cases get a lead" in text
    assert "changes hands" not in text
    areas: Any = shop.get(f"/v1/plans/{plan}")["by_area"]
    assert sum(one["placed"] + one["moved_waiting"] + one["without"] for one in areas.values()) == waiting


def test_who_lost_a_case_before_does_not_lose_it_again(withdrawn: tuple[Shop, str, str]) -> None:
    """Publishing takes nothing from them, and undoing it gives nothing back: they have nothing to be told."""
    shop, case_id, who = withdrawn
    plan = plan_of(shop)
    line = line_of(shop, plan, case_id)
    published(shop, plan, (case_id, "lead"))
    (told,) = shop.get("/v1/publications/1")["concerned"]
    assert (told["reviewer_id"], told["loses"]) == (line["advised"], [])
    assert f"no longer has {case_id}" not in shop.visitor(Role.COORDINATOR).reads("/publications/1").lower()
    assert who != line["advised"]


def test_a_plan_is_taken_away_as_files(shop: Shop) -> None:
    """Each link leads to a file; the whole plan is for who sees all areas."""
    plan = plan_of_small_queue(shop)
    found = {role: linked(shop.visitor(role[0], *role[1]), plan) for role in (
        (Role.COORDINATOR, ()), (Role.COORDINATOR, ("Q01",)), (Role.COMMISSIONER, ()))}  # fmt: skip
    whole, part, none = found.values()
    assert len(part) == 8
    assert whole - part == {f"/v1/plans/{plan}/document", f"/v1/plans/{plan}/certificate"}
    assert not none


def linked(visitor: Visitor, plan: int) -> set[str]:
    """The files that a plan's page leads to, each of which is there."""
    found = set(re.findall(rf'href="(/v1/plans/{plan}/[^"]+)"', visitor.reads(f"/plans/{plan}")))
    assert all(visitor.look(one).status_code == 200 for one in found)
    return found


def test_a_coordinator_makes_a_link_that_lets_a_reviewer_in(shop: Shop) -> None:
    """Once, to their own work; the page that made it shows it this once, and a later one is too late."""
    visitor = shop.visitor(Role.COORDINATOR, "Q01")
    assert 'href="/reviewers/R0001/link"' in visitor.reads("/reviewers/R0001")
    made = visitor.press("/reviewers/R0001/link", "make", hours="72")
    assert "once, until 5 November 2026 at 9:30am" in made.text
    assert "/invited/" not in visitor.reads("/reviewers/R0001/link")
    come = shop.app.test_client()
    path = link_in(made.text)
    assert come.post(path, headers=BROWSER).location == "/my-work"
    assert come.get("/v1/my-work").get_json()["reviewer_id"] == "R0001"
    assert come.post(path, headers=BROWSER).status_code == 409
    late = link_in(visitor.press("/reviewers/R0001/link", "make").text)
    shop.clock.now += timedelta(hours=24, seconds=1)
    answer = shop.app.test_client().post(late, headers=BROWSER)
    assert (answer.status_code, "This link does not work any more" in answer.text) == (409, True)


def link_in(text: str) -> str:
    """The path of the link that a page shows."""
    (found,) = re.findall(r'value="[^"]*(/invited/[^"]+)"', text)
    return str(found)


def test_who_may_not_let_a_reviewer_in(shop: Shop) -> None:
    """Neither a coordinator of another area, nor who only looks."""
    assert shop.visitor(Role.COORDINATOR, "Q02").look("/reviewers/R0001/link").status_code == 404
    for role in (Role.AUDITOR, Role.COMMISSIONER):
        assert shop.visitor(role).look("/reviewers/R0001/link").status_code == 403
    assert "/reviewers/R0001/link" not in shop.visitor(Role.AUDITOR).reads("/reviewers/R0001")


@pytest.mark.parametrize("path", ["/sign-in", "/", "/queue", "/plans", "/scenarios", "/performance", "/help"])
def test_no_page_passes_for_one_of_the_nhs(shared_shop: Shop, path: str) -> None:
    """No logo of theirs, and no footer of the Crown's: this is not their service."""
    text = shared_shop.visitor(Role.ADMIN).reads(path).lower()
    assert "nhs-logo" not in text
    assert "header__logo" not in text
    assert "crown copyright" not in text
    assert "open government" not in text
