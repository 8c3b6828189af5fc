"""Calls to the store: one way through for all of them, from who calls to the answer.

A call is of a caller whose role may make it, is one transaction, and is answered in the same words again if
it is sent again under the same Idempotency-Key. A handler gets what it needs, and says what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from flask import Response, request
from pydantic import BaseModel

from allocator.store import Connection, Database, Tx, repeats
from allocator.store.callers import Caller, Role
from allocator.store.repeats import Answered
from api.auth import Door
from api.clock import Clock
from api.desks import Desks
from api.errors import Refusal, answers
from api.once import Repeat
from api.openapi import Answer, Operation, RequestBody
from api.query import read_query
from api.sent import body_of, check_path, expected
from api.settings import Settings
from api.slots import Slots

Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True)
class Call:
    """One call, as a handler gets it.

    Parameters
    ----------
    service : whose call it is
    caller : who makes it
    connection : of the transaction that the call is
    path : what stands in the path for each name in braces
    expected : the version that If-Match asks for, 0 for a record that must not be there; None: whatever
    day : today, in the service's time zone
    prepared : what its route prepared
    """

    service: Service
    caller: Caller
    connection: Connection
    path: Mapping[str, str]
    query: Any
    body: Any
    expected: int | None
    day: date
    writing: Tx | None = None
    prepared: Any = None

    @property
    def tx(self) -> Tx:
        """The write that a call of any method but GET is."""
        assert self.writing is not None
        return self.writing


@dataclass(frozen=True)
class Reply:
    """What came of a call.

    Parameters
    ----------
    file : bytes and media type of what is answered in place of the body, by a call that only reads
    """

    body: BaseModel
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    file: tuple[bytes, str] | None = None


@dataclass(frozen=True)
class Route:
    """One call that can be made.

    Parameters
    ----------
    may : the roles that may make it
    answer : model of its answer
    statuses : of its answers when all is well
    query, body : models; None: it has none
    headers : beside Authorization, those that are heeded
    files : media types of the files that its answer may be instead
    prepare : what takes time, done before the transaction: with what it gives the call is then handled
    is_secret : whether its answer holds a secret, so that it is kept nowhere: sent again it is done again
    """

    method: Method
    path: str
    name: str
    summary: str
    may: Collection[Role]
    handle: Callable[[Call], Reply]
    answer: type[BaseModel]
    statuses: Mapping[int, str] = field(default_factory=lambda: {200: "Done."})
    query: type[BaseModel] | None = None
    body: RequestBody | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    prepare: Callable[[Call], Any] | None = None
    is_secret: bool = False

    @property
    def is_done_once(self) -> bool:
        """Whether an Idempotency-Key is heeded."""
        return self.method == "POST" and not self.is_secret


@dataclass(frozen=True)
class Service:
    """What the calls of one service share.

    Parameters
    ----------
    door : where callers come in
    slots : how many searches run at once while somebody waits
    wake : tells whoever runs jobs here that there is one
    desks : the stored queue, and the desk over it
    """

    database: Database
    settings: Settings
    now: Clock
    door: Door
    slots: Slots
    wake: Callable[[], None] = lambda: None
    desks: Desks = field(default_factory=Desks)


@dataclass(frozen=True)
class Sent:
    """What is sent with a call, however it comes in.

    Parameters
    ----------
    query : of the route's model, None where it has none
    body : the document, or the files in its place; None where the route has none
    expected : the version that is asked for; see `Call`
    repeat_key : under which the same call is done once
    asked : names the call beside its body, for that key
    """

    path: Mapping[str, str]
    query: Any = None
    body: Any = None
    expected: int | None = None
    repeat_key: str | None = None
    asked: bytes = b""


def operation(route: Route, service: Service) -> Operation:
    """The route as the app serves it and describes it."""

    def view(**path: str) -> Response:
        caller = service.door.caller(request, route.may)
        query = read_query(route.query, request.args) if route.query else None
        repeat_key = request.headers.get("Idempotency-Key") if route.is_done_once else None
        sent = Sent(
            path,
            query,
            body_of(route.body, service.settings.largest_body),
            expected(),
            repeat_key,
            request.full_path.encode(),
        )
        return answered(route, service, caller, sent)

    again = {"Idempotency-Key": "the same call under the same key is done once"}
    return Operation(
        method=route.method,
        path=route.path,
        name=route.name,
        summary=route.summary,
        view=view,
        query=route.query,
        body=route.body,
        headers={**route.headers, **(again if route.is_done_once else {})},
        roles=tuple(sorted(route.may)),
        answers=_answers(route),
    )


def answered(route: Route, service: Service, caller: Caller, sent: Sent) -> Response:
    """The answer to a call of somebody who may make it, done in one transaction.

    Raises
    ------
    Refusal, BadInput, Refused, Unavailable
        As the route says; nothing is done then.
    """
    check_path(sent.path)
    day, prepared, repeat = (
        service.now().date(),
        None,
        Repeat.of(caller.actor, sent.repeat_key, sent.asked, sent.body),
    )
    told = (sent.path, sent.query, sent.body, sent.expected, day)
    if route.prepare is not None:
        with service.database.read() as connection:
            before = repeat and repeat.answered(connection)
            if before:
                return _again(before)
            prepared = route.prepare(Call(service, caller, connection, *told))
    with _transaction(route, service, caller) as (connection, tx):
        call = Call(service, caller, connection, *told, writing=tx, prepared=prepared)
        return _plainly(route, call) if repeat is None else _once(route, call, repeat)


def _answers(route: Route) -> dict[int, Answer]:
    """Every answer that a call may give."""
    fine = {status: Answer(says, route.answer, files=route.files) for status, says in route.statuses.items()}
    return fine | answers(
        s400="A header, or the body, cannot be read.",
        s401="Nobody calls: there is no key, token or session, or none that counts.",
        s403="The caller's role or areas do not allow it, or another site's page sent it.",
        s404="There is no such record, or not for this caller.",
        s409="It does not fit what is there now; `code` says why, `errors` lists what is in the way.",
        s412="The record is at another version than If-Match says.",
        s413="The body is too large.",
        s415="The body is of another media type than the call takes, or packed in an unknown way.",
        s422="What was sent has faults: `errors` lists each.",
        s429="The caller calls too often; Retry-After says when to come again.",
        s500="Our fault: something broke.",
        s503="The database is busy, or cannot be reached; Retry-After says when to come again.",
    )


def not_there(kind: str, record_id: str) -> Refusal:
    """The refusal of a record that there is not, or that is none of the caller's: nobody can tell which."""
    return Refusal(404, "not-found", f"There is no {record_id} among the {kind}.")


