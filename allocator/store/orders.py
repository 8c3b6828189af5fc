"""Standing orders: an area is planned at a time of day, or once so many cases have come, with nobody asking.

An order has at most one job at a time. What came of the last one stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from allocator.errors import Conflict, Unknown
from allocator.store import jobs, records, tables
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.jobs import Job, Wish
from allocator.store.kinds import CASES
from allocator.store.states import WAITING
from allocator.store.tables import standing_orders, versions
from allocator.store.told import Notice, notify

KIND: Final = "standing-orders"
ACTOR: Final = "order:{area}"


@dataclass(frozen=True)
class Order:
    """That an area is planned by itself.

    Parameters
    ----------
    at : the time of day, in the service's zone; None: at none
    after : how many new cases make it plan; None: however many
    time_limit : seconds to plan in
    since : the moment of its last job, or that it was given
    job_id : the job that it waits for
    outcome : what came of the last one; None: there was none
    """

    area: str
    at: time | None
    after: int | None
    time_limit: float
    version: int
    since: datetime
    job_id: str | None = None
    outcome: Mapping[str, Any] | None = None


def put(tx: Tx, order: Order, expected: int | None = None) -> Order:
    """The order, given or changed; it counts from now on.

    Given again with the same moments it counts as it did: the night that is due is not left out, nor are the
    cases that have come.

    Raises
    ------
    Unknown
        There is no such area.
    Conflict
        `changed-since`: it is at another version than is expected.
    """
    if records.get(tx.connection, "areas", order.area) is None:
        raise Unknown("not-found", order.area, f"there is no {order.area} among the areas")
    before = find(tx.connection, order.area)
    version = before.version if before else 0
    if expected is not None and expected != version:
        raise Conflict("changed-since", order.area, f"the order of {order.area} is at version {version}")
    after = replace(order, version=version + 1, since=tx.at)
    if before is not None and (before.at, before.after) == (order.at, order.after):
        after = replace(after, since=before.since)
    if before is not None:
        after = replace(after, job_id=before.job_id, outcome=before.outcome)
    tx.connection.execute(delete(standing_orders).where(standing_orders.c.area == order.area))
    tx.connection.execute(insert(standing_orders), vars(after) | {"at": _text(after.at)})
    append(tx, [Entry("order", KIND, order.area, _told(before), _told(after))])
    return after


def end(tx: Tx, area: str) -> Order:
    """The order that is no more.

    Raises
    ------
    Unknown
        There is none.
    """
    before = found(tx.connection, area)
    tx.connection.execute(delete(standing_orders).where(standing_orders.c.area == area))
    append(tx, [Entry("end-order", KIND, area, _told(before), None)])
    return before


def end_closed(tx: Tx, area: str, day: date) -> bool:
    """Whether an order is ended now as its area has closed; the area's coordinators are told."""
    if find(tx.connection, area) is None or not is_closed(tx.connection, area, day):
        return False
    end(tx, area)
    detail = f"{area} has closed, and plans by itself no more: what it was to plan waits for a person"
    notify(tx, Notice("standing-order-ended", None, None, area, detail))
    return True


def is_closed(connection: Connection, area: str, day: date) -> bool:
    """Whether an area is no more: its cases are others' then, who have said nothing of planning by itself."""
    found = records.get(connection, "areas", area)
    body = found.body if found else {}
    last = body.get("closes_on")
    return date.fromisoformat(last) < day if last else bool(body.get("successors"))


def every(connection: Connection) -> list[Order]:
    """All orders, by area."""
    rows = connection.execute(select(standing_orders).order_by(standing_orders.c.area))
    return [_order(row._asdict()) for row in rows]


def find(connection: Connection, area: str) -> Order | None:
    """The order of an area, if it has one."""
    row = connection.execute(select(standing_orders).where(standing_orders.c.area == area)).first()
    return None if row is None else _order(row._asdict())


