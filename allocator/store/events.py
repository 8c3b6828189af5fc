"""Events: what others are told of a change, written in the transaction that makes it.

They are numbered by whoever is alone in writing, so a number is never seen before a smaller one: who has read
as far as a number misses nothing by asking for what comes after it. They hold ids and codes alone.

No number is given twice, and there is none between two that were given but where a store was restored: there
the numbers go on far ahead, so that who has read events that the backup did not know is told so for good.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Integer, Row, cast, delete, exists, func, insert, select

from allocator.errors import Conflict
from allocator.store import checks
from allocator.store.database import Tx
from allocator.store.records import areas_of
from allocator.store.tables import checks as noted
from allocator.store.tables import deliveries, events

KEPT: Final = timedelta(days=90)
GAP: Final = 1_000_000
"""So far ahead a restored store goes on: nobody has read as many events since its backup was made."""


class Kind(StrEnum):
    """What an event tells of."""

    PROPOSED = "allocator.allocation.proposed"
    PUBLISHED = "allocator.allocation.published"
    RECORDED = "allocator.allocation.recorded"
    WITHDRAWN = "allocator.allocation.withdrawn"
    ACCEPTED = "allocator.allocation.accepted"
    DECLINED = "allocator.allocation.declined"
    RETYPED = "allocator.case.retyped"
    CORRECTED = "allocator.case.corrected"
    MOVED = "allocator.case.moved"
    MERGED = "allocator.case.merged"
    PARTED = "allocator.case.parted"
    AT_RISK = "allocator.case.deadline-at-risk"
    FAILED = "allocator.plan.failed"


@dataclass(frozen=True)
class News:
    """Something that others are to be told of.

    Parameters
    ----------
    subject : the case that it is about; of a plan that failed, its job
    data : ids and codes
    areas : whose it is; None: of the area that the case is in
    """

    kind: Kind
    subject: str
    data: Mapping[str, Any]
    areas: Sequence[str | None] | None = None


@dataclass(frozen=True)
class Event:
    """What others are told of.

    Parameters
    ----------
    number : its place in the order of all
    event_id : of no other event, in any store
    area : whose it is; None: of nobody but who may see all
    """

    number: int
    event_id: str
    at: datetime
    kind: Kind
    subject: str
    area: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """Some events in order.

    Parameters
    ----------
    next : the number that was read as far as: what comes after it is new
    more : whether there is more already
    """

    events: tuple[Event, ...]
    next: int
    more: bool


@dataclass(frozen=True)
class Wanted:
    """Which events are asked for.

    Parameters
    ----------
    areas, kinds : of these; empty: of all
    subject : about this one; None: about any
    """

    areas: Collection[str] = ()
    kinds: Collection[str] = ()
    subject: str | None = None


def new_id() -> str:
    """Sixteen random bytes, in hex."""
    return secrets.token_hex(16)


def tell(tx: Tx, news: Sequence[News], name: Callable[[], str] = new_id) -> None:
    """Nothing; each of them is an event, the next ones in order. What is of several areas is told in each."""
    if not news:
        return
    unsaid = {one.subject for one in news if one.areas is None}
    areas = areas_of(tx.connection, "cases", unsaid)
    number, rows = _last_given(tx.connection), []
    for one in news:
        for area in dict.fromkeys((areas.get(one.subject),) if one.areas is None else one.areas):
            number += 1
            told = {"number": number, "event_id": name(), "at": tx.at, "kind": one.kind}
            rows.append(told | {"subject": one.subject, "area": area, "data": dict(one.data)})
    if rows:
        tx.connection.execute(insert(events), rows)


def after(connection: Connection, number: int, wanted: Wanted, limit: int) -> Page:
    """So many events at most that come after a number.

    Raises
    ------
    Conflict
        `cursor-gone`: some that come after it were deleted after their time; `cursor-ahead`: there is none of
        that number, as in a store that was restored from an earlier backup.
    """
    check_cursor(connection, number)
    return page(connection, number, wanted, limit)


def check_cursor(connection: Connection, number: int) -> None:
    """Nothing, if all that comes after a number is there to be read.

    Raises
    ------
    Conflict
        `cursor-gone`, `cursor-ahead`: see `after`.
    """
    first, last = oldest(connection), newest(connection)
    if 0 < number < first - 1:
        raise Conflict("cursor-gone", str(number), f"the oldest event is {first}: reconcile, and read on")
    is_there = select(exists().where(events.c.number == number))
    if number > last or (number >= max(first, 1) and not connection.execute(is_there).scalar()):
        raise Conflict("cursor-ahead", str(number), f"the newest event is {last}: read on from there")


def page(connection: Connection, number: int, wanted: Wanted, limit: int) -> Page:
    """So many events at most that are there and come after a number."""
    last = newest(connection)
    query = select(events).where(events.c.number > number, *_conditions(wanted))
    found = [_event(row) for row in connection.execute(query.order_by(events.c.number).limit(limit + 1))]
    these = tuple(found[:limit])
    return Page(these, these[-1].number if len(found) > limit else last, len(found) > limit)


def leave_gap(tx: Tx) -> None:
    """Nothing; in a store that was just restored the next event's number is far after the last one."""
    checks.note(tx, checks.NUMBERS, True, str(_last_given(tx.connection) + GAP))


def _last_given(connection: Connection) -> int:
    """The number after which the next one comes: the newest event's, or where a restored store goes on."""
    floor = select(cast(noted.c.detail, Integer)).where(noted.c.name == checks.NUMBERS).scalar_subquery()
    row = connection.execute(select(func.max(events.c.number), floor)).one()
    return max(row[0] or 0, row[1] or 0)


def newest(connection: Connection) -> int:
    """The number of the newest event; 0 where there is none yet."""
    return int(connection.execute(select(func.max(events.c.number))).scalar() or 0)


def oldest(connection: Connection) -> int:
    """The number of the oldest event that is kept; 0 where there is none yet."""
    return int(connection.execute(select(func.min(events.c.number))).scalar() or 0)


def numbered(connection: Connection, numbers: Collection[int]) -> dict[int, Event]:
    """By number, events that are there."""
    query = select(events).where(events.c.number.in_(sorted(numbers)))
    return {row.number: _event(row) for row in connection.execute(query)}


def forget_before(tx: Tx, before: datetime) -> int:
    """How many events were deleted, with what became of them: those from before then, but for the newest.

    That one stays, so that no number is given twice.
    """
    old = (events.c.at < before) & (events.c.number < newest(tx.connection))
    numbers = select(events.c.number).where(old)
    tx.connection.execute(delete(deliveries).where(deliveries.c.event.in_(numbers)))
    return int(tx.connection.execute(delete(events).where(old)).rowcount)


def _conditions(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.areas:
        found.append(events.c.area.in_(sorted(wanted.areas)))
    if wanted.kinds:
        found.append(events.c.kind.in_(sorted(wanted.kinds)))
    if wanted.subject is not None:
        found.append(events.c.subject == wanted.subject)
    return found


def _event(row: Row[Any]) -> Event:
    return Event(**(row._asdict() | {"kind": Kind(row.kind)}))
