"""What a job does, of whichever kind: a plan, a scenario, or the size of a workforce."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Final

from allocator.errors import BadInput
from allocator.jobs.work import Json, Result, Task
from allocator.jobs.work import work as plan
from scenarios.files import scenario_of
from scenarios.play import play
from scenarios.run import Stopped
from scenarios.scenario import Scenario
from scenarios.sizing import Wanted, sized

KIND: Final = "kind"
SCENARIO, SIZE = "scenario", "size"
NEWS_EVERY_SECONDS = 0.5


def work(task: Task, tell: Callable[[Json], None], stopped: Callable[[], bool]) -> Result:
    """The result of a job; what it finds on its way is told."""
    kind = task.options.get(KIND)
    if kind is None:
        return plan(task, tell, stopped)
    began = time.monotonic()
    limit = float(task.options["time_limit"])

    def over() -> bool:
        return stopped() or time.monotonic() - began > limit

    def news(words: str) -> None:
        tell({"seconds": round(time.monotonic() - began, 1), "working_on": words, "levels": {}})

    try:
        scenario = scenario_of(json.loads(task.snapshot or b"{}"))
        found = _played(scenario, news, over) if kind == SCENARIO else _sized(scenario, task, news, over)
    except BadInput as error:
        faults = [fault.as_dict() for fault in error.faults]
        return Result(problem={"code": "bad-input", "detail": "The scenario has faults.", "errors": faults})
    except Stopped:
        detail = "It was stopped, or its time was over, before there was anything to tell."
        return Result(problem={"code": "no-answer", "detail": detail})
    return Result(answer={"scenario": scenario.model_dump(mode="json"), "answer": found})


def _played(scenario: Scenario, news: Callable[[str], None], over: Callable[[], bool]) -> Json:
    """What a scenario says; after a stop, of the variants that are done.

    Raises
    ------
    Stopped
        None is done.
    """
    answer = play(scenario, 1, lambda name, done, wanted: news(f"{name}: {done:,} of {wanted:,}"), over)
    if not answer.variants:
        raise Stopped
    return answer.model_dump(mode="json")


def _sized(scenario: Scenario, task: Task, news: Callable[[str], None], over: Callable[[], bool]) -> Json:
    groups, least = tuple(task.options["groups"]), task.options["least"]
    wanted = Wanted(groups, least, task.options.get("clear_weeks"))
    return sized(scenario, wanted, news, over).model_dump(mode="json")
