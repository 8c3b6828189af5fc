"""Keys of machines and people who call: shown once, kept as a hash, for one role and some areas, for a time.

A key's secret is 256 random bits, so that one SHA-256 is enough: nobody can try them all, and a hash that is
slow on purpose would cost every call a fifth of a second.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from allocator.errors import BadInput, Fault, Unknown
from allocator.store import records
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.tables import keys

PREFIX = "rak"
_TEXT = re.compile(PREFIX + "_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
MOST_DAYS = 366
"""A key that never ends is one that nobody thinks of."""


class Role(StrEnum):
    """What a caller may do; where, their areas say."""

    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    COMMISSIONER = "commissioner"
    CASE_SYSTEM = "case-system"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Key:
    """A key, without its secret.

    Parameters
    ----------
    areas : where it counts; empty: everywhere
    reviewer_id : whose it is, of a reviewer's key
    """

    key_id: str
    role: Role
    areas: tuple[str, ...]
    reviewer_id: str | None
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    @property
    def actor(self) -> str:
        """Who it is in the audit."""
        return f"key:{self.key_id}"

    def counts(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and now < self.expires_at

    def covers(self, area: str | None) -> bool:
        """Whether it counts in an area; what belongs to no area is everybody's."""
        return not self.areas or area is None or area in self.areas


def make_key(
    tx: Tx, role: Role, areas: tuple[str, ...] = (), days: int = 90, reviewer_id: str | None = None
) -> tuple[Key, str]:
    """A new key, and the text that opens with it, which is shown this once and kept nowhere.

    Raises
    ------
    BadInput
        It is for too long, for an area or a reviewer that there is not, or for nobody.
    """
    faults = list(_faults(tx.connection, role, areas, days, reviewer_id))
    if faults:
        raise BadInput(faults)
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = Key(key_id, role, areas, reviewer_id, tx.at, tx.at + timedelta(days=days))
    row = {
        "key_id": key_id,
        "secret_hash": _hash(secret),
        "role": role,
        "areas": list(areas),
        "reviewer_id": reviewer_id,
        "made_at": key.made_at,
        "expires_at": key.expires_at,
    }
    tx.connection.execute(insert(keys), row)
    told = {"role": str(role), "areas": list(areas), "expires_at": key.expires_at.isoformat()}
    append(tx, [Entry("make-key", "keys", key_id, None, told)])
    return key, f"{PREFIX}_{key_id}_{secret}"


def key_of(connection: Connection, text: str, now: datetime) -> Key | None:
    """The key that a text opens with; None if it opens nothing, or nothing any more."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    key_id, secret = found.groups()
    row = connection.execute(select(keys).where(keys.c.key_id == key_id)).first()
    if row is None or not hmac.compare_digest(row.secret_hash, _hash(secret)):
        return None
    key = _key(row._asdict())
    return key if key.counts(now) else None


def every_key(connection: Connection) -> list[Key]:
    """All keys, those that count no more too."""
    rows = connection.execute(select(keys).order_by(keys.c.made_at, keys.c.key_id))
    return [_key(row._asdict()) for row in rows]


def revoke(tx: Tx, key_id: str) -> None:
    """Nothing; the key opens nothing from now on.

    Raises
    ------
    Unknown
        There is none of that id.
    """
    done = tx.connection.execute(update(keys).where(keys.c.key_id == key_id).values(revoked_at=tx.at))
    if not done.rowcount:
        raise Unknown("not-found", key_id, f"there is no key {key_id}")
    append(tx, [Entry("revoke-key", "keys", key_id)])


def _faults(
    connection: Connection, role: Role, areas: tuple[str, ...], days: int, reviewer_id: str | None
) -> list[Fault]:
    known = {one.record_id for one in records.every(connection, "areas")}
    faults = [
        Fault("unknown-area", "there is no such area", value=area, hint="import it first")
        for area in areas
        if area not in known
    ]
    if not 1 <= days <= MOST_DAYS:
        faults.append(
            Fault("out-of-range", f"1 to {MOST_DAYS} days", value=days, hint="make another in time")
        )
    if role is Role.REVIEWER and reviewer_id is None:
        faults.append(Fault("reviewer-needed", "a reviewer's key is one reviewer's", hint="say whose it is"))
    if reviewer_id is not None and records.get(connection, "reviewers", reviewer_id) is None:
        faults.append(Fault("unknown-reviewer", "there is no such reviewer", value=reviewer_id))
    return faults


def _key(row: dict[str, object]) -> Key:
    content = {name: value for name, value in row.items() if name != "secret_hash"}
    return Key(**(content | {"role": Role(str(row["role"])), "areas": tuple(row["areas"])}))  # type: ignore[arg-type]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
