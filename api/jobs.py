"""Calls for plans that take their time: asked for, watched, stopped with the best so far kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import request
from pydantic import BaseModel, ConfigDict, Field, JsonValue, RootModel

from allocator.errors import BadInput, Fault
from allocator.jobs.work import Options
from allocator.store import jobs, leasing, plans, records
from allocator.store.jobs import Job, Wish
from api.auth import is_somebody
from api.calls import Call, Reply, Route, Service, not_there
from api.errors import Refusal
from api.jobtold import JobAnswer
from api.openapi import Answer, Operation, RequestBody
from api.patient import patient
from api.plans import SUMMARY
from api.questions import SNAPSHOT, read_model
from api.roles import STAFF_AND_SYSTEMS
from api.schemas import PlanAnswer
from api.scope import covers_all, other_area, reader, sees_plan
from api.stored import Area, Body

Document = dict[str, JsonValue]


class PlanWish(Options):
    """A plan that is wanted: of the queue that is kept, or of a snapshot that is sent."""

    areas: tuple[Area, ...] = Field(
        default=(), max_length=1_000, description="Plan what waits in these; empty: in all of the caller's"
    )
    snapshot: Document | None = Field(default=None, description="Plan this; empty: the queue that is kept")


class Jobs(Body):
    """Some jobs, the newest first."""

    items: tuple[JobAnswer, ...]


class PlansAnswer(RootModel[PlanAnswer | JobAnswer]):
    """Without a key the plan of the snapshot that was sent; with one how far the plan is."""


class Newest(BaseModel):
    """How many."""

    model_config = ConfigDict(frozen=True)

    limit: int = Field(default=20, ge=1, le=100, description="so many at most")


def routes() -> tuple[Route, ...]:
    """The calls about jobs; `ask` is the one that makes them."""
    one = "/v1/jobs/{job}"
    return (
        Route("GET", "/v1/jobs", "jobs", "The plans asked for last, and how far each is", STAFF_AND_SYSTEMS,
              _list, Jobs, query=Newest),
        Route("GET", one, "job", "How far a plan is: its best so far, and bound", STAFF_AND_SYSTEMS, _got,
              JobAnswer),
        Route("DELETE", one, "stop-job", "Stop a search and keep its best plan", STAFF_AND_SYSTEMS, _stop,
              JobAnswer),
        Route("GET", f"{one}/answer", "job-answer", "The plan of a snapshot that was sent",
              STAFF_AND_SYSTEMS, _answer, PlanAnswer),
    )  # fmt: skip


def ask(service: Service, plain: Operation) -> Operation:
    """`POST /v1/plans`: without a key as it is in `plain`, with one a job.

    A client that prefers to wait is answered once the plan is there, or with how far it is.
    """
    keyed = patient(service, asking())

    def view(**path: str) -> Any:
        return keyed.view(**path) if is_somebody(request) else plain.view(**path)

    headers = {**plain.answers[200].headers, "Location": "with a key or a session: where to look"}
    return Operation(
        method="POST",
        path=plain.path,
        name=plain.name,
        summary=plain.summary,
        view=view,
        answers={**plain.answers, **keyed.answers, 200: Answer("The plan.", PlansAnswer, headers=headers)},
        query=plain.query,
        body=keyed.body,
        headers={**keyed.headers, **plain.headers},
        optional_roles=tuple(sorted(STAFF_AND_SYSTEMS)),
    )


def asking() -> Route:
    """The call that asks for a plan, of somebody with a key or a session."""
    return Route(
        "POST", "/v1/plans", "plan", SUMMARY, STAFF_AND_SYSTEMS, _submit,
        PlansAnswer, {202: "It will be made: Location says where to look."},
        body=RequestBody("PlanOrWish", _schema()),
    )  # fmt: skip


@cache
def _schema() -> dict[str, JsonValue]:
    """A snapshot, or what is wanted with a key."""
    wish = PlanWish.model_json_schema()
    wish["properties"]["snapshot"] = {"anyOf": [{"$ref": SNAPSHOT}, {"type": "null"}]}
    return {"anyOf": [{"$ref": SNAPSHOT}, wish]}


def _submit(call: Call) -> Reply:
    asked = _read(call)
    given = tuple(sorted(set(asked.areas)))
    _check_areas(call, given)
    if asked.previous is not None:
        found = plans.found_plan(call.connection, asked.previous)
        if not sees_plan(call.caller, found):
            raise not_there("plans", str(asked.previous))
    elif asked.keep:
        hint = "its number, as /v1/plans lists it"
        raise BadInput([Fault("no-previous", "there is no plan to keep", pointer="/previous", hint=hint)])
    options = asked.model_dump(mode="json", exclude={"areas", "snapshot"}, exclude_defaults=True)
    sent = None if asked.snapshot is None else json.dumps(asked.snapshot).encode()
    wish = Wish(call.caller.actor, given or tuple(sorted(call.caller.areas)), options, sent)
    job = jobs.submit(call.tx, wish)
    return Reply(JobAnswer.of(job), 202, {"Location": f"/v1/jobs/{job.job_id}"})


def _read(call: Call) -> PlanWish:
    """What is wanted; a snapshot by itself is one that is sent, with its options in the query."""
    body = call.body
    if isinstance(body, Mapping) and "cases" in body:
        body = {"snapshot": body, **{name: json.loads(text) for name, text in _query().items()}}
    return read_model(PlanWish, body)


def _query() -> dict[str, str]:
    """The query's options as JSON texts."""
    return {name: text if _is_json(text) else json.dumps(text) for name, text in request.args.items()}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _check_areas(call: Call, areas: tuple[str, ...]) -> None:
    if areas and not covers_all(call.caller, areas):
        raise other_area("One of the areas is not yours.")
    known = records.get_many(call.connection, "areas", areas)
    faults = [
        Fault("unknown-area", "there is no such area", pointer="/areas", value=area, hint="GET /v1/areas")
        for area in areas
        if area not in known
    ]
    if faults:
        raise BadInput(faults)


def _list(call: Call) -> Reply:
    wanted: Newest = call.query
    found = jobs.plans_of(call.connection, reader(call.caller), wanted.limit)
    return Reply(Jobs(items=tuple(map(JobAnswer.of, found))))


def _got(call: Call) -> Reply:
    return Reply(JobAnswer.of(_own(call), leasing.running(call.connection, call.service.now())))


def _stop(call: Call) -> Reply:
    return Reply(JobAnswer.of(jobs.stop(call.tx, _own(call).job_id)))


def _answer(call: Call) -> Reply:
    job = _own(call)
    found = jobs.answer_of(call.connection, job.job_id) if job.sent else None
    if found is None:
        raise Refusal(404, "not-found", "There is no such answer: it is of a snapshot sent, and done.")
    return Reply(JobAnswer.of(job), file=(found, "application/json"))


def _own(call: Call) -> Job:
    job_id = call.path["job"]
    found = jobs.plans_of(call.connection, reader(call.caller), 1, job_id)
    if not found:
        raise not_there("jobs", job_id)
    return found[0]
