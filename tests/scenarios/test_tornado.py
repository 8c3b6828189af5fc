"""Assumptions tried one by one: which matter, which way, and what looks wrong."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios import tornado as module
from scenarios.answers import Bar, Estimate, Tornado
from scenarios.estimates import shares
from scenarios.files import changed, scenario_of
from scenarios.run import run_variant
from scenarios.scenario import Scenario
from scenarios.sources import Source, assumed, sources
from scenarios.tornado import tornado
from tests.scenarios.build import scenario


def small() -> Scenario:
    """A queue that is late now and then, with a range of its own for one key."""
    run = {"years": 0.6, "replications": 6}
    soon = {"completed_months": 2}
    one = scenario({"wte": 1.5}, run=run, targets=soon, demand={"a_year": 60}, evidence={"admin_wte": 0.5})
    content = one.model_dump(mode="json")
    content["assumptions"] = {
        "groups.g0.wte": {"low": 0.5, "high": 4, "reason": "what the board talks about"},
        "work.rework": {"low": 0.25, "high": 0.25, "reason": "it is known"},
        "holds.share": {"low": 0.1, "high": 1.5, "reason": "a range that goes too far"},
    }
    return scenario_of(content | {"variants": [{"name": "v", "change": {"demand.a_year": 600}}]})


@pytest.fixture(scope="module")
def found() -> Tornado:
    """Return its tornado."""
    return tornado(small())


def bar(found: Tornado, key: str) -> Bar:
    """The bar of one key."""
    return next(one for one in found.bars if one.key == key)


def test_every_number_with_a_range_is_tried(found: Tornado) -> None:
    """Shipped ranges and the file's own, none twice."""
    assert sorted(one.key for one in found.bars) == sorted(one.key for one in sources(small()))
    assert "groups.g0.wte" in {one.key for one in found.bars}


def test_the_one_that_matters_most_comes_first(found: Tornado) -> None:
    """And its bar is the distance between its ends."""
    swings = [one.swing for one in found.bars]
    assert swings == sorted(swings, reverse=True)
    for one in found.bars:
        if one.at_low and one.at_high:
            assert one.swing == pytest.approx(abs(one.at_high.mean - one.at_low.mean))


def test_an_end_is_the_difference_run_by_run(found: Tornado) -> None:
    """The base with that one number changed, on the same luck; without its variants."""
    one = small().model_copy(update={"variants": ()})
    base, low = (shares(run_variant(here, range(6))) for here in (one, changed(one, {"groups.g0.wte": 0.5})))
    told = bar(found, "groups.g0.wte")
    assert told.at_low is not None
    assert told.at_high is not None
    assert told.at_low.mean == pytest.approx(float(np.nanmean(low - base)), rel=1e-5)
    assert told.at_low.mean < 0 < told.at_high.mean


def test_a_range_without_width_changes_nothing(found: Tornado) -> None:
    """Neither end differs from the base."""
    told = bar(found, "work.rework")
    assert told.at_low is not None
    assert (told.at_low.mean, told.swing) == (0.0, 0.0)


def test_an_end_that_cannot_be_is_left_empty(found: Tornado) -> None:
    """A share above 1: the other end is told all the same."""
    told = bar(found, "holds.share")
    assert told.at_high is None
    assert told.high_cannot == "input should be less than or equal to 1"
    assert told.at_low is not None
    assert told.low_cannot is None


@pytest.mark.parametrize(
    ("a_year", "low", "high"), [(85, 70, 100), (100, 70, 100), (170, 140, 200), (0, 70, 100)]
)
def test_a_value_outside_of_the_shipped_range_has_one_around_it(a_year: int, low: int, high: int) -> None:
    """A country's notifications were tried at one area's; of none at all there is no proportion."""
    told = {source.key: source for source in sources(scenario(demand={"a_year": a_year}))}
    assert (told["demand.a_year"].low, told["demand.a_year"].high) == pytest.approx((low, high))


def test_what_is_about_the_run_is_left_out() -> None:
    """Other replications have no like in the base: the difference could not be taken, and stopped it all."""
    content = small().model_dump(mode="json")
    content["assumptions"] = {"run.replications": {"low": 2, "high": 9, "reason": "somebody tries"}}
    told = bar(tornado(scenario_of(content)), "run.replications")
    assert (told.at_low, told.at_high, told.swing) == (None, None, 0.0)
    assert told.low_cannot == told.high_cannot
    assert "no run would have its like" in (told.low_cannot or "")


def test_the_reason_is_the_files_own_where_it_gives_one(found: Tornado) -> None:
    """An assumption that the file explains is none without a source any more."""
    assert bar(found, "groups.g0.wte").reason == "what the board talks about"
    assert "work.rework" not in {one.key for one in assumed(small())}
    assert "work.initial_hours" in {one.key for one in assumed(small())}


@pytest.mark.parametrize(
    ("grows", "at_low", "at_high", "is_reversed"),
    [
        ("better", -0.1, 0.1, False),
        ("better", 0.1, -0.1, True),
        ("better", 0.011, -0.011, True),
        ("better", 0.009, -0.009, False),
        ("worse", 0.1, -0.1, False),
        ("worse", -0.1, 0.1, True),
        (None, -0.1, 0.1, False),
    ],
)
def test_only_what_surely_goes_the_wrong_way_is_flagged(
    grows: str | None, at_low: float, at_high: float, is_reversed: bool
) -> None:
    """More staff that do worse are worth a look; within the luck of the runs they are not."""
    source = Source("k", 1, "", 0, 2, "", "", grows)  # type: ignore[arg-type]
    low, high = (Estimate(mean=mean, half_width=0.01) for mean in (at_low, at_high))
    assert module.is_reversed(source, low, high) is is_reversed
    assert not module.is_reversed(source, None, high)
    assert not module.is_reversed(source, low, Estimate(mean=at_high, half_width=None))


def test_shipped_assumptions_go_the_way_that_they_should(found: Tornado) -> None:
    """Nothing is flagged in a plain scenario."""
    assert [one.key for one in found.bars if one.reversed] == []
