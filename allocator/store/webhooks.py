"""Webhooks: whom events are sent to, of which areas and kinds, and the secret that signs each message.

A secret is shown once, and kept as it is: what is signed with it has to be signed again and again. It opens
nothing here. When it is changed the old one signs too for some days, so that no message is refused meanwhile.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from allocator.errors import BadInput, Fault, Unknown
from allocator.store import events, records
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.events import Kind
from allocator.store.tables import webhooks

KIND: Final = "webhooks"
PREFIX: Final = "whsec_"
LONGEST_URL: Final = 2_000


@dataclass(frozen=True)
class Webhook:
    """Where events are sent, without its secret.

    Parameters
    ----------
    areas, kinds : of which events; empty: of all
    reached : the number of the newest event that was looked at for it
    failures : messages in a row that it did not take
    resume_at : not before then is it tried again; None: at any time
    """

    webhook_id: str
    url: str
    areas: tuple[str, ...]
    kinds: tuple[str, ...]
    reached: int
    failures: int
    resume_at: datetime | None
    made_at: datetime


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be sent, and where to, which is checked by who knows what may be called."""

    url: str
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def new_secret() -> str:
    """256 random bits, written as others who sign so write theirs."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def new_id() -> str:
    """Six random bytes, in hex."""
    return secrets.token_hex(6)


def make(
    tx: Tx,
    wish: Wish,
    after: int | None = None,
    secret: Callable[[], str] = new_secret,
    name: Callable[[], str] = new_id,
) -> tuple[Webhook, str]:
    """A new one and its secret, which is shown this once.

    Parameters
    ----------
    after : the number of an event: those that come after it are sent; None: those that come from now on

    Raises
    ------
    BadInput
        For an area or a kind that there is not.
    Conflict
        `cursor-gone`, `cursor-ahead`: not all that comes after that event is there to be sent.
    """
    _check(tx, wish)
    if after is not None:
        events.check_cursor(tx.connection, after)
    newest, word = events.newest(tx.connection), secret()
    row = {
        "webhook_id": name(),
        **_columns(wish),
        "secret": word,
        "reached": newest if after is None else after,
        "failures": 0,
        "tried_at": tx.now,
        "made_at": tx.at,
    }
    tx.connection.execute(insert(webhooks), row)
    append(tx, [Entry("make-webhook", KIND, row["webhook_id"], None, _columns(wish))])
    return found_webhook(tx.connection, row["webhook_id"]), word


def change(tx: Tx, webhook_id: str, wish: Wish) -> Webhook:
    """The webhook, of another address, areas or kinds from now on; what is on its way goes there too.

    Raises
    ------
    Unknown
        There is none of that id.
    BadInput
        For an area or a kind that there is not.
    """
    _check(tx, wish)
    old = found_webhook(tx.connection, webhook_id)
    _set(tx, webhook_id, **_columns(wish), failures=0, resume_at=None)
    before = _columns(Wish(old.url, old.areas, old.kinds))
    append(tx, [Entry("change-webhook", KIND, webhook_id, before, _columns(wish))])
    return found_webhook(tx.connection, webhook_id)


def rotate(tx: Tx, webhook_id: str, both_days: int, secret: Callable[[], str] = new_secret) -> str:
    """A new secret, which is shown this once; the old one signs too for some days.

    Raises
    ------
    Unknown
        There is none of that id.
    """
    found_webhook(tx.connection, webhook_id)
    word, until = secret(), tx.now + timedelta(days=both_days)
    _set(tx, webhook_id, old_secret=webhooks.c.secret, old_until=until, secret=word)
    append(tx, [Entry("rotate-webhook", KIND, webhook_id, None, {"until": until.isoformat()})])
    return word


def rest(tx: Tx, webhook_id: str, failures: int, resume_at: datetime | None) -> None:
    """Nothing; it is left alone until then, having failed so often in a row."""
    _set(tx, webhook_id, failures=failures, resume_at=resume_at)


def end(tx: Tx, webhook_id: str) -> None:
    """Nothing; nothing is sent there any more, and its secrets are deleted.

    Raises
    ------
    Unknown
        There is none of that id.
    """
    found_webhook(tx.connection, webhook_id)
    _set(tx, webhook_id, ended_at=tx.at, secret="", old_secret=None)
    append(tx, [Entry("end-webhook", KIND, webhook_id)])


def every(connection: Connection) -> list[Webhook]:
    """All that have not ended, the oldest first."""
    query = select(webhooks).where(webhooks.c.ended_at.is_(None))
    rows = connection.execute(query.order_by(webhooks.c.made_at, webhooks.c.webhook_id))
    return [_webhook(row) for row in rows]


def furthest_behind(connection: Connection) -> int | None:
    """The number of the newest event that was looked at for every one of them; None where there is none."""
    query = select(func.min(webhooks.c.reached)).where(webhooks.c.ended_at.is_(None))
    return connection.execute(query).scalar()


def found_webhook(connection: Connection, webhook_id: str) -> Webhook:
    """A webhook that has not ended.

    Raises
    ------
    Unknown
        There is none of that id.
    """
    is_it = (webhooks.c.webhook_id == webhook_id) & webhooks.c.ended_at.is_(None)
    row = connection.execute(select(webhooks).where(is_it)).first()
    if row is None:
        raise Unknown("not-found", webhook_id, f"there is no webhook {webhook_id}")
    return _webhook(row)


def secrets_of(connection: Connection, webhook_id: str, now: datetime) -> tuple[str, ...]:
    """What its messages are signed with, the newest first."""
    row = connection.execute(select(webhooks).where(webhooks.c.webhook_id == webhook_id)).one()
    is_old_too = row.old_secret is not None and now < row.old_until
    return (row.secret, row.old_secret) if is_old_too else (row.secret,)


def _check(tx: Tx, wish: Wish) -> None:
    known = {one.record_id for one in records.every(tx.connection, "areas")}
    faults = list(_faults(wish, known))
    if faults:
        raise BadInput(faults)


def _faults(wish: Wish, known: set[str]) -> Iterator[Fault]:
    for area in wish.areas:
        if area not in known:
            yield Fault(
                "unknown-area", "there is no such area", pointer="/areas", value=area, hint="GET /v1/areas"
            )
    for kind in wish.kinds:
        if kind not in list(Kind):
            hint = f"one of {', '.join(Kind)}"
            yield Fault("unknown-type", "there is no such event", pointer="/types", value=kind, hint=hint)


def _columns(wish: Wish) -> dict[str, Any]:
    return {"url": wish.url, "areas": list(wish.areas), "kinds": list(wish.kinds)}


def _set(tx: Tx, webhook_id: str, **values: Any) -> None:
    tx.connection.execute(update(webhooks).where(webhooks.c.webhook_id == webhook_id).values(**values))


def _webhook(row: Row[Any]) -> Webhook:
    said: dict[str, Any] = {name: getattr(row, name) for name in Webhook.__dataclass_fields__}
    return Webhook(**(said | {"areas": tuple(row.areas), "kinds": tuple(row.kinds)}))
