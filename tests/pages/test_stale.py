"""What somebody typed meets what somebody else saved meanwhile: neither is lost without a word."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.store.callers import Role
from api.pages.cases.fields import EVERY
from tests.pages.conftest import Shop
from tests.pages.visiting import form_of

HELD = "C000034"
"""A case of Q01 that somebody leads."""


def record_of(shop: Shop, path: str) -> Any:
    """What is on record at a path."""
    return shop.get(path)["record"]


def changed(shop: Shop, path: str, **fields: Any) -> None:
    """Nothing; somebody else changed a record."""
    shop.call("PUT", path, json={**record_of(shop, path), **fields})


@pytest.mark.parametrize(("name", "says"), [("hours_left", "0"), ("hold_days", "0"), ("skills", "not given")])
def test_nought_is_a_number_that_was_given(name: str, says: str) -> None:
    """It is not the same as nothing; an empty list is."""
    assert EVERY[name].in_words([] if name == "skills" else 0) == says


def test_a_nought_that_was_only_looked_at_does_not_come_back(shop: Shop) -> None:
    """Whoever did not touch the hours left does not overwrite what somebody else made of them."""
    path = f"/v1/cases/{HELD}"
    changed(shop, path, hours_left=0)
    visitor, page = shop.visitor(Role.COORDINATOR), f"/cases/{HELD}/correct"
    before = visitor.form(page, "save")
    changed(shop, path, hours_left=6)
    refused = visitor.press(page, "save", form=before, admin_hours_left="2")
    assert refused.status_code == 412
    again = form_of(refused.text, "save")
    assert (again["hours_left"], again["admin_hours_left"]) == ("6", "2")
    assert visitor.press(page, "save", form=again).status_code == 200
    found = record_of(shop, path)
    assert (found["hours_left"], found["admin_hours_left"]) == (6, 2)


def test_a_correction_may_say_when_evidence_is_expected(shop: Shop) -> None:
    """As the reviewer may, and it is told as changed."""
    visitor, page = shop.visitor(Role.COORDINATOR), f"/cases/{HELD}/correct"
    typed = {"evidence_received_on__day": "", "evidence_received_on__month": "",
             "evidence_received_on__year": "", "evidence_expected_on__day": "7",
             "evidence_expected_on__month": "12", "evidence_expected_on__year": "2026"}  # fmt: skip
    answer = visitor.press(page, "save", **typed)
    assert answer.status_code == 200
    assert "Evidence expected on" in answer.text
    assert record_of(shop, f"/v1/cases/{HELD}")["evidence_expected_on"] == "2026-12-07"


ME = "R0005"
"""A reviewer of Q01."""


def an_interest(shop: Shop, **more: Any) -> str:
    """The path of an interest of theirs that a coordinator has put down, with a remark."""
    path = "/v1/interests/known-from-staff"
    row = {"reviewer_id": ME, "kind": "financial", "organisation": "RZZ99", "note": "From the register"}
    shop.call("PUT", path, json={**row, **more})
    return path


def test_a_changed_interest_keeps_its_remark(shop: Shop) -> None:
    """Whoever gives its last day has not taken back what else was said of it."""
    path = an_interest(shop)
    visitor = shop.visitor(Role.REVIEWER, reviewer_id=ME)
    page = "/my-work/interests?change=known-from-staff"
    visitor.told(visitor.press(page, "keep", to__day="1", to__month="10", to__year="2026"))
    found = record_of(shop, path)
    assert (found["to"], found["note"]) == ("2026-10-01", "From the register")


def test_an_interest_that_somebody_changed_is_not_overwritten(shop: Shop) -> None:
    """Neither by a change nor by taking it back; looked at again it may be."""
    path = an_interest(shop)
    visitor = shop.visitor(Role.REVIEWER, reviewer_id=ME)
    page = "/my-work/interests?change=known-from-staff"
    before = {do: visitor.form(page, do) for do in ("keep", "remove")}
    an_interest(shop, kind="personal")
    for do, form in before.items():
        refused = visitor.press(page, do, form=form)
        assert refused.status_code == 412
        assert "Somebody has changed this since you opened the page" in refused.text
    assert record_of(shop, path)["kind"] == "personal"
    assert visitor.press(page, "remove", form=form_of(refused.text, "remove")).status_code == 303


def test_hours_that_nobody_touched_stay_as_they_are(shop: Shop) -> None:
    """To the minute, where somebody saves the form as it was shown."""
    case_id = shop.get(f"/v1/cases?reviewer_id={ME}")["items"][0]["id"]
    changed(shop, f"/v1/cases/{case_id}", hours_left=6.25, admin_hours_left=1.75)
    visitor, page = shop.visitor(Role.REVIEWER, reviewer_id=ME), f"/my-work/cases/{case_id}"
    visitor.told(visitor.press(page, "accept"))
    visitor.told(visitor.press(page, "progress"))
    found = record_of(shop, f"/v1/cases/{case_id}")
    assert (found["hours_left"], found["admin_hours_left"]) == (6.25, 1.75)


@pytest.mark.parametrize(("end", "do", "slip"), [
    ("change", "save", {"hours_per_week": "many"}),
    ("leaving?last_day=2026-11-30", "decide", {"cases": ""}),
])  # fmt: skip
def test_a_slip_does_not_hide_what_somebody_else_saved(
    shop: Shop, end: str, do: str, slip: dict[str, str]
) -> None:
    """What was typed stands against what was shown at first, however often it is mended."""
    visitor, page = shop.visitor(Role.COORDINATOR), f"/reviewers/R0007/{end}"
    before = visitor.form(page, do)
    changed(shop, "/v1/reviewers/R0007", skills=["bsl"])
    again = visitor.press(page, do, form=before, **slip)
    assert again.status_code == 422
    mended = {**form_of(again.text, do), "cases": "keep", "hours_per_week": "15"}
    refused = visitor.client.post(page, data=mended)
    assert refused.status_code == 412
    assert record_of(shop, "/v1/reviewers/R0007")["skills"] == ["bsl"]


def test_a_review_reported_with_a_slip_does_not_hide_it_either(shop: Shop) -> None:
    """A reviewer's own form goes on from what they were shown."""
    case_id = shop.get(f"/v1/cases?reviewer_id={ME}")["items"][0]["id"]
    visitor, page = shop.visitor(Role.REVIEWER, reviewer_id=ME), f"/my-work/cases/{case_id}"
    visitor.told(visitor.press(page, "accept"))
    before = visitor.form(page, "progress")
    changed(shop, f"/v1/cases/{case_id}", hours_left=30)
    again = visitor.press(page, "progress", form=before, hours_left="many")
    assert again.status_code == 422
    refused = visitor.press(page, "progress", form=form_of(again.text, "progress"), hours_left="2")
    assert refused.status_code == 412
