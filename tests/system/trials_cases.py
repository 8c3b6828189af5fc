"""Trials of the rules about a case and those who have it: assignment, hold, linked, locked, held."""

from __future__ import annotations

from typing import Any

from tests.system.documents import AS_OF, Document, Row, case, document, held_by, reviewer
from tests.system.trial import AWAY, HERE, NOBODY, SECOND, Trial, lead, other, second


def both_places(*rows: Row, **of: Any) -> Document:
    """C1 wants a lead and a second."""
    return document(case(review_type="focused", **HERE, **of), *rows)


R1_SENIOR = reviewer("R1", **HERE)
R1_LEAD = reviewer("R1", skills=[], **HERE)
R4_SECOND = reviewer("R4", review_types=["initial"], **HERE)
ASSIGNMENT = (
    Trial(
        "assignment",
        "the second is another person than the lead",
        fine=both_places(R1_LEAD, R4_SECOND),
        breach=both_places(R1_SENIOR, other(skills=[])),
        near=both_places(R1_SENIOR, R4_SECOND),
        told={"C1 lead": "R1", "C1 second": "R1"},
        told_fine={"C1 lead": "R1", "C1 second": "R4"},
        told_near={"C1 lead": "R1", "C1 second": "R4"},
        instead={"C1 lead": "R2", "C1 second": "R1"},
    ),
    Trial(
        "assignment",
        "a new second only with a lead",
        fine=both_places(R1_SENIOR, other()),
        breach=both_places(R1_SENIOR, other(skills=[]), skills=["autism"]),
        near=both_places(R1_SENIOR, other(skills=["autism"]), skills=["autism"]),
        told={"C1 second": "R1"},
        told_fine={"C1 lead": "R1", "C1 second": "R2"},
        told_near={"C1 lead": "R2", "C1 second": "R1"},
        instead={"C1 lead": None, "C1 second": None},
    ),
    Trial(
        "assignment",
        "no new second while on hold",
        fine=second(),
        breach=second({"on_hold_since": AS_OF.isoformat()}),
        near=second({"hold_days": 32}),
        told=SECOND["told"],
        instead={"C1 lead": "R3", "C1 second": None},
    ),
)
HOLD = (
    Trial(
        "hold",
        "no new lead while on hold",
        fine=lead(),
        breach=lead({"on_hold_since": AS_OF.isoformat()}),
        near=lead({"hold_days": 32}),
        **NOBODY,
    ),
)


def two(first: Row, then: Row, *more: Row, declines: list[Row] | None = None, **who: Any) -> Document:
    """C1 and C2, which needs a skill: R1 has it not, or as told; R2 has it."""
    rows = case("C1", **HERE, **first), case("C2", skills=["autism"], **HERE, **then)
    return document(*rows, reviewer("R1", **{**HERE, **who}), other(), *more, declines=declines or [])


def room_for_one(first: Row, declines: list[Row] | None = None, most: int = 1, **second: Any) -> Document:
    """R1 holds C1 and is the only one for C2, but may lead one case at a time; R2 could take C1."""
    rows = case("C1", **held_by("R1"), **HERE, **first), case("C2", skills=["autism"], **HERE, **second)
    who = reviewer("R1", skills=["autism"], max_open_cases=most, **HERE)
    return document(*rows, who, other(skills=[]), declines=declines or [])


def held_second(**more: Any) -> Document:
    """R1, from afar, is second of C1; R4 lives nearby."""
    of = {"second_reviewer_id": "R1", **more}
    return second(of, AWAY, R4_SECOND)


APART, TOGETHER = {"C1 lead": "R1", "C2 lead": "R2"}, {"C1 lead": "R2", "C2 lead": "R2"}
SWAPPED, STAYS = {"C1 lead": "R2", "C2 lead": "R1"}, {"C1 lead": "R1", "C2 lead": None}
HOME = {"linked_to": "home"}
MOSS = {"linked_to": "moss"}
R4_AWAY = reviewer("R4", **AWAY)
R4_HOLDS = case("C3", **held_by("R4"), **HOME)
DECLINED = [{"reviewer_id": "R1", "case_id": "C1"}]
TOGETHERNESS = (
    Trial(
        "linked",
        "new ones go to one person",
        fine=two({}, {}),
        breach=two(HOME, HOME),
        near=two(HOME, MOSS),
        told=APART,
        instead=TOGETHER,
    ),
    Trial(
        "linked",
        "and to the holder, if there is one",
        fine=two({}, held_by("R2")),
        breach=two(HOME, {**held_by("R2"), **HOME}),
        near=two(HOME, {**held_by("R2"), **MOSS}),
        told=APART,
        instead=TOGETHER,
    ),
    Trial(
        "linked",
        "to nobody, if there are several holders",
        fine=two({}, {**held_by("R2"), **HOME}, R4_AWAY, R4_HOLDS),
        breach=two(HOME, {**held_by("R2"), **HOME}, R4_AWAY, R4_HOLDS),
        near=two(HOME, {**held_by("R4"), **HOME}, R4_AWAY, R4_HOLDS),
        told={**APART, "C3 lead": "R4"},
        told_near={"C1 lead": "R4", "C2 lead": "R4", "C3 lead": "R4"},
        instead={"C1 lead": None, "C2 lead": "R2", "C3 lead": "R4"},
    ),
    Trial(
        "locked",
        "a locked case does not move, whatever it would make room for",
        fine=room_for_one({}, most=2),
        breach=room_for_one({"locked": True}),
        near=room_for_one({}),
        told=SWAPPED,
        told_fine={"C1 lead": "R1", "C2 lead": "R1"},
        instead=STAYS,
        max_moves=1,
    ),
    Trial(
        "held",
        "held work does not move without leave, but goes where its holder declined it",
        fine=room_for_one({}, most=2),
        breach=room_for_one({}),
        near=room_for_one({}, DECLINED),
        told=SWAPPED,
        told_fine={"C1 lead": "R1", "C2 lead": "R1"},
        instead=STAYS,
    ),
    Trial(
        "held",
        "held work is not dropped for something more urgent",
        fine=room_for_one({}, most=2, priority=9),
        breach=room_for_one({}, priority=9),
        near=room_for_one({"skills": ["mha"]}, DECLINED, priority=9),
        told={"C2 lead": "R1"},
        told_fine={"C1 lead": "R1", "C2 lead": "R1"},
        instead=STAYS,
    ),
    Trial(
        "held",
        "a held second stays, however far away, unless excluded",
        fine=second(),
        breach=held_second(),
        near=held_second(excluded_reviewers=["R1"]),
        told={"C1 lead": "R3", "C1 second": "R4"},
        told_fine=SECOND["told"],
        instead={"C1 lead": "R3", "C1 second": "R1"},
    ),
)

TRIALS = (*ASSIGNMENT, *HOLD, *TOGETHERNESS)