def number_of(text: str) -> int:
    """The store's own number in a path; −1, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def etag(version: int) -> dict[str, str]:
    """The header that names a record's version."""
    return {"ETag": f'"{version}"'}


@contextmanager
def _transaction(route: Route, service: Service, caller: Caller) -> Iterator[tuple[Connection, Tx | None]]:
    if route.method == "GET":
        with service.database.read() as connection:
            yield connection, None
        return
    with service.database.write(caller.actor, service.now) as tx:
        yield tx.connection, tx


def _plainly(route: Route, call: Call) -> Response:
    reply = route.handle(call)
    if reply.file is not None:
        content, kind = reply.file
        return Response(content, reply.status, headers=dict(reply.headers), content_type=kind)
    return _response(*_told(reply))


def _once(route: Route, call: Call, repeat: Repeat) -> Response:
    """The answer: a call that is sent again is not done again."""
    before = repeat.answered(call.connection)
    if before is None:
        before = Answered(repeat.asked, *_told(route.handle(call)))
        repeats.keep(call.tx, repeat.key, before)
    return _again(before)


def _again(before: Answered) -> Response:
    return _response(before.status, before.headers, before.body)


def _told(reply: Reply) -> tuple[int, Mapping[str, str], str]:
    return reply.status, reply.headers, reply.body.model_dump_json()


def _response(status: int, headers: Mapping[str, str], body: str) -> Response:
    return Response(body, status, headers=dict(headers), content_type="application/json")
