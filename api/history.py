"""Calls for what happened: the lines of the audit, and the notices of an area."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from allocator.store import chain, told
from allocator.store.callers import Role
from api.auth import STAFF
from api.calls import Call, Reply, Route
from api.errors import Refusal
from api.stored import MOST, ONE_ID, Body


class Since(BaseModel):
    """Which of them are asked for."""

    model_config = ConfigDict(frozen=True)

    limit: int = Field(default=100, ge=1, le=MOST, description="so many at most")
    after: int = Field(default=0, ge=0, le=2**31 - 1, description="those after this number")


class About(Since):
    """Which lines are asked for."""

    kind: str | None = Field(default=None, pattern=ONE_ID, description="about records of this kind")
    record_id: str | None = Field(default=None, pattern=ONE_ID, description="about this record")


class AuditLine(Body):
    """One change: who did what, when and why, chained to the line before."""

    number: int
    at: datetime
    actor: str
    action: str
    kind: str
    record_id: str
    reason: str | None
    values_digest: str
    previous: str
    hash: str
    before: dict[str, JsonValue] | None = Field(description="Empty: nothing, or deleted by retention")
    after: dict[str, JsonValue] | None
    note: str | None


class AuditLines(Body):
    """Some lines, in order."""

    items: tuple[AuditLine, ...]
    next: int | None = Field(description="Ask again with after=this; empty: no more")


class Notice(Body):
    """Something that somebody has to know, or to do something about."""

    number: int
    at: datetime
    code: str
    case_id: str
    reviewer_id: str | None
    area: str | None
    detail: str


class Notices(Body):
    """Some notices, in order."""

    items: tuple[Notice, ...]
    next: int | None = Field(description="Ask again with after=this; empty: no more")


def routes() -> tuple[Route, ...]:
    """The two calls."""
    auditors = frozenset({Role.AUDITOR, Role.ADMIN})
    return (
        Route("GET", "/v1/audit", "audit", "The audit's lines", auditors, _audit, AuditLines, query=About),
        Route("GET", "/v1/notices", "notices", "The areas' notices", STAFF, _notices, Notices, query=Since),
    )


def _audit(call: Call) -> Reply:
    if call.caller.areas:
        raise Refusal(403, "other-area", "The audit is of all areas, and this key is not.")
    asked: About = call.query
    about = chain.About(asked.kind, asked.record_id)
    found = chain.lines(call.connection, asked.after, asked.limit + 1, about)
    items, more = _page(found, call.query.limit)
    return Reply(AuditLines(items=tuple(AuditLine(**one) for one in items), next=more))


def _notices(call: Call) -> Reply:
    found = told.notices_after(call.connection, call.caller.areas, call.query.after, call.query.limit + 1)
    items, more = _page(found, call.query.limit)
    return Reply(Notices(items=tuple(Notice(**one) for one in items), next=more))


def _page(found: list[dict[str, Any]], limit: int) -> tuple[list[dict[str, Any]], int | None]:
    items = found[:limit]
    return items, items[-1]["number"] if len(found) > limit else None
