"""How this is worked out, and help: what counts now, and what each role can do, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from allocator.store.callers import Role
from api.pages import every
from api.pages.things import THINGS
from api.settings import Settings
from tests.pages.conftest import Comer, Shop, shop_of

by_mouse = pytest.mark.parametrize("way", ["mouse"], indirect=True)


def test_it_changes_with_the_policy(shop: Shop, comes: Comer) -> None:
    """Weights and rules as they are in force, and no others."""
    person = comes(shop, Role.COORDINATOR, "Q01")
    person.open("/")
    person.follow("How this is worked out")
    person.reads("An interest that has ended still counts for 24 months.")
    person.reads("A new lead from outside their home area costs 20 points.")
    person.reads("this service has not set one of its own")
    policy = {"conflict": {"cooling_off_months": 36}, "weights": {"away_from_home_area": 75},
              "geography": {"rule": "distance", "max_distance_km": 40}}  # fmt: skip
    shop.call("PUT", "/v1/policy", json=policy)
    person.open("/how-it-works")
    person.reads("An interest that has ended still counts for 36 months.")
    person.reads("A new lead from outside their home area costs 75 points.")
    person.reads("else 40 km")
    person.reads("version 1")
    main = person.page.locator("main").inner_text()
    assert "24 months" not in main
    assert "named as a neighbour" not in main
    for rule in shop.get("/v1/rules")["rules"]:
        assert all(sentence in main for sentence in (rule["sentence"], *rule["detail"]))


@by_mouse
@pytest.mark.parametrize("role", Role)
def test_everybody_who_has_signed_in_may_read_it(shared_shop: Shop, comes: Comer, role: Role) -> None:
    """And nobody else: the others are asked to sign in."""
    person = comes(shared_shop, role, reviewer_id="R0001" if role is Role.REVIEWER else None)
    person.open("/how-it-works")
    person.heading("How this is worked out")
    person.open("/help")
    person.heading("Help")
    for thing in THINGS[role]:
        person.reads(thing.name)


@by_mouse
def test_a_stranger_signs_in_first(shared_shop: Shop, comes: Comer) -> None:
    """Neither page is there for them."""
    person = comes(shared_shop, None)
    for path in ("/how-it-works", "/help"):
        person.open(path)
        person.heading("Sign in")


def test_help_leads_to_what_somebody_can_do(shared_shop: Shop, comes: Comer) -> None:
    """From the foot of any page."""
    person = comes(shared_shop, Role.COORDINATOR)
    person.open("/")
    person.follow("Help")
    person.reads("whoever runs this service")
    person.follow("Look after reviewers")
    person.heading("Reviewers")


@pytest.mark.parametrize("role", Role)
def test_help_leads_nobody_where_they_may_not_go(role: Role) -> None:
    """Of the pages that there are."""
    may = {one.path: one.may for one in every.pages()}
    for thing in THINGS[role]:
        assert re.fullmatch(r"/[a-z/-]+", thing.path)
        assert role in may.get(thing.path, [role]), thing.path


@pytest.fixture
def contacted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A service that says whom to ask."""
    monkeypatch.setenv("ALLOCATOR_CONTACT", "reviews@example.nhs.uk")
    assert Settings().contact is not None
    yield from shop_of(tmp_path)


@by_mouse
def test_help_says_whom_to_ask(contacted: Shop, comes: Comer) -> None:
    """If whoever runs the service has said so."""
    person = comes(contacted, Role.AUDITOR)
    person.open("/help")
    person.reads("Ask reviews@example.nhs.uk.")
