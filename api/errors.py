"""Every refusal and failure as RFC 9457 problem details, mapped in this one place."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from flask import Flask, Response, g
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import HTTPException

from allocator.errors import BadInput, Fault, InternalFault, NoPlan, Refused, Unavailable, Unknown
from api.logs import places_of
from api.openapi import Answer

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 5
MOST_FAULTS = 10_000
"""Nobody mends more at once, and an answer with all of a broken file's would be larger than the file."""
log = logging.getLogger("api.errors")

CODES: Mapping[int, str] = {
    400: "bad-request",
    404: "not-found",
    401: "no-key",
    403: "not-allowed",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    429: "too-many-calls",
    503: "busy",
}
SENTENCES: Mapping[int, str] = {
    404: "Nothing is at this path. POST /v1/plans plans a snapshot; /openapi.json describes every path.",
}


class Problem(BaseModel):
    """RFC 9457 problem details; `code` is the stable name of what went wrong."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: tuple[Fault, ...] | None = Field(default=None, description="one entry a fault")
    snapshot_digest: str | None = Field(default=None, description="names the input of an internal fault")


class Refusal(Exception):  # noqa: N818 - it is often the client's fault, not ours
    """An answer that is no success: its status, its stable code and a sentence that says what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        faults: tuple[Fault, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.faults = faults
        self.headers = dict(headers or {})


def busy(code: str, detail: str) -> Refusal:
    """The refusal of a door that can do it later: 503 with Retry-After."""
    return Refusal(503, code, detail, headers={"Retry-After": str(RETRY_SECONDS)})


def answers(**sentences: str) -> dict[int, Answer]:
    """The problem answers of an operation, from `s404="why"` pairs, for its description."""
    return {
        int(status.removeprefix("s")): Answer(sentence, Problem, PROBLEM_JSON)
        for status, sentence in sentences.items()
    }


def register(app: Flask) -> None:
    """Nothing; every exception of the app is from now on answered as a problem."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(BadInput, _bad_input)
    app.register_error_handler(InternalFault, _internal_fault)
    app.register_error_handler(NoPlan, _no_plan)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def problem_json(status: int, code: str, detail: str, request_id: str, **more: object) -> str:
    """The JSON text of one problem."""
    title = HTTPStatus(status).phrase
    found = Problem.model_validate(
        {"title": title, "status": status, "detail": detail, "code": code, "request_id": request_id, **more}
    )
    return found.model_dump_json(exclude_none=True)


def _answer(status: int, code: str, detail: str, **more: object) -> Response:
    text = problem_json(status, code, detail, g.request_id, **more)
    return Response(text, status, content_type=PROBLEM_JSON)


def _refusal(error: Refusal) -> Response:
    more = {"errors": error.faults} if error.faults else {}
    answer = _answer(error.status, error.code, error.detail, **more)
    answer.headers.update(error.headers)
    return answer


def _bad_input(error: BadInput) -> Response:
    n_faults = len(error.faults)
    counted = f"{n_faults} fault{'s' * (n_faults != 1)}"
    detail = f"There {'is' if n_faults == 1 else 'are'} {counted}; nothing was done. Mend each of `errors`."
    if n_faults > MOST_FAULTS:
        detail = f"There are {counted}, of which `errors` has the first {MOST_FAULTS:,}; nothing was done."
    return _answer(422, "bad-input", detail, errors=error.faults[:MOST_FAULTS])


def _internal_fault(error: InternalFault) -> Response:
    told = {"digest": error.digest, "findings": len(error.findings), "request_id": g.request_id}
    log.error("internal-fault", extra=told)
    detail = "The plan failed its own check and is withheld. Report snapshot_digest and request_id."
    return _answer(500, "internal-fault", detail, snapshot_digest=error.digest)


def _no_plan(_: NoPlan) -> Response:
    return _refusal(busy("no-plan", "Planning was stopped before there was any plan. Send it again."))


def _refused(error: Refused) -> Response:
    status = 404 if isinstance(error, Unknown) else 412 if error.code == "changed-since" else 409
    detail = f"{error}. Nothing was done."
    return _refusal(Refusal(status, error.code, detail, faults=error.details))


def _unavailable(error: Unavailable) -> Response:
    """503; the log gets why, and the answer no address of the database."""
    log.error(error.code, extra={"why": str(error), "request_id": g.request_id})
    return _refusal(
        busy(error.code, "The database is busy or cannot be reached. Nothing was done; send it again.")
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    code = CODES.get(status, "http-error")
    sentence = SENTENCES.get(status) or error.description or HTTPStatus(status).phrase
    answer = _answer(status, code, sentence)
    kept = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    answer.headers.extend(kept)
    return answer


def _unexpected(error: Exception) -> Response:
    """500; the log gets the place but not the message, which could quote a case."""
    told = {"error": type(error).__name__, "places": places_of(error), "request_id": g.request_id}
    log.error("internal-error", extra=told)
    detail = "Something failed that should not have. Nothing was done. Report request_id."
    return _answer(500, "internal-error", detail)
