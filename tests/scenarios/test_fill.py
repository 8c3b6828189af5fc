"""A scenario filled from what is there: a snapshot with known content fills exactly, and nothing is lost."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.errors import BadInput
from allocator.inflow import Inflow, Notified
from allocator.places import Area
from allocator.snapshot import Snapshot
from scenarios.calibrate import calibrate, write
from scenarios.demand import cases_of, open_at_start
from scenarios.files import scenario_of
from scenarios.fill import Filling, Fragment, fill, filled_text, read_fragment
from scenarios.group import Group
from scenarios.run import run_variant
from scenarios.scenario import Scenario
from scenarios.tornado import tornado
from scenarios.workforce import may, posts_of
from tests.allocator.build import AS_OF, case, policy, reviewer, snapshot
from tests.scenarios.reviews import reviews

TEAM: dict[str, Any] = {"name": "team", "wte": 2, "turnover": 0.2, "training_weeks": 1}


def base(**tables: Any) -> Scenario:
    """A scenario of one team, as somebody begins with."""
    run = {"years": 1, "replications": 5}
    return scenario_of({"name": "a test", "run": run, "groups": [TEAM], **tables})


def ago(days: int) -> date:
    """So many days before the snapshot's."""
    return AS_OF - timedelta(days=days)


def held(case_id: str, days: int, left: float | None, who: str = "R1", **more: Any) -> Any:
    """A case that somebody has, with hours left of 14."""
    since = {"notified_on": ago(days), "allocated_on": ago(days - 1), "reviewer_id": who}
    return case(case_id, hours_left=left, **since, **more)


def why(found: Filling, key: str) -> str:
    """Why all that stands under a key was not filled in."""
    return " | ".join(one.why for one in found.kept if one.key == key)


def source(found: Filling, key: str) -> str:
    """Where the value of a key is from."""
    return next(one.source for one in found.filled if one.key == key)


def one_area() -> Snapshot:
    """Two cases that wait, two in hand, one out of scope; a dedicated reviewer and a day-job one."""
    return snapshot(
        cases=[
            case("C1", notified_on=ago(10), skills=("autism",), priority=3),
            case("C2", notified_on=ago(200)),
            held("C3", 100, 7.0),
            held("C4", 50, 0.0, "R2"),
            case("C5", notified_on=ago(400), out_of_scope="duplicate"),
        ],
        reviewers=[
            reviewer("R1", hours_per_week=34.0, skills=("autism", "urdu"), max_open_cases=7),
            reviewer("R2", hours_per_week=8.5, employment="day_job", cases_a_year=6),
            reviewer("R3", hours_per_week=0.0),
            reviewer("R4", leaves_on=ago(1)),
        ],
        areas=(Area(area="QYG", admin_hours_per_week=42.0),),
        policy=policy(
            clocks={"allocate_months": 2, "complete_months": 5}, capacity={"day_job_open_cases": 3}
        ),
    )


def test_a_snapshot_with_known_content_fills_exactly() -> None:
    """Every value, and nothing else."""
    found = fill(base(), one_area())
    made = found.scenario
    assert made.run.start == AS_OF
    assert (made.targets.allocated_months, made.targets.completed_months) == (2, 5)
    assert [(one.name, one.neighbours) for one in made.areas] == [("QYG", ())]
    assert made.pooling == "own"
    backlog = made.demand.backlog
    assert (backlog.ages, backlog.in_hand_ages) == ((200, 10), (100, 50))
    assert backlog.in_hand_left == pytest.approx(7 / 28, abs=1e-4)
    assert [(one.name, one.share) for one in made.demand.skills] == [("autism", 0.25)]
    assert made.demand.priority_share == 0.25
    assert made.evidence.admin_wte == 1.5
    team, day_job = made.groups
    assert (team.name, team.kind, team.people, team.hours_a_week) == ("team", "dedicated", 1, 40.0)
    assert (team.skills, team.caseload, team.turnover, team.training_weeks) == (("autism",), 7, 0.2, 1)
    assert (day_job.name, day_job.kind, day_job.people, day_job.hours_a_week) == (
        "day-job",
        "day_job",
        1,
        10.0,
    )
    assert (day_job.caseload, day_job.cases_a_year, day_job.skills) == (3, 6, ())
    assert day_job.turnover == Group(name="g", people=1).turnover
    assert made.work == base().work
    assert made.demand.a_year == base().demand.a_year


