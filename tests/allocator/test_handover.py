"""Who takes over from a leaver: under all rules, by as few people as can be, all else as it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from allocator.desk import Desk, Publication, counted
from allocator.encode import encode
from allocator.errors import BadInput, NoPlan
from allocator.handover import Away, Handover, handover
from allocator.held import Role
from allocator.snapshot import Snapshot
from solver.cpsat import CpLimits
from solver.problem import NO_LIMIT
from tests.allocator.build import AS_OF, case, reviewer, snapshot
from tests.allocator.planning import allocated
from tests.allocator.wild import wild

LIMITS = CpLimits(30.0, None, 1, 1)


def held(case_id: str, **fields: Any) -> Any:
    """A case that R1 leads, with two hours left."""
    plain = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "hours_left": 2.0}
    return case(case_id, **(plain | fields))


def who(answer: Handover) -> dict[tuple[str, str], str]:
    """By case and role, who takes over."""
    return {(one.case_id, one.role): one.reviewer_id for one in answer.taken}


def test_as_few_people_as_can_be() -> None:
    """R2 takes both, though R3 has as much time for one of them."""
    people = [reviewer(), reviewer("R2"), reviewer("R3", hours_per_week=3.0)]
    answer = handover(snapshot([held("C1"), held("C2")], people), "R1", LIMITS)
    assert who(answer) == {("C1", "lead"): "R2", ("C2", "lead"): "R2"}
    assert answer.proof == "fewest"
    (taker,) = answer.takers
    assert (taker.places, taker.workload_percent_before) == (2, 0)
    assert taker.workload_percent_after == pytest.approx(12.0, abs=0.1)


def test_what_was_published_since_is_counted() -> None:
    """C2, of which R2 was told, is all they may have, so R3 takes C1; what R1 was told of goes on too."""
    people = [reviewer(), reviewer("R2", max_open_cases=1), reviewer("R3", hours_per_week=3.0)]
    one = snapshot([held("C1"), case("C2"), case("C3", effort_hours=4.0)], people)
    told = [Publication("C2", "lead", "R2"), Publication("C3", "lead", "R1")]
    first = handover(one, "R1", LIMITS, published=told[:1])
    both = handover(one, "R1", LIMITS, published=told)
    assert who(first) == {("C1", "lead"): "R3"}
    assert who(both) == {("C1", "lead"): "R3", ("C3", "lead"): "R3"}
    assert both.warnings == ()


def test_a_publication_that_cannot_be_is_not_counted() -> None:
    """Of a case that somebody holds, of one unknown, and for somebody unknown."""
    one = snapshot([held("C1"), case("C2")], [reviewer(), reviewer("R2")])
    told = [
        Publication("C1", "lead", "R2"),
        Publication("C9", "lead", "R2"),
        Publication("C2", "lead", "R9"),
        Publication("C2", "second", "R2"),
    ]
    assert counted(Desk(one).now(told)) is one
    assert len(handover(one, "R1", LIMITS, published=told).warnings) == 4


def test_a_second_is_counted_too() -> None:
    """A focused review whose second was told of it."""
    senior = [reviewer(name, skills=("senior",)) for name in ("R1", "R2", "R3")]
    one = snapshot([held("C1", review_type="focused")], senior)
    told = [Publication("C1", "second", "R2")]
    assert counted(Desk(one).now(told)).cases[0].second_reviewer_id == "R2"
    assert who(handover(one, "R2", LIMITS, published=told)) == {("C1", "second"): "R3"}


@pytest.mark.parametrize("seed", range(40))
def test_a_counted_snapshot_stands_as_the_desk_says(seed: int) -> None:
    """Whichever way a plan's lines are counted, as much is left of everyone and everything."""
    one = wild(seed)
    told = [Publication(row.case_id, row.role, row.reviewer_id) for row in allocated(one).plan.assignments]
    now = Desk(one).now(told)
    then = Desk(counted(now)).now()
    before, after = now.standing, then.standing
    assert now.filled.reviewer.tolist() == then.filled.reviewer.tolist()
    assert before.given.tolist() == after.given.tolist()
    assert before.leads.tolist() == after.leads.tolist()
    limited = before.year_limit < NO_LIMIT
    assert (before.year_limit - before.new_leads)[limited].tolist() == after.year_limit[limited].tolist()
    assert before.bought_left == after.bought_left
    assert before.admin_left == after.admin_left


