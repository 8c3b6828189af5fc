"""Calls that try a kept plan by hand: edits of it, and changes that would fill what it leaves empty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from allocator.allocate import PlanRequest
from allocator.edit import Consequence, Draft, PlanEdit, SeatOf, Trial, edited, try_changes, try_edits
from allocator.edit.edits import seats_of
from allocator.explain.changes import AnyChange, Change, MoreAdmin, MoreOfContract
from allocator.plan import RoleName
from allocator.planned import Planned
from allocator.store import Record, records
from allocator.store.kinds import CASES
from allocator.store.plans import Made, propose
from allocator.store.sharing import is_lent
from api.asking import LONGEST, made_of
from api.calls import Call, Reply, Route, not_there
from api.kept import KeptPlan, kept, own_plan
from api.openapi import RequestBody
from api.questions import read_model
from api.redaction import redacted
from api.roles import STAFF
from api.scope import covered, is_everywhere, own
from api.stored import Body, Id
from solver.outcome import Limits


class Searched(Body):
    """How far to search."""

    time_limit: Annotated[float, Field(gt=0, le=LONGEST, allow_inf_nan=False)] = 5.0
    effort: Annotated[int, Field(ge=1, le=1000)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1


class PlanEdits(Searched):
    """Edits of a kept plan."""

    edits: Annotated[tuple[PlanEdit, ...], Field(min_length=1)] = Field(description="Done in this order")
    make: bool = Field(default=False, description="Keep the plan that they make, if none breaks a rule")
    anew: bool = Field(default=False, description="Plan the rest anew around the edits")


class Edited(Body):
    """What edits of a plan do, and the plan that they make."""

    consequences: tuple[Consequence, ...]
    plan: KeptPlan | None = Field(description="Empty if it was not asked for, or an edit breaks a rule")


class ToTry(Searched):
    """Changes that could fill an empty place."""

    case_id: Id
    role: RoleName = "lead"
    changes: Annotated[tuple[AnyChange, ...], Field(min_length=1, max_length=5)] = Field(
        description="Such as a remedy's `steps`; made together"
    )


def routes() -> tuple[Route, ...]:
    """The calls."""
    of_plan = "/v1/plans/{plan}"
    edits = RequestBody.of(PlanEdits)
    trial = RequestBody.of(ToTry)
    return (
        Route("POST", f"{of_plan}/edits", "edit-plan", "Say what edits of a plan do, or keep what they make",
              STAFF, _edits, Edited, {200: "It is told.", 201: "The plan is kept."}, body=edits,
              prepare=_edited),
        Route("POST", f"{of_plan}/trials", "try-changes",
              "Say what would follow from more hours, a skill, a limit; keep nothing", STAFF,
              lambda call: Reply(call.prepared), Trial, body=trial, prepare=_tried),
    )  # fmt: skip


def _edits(call: Call) -> Reply:
    told, made = call.prepared
    plan = None if made is None else kept(call, propose(call.tx, made))
    seen = tuple(_seen(call, one) for one in told)
    return Reply(redacted(call, Edited(consequences=seen, plan=plan)), 201 if plan else 200)


def _seen(call: Call, told: Consequence) -> Consequence:
    """The same; what is on record of a reviewer who is lent is their own area's."""
    mine = covered(call, "reviewers", (one.reviewer_id for one in told.broken))
    if is_everywhere(call.caller):
        return told
    hidden = {"sentence": "their area does not tell what stops them"}
    broken = (
        one if not one.reviewer_id or one.reviewer_id in mine else one.model_copy(update=hidden)
        for one in told.broken
    )
    return told.model_copy(update={"broken": tuple(broken)})


def _edited(call: Call) -> tuple[tuple[Consequence, ...], Made | None]:
    """What edits do, and the plan that they make, if it was asked for and none breaks a rule."""
    plan, asked = own_plan(call), read_model(PlanEdits, call.body)
    _check_seats(call, [seat for one in asked.edits for seat in seats_of(one)])
    with call.service.slots.one():
        reading, (document, proof) = made_of(call, plan)
        draft = Draft(Planned.of(reading.snapshot, document, proof))
        told = try_edits(draft, asked.edits)[1]
        if not asked.make or any(one.broken for one in told):
            return told, None
        wanted = PlanRequest(asked.time_limit, asked.effort, workers=1, seed=asked.seed)
        allocation, told = edited(reading, draft, asked.edits, wanted, call.service.now, asked.anew)
    return told, Made(*allocation.documents, plan.known_at, plan.areas, plan.plan, plan.released)


def _tried(call: Call) -> Trial:
    """What would follow from changes of what is the caller's."""
    plan, asked = own_plan(call), read_model(ToTry, call.body)
    case = own(call, CASES, asked.case_id)
    for one in asked.changes:
        _check_change(call, one)
    limits = Limits(asked.time_limit, asked.effort, 0.0, asked.seed, 1)
    with call.service.slots.one():
        reading, (document, proof) = made_of(call, plan)
        planned = Planned.of(reading.snapshot, document, proof)
        found = try_changes(planned, (asked.case_id, asked.role), asked.changes, limits)
    return redacted(call, found, case)


def _check_change(call: Call, change: Change) -> None:
    """Nothing, if what a change is about is the caller's: its own area's people decide on it."""
    if isinstance(change, MoreAdmin):
        if not call.caller.covers(change.area):
            raise not_there("areas", change.area)
    elif not isinstance(change, MoreOfContract):
        own(call, "reviewers", change.reviewer_id)


def _check_seats(call: Call, seats: Iterable[SeatOf]) -> None:
    """Nothing, if each case is the caller's, and each reviewer who is named for one theirs or lent to it."""
    for one in {(seat.case_id, seat.reviewer_id): seat for seat in seats}.values():
        case = own(call, CASES, one.case_id)
        if one.reviewer_id is None or is_everywhere(call.caller):
            continue
        who = records.get(call.connection, "reviewers", one.reviewer_id)
        if who is None or not (call.caller.covers(who.area) or _lent(call, who, case)):
            raise not_there("reviewers", one.reviewer_id)


def _lent(call: Call, who: Record, case: Record) -> bool:
    return is_lent(call.connection, str(who.area), str(case.area), case.record_id)