def test_each_value_says_where_it_is_from_and_the_rest_why_not() -> None:
    """In words, with the counts that it comes from."""
    found = fill(base(), one_area())
    assert source(found, "demand.backlog.ages") == "2 cases that nobody has, days since the notification"
    assert source(found, "demand.skills.autism.share") == "1 of 4 open cases need it"
    assert source(found, "groups.team.hours_a_week") == (
        "34 hours a week for reviews on average ÷ the 0.85 that go into them"
    )
    assert source(found, "evidence.admin_wte").startswith("42 hours of administration a week ÷")
    assert "how many are notified a year" in why(found, "demand.a_year")
    assert "too few" in why(found, "holds.share")
    assert "calibrate" in why(found, "work, evidence")
    assert "1 reviewer without hours" in why(found, "groups")


def test_the_hours_for_reviews_are_those_of_the_snapshot() -> None:
    """Whatever share of a contract goes there: the share is no assumption any more."""
    for share in (0.5, 0.85, 1.0, 0.0):
        made = fill(base(groups=[TEAM | {"review_share": share}]), one_area()).scenario
        assert made.groups[0].hours_a_week * made.groups[0].review_share == pytest.approx(34)
        one = made.assumptions["groups.team.review_share"]
        assert one.low == one.high == made.groups[0].review_share


def test_what_a_holder_cannot_keep_waits() -> None:
    """Who has left, or has a conflict, has nothing in hand: as the allocation sees it."""
    found = fill(base(), snapshot(cases=[held("C1", 90, 7.0, "R9"), held("C2", 80, 7.0)])).scenario
    assert (found.demand.backlog.ages, found.demand.backlog.in_hand_ages) == ((90,), (80,))


def test_hours_left_that_are_not_told_are_assumed_as_a_plan_does() -> None:
    """And said to be; a hold does not make them none."""
    half = held("C1", 92, None)
    found = fill(base(), snapshot(cases=[half, held("C2", 92, None, on_hold_since=ago(1))]))
    assert found.scenario.demand.backlog.in_hand_left == pytest.approx(0.5, abs=0.02)
    assert "of 2 cases assumed" in source(found, "demand.backlog.in_hand_left")


def test_the_scenario_runs_and_begins_with_what_is_open() -> None:
    """As many as are open, as old as they are, in every replication."""
    made = fill(base(), one_area()).scenario
    cases = cases_of(made, [0], range(3))
    old = cases.notified < 0
    assert old.sum(axis=1).tolist() == [4] * 3
    assert np.sort(-cases.notified[0][old[0]]).tolist() == [10, 50, 100, 200]
    assert sorted(-cases.notified[0][cases.held[0]]) == [50, 100]
    found = run_variant(made, range(3))
    assert found.open[:, :, 0].sum(axis=(1, 2)).tolist() == [4] * 3


def two_areas() -> Snapshot:
    """QA lends to QB; QC has closed into QB; somebody comes later, somebody goes."""
    return snapshot(
        cases=[
            case("C1", area="QA", notified_on=ago(10)),
            case("C2", area="QB", notified_on=ago(20)),
            case("C3", area="QB", notified_on=ago(30)),
            held("C4", 40, 7.0, "R1", area="QB"),
        ],
        reviewers=[
            reviewer("R1", areas=("QA",)),
            reviewer("R2", areas=("QA",), starts_on=AS_OF + timedelta(weeks=10)),
            reviewer("R3", areas=("QC",), leaves_on=AS_OF + timedelta(weeks=20)),
            reviewer("R4", areas=("QA",), starts_on=AS_OF + timedelta(weeks=100)),
        ],
        areas=(
            Area(area="QA"), Area(area="QB", neighbours=("QA",)), Area(area="QC", successors=("QB",)),
            Area(area="QD"),
        ),
    )  # fmt: skip


