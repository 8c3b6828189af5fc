"""The stored queue as a snapshot: read once, and again when something has changed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date

from allocator.snapshot import Snapshot
from allocator.store import Connection, chain, queue


@dataclass(frozen=True, eq=False)
class Read:
    """A snapshot as it was read: of which day, and the number of the newest audit line then."""

    snapshot: Snapshot
    day: date
    number: int


class Snapshots:
    """The newest snapshot of a service; each question is of one transaction, and sees what that sees."""

    def __init__(self) -> None:
        self._read: Read | None = None
        self._lock = threading.Lock()

    def on(self, connection: Connection, day: date) -> Read:
        """The queue of a day, as a transaction knows it; of several that ask at once, one reads it.

        Raises
        ------
        BadInput
            The queue's records do not fit together.
        """
        number = chain.head(connection).number
        with self._lock:
            read = self._read
            if read is not None and (read.day, read.number) == (day, number):
                return read
            found = Read(queue(connection, day).snapshot, day, number)
            if read is None or number >= read.number:  # an older transaction's is for itself alone
                self._read = found
            return found
