"""All variants in one sentence: who clears the backlog by when, and what the base does instead."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scenarios.answers import Clearance, VariantAnswer
from scenarios.headline import headline
from scenarios.play import play
from scenarios.scenario import Scenario
from tests.scenarios.build import scenario

SOON, LATER = date(2027, 3, 24), date(2028, 6, 7)


@pytest.fixture(scope="module")
def plain() -> VariantAnswer:
    """Return any answer."""
    run = {"years": 1, "replications": 2}
    return play(scenario({"wte": 4}, run=run)).variants[0]


def answered(plain: VariantAnswer, name: str, settles: bool = True, **clear: Any) -> VariantAnswer:
    """The answer with another clearance."""
    nothing = {"chance": 0.0, "week": None, "earliest": None, "latest": None, "day": None}
    whole = plain.areas[0].model_copy(update={"clearance": Clearance(**(nothing | clear))})
    binds = plain.binds.model_copy(update={"settles": settles})
    return plain.model_copy(update={"name": name, "areas": (whole,), "binds": binds})


def sure(week: float, day: date) -> dict[str, Any]:
    """A clearance that nine runs of ten reach by a day."""
    return {"chance": 1.0, "week": week, "sure_week": week, "sure_day": day}


def of(*wte: float) -> list[Scenario]:
    """Scenarios of so many posts."""
    return [scenario({"wte": count}) for count in wte]


@pytest.mark.parametrize(("base", "variant", "says"), [
    ({"settles": False}, sure(51, SOON),
     "6.5 WTE clears the backlog by March 2027 in 9 runs of 10; 4.0 WTE never does."),
    ({}, sure(51, SOON),
     "6.5 WTE clears the backlog by March 2027 in 9 runs of 10; 4.0 WTE does not within the 2 years."),
    ({"chance": 0.78, "week": 80}, sure(51, SOON),
     "6.5 WTE clears the backlog by March 2027 in 9 runs of 10; 4.0 WTE in 8 runs of 10 within the 2 years."),
    ({"chance": 0.1, "week": 80}, {"chance": 0.5, "week": 70},
     "6.5 WTE clears the backlog within the 2 years in 5 runs of 10; "
     "4.0 WTE in 1 run of 10 within the 2 years."),
    ({"chance": 0.04, "week": 80}, {"chance": 0.01, "week": 70},
     "4.0 WTE clears the backlog within the 2 years in 4 runs of 100; "
     "nothing else that was tried does better."),
    (sure(90, LATER), sure(51, SOON),
     "6.5 WTE clears the backlog by March 2027 in 9 runs of 10; 4.0 WTE by June 2028."),
    (sure(51, SOON), sure(90, LATER),
     "4.0 WTE clears the backlog by March 2027 in 9 runs of 10; nothing else that was tried does better."),
    ({"settles": False}, {}, "Nothing that was tried clears the backlog within the 2 years; "
     "4.0 WTE completes most in time, 100%."),
])  # fmt: skip
def test_the_best_is_told_and_what_the_base_does(
    plain: VariantAnswer, base: dict[str, Any], variant: dict[str, Any], says: str
) -> None:
    """By their posts, where these tell them apart."""
    both = [answered(plain, "base", **base), answered(plain, "more", **variant)]
    assert headline(of(4, 6.5), both) == says


def test_where_posts_do_not_tell_them_apart_their_names_do(plain: VariantAnswer) -> None:
    """Staff for a time, providers, and what changes something else."""
    both = [answered(plain, "base", settles=False), answered(plain, "earlier evidence", **sure(51, SOON))]
    says = "“earlier evidence” clears the backlog by March 2027 in 9 runs of 10; “as it stands” never does."
    assert headline(of(4, 4), both) == says
    for extra in ({"to_week": 30}, {"from_week": 3}, {"kind": "provider"}):
        assert headline([scenario({"wte": 4}), scenario({"wte": 6, **extra})], both) == says


def test_without_a_backlog_shares_in_time_are_told(plain: VariantAnswer) -> None:
    """There is nothing to clear."""
    both = [answered(plain, name, chance=1.0, week=0, sure_week=0, sure_day=SOON) for name in ("base", "x")]
    share = plain.areas[0].in_time[-2].share
    assert share is not None
    assert headline(of(4, 6.5), both).startswith(f"4.0 WTE completes {share.mean:.0%} in time")
    assert headline([], []) == ""


def test_a_scenario_says_it_first() -> None:
    """Of as many variants as were done."""
    run = {"years": 1, "replications": 4}
    one = scenario({"wte": 1}, run=run, demand={"a_year": 600},
                   variants=[{"name": "more", "change": {"groups.g0.wte": 2}}])  # fmt: skip
    assert play(one).says.startswith("Nothing that was tried clears the backlog within the year; ")
    stops = iter([False, True])
    assert play(one, stopped=lambda: next(stops)).says == "1.0 WTE never clears the backlog."