def test_areas_are_those_with_a_case_or_a_reviewer() -> None:
    """A neighbour is told from the other end: QB is served by those at home in QA, and not the reverse."""
    made = fill(base(), two_areas()).scenario
    assert [(one.name, one.neighbours) for one in made.areas] == [("QA", ("QB",)), ("QB", ())]
    assert made.pooling == "neighbours"
    assert made.demand.backlog.ages == {"QA": (10,), "QB": (30, 20)}
    assert made.demand.backlog.in_hand_ages == {"QA": (), "QB": (40,)}
    assert open_at_start(made) == 4
    who = posts_of(made)
    reach = may(made, [0, 1], who)
    assert {(made.areas[who[row].home].name, tuple(reach[row].tolist())) for row in range(len(who))} == {
        ("QA", (1, 2)),
        ("QB", (0, 1)),
    }


def test_who_comes_and_goes_is_a_group_of_its_own() -> None:
    """From the week, to the week; who comes after the run is left out, and said to be."""
    found = fill(base(), two_areas())
    groups = {one.name: one for one in found.scenario.groups}
    assert set(groups) == {"dedicated QA", "dedicated QA from week 10", "dedicated QB to week 20.1"}
    assert groups["dedicated QA from week 10"].from_week == 10
    assert groups["dedicated QB to week 20.1"].to_week == pytest.approx(20.14)
    assert groups["dedicated QB to week 20.1"].areas == ("QB",)
    assert "1 reviewer who come after the run" in why(found, "groups")


def test_an_area_is_a_neighbour_if_most_of_another_cover_it() -> None:
    """Half do; one of three does not, and is said."""
    people = [reviewer(f"R{at}", areas=("QA", "QB") if at < 1 else ("QA",)) for at in range(2)]
    cases = [case("C1", area="QB")]
    made = fill(base(), snapshot(cases=cases, reviewers=people))
    assert made.scenario.areas[0].neighbours == ("QB",)
    made = fill(base(), snapshot(cases=cases, reviewers=[*people, reviewer("R9", areas=("QA",))]))
    assert made.scenario.areas[0].neighbours == ()
    assert "QA for QB" in why(made, "areas.*.neighbours")


def test_some_areas_alone_are_all_that_is_looked_at() -> None:
    """No case, reviewer or area of another one is told of."""
    found = fill(base(), two_areas(), areas=("QA",))
    text = filled_text(found)
    assert "QB" not in text.replace("Filled", "")
    assert found.scenario.demand.backlog.ages == (10,)
    assert sum(one.people or 0 for one in found.scenario.groups) == 2


def test_skills_nobody_has_are_left_out_and_said() -> None:
    """A scenario in which cases wait for ever is refused; that they do is worth knowing."""
    cases = [case(f"C{at}", skills=("bsl",) if at < 2 else ("autism",)) for at in range(5)]
    found = fill(base(), snapshot(cases=cases, reviewers=[reviewer(skills=("autism",))]))
    assert [one.name for one in found.scenario.demand.skills] == ["autism"]
    assert "2 open cases would wait for ever: bsl" in why(found, "demand.skills")
    none = fill(base(), snapshot(cases=cases[:2]))
    assert none.scenario.demand.skills == ()
    assert "demand.skills" not in {one.key for one in none.filled}


def test_the_four_skills_that_most_cases_need_are_taken() -> None:
    """A scenario knows four."""
    names = ("a", "b", "c", "d", "e")
    cases = [case(f"C{at}", skills=names[: at + 1]) for at in range(5)]
    found = fill(base(), snapshot(cases=cases, reviewers=[reviewer(skills=names)]))
    assert [(one.name, one.share) for one in found.scenario.demand.skills] == [
        ("a", 1.0), ("b", 0.8), ("c", 0.6), ("d", 0.4),
    ]  # fmt: skip
    assert why(found, "demand.skills").endswith(": e")


def test_holds_are_told_of_the_young_where_there_are_enough() -> None:
    """Of cases that cannot be completed yet; each counts as far as its hold could have begun."""
    sure = {"holds": {"after": {"mean": 10, "kind": "fixed"}}}
    cases = [
        case(f"C{at}", notified_on=ago(60), on_hold_since=ago(40) if at < 6 else None) for at in range(24)
    ]
    old = [case(f"O{at}", notified_on=ago(300), hold_days=90) for at in range(9)]
    fresh = [case(f"F{at}", notified_on=ago(9)) for at in range(9)]
    found = fill(base(**sure), snapshot(cases=[*cases, *old, *fresh]))
    assert found.scenario.holds.share == 0.25
    one = found.scenario.assumptions["holds.share"]
    assert (one.low, one.high) == pytest.approx((0.1200, 0.4490), abs=1e-3)
    few = fill(base(**sure), snapshot(cases=[*cases[:19], *old, *fresh]))
    assert few.scenario.holds.share == base().holds.share
    assert "too few" in why(few, "holds.share")


