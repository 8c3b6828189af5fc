"""Cases through hands: nothing is lost, what can be reckoned by hand is so, and theory is met."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from scenarios.counting import outcome_of
from scenarios.estimates import estimate, shares
from scenarios.outcome import OPEN, Outcome
from scenarios.run import run_variant
from scenarios.scenario import Scenario
from scenarios.units import WEEK, YEAR
from scenarios.workforce import pools, posts_of
from scenarios.world import NEVER, Stage
from tests.scenarios.build import bare, one_pool, scenario

WILD: list[dict[str, Any]] = [
    {},
    {"demand": {"backlog": {"waiting": 40, "in_hand": 25}}},
    {"holds": {"share": 0.6, "after": {"mean": 10}, "lasts": {"mean": 60}}},
    {"evidence": {"admin_wte": 0.3, "on_notification": True}},
    {"evidence": {"admin_wte": 0.2, "lapse_share": 0.9, "good_days": 2}},
    {"discipline": {"order": "oldest"}, "demand": {"priority_share": 0.4}},
    {"shocks": [{"kind": "system_down", "from_week": 10, "to_week": 20}]},
    {"shocks": [{"kind": "wave", "from_week": 10, "to_week": 20, "factor": 3}]},
    {"shocks": [{"kind": "staff_away", "from_week": 10, "to_week": 20}]},
    {"work": {"panel_weeks": 6, "rework": 1.0}},
    {"demand": {"skills": [{"name": "autism", "share": 0.3}]}},
    {"areas": [{"name": "A"}, {"name": "B", "share": 2}], "pooling": "country"},
    {"areas": [{"name": "A", "neighbours": ["B"]}, {"name": "B"}, {"name": "C"}], "pooling": "neighbours"},
]
GROUPS: list[dict[str, Any]] = [
    {"wte": 2.5, "skills": ["autism"], "turnover": 0.8, "returned": 0.4},
    {"people": 4, "hours_a_week": 3, "caseload": 1, "cases_a_year": 3, "kind": "day_job", "turnover": 0.3},
    {"wte": 1, "kind": "provider", "price": 1500, "ceiling": 10, "from_week": 13},
]


def wild(at: int) -> Scenario:
    """One of many kinds of scenario, with three groups, turnover and returns."""
    more = dict(WILD[at])
    needs = "skills" in more.get("demand", {})
    groups = [one if needs else {k: v for k, v in one.items() if k != "skills"} for one in GROUPS]
    return scenario(*groups, **more)


@pytest.mark.parametrize("at", range(len(WILD)))
def test_nothing_is_lost_at_the_end_of_any_week(at: int) -> None:
    """Arrived = completed + open, in every replication; no stage has fewer than no cases."""
    one = wild(at)
    pool = pools(one)[0]
    who = [post for post in posts_of(one) if post.home in pool]
    cases, records, posts = one_pool(one)
    found = outcome_of(one, pool, who, cases, posts, records)
    assert found.open.min() >= 0
    for week in range(found.open.shape[2]):
        day = week * WEEK
        arrived = (cases.notified <= day).sum(axis=1)
        completed = (records.completed <= day).sum(axis=1)
        assert (found.open[:, :, week].sum(axis=(1, 2)) == arrived - completed).all(), week


@pytest.mark.parametrize("at", range(len(WILD)))
def test_what_happens_to_a_case_happens_in_order(at: int) -> None:
    """Notified, allocated, begun, finished, completed; nobody has more than they may; hours add up."""
    one = wild(at)
    cases, records, posts = one_pool(one)
    marks = (
        np.maximum(cases.notified, 0.0),
        records.allocated,
        records.begun,
        records.finished,
        records.completed,
    )
    for earlier, later in itertools.pairwise(marks):
        known = later < NEVER
        assert (earlier[known] <= later[known] + 1e-9).all()
    done = records.completed < NEVER
    assert (records.spent[done] > 0).all()
    assert np.allclose(records.spent.sum(), records.hours.sum())
    may = posts.may[np.maximum(records.post, 0), cases.sort]
    assert (may[records.post >= 0] > 0).all()
    new = ~cases.held
    _check_caseloads(cases, records, posts, new.all())


def _check_caseloads(cases: Any, records: Any, posts: Any, none_held: bool) -> None:
    """Nobody ever has more cases at once than their caseload: by the changes of stage of each lane."""
    if not none_held or (posts.changes < NEVER).any():
        return
    for lane in range(cases.notified.shape[0]):
        for post, most in enumerate(posts.caseload.tolist()):
            its = (records.post[lane] == post) & (records.allocated[lane] < NEVER)
            came, went = records.allocated[lane][its], records.finished[lane][its]
            times = np.concatenate([came, went])
            change = np.concatenate([np.ones(len(came)), -np.ones(len(went))])
            order = np.lexsort((change, times))
            assert np.cumsum(change[order]).max(initial=0) <= most


@pytest.mark.parametrize("at", range(len(WILD)))
def test_the_same_seed_gives_the_same_bytes_at_any_number_of_workers(
    at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And in blocks of any size."""
    one = wild(at)
    whole = run_variant(one, range(12))
    monkeypatch.setattr("scenarios.run.MOST_LANES", 5)
    assert same(whole, run_variant(one, range(12)))
    assert same(whole, run_variant(one, range(12), 2))


