"""People and programs that an identity provider vouches for: OpenID Connect, by code flow or bearer token.

Who somebody is stands in three claims of the token: role, areas, and of a reviewer their id. What is kept of
the person is a digest of the provider's own id for them, so that the audit tells two people apart and names
neither.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from allocator.store.callers import Caller, Role
from allocator.store.kinds import KINDS
from allocator.store.sessions import Begun
from api.errors import Refusal, busy
from api.settings import Settings

BACK = "/signed-in"
"""Where the provider sends people back to."""
ALGORITHMS: Final = ["RS256", "PS256", "ES256"]
"""A signature that only the provider can make; one made with a shared secret is none."""
KEPT_SECONDS, ASKED_AGAIN_SECONDS, TIMEOUT_SECONDS, LEEWAY_SECONDS = 3600.0, 60.0, 5.0, 60
EVERYWHERE = "*"
Claims = Mapping[str, Any]
T = TypeVar("T")


@dataclass
class _Kept:
    """What the provider said last, and when it may be asked again."""

    value: Any = None
    read_at: float = -KEPT_SECONDS


class Provider:
    """One identity provider.

    Parameters
    ----------
    now : seconds since 1970, by which a token has expired
    clock : seconds that never go back, by which what the provider said grows old
    """

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        assert settings.oidc_issuer is not None
        self._settings, self._issuer = settings, settings.oidc_issuer
        self._now, self._clock = now, clock
        self._lock = threading.Lock()
        self._metadata, self._keys = _Kept(), _Kept()

    def begin(self, state: str, begun: Begun) -> str:
        """The address at the provider where somebody signs in.

        Raises
        ------
        Refusal
            503 when the provider cannot be reached.
        """
        where = self._said()["authorization_endpoint"]
        with self._session() as session:
            more = {"code_verifier": begun.verifier, "nonce": begun.nonce}
            address, _ = session.create_authorization_url(where, state=state, **more)
        return str(address)

    def finish(self, code: str, begun: Begun) -> Caller:
        """Who came back with a code.

        Raises
        ------
        Refusal
            401 for a code that is none, 403 for somebody who is nobody here, 503 without the provider.
        """
        where = self._said()["token_endpoint"]
        try:
            with self._session() as session:
                answer = _asked(
                    lambda: session.fetch_token(
                        where, code=code, code_verifier=begun.verifier, timeout=TIMEOUT_SECONDS
                    )
                )
        except OAuthError as error:
            raise _refused("The identity provider does not know this sign-in.") from error
        claims = self._claims(
            str(answer.get("id_token", "")),
            aud={"essential": True, "value": self._settings.oidc_client_id},
            nonce={"essential": True, "value": begun.nonce},
        )
        return self._caller(claims)

    def bearer(self, token: str) -> Caller | None:
        """Who calls with a bearer token; None where it is none that counts.

        Raises
        ------
        Refusal
            403 for somebody who is nobody here, 503 when the provider cannot be reached.
        """
        audience = self._settings.oidc_audience
        if audience is None or token.count(".") != 2:
            return None
        try:
            claims = self._claims(token, aud={"essential": True, "value": audience})
        except Refusal as error:
            if error.status == 401:
                return None
            raise
        return self._caller(claims)

    def _claims(self, token: str, **asked: Any) -> Claims:
        """What a token says, which the provider has signed and which still counts."""
        registry = jwt.JWTClaimsRegistry(
            now=int(self._now()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            sub={"essential": True},
            exp={"essential": True},
            **asked,
        )
        try:
            claims = self._decoded(token).claims
            registry.validate(claims)
        except (JoseError, ValueError) as error:
            raise _refused("The token is not the identity provider's, or counts no more.") from error
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._signers(), algorithms=ALGORITHMS)
        except (InvalidKeyIdError, ValueError):  # perhaps it has a new key
            return jwt.decode(token, self._signers(anew=True), algorithms=ALGORITHMS)

    def _caller(self, claims: Claims) -> Caller:
        settings = self._settings
        role, areas = claims.get(settings.oidc_role_claim), claims.get(settings.oidc_areas_claim)
        listed = areas.replace(",", " ").split() if isinstance(areas, str) else areas
        reviewer_id = claims.get(settings.oidc_reviewer_claim)
        is_reviewer = role == Role.REVIEWER
        known = isinstance(listed, list) and listed and all(isinstance(one, str) for one in listed)
        if (
            role not in list(Role)
            or not (known or is_reviewer)
            or (is_reviewer and not isinstance(reviewer_id, str))
        ):
            names = f"{settings.oidc_role_claim}, {settings.oidc_areas_claim}"
            raise Refusal(
                403, "nobody-here", f"The identity provider gives this account no part here: {names}."
            )
        everywhere = not known or EVERYWHERE in (listed or ())
        return Caller(
            actor=f"person:{_digest(self._issuer, str(claims['sub']))}",
            role=Role(role),
            areas=() if everywhere else tuple(KINDS["areas"].written(one) for one in listed or ()),
            reviewer_id=str(reviewer_id) if is_reviewer else None,
        )

    def _said(self) -> Claims:
        """What the provider says of itself."""
        address = f"{self._issuer}/.well-known/openid-configuration"
        found: Claims = self._read(self._metadata, address, KEPT_SECONDS)
        if found.get("issuer") != self._issuer:
            raise busy("sign-in-unavailable", "The identity provider says that it is another.")
        return found

    def _signers(self, anew: bool = False) -> KeySet:
        address = str(self._said()["jwks_uri"])
        found = self._read(self._keys, address, ASKED_AGAIN_SECONDS if anew else KEPT_SECONDS)
        return KeySet.import_key_set(found)

    def _read(self, kept: _Kept, address: str, most_seconds: float) -> Any:
        with self._lock:
            if self._clock() - kept.read_at > most_seconds or kept.value is None:
                answer = _asked(lambda: requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False))
                kept.value, kept.read_at = _document(answer), self._clock()
            return kept.value

    def _session(self) -> OAuth2Session:
        secret = self._settings.oidc_client_secret
        return OAuth2Session(
            self._settings.oidc_client_id,
            secret.get_secret_value() if secret else None,
            scope=self._settings.oidc_scope,
            redirect_uri=f"{self._settings.public_url}{BACK}",
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
        )


def provider_of(settings: Settings) -> Provider | None:
    """The identity provider that is set, if one is."""
    return Provider(settings) if settings.oidc_issuer else None


def _asked(question: Callable[[], T]) -> T:
    try:
        return question()
    except requests.RequestException as error:
        raise busy("sign-in-unavailable", "The identity provider cannot be reached.") from error


def _document(answer: requests.Response) -> Claims:
    try:
        found = answer.json() if answer.ok else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise busy("sign-in-unavailable", "The identity provider answers with something else.")
    return found


def _refused(detail: str) -> Refusal:
    return Refusal(401, "no-key", detail, headers={"WWW-Authenticate": "Bearer"})


def _digest(issuer: str, subject: str) -> str:
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()[:32]
