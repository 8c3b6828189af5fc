"""The answers to calls that may be sent again: the same call gets the same answer, and is done once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from allocator.store.database import Tx
from allocator.store.tables import repeats

KEPT: Final = timedelta(days=7)
"""For so long a call that is sent again gets its answer again."""


@dataclass(frozen=True)
class Answered:
    """What a call was answered.

    Parameters
    ----------
    request_hash : of the method, the path, the query and the body
    """

    request_hash: str
    status: int
    headers: Mapping[str, str]
    body: str


def hash_of(*parts: bytes) -> str:
    """One word for a request: another for any other."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def answered(connection: Connection, actor: str, repeat_key: str) -> Answered | None:
    """What a caller's call under a key was answered; None if there was none yet."""
    query = select(repeats).where(repeats.c.actor == actor, repeats.c.repeat_key == repeat_key)
    row = connection.execute(query).first()
    return None if row is None else Answered(row.request_hash, row.status, row.headers, row.body)


def keep(tx: Tx, repeat_key: str, answer: Answered) -> None:
    """Nothing; the answer is kept for a week, and older ones no longer."""
    tx.connection.execute(delete(repeats).where(repeats.c.answered_at < tx.now - KEPT))
    row = {
        "actor": tx.actor,
        "repeat_key": repeat_key,
        "request_hash": answer.request_hash,
        "status": answer.status,
        "headers": dict(answer.headers),
        "body": answer.body,
        "answered_at": tx.now,
    }
    tx.connection.execute(insert(repeats), row)