def test_money_and_experience_are_filled_where_all_say_them() -> None:
    """Pounds an hour for reviews are what a full-time contract costs; if one is silent nobody knows."""
    rich = [reviewer(f"R{at}", cost_per_hour=40.0, completed_reviews=done) for at, done in ((1, 30), (2, 2))]
    group = fill(base(), snapshot(reviewers=rich)).scenario.groups[0]
    hours = 37.5 * 365.25 / 7
    assert group.cost * 30 / 0.85 / 37.5 == pytest.approx(40 * 30 * 365.25 / 7, abs=2)
    assert group.cost == round(40 * 0.85 * hours)
    assert group.experienced is True
    new = [reviewer("R1", completed_reviews=2), reviewer("R2", completed_reviews=3, cost_per_hour=40.0)]
    group = fill(base(), snapshot(reviewers=new)).scenario.groups[0]
    assert (group.experienced, group.cost) == (False, Group(name="g", people=1).cost)


def test_variants_and_ranges_of_what_is_gone_are_left_out_and_said() -> None:
    """Those that still fit stay; a group that stands in for another has its ranges."""
    one = base(
        variants=[
            {"name": "more", "change": {"groups.team.wte": 3}},
            {"name": "busy", "change": {"demand.a_year": 120}},
        ],
        assumptions={
            "groups.team.turnover": {"low": 0.1, "high": 0.3, "reason": "ours"},
            "demand.backlog.waiting": {"low": 1, "high": 3, "reason": "a guess"},
            "areas.ICB.share": {"low": 1, "high": 3, "reason": "a guess"},
        },
        demand={"backlog": {"waiting": 2}},
    )
    people = [reviewer("R1"), reviewer("R2", skills=("autism",)), reviewer("R3", employment="agency")]
    found = fill(one, snapshot(cases=[case(skills=("autism",))], reviewers=people))
    assert [variant.name for variant in found.scenario.variants] == ["busy"]
    assert "more (/groups.team.wte" in why(found, "variants")
    ranges = found.scenario.assumptions
    assert ranges["groups.dedicated.turnover"].reason == "ours"
    assert ranges["groups.dedicated autism.turnover"].high == 0.3
    assert "groups.agency.turnover" not in ranges
    assert "areas.ICB.share" in why(found, "assumptions")
    assert next(group for group in found.scenario.groups if group.name == "agency").kind == "bank"


def test_nobody_there_keeps_the_scenarios_own_groups() -> None:
    """And nothing open an empty backlog; both are said."""
    found = fill(base(demand={"backlog": {"waiting": 9}}), snapshot(cases=[], reviewers=[]))
    assert [one.name for one in found.scenario.groups] == ["team"]
    assert open_at_start(found.scenario) == 0
    assert "nobody is there" in why(found, "groups")
    assert "no case is open" in why(found, "demand.skills, demand.priority_share")


def test_what_was_notified_tells_the_year_and_each_areas_share() -> None:
    """120 in 365 days, with the luck of a count; a young store tells nothing."""
    some = [Notified("QA" if at % 4 else "QB", ago(5), was_held=at < 30) for at in range(120)]
    found = fill(base(), two_areas(), inflow=Inflow(ago(365), AS_OF, tuple(some)))
    made = found.scenario
    assert made.demand.a_year == 120.1
    one = made.assumptions["demand.a_year"]
    assert (one.low, one.high) == pytest.approx((99.5, 143.6), abs=0.2)
    assert [(area.name, area.share) for area in made.areas] == [("QA", 90), ("QB", 30)]
    assert why(found, "areas.*.share") == ""
    young = fill(base(), two_areas(), inflow=Inflow(ago(89), AS_OF, tuple(some)))
    assert young.scenario.demand.a_year == base().demand.a_year
    assert "90 days are needed" in why(young, "demand.a_year")
    assert "equal shares" in why(young, "areas.*.share")


