"""Calls for who takes over from a reviewer: told, and kept as a plan that can be approved and published."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from allocator.allocate import PlanRequest
from allocator.fields import Day
from allocator.handover import Away, Handover, handover
from allocator.store import queue
from allocator.store.plans import Made, propose_handover
from allocator.store.queue import newest
from allocator.takeover import takeover
from api.asking import LONGEST, Timed
from api.calls import Call, Reply, Route
from api.kept import KeptPlan, kept
from api.openapi import RequestBody
from api.questions import read_model
from api.redaction import redacted
from api.roles import STAFF, STAFF_AND_AUDITORS
from api.scope import own
from api.stored import Body
from solver.cpsat import CpLimits

FIRST, LAST = "first day without them; default: today", "last day without them; empty: they do not come back"


class Leaving(Timed):
    """When somebody is not there, and how far to search."""

    first_day: Day | None = Field(default=None, description=FIRST)
    last_day: Day | None = Field(default=None, description=LAST)


class HandoverWish(Body):
    """A handover that is to be kept as a plan."""

    first_day: Day | None = Field(default=None, description=FIRST)
    time_limit: Annotated[float, Field(gt=0, le=LONGEST, allow_inf_nan=False)] = 5.0
    effort: Annotated[int, Field(ge=1, le=1000)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1


def routes() -> tuple[Route, ...]:
    """The two calls."""
    one = "/v1/reviewers/{record_id}"
    body = RequestBody.of(HandoverWish)
    return (
        Route("GET", f"{one}/handover", "reviewer-handover", "Who takes over from a reviewer",
              STAFF_AND_AUDITORS, _handed, Handover, query=Leaving),
        Route("POST", f"{one}/handovers", "hand-over", "Keep who takes over from a reviewer as a plan", STAFF,
              _propose, KeptPlan, {201: "The plan is kept: approve and publish it."}, body=body,
              prepare=_planned),
    )  # fmt: skip


def _handed(call: Call) -> Reply:
    reviewer = own(call, "reviewers", call.path["record_id"])
    asked: Leaving = call.query
    limits = CpLimits(asked.time_limit, asked.effort and float(asked.effort), 1, asked.seed)
    away = Away(asked.first_day, asked.last_day)
    with call.service.slots.one():
        found = handover(queue(call.connection, call.day).snapshot, reviewer.record_id, limits, away)
    return Reply(redacted(call, found))


def _planned(call: Call) -> Made:
    """The plan that a handover is, of what is known now."""
    reviewer = own(call, "reviewers", call.path["record_id"])
    asked, areas = read_model(HandoverWish, call.body), tuple(sorted(call.caller.areas))
    wanted = PlanRequest(asked.time_limit, asked.effort, workers=1, seed=asked.seed)
    with call.service.slots.one():
        reading, known_at = queue(call.connection, call.day, areas=areas), newest(call.connection)
        found = takeover(reading, reviewer.record_id, wanted, Away(asked.first_day), call.service.now)
    return Made(*found.allocation.documents, known_at, areas, released=found.released)


def _propose(call: Call) -> Reply:
    plan = kept(call, propose_handover(call.tx, call.prepared, call.path["record_id"]))
    return Reply(plan, 201, {"Location": f"/v1/plans/{plan.plan}"})
