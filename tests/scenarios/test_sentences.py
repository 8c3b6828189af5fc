"""The sentence: who is there from the beginning, who comes later, whom reviews are bought from."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.play import play
from scenarios.sentences import staff
from tests.scenarios.build import scenario

TEAM: dict[str, Any] = {"name": "team", "wte": 2.5}


@pytest.mark.parametrize(("others", "says"), [
    ([], "2.5 WTE of reviewers"),
    ([{"people": 10, "hours_a_week": 3.75}], "3.5 WTE of reviewers"),
    ([{"wte": 9, "kind": "provider", "name": "Firm"}], "2.5 WTE of reviewers and reviews bought from Firm"),
    ([{"wte": 0, "kind": "provider", "name": "Firm"}], "2.5 WTE of reviewers"),
    ([{"wte": 1, "name": "new", "from_week": 26}], "2.5 WTE of reviewers and 1.0 WTE of new from week 26"),
    ([{"wte": 1, "name": "extra", "to_week": 52}], "2.5 WTE of reviewers and 1.0 WTE of extra until week 52"),
    (
        [
            {"wte": 0.5, "name": "bank", "from_week": 9, "to_week": 35},
            {"wte": 1, "kind": "provider", "name": "X", "from_week": 13},
        ],
        "2.5 WTE of reviewers, 0.5 WTE of bank from week 9 to week 35 and reviews bought from X from week 13",
    ),
    ([{"wte": 0, "name": "extra", "to_week": 52}], "2.5 WTE of reviewers"),
])  # fmt: skip
def test_only_who_is_there_all_the_time_counts_as_staff(others: list[dict[str, Any]], says: str) -> None:
    """A provider and a group that is still to come were counted as posts."""
    assert staff(scenario(TEAM, *others)) == says


def test_without_posts_of_ones_own_the_others_are_all_there_is() -> None:
    """And with nobody at all there are none."""
    assert staff(scenario({"wte": 3, "kind": "provider", "name": "Firm"})) == "reviews bought from Firm"
    assert staff(scenario({"wte": 0})) == "0.0 WTE of reviewers"


def test_every_target_is_told_the_completed_one_first() -> None:
    """Each with its chance, those that are not asked with none."""
    run = {"years": 1, "replications": 4}
    wanted = {"allocated": 0.8, "begun": 0.7, "completed": 0.9}
    says = play(scenario(TEAM, run=run, targets=wanted)).variants[0].says
    told = [says.index(f"{share} is met in") for share in ("90%", "80% allocated", "70% begun")]
    assert told == sorted(told)
    assert "begun" not in play(scenario(TEAM, run=run)).variants[0].says
