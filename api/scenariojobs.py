"""Scenarios that were asked for: whose each is, who else may read it, and how far it is."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from allocator.store import jobs
from allocator.store.jobs import OTHER, Job
from api.calls import Call, not_there
from api.jobtold import JobAnswer
from api.scope import reader
from api.stored import Body
from api.work import SCENARIO, SIZE, TORNADO

ONE: Final = "/v1/scenarios/{job}"
NAME: Final = "name"
"""Among a job's options, what its scenario is called."""
Question = Literal["run", "size", "tornado"]
QUESTIONS: Final[dict[str, Question]] = {SCENARIO: "run", SIZE: "size", TORNADO: "tornado"}


class ScenarioJob(JobAnswer):
    """A scenario that was asked for, and how far it is."""

    name: str = Field(description="What the scenario is called")
    question: Question = Field(description="What comes of it, how many are needed, or which numbers matter")
    mine: bool = Field(description="The caller asked for it")
    shared: bool = Field(description="Others of the asker's role may read it, whose areas hold the asker's")


class ScenarioJobs(Body):
    """Some scenarios, the newest first."""

    items: tuple[ScenarioJob, ...]


def told(call: Call, job: Job, running: int | None = None) -> ScenarioJob:
    """A scenario as its asker, or somebody it is shared with, is told of it.

    Parameters
    ----------
    running : how many jobs somebody works on now, where that is told
    """
    options = job.wish.options
    more = {
        "name": str(options.get(NAME, "Scenario")),
        "question": QUESTIONS[options[OTHER]],
        "mine": _is_mine(call, job),
        "shared": job.shared_with is not None,
    }
    return ScenarioJob.model_validate(JobAnswer.of(job, running).model_dump() | more)


def own(call: Call) -> Job:
    """The scenario of a call's path, which the caller asked for.

    Raises
    ------
    Refusal
        404 for any other: nobody can tell whether there is one.
    """
    found = jobs.find_job(call.connection, call.path["job"])
    if found is None or not _is_mine(call, found):
        raise not_there("scenarios", call.path["job"])
    return found


def readable(call: Call, job_id: str) -> Job:
    """A scenario that the caller asked for, or that is shared with them.

    Raises
    ------
    Refusal
        404 for any other.
    """
    found = latest(call, 1, job_id)
    if not found:
        raise not_there("scenarios", job_id)
    return found[0]


def latest(call: Call, limit: int, job_id: str | None = None) -> list[Job]:
    """The newest scenarios that the caller asked for, or that are shared with them, or the one of an id."""
    return jobs.others_of(call.connection, reader(call.caller), QUESTIONS, limit, job_id)


def _is_mine(call: Call, job: Job) -> bool:
    return job.wish.options.get(OTHER) in QUESTIONS and job.wish.actor == call.caller.actor
