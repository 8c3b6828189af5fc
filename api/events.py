"""Calls for events: read on from where one was, each as CloudEvents says it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from allocator.store import events
from allocator.store.events import Kind
from allocator.store.events import Wanted as Asked
from api.calls import Call, Reply, Route
from api.messages import CloudEvent, shown
from api.roles import READERS
from api.stored import MOST, ONE_ID, Body


class Wanted(BaseModel):
    """Which events are asked for."""

    model_config = ConfigDict(frozen=True)

    after: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        description="those that come after this one: `next` of the answer before",
    )
    limit: int = Field(default=100, ge=1, le=MOST, description="so many at most")
    type: Kind | None = Field(default=None, description="of one type")
    subject: str | None = Field(default=None, pattern=ONE_ID, description="about one case, or one job")


class Events(Body):
    """Some events, in order."""

    items: tuple[CloudEvent, ...]
    next: int = Field(description="Ask again with after=this, now if there is more, else later")
    more: bool = Field(description="There is more already")


def routes() -> tuple[Route, ...]:
    """The call."""
    return (
        Route("GET", "/v1/events", "events", "What happened, in order: read on from where you were", READERS,
              _events, Events, query=Wanted),
    )  # fmt: skip


def _events(call: Call) -> Reply:
    wanted: Wanted = call.query
    kinds = () if wanted.type is None else (wanted.type,)
    asked = Asked(call.caller.areas, kinds, wanted.subject)
    page = events.after(call.connection, wanted.after, asked, wanted.limit)
    settings = call.service.settings
    items = tuple(shown(one, settings) for one in page.events)
    return Reply(Events(items=items, next=page.next, more=page.more))
