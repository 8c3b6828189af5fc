"""What a job does: read the queue as it stands, or a snapshot that was sent, and plan it.

It only reads: what came of it is kept by whoever has the lease.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from allocator.allocate import Allocation, PlanRequest, allocate
from allocator.answer import answer_of
from allocator.errors import BadInput, InternalFault, NoPlan
from allocator.intake import Reading, parse_snapshot
from allocator.previous import Previous
from allocator.replan import replan
from allocator.store.database import Database
from allocator.store.plans import documents
from allocator.store.queue import newest, queue
from solver.outcome import Progress, level_gap
from solver.problem import LEVELS
from solver.search import UNKNOWN

Json = dict[str, Any]


class Options(BaseModel):
    """How far to search, and what may be moved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_limit: float = Field(
        default=30.0, gt=0, le=3600, allow_inf_nan=False, description="seconds to plan in"
    )
    effort: int | None = Field(
        default=None, ge=1, le=1000, description="a fixed amount of work instead: the same plan anywhere"
    )
    gap: float = Field(
        default=0.0, ge=0, le=100, allow_inf_nan=False, description="per cent: stop a level at this gap"
    )
    max_moves: int = Field(
        default=0, ge=0, le=100_000, description="held cases, or lines kept, that may change hands by choice"
    )
    seed: int = Field(default=1, ge=0, lt=2**31, description="of the search")
    workers: int = Field(default=1, ge=1, le=256, description="processors to use, as far as there are")
    quarantine: bool = Field(
        default=False,
        description="of a snapshot that is sent: plan the sound rows; `rejected` has the others",
    )
    previous: int | None = Field(default=None, ge=1, description="the number of a kept plan to begin from")
    keep: bool = Field(default=False, description="keep what still holds of that plan, but for `max_moves`")

    def request(self, workers: int, previous: Previous | None) -> PlanRequest:
        """The same, for the allocator, with at most so many workers."""
        return PlanRequest(
            time_limit=self.time_limit,
            effort=self.effort,
            gap=self.gap,
            max_moves=self.max_moves,
            workers=min(self.workers, workers),
            seed=self.seed,
            previous=previous,
        )


BEGINNING = "beginning; where the search was never used before, it is compiled first, which takes a minute"


@dataclass(frozen=True)
class Task:
    """One job, as it goes to another process.

    Parameters
    ----------
    url : of the database
    snapshot : the text of the one that was sent; None: the queue that is kept
    workers : the most that it may use
    now : the moment that it began
    """

    url: str
    areas: tuple[str, ...]
    options: Mapping[str, Any]
    snapshot: bytes | None
    workers: int
    now: datetime


@dataclass(frozen=True)
class Result:
    """What came of a job: a plan, or `code` and `detail` of why there is none.

    Parameters
    ----------
    known_at : the newest moment that the queue was known at
    answer : plan.json with the certificate and what was left out beside it; beside a problem, what is known
    """

    known_at: datetime | None = None
    answer: Json | None = None
    problem: Json | None = None


def work(task: Task, tell: Callable[[Json], None], stopped: Callable[[], bool]) -> Result:
    """The result of a job; what it finds on its way is told."""
    began = time.monotonic()

    def clock() -> datetime:
        return task.now + timedelta(seconds=time.monotonic() - began)

    try:
        options = Options.model_validate(task.options)
        tell(_stage("reading", began))
        reading, previous, known_at = _read(task, options)
        tell(_stage(BEGINNING, began))
        made = _made(reading, options, options.request(task.workers, previous), clock, tell, stopped)
    except BadInput as error:
        faults = [fault.as_dict() for fault in error.faults]
        message = f"What is to be planned has {len(faults)} fault(s); each is in `errors`."
        return Result(problem={"code": "bad-input", "detail": message, "errors": faults})
    except NoPlan as error:
        return Result(problem={"code": "no-plan", "detail": f"{error}."})
    except InternalFault as error:
        detail = "The plan failed its own check and is withheld: a fault of ours."
        return Result(problem={"code": "internal-fault", "detail": detail, "digest": error.digest})
    return Result(known_at, answer_of(reading, made))


def _stage(words: str, began: float) -> Json:
    """What a job is at before there is anything to tell of levels."""
    return {"seconds": round(time.monotonic() - began, 1), "working_on": words, "levels": {}}


def progress_of(news: Progress) -> Json:
    """A search's news as a document: what is told of a job while it runs."""
    levels = {}
    for level, name in enumerate(LEVELS):
        value, bound = news.values[level], news.bounds[level]
        known = value < UNKNOWN
        gap = round(100 * level_gap(value, bound, news.fixed[level]), 3) if known else None
        levels[name] = {"value": value if known else None, "bound": bound, "gap_percent": gap}
    places = {"filled": news.filled, "all": news.places}
    return {
        "seconds": round(news.seconds, 1),
        "working_on": LEVELS[news.level],
        "levels": levels,
        "places": places,
    }


def _read(task: Task, options: Options) -> tuple[Reading, Previous | None, datetime | None]:
    """What is to be planned, what from, and the moment that it is known at."""
    database, day, known_at, previous = Database(task.url), task.now.date(), None, None
    try:
        with database.read() as connection:
            if task.snapshot is None:
                known_at = newest(connection)
                reading = queue(connection, day, areas=task.areas)
            else:
                document = json.loads(task.snapshot)
                reading = parse_snapshot(document, today=day, quarantine=options.quarantine)
            if options.previous is not None:
                previous = Previous.of(*documents(connection, options.previous))
    finally:
        database.close()
    return reading, previous, known_at


def _made(
    reading: Reading,
    options: Options,
    request: PlanRequest,
    clock: Callable[[], datetime],
    tell: Callable[[Json], None],
    stopped: Callable[[], bool],
) -> Allocation:
    def news(progress: Progress) -> None:
        tell(progress_of(progress))

    if options.keep and request.previous is not None:
        return replan(reading, request.previous, request, clock, news, stopped)
    return allocate(reading, request, clock, news, stopped)
