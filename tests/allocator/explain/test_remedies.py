"""Remedies: each places its case and gives nobody up, and no smaller change of all there are does it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest

from allocator.desk import Desk
from allocator.encode import encode
from allocator.explain.changes import (
    Change,
    HigherLimit,
    LongerHorizon,
    MoreAdmin,
    MoreHours,
    MoreOfContract,
    NewArea,
    NewSkill,
    NewType,
)
from allocator.explain.remedies import Remedied, Remedies
from allocator.facts import gather
from allocator.held import Role
from allocator.reviewers import Interest, Reviewer
from allocator.snapshot import Snapshot
from allocator.unplaced import Unplaced
from solver.cpsat import CpLimits
from solver.forced import urgent
from solver.outcome import Limits
from solver.problem import Ints
from solver.solve import solve
from tests.allocator.build import AS_OF, case, policy, reviewer, snapshot
from tests.allocator.wild import AREAS, SKILLS, wild

QUICK = Limits(effort=1, workers=1)
EXACT = CpLimits(60.0, None, 1, 1)


def planned(one: Snapshot, max_moves: int = 0) -> Ints:
    """The best plan of a snapshot, as rows."""
    assignment = solve(encode(one, max_moves).problem, QUICK).assignment
    assert assignment is not None
    return assignment


def remedied(one: Snapshot, place: int = 0) -> Remedied:
    """What would place a place that the best plan leaves empty."""
    assignment = planned(one)
    assert assignment[place] < 0
    return Remedies(one, assignment).of(place, EXACT)


def told(one: Snapshot, place: int = 0) -> list[tuple[str, ...]]:
    """The changes of each remedy."""
    return [remedy.changes for remedy in remedied(one, place).remedies]


def _all_changes(one: Snapshot) -> Iterator[Change]:
    """Every single change there is, hours and the like by the step."""
    for who in one.reviewers:
        yield from _of_reviewer(one, who)
    yield from _of_limits(one)


def _of_reviewer(one: Snapshot, who: Reviewer) -> Iterator[Change]:
    weeks = who.horizon_weeks or (
        one.policy.horizon.day_job_weeks if who.employment == "day_job" else one.policy.horizon.weeks
    )
    for hours in range(1, 21):
        if who.hours_per_week + hours <= 60:
            yield MoreHours(who.reviewer_id, hours, weeks)
    end = one.as_of + timedelta(days=7 * weeks - 1)
    begin = [i.from_ for i in one.interests if i.reviewer_id == who.reviewer_id and i.from_ is not None]
    if max([who.starts_on or one.as_of, *begin]) <= end:
        yield from (LongerHorizon(who.reviewer_id, more, weeks + more) for more in range(1, 5))
    most = who.max_open_cases
    if most is None and who.employment == "day_job":
        most = one.policy.capacity.day_job_open_cases
    if most is not None:
        yield HigherLimit(who.reviewer_id, "max_open_cases", most + 1)
    if who.cases_a_year is not None:
        yield HigherLimit(who.reviewer_id, "cases_a_year", who.cases_a_year + 1)
    yield from (NewSkill(who.reviewer_id, skill) for skill in SKILLS if skill not in who.skills)
    if who.review_types:
        kinds = one.policy.review_types
        yield from (NewType(who.reviewer_id, kind) for kind in kinds if kind not in who.review_types)
    if one.policy.geography.rule == "area":
        yield from (NewArea(who.reviewer_id, area, who.areas[0]) for area in AREAS if area not in who.areas)


def _of_limits(one: Snapshot) -> Iterator[Change]:
    for area in one.areas:
        if area.admin_hours_per_week is not None:
            weeks = one.policy.horizon.weeks
            yield from (MoreAdmin(area.area, hours, weeks) for hours in range(1, 13))
    for contract in one.contracts:
        if contract.cases_left is not None:
            yield MoreOfContract(contract.provider, "cases_left", 1)
        if contract.hours_left is not None:
            yield from (MoreOfContract(contract.provider, "hours_left", hours) for hours in range(1, 41))


def _does_it(one: Snapshot, changes: list[Change], assignment: Ints, place: int, max_moves: int = 0) -> bool:
    """Whether a plan of the changed snapshot fills the place and every place that was filled."""
    for change in changes:
        one = change.apply(one)
    problem = encode(one, max_moves).problem
    needed = problem.needs[place]
    fill = [*np.flatnonzero(assignment >= 0).tolist(), place, *([int(needed)] if needed >= 0 else [])]
    found = solve(urgent(problem, fill), QUICK).assignment
    return found is not None and bool((found[fill] >= 0).all())


def _largest(changes: Iterator[Change], below: int) -> list[Change]:
    """Of those that cost less the largest of each kind and person: where that fails, smaller ones do."""
    kept: dict[tuple[object, ...], Change] = {}
    for change in changes:
        if change.cost < below:
            parts = {k: v for k, v in vars(change).items() if k not in ("hours", "by", "to")}
            key = (type(change), *parts.values())
            if key not in kept or change.cost > kept[key].cost:
                kept[key] = change
    return list(kept.values())


@pytest.mark.parametrize("max_moves", [0, 2])
@pytest.mark.parametrize("seeds", [range(4), pytest.param(range(4, 300), marks=pytest.mark.slow)])
def test_no_smaller_change_places_what_a_remedy_does(seeds: range, max_moves: int) -> None:
    """Over wild snapshots: the first remedy places its case, and every cheaper single change fails.

    In three of ten at least, two rules about a person stop somebody at once.
    """
    count = found = twice = 0
    for seed in seeds:
        one = wild(seed)
        unplaced = Unplaced(gather(one), encode(one).held, Desk(one).now().standing)
        assignment, encoding = planned(one, max_moves), encode(one, max_moves)
        on_hold, places = encoding.facts.clocks.on_hold, encoding.places
        remedies = Remedies(one, assignment, max_moves)
        empty = np.flatnonzero((assignment < 0) & ~on_hold[places.case]).tolist()
        for place in empty[:2]:
            answer = remedies.of(place, EXACT, count=1)
            single = [remedy for remedy in answer.remedies if len(remedy.changes) == 1]
            below = single[0].cost if single else 10**9
            for change in _largest(_all_changes(one), below):
                assert not _does_it(one, [change], assignment, place, max_moves), (seed, place, change)
            if single:
                matching = [
                    change
                    for change in _all_changes(one)
                    if (change.sentence,) == single[0].changes and change.cost == single[0].cost
                ]
                assert len(matching) == 1
                assert _does_it(one, matching, assignment, place, max_moves)
                assert single[0].cheapest
                found += 1
            count += 1
            stops = unplaced.stops(places.case[[place]], Role(int(places.role[place])))
            by_rule = [stopped[0] for stopped in stops.rules.values()]
            twice += bool((np.sum(by_rule, axis=0) > 1).any())
    assert count >= len(seeds) // 2
    assert found > 0
    assert twice >= 0.3 * count


@pytest.mark.parametrize("seeds", [range(12), pytest.param(range(12, 300), marks=pytest.mark.slow)])
def test_in_a_large_plan_the_nearest_are_asked(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a plan that counts as large, each remedy does it, and none is better than the best of all."""
    found = 0
    for seed in seeds:
        one = wild(seed)
        assignment, encoding = planned(one), encode(one)
        on_hold, places = encoding.facts.clocks.on_hold, encoding.places
        for place in np.flatnonzero((assignment < 0) & ~on_hold[places.case]).tolist()[:2]:
            whole = Remedies(one, assignment).of(place, EXACT, count=1)
            with monkeypatch.context() as patch:
                patch.setattr("allocator.explain.remedies.LARGEST", 0)
                patch.setattr("allocator.explain.remedies.NEAR", 12)
                near = Remedies(one, assignment).of(place, EXACT, count=1)
            assert near.decided == bool(near.remedies)
            for remedy in near.remedies:
                assert not remedy.cheapest
                assert whole.remedies
                best = whole.remedies[0]
                assert len(best.changes) <= len(
                    remedy.changes
                )  # one change comes before two, whatever it costs
                assert len(best.changes) < len(remedy.changes) or remedy.cost >= best.cost
                changes = [change for change in _all_changes(one) if change.sentence in remedy.changes]
                assert _does_it(one, changes, assignment, place)
                found += 1
    assert found >= len(seeds) // 2


