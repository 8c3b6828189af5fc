"""Sending events to webhooks: each is set out once, and on a lease of whoever sends it until it was taken.

Whoever dies while sending loses the lease, and the event is sent again: at least once, and never by two at a
time. What a webhook does not take is sent again later and later, and webhooks take turns.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, exists, insert, or_, select, update

from allocator.errors import Conflict
from allocator.store import events, webhooks
from allocator.store.database import Tx
from allocator.store.deliveries import UNDONE, Delivery, DeliveryState, found_delivery, put
from allocator.store.events import Event, Wanted
from allocator.store.tables import deliveries
from allocator.store.tables import webhooks as hooks
from allocator.store.webhooks import Webhook, secrets_of

LEASE_SECONDS: Final = 90.0
AT_ONCE: Final = 500
"""So many events are set out to one webhook in one write."""
LONGEST_REST: Final = 60.0
"""For so many seconds at most a webhook is left alone that takes nothing."""


@dataclass(frozen=True)
class Patience:
    """How often an event is sent, and how long is waited in between: twice as long each time.

    Parameters
    ----------
    attempts : after so many it is dead
    first, longest : seconds
    """

    attempts: int = 24
    first: float = 5.0
    longest: float = 6 * 3600.0

    def pause(self, attempt: int, jitter: float) -> timedelta:
        """How long is waited after an attempt: half of its time, and of the rest as much as `jitter` says."""
        whole = min(self.longest, self.first * 2.0 ** min(attempt - 1, 60))
        return timedelta(seconds=whole * (0.5 + 0.5 * jitter))


@dataclass(frozen=True)
class Letter:
    """What is to be sent now.

    Parameters
    ----------
    lease : names whoever sends it
    secrets : what it is signed with, the newest first
    """

    delivery: Delivery
    lease: str
    webhook: Webhook
    secrets: tuple[str, ...]
    event: Event


@dataclass(frozen=True)
class Outcome:
    """What came of sending.

    Parameters
    ----------
    status : of the answer; None: there was none
    problem : a code of why it was not taken; None: it was
    again_after : seconds after which the receiver wants to be asked again; None: it did not say
    """

    status: int | None = None
    problem: str | None = None
    again_after: float | None = None


def set_out(tx: Tx) -> int:
    """How many deliveries are on their way since: of new events, to each webhook that wants them."""
    newest, made = events.newest(tx.connection), 0
    for one in webhooks.every(tx.connection):
        if one.reached < newest:
            page = events.page(tx.connection, one.reached, Wanted(one.areas, one.kinds), AT_ONCE)
            rows = [
                {
                    "webhook_id": one.webhook_id,
                    "event": event.number,
                    "subject": event.subject,
                    "state": DeliveryState.WAITING,
                    "attempt": 0,
                    "due_at": tx.now,
                }
                for event in page.events
            ]
            if rows:
                tx.connection.execute(insert(deliveries), rows)
            is_it = hooks.c.webhook_id == one.webhook_id
            tx.connection.execute(update(hooks).where(is_it).values(reached=page.next))
            made += len(rows)
    return made


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Whether there is something to be set out, or to be sent."""
    newest = events.newest(connection)
    behind = select(hooks.c.webhook_id).where(hooks.c.ended_at.is_(None), hooks.c.reached < newest).limit(1)
    return connection.execute(behind).first() is not None or _next(connection, now) is not None


def claim(tx: Tx, patience: Patience) -> Letter | None:
    """What is to be sent next, on a lease of the caller's; None if nothing is.

    Webhooks take turns. What somebody was sending whose lease has run out is sent again, and is dead where
    that was the last attempt.
    """
    _bury(tx, patience)
    row = _next(tx.connection, tx.now)
    if row is None:
        return None
    lease, until = secrets.token_hex(8), tx.now + timedelta(seconds=LEASE_SECONDS)
    values = {"state": DeliveryState.SENDING, "attempt": row.attempt + 1, "tried_at": tx.now}
    put(tx, row.delivery, **values, lease=lease, lease_until=until)
    is_it = hooks.c.webhook_id == row.webhook_id
    tx.connection.execute(update(hooks).where(is_it).values(tried_at=tx.now))
    event = events.numbered(tx.connection, [row.event])[row.event]
    webhook = webhooks.found_webhook(tx.connection, row.webhook_id)
    words = secrets_of(tx.connection, row.webhook_id, tx.now)
    return Letter(found_delivery(tx.connection, row.delivery), lease, webhook, words, event)


