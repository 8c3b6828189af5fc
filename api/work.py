"""What a job does, of whichever kind: a plan, a scenario, or the size of a workforce."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Final

from allocator.errors import BadInput, Conflict
from allocator.jobs.rehearsal import rehearse
from allocator.jobs.work import Json, Result, Task
from allocator.jobs.work import work as plan
from allocator.store import Database, queue
from allocator.store.inflow import inflow
from allocator.store.jobs import OTHER
from api.settings import load
from scenarios.cluster import cluster, sent
from scenarios.files import scenario_of
from scenarios.fill import Filling, fill
from scenarios.play import play
from scenarios.run import Stopped
from scenarios.scenario import Scenario
from scenarios.sizing import Wanted, sized

KIND: Final = OTHER
FILL: Final = "fill"
SCENARIO, SIZE, REHEARSAL = "scenario", "size", "rehearsal"
NEWS_EVERY_SECONDS = 0.5


def work(task: Task, tell: Callable[[Json], None], stopped: Callable[[], bool]) -> Result:
    """The result of a job; what it finds on its way is told."""
    kind = task.options.get(KIND)
    if kind is None:
        return plan(task, tell, stopped)
    if kind == REHEARSAL:
        return rehearse(task, tell, stopped)
    began = time.monotonic()
    limit = float(task.options["time_limit"])

    def over() -> bool:
        return stopped() or time.monotonic() - began > limit

    def news(words: str) -> None:
        tell({"seconds": round(time.monotonic() - began, 1), "working_on": words, "levels": {}})

    try:
        scenario, told = scenario_of(json.loads(task.snapshot or b"{}")), {}
        if task.options.get(FILL):
            news("reading the queue")
            filling = _filled(scenario, task)
            scenario, told = filling.scenario, filling.model_dump(mode="json", exclude={"scenario"})
        with cluster(load().dask) as many, sent(many):
            workers = many or task.workers
            found = (
                _played(scenario, workers, news, over)
                if kind == SCENARIO
                else _sized(scenario, task, workers, news, over)
            )
    except BadInput as error:
        faults = [fault.as_dict() for fault in error.faults]
        return Result(problem={"code": "bad-input", "detail": "The scenario has faults.", "errors": faults})
    except Conflict as error:
        return Result(problem={"code": error.code, "detail": f"{error.message}."})
    except Stopped:
        detail = "It was stopped, or its time was over, before there was anything to tell."
        return Result(problem={"code": "no-answer", "detail": detail})
    return Result(answer={"scenario": scenario.model_dump(mode="json"), "answer": found, **told})


def _filled(scenario: Scenario, task: Task) -> Filling:
    """The scenario with what the store knows of the caller's areas.

    Raises
    ------
    Conflict
        Records do not fit together; they may not be the caller's: none is named.
    """
    database, day = Database(task.url), task.now.date()
    try:
        with database.read() as connection:
            reading, notified = queue(connection, day, areas=task.areas), inflow(connection, day, task.areas)
    except BadInput as error:
        message = "Records of the queue do not fit together; planning it tells which"
        raise Conflict("inconsistent", "queue", message) from error
    finally:
        database.close()
    return fill(scenario, reading.snapshot, task.areas, notified)


def _played(scenario: Scenario, workers: int, news: Callable[[str], None], over: Callable[[], bool]) -> Json:
    """What a scenario says; after a stop, of the variants that are done.

    Raises
    ------
    Stopped
        None is done.
    """
    answer = play(scenario, workers, lambda name, done, wanted: news(f"{name}: {done:,} of {wanted:,}"), over)
    if not answer.variants:
        raise Stopped
    return answer.model_dump(mode="json")


def _sized(
    scenario: Scenario, task: Task, workers: int, news: Callable[[str], None], over: Callable[[], bool]
) -> Json:
    groups, least = tuple(task.options["groups"]), task.options["least"]
    wanted = Wanted(groups, least, task.options.get("clear_weeks"), workers)
    return sized(scenario, wanted, news, over).model_dump(mode="json")
