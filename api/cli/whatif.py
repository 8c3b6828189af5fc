"""`allocator scenario`: what if staffing or demand were different, and how many are needed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack, get_args

import click

from api.cli import interrupt, options, screen
from api.cli import whatif_told as told
from api.cli.lazy import Lazy
from scenarios.answers import ScenarioAnswer
from scenarios.files import read_scenario
from scenarios.play import play
from scenarios.report import page, write_workbook
from scenarios.run import Stopped
from scenarios.scenario import Scenario
from scenarios.sizing import Least, Wanted, sized
from scenarios.tornado import tornado

T = TypeVar("T")
FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
OUT = click.option("--out", type=options.A_FOLDER, metavar="DIR", help="Write the files there.")
WRITTEN = "Written to {}: result.json, report.html, report.xlsx"
WORKERS = click.option(
    "--workers", type=click.IntRange(1, 256), help="Processes to run it in. [default: all processors]"
)


class ForSize(TypedDict):
    """What a search is told."""

    groups: tuple[str, ...]
    least: Least
    clear_weeks: float | None
    workers: int | None


@click.group(
    "scenario",
    cls=Lazy,
    elsewhere={"fill": "filling"},
    short_help="What if staffing or demand were different; how many are needed.",
)
def command() -> None:
    """Simulate the queue by the rules of the allocation, with other staff, demand, or ways of working."""


@command.command("run")
@FILE
@click.option("--tornado", "with_tornado", is_flag=True, help="Also: which assumptions matter most.")
@OUT
@WORKERS
@options.JSON
def run(file: Path, with_tornado: bool, out: Path | None, workers: int | None, as_json: bool) -> None:
    """Run FILE, a scenario in TOML or JSON: every variant, with its chance, and what it changes.

    A Ctrl-C ends it with the variants that are done.
    """
    scenario, count = read_scenario(file), _workers(workers)
    if out:
        out.mkdir(parents=True, exist_ok=True)
    answer = interrupt.cancellable(lambda stopped: play(scenario, count, _progress, stopped))
    if with_tornado and answer.variants:
        answer = _with_tornado(scenario, answer, count)
    if out:
        _write(scenario, answer, out)
    if as_json:
        screen.document(answer.model_dump(mode="json"))
        return
    told.answer(answer)
    if out:
        screen.say("", WRITTEN.format(out))


@command.command("size")
@FILE
@click.option(
    "--group",
    "groups",
    metavar="NAME",
    multiple=True,
    help="Whose size is sought; again for more of them. [default: the first group's]",
)
@click.option(
    "--least",
    type=click.Choice(get_args(Least)),
    default="cost",
    help="Of what there is to be least. [default: cost]",
)
@click.option(
    "--clear-weeks",
    type=click.FloatRange(1, 1000),
    help="Also: what more clears the backlog in so many weeks.",
)
@OUT
@WORKERS
@options.JSON
def size(file: Path, out: Path | None, as_json: bool, **given: Unpack[ForSize]) -> None:
    """Find the cheapest workforce, in half posts, that meets the targets of FILE with the chance wanted.

    Areas that share no reviewer are sized one by one.
    """
    scenario, workers = read_scenario(file), _workers(given["workers"])
    wanted = Wanted(given["groups"], given["least"], given["clear_weeks"], workers)
    found = _unless_stopped(lambda stopped: sized(scenario, wanted, screen.aside, stopped))
    if out:
        out.mkdir(parents=True, exist_ok=True)
        _save(out / "size.json", found.model_dump_json(indent=1) + "\n")
    if as_json:
        screen.document(found.model_dump(mode="json"))
        return
    told.size(found)


@command.command("tornado")
@FILE
@OUT
@WORKERS
@options.JSON
def sensitivity(file: Path, out: Path | None, workers: int | None, as_json: bool) -> None:
    """Try the lowest and the highest of every assumption of FILE, one at a time: which matter most.

    What is written is the report of the scenario without its variants, and this.
    """
    scenario, count = read_scenario(file), _workers(workers)
    if out:
        out.mkdir(parents=True, exist_ok=True)
    found = _unless_stopped(lambda stopped: tornado(scenario, count, _aside_until(stopped)))
    if out:
        plain = scenario.model_copy(update={"variants": ()})
        base = _unless_stopped(lambda stopped: play(plain, count, _progress, stopped))
        _write(plain, base.model_copy(update={"tornado": found}), out)
    if as_json:
        screen.document(found.model_dump(mode="json"))
        return
    told.tornado(found)
    if out:
        screen.say("", WRITTEN.format(out))


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of scenario files: every key with its default, unit, range and reason."""
    screen.document(Scenario.model_json_schema())


def _with_tornado(scenario: Scenario, answer: ScenarioAnswer, workers: int) -> ScenarioAnswer:
    """The answer with its tornado; after a Ctrl-C without."""
    try:
        found = interrupt.cancellable(lambda stopped: tornado(scenario, workers, _aside_until(stopped)))
    except Stopped:
        return answer
    return answer.model_copy(update={"tornado": found})


def _unless_stopped(work: Callable[[Callable[[], bool]], T]) -> T:
    """What the work gives; a Ctrl-C ends the command, for half a search says nothing."""
    try:
        return interrupt.cancellable(work)
    except Stopped:
        raise click.Abort from None


def _aside_until(stopped: Callable[[], bool]) -> Callable[[str], None]:
    def tell(text: str) -> None:
        if stopped():
            raise Stopped
        screen.aside(text)

    return tell


def _workers(given: int | None) -> int:
    return given or os.cpu_count() or 1


def _progress(variant: str, done: int, wanted: int) -> None:
    if done < wanted:
        screen.aside(f"{variant}: {done:,} of {wanted:,} replications")


def _write(scenario: Scenario, answer: ScenarioAnswer, out: Path) -> None:
    text = json.dumps(answer.model_dump(mode="json"), indent=1, ensure_ascii=False)
    _save(out / "result.json", text + "\n")
    _save(out / "report.html", page(scenario, answer))
    write_workbook(scenario, answer, out / "report.xlsx")


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
