"""Figures of an answer, against records counted one by one and against arrays made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scenarios import play as play_module
from scenarios.answers import AreaAnswer, InTime, VariantAnswer
from scenarios.comparing import differences
from scenarios.estimates import Z95, estimate, needed, shares, year_shares
from scenarios.files import Named, changed, scenario_of
from scenarios.outcome import ENDS, OF, OPEN, Outcome, cost
from scenarios.play import play
from scenarios.run import Stopped, run_variant
from scenarios.scenario import Scenario
from scenarios.telling import variant_answer
from scenarios.units import MONTH, WEEK, YEAR
from tests.scenarios.build import bare, one_pool, scenario

BUSY: dict[str, Any] = {
    "holds": {"share": 0.4, "after": {"mean": 40}, "lasts": {"mean": 50}},
    "demand": {"backlog": {"waiting": 20}},
}


COMPLETED = ENDS.index("completed")


def busy(**tables: Any) -> Scenario:
    """A scenario in which some are late and some are held."""
    return scenario({"wte": 1.5}, **{**BUSY, **tables})


def made(one: Scenario, n: int = 4, weeks: int = 10, years: int = 2) -> Outcome:
    """An outcome of one area in which nothing happens, to be filled in."""
    groups = len(one.groups)
    return Outcome(
        open=np.zeros((n, 1, weeks + 1, len(OPEN)), np.int64),
        overdue=np.zeros((n, 1, weeks + 1), np.int64),
        due=np.zeros((n, 1, years, len(ENDS), len(OF)), np.int64),
        in_time=np.zeros((n, 1, years, len(ENDS), len(OF)), np.int64),
        notified=np.zeros((n, 1, years), np.int64),
        completed=np.zeros((n, 1, years), np.int64),
        waits=np.zeros((n, 1, 3)),
        waited=np.zeros((n, 1)),
        allocated=np.zeros((n, 1), np.int64),
        at_once=np.zeros((n, 1), np.int64),
        begun=np.zeros((n, 1), np.int64),
        hours=np.zeros((n, 1, groups)),
        available=np.full((n, 1, groups), 1000.0),
        paid=np.zeros((n, 1, groups)),
        reviews=np.zeros((n, 1, groups), np.int64),
        skill_wait=np.zeros((n, 1, 1)),
        skill_cases=np.zeros((n, 1, 1), np.int64),
        admin_hours=np.zeros((n, 1)),
        asked_again=np.zeros(n, np.int64),
    )


def answer(one: Scenario, found: Outcome) -> VariantAnswer:
    """Its figures."""
    return variant_answer("base", {}, one, found)


def completed_eligible(area: AreaAnswer) -> InTime:
    """The row that targets are about unless said otherwise."""
    return next(row for row in area.in_time if (row.end, row.of) == ("completed", "eligible"))


def test_shares_in_time_are_counted_over_the_records() -> None:
    """Each case whose clock ended in the run, one by one: a hold that began before stops the eligible one."""
    one = busy()
    cases, records, _ = one_pool(one)
    found, until = run_variant(one, range(20)), one.run.years * YEAR
    for end, months, done in (
        ("allocated", 3.0, records.allocated),
        ("begun", 4.0, records.begun),
        ("completed", 6.0, records.completed),
    ):
        for of in OF:
            for lane in range(5):
                due = met = 0
                for case in np.flatnonzero(np.isfinite(cases.notified[lane])):
                    limit = cases.notified[lane, case] + months * MONTH
                    if of == "eligible" and cases.hold_from[lane, case] < limit:
                        limit += cases.hold_to[lane, case] - cases.hold_from[lane, case]
                    if 0 <= limit < until:
                        due += 1
                        met += int(done[lane, case] <= limit)
                assert shares(found, end, of)[lane] == pytest.approx(met / due)


def test_what_was_worked_on_before_the_start_is_begun() -> None:
    """A case in hand on which no work was done is begun when it is; what is late already stays late."""
    hands = {"waiting": 0, "in_hand": 30, "in_hand_days": 60}
    worked, fresh = (busy(demand={"backlog": hands | {"in_hand_left": left}}) for left in (0.5, 1.0))
    cases, records, _ = one_pool(worked)
    held = cases.held & (cases.hold_from == np.inf)
    limit = cases.notified + 4 * MONTH
    due = held & (limit >= 0)
    at = ENDS.index("begun")
    first, second = (run_variant(one, range(20)) for one in (worked, fresh))
    assert due.sum() > (due & (records.begun <= limit)).sum()
    assert (first.in_time[..., at, 0] - second.in_time[..., at, 0]).sum() > 0
    only = busy(demand={"a_year": 0, "backlog": hands}, holds={"share": 0})
    found = run_variant(only, range(5))
    assert found.due[..., at, 0].sum() > 0
    assert np.array_equal(found.due[..., at, :], found.in_time[..., at, :])


def test_measure_from_leaves_out_the_clocks_that_ended_before() -> None:
    """And takes away nothing of what comes later: the second year stays as it was."""
    whole, later = (run_variant(busy(run={"measure_from": first}), range(5)) for first in (0.0, 1.0))
    assert later.due[:, :, 0].sum() == 0
    assert np.array_equal(whole.due[:, :, 1], later.due[:, :, 1])
    assert np.array_equal(whole.in_time[:, :, 1], later.in_time[:, :, 1])


def test_bands_are_quantiles_of_the_replications() -> None:
    """By week and stage, and at the end."""
    one = busy()
    found = run_variant(one, range(20))
    area = answer(one, found).areas[0]
    total = found.open[:, 0].sum(axis=2)
    row = area.weeks[0]
    assert row.stage == "open"
    for at in (0, 50, len(row.mean) - 1):
        assert row.mean[at] == pytest.approx(total[:, at].mean(), rel=1e-5)
        assert row.low_80[at] == pytest.approx(np.quantile(total[:, at], 0.1), rel=1e-5)
        assert row.high_95[at] == pytest.approx(np.quantile(total[:, at], 0.975), rel=1e-5)
    assert area.at_end.high_80 == pytest.approx(np.quantile(total[:, -1], 0.9), rel=1e-5)
    by_stage = np.sum([each.mean for each in area.weeks[1:]], axis=0)
    assert by_stage == pytest.approx(np.array(row.mean), rel=1e-4)


def test_mean_and_chance_are_two_questions() -> None:
    """A mean above the target may come with bad years, one below with mostly good ones: both are told."""
    one = scenario({"wte": 1}, targets={"completed": 0.9, "chance": 0.75})
    for in_time, mean_meets, chance in (
        ([[100, 100], [100, 100], [100, 60], [100, 70]], True, 0.75),
        ([[90, 90], [90, 90], [90, 90], [90, 50]], False, 0.875),
        ([[100, 100], [89, 89], [100, 89], [100, 89]], True, 0.5),
    ):
        found = made(one)
        found.due[:], found.in_time[:, 0, :, COMPLETED, 0] = 100, in_time
        row = completed_eligible(answer(one, found).areas[0])
        assert row.share is not None
        assert row.share.mean == pytest.approx(np.mean(in_time) / 100, rel=1e-5)
        assert row.mean_meets is mean_meets
        assert row.chance == chance
        assert row.chance_meets is (chance >= 0.75)


def test_a_year_in_which_no_clock_ended_counts_for_nothing() -> None:
    """Neither as a good one nor as a bad one; with no such year at all there is no share."""
    one = scenario({"wte": 1}, targets={"completed": 0.9})
    found = made(one)
    found.due[:, 0, 1], found.in_time[:, 0, 1] = 10, 9
    row = completed_eligible(answer(one, found).areas[0])
    assert row.years[0] is None
    assert row.years[1] is not None
    assert row.chance == 1.0
    empty = completed_eligible(answer(one, made(one)).areas[0])
    assert (empty.share, empty.chance, empty.mean_meets, empty.chance_meets) == (None,) * 4


def test_the_backlog_is_cleared_once_nobody_is_overdue_for_half_a_year() -> None:
    """A single one much later changes nothing; one within the half-year does; at the end less must do."""
    one = scenario({"wte": 1})
    found = made(one, weeks=80)
    weeks = found.overdue.shape[2]
    found.overdue[0, 0, :3] = 5
    found.overdue[1, 0, [0, 60]] = 1
    found.overdue[2, 0, [0, 20]] = 1
    found.overdue[3, 0, -1] = 1
    found.overdue[3, 0, ::20] = 1
    clear = answer(one, found).areas[0].clearance
    assert clear.chance == 0.75
    assert clear.week == 3
    assert clear.earliest == pytest.approx(np.quantile([1, 3, 21], 0.1), rel=1e-5)
    assert clear.latest == pytest.approx(np.quantile([1, 3, 21], 0.9), rel=1e-5)
    found.overdue[:, 0, ::20] = 1
    found.overdue[:, 0, weeks - 1] = 1
    never = answer(one, found).areas[0].clearance
    assert (never.chance, never.week) == (0.0, None)


@pytest.mark.parametrize(("never", "sure"), [(0, 8), (1, 8), (2, None)])
def test_a_backlog_is_surely_cleared_when_nine_runs_of_ten_are_there(never: int, sure: int | None) -> None:
    """Of all runs, and not of those alone that ever are."""
    one = scenario({"wte": 1})
    found = made(one, 10, weeks=80)
    for at in range(10):
        found.overdue[at, 0, :at] = 1
    for at in range(10 - never, 10):
        found.overdue[at, 0, ::20] = 1
    clear = answer(one, found).areas[0].clearance
    assert clear.sure_week == sure


def test_the_overdue_are_those_who_wait_beyond_their_day() -> None:
    """Counted over the records at the end of some weeks."""
    one = busy(holds={"share": 0})
    cases, records, _ = one_pool(one)
    found = run_variant(one, range(20))
    limit = cases.notified + 3 * MONTH
    for week in (0, 10, 60, 104):
        late = (limit <= week * WEEK) & (records.allocated > week * WEEK)
        assert np.array_equal(found.overdue[:, 0, week], late.sum(axis=1)), week


def test_days_are_means_over_completed_cases() -> None:
    """From notification to allocation, to the beginning, to completion."""
    one = busy()
    cases, records, _ = one_pool(one)
    days = answer(one, run_variant(one, range(20))).areas[0].days
    done = (records.completed < one.run.years * YEAR) & (cases.notified >= 0)
    assert days is not None
    for told, later, earlier in (
        (days.to_allocation, records.allocated, cases.notified),
        (days.to_beginning, records.begun, records.allocated),
        (days.to_completion, records.completed, records.begun),
    ):
        assert told == pytest.approx((later[done] - earlier[done]).mean(), rel=1e-5)


def test_an_interval_is_that_of_a_mean() -> None:
    """1.96 standard errors, of the numbers that there are."""
    values = np.array([1.0, 2.0, np.nan, 4.0])
    found = estimate(values)
    assert found is not None
    assert found.mean == pytest.approx(7 / 3, rel=1e-5)
    assert found.half_width == pytest.approx(Z95 * np.std([1, 2, 4], ddof=1) / np.sqrt(3), rel=1e-5)
    assert estimate(np.array([np.nan])) is None


def test_so_many_replications_are_needed_as_make_the_interval_as_narrow() -> None:
    """For the widest of those that are asked about."""
    narrow, wide = np.array([0.5, 0.6, 0.7]), np.array([0.0, 1.0, np.nan])
    count = needed(0.1, [narrow, wide])
    assert count == int(np.ceil((Z95 * np.std([0, 1], ddof=1) / 0.1) ** 2))
    assert Z95 * np.std([0, 1], ddof=1) / np.sqrt(count) <= 0.1


def test_replications_are_added_until_the_half_width_is_met() -> None:
    """And no more of them than is allowed."""
    wide = {"years": 1, "replications": 5}
    one = scenario({"wte": 1.5}, run=wide | {"half_width": 1.0, "most_replications": 400})
    found = play(one).variants[0]
    row = completed_eligible(found.areas[0])
    assert 5 < found.replications <= 400
    assert row.share is not None
    assert row.share.half_width <= 0.06
    most = scenario({"wte": 1.5}, run=wide | {"half_width": 0.01, "most_replications": 9})
    assert play(most).variants[0].replications == 9


def test_a_stop_in_the_quick_discipline_keeps_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variant that it was to stand beside, and those before it; it alone is missing."""
    plain = play_module.replicated

    def quickly(one: Named, *more: Any) -> Outcome:
        if one.name == "dearer, by urgency":
            raise Stopped
        return plain(Named(one.name, changed(one.scenario, {"discipline.order": "urgency"})), *more)

    monkeypatch.setattr(play_module, "replicated", quickly)
    itself = {"run": {"years": 1, "replications": 2}, "discipline": {"order": "allocator"}}
    variants = [{"name": name, "change": {"groups.g0.wte": 2.0}} for name in ("dearer", "dearest")]
    found = play(scenario({"wte": 1.5}, **itself, variants=variants))
    assert [one.name for one in found.variants] == ["base", "dearer"]
    assert [bool(one.fast_differs) for one in found.variants] == [True, False]