def test_an_hour_a_week_where_hours_are_short() -> None:
    """R1 has 15.6 h in the horizon and the case takes 14: enough for one of two."""
    one = snapshot([case(), case("C2")], [reviewer(hours_per_week=2.0)])
    assert told(one, 1)[0] == ("2 more hours a week for R1, for 8 weeks",)


def test_whoever_has_room_needs_the_skill() -> None:
    """Nobody has autism: R1 or R2 could learn it."""
    one = snapshot([case(skills=("autism",))], [reviewer(), reviewer("R2")])
    assert told(one) == [
        ("the skill autism for R1, or for somebody with their hours and areas",),
        ("the skill autism for R2, or for somebody with their hours and areas",),
    ]


def test_the_cheapest_comes_first() -> None:
    """An area to cover costs less than a skill; one more open case less than either."""
    people = [
        reviewer("R1", areas=("QXX",)),
        reviewer("R2", review_types=("focused",)),
        reviewer("R3", max_open_cases=0),
    ]
    found = remedied(snapshot(None, people)).remedies
    assert [remedy.changes[0] for remedy in found] == [
        "up to 1 case open at one time for R3",
        "area QYG covered by R1, who is at home in QXX",
        "initial reviews for R2 to lead",
    ]
    assert [remedy.cost for remedy in found] == [5, 20, 40]


