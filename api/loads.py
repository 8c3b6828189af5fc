"""Calls for how full reviewers are: all of an area, and one by week ahead with what they have."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from allocator.desk import LoadAhead, LoadNow, load_ahead, loads
from allocator.store import records
from allocator.store.callers import Role
from allocator.store.records import Filter
from api.calls import Call, Reply, Route
from api.redaction import redacted
from api.roles import REVIEWERS, STAFF_AND_AUDITORS
from api.scope import areas_asked, is_everywhere, own
from api.stored import Area, Body

EVERYBODY = 1_000_000


class OfArea(BaseModel):
    """Whose load is asked for."""

    model_config = ConfigDict(frozen=True)

    area: Area | None = Field(default=None, description="of reviewers at home in one area")


class Ahead(BaseModel):
    """How far ahead."""

    model_config = ConfigDict(frozen=True)

    weeks: int = Field(default=13, ge=1, le=104, description="so many weeks, this one the first")


class LoadsNow(Body):
    """How full reviewers are, by id."""

    items: tuple[LoadNow, ...]


def routes() -> tuple[Route, ...]:
    """The two calls."""
    return (
        Route("GET", "/v1/workloads", "workloads", "How full reviewers are now", STAFF_AND_AUDITORS, _every,
              LoadsNow, query=OfArea),
        Route("GET", "/v1/reviewers/{record_id}/workload", "reviewer-workload",
              "How full a reviewer is now and by week ahead, and what they have",
              STAFF_AND_AUDITORS | REVIEWERS, _one, LoadAhead, query=Ahead),
    )  # fmt: skip


def _every(call: Call) -> Reply:
    asked: OfArea = call.query
    areas, ids = set(areas_asked(call, asked.area)), None
    if areas:
        found = records.find(call.connection, "reviewers", Filter(areas), EVERYBODY)
        ids = [one.record_id for one in found]
    now = call.service.desks.now(call.connection, call.day)
    return Reply(LoadsNow(items=loads(now, ids)))


def _one(call: Call) -> Reply:
    reviewer = own(call, "reviewers", call.path["record_id"])
    asked: Ahead = call.query
    now = call.service.desks.now(call.connection, call.day)
    found = load_ahead(now, reviewer.record_id, asked.weeks)
    is_theirs = call.caller.role is Role.REVIEWER
    return Reply(found if is_theirs or is_everywhere(call.caller) else redacted(call, found))
