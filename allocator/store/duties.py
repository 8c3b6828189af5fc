"""What is done from time to time, by one process of those that there are: when each was done last."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from allocator.store.database import Tx
from allocator.store.tables import duties


def is_due(connection: Connection, duty: str, every: timedelta, now: datetime) -> bool:
    """Whether a duty was never done, or so long ago that it is to be done again.

    One that was done in what is now the future is due too: the clock was set back.
    """
    done_at = connection.execute(select(duties.c.done_at).where(duties.c.duty == duty)).scalar()
    return done_at is None or not timedelta() <= now - done_at < every


def last(connection: Connection) -> datetime | None:
    """When any duty was taken last; None: nobody has taken one yet."""
    return connection.execute(select(func.max(duties.c.done_at))).scalar()


def take(tx: Tx, duty: str, every: timedelta, now: datetime) -> bool:
    """Whether the caller is to do a duty now: nobody else does it until it is due again.

    Parameters
    ----------
    now : as the machine's clock has it; the transaction's moment stands still after that was set back
    """
    if not is_due(tx.connection, duty, every, now):
        return False
    tx.connection.execute(delete(duties).where(duties.c.duty == duty))
    tx.connection.execute(insert(duties), {"duty": duty, "done_at": now})
    return True
