"""What is told of a job: how far it is, and what came of it."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict, Field

from allocator.jobs.work import Options
from allocator.store.jobs import OTHER, Job, JobState
from api.stored import Body


class LevelNow(Body):
    """How far one level is."""

    value: int | None
    bound: int
    gap_percent: float | None


class PlacesNow(Body):
    """How many places the best plan so far fills."""

    filled: int
    all: int = Field(description="Leads and seconds, those that are held among them")


class Progress(Body):
    """How far a search is."""

    seconds: float
    working_on: str
    levels: dict[str, LevelNow]
    places: PlacesNow | None = Field(default=None, description="Empty: there is no plan yet")


class JobProblem(Body):
    """Why there is no plan."""

    model_config = ConfigDict(frozen=True, extra="allow")

    code: str
    detail: str


class JobAnswer(Body):
    """A plan that was asked for, and how far it is."""

    job: str
    state: JobState
    areas: tuple[str, ...] = Field(description="Whose waiting cases are planned; empty: all")
    sent: bool = Field(description="Of a snapshot that was sent: /v1/jobs/{job}/answer has its plan")
    attempt: int = Field(description="How often it was begun: again if what made it died")
    asked_to_stop: bool
    options: Options | None = Field(description="How far to search, and what may be moved; of a plan")
    running: int | None = Field(
        default=None,
        description="How many jobs somebody works on now, whosever they are; of one that is asked for alone. "
        "0 while this one is open: no worker runs",
    )
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    progress: Progress | None = Field(description="Best so far and proved bound, by level; empty: none yet")
    plan: int | None = Field(description="The number of the plan: /v1/plans/{plan}")
    problem: JobProblem | None

    @staticmethod
    def of(job: Job, running: int | None = None) -> JobAnswer:
        """The same as an answer."""
        said = {name: getattr(job, name) for name in JobAnswer.model_fields if hasattr(job, name)}
        options = None if OTHER in job.wish.options else Options.model_validate(job.wish.options)
        more = {"job": job.job_id, "areas": job.wish.areas, "options": options, "running": running}
        return JobAnswer.model_validate(said | more)
