"""`POST /v1/plans`: a snapshot in, the best checked plan that the wait allows out."""

from __future__ import annotations

import time
from datetime import date
from functools import cache

from flask import Response, request

from allocator.allocate import Allocation, allocate
from allocator.answer import answer_of, as_text
from allocator.errors import BadInput
from allocator.intake import Reading, parse_snapshot
from allocator.snapshot import snapshot_schema
from api.body import read_body
from api.clock import Clock
from api.document import Body
from api.errors import answers
from api.openapi import Answer, Operation, RequestBody
from api.query import read_query
from api.schemas import PlanAnswer, PlanQuery
from api.settings import Settings
from api.slots import Slots
from api.wait import Patience, preferred_wait

SUMMARY = "Plan who takes which case of a snapshot"


class Plans:
    """The door for plans: reads, plans within the wait, answers.

    Parameters
    ----------
    now : the present moment, in the time zone of the service's days
    """

    def __init__(self, settings: Settings, now: Clock, slots: Slots) -> None:
        self._settings = settings
        self._now = now
        self._slots = slots

    def post(self) -> Response:
        """The answer to one snapshot."""
        started = time.monotonic()
        query = read_query(PlanQuery, request.args)
        asked = preferred_wait(request.headers.get("Prefer", ""))
        wait = self._wait(asked, query)
        with self._slots.one():
            body = read_body(request, self._settings.largest_body)
            reading = read(body, self._now().date(), query.quarantine)
            allocation = self._allocate(reading, query, started, wait)
        answer = Response(as_text(answer_of(reading, allocation)), content_type="application/json")
        if asked is not None:
            answer.headers["Preference-Applied"] = f"wait={wait}"
        return answer

    def _wait(self, asked: int | None, query: PlanQuery) -> int:
        """The whole seconds to wait: as asked, else as the query implies, up to the longest."""
        limits = self._settings
        if asked is None:
            asked = limits.longest_wait if query.time_limit or query.effort else limits.default_wait
        return min(asked, limits.longest_wait)

    def _allocate(self, reading: Reading, query: PlanQuery, started: float, wait: int) -> Allocation:
        """The plan; as long as reading took is kept for checking and writing."""
        spent = time.monotonic() - started
        patience = Patience(
            started + wait - spent, request.environ.get("waitress.client_disconnected", _never)
        )
        asked = query.request(patience.seconds_left(), self._settings.workers)
        return allocate(reading, asked, self._now, lambda _: patience.plan_found(), patience.is_over)


def _never() -> bool:
    """False: a server that cannot tell has a client that is still there."""
    return False


def read(body: Body, today: date, quarantine: bool) -> Reading:
    """The snapshot in a body.

    Raises
    ------
    BadInput
        With the faults of the document and of the snapshot in it.
    """
    try:
        reading = parse_snapshot(body.document, today=today, quarantine=quarantine)
    except BadInput as error:
        raise BadInput([*body.faults, *error.faults]) from error
    if body.faults:
        raise BadInput(body.faults)
    return reading


@cache
def _body() -> RequestBody:
    return RequestBody("Snapshot", snapshot_schema())


def operation(settings: Settings, now: Clock, slots: Slots) -> Operation:
    """The call that plans a snapshot while the client waits."""
    applied = {"Preference-Applied": "the wait that was kept to, when one was asked for"}
    return Operation(
        method="POST",
        path="/v1/plans",
        name="plan",
        summary=SUMMARY,
        view=Plans(settings, now, slots).post,
        query=PlanQuery,
        headers={"Prefer": "wait=N: answer the best checked plan after N seconds (RFC 7240)"},
        body=_body(),
        answers={200: Answer("The best checked plan.", PlanAnswer, headers=applied)}
        | answers(
            s400="The body is not JSON; the place is told.",
            s413="The body is too large.",
            s415="The body is no application/json, or packed in an unknown way.",
            s422="The query or the snapshot has faults: `errors` lists each.",
            s429="Too many calls; Retry-After says when to come again.",
            s500="Our fault: the plan failed its own check, or something broke.",
            s503="As many plans are being made as can be; Retry-After says when to come again.",
        ),
    )
