"""Calls for what happened: the lines of the audit, whether they are whole, and the notices of an area."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from allocator.export import csv_bytes
from allocator.plan import Part
from allocator.store import chain, told
from allocator.store.about import About, lines_about
from allocator.store.chain import Head
from api import audit_words
from api.calls import Call, Reply, Route
from api.downloads import download, media
from api.errors import Refusal
from api.redaction import redacted
from api.roles import ADMINS_AND_AUDITORS, STAFF
from api.scope import own
from api.stored import MOST, ONE_ID, Body

MOST_ROWS: Final = 100_000
"""Of one file; those that follow are asked for with `after`."""
MOST_BROKEN: Final = 100


class Since(BaseModel):
    """Which of them are asked for."""

    model_config = ConfigDict(frozen=True)

    limit: int = Field(default=100, ge=1, le=MOST, description="so many at most")
    after: int = Field(default=0, ge=0, le=2**31 - 1, description="those after this number")


class AuditAsked(Since):
    """Which lines of the audit, and as what."""

    case_id: str | None = Field(default=None, pattern=ONE_ID, description="about a case")
    plan: int | None = Field(default=None, ge=1, le=10**9, description="about a plan")
    reviewer_id: str | None = Field(
        default=None, pattern=ONE_ID, description="about a reviewer, and what they did themselves"
    )
    actor: str | None = Field(
        default=None, pattern=r"^[^\x00-\x1f\x7f]{1,128}$", description="what one actor did"
    )
    format: Literal["json", "csv"] = Field(default="json", description="a file of all that follow, or JSON")

    @property
    def about(self) -> About:
        """What the lines are to be about."""
        return About(self.case_id, self.plan, self.reviewer_id, self.actor)


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
    says: str = Field(description="What was done, in words")
    changes: tuple[str, ...] = Field(description="What is otherwise since, in words")

    @staticmethod
    def of(line: dict[str, Any]) -> AuditLine:
        """The line with its words."""
        said = {"says": audit_words.says(line), "changes": audit_words.changes(line)}
        return AuditLine(**line, **said)


class AuditRow(Part):
    """One change, as a row of a file."""

    number: int
    at: datetime
    actor: str
    action: str
    kind: str
    record_id: str
    says: str
    changes: str
    reason: str | None
    note: str | None
    hash: str


class Place(Body):
    """Where the audit does not hold, and why."""

    number: int
    why: str


class Verification(Body):
    """Whether the audit is as it was written."""

    sound: bool
    lines: int
    head: str = Field(
        description="NUMBER:HASH of the last line: noted elsewhere, it shows later what is missing"
    )
    broken: tuple[Place, ...] = Field(description="Places where it does not hold; the first hundred")


class Noted(BaseModel):
    """A head that was noted earlier."""

    model_config = ConfigDict(frozen=True)

    head: str | None = Field(default=None, max_length=80, description="NUMBER:HASH: it must still be there")


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
    """The calls."""
    auditors = ADMINS_AND_AUDITORS
    return (
        Route(
            "GET",
            "/v1/audit",
            "audit",
            "The audit's lines, of all or about one thing",
            auditors,
            _audit,
            AuditLines,
            query=AuditAsked,
            files=media("csv"),
        ),
        Route(
            "GET",
            "/v1/audit/verification",
            "audit-verification",
            "Whether the audit is as it was written",
            auditors,
            _verify,
            Verification,
            query=Noted,
        ),
        Route("GET", "/v1/notices", "notices", "The areas' notices", STAFF, _notices, Notices, query=Since),
    )


def _audit(call: Call) -> Reply:
    asked: AuditAsked = call.query
    _check_own(call, asked)
    is_file = asked.format == "csv"
    limit = MOST_ROWS if is_file else asked.limit
    found = lines_about(call.connection, asked.about, asked.after, limit + 1)
    items, more = _page(found, limit)
    told = redacted(call, AuditLines(items=tuple(map(AuditLine.of, items)), next=more))
    if not is_file:
        return Reply(told)
    rows = [AuditRow(**_row(one)) for one in told.items]
    return download(told, csv_bytes(AuditRow, rows), "csv")


def _row(one: AuditLine) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in AuditRow.model_fields}
    return said | {"changes": "; ".join(one.changes)}


def _check_own(call: Call, asked: AuditAsked) -> None:
    """Nothing, if all that is asked for is the caller's: an area sees what is about its cases and people."""
    if not call.caller.areas:
        return
    if asked.case_id is None and asked.reviewer_id is None:
        raise Refusal(403, "other-area", "The audit is of all areas: ask for a case or a reviewer of yours.")
    if asked.case_id is not None:
        own(call, "cases", asked.case_id)
    if asked.reviewer_id is not None:
        own(call, "reviewers", asked.reviewer_id)


def _verify(call: Call) -> Reply:
    if call.caller.areas:
        raise Refusal(403, "other-area", "The audit is of all areas, and this key is not.")
    asked: Noted = call.query
    noted = None if asked.head is None else Head.of(asked.head)
    broken = [Place(number=one.number, why=one.why) for one in chain.verify(call.connection, noted)]
    last = chain.head(call.connection)
    found = Verification(
        sound=not broken, lines=last.number, head=str(last), broken=tuple(broken[:MOST_BROKEN])
    )
    return Reply(found)


def _notices(call: Call) -> Reply:
    found = told.notices_after(call.connection, call.caller.areas, call.query.after, call.query.limit + 1)
    items, more = _page(found, call.query.limit)
    return Reply(Notices(items=tuple(Notice(**one) for one in items), next=more))


def _page(found: list[dict[str, Any]], limit: int) -> tuple[list[dict[str, Any]], int | None]:
    items = found[:limit]
    return items, items[-1]["number"] if len(found) > limit else None
