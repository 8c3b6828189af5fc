"""Sizes: the smallest in half posts, told with luck that the search has not had."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocator.errors import BadInput
from scenarios.estimates import year_shares
from scenarios.files import changed
from scenarios.run import Stopped, run_variant
from scenarios.scenario import Scenario
from scenarios.sizing import Sized, Wanted, sized
from scenarios.sizing.groups import HALF
from scenarios.sizing.pool import FRESH, STEADY, Pool
from scenarios.sizing.trial import Trial
from tests.scenarios.build import bare, scenario

SMALL: dict[str, Any] = {"years": 2, "replications": 8}
GROUP: dict[str, Any] = {"wte": 9, "sickness": 0.1, "turnover": 0.3}


def small(**tables: Any) -> Scenario:
    """A queue of some 40 cases a year."""
    return scenario(GROUP, run=SMALL, **{"demand": {"a_year": 40}, "targets": {"completed": 0.9}, **tables})


def chance(one: Scenario, wte: float, first: int) -> float:
    """In which share of years, after the first, a size meets all targets; by the records of each run."""
    here = changed(one, {**STEADY, "groups.g0.wte": wte, "groups.g0.people": None})
    found = run_variant(here, range(first, first + one.run.replications))
    met = np.ones((one.run.replications, 1), bool)
    for end in ("allocated", "begun", "completed"):
        wanted = one.targets.share(end)  # type: ignore[arg-type]
        if wanted is not None:
            met &= year_shares(found, end, "eligible")[:, 1:] >= wanted  # type: ignore[arg-type]
    return float(met.mean())


@pytest.mark.parametrize("targets", [
    {"completed": 0.9},
    {"completed": None, "begun": 0.85, "begun_months": 2.2},
    {"completed": 0.6, "allocated": 0.95, "allocated_months": 0.5},
])  # fmt: skip
def test_the_answer_is_that_of_going_through_all_half_posts(targets: dict[str, Any]) -> None:
    """Every target counts, of those that are set; what is told comes from fresh numbers."""
    one = small(targets=targets)
    found = sized(one, Wanted()).steady
    wanted = one.targets.chance
    sizes = [step * HALF for step in range(1, 20)]
    first = next(wte for wte in sizes if wte >= found.fluid_wte and chance(one, wte, 0) >= wanted)
    best = next(wte for wte in sizes if wte >= first and chance(one, wte, FRESH) >= wanted)
    assert found.met
    assert found.at.wte == best
    assert found.at.chance == pytest.approx(chance(one, best, FRESH), rel=1e-5)


def test_a_second_target_can_only_take_more() -> None:
    """It was not looked at where reviews are to be completed too."""
    alone = sized(small(), Wanted()).steady.at
    quick = {"completed": 0.9, "allocated": 0.99, "allocated_months": 0.05}
    both = sized(small(targets=quick), Wanted()).steady.at
    assert both.wte > alone.wte
    assert [(one.end, one.target) for one in both.shares] == [("allocated", 0.99), ("completed", 0.9)]


def test_the_work_alone_is_below_the_answer() -> None:
    """A size below the fluid one has fewer hours than are asked for: reckoned by hand here."""
    one = bare({"wte": 1}, demand={"a_year": 100}, work={"initial_hours": 40}, run=SMALL)
    by_hand = 100 * 40 / (37.5 * 365.25 / 7)
    found = sized(one, Wanted()).steady
    assert found.fluid_wte == pytest.approx(by_hand, rel=1e-5)
    assert found.fluid_cost == pytest.approx(by_hand * 64_000, rel=1e-5)
    assert by_hand <= found.at.wte


def test_other_groups_take_their_part_of_the_work() -> None:
    """What they can do need not be done by the group that is sought; below nought it does not go."""
    work = {"demand": {"a_year": 100}, "work": {"initial_hours": 40}, "run": SMALL}
    alone = sized(bare({"wte": 1}, **work), Wanted()).steady
    one = sized(bare({"wte": 1}, {"people": 1}, **work), Wanted()).steady
    assert one.fluid_wte == pytest.approx(alone.fluid_wte - 1, rel=1e-4)
    many = sized(bare({"wte": 1}, {"people": 9}, **work), Wanted()).steady
    assert many.fluid_wte == 0
    assert many.at.wte == 0


def test_the_size_of_a_named_group_is_sought() -> None:
    """The others stay as they are, and are paid."""
    one = scenario({"wte": 1}, {"wte": 1}, run=SMALL, demand={"a_year": 60}, targets={"completed": 0.9})
    found = sized(one, Wanted(groups=("g1",)))
    assert found.groups == ("g1",)
    assert list(found.steady.at.groups) == ["g1"]
    assert found.steady.at.cost > 64_000


@pytest.mark.parametrize(("change", "code", "hint"), [
    ({}, "unknown-group", "known: g0"),
    ({"targets": {"completed": None}}, "no-target", "targets.completed = 0.95"),
])  # fmt: skip
def test_where_there_is_nothing_to_seek_it_is_said(change: dict[str, Any], code: str, hint: str) -> None:
    """So that it can be mended by reading the message."""
    with pytest.raises(BadInput) as raised:
        sized(small(**change), Wanted(groups=() if change else ("team", "bank")))
    assert [fault.code for fault in raised.value.faults] == [code] * (1 if change else 2)
    assert raised.value.faults[0].hint == hint


def test_a_group_whose_posts_have_no_hours_has_no_size() -> None:
    """No number of them would do; said instead of an overflow."""
    one = scenario({"wte": 1, "review_share": 0}, run=SMALL)
    with pytest.raises(BadInput) as raised:
        sized(one, Wanted())
    assert raised.value.faults[0].code == "no-hours"


@pytest.mark.parametrize("tables", [{"demand": {"a_year": 0}}, {"targets": {"completed_months": 30}}])
def test_where_no_clock_ends_there_is_nothing_to_size(tables: dict[str, Any]) -> None:
    """No number of posts was enough for nothing: the search went up to thousands of them."""
    with pytest.raises(BadInput) as raised:
        sized(small(**tables), Wanted())
    assert raised.value.faults[0].code == "nothing-due"


def test_the_frontier_holds_the_answer_and_more_chance_costs_more() -> None:
    """The cheapest size for each of some chances, with its chance of fresh numbers."""
    found = sized(small(), Wanted())
    assert found.steady.at in found.frontier
    assert len(found.frontier) > 1
    assert all(point.wte % HALF == 0 and point.wte > 0 for point in found.frontier)
    for cheaper, dearer in zip(found.frontier, found.frontier[1:], strict=False):
        assert cheaper.cost < dearer.cost
        assert cheaper.chance < dearer.chance or found.steady.at in (cheaper, dearer)


def test_more_posts_clear_the_backlog_in_the_weeks_that_are_asked() -> None:
    """With the extra ones nothing is overdue by then with the chance; with half a post fewer it is not."""
    one = small(demand={"a_year": 40, "backlog": {"waiting": 60, "waiting_days": 120}})
    found = sized(one, Wanted(clear_weeks=30))
    assert found.clearing is not None
    assert found.clearing.met
    assert found.clearing.extra_wte > 0

    def cleared(extra: float, first: int) -> float:
        wte = found.steady.at.wte + extra
        here = changed(one, {"run.years": 30 * 7 / 365.25 + 1e-6, "groups.g0.wte": wte})
        run = run_variant(here, range(first, first + one.run.replications))
        return float((run.overdue[:, :, -1].sum(axis=1) == 0).mean())

    extra = found.clearing.extra_wte
    assert cleared(extra, FRESH) == pytest.approx(found.clearing.chance, rel=1e-5)
    assert found.clearing.chance >= one.targets.chance
    assert min(cleared(extra - HALF, 0), cleared(extra - HALF, FRESH)) < one.targets.chance
    months = extra * 30 * 7 / (365.25 / 12)
    assert found.clearing.wte_months == pytest.approx(months, rel=1e-5)
    assert found.clearing.cost == pytest.approx(months * one.groups[0].cost / 12, rel=1e-5)


def test_a_clearing_that_fresh_numbers_refuse_takes_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was searched for and told on the same numbers."""
    one = small(demand={"a_year": 40, "backlog": {"waiting": 60, "waiting_days": 120}})
    lucky = sized(one, Wanted(clear_weeks=30)).clearing
    real = Pool._tried

    def worse(self: Pool, here: Scenario, point: tuple[int, ...], fresh: bool, lasts: str = "") -> Trial:
        if fresh and lasts:
            point = tuple(max(0, count - 2) for count in point)
        return real(self, here, point, fresh, lasts)

    monkeypatch.setattr(Pool, "_tried", worse)
    unlucky = sized(one, Wanted(clear_weeks=30)).clearing
    assert lucky is not None
    assert unlucky is not None
    assert unlucky.met
    assert unlucky.extra_wte > lucky.extra_wte


