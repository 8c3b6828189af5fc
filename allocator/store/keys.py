"""Keys of machines that call, and of people: shown once, for one role and some areas, for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from allocator.errors import BadInput, Conflict, Fault, Unknown
from allocator.store import tokens
from allocator.store.callers import Caller, Role, faults_of
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.tables import keys

PREFIX = "rak"
MOST_DAYS = 366
"""A key that never ends is one that nobody thinks of."""


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
    def caller(self) -> Caller:
        """Who calls with it."""
        return Caller(f"key:{self.key_id}", self.role, self.areas, self.reviewer_id)

    def counts(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and now < self.expires_at


def make_key(
    tx: Tx, role: Role, areas: tuple[str, ...] = (), days: int = 90, reviewer_id: str | None = None
) -> tuple[Key, str]:
    """A new key, and the text that opens with it, which is shown this once and kept nowhere.

    Raises
    ------
    BadInput
        It is for too long, for an area or a reviewer that there is not, or for nobody.
    """
    faults = list(faults_of(tx.connection, role, areas, reviewer_id))
    if not 1 <= days <= MOST_DAYS:
        hint = "make another in time"
        faults.append(Fault("out-of-range", f"1 to {MOST_DAYS} days", value=days, hint=hint))
    if faults:
        raise BadInput(faults)
    token = tokens.new(PREFIX)
    key = Key(token.token_id, role, areas, reviewer_id, tx.now, tx.now + timedelta(days=days))
    row = {
        "key_id": key.key_id,
        "secret_hash": token.hash,
        "role": role,
        "areas": list(areas),
        "reviewer_id": reviewer_id,
        "made_at": key.made_at,
        "expires_at": key.expires_at,
    }
    tx.connection.execute(insert(keys), row)
    told = {"role": str(role), "areas": list(areas), "expires_at": key.expires_at.isoformat()}
    append(tx, [Entry("make-key", "keys", key.key_id, None, told)])
    return key, token.text


def key_of(connection: Connection, text: str, now: datetime) -> Key | None:
    """The key that a text opens with; None if it opens nothing, or nothing any more."""
    token = tokens.read(PREFIX, text)
    if token is None:
        return None
    row = connection.execute(select(keys).where(keys.c.key_id == token.token_id)).first()
    if row is None or not token.opens(row.secret_hash):
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
    done = tx.connection.execute(update(keys).where(keys.c.key_id == key_id).values(revoked_at=tx.now))
    if not done.rowcount:
        raise Unknown("not-found", key_id, f"there is no key {key_id}")
    append(tx, [Entry("revoke-key", "keys", key_id)])


def rotate(tx: Tx, key_id: str, days: int, both_days: int) -> tuple[Key, str]:
    """A new key for the same role, areas and reviewer, and its text; the old one counts for some days more.

    Raises
    ------
    Unknown
        There is none of that id.
    Conflict
        `key-ended`: it counts no more.
    BadInput
        The new one is for too long, or for what there is not any more.
    """
    row = tx.connection.execute(select(keys).where(keys.c.key_id == key_id)).first()
    if row is None:
        raise Unknown("not-found", key_id, f"there is no key {key_id}")
    old = _key(row._asdict())
    if not old.counts(tx.now):
        raise Conflict("key-ended", key_id, "it counts no more: make a new one")
    new = make_key(tx, old.role, old.areas, days, old.reviewer_id)
    until = min(old.expires_at, tx.now + timedelta(days=both_days))
    tx.connection.execute(update(keys).where(keys.c.key_id == key_id).values(expires_at=until))
    append(
        tx, [Entry("rotate-key", "keys", key_id, None, {"next": new[0].key_id, "until": until.isoformat()})]
    )
    return new


def _key(row: dict[str, object]) -> Key:
    content = {name: value for name, value in row.items() if name != "secret_hash"}
    return Key(**(content | {"role": Role(str(row["role"])), "areas": tuple(row["areas"])}))  # type: ignore[arg-type]
