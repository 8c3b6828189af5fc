"""`suggest` and `next_cases`: what they say is what trying every reviewer and reckoning anew says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

from allocator.desk import Desk, Now, Publication, Suggestions, next_cases, suggest
from allocator.encode import Encoding, encode
from allocator.errors import BadInput
from allocator.held import Role
from allocator.reviewers import Absence
from solver.check import breaches, values
from solver.outcome import Limits
from solver.problem import Ints
from solver.solve import solve
from tests.allocator.build import AS_OF, case, reviewer, snapshot
from tests.allocator.wild import wild

WILD = range(60)


def now_of(*published: Publication, **tables: Any) -> Now:
    """What stands in a plain snapshot with these tables, and these publications."""
    return Desk(snapshot(**tables)).now(published)


def told(answer: Suggestions) -> list[str]:
    """Who is suggested, the best first."""
    return [one.reviewer_id for one in answer.suggestions]


def _open_places(encoding: Encoding, held: Ints) -> Iterator[tuple[int, str, Role]]:
    for place in np.flatnonzero(held < 0).tolist():
        row, role = int(encoding.places.case[place]), Role(int(encoding.places.role[place]))
        yield place, encoding.facts.cases[row].case_id, role


def _tried(encoding: Encoding, held: Ints, place: int) -> dict[str, tuple[int, ...]]:
    """By reviewer who may take the place, what that adds to each level: each tried, and all reckoned anew."""
    problem, found = encoding.problem, {}
    before = values(problem, held)
    for who in range(problem.n_reviewers):
        with_it = held.copy()
        with_it[place] = who
        if not breaches(problem, with_it):
            found[encoding.facts.reviewers[who].reviewer_id] = tuple(
                (values(problem, with_it) - before).tolist()
            )
    return found


def _compare(encoding: Encoding, now: Now, held: Ints) -> int:
    """How many suggestions there were, each as trying it says."""
    count = 0
    for place, case_id, role in _open_places(encoding, held):
        answer, tried = suggest(now, case_id, 99, role), _tried(encoding, held, place)
        weight = int(encoding.problem.penalty[place])
        said = {one.reviewer_id: (-weight, one.late, one.cost) for one in answer.suggestions}
        assert said == tried
        assert answer.able == len(tried)
        assert told(answer) == sorted(tried, key=lambda who: (tried[who], who))
        count += len(tried)
    return count


def test_every_suggestion_is_what_trying_it_says() -> None:
    """Over wild snapshots: who may take each open place, and what it adds to each level."""
    count = 0
    for seed in WILD:
        one = wild(seed)
        encoding = encode(one)
        count += _compare(encoding, Desk(one).now(), encoding.places.holder)
    assert count > len(WILD)


def test_what_is_published_is_counted() -> None:
    """Each first suggestion is published, and the next one asked for: as if all were filled already."""
    count = 0
    for seed in WILD:
        one = wild(seed)
        encoding, desk = encode(one), Desk(one)
        held, published = encoding.places.holder.copy(), []
        for place, case_id, role in list(_open_places(encoding, held)):
            answer = suggest(desk.now(published), case_id, 1, role)
            if answer.suggestions:
                who = answer.suggestions[0].reviewer_id
                published.append(Publication(case_id, answer.role, who))
                held[place] = encoding.facts.reviewer_row[who]
                assert not breaches(encoding.problem, held)
        count += len(published) + _compare(encoding, desk.now(published), held)
    assert count > len(WILD)


def test_the_first_suggestion_is_the_re_solves() -> None:
    """With only that place open a solve to proof ends with the same values."""
    count = 0
    for seed in WILD:
        one = wild(seed)
        encoding = encode(one)
        problem, held, now = encoding.problem, encoding.places.holder, Desk(one).now()
        for place, case_id, role in _open_places(encoding, held):
            best = suggest(now, case_id, 1, role).suggestions
            only = problem.keep_arcs((held >= 0)[problem.arc_place] | (problem.arc_place == place))
            outcome = solve(only, Limits(effort=1, workers=1))
            assert outcome.assignment is not None
            if best:
                weight = int(problem.penalty[place])
                after = values(problem, held) + np.array([-weight, best[0].late, best[0].cost])
                assert values(problem, outcome.assignment).tolist() == after.tolist()
                count += 1
            else:
                assert values(problem, outcome.assignment).tolist() == values(problem, held).tolist()
    assert count > len(WILD)


def test_a_suggestion_says_what_it_does_in_words() -> None:
    """From what to what, when it is done, and whether that is in time."""
    (one,) = suggest(now_of(), "C1").suggestions
    assert (one.workload_percent_before, one.workload_percent_after) == (0, 6)
    assert one.effect == "This will take their workload from 0 % to 6 %; done on 2026-12-28, in time."
    assert (one.on_time, one.open_cases_after, one.hours) == (True, 1, 14)


def test_who_becomes_late_is_named() -> None:
    """The more urgent case comes first, and the other's last hour falls behind its day."""
    held = {"reviewer_id": "R1", "allocated_on": date(2026, 9, 1), "hours_left": 12.0}
    evidence = {"evidence_received_on": date(2026, 10, 20)}
    older = case("C0", notified_on=date(2026, 5, 26), **evidence)
    later = case("C9", notified_on=date(2026, 6, 2), **held, **evidence)
    slow = reviewer(hours_per_week=8.0)
    (one,) = suggest(now_of(cases=[older, later], reviewers=[slow]), "C0").suggestions
    assert one.becomes_late == ("C9",)
    assert "C9 would then be late." in one.effect


