"""A write that is worth waiting for: it is tried again for as long as a lease lasts."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from allocator.errors import Unavailable
from allocator.store.database import Database, Tx

WAIT_SECONDS, LOOK_SECONDS = 15.0, 0.25


def write(
    database: Database, now: Callable[[], datetime], actor: str, change: Callable[[Tx], object]
) -> None:
    """Nothing; the change is made. A database that is busy or away is asked again for a while.

    Raises
    ------
    Unavailable
        It was away for too long.
    """
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            with database.write(actor, now) as tx:
                change(tx)
            return
        except Unavailable:
            if time.monotonic() > until:
                raise
            time.sleep(LOOK_SECONDS)
