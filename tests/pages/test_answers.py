"""What pages answer where something is over, too far off, or only half done."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from allocator.store.callers import Role
from api.auth import COOKIE
from api.errors import Refusal
from tests.pages.conftest import Shop, end_sessions
from tests.pages.planned import lines_of, plan_of, plan_of_small_queue


def test_signing_out_leaves_nothing_in_the_browser(shop: Shop) -> None:
    """Not even how the queue was looked at last."""
    visitor = shop.visitor(Role.COORDINATOR)
    visitor.reads("/queue?state=notified")
    assert visitor.client.get_cookie("allocator_of_queue")
    answer = visitor.press("/sign-out", "", form=visitor.form("/sign-out", ""))
    assert answer.status_code == 303
    for name in (COOKIE, "allocator_of_queue", "allocator_of_home"):
        assert visitor.client.get_cookie(name) is None


def test_what_asks_again_and_again_is_sent_to_sign_in_once_its_time_is_over(shop: Shop) -> None:
    """The part of the page that it would fill stays; the browser leaves for the sign-in, and comes back."""
    visitor = shop.visitor(Role.COORDINATOR)
    end_sessions(shop)
    answer = visitor.look("/plans/new", Accept="*/*", **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=%2Fplans%2Fnew")


def test_what_is_lost_is_shown_without_what_nobody_typed(shop: Shop) -> None:
    """A version or an id says nothing to who copies it."""
    visitor, page = shop.visitor(Role.COORDINATOR), "/reviewers/R0007/change"
    form = visitor.form(page, "save")
    end_sessions(shop)
    answer = visitor.press(page, "save", form=form, hours_per_week="15")
    assert answer.status_code == 401
    assert "Hours per week" in answer.text
    assert ">Version<" not in answer.text


def test_a_day_at_the_end_of_all_days_is_refused(shop: Shop) -> None:
    """No day comes after it."""
    visitor = shop.visitor(Role.COORDINATOR)
    page = "/reviewers/R0010/leaving?last_day={}"
    form = visitor.form(page.format("2026-11-30"), "decide")
    for day in ("9999-12-31", "soon"):
        assert visitor.look(page.format(day)).status_code == 200
        assert visitor.press(page.format(day), "decide", form=form).status_code == 422
    assert "leaves_on" not in shop.get("/v1/reviewers/R0010")["record"]
    away = "/reviewers/R0010/away?from=9999-12-01&to=9999-12-31"
    assert visitor.look(away).status_code in (200, 422)


@pytest.mark.parametrize(("page", "kept"), [
    ("/reviewers/R0007/away?from=2026-11-09&to=2026-11-22", "The absence from 9 November 2026"),
    ("/reviewers/R0007/leaving?last_day=2026-11-30", "The last working day is 30 November 2026"),
])  # fmt: skip
def test_what_is_kept_is_said_though_nobody_could_be_found_to_take_over(
    shop: Shop, page: str, kept: str
) -> None:
    """That nothing was done would be untrue."""
    visitor = shop.visitor(Role.COORDINATOR)
    form = visitor.form(page, "decide")
    with patch("api.handovers.takeover", side_effect=Refusal(503, "busy", "No search is free.")):
        answer = visitor.press(page, "decide", form=form, cases="hand-over")
    said = visitor.told(answer)
    assert kept in said
    assert "No search is free" in said


def test_an_id_leads_on_whatever_stands_in_it(shop: Shop) -> None:
    """A question mark does not end the address."""
    row = {"reviewer_id": "R?1", "areas": ["Q01"], "hours_per_week": 10}
    shop.call("PUT", "/v1/reviewers/R%3F1", json=row)
    visitor = shop.visitor(Role.COORDINATOR)
    page = "/reviewers/R%3F1/leaving"
    asked = {"leaves_on__day": "30", "leaves_on__month": "11", "leaves_on__year": "2026"}
    answer = visitor.press(page, "ask", **asked)
    assert answer.location == "/reviewers/R%3F1/leaving?last_day=2026-11-30"
    assert "R?1 is leaving" in visitor.told(answer)


def test_approving_all_counts_what_it_approves(shop: Shop) -> None:
    """A line that is out of date is not approved by it, and not counted."""
    plan = plan_of_small_queue(shop)
    lines = [one for one in lines_of(shop, plan) if one["role"] == "lead"]
    case_id = lines[0]["case_id"]
    record = shop.get(f"/v1/cases/{case_id}")["record"]
    shop.call("PUT", f"/v1/cases/{case_id}", json={**record, "out_of_scope": "other"})
    sound = [one for one in lines_of(shop, plan) if one["state"] == "proposed" and not one["stale"]]
    assert len(sound) < len(lines_of(shop, plan))
    visitor = shop.visitor(Role.COORDINATOR)
    assert f"Approve all {len(sound)}" in visitor.reads(f"/plans/{plan}")
    said = visitor.told(visitor.press(f"/plans/{plan}", "approve-all"))
    assert f"{len(sound)} lines approved" in said
    assert "Approve all" not in said


def test_a_plan_of_some_areas_is_made_again_of_them(shop: Shop) -> None:
    """From the page where it cannot be published, too."""
    plan = plan_of(shop, "Q01")
    line = next(one for one in lines_of(shop, plan) if one["role"] == "lead")
    shop.call("POST", f"/v1/plans/{plan}/approvals", json={})
    path = f"/v1/cases/{line['case_id']}"
    shop.call("PUT", path, json={**shop.get(path)["record"], "out_of_scope": "other"})
    visitor = shop.visitor(Role.COORDINATOR)
    wanted = f"/plans/new?previous={plan}&amp;area=Q01"
    assert wanted in visitor.reads(f"/plans/{plan}")
    assert wanted in visitor.reads(f"/plans/{plan}/publish")
