"""Every refusal and failure as RFC 9457 problem details, mapped in this one place."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from flask import Flask, Response, current_app, g, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import HTTPException

from allocator.errors import BadInput, Fault, InternalFault, NoPlan, Refused, Unavailable, Unknown
from api.logs import places_of
from api.openapi import Answer

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 5
MOST_FAULTS = 10_000
"""Nobody mends more at once, and an answer with all of a broken file's would be larger than the file."""
PROBLEM_PAGE = "problem-page"
"""Where an app with pages says how a problem is shown as one."""
FOR_PROGRAMS = ("/v1/", "/health/", "/metrics", "/openapi.json")
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


def not_yet(parameter: str) -> Refusal:
    """The refusal of what is asked for as known on a day that has not begun."""
    detail = f"{parameter}: a day that has begun; nobody knows what will be known later."
    return Refusal(422, "not-yet", detail)


def busy(code: str, detail: str) -> Refusal:
    """The refusal of a door that can do it later: 503 with Retry-After."""
    return Refusal(503, code, detail, headers={"Retry-After": str(RETRY_SECONDS)})


def answers(**sentences: str) -> dict[int, Answer]:
    """The problem answers of an operation, from `s404="why"` pairs, for its description."""
    return {
        int(status.removeprefix("s")): Answer(sentence, Problem, PROBLEM_JSON)
        for status, sentence in sentences.items()
    }


@dataclass(frozen=True)
class Told:
    """What is answered to a failure: the problem, and headers of its own."""

    problem: Problem
    headers: Sequence[tuple[str, str]] = ()


def register(app: Flask) -> None:
    """Nothing; every exception of the app is from now on answered as a problem."""
    for kind in KINDS:
        app.register_error_handler(kind, _answer)


def problem_json(status: int, code: str, detail: str, request_id: str, **more: object) -> str:
    """The JSON text of one problem."""
    return _problem(status, code, detail, request_id, **more).model_dump_json(exclude_none=True)


def problem_of(error: Exception) -> Told:
    """What an exception is answered with."""
    return next(tell(error) for kind, tell in KINDS.items() if isinstance(error, kind))


def _problem(status: int, code: str, detail: str, request_id: str, **more: object) -> Problem:
    title = HTTPStatus(status).phrase
    return Problem.model_validate(
        {"title": title, "status": status, "detail": detail, "code": code, "request_id": request_id, **more}
    )


def _answer(error: Exception) -> Response:
    """The problem: as a page where one is looked at, else as what programs read."""
    told = problem_of(error)
    show: Callable[[Problem], Response] | None = current_app.extensions.get(PROBLEM_PAGE)
    if show is not None and wants_page():
        answer = show(told.problem)
    else:
        text = told.problem.model_dump_json(exclude_none=True)
        answer = Response(text, told.problem.status, content_type=PROBLEM_JSON)
    answer.headers.extend(told.headers)
    return answer


def wants_page() -> bool:
    """Whether a browser asks, and not for what is there for programs."""
    best = request.accept_mimetypes.best_match(("application/json", "text/html"), "application/json")
    return best == "text/html" and not request.path.startswith(FOR_PROGRAMS)


def _told(status: int, code: str, detail: str, **more: object) -> Told:
    return Told(_problem(status, code, detail, g.request_id, **more))


def _refusal(error: Refusal) -> Told:
    more = {"errors": error.faults} if error.faults else {}
    found = _told(error.status, error.code, error.detail, **more)
    return Told(found.problem, tuple(error.headers.items()))


def _bad_input(error: BadInput) -> Told:
    n_faults = len(error.faults)
    counted = f"{n_faults} fault{'s' * (n_faults != 1)}"
    detail = f"There {'is' if n_faults == 1 else 'are'} {counted}; nothing was done. Mend each of `errors`."
    if n_faults > MOST_FAULTS:
        detail = f"There are {counted}, of which `errors` has the first {MOST_FAULTS:,}; nothing was done."
    return _told(422, "bad-input", detail, errors=error.faults[:MOST_FAULTS])


def _internal_fault(error: InternalFault) -> Told:
    told = {"digest": error.digest, "findings": len(error.findings), "request_id": g.request_id}
    log.error("internal-fault", extra=told)
    detail = "The plan failed its own check and is withheld. Report snapshot_digest and request_id."
    return _told(500, "internal-fault", detail, snapshot_digest=error.digest)


def _no_plan(_: NoPlan) -> Told:
    return _refusal(busy("no-plan", "Planning was stopped before there was any plan. Send it again."))


def _refused(error: Refused) -> Told:
    status = 404 if isinstance(error, Unknown) else 412 if error.code == "changed-since" else 409
    detail = f"{error}. Nothing was done."
    return _refusal(Refusal(status, error.code, detail, faults=error.details))


def _unavailable(error: Unavailable) -> Told:
    """503; the log gets why, and the answer no address of the database."""
    log.error(error.code, extra={"why": str(error), "request_id": g.request_id})
    return _refusal(
        busy(error.code, "The database is busy or cannot be reached. Nothing was done; send it again.")
    )


def _http(error: HTTPException) -> Told:
    status = error.code or 500
    code = CODES.get(status, "http-error")
    sentence = SENTENCES.get(status) or error.description or HTTPStatus(status).phrase
    kept = tuple((name, value) for name, value in error.get_headers() if name.lower() != "content-type")
    return Told(_told(status, code, sentence).problem, kept)


def _unexpected(error: Exception) -> Told:
    """500; the log gets the place but not the message, which could quote a case."""
    told = {"error": type(error).__name__, "places": places_of(error), "request_id": g.request_id}
    log.error("internal-error", extra=told)
    detail = "Something failed that should not have. Nothing was done. Report request_id."
    return _told(500, "internal-error", detail)


KINDS: Mapping[type[Exception], Callable[[Any], Told]] = {
    Refusal: _refusal,
    BadInput: _bad_input,
    InternalFault: _internal_fault,
    NoPlan: _no_plan,
    Refused: _refused,
    Unavailable: _unavailable,
    HTTPException: _http,
    Exception: _unexpected,
}
"""Who tells of which exception; the first that fits."""
