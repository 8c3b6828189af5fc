"""`allocator scenario`: what if staffing or demand were different, and how many are needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict, Unpack, get_args

import click

from api.cli import matching, options, screen
from api.cli import whatif_told as told
from api.cli.lazy import Lazy
from api.cli.simulating import FILE, OUT, WORKERS, Cluster, cancellable, processes, save, unless_stopped
from scenarios.answers import ScenarioAnswer
from scenarios.cluster import cluster
from scenarios.files import read_scenario
from scenarios.play import play
from scenarios.report import page, size_page, write_sizes, write_workbook
from scenarios.run import Stopped
from scenarios.scenario import Scenario
from scenarios.sizing import Least, Wanted, sized
from scenarios.tornado import How, tornado

WRITTEN = "Written to {}: result.json, report.html, report.xlsx"


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
@click.option(
    "--dask", metavar="ADDRESS", envvar="ALLOCATOR_DASK", help="Run it on the cluster of this Dask scheduler."
)
@click.pass_context
def command(context: click.Context, dask: str | None) -> None:
    """Simulate the queue by the rules of the allocation, with other staff, demand, or ways of working."""
    context.obj = Cluster(context.with_resource(cluster(dask)))


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
    scenario, count = read_scenario(file), processes(workers)
    if out:
        out.mkdir(parents=True, exist_ok=True)
    answer = cancellable(lambda stopped: play(scenario, count, _progress, stopped))
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
    scenario, workers = read_scenario(file), processes(given["workers"])
    wanted = Wanted(given["groups"], given["least"], given["clear_weeks"], workers)
    found = unless_stopped(lambda stopped: sized(scenario, wanted, screen.aside, stopped))
    if out:
        out.mkdir(parents=True, exist_ok=True)
        save(out / "size.json", found.model_dump_json(indent=1) + "\n")
        save(out / "report.html", size_page(scenario, found))
        write_sizes(scenario, found, out / "report.xlsx")
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

    A Ctrl-C ends it with those that were tried. What is written is the report of the scenario without its
    variants, and this.
    """
    scenario, count = read_scenario(file), processes(workers)
    if out:
        out.mkdir(parents=True, exist_ok=True)
    found = unless_stopped(lambda stopped: tornado(scenario, How(count, screen.aside, stopped)))
    if out:
        plain = scenario.model_copy(update={"variants": ()})
        base = unless_stopped(lambda stopped: play(plain, count, _progress, stopped))
        _write(plain, base.model_copy(update={"tornado": found}), out)
    if as_json:
        screen.document(found.model_dump(mode="json"))
        return
    told.tornado(found)
    if out:
        screen.say("", WRITTEN.format(out))


command.add_command(matching.command)


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of scenario files: every key with its default, unit, range and reason."""
    screen.document(Scenario.model_json_schema())


def _with_tornado(scenario: Scenario, answer: ScenarioAnswer, workers: int) -> ScenarioAnswer:
    """The answer with its tornado; after a Ctrl-C with as much of it as there is."""
    try:
        found = cancellable(lambda stopped: tornado(scenario, How(workers, screen.aside, stopped)))
    except Stopped:
        return answer
    return answer.model_copy(update={"tornado": found})


def _progress(variant: str, done: int, wanted: int) -> None:
    if done < wanted:
        screen.aside(f"{variant}: {done:,} of {wanted:,} replications")


def _write(scenario: Scenario, answer: ScenarioAnswer, out: Path) -> None:
    text = json.dumps(answer.model_dump(mode="json"), indent=1, ensure_ascii=False)
    save(out / "result.json", text + "\n")
    save(out / "report.html", page(scenario, answer))
    write_workbook(scenario, answer, out / "report.xlsx")
