"""The stored queue as a snapshot: read once, and again when something has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allocator.snapshot import Snapshot
from allocator.store import Connection, chain, queue


@dataclass(frozen=True, eq=False)
class _Read:
    """A snapshot as it was read: of which day, and the number of the newest audit line then."""

    snapshot: Snapshot
    day: date
    number: int


class Snapshots:
    """The newest snapshot of a service; each question is of one transaction, and sees what that sees."""

    def __init__(self) -> None:
        self._read: _Read | None = None

    def on(self, connection: Connection, day: date) -> Snapshot:
        """The queue of a day, as a transaction knows it.

        Raises
        ------
        BadInput
            The queue's records do not fit together.
        """
        number, read = chain.head(connection).number, self._read
        if read is None or (read.day, read.number) != (day, number):
            read = self._read = _Read(queue(connection, day).snapshot, day, number)
        return read.snapshot
