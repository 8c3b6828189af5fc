"""gunicorn's worker that answers what the server itself refuses as the service does: a problem, a 4xx."""

from __future__ import annotations

import logging
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors  # type: ignore[import-untyped,unused-ignore]
from gunicorn.util import write_nonblock  # type: ignore[import-untyped,unused-ignore]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped,unused-ignore]

from api.access import HEADERS, request_id
from api.errors import CODES, PROBLEM_JSON, problem_json

OURS = (errors.ConfigurationProblem, errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)
"""What is no fault of the client's."""
STATUS = {errors.LimitRequestLine: 414, errors.LimitRequestHeaders: 431, errors.ExpectationFailed: 417}
"""Of what is refused with another status than 400."""
log = logging.getLogger("api.serve")


class Worker(ThreadWorker):  # type: ignore[misc,unused-ignore]
    """gunicorn's worker of threads, with the service's own refusals."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Nothing; the client is told why nothing was made of what it sent, unless it is gone."""
        if not isinstance(exc, errors.ParseException) or isinstance(exc, OURS):
            super().handle_error(req, client, addr, exc)
            return
        status = next((number for kind, number in STATUS.items() if isinstance(exc, kind)), 400)
        log.info("refused", extra={"status": status, "why": type(exc).__name__})
        with suppress(OSError):
            write_nonblock(client, refusal(status))


def refusal(status: int) -> bytes:
    """The whole answer, head and body."""
    name = request_id(None)
    detail = f"{HTTPStatus(status).phrase}: this is no HTTP request that the server can read."
    body = problem_json(status, CODES.get(status, "http-error"), detail, name).encode()
    headers = {
        **HEADERS,
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Type": PROBLEM_JSON,
        "X-Request-Id": name,
    }
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
