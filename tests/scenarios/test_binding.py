"""What binds: told of the areas in which it does, wherever staff may not go."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.binding import listed
from scenarios.play import play
from tests.scenarios.build import scenario

RUN: dict[str, Any] = {"years": 1, "replications": 4}
TWO: list[dict[str, Any]] = [{"name": "A"}, {"name": "B"}]


def told(*groups: dict[str, Any], **tables: Any) -> Any:
    """The answer of a base."""
    return play(scenario(*groups, run=RUN, **tables)).variants[0]


def test_an_area_without_staff_is_what_binds() -> None:
    """All hours together would be enough; nobody may use them there."""
    found = told({"wte": 6, "areas": ["A"]}, areas=TWO)
    assert (found.binds.what, found.binds.settles) == ("reviewers", False)
    assert found.binds.says == "nobody reviews (in B)"
    assert "nobody reviews (in B)" in found.says
    first, second = found.areas[1:]
    assert first.binds.settles
    assert second.binds.says == "nobody reviews"


def test_an_area_that_no_post_reaches_is_what_binds() -> None:
    """Neighbours are read one way: who is at home in A has hours for B, and nobody comes to A."""
    areas = [{"name": "A"}, {"name": "B", "neighbours": ["A"]}]
    served = told({"wte": 6, "areas": ["B"]}, areas=areas, pooling="neighbours")
    assert served.binds.settles
    alone = told({"wte": 6, "areas": ["A"]}, areas=areas, pooling="neighbours")
    assert (alone.binds.says, alone.binds.settles) == ("nobody reviews the cases of B", False)
    without_hours = told({"wte": 6, "areas": ["B"], "review_share": 0}, areas=areas, pooling="neighbours")
    assert without_hours.binds.says == "nobody reviews"


def test_an_area_that_is_overloaded_does_not_hide_behind_the_others() -> None:
    """Nor the worse of two; pooled, they have enough."""
    groups = ({"wte": 5, "areas": ["A"]}, {"wte": 0.5, "areas": ["B"]})
    areas = [*TWO, {"name": "C", "share": 0.5}]
    found = told(*groups, {"wte": 0.3, "areas": ["C"]}, areas=areas, demand={"a_year": 170})
    assert not found.binds.settles
    assert found.binds.load == pytest.approx(max(area.binds.load for area in found.areas[1:]))
    assert "(in B, and 1 more like it)" in found.binds.says
    assert [area.binds.settles for area in found.areas[1:]] == [True, False, False]
    assert told(*groups, areas=TWO, demand={"a_year": 100}, pooling="country").binds.settles


def test_many_names_are_some_and_a_number() -> None:
    """A sentence is to be read."""
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A and B"
    assert listed(["A", "B", "C"]) == "A, B and C"
    assert listed(["A", "B", "C", "D", "E"]) == "A, B, C and 2 more"
