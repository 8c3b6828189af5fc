"""Lines of a kept plan, of the caller's cases: what is advised, and what has become of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from pydantic import Field

from allocator.plan import Part, RoleName
from allocator.store.kinds import CASES
from allocator.store.lines import Line, LineState, why_stale
from allocator.store.obstacles import Lack, missing
from api.calls import Call
from api.scope import covered, is_everywhere
from api.stored import Body

L = TypeVar("L")


class PlanLine(Part):
    """One new or moved line: what is advised, and what has become of it."""

    case_id: str = Field(description="The case")
    role: RoleName = Field(description="lead or second")
    advised: str = Field(description="Whom the plan advises")
    reviewer_id: str = Field(description="Who is to have it")
    previous_reviewer_id: str | None = Field(description="Who had it, if moved")
    state: LineState = Field(description="proposed, approved, published or undone")
    departure: str | None = Field(description="Why somebody else than is advised")
    hours: float | None = Field(description="Hours it takes whom the plan advises")
    finish_on: date | None = Field(description="Forecast day of sign-off with them")
    on_time: bool | None = Field(description="Whether that is in time")
    publication: int | None = Field(description="With which it was published")
    stale: str | None = Field(description="What it rests on and has changed; empty: nothing")
    missing: str | None = Field(description="What it lacks to be published: a declaration, a consent")
    lender: str | None = Field(description="The area whose consent it lacks")
    reason: str = Field(description="Why the one who is advised")


class PlanLines(Body):
    """New and moved lines of a plan, by case, lead first."""

    items: tuple[PlanLine, ...]


def shown(call: Call, lines: Iterable[Line]) -> list[PlanLine]:
    """Lines that are the caller's, with what the plan said of each."""
    mine = mine_of(call, lines)
    open_to = [one for one in mine if one.state in (LineState.PROPOSED, LineState.APPROVED)]
    old, lacks = why_stale(call.connection, open_to), missing(call.connection, open_to)
    return [_line(one, old.get(one.seat), lacks.get(one.seat)) for one in mine]


def _line(one: Line, old: list[str] | None, lacks: Lack | None) -> PlanLine:
    kept = ("case_id", "role", "advised", "reviewer_id", "previous_reviewer_id", "state", "publication")
    advice = one.advice or {}
    return PlanLine(
        **{name: getattr(one, name) for name in kept},
        departure=one.reason,
        hours=advice.get("hours"),
        finish_on=advice.get("finish_on"),
        on_time=advice.get("on_time"),
        stale="; ".join(old) if old else None,
        missing="; ".join(lacks.sentences) if lacks else None,
        lender=lacks.lender if lacks else None,
        reason=advice.get("reason") or "",
    )


def mine_of(call: Call, lines: Iterable[Line]) -> list[Line]:
    """Those of some lines that are about the caller's cases."""
    return mine_by(call, lines, lambda one: one.case_id)


def mine_by(call: Call, rows: Iterable[L], case_of: Callable[[L], str]) -> list[L]:
    """Those that are about the caller's cases."""
    found = list(rows)
    if is_everywhere(call.caller):
        return found
    seen = covered(call, CASES, map(case_of, found))
    return [one for one in found if case_of(one) in seen]
