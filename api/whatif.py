"""Calls for scenarios: where one can begin, asked for, looked after, shared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import Field, JsonValue, model_validator

from allocator.store import jobs, leasing
from allocator.store.jobs import OTHER, Wish
from api import whatif_told
from api.calls import Call, Reply, Route, Service, operation
from api.filling import filled
from api.jobs import Newest
from api.jobtold import JobAnswer
from api.openapi import Operation, RequestBody
from api.patient import patient
from api.questions import read_model
from api.roles import STAFF_AND_COMMISSIONERS
from api.scenariojobs import NAME, ONE, ScenarioJob, ScenarioJobs, latest, own, readable, told
from api.stored import Body
from api.work import FILL, SCENARIO, SIZE, TORNADO, weeks_to_clear
from scenarios.files import read_document, scenario_of, shipped
from scenarios.fill import Filled, Filling, Kept
from scenarios.sizing import Least, check


class SizeWish(Body):
    """Whose size is sought."""

    groups: tuple[Annotated[str, Field(max_length=64)], ...] = Field(
        default=(), max_length=16, description="Empty: the first group"
    )
    least: Least = Field(default="cost", description="Of what there is to be least")
    clear_weeks: Annotated[float, Field(ge=1, le=1000)] | None = Field(
        default=None, description="Also: what more clears the backlog in so many weeks"
    )
    clear_by: date | None = Field(default=None, description="The same as the day by which, in their place")

    @model_validator(mode="after")
    def _one_of_two(self) -> SizeWish:
        if self.clear_weeks is not None and self.clear_by is not None:
            raise ValueError("give clear_weeks or clear_by, not both")
        return self


class ScenarioWish(Body):
    """A scenario that is to be run, or whose workforce is to be sized."""

    scenario: dict[str, JsonValue] = Field(description="As a scenario file says it")
    fill: bool = Field(
        default=False,
        description="First put in what the stored queue of your areas knows: areas, what is open, skills, "
        "staff, clocks, what is notified a year. The result says what was filled in from where",
    )
    size: SizeWish | None = Field(default=None, description="Find the cheapest staff that meets the targets")
    tornado: bool = Field(
        default=False,
        description="Run it without its variants, and find which assumptions matter: each at both ends of "
        "its range. What there is no time for is named",
    )
    time_limit: float = Field(
        default=300.0, gt=0, le=3600, description="Seconds after which what is done is kept"
    )

    @model_validator(mode="after")
    def _one_question(self) -> ScenarioWish:
        if self.size is not None and self.tornado:
            raise ValueError("ask for a size or a tornado, not for both")
        return self


class ToFill(Body):
    """A scenario that is to be filled."""

    scenario: dict[str, JsonValue] = Field(description="As a scenario file says it")


class FilledScenario(Body):
    """A scenario with what the stored queue knows."""

    scenario: dict[str, JsonValue] = Field(description="With every default")
    filled: tuple[Filled, ...] = Field(description="Each key that was filled in, and where it comes from")
    kept: tuple[Kept, ...] = Field(description="What keeps the scenario's own value, and why")


class Shipped(Body):
    """A scenario that comes with the program."""

    name: str
    scenario: dict[str, JsonValue] = Field(description="As its file says it")


class AllShipped(Body):
    """The scenarios that come with the program."""

    items: tuple[Shipped, ...]


def operations(service: Service) -> Iterator[Operation]:
    """Yield the calls: the first may wait for its job."""
    yield patient(service, asking())
    yield from (operation(route, service) for route in routes())


def asking() -> Route:
    """The call that asks for a scenario."""
    body = RequestBody.of(ScenarioWish)
    return Route(
        "POST", "/v1/scenarios", "run-scenario",
        "Run a scenario, find how many are needed, or which assumptions matter", STAFF_AND_COMMISSIONERS,
        _submit, JobAnswer,
        {202: "It will be run: Location says where to look.", 200: "It was run within the wait."},
        body=body, headers={"Prefer": "wait=N: answer once it has ended, after N seconds at most"},
    )  # fmt: skip


def routes() -> tuple[Route, ...]:
    """The calls about scenarios that were asked for, or may be."""
    to_fill = RequestBody.of(ToFill)
    return (
        Route("GET", "/v1/shipped-scenarios", "shipped-scenarios", "The scenarios that come with the program",
              STAFF_AND_COMMISSIONERS, _shipped, AllShipped),
        Route("POST", "/v1/filled-scenarios", "fill-scenario", "Put what the queue knows into a scenario",
              STAFF_AND_COMMISSIONERS, _filled, FilledScenario, body=to_fill, prepare=_filling),
        Route("GET", "/v1/scenarios", "scenarios", "The scenarios asked for last, and those shared with you",
              STAFF_AND_COMMISSIONERS, _list, ScenarioJobs, query=Newest),
        Route("GET", ONE, "scenario", "How far a scenario is", STAFF_AND_COMMISSIONERS, _got, ScenarioJob),
        Route("DELETE", ONE, "stop-scenario", "Stop a run and keep the variants that are done",
              STAFF_AND_COMMISSIONERS, _stop, ScenarioJob),
        Route("POST", f"{ONE}/share", "share-scenario", "Let others of your role read a scenario",
              STAFF_AND_COMMISSIONERS, _share, ScenarioJob),
        Route("DELETE", f"{ONE}/share", "unshare-scenario", "Let nobody else read a scenario",
              STAFF_AND_COMMISSIONERS, _unshare, ScenarioJob),
        *whatif_told.routes(),
    )  # fmt: skip


def _submit(call: Call) -> Reply:
    asked = read_model(ScenarioWish, call.body)
    scenario = scenario_of(asked.scenario)
    kind = TORNADO if asked.tornado else SCENARIO
    options: dict[str, Any] = {OTHER: kind, NAME: scenario.name, "time_limit": asked.time_limit}
    if asked.fill:
        options[FILL] = True
    if asked.size is not None:
        options |= {OTHER: SIZE, **asked.size.model_dump(mode="json", exclude_none=True)}
        if not asked.fill:  # what the groups are then called, and when it begins, nobody knows yet
            check(scenario, asked.size.groups)
            weeks_to_clear(scenario, options)
    text = json.dumps(scenario.model_dump(mode="json", exclude_unset=True)).encode()
    job = jobs.submit(call.tx, Wish(call.caller.actor, tuple(sorted(call.caller.areas)), options, text))
    return Reply(JobAnswer.of(job), 202, {"Location": f"/v1/scenarios/{job.job_id}"})


def _shipped(_: Call) -> Reply:
    documents = {name: scenario_of(read_document(path)) for name, path in shipped().items()}
    return Reply(AllShipped(items=tuple(
        Shipped(name=name, scenario=one.model_dump(mode="json", exclude_unset=True))
        for name, one in documents.items()
    )))  # fmt: skip


def _filling(call: Call) -> Filling:
    """The scenario of a call, filled before its transaction: reading a large queue takes its time."""
    asked = read_model(ToFill, call.body)
    return filled(call.connection, scenario_of(asked.scenario), call.day, call.caller.areas)


def _filled(call: Call) -> Reply:
    return Reply(FilledScenario.model_validate(call.prepared.model_dump(mode="json")))


def _list(call: Call) -> Reply:
    found = latest(call, call.query.limit)
    return Reply(ScenarioJobs(items=tuple(told(call, one) for one in found)))


def _got(call: Call) -> Reply:
    found = readable(call, call.path["job"])
    return Reply(told(call, found, leasing.running(call.connection, call.service.now())))


def _stop(call: Call) -> Reply:
    return Reply(told(call, jobs.stop(call.tx, own(call).job_id)))


def _share(call: Call) -> Reply:
    return Reply(told(call, jobs.share(call.tx, own(call).job_id, call.caller.role)))


def _unshare(call: Call) -> Reply:
    return Reply(told(call, jobs.share(call.tx, own(call).job_id, None)))
