"""Signing in and out: by a link that opens once, or at an identity provider; and who one is."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, unquote, urlencode

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from allocator.store import sessions
from allocator.store.callers import Role
from allocator.store.sessions import Begun, Session
from api.auth import COOKIE, is_from_elsewhere
from api.calls import Call, Reply, Route, Service
from api.errors import Refusal
from api.identity import BACK, Provider
from api.pages.page import Shown
from api.roles import EVERYONE
from api.stored import Body, Nothing

HOME, MY_WORK = "/", "/my-work"
"""Where whoever has signed in comes to: a reviewer to their own work."""
STATE = "allocator_sign_in"
INVITED = "/invited/<word>"
FOLLOWING = "allocator_next"
"""The cookie with the page that somebody wanted when they were sent to sign in."""
Show = Callable[[Shown], Response]
_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


class Me(Body):
    """Who calls."""

    actor: str
    role: Role
    areas: tuple[str, ...]
    reviewer_id: str | None
    expires_at: datetime | None
    csrf_token: str | None


def routes() -> tuple[Route, ...]:
    """The calls."""
    return (
        Route("GET", "/v1/me", "me", "Who calls, and what a page sends with each change", EVERYONE, _me, Me),
        Route("POST", "/v1/sign-out", "sign-out", "End the session", EVERYONE, _sign_out, Nothing),
    )


def register(app: Flask, service: Service, provider: Provider | None, show: Show) -> None:
    """Nothing; people can sign in.

    Parameters
    ----------
    show : makes the answer of a page for nobody in particular
    """
    app.add_url_rule(INVITED, "invited", lambda word: show(Shown("invited.html")))
    app.add_url_rule(INVITED, "accept-invite", _accepts(service), methods=["POST"])
    app.add_url_rule("/sign-in", "sign-in", lambda: _offer(provider, show))
    app.add_url_rule("/sign-in/begin", "begin-sign-in", _goes(service, provider))
    app.add_url_rule(BACK, "signed-in", _comes_back(service, provider))


def _me(call: Call) -> Reply:
    caller, word = call.caller, request.cookies.get(COOKIE, "")
    session = sessions.session_of(call.connection, word, call.service.now())
    mine = session if session is not None and session.caller == caller else None
    return Reply(
        Me(
            actor=caller.actor,
            role=caller.role,
            areas=caller.areas,
            reviewer_id=caller.reviewer_id,
            expires_at=mine.expires_at if mine else None,
            csrf_token=sessions.csrf_of(word) if mine else None,
        )
    )


def _sign_out(call: Call) -> Reply:
    session = sessions.session_of(call.connection, request.cookies.get(COOKIE, ""), call.service.now())
    if session is None or session.caller != call.caller:
        raise Refusal(409, "no-session", "There is no session to end: a key ends by `allocator key revoke`.")
    sessions.end(call.tx, session.session_id)
    return Reply(Nothing(), headers={"Set-Cookie": f"{COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"})


def _offer(provider: Provider | None, show: Show) -> Response:
    """The page where signing in begins; what somebody wanted to see goes along."""
    begin = "/sign-in/begin"
    if "next" in request.args:
        begin += "?" + urlencode({"next": request.args["next"]})
    return show(Shown("sign_in.html", {"by_provider": provider is not None, "begin": begin}))


def _accepts(service: Service) -> Callable[[str], Answer]:
    def accept(word: str) -> Answer:
        _check_own_page()
        with service.database.write("sign-in", service.now) as tx:
            session, text = sessions.accept(tx, word, service.settings.lasts)
        return _let_in(service, session, text)

    return accept


def _goes(service: Service, provider: Provider | None) -> Callable[[], Answer]:
    def go() -> Answer:
        state, begun = secrets.token_urlsafe(32), Begun(secrets.token_urlsafe(48), secrets.token_urlsafe(24))
        address = _needed(provider).begin(state, begun)
        with service.database.write("sign-in", service.now) as tx:
            sessions.begin_sign_in(tx, state, begun)
        answer = redirect(address, 303)
        lasts = int(sessions.SIGN_IN_LASTS.total_seconds())
        _set_cookie(service, answer, STATE, state, lasts)
        _set_cookie(service, answer, FOLLOWING, quote(request.args.get("next", "")), lasts)
        return answer

    return go


def _comes_back(service: Service, provider: Provider | None) -> Callable[[], Answer]:
    def back() -> Answer:
        known, state = _needed(provider), request.args.get("state", "")
        if not state or not hmac.compare_digest(state.encode(), request.cookies.get(STATE, "").encode()):
            raise _not_begun()
        with service.database.write("sign-in", service.now) as tx:
            begun = sessions.end_sign_in(tx, state)
        if begun is None:
            raise _not_begun()
        if "code" not in request.args:
            raise Refusal(403, "sign-in-refused", "The identity provider let nobody in.")
        caller = known.finish(request.args["code"], begun)
        with service.database.write(caller.actor, service.now) as tx:
            session, text = sessions.begin(tx, caller, service.settings.lasts)
        answer = _let_in(service, session, text)
        answer.delete_cookie(STATE)
        return answer

    return back


def _let_in(service: Service, session: Session, text: str) -> Answer:
    home = MY_WORK if session.caller.role is Role.REVIEWER else HOME
    answer = redirect(_here(unquote(request.cookies.get(FOLLOWING, "")), home), 303)
    _set_cookie(service, answer, COOKIE, text)
    answer.delete_cookie(FOLLOWING)
    return answer


def _here(path: str, home: str) -> str:
    """The path if it is one of this service's own, else home: nobody is sent elsewhere from here."""
    return path if _OWN_PATH.fullmatch(path) else home


def _set_cookie(service: Service, answer: Answer, name: str, value: str, seconds: int | None = None) -> None:
    secure = service.settings.is_secure
    answer.set_cookie(name, value, seconds, httponly=True, samesite="Lax", secure=secure, path="/")


def _check_own_page() -> None:
    if is_from_elsewhere(request):
        raise Refusal(403, "csrf", "Open the link itself, and sign in on the page that it shows.")


def _needed(provider: Provider | None) -> Provider:
    if provider is None:
        raise Refusal(404, "no-identity-provider", "There is none here: `allocator invite` makes a link.")
    return provider


def _not_begun() -> Refusal:
    return Refusal(400, "no-sign-in", "This sign-in was not begun here, or too long ago. Begin at /sign-in.")