def test_differences_are_taken_run_by_run() -> None:
    """A change that helps each run by the same has no width, however far the runs are apart."""
    one = scenario({"wte": 1})
    base, here = made(one), made(one)
    base.open[:, 0, -1, 0], here.open[:, 0, -1, 0] = [10, 50, 200, 30], [8, 48, 198, 28]
    found = {row.figure: row for row in differences(one, here, one, base)}
    row = found["open at the end"]
    assert (row.base, row.here, row.difference.mean) == (72.5, 70.5, -2.0)
    assert row.difference.half_width == 0.0
    assert row.is_sure


def test_the_base_costs_in_a_comparison_what_it_costs() -> None:
    """And not what it would at the prices of the variant."""
    content = scenario({"wte": 2}, run={"years": 1, "replications": 3}).model_dump(mode="json")
    dearer = {"groups.g0.cost": 90_000, "evidence.admin_wte": 1}
    base, other = play(scenario_of(content | {"variants": [{"name": "dearer", "change": dearer}]})).variants
    row = next(each for each in other.against_base if each.figure == "£ a year")
    assert row.base == base.money.a_year.mean
    assert row.here == other.money.a_year.mean


def test_sums_that_differ_in_their_last_digits_are_the_same() -> None:
    """The same posts in other pools cost the same: no 0.000000002 £ that are sure."""
    one = scenario({"wte": 2}, run={"years": 1})
    base = run_variant(one, range(4))
    here = replace(base, paid=base.paid * (1 + 1e-13))
    row = next(each for each in differences(one, here, one, base) if each.figure == "£ a year")
    assert (row.difference.mean, row.difference.half_width, row.is_sure) == (0, 0, False)
    near = replace(base, paid=base.paid * (1 + 1e-6))
    assert next(each for each in differences(one, near, one, base) if each.figure == "£ a year").is_sure


