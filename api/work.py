"""What a job does, of whichever kind: a plan, a scenario, the size of a workforce, or a tornado."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from allocator.errors import BadInput, Conflict, Fault
from allocator.jobs.rehearsal import rehearse
from allocator.jobs.work import Json, Result, Task
from allocator.jobs.work import work as plan
from allocator.store import Database
from allocator.store.jobs import OTHER
from api.filling import filled
from api.settings import load
from scenarios.answers import ScenarioAnswer
from scenarios.cluster import cluster, sent
from scenarios.files import BASE, scenario_of
from scenarios.fill import Filling
from scenarios.headline import AS_IT_STANDS
from scenarios.play import play
from scenarios.run import Stopped
from scenarios.scenario import Scenario
from scenarios.sizing import Wanted, sized
from scenarios.sources import sources
from scenarios.tornado import How, tornado
from scenarios.units import WEEK

FILL: Final = "fill"
SCENARIO, SIZE, TORNADO, REHEARSAL = "scenario", "size", "tornado", "rehearsal"
MOST_WEEKS = 1000


@dataclass(frozen=True)
class _Watch:
    """Who looks after a job.

    Parameters
    ----------
    news : is told what is worked on
    over : whether somebody wants it to stop, or its time is over
    """

    workers: int
    news: Callable[[str], None]
    over: Callable[[], bool]


def work(task: Task, tell: Callable[[Json], None], stopped: Callable[[], bool]) -> Result:
    """The result of a job; what it finds on its way is told."""
    if OTHER not in task.options:
        return plan(task, tell, stopped)
    if task.options[OTHER] == REHEARSAL:
        return rehearse(task, tell, stopped)
    began, limit = time.monotonic(), float(task.options["time_limit"])

    def over() -> bool:
        return stopped() or time.monotonic() - began > limit

    def news(words: str) -> None:
        tell({"seconds": round(time.monotonic() - began, 1), "working_on": words, "levels": {}})

    asked = json.loads(task.snapshot or b"{}")
    try:
        scenario, notes = scenario_of(asked), {}
        if task.options.get(FILL):
            news("reading the queue")
            filling = _filled(scenario, task)
            scenario, notes = filling.scenario, filling.model_dump(mode="json", exclude={"scenario"})
        with cluster(load().dask) as many, sent(many):
            answer = _answer(scenario, task.options, _Watch(many or task.workers, news, over))
    except BadInput as error:
        faults = [fault.as_dict() for fault in error.faults]
        problem = {"code": "bad-input", "detail": "The scenario has faults.", "errors": faults}
        return Result(answer={"scenario": asked}, problem=problem)
    except Conflict as error:
        return _without(asked, error.code, f"{error.message}.")
    except Stopped:
        detail = "It was stopped, or its time was over, before there was anything to tell."
        return _without(asked, "no-answer", detail)
    return Result(answer={"scenario": scenario.model_dump(mode="json"), "answer": answer, **notes})


def weeks_to_clear(scenario: Scenario, options: Mapping[str, Any]) -> float | None:
    """The weeks in which a size is to clear the backlog; None: it is not asked.

    Raises
    ------
    BadInput
        The day by which it is to be clear is too near, or too far.
    """
    if options.get("clear_by") is None:
        return options.get("clear_weeks")
    days = (date.fromisoformat(options["clear_by"]) - scenario.run.start).days
    if not WEEK <= days <= MOST_WEEKS * WEEK:
        first = f"{scenario.run.start.day} {scenario.run.start:%B %Y}"
        message = f"it is to be a week or more, and {MOST_WEEKS:,} at most, after the run begins on {first}"
        raise BadInput(
            [Fault("bad-value", message, pointer="/size/clear_by", value=str(options["clear_by"]))]
        )
    return days // WEEK


def _without(asked: Json, code: str, detail: str) -> Result:
    """Why nothing came of a scenario, which is kept, to be changed and asked for again."""
    return Result(answer={"scenario": asked}, problem={"code": code, "detail": detail})


def _filled(scenario: Scenario, task: Task) -> Filling:
    database = Database(task.url)
    try:
        with database.read() as connection:
            return filled(connection, scenario, task.now.date(), task.areas)
    finally:
        database.close()


def _answer(scenario: Scenario, options: Mapping[str, Any], watch: _Watch) -> Json:
    """What comes of a scenario, by what is asked."""
    if options[OTHER] == SIZE:
        wanted = Wanted(
            tuple(options["groups"]), options["least"], weeks_to_clear(scenario, options), watch.workers
        )
        return sized(scenario, wanted, lambda words: watch.news(f"trying {words}"), watch.over).model_dump(
            mode="json"
        )
    if options[OTHER] == TORNADO:
        return _tried(scenario.model_copy(update={"variants": ()}), watch).model_dump(mode="json")
    return _played(scenario, watch).model_dump(mode="json")


def _played(scenario: Scenario, watch: _Watch) -> ScenarioAnswer:
    """What a scenario says; after a stop, of the variants that are done.

    Raises
    ------
    Stopped
        None is done.
    """

    def tell(name: str, done: int, wanted: int) -> None:
        which = AS_IT_STANDS if name == BASE else name
        before = "preparing, then " if name == BASE and not done else ""
        watch.news(f"{before}{which}: {done:,} of {wanted:,} runs")

    answer = play(scenario, watch.workers, tell, watch.over)
    if not answer.variants:
        raise Stopped
    return answer


def _tried(scenario: Scenario, watch: _Watch) -> ScenarioAnswer:
    """The same with each assumption at both ends of its range, as far as there is time."""
    answer, keys = _played(scenario, watch), [one.key for one in sources(scenario)]

    def tell(key: str) -> None:
        watch.news(f"assumption {keys.index(key) + 1} of {len(keys)}")

    try:
        found = tornado(scenario, How(watch.workers, tell, watch.over))
    except Stopped:
        return answer
    return answer.model_copy(update={"tornado": found})
