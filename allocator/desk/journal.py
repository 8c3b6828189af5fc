"""What was published since the snapshot was taken: one file that several processes write, and no place twice.

SQLite keeps it, so that two people who publish the same place at the same moment cannot both be told yes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from allocator.desk.desk import Publication
from allocator.errors import BadInput, Fault

WAIT_SECONDS = 10.0
_TABLE = """
CREATE TABLE IF NOT EXISTS published (
    case_id TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('lead', 'second')), reviewer_id TEXT NOT NULL,
    published_at TEXT NOT NULL, plan_id TEXT, PRIMARY KEY (case_id, role)
) WITHOUT ROWID
"""
_HINT = "a file that `publish` wrote, or a new one in a folder that can be written"


class Journal:
    """The publications in one file, read anew each time: another process may have written a moment ago."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> tuple[Publication, ...]:
        """All that was published, by case and role; nothing where there is no file yet.

        Raises
        ------
        BadInput
            The file cannot be read, or is none of ours.
        """
        if not self._path.exists():
            return ()
        query = "SELECT case_id, role, reviewer_id FROM published ORDER BY case_id, role"
        try:
            with closing(self._open()) as connection:
                return tuple(Publication(*row) for row in connection.execute(query))
        except sqlite3.Error as error:
            raise self._unreadable(error) from error

    def publish(self, wanted: Iterable[Publication], at: datetime, plan_id: str | None = None) -> int:
        """How many were new; all of them, or none, are then in the file.

        Raises
        ------
        BadInput
            A place was published to someone else before, one fault each; or the file is none of ours.
        """
        rows = list(wanted)
        try:
            with closing(self._open()) as connection, connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(_TABLE)
                taken = [fault for one in rows if (fault := _taken(connection, one))]
                if taken:
                    raise BadInput(taken)
                before = connection.total_changes
                insert = "INSERT OR IGNORE INTO published VALUES (?, ?, ?, ?, ?)"
                when = at.isoformat(timespec="seconds")
                connection.executemany(
                    insert, [(one.case_id, one.role, one.reviewer_id, when, plan_id) for one in rows]
                )
                return connection.total_changes - before
        except sqlite3.Error as error:
            raise self._unreadable(error) from error

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=WAIT_SECONDS, isolation_level=None)

    def _unreadable(self, error: sqlite3.Error) -> BadInput:
        return BadInput([Fault("unreadable-journal", str(error), file=str(self._path), hint=_HINT)])


def _taken(connection: sqlite3.Connection, one: Publication) -> Fault | None:
    """The fault of publishing a place that somebody else was told of, None if nobody was."""
    query = "SELECT reviewer_id, published_at FROM published WHERE case_id = ? AND role = ?"
    for reviewer_id, when in connection.execute(query, (one.case_id, one.role)):
        if reviewer_id != one.reviewer_id:
            message = f"the {one.role} of {one.case_id} was published to {reviewer_id} at {when}"
            return Fault("already-published", message, value=one.reviewer_id, hint="nothing was published")
    return None
