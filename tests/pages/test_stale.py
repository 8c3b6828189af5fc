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
