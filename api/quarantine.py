"""Calls for rows that are set aside: what is wrong with each, mended, tried again, dismissed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from allocator.errors import BadInput, Fault
from allocator.store import Record, mending, quarantine
from allocator.store.aside import Aside, How, names_of
from allocator.store.mending import Tried
from allocator.store.quarantine import Wanted as Asked
from api.calls import Call, Reply, Route, not_there
from api.errors import Refusal
from api.openapi import RequestBody
from api.questions import read_model
from api.records import CHANGE, SEE
from api.roles import READERS, STAFF
from api.scope import areas_asked, may_change, may_keep, other_area, told_of
from api.stored import MOST, ONE_ID, Area, Body, TakenBack

Why = Literal["duplicate", "ended", "elsewhere", "unknowable", "made_up"]
WHY = get_args(Why)


class SetAsideRow(Body):
    """A row that could not be kept."""

    number: int
    kind: str
    id: str | None = Field(description="Empty: it says none that can be read")
    area: str | None = Field(description="Empty: it says none that there is")
    source_version: int | None
    row: dict[str, JsonValue] = Field(description="What it says, as it was typed, in the contract's fields")
    errors: tuple[Fault, ...]
    since: datetime
    ended_at: datetime | None = Field(description="Empty: it is to be mended")
    how: How | None = Field(description="mended, replaced (sent anew, with faults) or dismissed")
    why: str | None = Field(description="Of one that was dismissed")

    @staticmethod
    def of(one: Aside) -> SetAsideRow:
        """The same as an answer."""
        assert one.since is not None
        return SetAsideRow(
            number=one.number, kind=one.kind, id=one.record_id, area=one.area, source_version=one.version,
            row=dict(one.row), errors=one.faults, since=one.since, ended_at=one.ended_at, how=one.how,
            why=one.why,
        )  # fmt: skip


class SetAsideRows(Body):
    """Some rows, by number."""

    items: tuple[SetAsideRow, ...]
    found: int = Field(description="How many there are of those asked for, from the first on")
    next: int | None = Field(description="Ask again with after=this for those that follow; empty: no more")


class WantedRows(BaseModel):
    """Which rows are asked for."""

    model_config = ConfigDict(frozen=True)

    limit: int = Field(default=100, ge=1, le=MOST, description="so many at most")
    after: int = Field(default=0, ge=0, lt=2**31, description="numbers after this one")
    area: Area | None = Field(default=None, description="of one area")
    kind: str | None = Field(default=None, pattern=ONE_ID, description="of one kind, such as cases")
    code: str | None = Field(
        default=None, pattern=ONE_ID, description="with one fault, such as missing-value"
    )


class Fields(Body):
    """What a row is to say instead; null takes a field out."""

    fields: dict[str, JsonValue]


class Dismissal(Body):
    """Why a row is to count for nothing."""

    reason: Why


class Mended(Body):
    """What came of rows that were read again."""

    row: SetAsideRow | None = Field(
        description="The one that was mended, as it is now; empty: all were tried"
    )
    kept: tuple[int, ...] = Field(description="Numbers of the rows that are kept now")
    waiting: tuple[int, ...] = Field(
        description="Numbers of those that are right by themselves, and refer to some that are not"
    )
    withdrawn: tuple[TakenBack, ...]


def routes() -> tuple[Route, ...]:
    """The calls."""
    at = "/v1/quarantine"
    return (
        Route("GET", at, "list-quarantine", "Rows that are set aside, to be mended", READERS, _list,
              SetAsideRows, query=WantedRows),
        Route("GET", f"{at}/{{number}}", "get-quarantined", "One of them, open or not", READERS, _got,
              SetAsideRow),
        Route("POST", f"{at}/retry", "retry-quarantine", "Read all again, and keep what is sound now", STAFF,
              _retry, Mended),
        Route("POST", f"{at}/{{number}}/mend", "mend-quarantined",
              "Lay fields over a row, and keep it with all that waits for it alone", STAFF, _mend, Mended,
              body=RequestBody.of(Fields)),
        Route("POST", f"{at}/{{number}}/dismiss", "dismiss-quarantined", "It counts for nothing", STAFF,
              _dismiss, SetAsideRow, body=RequestBody.of(Dismissal)),
    )  # fmt: skip


def asked(call: Call, area: str | None = None) -> Asked:
    """The rows that are the caller's to see; of one area, or of all of theirs."""
    kinds = {kind for kind, may in SEE.items() if call.caller.role in may}
    return Asked(areas_asked(call, area), kinds)