def found(connection: Connection, area: str) -> Order:
    """The order of an area.

    Raises
    ------
    Unknown
        There is none.
    """
    order = find(connection, area)
    if order is None:
        raise Unknown("not-found", area, f"{area} has no standing order")
    return order


def is_due(connection: Connection, order: Order, now: datetime) -> bool:
    """Whether an area is to be planned now; `now` is in the service's zone."""
    if order.job_id is not None:
        return False
    if order.at is not None and order.since < _last_time(order.at, now):
        return True
    return order.after is not None and arrivals(connection, order.area, order.since) >= order.after


def _last_time(at: time, now: datetime) -> datetime:
    """The moment, now or before it, at which it last was a time of day: also of the day before."""
    days = (now.date(), now.date() - timedelta(days=1))
    moments = (datetime.combine(day, at, now.tzinfo).astimezone(UTC) for day in days)
    return next(moment for moment in moments if moment <= now)


def arrivals(connection: Connection, area: str, since: datetime) -> int:
    """How many cases of an area were first told of after a moment, and still wait."""
    first = select(versions.c.record_id).where(
        versions.c.kind == CASES, versions.c.version == 1, versions.c.known_at > since
    )
    waiting = select(func.count()).where(
        tables.records.c.kind == CASES,
        tables.records.c.area == area,
        tables.records.c.state.in_(sorted(WAITING)),
        tables.records.c.record_id.in_(first),
    )
    return int(connection.execute(waiting).scalar_one())


def told_at(connection: Connection, area: str, since: datetime) -> list[datetime]:
    """When each case of an area was first told of, after a moment, of those that waited then."""
    rows = connection.execute(
        select(versions.c.known_at)
        .where(
            versions.c.kind == CASES,
            versions.c.version == 1,
            versions.c.state.in_(sorted(WAITING)),
            versions.c.area == area,
            versions.c.known_at > since,
        )
        .order_by(versions.c.known_at)
    )
    return [row.known_at for row in rows]


def begin(tx: Tx, area: str, now: datetime) -> Job | None:
    """The job that an area's order asks for; None if it is not due any more."""
    order = find(tx.connection, area)
    if order is None or not is_due(tx.connection, order, now):
        return None
    job = jobs.submit(tx, Wish(ACTOR.format(area=area), (area,), {"time_limit": order.time_limit}))
    _save(tx, area, job_id=job.job_id, since=tx.at)
    return job


def settle(
    tx: Tx,
    area: str,
    job_id: str | None,
    outcome: Mapping[str, Any],
    problem: str | None = None,
    waiting: str | None = None,
) -> bool:
    """Whether this job of an order is settled now, with what came of it: nobody has settled it before.

    Parameters
    ----------
    job_id : None: there is none, as it could not be begun
    problem : why there is no plan; the area's coordinators are told
    waiting : what of the plan could not count at once that should have, and why; they are told of that too
    """
    order = find(tx.connection, area)
    if order is None or order.job_id != job_id:
        return False
    _save(tx, area, job_id=None, outcome=dict(outcome))
    append(tx, [Entry("settle-order", KIND, area, None, dict(outcome))])
    for code, detail in (("standing-order-failed", problem), ("standing-order-waits", waiting)):
        if detail is not None:
            notify(tx, Notice(code, None, None, area, detail))
    return True


def _save(tx: Tx, area: str, **values: object) -> None:
    tx.connection.execute(update(standing_orders).where(standing_orders.c.area == area).values(**values))


def _order(row: dict[str, Any]) -> Order:
    return Order(**row | {"at": time.fromisoformat(row["at"]) if row["at"] else None})


def _text(at: time | None) -> str | None:
    return at.isoformat("minutes") if at else None


def _told(order: Order | None) -> dict[str, Any] | None:
    if order is None:
        return None
    return {"at": _text(order.at), "after": order.after, "time_limit": order.time_limit}