def same(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes are equal to the last bit."""
    return all(np.array_equal(a, b) for a, b in zip(vars(one).values(), vars(other).values(), strict=True))


def test_replications_are_the_same_whichever_others_there_are() -> None:
    """The fifth is the fifth, alone or among many."""
    one = wild(1)
    many, few = run_variant(one, range(10)), run_variant(one, range(5, 7))
    assert np.array_equal(many.open[5:7], few.open)


def test_without_staff_everything_waits() -> None:
    """All that arrives is there at the end."""
    found = run_variant(scenario({"wte": 0}), range(20))
    assert found.completed.sum() == 0
    assert (found.open[:, 0, -1, 0] + found.open[:, 0, -1, OPEN.index(Stage.ON_HOLD)] > 100).all()


def test_with_endless_staff_nobody_waits() -> None:
    """Each case is allocated at once."""
    cases, records, _ = one_pool(bare({"people": 400, "caseload": 1}))
    known = records.allocated < NEVER
    assert np.allclose(records.allocated[known], cases.notified[known])


def test_without_arrivals_nothing_happens() -> None:
    """And nothing breaks."""
    found = run_variant(scenario(demand={"a_year": 0}), range(5))
    assert found.open.sum() == found.completed.sum() == found.hours.sum() == 0


def test_without_chance_it_is_as_reckoned_by_hand() -> None:
    """A case every 36.525 days, each a week's work of the one post: begun at once, done in a week."""
    one = bare(
        {"people": 1, "caseload": 1},
        demand={"a_year": 10, "at_random": False},
        work={"initial_hours": 37.5, "cv": 0},
    )
    cases, records, _ = one_pool(one, 1)
    assert np.allclose(cases.notified[0], (np.arange(20) + 0.5) * YEAR / 10)
    assert np.allclose(records.completed[0] - cases.notified[0], WEEK)
    found = run_variant(one, range(3))
    assert np.allclose(found.hours.sum(axis=(1, 2)), 20 * 37.5)
    assert np.allclose(found.available.sum(axis=1), 2 * 37.5 * YEAR / WEEK)


def test_a_full_post_works_one_after_the_other() -> None:
    """Twice the work there is time for: each begins when the one before has ended."""
    one = bare(
        {"people": 1, "caseload": 1},
        demand={"a_year": YEAR / WEEK, "at_random": False},
        work={"initial_hours": 75, "cv": 0},
    )
    _, records, _ = one_pool(one, 1)
    begun = records.begun[0][records.begun[0] < NEVER]
    assert np.allclose(np.diff(begun), 2 * WEEK)


def test_a_hold_stops_what_has_not_begun() -> None:
    """Nothing is allocated or begun while on hold."""
    one = scenario(
        {"wte": 2}, holds={"share": 1.0, "after": {"mean": 3, "cv": 0}, "lasts": {"mean": 50, "cv": 0}}
    )
    cases, records, _ = one_pool(one)
    for mark in (records.allocated, records.begun):
        inside = (mark > cases.hold_from + 1e-9) & (mark < cases.hold_to - 1e-9)
        assert not inside.any()


def test_who_leaves_hands_back_and_what_is_done_stays_done() -> None:
    """All of it is worked by others in the end, with the hours of a new face beside."""
    busy = {
        "wte": 4,
        "turnover": 3.0,
        "recruitment_weeks": 2,
        "training_weeks": 1,
        "first_case": 1,
        "returned": 0,
    }
    one = scenario(busy, run={"years": 4}, work={"cv": 0, "handover_hours": 5})
    cases, records, _ = one_pool(one)
    done = (records.completed < NEVER) & ~cases.held
    more = (records.spent - cases.work)[done]
    assert more.min() > -1e-6
    assert np.isclose(more.max() % 5, 0, atol=1e-6) or more.max() > 5
    assert (more > 1).any()


def test_the_experienced_are_quicker() -> None:
    """A first review takes longer by the factor, the tenth hardly."""
    slow = {"first_case": 2.0, "cases_to_learn": 3, "forgets_weeks": 5200, "experienced": False}
    work, demand = {"cv": 0, "initial_hours": 10}, {"a_year": 20, "at_random": False}
    new = bare({"people": 1, "caseload": 1, **slow}, work=work, demand=demand)
    _, records, _ = one_pool(new, 1)
    spent = records.spent[0][records.completed[0] < NEVER]
    assert spent[0] == pytest.approx(20)
    assert (np.diff(spent) < 0).all()
    assert spent[20] == pytest.approx(10, rel=0.01)


def test_administration_is_a_queue_of_its_own() -> None:
    """Little of it, and evidence is what everybody waits for."""
    little = run_variant(scenario({"wte": 4}, evidence={"admin_wte": 0.1}), range(20))
    enough = run_variant(scenario({"wte": 4}, evidence={"admin_wte": 2}), range(20))
    at = OPEN.index(Stage.IN_EVIDENCE)
    assert little.open[:, 0, -1, at].mean() > 3 * enough.open[:, 0, -1, at].mean()


def test_more_staff_are_never_worse_for_one_kind_of_work_first_come() -> None:
    """In every replication each case is allocated no later: one kind of case, one at a time, steady hours."""

    def allocated(people: int) -> Any:
        one = bare({"people": people, "caseload": 1}, discipline={"order": "oldest"}, demand={"a_year": 80},
                   work={"initial_hours": 40})  # fmt: skip
        return one_pool(one)[1].allocated

    before = allocated(1)
    for people in (2, 3, 5):
        now = allocated(people)
        assert (np.sort(now, axis=1) <= np.sort(before, axis=1) + 1e-6).all()
        before = now


def test_more_staff_are_not_worse_on_the_whole() -> None:
    """With everything on: the mean of 200 replications, within its interval."""
    means = [estimate(shares(run_variant(scenario({"wte": wte}), range(200)))) for wte in (1.5, 2.0, 3.0)]
    for fewer, more in itertools.pairwise(means):
        assert fewer is not None
        assert more is not None
        assert more.mean >= fewer.mean - fewer.half_width - more.half_width


@pytest.mark.parametrize("at", [0, 1, 2, 11])
def test_littles_law(at: int) -> None:
    """Open cases on average = cases a day × days of a case, over a run that begins and ends empty."""
    one = wild(at)
    cases, records, _ = one_pool(one)
    until = one.run.years * YEAR
    there = cases.notified < until
    begin = np.where(there, np.maximum(cases.notified, 0), until)
    days = np.where(there, np.minimum(records.completed, until) - begin, 0.0).sum(axis=1)
    grid = np.linspace(0, until, 4001)[:, None]
    for lane in range(3):
        open_cases = ((begin[lane] <= grid) & (records.completed[lane] > grid) & there[lane]).sum(axis=1)
        assert open_cases.mean() * until == pytest.approx(days[lane], rel=0.02)


@pytest.mark.parametrize("areas", [["A"], ["A", "B", "C"]])
def test_a_ceiling_is_of_the_whole_group_in_every_year(areas: list[str]) -> None:
    """Many posts, areas apart or a new holder do not make it more: forty posts took forty of seven."""
    one = bare(
        {"people": 40, "ceiling": 7, "turnover": 2, "recruitment_weeks": 1, "training_weeks": 1},
        demand={"a_year": 200},
        work={"initial_hours": 1},
        areas=[{"name": name} for name in areas],
        run={"years": 4, "replications": 5},
    )
    found = run_variant(one, range(5))
    assert found.completed.sum(axis=1).max() <= 8
    assert found.reviews.sum(axis=1).max() <= 29
    assert found.reviews.sum(axis=1).min() >= 20
