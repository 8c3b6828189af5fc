"""Who calls: by a key or a token in the Authorization header, or by the cookie of who has signed in."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from flask import Request

from allocator.errors import Busy
from allocator.store import Database
from allocator.store.callers import Caller, Role
from allocator.store.keys import key_of
from allocator.store.sessions import SEEN_EVERY, Session, csrf_of, seen, session_of
from api.clock import Clock
from api.errors import Refusal
from api.identity import Provider
from api.rates import Rates

SCHEME = "Bearer"
COOKIE = "allocator_session"
CSRF_HEADER = "X-CSRF-Token"
SAFE = ("GET", "HEAD", "OPTIONS")


class Door:
    """Where everybody comes in who is somebody here.

    Parameters
    ----------
    rates : how often each may call
    provider : who vouches for others; None: nobody does
    """

    def __init__(
        self, database: Database, now: Clock, rates: Rates, provider: Provider | None = None
    ) -> None:
        self._database, self._now, self._rates, self._provider = database, now, rates, provider

    def caller(self, request: Request, may: Collection[Role], csrf: str | None = None) -> Caller:
        """Whoever calls, who may do what is asked.

        Parameters
        ----------
        csrf : the word that a form was sent with; None: it stands in the header

        Raises
        ------
        Refusal
            401 for nobody; 403 for one of a role that may not, or for a change that another site's page
            sends; 429 for one who calls too often.
        """
        found = self._named(request) if "Authorization" in request.headers else self._signed_in(request, csrf)
        self._rates.count(found.actor if found else address_of(request))
        if found is None:
            detail = "Send a key or a token that counts, Authorization: Bearer rak_…, or sign in."
            raise Refusal(401, "no-key", detail, headers={"WWW-Authenticate": SCHEME})
        if found.role not in may:
            raise Refusal(403, "not-allowed", f"The role {found.role} may not do this.")
        return found

    def session(self, request: Request) -> Session | None:
        """The session of a browser, if it has one that counts."""
        with self._database.read() as connection:
            return session_of(connection, request.cookies.get(COOKIE, ""), self._now())

    def _named(self, request: Request) -> Caller | None:
        """Who the Authorization header names."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        with self._database.read() as connection:
            key = key_of(connection, text.strip(), self._now())
        if key is not None:
            return key.caller
        return self._provider.bearer(text.strip()) if self._provider else None

    def _signed_in(self, request: Request, csrf: str | None) -> Caller | None:
        """Who has signed in with this browser, if one of our own pages asks."""
        found = self.session(request)
        if found is None:
            return None
        if request.method not in SAFE:
            check_csrf(request, csrf)
        self._seen(found, self._now())
        return found.caller

    def _seen(self, session: Session, now: datetime) -> None:
        if now - session.seen_at > SEEN_EVERY:
            with suppress(Busy), self._database.write(session.caller.actor, self._now) as tx:
                seen(tx, session.session_id)


def address_of(request: Request) -> str:
    """Who calls without saying who: where the call comes from."""
    return f"address:{request.remote_addr}"


def is_somebody(request: Request) -> bool:
    """Whether a request says that it is from somebody, truly or not."""
    return "Authorization" in request.headers or COOKIE in request.cookies


def check_csrf(request: Request, given: str | None = None) -> None:
    """Nothing, if a change that a browser sends comes from a page of ours.

    Raises
    ------
    Refusal
        403 otherwise: a page of another site can make the browser send the cookie, but not this word.
    """
    wanted = csrf_of(request.cookies.get(COOKIE, ""))
    given = request.headers.get(CSRF_HEADER, "") if given is None else given
    if not wanted or not hmac.compare_digest(wanted.encode(), given.encode()) or is_from_elsewhere(request):
        raise Refusal(403, "csrf", f"Send the word that GET /v1/me gives, as {CSRF_HEADER}.")


def is_from_elsewhere(request: Request) -> bool:
    """Whether the browser says that a page of another site sends this."""
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return True
    return origin is not None and origin.partition("://")[2] != request.host
