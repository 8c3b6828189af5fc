"""Several groups and areas: the cheapest mix, told where its posts are."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from scenarios.capacity import net_hours
from scenarios.files import changed
from scenarios.run import run_variant
from scenarios.scenario import Scenario
from scenarios.sizing import Wanted, sized
from scenarios.sizing.groups import by_area, posts_by_area, sought
from scenarios.sizing.pool import FRESH, STEADY
from scenarios.sizing.trial import Trial
from scenarios.telling import variant_answer
from tests.scenarios.build import scenario

RUN: dict[str, Any] = {"years": 2, "replications": 8}
SKILL: dict[str, Any] = {"a_year": 40, "skills": [{"name": "autism", "share": 0.3}]}
SENIOR: dict[str, Any] = {"wte": 1, "name": "senior", "skills": ["autism"], "cost": 80_000}
JUNIOR: dict[str, Any] = {"wte": 1, "name": "junior", "cost": 40_000}
TWO: list[dict[str, Any]] = [{"name": "A"}, {"name": "B", "share": 2}]


def mixed(*groups: dict[str, Any], **tables: Any) -> Scenario:
    """A queue of which some need a skill that juniors lack."""
    return scenario(
        *(groups or (SENIOR, JUNIOR)), run=RUN, **{"demand": SKILL, "targets": {"completed": 0.85}, **tables}
    )


def chance(one: Scenario, senior: float, junior: float, first: int) -> float:
    """In which share of years a mix meets the target."""
    here = changed(one, {**STEADY, "groups.senior.wte": senior, "groups.junior.wte": junior})
    found = Trial.of(here, [0], run_variant(here, range(first, first + one.run.replications)))
    return found.chance({"completed": 0.85}, 1) or 0.0


def test_the_mix_is_the_cheapest_of_all() -> None:
    """Every mix of half posts that is cheaper was looked at here, and is not good enough."""
    one = mixed()
    found = sized(one, Wanted(groups=("senior", "junior"))).steady
    mix = found.at.groups
    assert found.met
    assert chance(one, mix["senior"], mix["junior"], FRESH) == pytest.approx(found.at.chance, rel=1e-5)
    assert found.at.chance >= 0.9
    spent = 80_000 * mix["senior"] + 40_000 * mix["junior"]
    for senior, junior in product((0.5, 1.0, 1.5, 2.0, 2.5), (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)):
        reviews = sum(wte * net_hours(group) for wte, group in zip((senior, junior), one.groups, strict=True))
        if 80_000 * senior + 40_000 * junior < spent and reviews > found.fluid_wte * net_hours(one.groups[0]):
            good = min(chance(one, senior, junior, first) for first in (0, FRESH))
            assert good < 0.9, (senior, junior)


def test_least_wte_and_least_cost_are_two_questions() -> None:
    """Of two kinds that do the same one costs half and takes twice the posts."""
    half = {"name": "half", "wte": 1, "review_share": 0.4, "cost": 20_000}
    one = mixed({"name": "whole", "wte": 1, "review_share": 0.8, "cost": 64_000}, half, demand={"a_year": 40})
    cheap = sized(one, Wanted(("whole", "half"), "cost")).steady.at
    few = sized(one, Wanted(("whole", "half"), "wte")).steady.at
    assert cheap.cost < few.cost
    assert cheap.wte > few.wte
    assert cheap.groups["half"] > few.groups["half"]


def test_among_equal_wte_money_decides() -> None:
    """Whoever costs less is taken first."""
    even = {"wte": 1, "turnover": 0}
    one = mixed(
        {"name": "dear", "cost": 90_000, **even},
        {"name": "cheap", **even},
        demand={"a_year": 40},
        steady=True,
    )
    found = sized(one, Wanted(("dear", "cheap"), "wte")).steady.at
    assert found.groups["dear"] == 0


def test_people_are_sized_in_half_posts_of_their_hours() -> None:
    """One person with two hours a week more is no step that anybody sees."""
    people = {"name": "day", "people": 3, "hours_a_week": 7.5, "kind": "day_job", "caseload": 2}
    one = mixed(people, demand={"a_year": 40})
    (group,) = sought(one, ("day",), "cost")
    assert (group.step, group.wte) == (2.0, 0.4)
    assert group.price == pytest.approx(0.4 * 64_000, rel=0.05)
    found = sized(one, Wanted(("day",)))
    assert found.steady.at.groups["day"] % 2 == 0
    assert found.steady.at.wte == pytest.approx(found.steady.at.groups["day"] / 5)


def test_a_bought_review_counts_with_its_price() -> None:
    """A dear provider is left alone, a cheap one is not."""
    for price, is_taken in ((9_000, False), (100, True)):
        firm = {"name": "firm", "kind": "provider", "wte": 1, "price": price}
        found = sized(mixed(JUNIOR, firm, demand={"a_year": 40}), Wanted(("junior", "firm"))).steady
        assert (found.at.groups["firm"] > 0) is is_taken
        assert (found.at.groups["junior"] == 0) is is_taken


def test_who_is_slow_does_not_keep_a_size_from_being_found() -> None:
    """Cases that go to people with an hour a week are late, however many of them there are."""
    slow = {"name": "slow", "people": 0, "hours_a_week": 1, "kind": "day_job", "caseload": 1, "cost": 30_000}
    found = sized(mixed(JUNIOR, slow, demand={"a_year": 40}), Wanted(("junior", "slow"))).steady
    assert found.met
    assert found.at.groups["slow"] == 0


def test_areas_apart_are_sized_one_by_one() -> None:
    """As each would be in a scenario with both; told by area and in all."""
    one = mixed({"wte": 1, "turnover": 0}, areas=TWO, demand={"a_year": 90})
    found = sized(one, Wanted())
    first, second = found.areas
    assert (first.area, second.area) == ("A", "B")
    assert 0 < first.wte < second.wte
    assert found.steady.at.wte == first.wte + second.wte
    assert found.steady.at.cost == pytest.approx(first.cost + second.cost, rel=1e-4)
    chances = [area.chance for area in found.areas]
    assert found.steady.at.chance == min(chance for chance in chances if chance is not None) >= 0.9
    assert "in each area" in found.says


def test_what_is_told_of_areas_is_what_a_scenario_with_a_group_each_says() -> None:
    """The sizes written down as groups and run on the fresh numbers give the same money and shares."""
    one = mixed({"wte": 1, "name": "team"}, areas=TWO, demand={"a_year": 90, "backlog": {}})
    found = sized(one, Wanted())
    groups = sought(one, (), "cost")
    sizes = {(at,): (round(area.wte * 2),) for at, area in enumerate(found.areas)}
    here = by_area(one, groups, sizes)
    assert [(group.name, group.wte) for group in here.groups] == [
        (f"team, {area.area}", area.wte) for area in found.areas
    ]
    told = variant_answer("", {}, here, run_variant(here, range(FRESH, FRESH + 8)))
    assert told.money.a_year.mean == pytest.approx(found.steady.at.cost, rel=1e-4)
    for mine, its in zip(found.areas, told.areas[1:], strict=True):
        completed = next(row for row in its.in_time if (row.end, row.of) == ("completed", "eligible"))
        assert mine.shares[0].share == completed.share


def test_pooled_areas_are_sized_together_and_their_posts_told_by_area() -> None:
    """Each has its share of the posts, and a chance of its own beside the pool's."""
    one = mixed({"wte": 1}, areas=TWO, pooling="country", demand={"a_year": 90})
    found, apart = sized(one, Wanted()), sized(one.model_copy(update={"pooling": "own"}), Wanted())
    assert found.steady.at.wte == sum(area.wte for area in found.areas) <= apart.steady.at.wte
    assert found.areas[1].wte >= found.areas[0].wte
    assert "in each area" not in found.says


