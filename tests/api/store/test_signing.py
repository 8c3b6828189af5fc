"""People who sign in with a link: it opens once, the session ends, and no other site acts in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask

from allocator.store import Database, import_tables, schema
from allocator.store.callers import Caller, Role
from allocator.store.chain import verify
from allocator.store.sessions import invite
from api.app import create_app
from api.auth import COOKIE, CSRF_HEADER
from api.settings import Settings
from tests.allocator.store.build import AREAS, DAY, NOW, REVIEWERS
from tests.databases import KINDS, an_empty


@dataclass
class At:
    """A service, its database, and the moment it takes for now."""

    app: Flask
    database: Database
    now: datetime

    def link(self, role: Role = Role.COORDINATOR, *areas: str, reviewer_id: str | None = None) -> str:
        """The path of a link that opens once."""
        with self.database.write("test", lambda: self.now) as tx:
            word, _ = invite(tx, Caller("test", role, areas, reviewer_id), timedelta(hours=24))
        return f"/invited/{word}"

    def signed_in(self, role: Role = Role.COORDINATOR, *areas: str, **more: Any) -> Any:
        """A browser of somebody who has signed in."""
        client = self.app.test_client()
        assert client.post(self.link(role, *areas, **more)).status_code == 303
        return client


@pytest.fixture(params=KINDS)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[At]:
    """A service with two areas, on each database."""
    with an_empty(request.param, tmp_path) as database, patch("api.app.warm_up"):
        schema.upgrade(database)
        with database.write("test", lambda: NOW) as tx:
            import_tables(tx, {"areas": AREAS, "reviewers": REVIEWERS}, DAY)
        found: At
        app = create_app(Settings(), lambda: found.now, database)
        found = At(app, database, NOW)
        yield found


def test_a_link_signs_in_once_and_whoever_looks_at_it_does_not_use_it_up(at: At) -> None:
    """The page has one button."""
    link, first, second = at.link(Role.COORDINATOR, "QAA"), at.app.test_client(), at.app.test_client()
    for _ in range(3):
        page = first.get(link)
        assert (page.status_code, page.mimetype) == (200, "text/html")
        assert page.text.count("<form") == 1
        assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert first.get("/v1/me").status_code == 401
    assert first.post(link).status_code == 303
    me = first.get("/v1/me").get_json()
    assert (me["role"], me["areas"]) == ("coordinator", ["QAA"])
    again = second.post(link)
    assert (again.status_code, again.get_json()["code"]) == (409, "invite-used")
    assert second.get("/v1/me").status_code == 401


@pytest.mark.parametrize("word", ["x", "rai_000000000000_" + "x" * 43, "rak_000000000000_" + "x" * 43])
def test_what_is_no_link_opens_nothing(at: At, word: str) -> None:
    """In the words for one that was used."""
    assert at.app.test_client().post(f"/invited/{word}").get_json()["code"] == "invite-used"


def test_a_link_grows_old(at: At) -> None:
    """After a day."""
    link = at.link()
    at.now += timedelta(hours=24)
    assert at.app.test_client().post(link).status_code == 409


def test_the_cookie_is_for_the_browser_alone(at: At) -> None:
    """No script reads it, no other site's form sends it, and over TLS nothing else carries it."""
    answer = at.app.test_client().post(at.link())
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    with patch("api.app.warm_up"):
        settings = Settings(public_url="https://allocator.example", trusted_hosts=())
        app = create_app(settings, lambda: at.now, at.database)
    answer = app.test_client().post(at.link())
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


def test_a_session_ends_unused_after_a_time_and_when_it_is_ended(at: At) -> None:
    """Used each half an hour it lasts; twelve hours, and no longer."""
    idle, used, out = at.signed_in(), at.signed_in(), at.signed_in()
    for _ in range(23):
        at.now += timedelta(minutes=30)
        assert used.get("/v1/me").status_code == 200
    assert idle.get("/v1/me").status_code == 401
    at.now += timedelta(minutes=30)
    assert used.get("/v1/me").status_code == 401
    at.now = NOW
    word = out.get("/v1/me").get_json()["csrf_token"]
    cookie = out.get_cookie(COOKIE).value
    assert out.post("/v1/sign-out", headers={CSRF_HEADER: word}).status_code == 200
    out.set_cookie(COOKIE, cookie)
    assert out.get("/v1/me").status_code == 401
    with at.database.read() as connection:
        assert list(verify(connection)) == []


def test_no_change_is_made_without_the_word_of_our_own_pages(at: At) -> None:
    """Another site can make a browser send the cookie, and that is all."""
    client = at.signed_in()
    word = client.get("/v1/me").get_json()["csrf_token"]
    body = {"lender": "QAA", "borrower": "QBB"}
    for headers in ({}, {CSRF_HEADER: ""}, {CSRF_HEADER: "é"}, {CSRF_HEADER: word[::-1]},
                    {CSRF_HEADER: word, "Origin": "https://elsewhere.example"},
                    {CSRF_HEADER: word, "Sec-Fetch-Site": "cross-site"}):  # fmt: skip
        answer = client.post("/v1/consents", json=body, headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "csrf"), headers
    other = at.signed_in().get("/v1/me").get_json()["csrf_token"]
    assert client.post("/v1/consents", json=body, headers={CSRF_HEADER: other}).status_code == 403
    own = {CSRF_HEADER: word, "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/v1/consents", json=body, headers=own).status_code == 201


def test_nobody_is_signed_in_by_another_sites_form(at: At) -> None:
    """Or they would work under another's name."""
    answer = at.app.test_client().post(at.link(), headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "csrf")


def test_a_session_is_of_its_role_and_areas(at: At) -> None:
    """As a key is; a key that is sent goes before the cookie, also a wrong one."""
    client = at.signed_in(Role.REVIEWER, reviewer_id="R1")
    assert client.get("/v1/audit").status_code == 403
    assert client.get("/v1/reviewers/R2").status_code == 404
    assert client.get("/v1/me", headers={"Authorization": "Bearer x"}).status_code == 401


def test_without_a_provider_there_is_none_to_sign_in_at(at: At) -> None:
    """It is said what else there is."""
    answer = at.app.test_client().get("/sign-in/begin")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "no-identity-provider")


def test_what_a_caller_cannot_be_is_not_invited(at: At) -> None:
    """An area that there is not, a reviewer without an id."""
    from allocator.errors import BadInput

    with pytest.raises(BadInput) as caught:
        at.link(Role.REVIEWER, "QZZ")
    assert [fault.code for fault in caught.value.faults] == ["unknown-area", "reviewer-needed"]
