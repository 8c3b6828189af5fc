"""Calls for scenarios: asked for, looked after, told as figures and as files, and set beside each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from allocator.store import jobs
from allocator.store.callers import Role
from allocator.store.jobs import Job, Wish
from api.auth import STAFF
from api.calls import Call, Reply, Route, Service, not_there, operation
from api.errors import Refusal
from api.jobs import JobAnswer, Jobs, Newest, patient
from api.kept import XLSX
from api.openapi import Operation, RequestBody
from api.questions import read_model
from api.stored import Body
from api.work import FILL, KIND, SCENARIO, SIZE
from scenarios.answers import ScenarioAnswer, VariantAnswer
from scenarios.files import scenario_of
from scenarios.fill import Filled, Kept
from scenarios.report import page, write_workbook
from scenarios.sizing import Least, Sized, check

PLANNERS = STAFF | {Role.COMMISSIONER}
ONE = "/v1/scenarios/{job}"
MOST_COMPARED = 4
HTML = "text/html; charset=utf-8"


class SizeWish(Body):
    """Whose size is sought."""

    groups: tuple[Annotated[str, Field(max_length=64)], ...] = Field(
        default=(), max_length=16, description="Empty: the first group"
    )
    least: Least = Field(default="cost", description="Of what there is to be least")
    clear_weeks: Annotated[float, Field(ge=1, le=1000)] | None = Field(
        default=None, description="Also: what more clears the backlog in so many weeks"
    )


class ScenarioWish(Body):
    """A scenario that is to be run, or whose workforce is to be sized."""

    scenario: dict[str, JsonValue] = Field(description="As a scenario file says it")
    fill: bool = Field(
        default=False,
        description="First put in what the stored queue of your areas knows: areas, what is open, skills, "
        "staff, clocks, what is notified a year. The result says what was filled in from where",
    )
    size: SizeWish | None = Field(default=None, description="Find the cheapest staff that meets the targets")
    time_limit: float = Field(
        default=300.0, gt=0, le=3600, description="Seconds after which what is done is kept"
    )


class Result(Body):
    """What came of it."""

    job: JobAnswer
    scenario: dict[str, JsonValue] = Field(description="As it was run, with every default")
    answer: ScenarioAnswer | Sized
    filled: tuple[Filled, ...] = Field(default=(), description="What was filled in, and where it is from")
    kept: tuple[Kept, ...] = Field(default=(), description="What was not filled in, and why")


class Format(BaseModel):
    """As which file."""

    model_config = ConfigDict(frozen=True)

    format: Literal["html", "xlsx"] = Field(default="html")


class Others(BaseModel):
    """With which others."""

    model_config = ConfigDict(frozen=True)

    others: str = Field(
        default="",
        pattern=r"^[0-9a-f,]{0,64}$",
        description=f"ids, commas between, {MOST_COMPARED - 1} at most",
    )


class Compared(Body):
    """One variant in a line."""

    job: str
    scenario: str
    variant: str
    says: str
    completed_in_time: float | None = Field(description="Share, eligible")
    chance: float | None = Field(description="Of a year that meets the target")
    open_at_end: float
    cost_a_year: float
    cost_a_review: float | None


class Comparison(Body):
    """Variants of several scenarios beside each other."""

    items: tuple[Compared, ...]


def operations(service: Service) -> Iterator[Operation]:
    """Yield the calls: the first may wait for its job."""
    yield patient(service, asking())
    yield from (operation(route, service) for route in routes())


def asking() -> Route:
    """The call that asks for a scenario."""
    body = RequestBody("ScenarioWish", ScenarioWish.model_json_schema())
    return Route(
        "POST", "/v1/scenarios", "run-scenario", "Run a scenario, or find how many are needed", PLANNERS,
        _submit, JobAnswer,
        {202: "It will be run: Location says where to look.", 200: "It was run within the wait."},
        body=body, headers={"Prefer": "wait=N: answer once it has ended, after N seconds at most"},
    )  # fmt: skip


def routes() -> tuple[Route, ...]:
    """The calls about scenarios that were asked for."""
    return (
        Route("GET", "/v1/scenarios", "scenarios", "The scenarios asked for last", PLANNERS, _list,
              Jobs, query=Newest),
        Route("GET", ONE, "scenario", "How far a scenario is", PLANNERS, _got, JobAnswer),
        Route("DELETE", ONE, "stop-scenario", "Stop a run and keep the variants that are done", PLANNERS,
              _stop, JobAnswer),
        Route("GET", f"{ONE}/result", "scenario-result", "What a scenario says", PLANNERS, _result, Result),
        Route("GET", f"{ONE}/report", "scenario-report", "The same as a page or workbook", PLANNERS,
              _report, Result, query=Format, files=(HTML, XLSX)),
        Route("GET", f"{ONE}/comparison", "compare-scenarios", "Variants of up to four scenarios, in a line",
              PLANNERS, _compare, Comparison, query=Others),
    )  # fmt: skip


def _submit(call: Call) -> Reply:
    asked = read_model(ScenarioWish, call.body)
    scenario = scenario_of(asked.scenario)
    options: dict[str, Any] = {KIND: SCENARIO, "time_limit": asked.time_limit}
    if asked.fill:
        options[FILL] = True
    if asked.size is not None:
        if not asked.fill:  # what the groups are then called nobody knows yet
            check(scenario, asked.size.groups)
        options |= {KIND: SIZE, **asked.size.model_dump(exclude_none=True)}
    text = json.dumps(scenario.model_dump(mode="json")).encode()
    job = jobs.submit(call.tx, Wish(call.caller.actor, tuple(sorted(call.caller.areas)), options, text))
    return Reply(JobAnswer.of(job), 202, {"Location": f"/v1/scenarios/{job.job_id}"})


def _list(call: Call) -> Reply:
    found = [one for one in jobs.latest(call.connection, 1_000) if _is_mine(call, one)]
    return Reply(Jobs(items=tuple(JobAnswer.of(one) for one in found[: call.query.limit])))


def _got(call: Call) -> Reply:
    job = _own(call, call.path["job"])
    return Reply(JobAnswer.of(job, jobs.running(call.connection, call.service.now())))


def _stop(call: Call) -> Reply:
    return Reply(JobAnswer.of(jobs.stop(call.tx, _own(call, call.path["job"]).job_id)))


def _result(call: Call) -> Reply:
    return Reply(_told(call, call.path["job"]))


def _report(call: Call) -> Reply:
    found = _told(call, call.path["job"])
    if not isinstance(found.answer, ScenarioAnswer):
        raise Refusal(404, "not-found", "A size has no report: its result says all of it.")
    scenario = scenario_of(found.scenario)
    if call.query.format == "html":
        content, kind = page(scenario, found.answer).encode(), HTML
    else:
        out = BytesIO()
        write_workbook(scenario, found.answer, out)
        content, kind = out.getvalue(), XLSX
    name = f'attachment; filename="scenario.{call.query.format}"'
    return Reply(found, headers={"Content-Disposition": name}, file=(content, kind))


def _compare(call: Call) -> Reply:
    ids = [call.path["job"], *filter(None, call.query.others.split(","))]
    if len(ids) > MOST_COMPARED:
        raise Refusal(422, "bad-parameter", f"Up to {MOST_COMPARED} scenarios can be compared.")
    return Reply(Comparison(items=tuple(row for one in ids for row in _lines(call, one))))


def _lines(call: Call, job_id: str) -> Iterator[Compared]:
    found = _told(call, job_id).answer
    if isinstance(found, ScenarioAnswer):
        yield from (_line(job_id, found.scenario, one) for one in found.variants)


def _line(job_id: str, scenario: str, one: VariantAnswer) -> Compared:
    completed = next(row for row in one.areas[0].in_time if (row.end, row.of) == ("completed", "eligible"))
    return Compared(
        job=job_id,
        scenario=scenario,
        variant=one.name,
        says=one.says,
        completed_in_time=completed.share.mean if completed.share else None,
        chance=completed.chance,
        open_at_end=one.areas[0].at_end.mean,
        cost_a_year=one.money.a_year.mean,
        cost_a_review=one.money.a_review,
    )


def _told(call: Call, job_id: str) -> Result:
    """What came of a scenario.

    Raises
    ------
    Refusal
        404 while there is nothing to tell.
    """
    job = _own(call, job_id)
    found = jobs.answer_of(call.connection, job.job_id)
    if found is None:
        raise Refusal(404, "not-found", "There is no result: it is still to come, or it failed.")
    document = json.loads(found)
    kind = ScenarioAnswer if job.wish.options[KIND] == SCENARIO else Sized
    answer = kind.model_validate(document["answer"])
    notes = {name: document[name] for name in ("filled", "kept") if name in document}
    return Result(job=JobAnswer.of(job), scenario=document["scenario"], answer=answer, **notes)


def _own(call: Call, job_id: str) -> Job:
    found = jobs.find_job(call.connection, job_id)
    if found is None or not _is_mine(call, found):
        raise not_there("scenarios", job_id)
    return found


def _is_mine(call: Call, job: Job) -> bool:
    """Whether a job is a scenario, and the caller's: whoever asked for it."""
    return job.wish.options.get(KIND) in (SCENARIO, SIZE) and job.wish.actor == call.caller.actor
