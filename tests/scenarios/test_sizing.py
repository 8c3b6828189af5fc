"""Sizes: the smallest in half posts, told with luck that the search has not had."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocator.errors import BadInput
from scenarios.estimates import year_shares
from scenarios.files import changed
from scenarios.outcome import Outcome
from scenarios.run import Stopped, run_variant
from scenarios.scenario import Scenario
from scenarios.sizing import FRESH, HALF, STEADY, Sizer, Wanted, fluid, sized
from tests.scenarios.build import bare, scenario

SMALL: dict[str, Any] = {"years": 2, "replications": 8}


def small(**tables: Any) -> Scenario:
    """A queue of some 40 cases a year."""
    group = {"wte": 9, "sickness": 0.1, "turnover": 0.3}
    return scenario(group, run=SMALL, **{"demand": {"a_year": 40}, "targets": {"completed": 0.9}, **tables})


def chance(one: Scenario, wte: float, first: int) -> float:
    """In which share of years, after the first, a size meets the target; by the records of each run."""
    here = changed(one, {**STEADY, "groups.g0.wte": wte, "groups.g0.people": None})
    count = one.run.replications
    each = year_shares(run_variant(here, range(first, first + count)), "completed", "eligible")[:, 1:]
    return float((each >= (one.targets.completed or 0)).mean())


def test_the_answer_is_that_of_going_through_all_half_posts() -> None:
    """Halving finds what trying one size after the other finds, and what is told comes from fresh numbers."""
    one = small()
    found = sized(one, Wanted()).steady
    wanted = one.targets.chance
    sizes = [step * HALF for step in range(1, 13)]
    first = next(wte for wte in sizes if chance(one, wte, 0) >= wanted)
    best = next(wte for wte in sizes if wte >= first and chance(one, wte, FRESH) >= wanted)
    assert found.met
    assert found.wte == best
    assert found.at.chance == pytest.approx(chance(one, best, FRESH), rel=1e-5)


def test_the_work_alone_is_below_the_answer() -> None:
    """A size below the fluid one has fewer hours than are asked for: reckoned by hand here."""
    one = bare({"wte": 1}, demand={"a_year": 100}, work={"initial_hours": 40}, run=SMALL)
    by_hand = 100 * 40 / (37.5 * 365.25 / 7)
    assert fluid(one, one.groups[0]) == pytest.approx(by_hand)
    found = sized(one, Wanted()).steady
    assert by_hand <= found.wte
    assert found.fluid_wte == pytest.approx(by_hand, rel=1e-5)


def test_other_groups_take_their_part_of_the_work() -> None:
    """What they can do need not be done by the group that is sought; below nought it does not go."""
    one = bare({"wte": 1}, {"people": 1}, demand={"a_year": 100}, work={"initial_hours": 40})
    alone = bare({"wte": 1}, demand={"a_year": 100}, work={"initial_hours": 40})
    assert fluid(one, one.groups[0]) == pytest.approx(fluid(alone, alone.groups[0]) - 1)
    many = bare({"wte": 1}, {"people": 9}, demand={"a_year": 100}, work={"initial_hours": 40})
    assert fluid(many, many.groups[0]) == 0


def test_the_size_of_a_named_group_is_sought() -> None:
    """The others stay as they are."""
    one = scenario({"wte": 1}, {"wte": 1}, run=SMALL, demand={"a_year": 60}, targets={"completed": 0.9})
    found = sized(one, Wanted(group="g1"))
    assert found.group == "g1"
    assert found.steady.at.cost > 64_000


def test_an_unknown_group_is_refused_with_those_that_there_are() -> None:
    """So that it can be mended by reading the message."""
    with pytest.raises(BadInput) as raised:
        sized(small(), Wanted(group="team"))
    assert raised.value.faults[0].code == "unknown-group"
    assert raised.value.faults[0].hint == "known: g0"


def test_without_a_target_there_is_nothing_to_seek() -> None:
    """The key to fill in is named."""
    with pytest.raises(BadInput) as raised:
        sized(small(targets={"completed": None}), Wanted())
    assert (raised.value.faults[0].code, raised.value.faults[0].pointer) == ("no-target", "/targets")


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


def test_the_frontier_holds_the_answer_and_costs_rise() -> None:
    """Half posts around it, each with its chance of fresh numbers."""
    found = sized(small(), Wanted())
    sizes = [point.wte for point in found.frontier]
    assert found.steady.wte in sizes
    assert sizes == sorted(set(sizes))
    assert all(size % HALF == 0 and size > 0 for size in sizes)
    costs = [point.cost for point in found.frontier]
    assert costs == sorted(costs)
    assert found.frontier[sizes.index(found.steady.wte)] == found.steady.at


def test_more_posts_clear_the_backlog_in_the_weeks_that_are_asked() -> None:
    """With the extra ones nothing is overdue by then with the chance; with half a post fewer it is not."""
    one = small(demand={"a_year": 40, "backlog": {"waiting": 60, "waiting_days": 120}})
    found = sized(one, Wanted(clear_weeks=30))
    assert found.clearing is not None
    assert found.clearing.met
    assert found.clearing.chance >= one.targets.chance
    assert found.clearing.extra_wte > 0

    def cleared(extra: float) -> float:
        wte = found.steady.wte + extra
        here = changed(one, {"run.years": 30 * 7 / 365.25 + 1e-6, "groups.g0.wte": wte})
        run = run_variant(here, range(FRESH, FRESH + one.run.replications))
        return float((run.overdue[:, :, -1].sum(axis=1) == 0).mean())

    assert cleared(found.clearing.extra_wte) == pytest.approx(found.clearing.chance, rel=1e-5)
    assert cleared(found.clearing.extra_wte - HALF) < one.targets.chance
    months = found.clearing.extra_wte * 30 * 7 / (365.25 / 12)
    assert found.clearing.wte_months == pytest.approx(months, rel=1e-5)
    assert found.clearing.cost == pytest.approx(months * one.groups[0].cost / 12, rel=1e-5)


def test_clearing_may_be_asked_for_sooner_than_training_takes() -> None:
    """The posts are there at the start; a newcomer's training is no reason to refuse."""
    found = sized(small(), Wanted(clear_weeks=3))
    assert found.clearing is not None
    assert found.clearing.met
    assert found.clearing.extra_wte == 0


def test_what_nothing_can_meet_is_said_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence takes longer than there is time: no size helps, and the search does not go on for ever."""
    monkeypatch.setattr("scenarios.sizing.MOST_WTE", 2.0)
    one = small(evidence={"days": 300})
    found = sized(one, Wanted())
    assert not found.steady.met
    assert found.says.startswith("No size up to")


def test_a_search_that_fresh_numbers_never_confirm_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """It went on for ever, half a post at a time."""
    one = small()
    monkeypatch.setattr("scenarios.sizing.PATIENCE", 4)
    met = run_variant(changed(one, {"groups.g0.wte": 8}), range(8))
    late = Outcome(**{**vars(met), "in_time": np.zeros_like(met.in_time)})
    good = Outcome(**{**vars(met), "in_time": met.due})
    monkeypatch.setattr(Sizer, "_outcome", lambda self, wte, fresh: late if fresh else good)
    assert not Sizer(one, Wanted()).sized().steady.met


def test_a_search_can_be_stopped() -> None:
    """Between two sizes."""
    with pytest.raises(Stopped):
        Sizer(small(), Wanted(), stopped=lambda: True).sized()
