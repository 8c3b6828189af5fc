"""A coordinator's edits: what breaks a rule is told and not done; what is done costs what the plans say."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.audit import audit
from allocator.edit import (
    Draft,
    Forbid,
    Give,
    Pin,
    PlanEdit,
    Rearrange,
    SeatOf,
    Swap,
    TakeBack,
    edited,
    try_edits,
)
from allocator.errors import BadInput
from allocator.intake import Reading
from allocator.planned import Planned
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, reviewer, snapshot
from tests.allocator.planning import NOW, allocated
from tests.allocator.wild import wild

REQUEST = PlanRequest(effort=1, workers=1)
TWO = [reviewer(), reviewer("R2")]


def draft_of(one: Snapshot) -> Draft:
    """A snapshot's plan, to be edited."""
    return Draft(Planned.of(one, *allocated(one).documents))


def made(one: Snapshot, *edits: PlanEdit, anew: bool = False) -> Allocation:
    """The plan that edits make of the snapshot's."""
    return edited(_reading(one), draft_of(one), edits, REQUEST, lambda: NOW, anew)[0]


def _reading(one: Snapshot) -> Reading:
    return Reading(one, (), ())


def who(plan: Allocation) -> dict[str, str]:
    """By case and role, who has it."""
    return {f"{a.case_id} {a.role}": a.reviewer_id for a in plan.plan.assignments}


def test_a_place_is_given_to_someone_else() -> None:
    """The plan names its parent, has a name of its own, and passes its audit."""
    one = snapshot(None, TWO)
    before = allocated(one)
    assert who(before) == {"C1 lead": "R1"}
    after = made(one, Give(case_id="C1", reviewer_id="R2"))
    assert who(after) == {"C1 lead": "R2"}
    assert after.plan.solver.previous_plan_id == before.plan.plan_id
    assert after.plan.plan_id != before.plan.plan_id
    assert made(one, Give(case_id="C1", reviewer_id="R2")).plan.plan_id == after.plan.plan_id


def test_what_follows_is_told() -> None:
    """Workloads, and the points by level."""
    _, (told,) = try_edits(draft_of(snapshot(None, TWO)), [Give(case_id="C1", reviewer_id="R2")])
    assert told.broken == ()
    assert told.points == {"unallocated": 0, "late": 0, "cost": 0}
    assert told.follows == (
        "R1 goes from 6 % to 0 % workload.",
        "R2 goes from 0 % to 6 % workload.",
    )


@pytest.mark.parametrize(
    ("fields", "rule", "words"),
    [
        ({"organisations": ("RXX",)}, "conflict", "has a conflict of interest (has a post at RXX)"),
        ({"areas": ("QZZ",)}, "area", "does not cover QYG (at home in QZZ; the case is in QYG)"),
        ({"hours_per_week": 1.0}, "capacity", "(0 of 7.8 h given; this takes 14 h)"),
        ({"max_open_cases": 0}, "open_cases", "(leads 0 open cases; at most 0)"),
    ],
)
def test_an_edit_that_breaks_a_rule_is_not_done(fields: dict[str, Any], rule: str, words: str) -> None:
    """It says which, with what is on record; a plan of it is refused whole."""
    one = snapshot(None, [reviewer(), reviewer("R2", **fields)])
    edit = Give(case_id="C1", reviewer_id="R2")
    draft = draft_of(one)
    after, (told,) = try_edits(draft, [edit])
    assert after is draft
    (broken,) = told.broken
    assert (broken.rule, told.points) == (rule, None)
    assert broken.sentence.endswith(words)
    with pytest.raises(BadInput) as caught:
        made(one, Pin(case_id="C1"), edit)
    (fault,) = caught.value.faults
    assert (fault.code, fault.pointer) == ("edit-breaks-rule", "/edits/1")


def test_a_held_case_stays() -> None:
    """And a case on hold gets nobody; one that is swapped breaks it as well."""
    held = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "hours_left": 2.0}
    one = snapshot([case(**held), case("C2"), case("C3", on_hold_since=AS_OF)], TWO)
    edits: list[PlanEdit] = [
        TakeBack(case_id="C1"),
        Give(case_id="C1", reviewer_id="R2"),
        Swap(case_id="C2", other_case_id="C1"),
        Give(case_id="C3", reviewer_id="R2"),
    ]
    draft = draft_of(one)
    swapped = draft.assignment.tolist()
    told = try_edits(draft, edits)[1]
    assert [[broken.rule for broken in each.broken][:1] for each in told[:2]] == [["held"], ["held"]]
    assert [broken.rule for broken in told[3].broken] == ["hold"]
    if swapped[0] != swapped[1]:
        assert "held" in [broken.rule for broken in told[2].broken]


def test_a_lead_taken_back_takes_the_second_with_it() -> None:
    """Nobody is second of a case without a lead."""
    one = snapshot([case(review_type="focused")], [reviewer(), reviewer("R2", skills=("senior",))])
    draft, (told,) = try_edits(draft_of(one), [TakeBack(case_id="C1")])
    assert draft.assignment.tolist() == [-1, -1]
    assert told.follows[0] == "The second place of C1 is empty too, as it has no lead."
    assert told.points is not None
    assert told.points["unallocated"] > 0
    assert who(made(one, TakeBack(case_id="C1"))) == {}


