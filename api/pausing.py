"""Calls that stop a case's clocks and let them go on: a hold begun, and one ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import Field

from allocator.cases import HoldReason
from allocator.store import Record
from allocator.store.holds import paused, resumed
from allocator.store.kinds import CASES
from api.calls import Call, Reply, Route
from api.openapi import RequestBody
from api.questions import read_model
from api.records import keep_row
from api.roles import STAFF_AND_SYSTEMS
from api.scope import own_case
from api.stored import Body, StoredRecord

ONE = "/v1/cases/{record_id}"


class ToPause(Body):
    """Since when a case is on hold, and why."""

    since: date = Field(description="The first day that does not count")
    reason: HoldReason | None = None
    until: date | None = Field(default=None, description="When it is expected to end")


class ToResume(Body):
    """When a hold ended."""

    on: date = Field(description="The first day that counts again")


def routes() -> tuple[Route, ...]:
    """The two calls."""
    return (
        _route("hold", "hold-case", "Put a case on hold: its clocks stop", ToPause, _paused),
        _route("resume", "resume-case", "End a hold: the clocks go on", ToResume, _resumed),
    )


def _route(
    end: str, name: str, summary: str, body: type[Body], row: Callable[[Call, Record, Any], Mapping[str, Any]]
) -> Route:
    def done(call: Call) -> Reply:
        case = own_case(call)
        return keep_row(call, CASES, case.record_id, row(call, case, read_model(body, call.body)))

    sent, match = RequestBody.of(body), {"If-Match": "the case's version"}
    may = STAFF_AND_SYSTEMS
    return Route("POST", f"{ONE}/{end}", name, summary, may, done, StoredRecord, body=sent, headers=match)


def _paused(_: Call, case: Record, asked: ToPause) -> Mapping[str, Any]:
    return paused(case, asked.since, asked.reason, asked.until)


def _resumed(call: Call, case: Record, asked: ToResume) -> Mapping[str, Any]:
    return resumed(case, asked.on, call.day)
