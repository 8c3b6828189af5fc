"""What a standing order would have done: the queue as it was known at each of its moments, planned again."""

from __future__ import annotations

import json
import time as clocks
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.automatic import automatic
from allocator.errors import BadInput, NoPlan
from allocator.intake import Reading
from allocator.jobs.orders import fragile_of
from allocator.jobs.work import Json, Result, Task
from allocator.needs import Open
from allocator.planned import Planned
from allocator.store import orders
from allocator.store.database import Database
from allocator.store.queue import queue

MOST: Final = 62
"""Moments that are tried: as many as nights in the longest time that may be asked for."""
EFFORT: Final = 2
"""Of each plan: it tells what would happen, and need not be the best."""


class Rehearsed(BaseModel):
    """One plan that the order would have made.

    Parameters
    ----------
    published, waiting : lines that would have counted at once; by reason, those that would have waited
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    waited: int = Field(description="Cases that waited then")
    published: int = Field(description="Lines that would have counted at once")
    waiting: dict[str, int] = Field(description="By reason, lines that would have waited for a person")
    problem: str | None = Field(default=None, description="Why there would have been no plan")


class Rehearsal(BaseModel):
    """What an order would have done in a time that is over.

    Each moment starts from what was really so: what the order would have published before changes nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    area: str
    first_day: date
    last_day: date
    runs: tuple[Rehearsed, ...]
    published: int = Field(description="In all; a case that waited on counts at each moment")
    stopped: bool = Field(description="It was stopped before the last moment, or there were too many of them")
    left_out: int = Field(default=0, description="Moments that were not tried, the last ones")


def rehearse(task: Task, tell: Callable[[Json], None], stopped: Callable[[], bool]) -> Result:
    """The result of a rehearsal, of the area and the order in the task's snapshot."""
    began, asked = clocks.monotonic(), json.loads(task.snapshot or b"{}")
    area, days = task.areas[0], int(asked["days"])
    at = time.fromisoformat(asked["at"]) if asked.get("at") else None
    first = task.now.date() - timedelta(days=days)
    runs: list[Rehearsed] = []
    database = Database(task.url)
    try:
        with database.read() as connection:
            moments = list(_moments(connection, area, (at, asked.get("after")), first, task.now))
            for moment in moments[:MOST]:
                if stopped() or clocks.monotonic() - began > float(task.options["time_limit"]):
                    break
                seconds = round(clocks.monotonic() - began, 1)
                tell({"seconds": seconds, "working_on": f"{moment:%Y-%m-%d}", "levels": {}})
                runs.append(_run(connection, area, moment))
    finally:
        database.close()
    found = Rehearsal(
        area=area,
        first_day=first,
        last_day=task.now.date(),
        runs=tuple(runs),
        published=sum(one.published for one in runs),
        stopped=len(runs) < len(moments),
        left_out=len(moments) - len(runs),
    )
    return Result(answer=found.model_dump(mode="json"))


def _moments(
    connection: Connection, area: str, when: tuple[time | None, int | None], first: date, now: datetime
) -> Iterator[datetime]:
    """Yield the moments at which an order would have planned."""
    at, after = when
    since, come = datetime.combine(first, time(), now.tzinfo), 0
    told = [moment.astimezone(now.tzinfo) for moment in orders.told_at(connection, area, since)]
    daily = [] if at is None else [
        datetime.combine(first + timedelta(days=day), at, now.tzinfo)
        for day in range((now.date() - first).days + 1)
    ]  # fmt: skip
    events = sorted([(moment, 1) for moment in told] + [(moment, 0) for moment in daily])
    for moment, arrived in events:
        come += arrived
        due = not arrived or (after is not None and come >= after)
        if due and since < moment <= now:
            come = 0
            yield moment


def _run(connection: Connection, area: str, moment: datetime) -> Rehearsed:
    """What the order would have done at a moment."""
    try:
        reading = queue(connection, moment.date(), moment, (area,))
        made = allocate(reading, PlanRequest(effort=EFFORT, workers=1), lambda: moment)
    except (BadInput, NoPlan) as error:
        why = "records did not fit together" if isinstance(error, BadInput) else str(error)
        return Rehearsed(at=moment, waited=0, published=0, waiting={}, problem=why)
    waits = _waits(reading, made)
    counted = Counter(one for why in waits for one in why)
    easy = sum(not why for why in waits)
    every = Open(reading.snapshot)  # who declined a case is named in it still, and leads it no more
    waited = sum(one.area == area and every.lead(one) is None for one in every.cases)
    return Rehearsed(at=moment, waited=waited, published=easy, waiting=dict(counted))


def _waits(reading: Reading, made: Allocation) -> list[tuple[str, ...]]:
    document, certificate = made.documents
    fragile = fragile_of(Planned.of(reading.snapshot, document, certificate))
    return [tuple(map(str, why)) for why in automatic(reading.snapshot, document, fragile).values()]
