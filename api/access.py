"""One line of log for each request, its X-Request-Id, and the headers every answer carries.

No line holds anything of a case: the path is the route's, never what was typed, and queries are left out.
"""

from __future__ import annotations

import logging
import re
import time
import uuid

from flask import Flask, Response, g, request

from api.metrics import Metrics

log = logging.getLogger("api.access")

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
TLS = {"Strict-Transport-Security": "max-age=31536000"}
_SOUND_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def register(app: Flask, metrics: Metrics, is_secure: bool) -> None:
    """Nothing; the app from now on names, times, counts and logs each request."""
    headers = HEADERS | TLS if is_secure else HEADERS

    def close(answer: Response) -> Response:
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        answer.headers["X-Request-Id"] = g.request_id
        _tell(answer, metrics)
        return answer

    app.before_request(_open)
    app.after_request(close)


def request_id(sent: str | None) -> str:
    """The id that the client sent if it is a plain word of at most 64 characters, else a new one."""
    return sent if sent and _SOUND_ID.fullmatch(sent) else uuid.uuid4().hex


def _open() -> None:
    g.started = time.monotonic()
    g.request_id = request_id(request.headers.get("X-Request-Id"))


def _tell(answer: Response, metrics: Metrics) -> None:
    method, route = (request.method, request.url_rule.rule) if request.url_rule else ("-", "-")
    seconds = time.monotonic() - g.started
    metrics.count(method, route, answer.status_code, seconds)
    line = {
        "method": method,
        "route": route,
        "status": answer.status_code,
        "milliseconds": round(1000 * seconds),
        "bytes_in": request.content_length or 0,
        "request_id": g.request_id,
    }
    log.info("call", extra=line)