def test_two_changes_where_no_single_one_does() -> None:
    """R1 lacks the skill and the hours."""
    one = snapshot([case(skills=("autism",))], [reviewer(hours_per_week=1.0)])
    (pair,) = told(one)
    assert set(pair) == {
        "1 more hour a week for R1, for 8 weeks",
        "the skill autism for R1, or for somebody with their hours and areas",
    }


def test_a_conflict_has_no_remedy() -> None:
    """No hours and no skill pass it; nor is anything tried for a case on hold."""
    assert told(snapshot(None, [reviewer(organisations=("RXX",))])) == []
    held_back = snapshot(None, [reviewer()], policy=policy(conflict={"unknown_organisations": "hold"}))
    assert planned(held_back)[0] == 0


def test_without_time_nothing_is_claimed() -> None:
    """A search that is cut short neither finds nor denies a remedy."""
    one = snapshot(
        [case(f"C{n}") for n in range(9)], [reviewer(f"R{n}", hours_per_week=6.0) for n in range(2)]
    )
    assignment = planned(one)
    place = int(np.flatnonzero(assignment < 0)[0])
    cut = Remedies(one, assignment).of(place, CpLimits(60.0, 0.0, 1, 1))
    assert (cut.remedies, cut.decided) == ((), False)
    assert Remedies(one, assignment).of(place, EXACT).decided


def test_a_longer_horizon_is_a_remedy() -> None:
    """Two weeks more of fifteen hours make room for fourteen; not where an interest begins."""
    held = {"reviewer_id": "R1", "allocated_on": AS_OF, "hours_left": 118.0}
    one = snapshot([case(), case("C2", **held)], [reviewer(hours_per_week=15.0, horizon_weeks=8)])
    assert ("a horizon of 10 weeks for R1, 2 more than now",) in told(one)
    later = Interest.model_validate(
        {"reviewer_id": "R1", "kind": "personal", "organisation": "RXX", "from": date(2027, 1, 1)}
    )
    shut = one.model_copy(update={"interests": (later,)})
    assert not any("horizon" in change for changes in told(shut) for change in changes)


def test_two_limits_of_one_reviewer_are_lifted_together() -> None:
    """R1 may have one case open and one in the year: a second takes both limits."""
    one = snapshot([case(), case("C2")], [reviewer(max_open_cases=1, cases_a_year=1)])
    assert {*told(one, 1)[0]} == {
        "up to 2 cases open at one time for R1",
        "up to 2 cases a year for R1",
    }


def test_with_moves_by_choice_a_held_case_may_make_room() -> None:
    """C2 takes autism, which R1 alone has, who holds C1; R2 has no hours to take C1 over, and 2 a week do."""
    held = {"reviewer_id": "R1", "allocated_on": AS_OF, "hours_left": 14.0}
    people = [reviewer("R1", hours_per_week=2.0, skills=("autism",)), reviewer("R2", hours_per_week=0.5)]
    one = snapshot([case(**held), case("C2", skills=("autism",))], people)
    assignment = planned(one, 1)
    assert assignment.tolist() == [0, -1]
    moved, kept = (Remedies(one, assignment, most).of(1, EXACT).remedies for most in (1, 0))
    assert [remedy.changes for remedy in kept[:1]] == [("2 more hours a week for R1, for 8 weeks",)]
    assert {remedy.changes for remedy in moved} == {
        ("2 more hours a week for R1, for 8 weeks",),
        ("2 more hours a week for R2, for 8 weeks",),
    }


def test_whoever_is_beyond_their_hours_takes_nothing_even_where_a_move_makes_room() -> None:
    """R1 holds more than they have hours for: C2 comes to them only with hours for all of what they hold."""
    held = {"reviewer_id": "R1", "allocated_on": AS_OF}
    cases = [
        case(hours_left=14.0, **held),
        case("C3", hours_left=14.0, **held),
        case("C2", skills=("autism",)),
    ]
    people = [reviewer("R1", hours_per_week=3.0, skills=("autism",)), reviewer("R2", hours_per_week=30.0)]
    one = snapshot(cases, people)
    assignment = planned(one, 2)
    assert assignment[1] < 0
    found = Remedies(one, assignment, 2).of(1, EXACT).remedies
    assert found[0].changes == ("1 more hour a week for R1, for 8 weeks",)
    alone = Remedies(one, planned(one)).of(1, EXACT).remedies
    assert alone[0].changes != found[0].changes