def test_it_is_written_with_where_each_value_is_from_and_read_back() -> None:
    """TOML or JSON, the same scenario."""
    found = fill(base(), two_areas())
    text = filled_text(found)
    assert scenario_of(tomllib.loads(text)) == found.scenario
    assert 'pooling = "neighbours"  # the policy\'s rule of geography: area' in text
    assert "# - demand.a_year: a snapshot does not tell how many are notified a year" in text
    assert scenario_of(json.loads(filled_text(found, is_json=True))) == found.scenario


def test_the_scenario_that_is_filled_is_left_as_it_was() -> None:
    """Nobody's input is edited."""
    one = base()
    before = one.model_dump()
    fill(one, one_area(), calibrated=Fragment(work={"initial_hours": 9}, groups={"returned": 0.2}))
    assert one.model_dump() == before


AREAS = ("QA", "QB", "QC")
EMPLOYMENTS = ("dedicated", "day_job", "bank", "agency", "provider")


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Some cases and people of up to three areas."""
    people = [
        reviewer(
            f"R{at}",
            areas=tuple(draw(st.permutations(AREAS))[: draw(st.integers(1, 3))]),
            hours_per_week=draw(st.sampled_from([0.0, 4.0, 7.5, 37.5])),
            employment=draw(st.sampled_from(EMPLOYMENTS)),
            skills=tuple(draw(st.sets(st.sampled_from("abcdef"), max_size=3))),
            max_open_cases=draw(st.none() | st.integers(0, 9)),
            leaves_on=draw(st.none() | st.integers(-9, 99).map(lambda days: AS_OF + timedelta(days=days))),
            starts_on=draw(st.none() | st.integers(-9, 500).map(lambda days: AS_OF + timedelta(days=days))),
        )
        for at in range(draw(st.integers(0, 6)))
    ]
    people = [
        one for one in people if not one.leaves_on or not one.starts_on or one.starts_on <= one.leaves_on
    ]
    cases = []
    for at in range(draw(st.integers(0, 12))):
        age = draw(st.integers(2, 500))
        more: dict[str, Any] = {"area": draw(st.sampled_from(AREAS)), "notified_on": ago(age)}
        more["skills"] = tuple(draw(st.sets(st.sampled_from("abcdef"), max_size=2)))
        if draw(st.booleans()):
            who = draw(st.sampled_from([*(one.reviewer_id for one in people), "R99"]))
            more |= {"reviewer_id": who, "allocated_on": ago(age - 1)}
        cases.append(case(f"C{at}", **more))
    return snapshot(cases=cases, reviewers=people)


@given(snapshots(), st.sets(st.sampled_from(AREAS)))
def test_no_case_and_nobody_is_lost(one: Snapshot, areas: set[str]) -> None:
    """What is open is in the backlog, once; who is there is in a group, or said to be left out."""
    found = fill(base(), one, areas)
    made, mine = found.scenario, [row for row in one.cases if not areas or row.area in areas]
    ages = Counter((AS_OF - row.notified_on).days for row in mine)
    backlog, told = made.demand.backlog, Counter[int]()
    for each in (backlog.ages, backlog.in_hand_ages):
        for some in each.values() if isinstance(each, dict) else [each]:
            told.update(map(int, some))
    assert told == ages
    assert open_at_start(made) == len(mine)
    home = [row for row in one.reviewers if not areas or row.areas[0] in areas]
    there = [row for row in home if not row.leaves_on or row.leaves_on >= AS_OF]
    late = [row for row in there if row.starts_on and row.starts_on >= AS_OF + timedelta(days=366)]
    working = [row for row in there if row.hours_per_week > 0 and row not in late]
    groups = made.groups if any(one.key == "groups.team.people" for one in found.filled) or working else ()
    assert sum(group.people or 0 for group in groups) == len(working)
    hours = sum((group.people or 0) * group.hours_a_week * group.review_share for group in groups)
    assert hours == pytest.approx(sum(row.hours_per_week for row in working), abs=0.01)


def fragment(tmp_path: Path) -> Fragment:
    """What 400 reviews of two kinds of employment tell, read back from the file."""
    kinds = ("dedicated", "day_job")
    rows = [row.model_copy(update={"employment": kinds[at % 2]}) for at, row in enumerate(reviews(400, 1))]
    write(calibrate(rows, draws=100), tmp_path, "done.csv")
    return read_fragment(tmp_path / "scenario.toml")


def test_what_completed_reviews_tell_is_laid_over(tmp_path: Path) -> None:
    """Hours and delays; learning and returns of each group, returns by how it is employed."""
    told = fragment(tmp_path)
    two = [TEAM, {"name": "some", "kind": "day_job", "people": 3}]
    found = fill(base(groups=two), calibrated=told)
    made = found.scenario
    assert made.work.initial_hours == told.work["initial_hours"] != 14
    assert made.work.panel_weeks == 0
    assert made.evidence.slow_share == told.evidence["slow_share"]
    for group in made.groups:
        assert group.first_case == told.groups["first_case"]
        assert group.returned == told.kinds[group.kind]["returned"]
    one = made.assumptions["work.initial_hours"]
    assert (one.low, one.high) == (
        told.assumptions["work.initial_hours"].low, told.assumptions["work.initial_hours"].high
    )  # fmt: skip
    assert one.reason.endswith("completed reviews")
    assert made.assumptions["groups.some.returned"] == told.assumptions["kinds.day_job.returned"]
    assert why(found, "work, evidence") == ""
    assert source(found, "groups.*.first_case").endswith("completed reviews")
    assert f"first_case = {made.groups[0].first_case:g}  # 95 % interval" in filled_text(found)


def test_a_tornado_tries_the_ends_of_the_interval(tmp_path: Path) -> None:
    """And names the reviews as the reason."""
    told = Fragment.model_validate(
        {
            "work": {"initial_hours": 15, "rework": 0.2},
            "assumptions": {
                "work.initial_hours": {"low": 13, "high": 18, "reason": "of 99 completed reviews"}
            },
        }
    )
    one = base(run={"years": 0.5, "replications": 3}, demand={"a_year": 30}, evidence={"admin_wte": 1})
    bars = {bar.key: bar for bar in tornado(fill(one, calibrated=told).scenario).bars}
    bar = bars["work.initial_hours"]
    assert (bar.low, bar.value, bar.high, bar.reason) == (13, 15, 18, "of 99 completed reviews")
    assert bars["work.rework"].low == 0.1


def test_what_was_notified_tells_of_holds_before_completed_reviews_do() -> None:
    """Who is still on hold is not among these."""
    told = Fragment(holds={"share": 0.01, "lasts": {"mean": 50, "cv": 0.5}})
    cases = [case(f"C{at}", notified_on=ago(80), hold_days=9 * (at < 10)) for at in range(40)]
    found = fill(base(), snapshot(cases=cases), calibrated=told)
    assert found.scenario.holds.share > 0.2
    assert found.scenario.holds.lasts.mean == 50
    assert "0.01 of completed reviews" in why(found, "holds.share")
    assert fill(base(), snapshot(), calibrated=told).scenario.holds.share == 0.01


@pytest.mark.parametrize(("text", "pointer"), [
    ("[evidence]\ndasy = 3", "/evidence/dasy"),
    ("[groups]\nwages = 3", "/groups/wages"),
    ("[kinds.day_job]\nwages = 3", "/kinds/day_job/wages"),
    ("[kinds.agency]\nreturned = 0.1", "/kinds/agency/[key]"),
    ("[demand]\na_year = 3", "/demand"),
])  # fmt: skip
def test_a_file_of_another_kind_is_refused_with_its_key(text: str, pointer: str, tmp_path: Path) -> None:
    """A key that a scenario does not have, or that completed reviews never tell."""
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_fragment(tmp_path / "x.toml")
    assert [(one.file, one.pointer) for one in caught.value.faults] == [("x.toml", pointer)]


def test_a_value_that_cannot_be_is_refused_once_it_is_laid_over() -> None:
    """By the scenario's own rules."""
    with pytest.raises(BadInput) as caught:
        fill(base(), calibrated=Fragment(evidence={"slow_share": 1.5}))
    assert [one.pointer for one in caught.value.faults] == ["/evidence/slow_share"]