def settle(tx: Tx, letter: Letter, outcome: Outcome, patience: Patience, jitter: Callable[[], float]) -> None:
    """Nothing; what was sent is done, is sent again later, or is dead.

    Raises
    ------
    Conflict
        `lease-lost`: somebody else sends it by now. What came of it here counts for nothing.
    """
    row = tx.connection.execute(
        select(deliveries).where(deliveries.c.delivery == letter.delivery.delivery)
    ).first()
    if row is None or row.state != DeliveryState.SENDING or row.lease != letter.lease:
        raise Conflict("lease-lost", str(letter.delivery.delivery), "somebody else sends this by now")
    done = {"status": outcome.status, "problem": outcome.problem, "lease": None, "lease_until": None}
    _rest(tx, letter.webhook.webhook_id, outcome.problem is None)
    if outcome.problem is None:
        put(tx, row.delivery, **done, state=DeliveryState.DONE)
        return
    pause = patience.pause(row.attempt, jitter())
    wanted = min(outcome.again_after or 0.0, patience.longest)
    due = tx.now + max(pause, timedelta(seconds=wanted))
    state = DeliveryState.DEAD if row.attempt >= patience.attempts else DeliveryState.WAITING
    put(tx, row.delivery, **done, state=state, due_at=due)


def _next(connection: Connection, now: datetime) -> Row[Any] | None:
    """What is to be sent at a moment, to the webhook whose turn it is: what is due longest; None for nothing.

    It is the first of its case that is not done. What was tried in what is now the future is due: the clock
    was set back. Each question is of one webhook and one state, in the order of an index: with many thousands
    on their way it is answered from the first few.
    """
    longest = now + timedelta(seconds=LONGEST_REST)
    resumes = or_(hooks.c.resume_at.is_(None), hooks.c.resume_at <= now, hooks.c.resume_at > longest)
    is_active = hooks.c.ended_at.is_(None) & resumes
    turns = select(hooks.c.webhook_id).where(is_active).order_by(hooks.c.tried_at, hooks.c.webhook_id)
    is_time = or_(deliveries.c.due_at <= now, deliveries.c.tried_at.is_(None), deliveries.c.tried_at > now)
    is_due = and_(deliveries.c.state == DeliveryState.WAITING, is_time)
    for webhook_id in list(connection.execute(turns).scalars()):
        for condition in (_is_lost(now), is_due):
            query = select(deliveries).where(deliveries.c.webhook_id == webhook_id, condition, ~_waits())
            row = connection.execute(query.order_by(deliveries.c.due_at, deliveries.c.event).limit(1)).first()
            if row is not None:
                return row
    return None


def _waits() -> Any:
    """That an earlier event of the same case is not done."""
    earlier = deliveries.alias("earlier")
    return exists().where(
        earlier.c.webhook_id == deliveries.c.webhook_id,
        earlier.c.subject == deliveries.c.subject,
        earlier.c.event < deliveries.c.event,
        earlier.c.state.in_([str(one) for one in UNDONE]),
    )


def _is_lost(now: datetime) -> Any:
    leased = deliveries.c.lease_until.between(now, now + timedelta(seconds=LEASE_SECONDS))
    return and_(deliveries.c.state == DeliveryState.SENDING, ~leased)


def _bury(tx: Tx, patience: Patience) -> None:
    """Let what was sent as often as it may be, by whoever is gone, be dead."""
    spent = and_(_is_lost(tx.now), deliveries.c.attempt >= patience.attempts)
    values = {"state": DeliveryState.DEAD, "problem": "killed", "lease": None, "lease_until": None}
    tx.connection.execute(update(deliveries).where(spent).values(values))


def _rest(tx: Tx, webhook_id: str, is_taken: bool) -> None:
    """Let a webhook that takes nothing be left alone for a while, longer each time."""
    failures = 0 if is_taken else webhooks.found_webhook(tx.connection, webhook_id).failures + 1
    seconds = min(LONGEST_REST, 2.0 ** min(failures, 60) - 2.0)
    webhooks.rest(tx, webhook_id, failures, tx.now + timedelta(seconds=seconds) if seconds > 0 else None)