def test_two_places_are_swapped() -> None:
    """Each rule is asked of both."""
    people = [reviewer(max_open_cases=1), reviewer("R2", max_open_cases=1)]
    one = snapshot([case(), case("C2")], people)
    before = who(allocated(one))
    after = who(made(one, Swap(case_id="C1", other_case_id="C2")))
    assert (after["C1 lead"], after["C2 lead"]) == (before["C2 lead"], before["C1 lead"])
    skilled = [reviewer(skills=("autism",), max_open_cases=1), reviewer("R2", max_open_cases=1)]
    one = snapshot([case(skills=("autism",)), case("C2")], skilled)
    (told,) = try_edits(draft_of(one), [Swap(case_id="C1", other_case_id="C2")])[1]
    assert [(b.case_id, b.reviewer_id, b.rule) for b in told.broken] == [("C1", "R2", "skill")]


def seats(**who_has: str | None) -> Rearrange:
    """Cases that change hands at once, by lead."""
    return Rearrange(seats=tuple(SeatOf(case_id=one, reviewer_id=who) for one, who in who_has.items()))


def test_places_change_hands_at_once() -> None:
    """Where each change by itself would break a rule, in whatever order; what is left broken is told."""
    people = [reviewer(f"R{at}", max_open_cases=1) for at in range(1, 4)]
    one = snapshot([case(), case("C2"), case("C3")], people)
    before = who(allocated(one))
    first, second, third = (before[f"C{at} lead"] for at in range(1, 4))
    after = who(made(one, seats(C1=second, C2=third, C3=first)))
    assert [after[f"C{at} lead"] for at in range(1, 4)] == [second, third, first]
    emptied = who(made(one, seats(C1=second, C2=None)))
    assert emptied == {"C1 lead": second, "C3 lead": third}
    (told,) = try_edits(draft_of(one), [seats(C1=second)])[1]
    assert [(broken.case_id, broken.rule) for broken in told.broken] == [("C1", "open_cases")]


def test_a_place_is_rearranged_once() -> None:
    """Two people for one place are nobody's wish."""
    twice = [{"case_id": "C1", "reviewer_id": who} for who in ("R1", "R2")]
    with pytest.raises(ValidationError, match="each place once"):
        TypeAdapter[PlanEdit](PlanEdit).validate_python({"edit": "rearrange", "seats": twice})


def test_the_rest_is_planned_around_what_is_forbidden_or_pinned() -> None:
    """A forbidden reviewer is replaced; a pinned one stays though another plan is better."""
    one = snapshot(None, TWO)
    assert who(made(one, Forbid(case_id="C1", reviewer_id="R1"))) == {}
    assert who(made(one, Forbid(case_id="C1", reviewer_id="R1"), anew=True)) == {"C1 lead": "R2"}
    assert who(made(one, TakeBack(case_id="C1"), anew=True)) == {}
    people = [reviewer(hours_per_week=2.0, skills=("autism",)), reviewer("R2", hours_per_week=2.0)]
    one = snapshot([case(priority=1), case("C2", skills=("autism",))], people)
    given: list[PlanEdit] = [TakeBack(case_id="C2"), Give(case_id="C1", reviewer_id="R1")]
    assert who(made(one, *given, anew=True)) == {"C1 lead": "R1"}
    assert who(made(one, Pin(case_id="C1"), anew=True)) == {"C1 lead": "R2", "C2 lead": "R1"}


def test_what_is_forbidden_or_dropped_is_free_to_be_planned_again() -> None:
    """A place given and then forbidden to the same; a second that fell empty with its lead."""
    one = snapshot(None, TWO)
    twice: list[PlanEdit] = [Give(case_id="C1", reviewer_id="R1"), Forbid(case_id="C1", reviewer_id="R1")]
    assert who(made(one, *twice, anew=True)) == {"C1 lead": "R2"}
    seniors = [reviewer(), reviewer("R2", skills=("senior",))]
    one = snapshot([case(review_type="focused")], seniors)
    back: list[PlanEdit] = [TakeBack(case_id="C1"), Give(case_id="C1", reviewer_id="R1")]
    assert who(made(one, *back, anew=True)) == {"C1 lead": "R1", "C1 second": "R2"}
    (told, _) = try_edits(draft_of(one), back)[1]
    assert not any("no longer be late" in sentence for sentence in told.follows)


def test_lead_and_second_are_swapped_in_either_order() -> None:
    """Both are senior; where one is not, that alone is in the way."""
    people = [reviewer(skills=("senior",)), reviewer("R2", skills=("senior",))]
    one = snapshot([case(review_type="focused")], people)
    before = who(allocated(one))
    for role, other in (("lead", "second"), ("second", "lead")):
        swap = Swap.model_validate(
            {"case_id": "C1", "role": role, "other_case_id": "C1", "other_role": other}
        )
        after = who(made(one, swap))
        assert (after["C1 lead"], after["C1 second"]) == (before["C1 second"], before["C1 lead"])
    one = snapshot([case(review_type="focused")], [reviewer(), people[1]])
    swap = Swap(case_id="C1", other_case_id="C1", other_role="second")
    (told,) = try_edits(draft_of(one), [swap])[1]
    assert [(b.role, b.reviewer_id, b.rule) for b in told.broken] == [("second", "R1", "skill")]