def test_whose_only_taker_would_be_full_is_named() -> None:
    """R1 has hours for one more case, and nobody else may take the one that needs autism."""
    rare = case("C2", skills=("autism",))
    one = now_of(
        cases=[case(), rare], reviewers=[reviewer(hours_per_week=2.0, skills=("autism",)), reviewer("R2")]
    )
    first, second = suggest(one, "C1").suggestions
    assert {first.reviewer_id: first.leaves_without, second.reviewer_id: second.leaves_without} == {
        "R1": ("C2",),
        "R2": (),
    }
    assert "Nobody else could take C2 now." in (first.effect + second.effect)


def test_without_organisations_independence_is_to_be_confirmed() -> None:
    """The suggestion says so, as the plan would."""
    (one,) = suggest(now_of(cases=[case(organisations=())]), "C1").suggestions
    assert one.effect.endswith("Independence to confirm, as no organisations are known.")


def test_only_a_limit_stops_the_others() -> None:
    """R2 has no hours left for it, R3 does not cover the area: the first is named, both are counted."""
    people = [reviewer(), reviewer("R2", hours_per_week=1.0), reviewer("R3", areas=("QXX",))]
    answer = suggest(now_of(reviewers=people), "C1")
    assert [(o.reviewer_id, o.codes, o.why) for o in answer.others] == [
        (
            "R2",
            ("capacity",),
            "May take it, but has too few hours left in the horizon (0 of 7.8 h given; this takes 14 h).",
        )
    ]
    assert answer.unable == ()
    assert answer.stopped == {"area": 1, "capacity": 1, "nothing": 1}


def test_those_near_enough_whom_a_rule_stops_are_named_with_what_is_on_record() -> None:
    """R2 has a post there, R3 is away; R4 does not cover the area: who cannot be asked is only counted."""
    people = [
        reviewer(),
        reviewer("R2", organisations=("RXX",)),
        reviewer("R3"),
        reviewer("R4", areas=("QXX",)),
    ]
    away = {"reviewer_id": "R3", "from": AS_OF, "to": date(2027, 12, 31)}
    found = suggest(now_of(reviewers=people, absences=[Absence(**away)]), "C1").unable
    assert [(one.reviewer_id, one.codes) for one in found] == [("R2", ("conflict",)), ("R3", ("available",))]
    assert found[0].why == "Has a conflict of interest (has a post at RXX)."
    assert "away from 2026-11-02 to 2027-12-31" in found[1].why


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        (
            {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "hours_left": 2.0},
            "C1 has a lead: R1.",
        ),
        (
            {"on_hold_since": date(2026, 10, 20), "hold_reason": "coroner", "hold_until": date(2027, 1, 4)},
            "C1 is on hold since 2026-10-20, expected to end on 2027-01-04: nobody new until then.",
        ),
    ],
)
def test_a_place_that_is_not_open_gets_a_note(fields: dict[str, Any], note: str) -> None:
    """Nobody is suggested, and the note says why."""
    answer = suggest(now_of(cases=[case(**fields)], reviewers=[reviewer(), reviewer("R2")]), "C1")
    assert (answer.notes, answer.suggestions, answer.able) == ((note,), (), 0)


