"""`allocator scenario`: what if staffing or demand were different, and how many are needed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from api.cli import interrupt, options, screen
from scenarios.answers import ScenarioAnswer, VariantAnswer
from scenarios.files import read_scenario
from scenarios.play import play
from scenarios.report import page, write_workbook
from scenarios.run import Stopped
from scenarios.scenario import Scenario
from scenarios.sizing import Sized, Sizer, Wanted
from scenarios.tornado import Tornado, tornado

T = TypeVar("T")
FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
OUT = click.option("--out", type=options.A_FOLDER, metavar="DIR", help="Write the files there.")
WORKERS = click.option(
    "--workers", type=click.IntRange(1, 256), help="Processes to run it in. [default: all processors]"
)


@click.group("scenario", short_help="What if staffing or demand were different; how many are needed.")
def command() -> None:
    """Simulate the queue by the rules of the allocation, with other staff, demand, or ways of working."""


@command.command("run")
@FILE
@OUT
@WORKERS
@options.JSON
def run(file: Path, out: Path | None, workers: int | None, as_json: bool) -> None:
    """Run FILE, a scenario in TOML or JSON: every variant, with its chance, and what it changes.

    A Ctrl-C ends it with the variants that are done.
    """
    scenario = read_scenario(file)
    if out:
        out.mkdir(parents=True, exist_ok=True)
    answer = interrupt.cancellable(lambda stopped: play(scenario, _workers(workers), _progress, stopped))
    if out:
        _write(scenario, answer, out)
    if as_json:
        screen.document(answer.model_dump(mode="json"))
        return
    for one in answer.variants:
        _variant(one)
    if out:
        screen.say(f"Written to {out}: result.json, report.html, report.xlsx")


@command.command("size")
@FILE
@click.option("--group", metavar="NAME", help="Whose size is sought. [default: the first group's]")
@click.option(
    "--clear-weeks",
    type=click.FloatRange(1, 1000),
    help="Also: what more clears the backlog in so many weeks.",
)
@OUT
@WORKERS
@options.JSON
def size(
    file: Path,
    group: str | None,
    clear_weeks: float | None,
    out: Path | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Find the smallest group, in half posts, that meets the targets of FILE with the chance wanted."""
    scenario, wanted = read_scenario(file), Wanted(group, clear_weeks, _workers(workers))
    found = _unless_stopped(lambda stopped: Sizer(scenario, wanted, screen.aside, stopped).sized())
    if out:
        out.mkdir(parents=True, exist_ok=True)
        _save(out / "size.json", found.model_dump_json(indent=1) + "\n")
    if as_json:
        screen.document(found.model_dump(mode="json"))
        return
    _sized(found)


@command.command("tornado")
@FILE
@WORKERS
@options.JSON
def sensitivity(file: Path, workers: int | None, as_json: bool) -> None:
    """Try the lowest and the highest of every assumption of FILE, one at a time: which matter most."""
    scenario = read_scenario(file)
    found = _unless_stopped(lambda stopped: tornado(scenario, _workers(workers), _aside_until(stopped)))
    if as_json:
        screen.document(found.model_dump(mode="json"))
        return
    _tornado(found)


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of scenario files: every key with its default, unit, range and reason."""
    screen.document(Scenario.model_json_schema())


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


def _variant(one: VariantAnswer) -> None:
    screen.heading(one.name)
    screen.say(one.says, f"What binds: {one.binds.says}.", "")
    rows = [
        (
            f"{row.end} within {row.months:g} months, {row.of}",
            f"{row.share.mean:.1%} ± {row.share.half_width:.1%}" if row.share else "-",
            "-" if row.target is None else f"{row.target:.0%}",
            "-" if row.chance is None else f"{row.chance:.0%}",
        )
        for row in one.areas[0].in_time
    ]
    screen.table(("in time", "share", "wanted", "years that reach it"), rows)
    money = one.money
    per = "" if money.a_review is None else f", £{money.a_review:,.0f} a review"
    screen.say(f"£{money.a_year.mean:,.0f} a year{per}", "")
    if one.against_base:
        listed = [
            (row.figure, f"{row.base:,.4g}", f"{row.here:,.4g}",
             f"{row.difference.mean:+,.3g} ± {row.difference.half_width:,.2g}",
             "" if row.is_sure else "not sure")
            for row in one.against_base
        ]  # fmt: skip
        screen.table(("against the base", "base", "here", "difference", ""), listed)


def _sized(found: Sized) -> None:
    screen.say(found.says, "")
    rows = [
        (
            f"{one.wte:g}",
            f"{one.chance:.0%}",
            f"{one.share.mean:.1%}" if one.share else "-",
            f"£{one.cost:,.0f}",
        )
        for one in found.frontier
    ]
    screen.table((f"WTE of {found.group}", "years that reach it", "in time", "a year"), rows)


def _tornado(found: Tornado) -> None:
    if found.base is not None:
        screen.say(f"Completed in time (eligible): {found.base.mean:.1%}", "")
    rows = [
        (
            one.key,
            f"{one.low:g} … {one.value:g} … {one.high:g} {one.unit}",
            "-" if one.at_low is None else f"{one.at_low.mean:+.1%}",
            "-" if one.at_high is None else f"{one.at_high.mean:+.1%}",
            "reversed!" if one.reversed else "",
        )
        for one in found.bars
    ]
    screen.table(("assumption", "range", "at the lowest", "at the highest", ""), rows)
