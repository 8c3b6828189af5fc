"""Signing in at an identity provider, and its bearer tokens: who may, and everything that is not one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask

from allocator.store import Database, schema
from api.app import create_app
from api.auth import COOKIE
from api.settings import Settings
from api.signing import STATE
from tests.allocator.store.build import NOW
from tests.api.provider import CLIENT, KEYS, SECRET, Provider, provided

URL = "http://localhost"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """An identity provider."""
    with provided() as found:
        yield found


@pytest.fixture
def app(provider: Provider, tmp_path: Path) -> Flask:
    """A service whose people sign in there."""
    provider.claims, provider.key = {"sub": "u-1", "role": "coordinator", "areas": ["QAA"]}, KEYS[0]
    database = Database(str(tmp_path / "store.db"))
    schema.upgrade(database)
    return app_at(provider.issuer, database)


def app_at(issuer: str, database: Database) -> Flask:
    """A service whose people sign in at an address."""
    settings = Settings(
        public_url=URL,
        oidc_issuer=issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_audience="allocator-api",
    )
    with patch("api.app.warm_up"):
        return create_app(settings, lambda: NOW, database)


def sent_to_sign_in(client: Any) -> tuple[str, dict[str, str]]:
    """Where a browser is sent, and what it comes back with once the provider has let it in."""
    answer = client.get("/sign-in/begin")
    assert answer.status_code == 303
    back = requests.get(answer.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    assert back.startswith(f"{URL}/signed-in?")
    return back.removeprefix(URL), dict(part.split("=") for part in urlsplit(back).query.split("&"))


def test_who_signs_in_is_who_the_provider_says(app: Flask) -> None:
    """Role and areas of its claims; in the audit a digest, and no name."""
    client = app.test_client()
    back, _ = sent_to_sign_in(client)
    answer = client.get(back)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    me = client.get("/v1/me").get_json()
    assert (me["role"], me["areas"], me["reviewer_id"]) == ("coordinator", ["QAA"], None)
    assert me["actor"].startswith("person:")
    assert "u-1" not in me["actor"]


def test_a_sign_in_ends_once(app: Flask) -> None:
    """The same code and state again are nothing; nor is a state of another browser, or of none."""
    client = app.test_client()
    back, sent = sent_to_sign_in(client)
    other = app.test_client()
    assert other.get(back).get_json()["code"] == "no-sign-in"
    other.set_cookie(STATE, "guess")
    assert other.get(back).get_json()["code"] == "no-sign-in"
    assert client.get(back).status_code == 303
    client.set_cookie(STATE, sent["state"])
    assert client.get(back).get_json()["code"] == "no-sign-in"
    assert client.get("/signed-in").get_json()["code"] == "no-sign-in"


@pytest.mark.parametrize(("change", "status"), [("code=guess", 401), ("error=access_denied", 403)])
def test_without_the_providers_code_nobody_comes_in(app: Flask, change: str, status: int) -> None:
    """Whatever else is right."""
    client = app.test_client()
    _, sent = sent_to_sign_in(client)
    assert client.get(f"/signed-in?{change}&state={sent['state']}").status_code == status
    assert client.get_cookie(COOKIE) is None


@pytest.mark.parametrize("claims", [
    {"role": None}, {"role": "king"}, {"areas": None}, {"areas": []}, {"areas": [7]}, {"role": "reviewer"},
])  # fmt: skip
def test_who_has_no_part_here_is_told_so(app: Flask, provider: Provider, claims: dict[str, Any]) -> None:
    """No areas are not all areas; a reviewer must be one of the reviewers."""
    provider.claims |= claims
    client = app.test_client()
    back, _ = sent_to_sign_in(client)
    answer = client.get(back)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "nobody-here")


@pytest.mark.parametrize(("claims", "areas", "reviewer_id"), [
    ({"areas": "*"}, [], None),
    ({"areas": "qaa, QBB"}, ["QAA", "QBB"], None),
    ({"role": "reviewer", "reviewer_id": "R1", "areas": None}, [], "R1"),
])  # fmt: skip
def test_claims_are_read_as_lists_and_as_words(
    app: Flask, provider: Provider, claims: dict[str, Any], areas: list[str], reviewer_id: str | None
) -> None:
    """A star is everywhere."""
    provider.claims |= claims
    me = asked(app, provider.token("allocator-api")).get_json()
    assert (me["areas"], me["reviewer_id"]) == (areas, reviewer_id)


def asked(app: Flask, token: str) -> Any:
    """Who a service says that a token is."""
    return app.test_client().get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def test_a_bearer_token_is_for_this_service_and_of_now(app: Flask, provider: Provider) -> None:
    """Not one for another audience, of another issuer, expired, without an end, or of nobody."""
    good = provider.token("allocator-api")
    assert asked(app, good).status_code == 200
    past = int(time.time()) - 3600
    for bad in (
        {"audience": CLIENT},
        {"iss": "https://elsewhere.example"},
        {"exp": past},
        {"exp": None},
        {"sub": None},
    ):
        assert asked(app, provider.token(**({"audience": "allocator-api"} | bad))).status_code == 401, bad
    head, body, signature = good.split(".")
    for broken in (
        f"{head}.{body}.",
        f"{head}.{body}.{signature[::-1]}",
        f"{head}.{body}",
        "a.b.c",
        "..",
        f"e30.{body}.{signature}",
    ):
        assert asked(app, broken).status_code == 401, broken


def test_a_token_signed_with_what_everybody_knows_is_none(app: Flask, provider: Provider) -> None:
    """The public key as a shared secret, and no signature at all."""
    _, body, _ = provider.token("allocator-api").split(".")
    said = (
        base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"' + provider.key.kid.encode() + b'"}')
        .rstrip(b"=")
        .decode()
    )
    public = provider.key.as_pem(private=False)
    signature = hmac.new(public, f"{said}.{body}".encode(), hashlib.sha256).digest()
    forged = f"{said}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    assert asked(app, forged).status_code == 401
    unsigned = "eyJhbGciOiJub25lIn0." + body + "."
    assert asked(app, unsigned).status_code == 401


def test_a_new_key_of_the_provider_is_asked_for_and_not_too_often(app: Flask, provider: Provider) -> None:
    """Nor does whoever sends tokens of made-up keys make it ask again and again."""
    assert asked(app, provider.token("allocator-api")).status_code == 200
    provider.key = KEYS[1]
    with patch("api.identity.ASKED_AGAIN_SECONDS", 0.0):
        assert asked(app, provider.token("allocator-api")).status_code == 200
    before = provider.reads
    provider.key = KEYS[0]
    for _ in range(5):
        assert asked(app, provider.token("allocator-api")).status_code == 401
    assert provider.reads == before


def test_without_the_provider_keys_still_count(tmp_path: Path) -> None:
    """Who signs in is told to come again: 503."""
    database = Database(str(tmp_path / "store.db"))
    schema.upgrade(database)
    client = app_at("http://127.0.0.1:9", database).test_client()
    answer = client.get("/sign-in/begin")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "sign-in-unavailable")
    assert client.get("/v1/me", headers={"Authorization": "Bearer a.b.c"}).status_code == 503
    assert client.get("/v1/me", headers={"Authorization": "Bearer x"}).status_code == 401
