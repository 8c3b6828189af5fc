"""Which host names the door answers to.

A web page elsewhere can point a name of its own at 127.0.0.1 and so reach a server on this machine from the
browser of whoever looks at it (DNS rebinding). The name it came by gives it away.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from flask import Flask, request

from api.errors import Refusal

_PORT = re.compile(r":\d+$")


def register(app: Flask, trusted: Collection[str]) -> None:
    """Nothing; the app from now on refuses requests by another name; an empty collection trusts any."""
    if not trusted:
        return

    def check() -> None:
        if _PORT.sub("", request.host).lower() not in trusted:
            raise Refusal(400, "untrusted-host", f"Call this server as {' or '.join(trusted)}.")

    app.before_request(check)
