"""Who calls: a key in the Authorization header, what its role may do, and in which areas."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask import Request

from allocator.store import Database
from allocator.store.keys import Key, Role, key_of
from api.errors import Refusal

SCHEME = "Bearer"
STAFF = frozenset({Role.COORDINATOR, Role.ADMIN})
"""Who works with the queue."""
READERS = STAFF | {Role.AUDITOR, Role.CASE_SYSTEM}
EVERYONE = frozenset(Role)


def caller(request: Request, database: Database, now: datetime, may: Collection[Role]) -> Key:
    """The key of whoever calls, which may do what is asked.

    Raises
    ------
    Refusal
        401 without a key that counts, 403 with one of a role that may not.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    with database.read() as connection:
        key = key_of(connection, text.strip(), now) if scheme.lower() == SCHEME.lower() else None
    if key is None:
        detail = "Send a key that counts: Authorization: Bearer rak_…"
        raise Refusal(401, "no-key", detail, headers={"WWW-Authenticate": SCHEME})
    if key.role not in may:
        raise Refusal(403, "not-allowed", f"The role {key.role} may not do this.")
    return key