def test_every_rule_holds_for_a_taker() -> None:
    """Skills, conflicts and limits; what has none says why and what would help."""
    people = [
        reviewer(skills=("autism",)),
        reviewer("R2", organisations=("RXX",)),
        reviewer("R3", max_open_cases=1),
    ]
    cases = [held("C1", skills=("autism",)), held("C2"), held("C3", organisations=("RYY",))]
    answer = handover(snapshot(cases, people), "R1", LIMITS)
    assert who(answer) == {("C2", "lead"): "R3", ("C3", "lead"): "R2"}
    (left,) = answer.left
    assert left.case_id == "C1"
    assert left.reason.startswith("3 reviewers: 2 lack autism, 1 ")
    assert left.remedies is not None
    assert any("the skill autism for R3" in change for one in left.remedies for change in one.changes)


def test_everything_else_stays_as_it_stands() -> None:
    """A case that waits gets nobody here, and takes no hours from a taker."""
    people = [reviewer(), reviewer("R2", hours_per_week=2.0)]
    answer = handover(snapshot([held("C1"), case("C2", priority=9)], people), "R1", LIMITS)
    assert who(answer) == {("C1", "lead"): "R2"}
    assert answer.left == ()


def test_a_second_place_is_handed_over_too() -> None:
    """To a senior who is not the lead."""
    people = [
        reviewer(skills=("senior",)),
        reviewer("R2", skills=("senior",)),
        reviewer("R3", skills=("senior",)),
    ]
    focused = held(
        "C1", reviewer_id="R2", review_type="focused", second_reviewer_id="R1", second_hours_left=1.0
    )
    answer = handover(snapshot([focused], people), "R1", LIMITS)
    assert who(answer) == {("C1", "second"): "R3"}


def test_a_case_on_hold_waits_for_the_hold_to_end() -> None:
    """Nobody new is given it."""
    answer = handover(snapshot([held("C1", on_hold_since=AS_OF)], [reviewer(), reviewer("R2")]), "R1", LIMITS)
    (left,) = answer.left
    assert left.reason == "On hold since 2026-11-02: a case on hold gets nobody new."
    assert left.remedies is None
    assert left.remedy.startswith("Plan again after the hold has ended")


def test_linked_cases_go_to_one_person() -> None:
    """R2 has hours for one of them alone, so R3 takes both."""
    both = [held(name, linked_to="fire", effort_hours=10.0, hours_left=10.0) for name in ("C1", "C2")]
    people = [reviewer(), reviewer("R2", hours_per_week=2.0), reviewer("R3", hours_per_week=3.0)]
    answer = handover(snapshot(both, people), "R1", LIMITS)
    assert who(answer) == {("C1", "lead"): "R3", ("C2", "lead"): "R3"}


def test_a_case_goes_to_whoever_holds_the_linked_one() -> None:
    """R2 holds C2; without hours for C1 as well nobody else may have it."""
    theirs = held("C2", linked_to="fire", reviewer_id="R2")
    for hours, expected in ((3.0, {("C1", "lead"): "R2"}), (1.0, {})):
        people = [reviewer(), reviewer("R2", hours_per_week=hours), reviewer("R3", hours_per_week=20.0)]
        answer = handover(snapshot([held("C1", linked_to="fire"), theirs], people), "R1", LIMITS)
        assert who(answer) == expected
    assert [one.case_id for one in answer.left] == ["C1"]


def test_what_is_finished_before_is_not_handed_over() -> None:
    """Its sign-off is forecast on a day before; a day earlier it is handed over."""
    received = held("C1", evidence_received_on=date(2026, 10, 20))
    one = snapshot([received, held("C2", hours_left=500.0)], [reviewer(), reviewer("R2")])
    late = handover(one, "R1", LIMITS, Away(date(2026, 12, 24)))
    assert late.stays == ("C1",)
    assert who(late) == {("C2", "lead"): "R2"}
    assert late.first_day == date(2026, 12, 24)
    assert handover(one, "R1", LIMITS, Away(AS_OF)).stays == ()
    assert handover(one, "R1", LIMITS, Away(date(2020, 1, 1))).first_day == AS_OF