def test_a_difference_is_sure_when_its_interval_does_not_hold_nought() -> None:
    """A near miss is not sure; nor is anything of a single replication."""
    one = scenario({"wte": 1})
    for change, is_sure in (([5, 6, 7, 6], True), ([5, -6, 7, -2], False), ([0, 0, 0, 0], False)):
        base, here = made(one), made(one)
        base.open[:, 0, -1, 0] = 100
        here.open[:, 0, -1, 0] = 100 + np.array(change)
        row = next(each for each in differences(one, here, one, base) if each.figure == "open at the end")
        assert row.is_sure is is_sure
    base, here = made(one, n=1), made(one, n=1)
    here.open[:, 0, -1, 0] = 3
    alone = differences(one, here, one, base)
    assert not any(row.is_sure for row in alone)
    assert {row.difference.half_width for row in alone} == {None}


def test_a_variant_with_more_replications_is_compared_over_those_of_both() -> None:
    """The others have no partner."""
    one = scenario({"wte": 1})
    base, here = made(one, n=2), made(one, n=4)
    here.open[:, 0, -1, 0] = [1, 1, 99, 99]
    row = next(each for each in differences(one, here, one, base) if each.figure == "open at the end")
    assert row.difference.mean == 1.0


def test_an_empty_variant_differs_by_nothing() -> None:
    """In every figure, and so surely that there is no width."""
    content = busy(run={"years": 1, "replications": 5}).model_dump(mode="json")
    one = scenario_of(content | {"variants": [{"name": "nothing"}]})
    base, same = play(one).variants
    assert base.areas == same.areas
    assert all(row.difference.mean == row.difference.half_width == 0 for row in same.against_base)


