"""An identity provider of the tests' own, over a real connection: of OpenID Connect what is asked for."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "allocator", "a secret of the tests"
KEYS = [RSAKey.generate_key(2048, {"kid": f"key-{n}", "use": "sig"}, private=True) for n in range(2)]


class Provider:
    """Who says who somebody is.

    Parameters
    ----------
    claims : what its tokens say beside what they must
    issuer : where it is
    """

    def __init__(self, issuer: str = "") -> None:
        self.issuer, self.claims = issuer, {"sub": "u-1", "role": "coordinator", "areas": ["QAA"]}
        self.key, self.nonce, self.challenge = KEYS[0], "", ""
        self.reads = 0
        self.app = Flask("provider")
        self.app.add_url_rule("/.well-known/openid-configuration", "about", self._about)
        self.app.add_url_rule("/keys", "keys", self._keys)
        self.app.add_url_rule("/authorize", "authorize", self._authorize)
        self.app.add_url_rule("/token", "token", self._token, methods=["POST"])

    def token(self, audience: str = CLIENT, **more: Any) -> str:
        """A token that it signs."""
        now = int(time.time())
        said = {"iss": self.issuer, "aud": audience, "exp": now + 300, "iat": now, **self.claims, **more}
        claims = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def _about(self) -> Response:
        where = {
            f"{name}_endpoint": f"{self.issuer}/{path}"
            for name, path in (("authorization", "authorize"), ("token", "token"))
        }
        return jsonify({"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **where})

    def _keys(self) -> Response:
        self.reads += 1
        return jsonify({"keys": [self.key.as_dict(private=False)]})

    def _authorize(self) -> Any:
        self.nonce, self.challenge = request.args["nonce"], request.args["code_challenge"]
        assert request.args["code_challenge_method"] == "S256"
        return redirect(f"{request.args['redirect_uri']}?code=the-code&state={request.args['state']}")

    def _token(self) -> Any:
        sent = request.form
        made = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=")
        who = request.authorization
        is_client = who is not None and (who.username, who.password) == (CLIENT, SECRET)
        if sent["code"] != "the-code" or made.decode() != self.challenge or not is_client:
            return jsonify({"error": "invalid_grant"}), 400
        return jsonify(
            {"access_token": "x", "token_type": "Bearer", "id_token": self.token(nonce=self.nonce)}
        )


@contextmanager
def provided() -> Iterator[Provider]:
    """A provider that answers for as long as a test lasts."""
    found = Provider()
    server = make_server("127.0.0.1", 0, found.app, threaded=True)
    found.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
