"""`allocator report`: what a plan is as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Unpack

import click

from allocator.plan import Unassigned
from allocator.planned import Planned
from allocator.report import Bottleneck, Chances, Fairness, Queue, bottlenecks, chances, fairness, queue
from allocator.report.load import Carried, Spread
from allocator.voice import listed
from allocator.written import rows_of
from api.cli import interrupt, options, screen
from api.cli.planfile import read_again, read_plan, sure_certificate
from api.cli.values import Duration
from solver.outcome import Limits

MOST_TOLD = 10
Table = tuple[list[str], list[list[str]]]
"""Columns and rows."""


class _Asked(options.Again):
    published: bool
    seed: int
    effort: int | None
    time_limit: float


@click.command("report", short_help="Say what a plan is as a whole: shares, bottlenecks, fairness, chances.")
@options.SNAPSHOT
@options.PLAN
@click.option("--published", is_flag=True, help="Only what may be published: counts of 1 to 5 withheld.")
@click.option(
    "--time-limit", type=Duration(), default="5s", show_default=True, help="Of each plan of a bottleneck."
)
@options.EFFORT
@options.SEED
@options.POLICY
@options.QUARANTINE
@options.JSON
def command(snapshot: Path, plan: Path, as_json: bool, **how: Unpack[_Asked]) -> None:
    """Say what PLAN is as a whole: what it places of each type, whom it passes over, where ten more hours
    would help most, how it shares the load, and how sure its dates are.
    """
    content = read_plan(plan)
    reading = read_again(snapshot, content, how)
    planned = Planned.of(reading.snapshot, content, sure_certificate(plan, content))
    fair = fairness(planned, how["published"])
    if how["published"]:
        _give({"fairness": fair.as_document()}, as_json, _fairness(fair))
        return
    limits = Limits(how["time_limit"], how["effort"], 0.0, how["seed"], 1)
    waiting = queue(planned, rows_of(content, "unassigned", Unassigned))
    hours = interrupt.cancellable(lambda stopped: bottlenecks(reading.snapshot, planned, limits, stopped))
    sure = chances(planned, how["seed"])
    document = {
        "queue": waiting.as_document(),
        "bottlenecks": [one.as_document() for one in hours],
        "fairness": fair.as_document(),
        "chances": sure.as_document(),
    }
    _give(document, as_json, _queue(waiting), _bottlenecks(hours), _fairness(fair), _chances(sure))


def _give(document: Mapping[str, object], as_json: bool, *sections: Iterator[str | Table]) -> None:
    if as_json:
        screen.document(document)
        return
    for section in sections:
        screen.heading(str(next(section)))
        for part in section:
            if isinstance(part, str):
                screen.say(part)
            else:
                screen.table(*part)


def _queue(found: Queue) -> Iterator[str | Table]:
    yield "What is placed of those who wait"
    for one in found.by_type:
        share = "" if one.percent is None else f" ({one.percent:g} %)"
        yield f"{one.review_type}: {one.placed} of {one.waiting}{share}"
    for case in found.passed_over[:MOST_TOLD]:
        later = f"{case.later} notified later" if case.later > 1 else "one notified later"
        yield (
            f"{case.case_id}, {case.review_type}, notified on {case.notified_on}: {later} placed, first "
            f"{case.first_later}. {case.reason}"
        )
    yield from _more(len(found.passed_over), "passed over")


_PROOF = {"exact": "", "at_least": " at least", "near": " among the nearest reviewers"}


def _bottlenecks(found: tuple[Bottleneck, ...]) -> Iterator[str | Table]:
    yield "Where ten more hours would help most"
    for one in found:
        who = f"with {listed(one.skills)}" if one.skills else "of anybody"
        places = f"{one.places} place{'' if one.places == 1 else 's'} more"
        waits = f"{one.waiting} case{' waits' if one.waiting == 1 else 's wait'} for just that"
        given = f", given to {one.given_to or 'somebody new'}" if one.points else ""
        yield f"{one.area}, {who}: {places}, {one.points:,} points fewer{_PROOF[one.proof]}{given} ({waits})"
    if not found:
        yield "No case waits for hours."


def _fairness(found: Fairness) -> Iterator[str | Table]:
    yield "How the load is shared"
    yield f"Workload now: {_spread(found.before)}"
    yield f"With the plan: {_spread(found.workload)}"
    columns = ["by", "group", "reviewers", "lead", "with a second", "distant", "overdue"]
    yield columns, [[one.trait, one.group, *map(_count, _counts(one))] for one in found.carried]
    year = found.year
    if year.done_by_few is not None:
        yield (
            f"Leads of this year: {year.leads:,}, {year.done_by_few:g} % of them by the "
            f"{year.people_with_few} people who lead fewer than five"
        )


def _counts(one: Carried) -> tuple[int | None, ...]:
    return one.reviewers, one.leads, one.focused, one.distant, one.overdue


def _count(count: int | None) -> str:
    """A count, or that it is withheld."""
    return "withheld" if count is None else f"{count:,}"


def _spread(one: Spread) -> str:
    return (
        f"mean {one.mean:g} %, most {one.largest:g} %, Gini {one.gini:g}, √(Σx² − (Σx)²/n) {one.deviation:g}"
    )


def _chances(found: Chances) -> Iterator[str | Table]:
    yield f"How sure the dates are ({found.draws} draws; the ranges are assumptions of the policy)"
    for name, one in (("The plan", found.plan), ("The oldest first, by hand", found.oldest_first)):
        yield (
            f"{name}: {one.mean:g} of {one.leads} in time on average, between {one.low} and {one.high} "
            f"in eight draws of ten; {one.unallocated:,} points left undone"
        )
    lines = [one for one in found.lines if one.fragile and one.planned_on_time]
    fragile = sorted((one.on_time_chance, one.case_id) for one in lines)
    yield (
        f"Fragile lines: {found.fragile} of {len(found.lines)}; "
        f"{len(lines)} of them are planned to be in time"
    )
    for chance, case_id in fragile[:MOST_TOLD]:
        yield f"{case_id}: in time in {100 * chance:g} % of the draws"
    yield from _more(len(fragile), "fragile")


def _more(count: int, what: str) -> Iterator[str]:
    if count > MOST_TOLD:
        yield f"and {count - MOST_TOLD} more {what}, in the JSON"
