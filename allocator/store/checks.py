"""What was looked at from time to time and how it was: the audit's chain, and when a backup was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from allocator.store.database import Tx
from allocator.store.tables import checks

AUDIT: Final = "audit"
BACKUP: Final = "backup"
NUMBERS: Final = "events"
"""After which number the events of a restored store go on."""
OVERDUE: Final = "overdue"
"""How many cases wait too long; looked at with the deadlines, as it takes a while."""


@dataclass(frozen=True)
class Check:
    """How something was when it was looked at last."""

    name: str
    checked_at: datetime
    is_fine: bool
    detail: str


def note(tx: Tx, name: str, is_fine: bool, detail: str) -> None:
    """Nothing; it is known how something was just now."""
    tx.connection.execute(delete(checks).where(checks.c.name == name))
    row = {"name": name, "checked_at": tx.now, "is_fine": is_fine, "detail": detail}
    tx.connection.execute(insert(checks), row)


def last(connection: Connection, name: str) -> Check | None:
    """How something was when it was looked at last; None: nobody has looked yet."""
    row = connection.execute(select(checks).where(checks.c.name == name)).first()
    return None if row is None else Check(**row._asdict())