def test_money_is_that_of_the_posts_that_were_there() -> None:
    """Two posts cost twice the price of one a year; admin is paid beside; bought reviews by their price."""
    never = {"turnover": 0, "sickness": 0, "away_weeks": 0, "review_share": 1}
    one = scenario({"wte": 2, "cost": 50_000, **never}, evidence={"admin_wte": 0.5, "admin_cost": 30_000})
    found = run_variant(one, range(3))
    assert cost(one, found)[:, 0] / one.run.years == pytest.approx(np.full(3, 115_000.0))
    bought = bare({"wte": 1, "kind": "provider", "price": 1000, "minimum": 20})
    made_of = made(bought)
    made_of.reviews[:, 0, 0] = [0, 39, 40, 100]
    assert cost(bought, made_of)[:, 0].tolist() == [40_000, 40_000, 40_000, 100_000]


def test_no_group_works_more_hours_than_it_has() -> None:
    """Work that the end of the run cuts off counts as far as it was done, from the first arrival on."""
    for hours in (3000, 1000, 75):
        one = bare(
            {"people": 1, "caseload": 1},
            demand={"a_year": 60, "at_random": False},
            work={"initial_hours": hours, "cv": 0},
            run={"years": 1, "replications": 2},
        )
        found = run_variant(one, range(2))
        assert found.hours[:, 0, 0] == pytest.approx(37.5 / WEEK * (YEAR - YEAR / 120))


