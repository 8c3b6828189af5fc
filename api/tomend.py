"""What to mend first: rows that are set aside and what kept cases lack, by what it holds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from allocator.mending import Concern, Group, Level, to_mend
from allocator.store import quarantine
from allocator.store.aside import Aside
from allocator.store.declaring import declared
from api.calls import Call, Reply, Route, not_there
from api.quarantine import asked
from api.roles import READERS
from api.stored import MOST, Area, Body

HOLDS_UP = {
    Level.PLAN: "in no plan",
    Level.WORK: "hidden work",
    Level.DECLARE: "to be declared",
    Level.ASSUMED: "assumed",
}


class ToMendGroup(Body):
    """What is wrong in the same way, and what it holds up."""

    group: str = Field(description="Names it in GET /v1/to-mend/{group}")
    says: str = Field(description="What is wrong, in words")
    how: str = Field(description="How it is mended")
    holds_up: str = Field(description="in no plan, hidden work, to be declared or assumed: the worst of it")
    rows: int = Field(description="Rows that are set aside because of it")
    cases: int = Field(description="Cases that it concerns")
    overdue: int = Field(description="Of these, overdue")
    unclear: int = Field(description="Of these, nobody can tell, as their clocks cannot be read")
    in_no_plan: int = Field(description="Cannot be planned at all until it is mended")
    hidden_work: int = Field(description="Are with somebody who looks freer than they are")
    to_declare: int = Field(
        description="Can be published once a reviewer has declared independence, or it is mended"
    )
    assumed: int = Field(description="Are planned with what is assumed, or was known before")


class ToMend(Body):
    """What to mend, what holds up most first."""

    as_of: date
    set_aside: int = Field(description="Rows that are set aside")
    groups: tuple[ToMendGroup, ...]


class Held(Body):
    """A row to be mended, or a case that is held up."""

    number: int | None = Field(description="Of the row that is set aside; empty: the case is kept")
    kind: str
    id: str | None = Field(description="Empty: the row says none that can be read")
    area: str | None
    overdue: bool | None = Field(description="Of a case; empty: nobody can tell")
    holds_up: str | None = Field(description="Of a case")


class ToMendRows(Body):
    """What one group is about: rows to be mended first, then cases that wait for them."""

    group: ToMendGroup
    found: int
    items: tuple[Held, ...]
    next: int | None = Field(description="Ask again with after=this; empty: no more")


class OfArea(BaseModel):
    """Of which area."""

    model_config = ConfigDict(frozen=True)

    area: Area | None = Field(default=None, description="of one area")


class SomeOfArea(OfArea):
    """How many, and of which area."""

    limit: int = Field(default=100, ge=1, le=MOST, description="so many at most")
    after: int = Field(default=0, ge=0, lt=2**31, description="those after so many")


def routes() -> tuple[Route, ...]:
    """The calls."""
    return (
        Route("GET", "/v1/to-mend", "to-mend", "What to mend first", READERS, _groups, ToMend, query=OfArea),
        Route("GET", "/v1/to-mend/{group}", "to-mend-rows", "The rows and cases of one group", READERS, _rows,
              ToMendRows, query=SomeOfArea),
    )  # fmt: skip


def _groups(call: Call) -> Reply:
    which = asked(call, call.query.area)
    rows = quarantine.every_open(call.connection, which)
    groups = tuple(map(_shown, _found(call)))
    return Reply(ToMend(as_of=call.day, set_aside=len(rows), groups=groups))


def _rows(call: Call) -> Reply:
    wanted: SomeOfArea = call.query
    group = next((one for one in _found(call) if one.key == call.path["group"]), None)
    if group is None:
        raise not_there("groups of what is to be mended", call.path["group"])
    which = asked(call, wanted.area)
    aside = {one.number: one for one in quarantine.every_open(call.connection, which)}
    concerned = {one.number: one for one in group.concerns if one.number in group.rows}
    items = [_held(aside[number].kind, concerned.get(number), number, aside[number]) for number in group.rows]
    ranked = sorted(group.concerns, key=lambda one: (one.level, one.overdue is not True, one.case_id or ""))
    items += [_held("cases", one, one.number, None) for one in ranked if one.number not in concerned]
    last = wanted.after + wanted.limit
    return Reply(
        ToMendRows(
            group=_shown(group),
            found=len(items),
            items=tuple(items[wanted.after : last]),
            next=last if len(items) > last else None,
        )
    )


def _found(call: Call) -> list[Group]:
    """What is to be mended of what is the caller's."""
    which = asked(call, call.query.area)
    snapshot = call.service.desks.queue(call.connection, call.day)
    rows = quarantine.every_open(call.connection, which)
    known = declared(call.connection, [one.case_id for one in snapshot.cases if not one.organisations])
    mine = []
    for one in to_mend(rows, snapshot, known):
        concerns = tuple(each for each in one.concerns if not which.areas or each.area in which.areas)
        if concerns or one.rows:
            mine.append(replace(one, concerns=concerns))
    return mine


def _shown(one: Group) -> ToMendGroup:
    return ToMendGroup(
        group=one.key,
        says=one.says,
        how=one.how,
        holds_up=HOLDS_UP[one.level],
        rows=len(one.rows),
        cases=len(one.concerns),
        overdue=one.overdue,
        unclear=one.unclear,
        in_no_plan=one.of(Level.PLAN),
        hidden_work=one.of(Level.WORK),
        to_declare=one.of(Level.DECLARE),
        assumed=one.of(Level.ASSUMED),
    )


def _held(kind: str, case: Concern | None, number: int | None, row: Aside | None) -> Held:
    return Held(
        number=number,
        kind=kind,
        id=row.record_id if row is not None else case.case_id if case is not None else None,
        area=row.area if row is not None else case.area if case is not None else None,
        overdue=case.overdue if case is not None else None,
        holds_up=HOLDS_UP[case.level] if case is not None else None,
    )
