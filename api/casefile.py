"""Calls that tell of one case: clocks and holds, who had it, which plans have it, what a family is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from allocator.desk import family
from allocator.errors import Conflict, Unknown
from allocator.holds import Hold
from allocator.plan import RoleName
from allocator.store import Record, State, holdings, plans, records
from allocator.store.following import days_of
from allocator.store.holds import holds_of
from allocator.store.kinds import CASES
from allocator.store.lines import lines_about
from allocator.store.policies import policy_of
from allocator.store.states import ENDED
from api.calls import Call, Reply, Route
from api.clock import LONDON
from api.planlines import PlanLine
from api.planlines import shown as shown_lines
from api.roles import READERS, REVIEWERS, STAFF_AND_AUDITORS
from api.scope import own_case, sees_plan
from api.stored import Body

ONE = "/v1/cases/{record_id}"
LOOKED_AT = 20
"""So many plans are opened at most to find one that has a case."""


class HoldTold(Body):
    """A time in which a case's clocks stood still."""

    since: date
    until: date | None = Field(description="The day from which they went on; empty: it is open")
    days: int = Field(description="0 while it is open")
    reason: str | None
    expected: date | None = Field(description="When an open one is expected to end")


class CaseClocks(Body):
    """A case's two clocks, and what stopped them."""

    as_of: date = Field(description="Today, or the day on which the case ended")
    notified_on: date
    days: int = Field(description="On the clock so far; a hold stops it")
    allocate_by: date
    complete_by: date
    on_hold: bool
    holds: tuple[HoldTold, ...] = Field(description="The first one first")
    other_hold_days: int = Field(description="Days of earlier holds of which it is not known when they were")


class HoldingTold(Body):
    """That somebody has a place of a case, or had it."""

    role: RoleName
    reviewer_id: str
    allocated_on: date
    given_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None = Field(description="Empty: they have it now")
    ended_why: str | None
    publication: int | None = Field(description="What it came of; empty: given by hand, or told of")


class CaseHoldings(Body):
    """All who have a place of a case, or had one, the first one first."""

    items: tuple[HoldingTold, ...]


class InPlan(Body):
    """A plan that has a case, and its new and moved lines of it."""

    plan: int
    as_of: date
    made_at: datetime
    lines: tuple[PlanLine, ...] = Field(description="None: it keeps who has it, or gives it to nobody")


class InPlans(Body):
    """Plans that have a case, the newest first."""

    items: tuple[InPlan, ...]


class Newest(BaseModel):
    """How many."""

    model_config = ConfigDict(frozen=True)

    top: int = Field(default=1, ge=1, le=LOOKED_AT, description="how many at most")


class ForFamily(Body):
    """What a family may be told: it names no person, no other case and nothing of anybody's health."""

    case_id: str
    as_of: date
    paragraphs: tuple[str, ...]


def routes() -> tuple[Route, ...]:
    """The calls, each of which only reads."""
    return (
        Route("GET", f"{ONE}/clocks", "case-clocks", "Its clocks, and the holds that stopped them",
              READERS | REVIEWERS, _clocks, CaseClocks),
        Route("GET", f"{ONE}/holdings", "case-holdings", "All who ever had a place of it", READERS, _holdings,
              CaseHoldings),
        Route("GET", f"{ONE}/plans", "case-plans", "The newest plans that have it", STAFF_AND_AUDITORS,
              _plans, InPlans, query=Newest),
        Route("GET", f"{ONE}/family", "case-family", "What a family may be told",
              STAFF_AND_AUDITORS | REVIEWERS, _family, ForFamily),
    )  # fmt: skip


def _clocks(call: Call) -> Reply:
    case, every = _known(call)
    day = min(_ended_on(every) or call.day, call.day)
    found, (holds, others) = days_of(case, policy_of(call.connection), day), holds_of(every)
    return Reply(
        CaseClocks(
            as_of=day,
            notified_on=date.fromisoformat(case.body["notified_on"]),
            **vars(found),
            on_hold="on_hold_since" in case.body,
            holds=tuple(map(_hold, holds)),
            other_hold_days=others,
        )
    )


def _holdings(call: Call) -> Reply:
    case = own_case(call)
    names = HoldingTold.model_fields
    items = (
        HoldingTold(**{name: getattr(one, name) for name in names})
        for one in holdings.of_case(call.connection, case.record_id)
    )
    return Reply(CaseHoldings(items=tuple(items)))


def _plans(call: Call) -> Reply:
    case = own_case(call)
    asked: Newest = call.query
    return Reply(InPlans(items=tuple(islice(_having(call, case), asked.top))))


def _having(call: Call, case: Record) -> Iterator[InPlan]:
    """Yield each plan that fills a place of a case or leaves it empty, of those that are the caller's."""
    mine = [one for one in plans.every_plan(call.connection) if sees_plan(call.caller, one)]
    for one in mine[:LOOKED_AT]:
        if _has(_document(call, one.plan), case.record_id):
            lines = lines_about(call.connection, one.plan, {case.record_id})
            told = tuple(shown_lines(call, lines))
            yield InPlan(plan=one.plan, as_of=one.as_of, made_at=one.made_at, lines=told)


def _document(call: Call, number: int) -> dict[str, Any]:
    try:
        return plans.documents(call.connection, number)[0]
    except Unknown:  # deleted after its time
        return {}


def _has(document: dict[str, Any], case_id: str) -> bool:
    parts = ("assignments", "unassigned")
    return any(row["case_id"] == case_id for part in parts for row in document.get(part, ()))


def _family(call: Call) -> Reply:
    case = own_case(call)
    told = _ended(case)
    if told is None:
        told = family(call.service.desks.now(call.connection, call.day), case.record_id)
    return Reply(ForFamily(case_id=case.record_id, as_of=call.day, paragraphs=told))


def _ended(case: Record) -> tuple[str, ...] | None:
    """What is told of a case that is planned no more."""
    if case.merged_into:
        return ("This review is done together with another notification of the same death.",)
    if case.state == State.COMPLETED:
        return ("This review is complete.",)
    return ("This notification was closed without a review.",) if case.state == State.CLOSED else None


def _known(call: Call) -> tuple[Record, Sequence[Record]]:
    """A case that is the caller's, and all its versions."""
    case = own_case(call)
    if not case.body:
        raise Conflict("forgotten", case.record_id, "what it said was deleted after its time")
    return case, records.history(call.connection, CASES, case.record_id)


def _ended_on(every: Sequence[Record]) -> date | None:
    """The day since which a case is in a state that ends it; None for one that goes on."""
    ended = None
    for one in reversed(every):
        if one.state not in ENDED or one.at is None:
            break
        ended = one.at.astimezone(LONDON).date()
    return ended


def _hold(one: Hold) -> HoldTold:
    return HoldTold(**vars(one), days=one.days)