def test_nobody_who_has_no_hours_has_worked() -> None:
    """Cases lie with them, and nothing is done."""
    one = scenario({"wte": 2, "review_share": 0}, run={"years": 1})
    assert run_variant(one, range(3)).hours.sum() == 0


def test_an_overloaded_system_says_that_it_never_settles() -> None:
    """And one with room does not."""
    few, many = (scenario({"wte": wte}, run={"years": 1, "replications": 3}) for wte in (0.5, 4))
    assert not answer(few, run_variant(few, range(3))).binds.settles
    assert answer(few, run_variant(few, range(3))).binds.what == "reviewers"
    assert answer(many, run_variant(many, range(3))).binds.settles
    slow = changed(many, {"evidence.admin_wte": 0.05})
    found = answer(slow, run_variant(slow, range(3))).binds
    assert (found.what, found.settles) == ("administration", False)


@pytest.mark.parametrize("limit", [{"cases_a_year": 5}, {"ceiling": 30}, {"caseload": 1}])
def test_who_may_not_take_more_binds_though_there_are_hours(limit: dict[str, Any]) -> None:
    """Hours alone said that nothing is short while the queue grew by three quarters of all that came."""
    one = scenario({"wte": 4, "caseload": 8, **limit}, run={"years": 3, "replications": 5})
    found = run_variant(one, range(5))
    assert found.open[:, 0, -1, 0].mean() > 50
    binds = answer(one, found).binds
    assert (binds.what, binds.settles) == ("reviewers", False)


def test_a_skill_that_few_have_is_what_binds() -> None:
    """Its cases wait while the others do not."""
    one = scenario(
        {"wte": 6},
        {"wte": 0.3, "skills": ["autism"]},
        demand={"skills": [{"name": "autism", "share": 0.3}]},
        run={"years": 2, "replications": 5},
    )
    assert answer(one, run_variant(one, range(5))).binds.what == "skill"


def test_areas_add_up_to_all_of_them() -> None:
    """Cases at least; and an area's share is its own."""
    one = scenario({"wte": 3}, areas=[{"name": "A"}, {"name": "B", "share": 3}], run={"years": 1})
    whole, first, second = answer(one, run_variant(one, range(5))).areas
    assert [area.area for area in (whole, first, second)] == ["all areas", "A", "B"]
    assert whole.notified_a_year == pytest.approx(first.notified_a_year + second.notified_a_year, rel=1e-4)
    assert whole.at_end.mean == pytest.approx(first.at_end.mean + second.at_end.mean, rel=1e-4)
    assert second.notified_a_year > 2 * first.notified_a_year


def test_year_shares_put_together_give_the_share_of_the_run() -> None:
    """Weighted by the clocks that ended in each."""
    found = run_variant(busy(), range(5))
    due = found.due[:, 0, :, ENDS.index("completed"), 0]
    by_year = np.nan_to_num(year_shares(found, "completed", "eligible"))
    assert (by_year * due).sum(axis=1) / due.sum(axis=1) == pytest.approx(shares(found))


def test_no_replication_is_left_out_of_an_answer() -> None:
    """The figures of many are those of all of them, not of the last block."""
    one = busy()
    found = run_variant(one, range(12))
    half = replace(found, **{name: values[:6] for name, values in vars(found).items()})
    assert answer(one, found).replications == 12
    assert answer(one, half).replications == 6