def test_an_area_that_no_sought_group_may_serve_stays_as_it_is() -> None:
    """Where others do its work all is well; where nobody does, it is named."""
    there, here = {"wte": 3, "areas": ["B"]}, {"wte": 1, "areas": ["A"], "name": "here"}
    found = sized(mixed(here, there, areas=TWO, demand={"a_year": 60}), Wanted(("here",)))
    assert found.steady.met
    assert found.areas[1].groups == {}
    alone = sized(mixed(here, areas=TWO, demand={"a_year": 60}), Wanted(("here",)))
    assert alone.says.startswith("In B no size up to")
    assert [area.met for area in alone.areas] == [True, False]


def test_posts_go_to_areas_by_their_shares_the_part_of_one_last() -> None:
    """Three whole ones and a half in three areas, of which one has twice the cases."""
    areas = [{"name": "A"}, {"name": "B", "share": 2}, {"name": "C"}]
    one = scenario({"wte": 1}, {"wte": 1, "areas": ["C"]}, areas=areas, pooling="country")
    groups = sought(one, ("g0", "g1"), "cost")
    pool = (0, 1, 2)
    first = next(group for group in groups if group.number == 0)
    second = next(group for group in groups if group.number == 1)
    point = tuple(7 if group is first else 3 for group in groups)
    assert posts_by_area(one, first, groups, {pool: point}) == {0: 1.0, 1: 1.5, 2: 1.0}
    assert posts_by_area(one, second, groups, {pool: point}) == {2: 1.5}


def test_what_is_agreed_for_a_whole_group_is_divided() -> None:
    """A ceiling and a minimum of a provider: each area has its part."""
    firm = {"wte": 1, "kind": "provider", "price": 1000, "ceiling": 30, "minimum": 15}
    one = scenario(firm, areas=TWO)
    groups = sought(one, ("g0",), "cost")
    here = by_area(one, groups, {(0,): (2,), (1,): (4,)})
    assert [(group.ceiling, group.minimum) for group in here.groups] == [(10, 5), (20, 10)]
