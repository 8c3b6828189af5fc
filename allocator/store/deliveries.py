"""Deliveries: an event on its way to a webhook, what has become of it, and what people do about it.

Of one case a webhook is sent the events in their order: a later one waits until the earlier one was taken, or
somebody has said that it be left out. What was refused too often is dead, and stays until it is sent again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select, update

from allocator.errors import Unknown
from allocator.store import webhooks
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.tables import deliveries, events

KIND: Final = "deliveries"


class DeliveryState(StrEnum):
    """What has become of a delivery."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    DEAD = "dead"
    LEFT_OUT = "left-out"


UNDONE: Final = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.DEAD)
"""What a later event of the same case waits for."""


@dataclass(frozen=True)
class Delivery:
    """An event on its way to a webhook.

    Parameters
    ----------
    attempt : how often it was sent, or is being sent now
    due_at : not before then is it sent again
    tried_at : when it was sent last
    status : of the last answer; None: there was none
    problem : a code of why it was not taken; None: it was, or was not sent yet
    """

    delivery: int
    webhook_id: str
    event: int
    subject: str
    state: DeliveryState
    attempt: int
    due_at: datetime
    tried_at: datetime | None
    status: int | None
    problem: str | None


def replay(tx: Tx, delivery: int) -> Delivery:
    """The delivery, which is on its way again, as often as a new one; what was done is sent once more.

    Raises
    ------
    Unknown
        There is none of that number, or its webhook has ended.
    """
    found = found_delivery(tx.connection, delivery)
    webhooks.found_webhook(tx.connection, found.webhook_id)
    if found.state is not DeliveryState.SENDING:
        _again(tx, [delivery])
    return found_delivery(tx.connection, delivery)


def replay_dead(tx: Tx, webhook_id: str) -> int:
    """How many dead deliveries of a webhook are on their way again.

    Raises
    ------
    Unknown
        There is no such webhook.
    """
    webhooks.found_webhook(tx.connection, webhook_id)
    is_dead = (deliveries.c.webhook_id == webhook_id) & (deliveries.c.state == DeliveryState.DEAD)
    dead = list(tx.connection.execute(select(deliveries.c.delivery).where(is_dead)).scalars())
    _again(tx, dead)
    webhooks.rest(tx, webhook_id, 0, None)
    return len(dead)


def leave_out(tx: Tx, delivery: int) -> Delivery:
    """The delivery, which is sent no more: later events of its case go on. What is done stays done.

    Raises
    ------
    Unknown
        There is none of that number.
    """
    found = found_delivery(tx.connection, delivery)
    if found.state in UNDONE:
        put(tx, delivery, state=DeliveryState.LEFT_OUT, lease=None, lease_until=None)
        append(tx, [Entry("leave-out", KIND, str(delivery), {"state": found.state})])
    return found_delivery(tx.connection, delivery)


def end_webhook(tx: Tx, webhook_id: str) -> None:
    """Nothing; nothing is sent to a webhook any more.

    Raises
    ------
    Unknown
        There is none of that id.
    """
    webhooks.end(tx, webhook_id)
    undone = (deliveries.c.webhook_id == webhook_id) & deliveries.c.state.in_([str(one) for one in UNDONE])
    values = {"state": DeliveryState.LEFT_OUT, "lease": None, "lease_until": None}
    tx.connection.execute(update(deliveries).where(undone).values(values))


@dataclass(frozen=True)
class Filter:
    """Which deliveries are asked for.

    Parameters
    ----------
    webhooks : to these
    state, subject : in this one, about this one; None: any
    after : those of a larger number
    """

    webhooks: Collection[str]
    state: DeliveryState | None = None
    subject: str | None = None
    after: int = 0


def find(connection: Connection, wanted: Filter, limit: int) -> list[Delivery]:
    """So many deliveries at most, by number."""
    query = select(deliveries).where(
        deliveries.c.webhook_id.in_(sorted(wanted.webhooks)), deliveries.c.delivery > wanted.after
    )
    if wanted.state is not None:
        query = query.where(deliveries.c.state == wanted.state)
    if wanted.subject is not None:
        query = query.where(deliveries.c.subject == wanted.subject)
    return [
        delivery_of(row) for row in connection.execute(query.order_by(deliveries.c.delivery).limit(limit))
    ]


def found_delivery(connection: Connection, delivery: int) -> Delivery:
    """A delivery.

    Raises
    ------
    Unknown
        There is none of that number.
    """
    row = connection.execute(select(deliveries).where(deliveries.c.delivery == delivery)).first()
    if row is None:
        raise Unknown("not-found", str(delivery), f"there is no delivery {delivery}")
    return delivery_of(row)


def counts(connection: Connection) -> dict[str, int]:
    """How many deliveries are in each state."""
    query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    found = {row[0]: row[1] for row in connection.execute(query)}
    return {str(state): found.get(str(state), 0) for state in DeliveryState}


def oldest_undone(connection: Connection) -> datetime | None:
    """When the event came that has waited longest to be taken; None while none waits.

    Dead ones wait too, and those that nobody has set out yet: where nobody sends, there are no deliveries.
    """
    told = deliveries.join(events, events.c.number == deliveries.c.event)
    undone = deliveries.c.state.in_([str(one) for one in UNDONE])
    first = connection.execute(select(func.min(events.c.at)).select_from(told).where(undone)).scalar()
    reached = webhooks.furthest_behind(connection)
    if reached is None:
        return first
    unseen = connection.execute(select(func.min(events.c.at)).where(events.c.number > reached)).scalar()
    return min((one for one in (first, unseen) if one is not None), default=None)


def put(tx: Tx, delivery: int, **values: Any) -> None:
    """Nothing; some of its columns are as they are given here."""
    tx.connection.execute(update(deliveries).where(deliveries.c.delivery == delivery).values(**values))


def delivery_of(row: Row[Any]) -> Delivery:
    """A row as a delivery."""
    said: dict[str, Any] = {name: getattr(row, name) for name in Delivery.__dataclass_fields__}
    return Delivery(**(said | {"state": DeliveryState(row.state)}))


def _again(tx: Tx, numbers: Sequence[int]) -> None:
    for number in numbers:
        put(tx, number, state=DeliveryState.WAITING, attempt=0, due_at=tx.now)
    append(tx, [Entry("replay", KIND, str(number)) for number in numbers])