def test_clearing_may_be_asked_for_sooner_than_training_takes() -> None:
    """The posts are there at the start; a newcomer's training is no reason to refuse."""
    found = sized(small(), Wanted(clear_weeks=3))
    assert found.clearing is not None
    assert found.clearing.met
    assert found.clearing.extra_wte == 0
    assert "they clear the backlog in 3 weeks in 100% of runs" in found.says


def test_what_nothing_can_meet_is_said_and_ends() -> None:
    """Evidence takes longer than there is time: no size helps, and the search does not go on for ever."""
    found = sized(small(evidence={"days": 300}), Wanted())
    assert not found.steady.met
    assert found.says.startswith(f"No size up to {found.steady.at.wte:g} WTE meets 90%")


def test_a_search_that_fresh_numbers_never_confirm_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """It went on for ever, half a post at a time."""
    real = Pool._tried

    def luck(self: Pool, here: Scenario, point: tuple[int, ...], fresh: bool, lasts: str = "") -> Trial:
        found = real(self, here, (16,), fresh=False)
        done = np.zeros_like(found.due) if fresh else found.due
        return Trial(found.due, done, found.cost * sum(point), found.clear)

    monkeypatch.setattr(Pool, "_tried", luck)
    assert not sized(small(), Wanted()).steady.met


def test_a_search_can_be_stopped() -> None:
    """Between two sizes."""
    with pytest.raises(Stopped):
        sized(small(), Wanted(), stopped=lambda: True)


def test_the_same_scenario_gives_the_same_answer_on_any_number_of_workers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To the byte, of several blocks where there would be one."""
    monkeypatch.setattr("scenarios.run.MOST_LANES", 3)
    one, two = (sized(small(), Wanted(workers=workers)) for workers in (1, 2))
    assert one == two
    assert isinstance(one, Sized)