def _list(call: Call) -> Reply:
    wanted: WantedRows = call.query
    mine = asked(call, wanted.area)
    kinds = set(mine.kinds or ()) & ({wanted.kind} if wanted.kind else set(mine.kinds or ()))
    found = quarantine.every_open(call.connection, Asked(mine.areas, kinds, wanted.code))
    rest = [one for one in found if one.number > wanted.after]
    page = rest[: wanted.limit]
    last = page[-1].number if len(rest) > wanted.limit else None
    return Reply(SetAsideRows(items=tuple(map(SetAsideRow.of, page)), found=len(found), next=last))


def _got(call: Call) -> Reply:
    return Reply(SetAsideRow.of(_own(call)))


def _mend(call: Call) -> Reply:
    one, said = _own(call), read_model(Fields, call.body)
    _known(one.kind, said.fields)
    _changeable(call, [one])
    tried = mending.try_one(call.connection, one.number, said.fields, call.day, _changed_by(call))
    return _kept(call, tried, one.number)


def _retry(call: Call) -> Reply:
    return _kept(call, mending.try_all(call.connection, _changed_by(call), call.day), None)


def _kept(call: Call, tried: Tried, number: int | None) -> Reply:
    """What came of rows that were read again, each of which the caller may keep."""
    for kind, checked in tried.checked.items():
        may_change(call, kind, checked.sound)
        may_keep(call, [Record(kind, one, 0, body) for one, body in checked.sound.items()])
    _changeable(call, tried.rows)
    done = mending.keep_tried(call.tx, tried, call.day)
    now = None if number is None else quarantine.find(call.connection, number)
    return Reply(
        Mended(
            row=None if now is None else SetAsideRow.of(now),
            kept=done.kept,
            waiting=done.waiting,
            withdrawn=told_of(call.caller, done.imported.withdrawn),
        )
    )


def _dismiss(call: Call) -> Reply:
    one, said = _own(call), read_model(Dismissal, call.body)
    _changeable(call, [one])
    return Reply(SetAsideRow.of(mending.dismiss(call.tx, one.number, said.reason)))


def _own(call: Call) -> Aside:
    """The row that a call is about, if it is the caller's."""
    text = call.path["number"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    found, mine = quarantine.find(call.connection, number), asked(call)
    is_mine = found is not None and (not mine.areas or found.area in mine.areas)
    if found is None or not is_mine or found.kind not in (mine.kinds or ()):
        raise not_there("rows set aside", text)
    return found


def _changed_by(call: Call) -> Asked:
    """The rows that the caller may change."""
    kinds = {kind for kind, may in CHANGE.items() if call.caller.role in may}
    return Asked(call.caller.areas, kinds)


def _changeable(call: Call, rows: Iterable[Aside]) -> None:
    """Nothing, if rows are the caller's to change, as they are to be."""
    for one in rows:
        if call.caller.role not in CHANGE[one.kind]:
            raise Refusal(403, "not-allowed", f"The role {call.caller.role} may not change {one.kind}.")
        if call.caller.areas and one.area is not None and one.area not in call.caller.areas:
            raise other_area()


def _known(kind: str, said: dict[str, Any]) -> None:
    """Nothing, if the fields are those of the kind."""
    unknown = sorted(name for name in said if name not in names_of(kind))
    if unknown:
        raise BadInput(
            [
                Fault(
                    "unknown-column",
                    f"`{name}` is no field of {kind}",
                    pointer=f"/fields/{name}",
                    column=name,
                )
                for name in unknown
            ]
        )
