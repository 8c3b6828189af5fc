"""Calls for standing orders: an area plans by itself, and what meets the automatic rule counts at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from allocator.automatic import WORDS
from allocator.jobs.rehearsal import Rehearsal
from allocator.plan import RoleName
from allocator.store import jobs, orders
from allocator.store.jobs import OTHER, Job, Wish
from allocator.store.kinds import KINDS
from allocator.store.orders import Order
from api.calls import Call, Reply, Route, etag, not_there
from api.jobtold import JobAnswer
from api.openapi import RequestBody
from api.questions import read_model
from api.roles import OVERSEERS, STAFF
from api.scope import covers_all, other_area
from api.stored import Body, Nothing
from api.work import REHEARSAL

ONE: Final = "/v1/standing-orders/{area}"
LONGEST: Final = 1_800.0
SAYS: Final = {str(code): words for code, words in WORDS.items()}
OTHERWISE: Final = "something came in its way since it was planned: a notice says what"


def _minute(given: object) -> time:
    """The time of day that is written as hours and minutes: what else a time can hold is not kept."""
    if isinstance(given, time):
        return given
    if not isinstance(given, str) or re.fullmatch(MINUTE, given) is None:
        raise PydanticCustomError("time_of_day", "write hours and minutes in London, such as 02:30")
    return time.fromisoformat(given)


MINUTE: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
TimeOfDay = Annotated[
    time,
    BeforeValidator(_minute),
    PlainSerializer(lambda at: at.isoformat("minutes"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": MINUTE}),
]


class When(Body):
    """When an area is planned by itself: at a time of day, or once so many cases have come, or either."""

    at: TimeOfDay | None = Field(default=None, description="Time of day in London, such as 02:30")
    after: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        default=None, description="So many new cases since the last plan"
    )
    time_limit: float = Field(
        default=60.0, gt=0, le=3_600, allow_inf_nan=False, description="seconds to plan in"
    )

    @model_validator(mode="after")
    def _some_moment(self) -> When:
        if self.at is None and self.after is None:
            raise ValueError("say `at`, `after` or both: else it would never plan")
        return self


class WaitingLine(Body):
    """A line of the plan that waits for a person."""

    case_id: str
    role: RoleName
    why: tuple[str, ...] = Field(description="Codes, such as late")
    says: str = Field(description="The same in words")

    @staticmethod
    def of(line: Mapping[str, Any]) -> dict[str, Any]:
        """The same with its words."""
        return {**line, "says": "; ".join(SAYS.get(one, OTHERWISE) for one in line["why"])}


class Outcome(Body):
    """What came of the last plan."""

    plan: int | None = Field(description="Its number; empty: there is none")
    published: int = Field(description="Lines that counted at once")
    publication: int | None
    waiting: dict[str, int] = Field(default={}, description="By reason, lines that wait for a person")
    lines: tuple[WaitingLine, ...] = Field(
        default=(), description="The first hundred lines that wait, by case, each with why"
    )
    problem: dict[str, Any] | None = Field(default=None, description="Why there is no plan")


class StandingOrder(When):
    """An area's order as it stands."""

    area: str
    version: int
    since: datetime = Field(description="The last plan was begun then, or the order given")
    job: str | None = Field(description="The plan that is being made: /v1/jobs/{job}")
    outcome: Outcome | None

    @staticmethod
    def of(order: Order) -> StandingOrder:
        """The same as an answer."""
        said = {name: getattr(order, name) for name in ("area", "version", "since", "at", "after")}
        outcome = None
        if order.outcome is not None:
            lines = [WaitingLine.of(one) for one in order.outcome.get("lines", ())]
            outcome = Outcome.model_validate({**order.outcome, "lines": lines})
        return StandingOrder(**said, time_limit=order.time_limit, job=order.job_id, outcome=outcome)


class StandingOrders(Body):
    """The orders of the caller's areas."""

    items: tuple[StandingOrder, ...]


class ToRehearse(When):
    """What is tried on the days that are over."""

    days: int = Field(default=30, ge=1, le=62, description="so many days back")


class RehearsalAnswer(Body):
    """What an order would have done."""

    job: JobAnswer
    rehearsal: Rehearsal | None = Field(description="Empty until it has ended")


def routes() -> tuple[Route, ...]:
    """The calls."""
    when, tried = map(RequestBody.of, (When, ToRehearse))
    saved = {"If-Match": "the version that is changed", "If-None-Match": "*: only if there is none yet"}
    return (
        Route("GET", "/v1/standing-orders", "standing-orders", "Areas that plan by themselves", OVERSEERS,
              _list, StandingOrders),
        Route("GET", ONE, "standing-order", "When an area plans by itself, and what came of it", OVERSEERS,
              _one, StandingOrder),
        Route("PUT", ONE, "put-standing-order", "Let an area plan by itself", STAFF, _put, StandingOrder,
              {200: "It is changed.", 201: "It is given."}, body=when, headers=saved),
        Route("DELETE", ONE, "end-standing-order", "Let it plan by itself no more", STAFF, _end, Nothing),
        Route("POST", f"{ONE}/rehearsals", "rehearse", "Try an order on days that are over", STAFF, _rehearse,
              JobAnswer, {202: "It will be tried: Location says where to look."}, body=tried),
        Route("GET", "/v1/rehearsals/{job}", "rehearsal", "What an order would have done", STAFF, _rehearsed,
              RehearsalAnswer),
    )  # fmt: skip


def _list(call: Call) -> Reply:
    mine = [one for one in orders.every(call.connection) if call.caller.covers(one.area)]
    return Reply(StandingOrders(items=tuple(map(StandingOrder.of, mine))))


def _one(call: Call) -> Reply:
    return _shown(orders.found(call.connection, _own_area(call)))


def _put(call: Call) -> Reply:
    area, asked = _own_area(call), read_model(When, call.body)
    is_new = orders.find(call.connection, area) is None
    given = Order(area, asked.at, asked.after, asked.time_limit, 0, call.service.now())
    return _shown(orders.put(call.tx, given, call.expected), 201 if is_new else 200)


def _end(call: Call) -> Reply:
    orders.end(call.tx, _own_area(call))
    return Reply(Nothing())


def _rehearse(call: Call) -> Reply:
    area, asked = _own_area(call), read_model(ToRehearse, call.body)
    text = json.dumps(asked.model_dump(mode="json", include={"at", "after", "days"})).encode()
    options: Mapping[str, Any] = {OTHER: REHEARSAL, "time_limit": LONGEST}
    job = jobs.submit(call.tx, Wish(call.caller.actor, (area,), options, text))
    return Reply(JobAnswer.of(job), 202, {"Location": f"/v1/rehearsals/{job.job_id}"})


def _rehearsed(call: Call) -> Reply:
    job = jobs.find_job(call.connection, call.path["job"])
    if job is None or not _is_mine(call, job):
        raise not_there("rehearsals", call.path["job"])
    found = jobs.answer_of(call.connection, job.job_id)
    told = None if found is None else Rehearsal.model_validate_json(found)
    return Reply(RehearsalAnswer(job=JobAnswer.of(job), rehearsal=told))


def _is_mine(call: Call, job: Job) -> bool:
    return job.wish.options.get(OTHER) == REHEARSAL and covers_all(call.caller, job.wish.areas)


def _own_area(call: Call) -> str:
    area = KINDS["areas"].written(call.path["area"])
    if not call.caller.covers(area):
        raise other_area("An area's own people give its standing order.")
    return area


def _shown(order: Order, status: int = 200) -> Reply:
    return Reply(StandingOrder.of(order), status, etag(order.version))