def test_a_lead_of_its_own_opens_the_second_place() -> None:
    """A focused case with a published lead is asked about as to its second, who is another person."""
    people = [reviewer(), reviewer("R2", skills=("senior",))]
    one = now_of(Publication("C1", "lead", "R2"), cases=[case(review_type="focused")], reviewers=people)
    assert (suggest(one, "C1").role, told(suggest(one, "C1"))) == ("second", [])
    one = now_of(Publication("C1", "lead", "R1"), cases=[case(review_type="focused")], reviewers=people)
    assert told(suggest(one, "C1")) == ["R2"]


def test_publications_of_what_is_not_there_are_ignored_and_told() -> None:
    """An unknown case, an unknown reviewer, a place that the type has not, one that somebody keeps."""
    kept = case("C2", reviewer_id="R1", allocated_on=date(2026, 10, 5), hours_left=2.0)
    strange = [
        Publication("C7", "lead", "R1"),
        Publication("C1", "lead", "R7"),
        Publication("C1", "second", "R1"),
        Publication("C2", "lead", "R1"),
    ]
    one = now_of(*strange, cases=[case(), kept])
    assert one.ignored == tuple(strange)
    assert told(suggest(one, "C1")) == ["R1"]


@pytest.mark.parametrize(
    ("case_id", "role", "code"),
    [
        ("C11", None, "unknown-case"),
        ("C5", None, "out-of-scope"),
        ("C1", Role.SECOND, "no-such-place"),
    ],
)
def test_what_cannot_be_asked_is_a_fault(case_id: str, role: Role | None, code: str) -> None:
    """With its code, and the nearest id there is."""
    one = now_of(cases=[case(), case("C5", out_of_scope="child")])
    with pytest.raises(BadInput) as caught:
        suggest(one, case_id, role=role)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_the_next_cases_are_what_could_be_suggested() -> None:
    """Over wild snapshots: a case is next for whoever is suggested for it, the most urgent first."""
    count = 0
    for seed in WILD:
        one = wild(seed)
        encoding, now = encode(one), Desk(one).now()
        held = encoding.places.holder
        tried = {
            (case_id, role): _tried(encoding, held, at) for at, case_id, role in _open_places(encoding, held)
        }
        for person in one.reviewers:
            answer = next_cases(now, person.reviewer_id, 99)
            mine = {
                place: who[person.reviewer_id] for place, who in tried.items() if person.reviewer_id in who
            }
            said = {(n.case_id, Role[n.role.upper()]): (-n.points, n.late, n.cost) for n in answer.cases}
            assert said == mine
            assert answer.able == len(mine)
            assert [n.others_able for n in answer.cases] == [
                len(tried[n.case_id, Role[n.role.upper()]]) - 1 for n in answer.cases
            ]
            assert [(-n.points, n.late, n.cost) for n in answer.cases] == sorted(mine.values())
            best = next_cases(now, person.reviewer_id, 2)
            assert best.cases == answer.cases[:2]
            count += len(mine)
    assert count > len(WILD)


def test_an_unknown_reviewer_is_a_fault() -> None:
    """With the nearest id."""
    with pytest.raises(BadInput) as caught:
        next_cases(now_of(reviewers=[reviewer("R0001")]), "R0011")
    assert [(fault.code, fault.hint) for fault in caught.value.faults] == [
        ("unknown-reviewer", "did you mean `R0001`?")
    ]


def test_who_has_no_hours_has_no_percentage() -> None:
    """And may take nothing."""
    away = reviewer(starts_on=date(2030, 1, 1))
    answer = next_cases(now_of(reviewers=[away]), "R1")
    assert (answer.workload_percent, answer.hours_left, answer.able, answer.cases) == (None, 0, 0, ())
    assert date(2030, 1, 1) > AS_OF
