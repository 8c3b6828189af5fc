"""Staff who join one after the other, and demand that grows after months that are known."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios.demand import flow
from scenarios.run import run_variant
from scenarios.units import MONTH, WEEK, YEAR
from scenarios.workforce import posts_of, staff
from tests.scenarios.build import bare, scenario


def comings(**group: float | None) -> list[float]:
    """The weeks in which four posts get their holders; 0 for who is there at the start."""
    one = bare({"people": 4, **group}, run={"years": 1})
    posts = staff(one, [0], posts_of(one), range(1))
    came = posts.changes[0][posts.comings[0]] / WEEK
    return sorted([0.0] * int(posts.is_there.sum()) + came.tolist())


@pytest.mark.parametrize(
    ("group", "weeks"),
    [
        ({}, [0, 0, 0, 0]),
        ({"from_week": 5}, [5, 5, 5, 5]),
        ({"joining_weeks": 8}, [1, 3, 5, 7]),
        ({"from_week": 10, "joining_weeks": 8}, [11, 13, 15, 17]),
        ({"joining_weeks": 400}, [50, 150, 250, 350]),
        ({"joining_weeks": 8, "to_week": 5}, [1, 3]),
        ({"from_week": 9, "to_week": 9}, []),
    ],
)
def test_who_joins_by_and_by_comes_one_after_the_other(
    group: dict[str, float | None], weeks: list[float]
) -> None:
    """Evenly within the weeks, each in the middle of their part; nobody comes when all have left again."""
    if group.get("joining_weeks") == 400:  # after the run's end, nobody comes
        weeks = [one for one in weeks if one < YEAR / WEEK]
    assert comings(**group) == pytest.approx(weeks)


def test_half_the_hours_are_there_while_a_team_joins_through_the_run() -> None:
    """Evenly: one post after the other, on average half of them."""
    at_once, by_and_by = (
        run_variant(bare({"people": 8, "joining_weeks": weeks}, run={"years": 1}), range(2)).available.sum()
        for weeks in (0, YEAR / WEEK)
    )
    assert by_and_by == pytest.approx(at_once / 2)


def test_demand_grows_after_the_months_that_are_known() -> None:
    """What was counted is what was counted; from then on it grows; without counts, from the start."""
    history = [10.0] * 6 + [20.0] * 6
    one = scenario(demand={"history": history, "trend": 0.1}, run={"years": 3})
    found = flow(one, one.areas[0])
    count = np.interp([6 * MONTH, YEAR, 2 * YEAR, 3 * YEAR], found.days, found.count)
    assert count[:2] == pytest.approx([60, 180], rel=0.01)
    assert count[3] - count[2] == pytest.approx(1.1 * (count[2] - count[1]), rel=0.001)
    assert count[2] - count[1] == pytest.approx(240 * 0.1 / np.log(1.1), rel=0.001)
    plain = scenario(demand={"a_year": 100, "trend": 0.1}, run={"years": 1})
    assert flow(plain, plain.areas[0]).total == pytest.approx(100 * 0.1 / np.log(1.1), rel=0.001)
