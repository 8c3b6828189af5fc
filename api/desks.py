"""The stored queue as a snapshot, and the desk over it: each is there once, and follows what changes.

A question takes a few milliseconds, a desk over a national queue a hundred. What was given to somebody since
it was set up is counted as a publication; after any other change it is set up anew.
"""

from __future__ import annotations

import threading
from datetime import date

from allocator.backlog import OpenRows
from allocator.desk import Desk, Now, Publication
from allocator.snapshot import Snapshot
from allocator.store import Connection, chain, holdings
from allocator.store.current import Current, Read

QUIET = frozenset({"publish", "count", "approve", "propose", "accept", "declare", "consent", "end-consent",
                   "submit", "stop", "end", "make-key", "revoke-key", "rotate-key", "invite", "sign-in",
                   "sign-out", "hear", "make-webhook", "change-webhook", "rotate-webhook", "end-webhook",
                   "replay", "leave-out", "depart", "share", "unshare", "order", "end-order",
                   "settle-order", "set-aside", "amend", "settle"})  # fmt: skip
"""What the audit tells of and the desk knows by itself, or need not: what a publication uses up, what is
no part of the queue, and talk."""
MOST_PUBLISHED = 2_000


class Desks:
    """The one queue and desk of a service; each question is of one transaction, and sees what that sees."""

    def __init__(self) -> None:
        self._current = Current()
        self._over: tuple[Desk, Read] | None = None
        self._open: OpenRows | None = None
        self._lock = threading.Lock()

    def queue(self, connection: Connection, day: date) -> Snapshot:
        """The queue of a day.

        Raises
        ------
        BadInput
            The queue's records do not fit together.
        """
        return self._current.on(connection, day).snapshot

    def open(self, connection: Connection, day: date) -> OpenRows:
        """The open cases of a day.

        Raises
        ------
        BadInput
            The queue's records do not fit together.
        """
        snapshot = self.queue(connection, day)
        with self._lock:
            if self._open is None or self._open.snapshot is not snapshot:
                self._open = OpenRows(snapshot, self._open)
            return self._open

    def now(self, connection: Connection, day: date) -> Now:
        """What stands in a transaction.

        Raises
        ------
        BadInput
            The queue's records do not fit together.
        """
        over = self._over
        if over is not None and over[1].day == day:
            published = _published(connection, over[1].number)
            if published is not None:
                return over[0].now(published)
        return self._anew(connection, day).now([])

    def _anew(self, connection: Connection, day: date) -> Desk:
        read = self._current.on(connection, day)
        with self._lock:
            over = self._over
            if over is not None and over[1].snapshot is read.snapshot:
                desk = over[0]
            else:
                desk = Desk(read.snapshot, over[0] if over is not None else None)
            if over is None or read.number >= over[1].number:
                self._over = desk, read
            return desk


def _published(connection: Connection, number: int) -> list[Publication] | None:
    """Who was given what since an audit line; None if anything else has changed, or too much."""
    if chain.head(connection).number < number:
        return None  # this transaction began before the queue was read
    news = chain.actions(connection, number, MOST_PUBLISHED)
    if len(news) == MOST_PUBLISHED or any(one.action not in QUIET | {"give"} for one in news):
        return None
    found = holdings.of_cases(connection, {one.record_id for one in news if one.action == "give"})
    return [Publication(case_id, role, one.reviewer_id) for (case_id, role), one in sorted(found.items())]