def test_a_second_part_that_is_finished_before_stays_too() -> None:
    """As a lead does."""
    second = {
        "second_reviewer_id": "R2",
        "second_hours_left": 1.0,
        "evidence_received_on": date(2026, 10, 20),
    }
    people = [reviewer(), reviewer("R2", skills=("senior",)), reviewer("R3", skills=("senior",))]
    one = snapshot([held("C1", review_type="focused", **second)], people)
    assert handover(one, "R2", LIMITS, Away(date(2027, 3, 1))).stays == ("C1",)
    assert who(handover(one, "R2", LIMITS)) == {("C1", "second"): "R3"}


def test_what_waits_for_sign_off_alone_stays_with_them() -> None:
    """No hours are left of it: nobody would begin it anew, whenever they go."""
    one = snapshot([held("C1", hours_left=0.0), held("C2")], [reviewer(), reviewer("R2")])
    answer = handover(one, "R1", LIMITS)
    assert (answer.stays, who(answer), answer.left) == (("C1",), {("C2", "lead"): "R2"}, ())


def test_what_would_be_if_they_kept_it_is_told() -> None:
    """Who comes back finishes later; who does not, never; who is there does what they would have done."""
    received = held("C1", evidence_received_on=date(2026, 10, 20), hours_left=30.0)
    one = snapshot([received], [reviewer(), reviewer("R2")])
    away, gone = Away(date(2026, 11, 9), date(2026, 11, 22)), Away(date(2026, 11, 3))
    (back,), (never,) = (handover(one, "R1", LIMITS, how).kept for how in (away, gone))
    assert (back.finish_on, back.on_time) == (date(2026, 11, 20), True)
    assert (never.finish_on, never.on_time) == (None, False)
    (later,) = handover(one, "R1", LIMITS, Away(AS_OF, date(2027, 5, 2))).kept
    assert (later.finish_on, later.on_time) == (date(2027, 5, 24), False)
    assert handover(one, "R1", LIMITS).kept == ()


def test_who_holds_nothing_hands_nothing_over() -> None:
    """And a reviewer there is not is a fault."""
    answer = handover(snapshot([held("C1")], [reviewer(), reviewer("R2")]), "R2", LIMITS)
    assert (answer.taken, answer.left, answer.takers) == ((), (), ())
    with pytest.raises(BadInput):
        handover(snapshot(), "R9", LIMITS)


def test_without_time_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search ended before it had any."""
    monkeypatch.setattr("allocator.handover.few_takers", lambda *_: None)
    with pytest.raises(NoPlan):
        handover(snapshot([held("C1")], [reviewer(), reviewer("R2")]), "R1", LIMITS)


def _open_elsewhere(one: Snapshot, leaver: str) -> Snapshot:
    """The snapshot in which the leaver's cases wait and nothing else does, made without our code's help."""
    gone = tuple(
        r if r.reviewer_id != leaver else r.model_copy(update={"leaves_on": date(2026, 11, 1)})
        for r in one.reviewers
    )
    cases = tuple(c for c in one.cases if leaver in (c.reviewer_id, c.second_reviewer_id) or c.reviewer_id)
    return one.model_copy(update={"reviewers": gone, "cases": cases})


@pytest.mark.parametrize("seed", range(25))
def test_whoever_takes_over_may(seed: int) -> None:
    """By the rules of the snapshot in which the leaver has left."""
    one = wild(seed, n_cases=7, n_reviewers=4)
    for leaver in [r.reviewer_id for r in one.reviewers]:
        answer = handover(one, leaver, LIMITS)
        encoding = encode(_open_elsewhere(one, leaver))
        problem, facts = encoding.problem, encoding.facts
        for place in range(len(encoding.places)):
            row, role = int(encoding.places.case[place]), Role(int(encoding.places.role[place]))
            taker = who(answer).get((facts.cases[row].case_id, role.label))
            if taker is not None:
                may = problem.arc_reviewer[problem.arc_start[place] : problem.arc_start[place + 1]]
                assert facts.reviewer_row[taker] in may
        assert len(answer.takers) == len(set(who(answer).values()))
        assert not {one.case_id for one in answer.taken} & set(answer.stays)
