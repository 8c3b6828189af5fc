"""Calls of a reviewer's own work: what they have and are asked, and how far each review is."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from allocator.cases import HoldReason
from allocator.fields import Day, Hours
from allocator.plan import RoleName
from allocator.store import State, mine, progress
from allocator.store.callers import Role
from allocator.store.kinds import CASES
from allocator.store.mine import Independence, Place
from allocator.store.progress import Progress
from allocator.store.writing import check_versions
from api.calls import Call, Reply, Route
from api.openapi import RequestBody
from api.questions import read_model
from api.roles import REVIEWERS, STAFF_AND_REVIEWERS
from api.scope import own_case
from api.stored import Body, StoredRecord
from api.telling import answer


class MyCase(Body):
    """A case that the reviewer has, and what is asked of them."""

    case_id: str
    version: int
    role: RoleName
    state: State
    area: str
    review_type: str
    organisations: tuple[str, ...] = Field(description="Involved in the care; empty: none is known")
    notified_on: date
    allocated_on: date
    accepted_at: datetime | None
    to_answer: bool = Field(description="They are asked to accept it, or to decline")
    independence: Independence = Field(
        description="known: checked against the organisations; to-declare: nobody could check it"
    )
    complete_by: date
    days: int = Field(description="Since it was notified, days on hold left out")
    overdue: bool
    on_hold_since: date | None
    hold_reason: HoldReason | None
    hold_until: date | None
    evidence_received_on: date | None
    evidence_expected_on: date | None
    evidence_ready_on: date = Field(description="When plans reckon with it: received, expected, or assumed")
    evidence_late: bool = Field(description="It should have been there, and is not")
    hours_left: float | None = Field(description="As it was told; empty: nobody has said")
    hours_counted: float | None = Field(description="That plans count; empty: it is not planned")
    admin_hours_left: float


class ToDeclare(Body):
    """A case that is to be the reviewer's once they have declared to be independent of it."""

    case_id: str
    role: RoleName
    area: str
    review_type: str
    notified_on: date


class MyWork(Body):
    """All that one reviewer has and is asked."""

    reviewer_id: str
    cases: tuple[MyCase, ...] = Field(description="What is due first comes first")
    to_declare: tuple[ToDeclare, ...]


class ProgressTold(Body):
    """How far a review is; what is left out stays as it was."""

    role: RoleName = "lead"
    hours_left: Hours | None = Field(default=None, description="That it still takes whoever has the place")
    admin_hours_left: Hours | None = Field(default=None, description="Of administration")
    evidence_received_on: Day | None = Field(default=None, description="When all of it had come")
    evidence_expected_on: Day | None = Field(default=None, description="When it is expected, until it has")


def routes() -> tuple[Route, ...]:
    """The calls."""
    body = RequestBody.of(ProgressTold)
    return (
        Route("GET", "/v1/my-work", "my-work", "What a reviewer has, and what they are asked",
              REVIEWERS, _work, MyWork),
        Route("POST", "/v1/cases/{record_id}/progress", "tell-progress", "Say how far a review is",
              STAFF_AND_REVIEWERS, _tell, StoredRecord, body=body,
              headers={"If-Match": "the case's version"}),
    )  # fmt: skip


def _work(call: Call) -> Reply:
    who = str(call.caller.reviewer_id)
    asked = mine.to_declare(call.connection, who)
    return Reply(
        MyWork(
            reviewer_id=who,
            cases=tuple(_case(one) for one in mine.places_of(call.connection, who, call.day)),
            to_declare=tuple(
                ToDeclare(
                    case_id=one.record.record_id,
                    role=one.role,
                    **{name: one.record.body[name] for name in ("area", "review_type", "notified_on")},
                )
                for one in asked
            ),
        )
    )


def _case(one: Place) -> MyCase:
    case, held = one.case, one.held
    told = case.hours_left if held.role == "lead" else case.second_hours_left
    return MyCase(
        case_id=case.case_id,
        version=one.record.version,
        role=held.role,
        state=State(one.record.state or State.ALLOCATED),
        area=case.area,
        review_type=case.review_type,
        organisations=case.organisations,
        notified_on=case.notified_on,
        allocated_on=held.allocated_on,
        accepted_at=held.accepted_at,
        to_answer=one.to_answer,
        independence=one.independence,
        complete_by=one.complete_by,
        days=one.days,
        overdue=one.is_overdue,
        on_hold_since=case.on_hold_since,
        hold_reason=case.hold_reason,
        hold_until=case.hold_until,
        evidence_received_on=case.evidence_received_on,
        evidence_expected_on=case.evidence_expected_on,
        evidence_ready_on=one.evidence_ready,
        evidence_late=one.is_evidence_late,
        hours_left=told,
        hours_counted=one.hours,
        admin_hours_left=case.admin_hours_left,
    )


def _tell(call: Call) -> Reply:
    asked, case = read_model(ProgressTold, call.body), own_case(call)
    if call.expected is not None:
        check_versions(call.tx, CASES, {case.record_id: call.expected})
    who = call.caller.reviewer_id if call.caller.role is Role.REVIEWER else None
    said = Progress(
        asked.hours_left, asked.admin_hours_left, asked.evidence_received_on, asked.evidence_expected_on
    )
    done = progress.tell(call.tx, (case.record_id, asked.role), said, call.day, who)
    return answer(call, done)
