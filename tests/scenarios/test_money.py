"""What posts cost: as long as they have a holder, whatever keeps that holder from reviewing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scenarios.outcome import cost
from scenarios.play import play
from scenarios.run import run_variant
from scenarios.scenario import Scenario
from scenarios.units import WEEK, YEAR
from tests.scenarios.build import one_pool, scenario

STAYS: dict[str, Any] = {"turnover": 0, "cost": 50_000}


def a_year(one: Scenario) -> list[float]:
    """£ a year of each of three replications, rounded."""
    spent = cost(one, run_variant(one, range(3))).sum(axis=1) / one.run.years
    return [round(float(value), 2) for value in spent]


@pytest.mark.parametrize("more", [
    {},
    {"away_weeks": 20, "sickness": 0.5},
    {"away_weeks": 52},
    {"review_share": 0},
    {"sickness": 1},
])  # fmt: skip
def test_a_post_is_paid_whatever_its_hours(more: dict[str, Any]) -> None:
    """Without net hours it was free, though somebody had it."""
    assert a_year(scenario({"wte": 1.5, **STAYS, **more})) == [75_000.0] * 3


def test_who_is_away_by_a_shock_is_paid() -> None:
    """Money fell while staff were away; and evenly worked hours change nothing."""
    shock = [{"kind": "staff_away", "from_week": 0, "to_week": 40}]
    for steady in (True, False):
        assert a_year(scenario({"wte": 1, **STAYS}, shocks=shock, steady=steady)) == [50_000.0] * 3


def test_people_are_paid_by_their_contracted_hours() -> None:
    """Four of a tenth of a full-time post each."""
    assert a_year(scenario({"people": 4, "hours_a_week": 3.75, **STAYS})) == [20_000.0] * 3


def test_a_group_for_a_time_is_paid_for_that_time() -> None:
    """From its first week to its last one, in a run of two years."""
    one = scenario({"wte": 1, **STAYS, "from_week": 10, "to_week": 36})
    assert a_year(one) == [pytest.approx(50_000 * 26 * WEEK / YEAR / 2, rel=1e-6)] * 3


def test_a_vacancy_is_not_paid_and_training_is() -> None:
    """From leaving until somebody new is found nobody is paid; in training the newcomer is."""
    group = {"wte": 2, "turnover": 1.5, "cost": 50_000, "recruitment_weeks": 20, "training_weeks": 10}
    one = scenario(group, run={"years": 2, "replications": 20})
    _, _, posts = one_pool(one)
    until, paid = 2 * YEAR, np.zeros(20)
    for lane in range(20):
        days = 2 * until
        for day, comes in zip(posts.changes[lane], posts.comings[lane], strict=True):
            if day < until and not comes:
                days -= min(20 * WEEK, until - day)
        paid[lane] = 50_000 * days / YEAR
    assert (posts.changes < until).sum() > 20
    assert cost(one, run_variant(one, range(20)))[:, 0] == pytest.approx(paid)


def test_areas_pay_for_the_posts_at_home_there() -> None:
    """And their share of the administration and of reviews that are paid in any case."""
    areas = [{"name": "A"}, {"name": "B", "share": 3}]
    bought = {"wte": 1, "kind": "provider", "price": 1000, "minimum": 1_000_000}
    one = scenario(
        {"wte": 1, "areas": ["A"], **STAYS}, bought,
        areas=areas, evidence={"admin_wte": 1, "admin_cost": 40_000},
    )  # fmt: skip
    found = run_variant(one, range(3))
    spent = cost(one, found) / one.run.years
    assert spent.sum(axis=1) == pytest.approx(np.full(3, 50_000 + 40_000 + 1e9))
    reviews = found.reviews[:, :, 1] / one.run.years
    missing = 1e6 - reviews.sum(axis=1)
    assert spent[:, 0] == pytest.approx(50_000 + 10_000 + 1000 * (reviews[:, 0] + missing / 4))


def test_a_part_of_the_areas_pays_its_part() -> None:
    """Of some pools of a scenario, as when they are sized one by one."""
    areas = [{"name": "A"}, {"name": "B"}]
    one = scenario({"wte": 2, **STAYS}, areas=areas, evidence={"admin_wte": 1, "admin_cost": 40_000})
    found = run_variant(one, range(3))
    second = type(found)(
        **{name: values[:, 1:] if values.ndim > 1 else values for name, values in vars(found).items()}
    )
    assert cost(one, second, [1])[:, 0].tolist() == cost(one, found)[:, 1].tolist()


def test_money_by_area_adds_up_and_has_its_band() -> None:
    """Vacancies make it differ from run to run."""
    one = scenario({"wte": 4, "turnover": 0.5}, areas=[{"name": "A"}, {"name": "B"}])
    whole, *each = play(one).variants[0].areas
    assert whole.money.a_year.mean == pytest.approx(sum(area.money.a_year.mean for area in each), rel=1e-4)
    assert whole.money.a_year.low_80 < whole.money.a_year.high_80
    for area in (whole, *each):
        assert area.money.a_review == pytest.approx(area.money.a_year.mean / area.completed_a_year, rel=1e-4)
        assert area.workload is not None
