"""People who have signed in: by a link that opens once, or by an identity provider; each session for a time.

A session ends by itself when nobody uses it, at the latest after so many hours, and at once when it is ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from allocator.errors import BadInput, Conflict, Unknown
from allocator.store import tokens
from allocator.store.callers import Caller, Role, faults_of
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.records import chunks
from allocator.store.tables import invites, sessions, sign_ins

INVITE, SESSION = "rai", "ras"
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly it is kept when a session was last used: a write each time would be one a call."""
SIGN_IN_LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Session:
    """Somebody who has signed in.

    Parameters
    ----------
    idle : for so long it may be unused
    """

    session_id: str
    caller: Caller
    made_at: datetime
    seen_at: datetime
    expires_at: datetime
    idle: timedelta
    ended_at: datetime | None = None

    def counts(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.ended_at is None and now < min(self.expires_at, self.seen_at + self.idle)


@dataclass(frozen=True)
class Lasts:
    """How long a session lasts: at most, and unused."""

    most: timedelta
    idle: timedelta


@dataclass(frozen=True)
class Begun:
    """A sign-in at an identity provider that was begun: what only whoever began it can know."""

    verifier: str
    nonce: str


def invite(tx: Tx, caller: Caller, lasts: timedelta) -> tuple[str, datetime]:
    """The word that lets somebody sign in once, which is kept nowhere, and until when it does.

    Parameters
    ----------
    caller : who they will be; of its actor nothing is kept

    Raises
    ------
    BadInput
        For an area or a reviewer that there is not, or for nobody.
    """
    faults = list(faults_of(tx.connection, caller.role, caller.areas, caller.reviewer_id))
    if faults:
        raise BadInput(faults)
    token = tokens.new(INVITE)
    row = {
        "invite_id": token.token_id,
        "secret_hash": token.hash,
        **_columns(caller),
        "made_at": tx.now,
        "expires_at": tx.now + lasts,
    }
    tx.connection.execute(insert(invites), row)
    told = {"role": str(caller.role), "areas": list(caller.areas), "reviewer_id": caller.reviewer_id}
    append(tx, [Entry("invite", "invites", token.token_id, None, told)])
    return token.text, tx.now + lasts


def accept(tx: Tx, text: str, lasts: Lasts) -> tuple[Session, str]:
    """The session that an invite opens, once, and the word that goes with it.

    Raises
    ------
    Conflict
        `invite-used`: it opens nothing, or nothing any more; which, is not told.
    """
    token = tokens.read(INVITE, text)
    used = Conflict("invite-used", "invite", "this link has been used, is too old, or never was one")
    if token is None:
        raise used
    mine = invites.c.invite_id == token.token_id
    row = tx.connection.execute(select(invites).where(mine)).first()
    if row is None or not token.opens(row.secret_hash) or row.used_at or tx.now >= row.expires_at:
        raise used
    tx.connection.execute(update(invites).where(mine).values(used_at=tx.now))
    return begin(tx, _caller(row, f"invite:{token.token_id}"), lasts)


def begin(tx: Tx, caller: Caller, lasts: Lasts) -> tuple[Session, str]:
    """A session of somebody, and the word that goes with it, which is kept nowhere."""
    token = tokens.new(SESSION)
    made = Session(token.token_id, caller, tx.now, tx.now, tx.now + lasts.most, lasts.idle)
    row = {
        "session_id": token.token_id,
        "secret_hash": token.hash,
        "actor": caller.actor,
        **_columns(caller),
        "made_at": tx.now,
        "seen_at": tx.now,
        "expires_at": made.expires_at,
        "idle_seconds": int(lasts.idle.total_seconds()),
    }
    tx.connection.execute(insert(sessions), row)
    told = {"actor": caller.actor, "role": str(caller.role), "areas": list(caller.areas)}
    append(tx, [Entry("sign-in", "sessions", token.token_id, None, told)])
    return made, token.text


def session_of(connection: Connection, text: str, now: datetime) -> Session | None:
    """The session that a word opens; None if it opens nothing, or nothing any more."""
    token = tokens.read(SESSION, text)
    if token is None:
        return None
    row = connection.execute(select(sessions).where(sessions.c.session_id == token.token_id)).first()
    if row is None or not token.opens(row.secret_hash):
        return None
    found = _session(row)
    return found if found.counts(now) else None


def csrf_of(text: str) -> str:
    """The word that a page of a session sends with each change: no other site can read or guess it."""
    token = tokens.read(SESSION, text)
    return token.derived("csrf") if token else ""


def seen(tx: Tx, session_id: str) -> None:
    """Nothing; the session was used just now."""
    tx.connection.execute(_of(session_id).values(seen_at=tx.now))


def here_since(connection: Connection, reviewer_ids: Iterable[str], moment: datetime) -> dict[str, datetime]:
    """By reviewer when they were last here, of those who were since a moment."""
    found: dict[str, datetime] = {}
    for some in chunks(sorted(set(reviewer_ids))):
        query = select(sessions.c.reviewer_id, func.max(sessions.c.seen_at)).where(
            sessions.c.role == str(Role.REVIEWER),
            sessions.c.reviewer_id.in_(some),
            sessions.c.seen_at >= moment,
        )
        found |= {row[0]: row[1] for row in connection.execute(query.group_by(sessions.c.reviewer_id))}
    return found


def every_session(connection: Connection, now: datetime) -> list[Session]:
    """All sessions that still open something."""
    rows = connection.execute(select(sessions).order_by(sessions.c.made_at, sessions.c.session_id))
    return [one for one in map(_session, rows) if one.counts(now)]


def end(tx: Tx, session_id: str) -> None:
    """Nothing; the session opens nothing from now on.

    Raises
    ------
    Unknown
        There is none of that id.
    """
    if not tx.connection.execute(_of(session_id).values(ended_at=tx.now)).rowcount:
        raise Unknown("not-found", session_id, f"there is no session {session_id}")
    append(tx, [Entry("sign-out", "sessions", session_id)])


def begin_sign_in(tx: Tx, state: str, begun: Begun) -> None:
    """Nothing; the sign-in is awaited, and those that nobody ended no longer."""
    tx.connection.execute(delete(sign_ins).where(sign_ins.c.expires_at < tx.now))
    row = {
        "state": state,
        "verifier": begun.verifier,
        "nonce": begun.nonce,
        "expires_at": tx.now + SIGN_IN_LASTS,
    }
    tx.connection.execute(insert(sign_ins), row)


def end_sign_in(tx: Tx, state: str) -> Begun | None:
    """What was begun under a state, this once; None if nothing was, or too long ago."""
    mine = sign_ins.c.state == state
    row = tx.connection.execute(select(sign_ins).where(mine)).first()
    tx.connection.execute(delete(sign_ins).where(mine))
    return Begun(row.verifier, row.nonce) if row is not None and tx.now < row.expires_at else None


def forget_before(tx: Tx, before: datetime) -> None:
    """Nothing; of sessions and invites that ended before then nothing is kept."""
    tx.connection.execute(delete(sessions).where(sessions.c.expires_at < before))
    tx.connection.execute(delete(invites).where(invites.c.expires_at < before))


def _of(session_id: str) -> Any:
    is_open: ColumnElement[bool] = sessions.c.ended_at.is_(None)
    return update(sessions).where(sessions.c.session_id == session_id, is_open)


def _columns(caller: Caller) -> dict[str, Any]:
    return {"role": str(caller.role), "areas": list(caller.areas), "reviewer_id": caller.reviewer_id}


def _caller(row: Row[Any], actor: str) -> Caller:
    return Caller(actor, Role(row.role), tuple(row.areas), row.reviewer_id)


def _session(row: Row[Any]) -> Session:
    return Session(
        session_id=row.session_id,
        caller=_caller(row, row.actor),
        made_at=row.made_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        idle=timedelta(seconds=row.idle_seconds),
        ended_at=row.ended_at,
    )
