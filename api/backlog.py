"""The call for the stored queue as it stands, or as it was known on an earlier day."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from allocator.backlog import AreaFigures, Figures, OpenCase, backlog
from allocator.store import queue
from allocator.store.callers import Role
from api.auth import READERS
from api.calls import Call, Reply, Route
from api.clock import end_of
from api.errors import not_yet
from api.scope import areas_asked
from api.stored import MOST, ONE_ID, Body

WATCHERS = READERS | {Role.COMMISSIONER}


class Wanted(BaseModel):
    """Which queue is asked for."""

    model_config = ConfigDict(frozen=True)

    known_on: date | None = Field(
        default=None, description="As it was known when this day ended; empty: as it is known now"
    )
    as_of: date | None = Field(
        default=None, description="The day of the clocks; empty: that of known_on, else today"
    )
    area: str | None = Field(default=None, pattern=ONE_ID, description="Of this area alone")
    limit: int = Field(default=100, ge=0, le=MOST, description="so many cases at most, the most urgent first")
    after: int = Field(default=0, ge=0, le=2**31 - 1, description="leave out so many")


class StoredBacklog(Body):
    """A queue as it stands on a day."""

    as_of: date
    known_at: datetime | None = Field(description="All that was known then; empty: now")
    total: Figures
    by_area: tuple[AreaFigures, ...]
    cases: tuple[OpenCase, ...] = Field(
        description="The most urgent first; a commissioner is told figures alone"
    )
    next: int | None = Field(description="Ask again with after=this; empty: no more")


def routes() -> tuple[Route, ...]:
    """The call."""
    return (
        Route("GET", "/v1/queue", "queue", "The queue as it stands, or was known on a day, with its clocks",
              WATCHERS, _queue, StoredBacklog, query=Wanted),
    )  # fmt: skip


def _queue(call: Call) -> Reply:
    wanted: Wanted = call.query
    if wanted.known_on is not None and wanted.known_on > call.day:
        raise not_yet("known_on")
    areas, day = areas_asked(call, wanted.area), wanted.as_of or wanted.known_on or call.day
    moment = end_of(wanted.known_on) if wanted.known_on and wanted.known_on < call.day else None
    found = backlog(queue(call.connection, day, moment).snapshot, areas)
    last = wanted.after + wanted.limit
    listed = () if call.caller.role is Role.COMMISSIONER else found.cases
    return Reply(
        StoredBacklog(
            as_of=found.as_of,
            known_at=moment,
            total=found.total,
            by_area=found.by_area,
            cases=listed[wanted.after : last],
            next=last if wanted.limit and len(listed) > last else None,
        )
    )