def test_a_held_lead_that_may_move_may_not_fall_empty() -> None:
    """With moves by choice allowed it may be given to someone else."""
    held = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "hours_left": 2.0}
    one = snapshot([case(**held)], TWO)
    made_with_moves = allocate(_reading(one), PlanRequest(effort=1, workers=1, max_moves=1), lambda: NOW)
    draft = Draft(Planned.of(one, *made_with_moves.documents))
    for edit in (TakeBack(case_id="C1"), Forbid(case_id="C1", reviewer_id="R1")):
        (broken,) = try_edits(draft, [edit])[1][0].broken
        assert (broken.rule, broken.reviewer_id) == ("held", "R1")
    assert try_edits(draft, [Give(case_id="C1", reviewer_id="R2")])[1][0].broken == ()


def test_a_second_alone_may_be_pinned() -> None:
    """Its lead is free to be planned anew."""
    people = [reviewer(), reviewer("R2", skills=("senior",)), reviewer("R3", skills=("senior",))]
    one = snapshot([case(review_type="focused")], people)
    edits: list[PlanEdit] = [Give(case_id="C1", role="second", reviewer_id="R3")]
    if who(allocated(one))["C1 lead"] == "R3":
        edits.insert(0, Give(case_id="C1", reviewer_id="R1"))
    after = who(made(one, *edits, anew=True))
    assert after["C1 second"] == "R3"
    assert after["C1 lead"] in {"R1", "R2"}


def test_all_that_is_not_there_is_told_at_once() -> None:
    """A case, a reviewer and a place, each by the edit's number."""
    edits: list[PlanEdit] = [
        Give(case_id="C9", reviewer_id="R1"),
        Give(case_id="C1", reviewer_id="R9"),
        Pin(case_id="C1"),
        TakeBack(case_id="C1", role="second"),
    ]
    with pytest.raises(BadInput) as caught:
        try_edits(draft_of(snapshot(None, TWO)), edits)
    assert [(f.code, f.pointer) for f in caught.value.faults] == [
        ("unknown-case", "/edits/0"),
        ("unknown-reviewer", "/edits/1"),
        ("no-such-place", "/edits/3"),
    ]


def test_a_plan_of_other_data_is_not_edited() -> None:
    """Nor one that breaks a rule."""
    plan, certificate = allocated(snapshot(None, TWO)).documents
    with pytest.raises(BadInput) as caught:
        Planned.of(snapshot([case(priority=3)], TWO), plan, certificate)
    assert caught.value.faults[0].code == "other-data"


def test_an_edit_is_read_from_json() -> None:
    """By its name; another name is no edit."""
    read = TypeAdapter[PlanEdit](PlanEdit).validate_python
    assert read({"edit": "forbid", "case_id": "C1", "reviewer_id": "R1"}) == Forbid(
        case_id="C1", reviewer_id="R1"
    )
    with pytest.raises(ValueError, match="edit"):
        read({"edit": "lose", "case_id": "C1"})


def _chance(rng: random.Random, one: Snapshot) -> PlanEdit:
    """Any edit of any places of a snapshot."""
    cases = [c for c in one.cases if c.out_of_scope is None]
    first, second = rng.choice(cases), rng.choice(cases)
    name = rng.choice(one.reviewers).reviewer_id
    return rng.choice(
        [
            Give(case_id=first.case_id, reviewer_id=name),
            Give(case_id=first.case_id, reviewer_id=name),
            TakeBack(case_id=first.case_id),
            Swap(case_id=first.case_id, other_case_id=second.case_id),
            Pin(case_id=first.case_id),
            Forbid(case_id=first.case_id, reviewer_id=name),
        ]
    )


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_edited_a_plan_is_sound_and_costs_what_was_told(seed: int) -> None:
    """The points told add up to the difference of the two plans; planned anew it is no worse."""
    one, rng = wild(seed, n_cases=7, n_reviewers=4), random.Random(seed)
    if not any(c.out_of_scope is None for c in one.cases):
        return
    before, draft = allocated(one), draft_of(one)
    edits = []
    for _ in range(8):
        edit = _chance(rng, one)
        draft, (told,) = try_edits(draft, [edit])
        edits += [] if told.broken else [edit]
    added = [told.points for told in try_edits(draft_of(one), edits)[1]]
    after = made(one, *edits)
    assert audit(one, *after.documents) == []
    for name in ("unallocated", "late", "cost"):
        difference = getattr(after.plan.objective, name).value - getattr(before.plan.objective, name).value
        assert difference == sum(points[name] for points in added if points)
    anew = made(one, *edits, anew=True)
    assert anew.plan.objective.unallocated.value <= after.plan.objective.unallocated.value
