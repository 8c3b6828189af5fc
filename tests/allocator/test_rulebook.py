"""How a plan is worked out, in words: of every rule, and never of another policy than the one in force."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.policy import Policy
from allocator.rulebook import DETAILS, rulebook
from allocator.rules import RULES
from tests.allocator.build import policy

CHANGES: list[tuple[str, Any]] = [
    ("horizon", {"weeks": 9}),
    ("horizon", {"day_job_weeks": 40}),
    ("clocks", {"allocate_months": 4, "complete_months": 6}),
    ("clocks", {"complete_months": 7}),
    ("review_types", {"initial": {"hours": 15.0}}),
    ("review_types", {"initial": {"hours": 14.0, "admin_hours": 5.0}}),
    ("review_types", {"initial": {"hours": 14.0, "evidence_days": 50}}),
    ("review_types", {"initial": {"hours": 14.0, "sign_off_days": 20}}),
    ("review_types", {"focused": {"hours": 30.0, "second": None}}),
    ("review_types", {"focused": {"hours": 30.0, "second": {"hours": 3.0, "skills": ["autism"]}}}),
    ("conflict", {"cooling_off_months": 12}),
    ("conflict", {"cooling_off_months": 0}),
    ("conflict", {"commissioner_is_conflict": True}),
    ("conflict", {"unknown_organisations": "hold"}),
    ("geography", {"rule": "distance"}),
    ("geography", {"rule": "distance", "max_distance_km": 50.0}),
    ("geography", {"rule": "anywhere"}),
    ("capacity", {"max_workload": 1.1}),
    ("capacity", {"day_job_open_cases": 3}),
    ("capacity", {"bank_holidays": "none"}),
    ("capacity", {"year_starts": "01-01"}),
    ("weights", {"kilometre": 0}),
    ("weights", {"away_from_home_area": 30}),
    ("weights", {"move": 40}),
    ("weights", {"workload": ()}),
    ("weights", {"workload": ((0.5, 1), (0.8, 3))}),
]


def test_every_rule_is_told_and_no_other() -> None:
    """In the order of the contract."""
    assert [one.code for one in rulebook(Policy()).rules] == [rule.code for rule in RULES]
    assert set(DETAILS) == {rule.code for rule in RULES}


@pytest.mark.parametrize(("section", "keys"), CHANGES, ids=[f"{s}-{next(iter(k))}" for s, k in CHANGES])
def test_whatever_the_policy_says_otherwise_is_told_otherwise(section: str, keys: Any) -> None:
    """So that nobody reads of a rule or a weight that does not count."""
    assert rulebook(policy(**{section: keys})) != rulebook(Policy())


def test_chances_are_no_rule() -> None:
    """Nor weights: what only the report reads is not told of."""
    assert rulebook(policy(chance={"fragile": 0.5})) == rulebook(Policy())


def test_the_shipped_weights_in_words() -> None:
    """As a reader finds them."""
    cost = rulebook(Policy()).levels[2].detail
    assert cost[0] == "Each kilometre from the reviewer to a new case costs 1 point."
    assert cost[3] == "An hour above 50% of somebody's capacity costs 1 point, up to 80%."
    assert cost[5] == "An hour above 90% of somebody's capacity costs 6 points."
    none = rulebook(policy(weights={"kilometre": 0, "workload": ()})).levels[2].detail
    assert none[0].endswith("costs nothing.")
    assert none[-1] == "How full somebody's diary is costs nothing."
