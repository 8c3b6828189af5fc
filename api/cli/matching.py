"""`allocator scenario match`: which values agree with published counts, and what they foretell."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click

from api.cli import options, screen
from api.cli.simulating import FILE, OUT, WORKERS, processes, save, unless_stopped
from api.cli.values import Day, FileOrShipped, Percent
from scenarios.answers import Band
from scenarios.counts import read_counts, shipped_counts
from scenarios.demand import expected_cases
from scenarios.files import read_scenario
from scenarios.matched import Matched, dated, worded
from scenarios.matching import foretold, match
from scenarios.scenario import Scenario
from scenarios.scoring import Scored, check_foretold, score
from scenarios.waves import Wanted

COUNTS: Final = FileOrShipped(shipped_counts)
NOT_SAID: Final = "the counts do not tell"


class _Search(TypedDict):
    """How far to search."""

    sets: int
    waves: int
    replications: int
    discrepancy: float
    workers: int | None


@click.command("match", short_help="Find which values agree with published counts, and what they foretell.")
@FILE
@click.argument("counts", type=COUNTS)
@click.option(
    "--at", type=Day(), multiple=True, metavar="DATE", help="Foretell this day. [default: the last]"
)
@click.option(
    "--score", "later", type=COUNTS, metavar="FILE", help="Counts published since: how near it came."
)
@click.option("--sets", type=click.IntRange(1, 100_000), default=250, show_default=True, help="In each wave.")
@click.option("--waves", type=click.IntRange(1, 20), default=4, show_default=True,
              help="Each draws only where the ones before leave hope.")  # fmt: skip
@click.option(
    "--replications", type=click.IntRange(2, 1000), default=3, show_default=True, help="Of each set."
)
@click.option("--discrepancy", type=Percent(), default="5", show_default=True, metavar="PERCENT",
              help="Of a count: standard deviation of what the model leaves out.")  # fmt: skip
@OUT
@WORKERS
@options.JSON
def command(
    file: Path,
    counts: Path,
    at: tuple[date, ...],
    later: Path | None,
    out: Path | None,
    as_json: bool,
    **how: Unpack[_Search],
) -> None:
    """Find which values within the ranges of FILE agree with the published COUNTS, and what they foretell.

    FILE is a scenario; what nobody knows has a range in its [assumptions]. Only --score opens what was
    published of the days foretold: the forecast is the same without it.
    """
    scenario, known = read_scenario(file), read_counts(counts)
    wanted = _wanted(scenario, at, how)
    came = read_counts(later) if later else ()
    check_foretold(came, foretold(scenario, wanted), later.name if later else None)
    found = unless_stopped(lambda stopped: match(scenario, known, wanted, screen.aside, stopped))
    scores = score(found, came)
    whole = found.model_dump(mode="json") | {"scores": [one.model_dump(mode="json") for one in scores]}
    if out:
        out.mkdir(parents=True, exist_ok=True)
        save(out / "match.json", json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    if as_json:
        screen.document(whole)
        return
    _show(found)
    if scores:
        _scores(scores)
    elif came:
        screen.say("", "Nothing was foretold: there is nothing to compare with what came.")


def _wanted(scenario: Scenario, at: tuple[date, ...], how: _Search) -> Wanted:
    cases = expected_cases(scenario) * how["sets"] * how["waves"] * how["replications"]
    return Wanted(
        at=at,
        sets=how["sets"],
        waves=how["waves"],
        replications=how["replications"],
        discrepancy=how["discrepancy"] / 100,
        workers=processes(how["workers"], cases),
    )


def _show(found: Matched) -> None:
    screen.say(found.says, "")
    drawn = (
        f"{found.left:.1%} of all values within the ranges may agree; {found.sets:,} sets were drawn, at "
        "last from these only."
        if found.left < 1
        else f"{found.sets:,} sets were drawn, from all of the ranges."
    )
    screen.say(
        f"A set agrees if no count is more than {found.cut:g} standard deviations away: of rounding, of "
        f"chance, and {found.discrepancy:.0%} for what the model leaves out. {drawn}"
    )
    if not found.kept:
        screen.say(
            "Draw more sets, in more waves; if none agrees even then, the ranges are wrong or the model is."
        )
    screen.heading("Published, and simulated")
    rows = [
        (one.on.isoformat(), worded(one.figure), _published(one.published, one.within),
         f"{one.nearest:,.0f}" if one.kept is None else _between(one.kept))
        for one in found.fits
    ]  # fmt: skip
    screen.table(("by", "cases", "published", _whose(found)), rows)
    if found.forecasts:
        _forecasts(found)
    _ranges(found)


def _forecasts(found: Matched) -> None:
    screen.heading("Foretold")
    rows = [
        (one.on.isoformat(), worded(one.figure), f"{one.cases.mean:,.0f}", _between(one.cases),
         f"{one.cases.low_95:,.0f} to {one.cases.high_95:,.0f}")
        for one in found.forecasts
    ]  # fmt: skip
    screen.table(("by", "cases", "mean", "8 of 10 runs", "19 of 20 runs"), rows)


def _ranges(found: Matched) -> None:
    screen.heading("What the counts tell of what nobody knows")
    rows = [
        (
            one.key,
            f"{_number(one.low)} to {_number(one.high)} {one.unit}",
            _number(one.nearest)
            if one.kept_low is None or one.kept_high is None
            else f"{_number(one.kept_low)} to {_number(one.kept_high)}",
            "-" if one.narrowed is None else f"{max(0.0, one.narrowed):.0%}" if one.is_sure else NOT_SAID,
        )
        for one in found.ranges
    ]
    screen.table(("", "range", _whose(found), "narrowed by"), rows)
    if found.pairs:
        screen.say("", "Known rather together than each (correlation among the sets that agree):")
        screen.say(*(f"  {one.first} and {one.second}: {one.correlation:+.2f}" for one in found.pairs))
    drivers = sorted((one for one in found.ranges if one.drives), key=lambda one: -abs(one.drives or 0))[:3]
    if drivers:
        last = dated(found.forecasts[-1].on)
        told = ", ".join(f"{one.key} ({one.drives:+.2f})" for one in drivers)
        screen.say("", f"Most would be known of the cases open on {last} by knowing: {told}.")


def _scores(scores: tuple[Scored, ...]) -> None:
    screen.heading("What came")
    rows = [
        (
            one.on.isoformat(),
            worded(one.figure),
            f"{one.published:,.0f}",
            f"{one.forecast.mean:,.0f}",
            f"{one.error:+,.0f}",
            "-" if one.error_share is None else f"{one.error_share:+.1%}",
            "within 8 of 10" if one.in_80 else "within 19 of 20" if one.in_95 else "outside",
        )
        for one in scores
    ]
    screen.table(("by", "cases", "published", "foretold", "error", "of what came", ""), rows)


def _published(cases: float, within: float) -> str:
    return f"{cases:,.0f} ± {within:g}" if within else f"{cases:,.0f}"


def _between(cases: Band) -> str:
    return f"{cases.low_80:,.0f} to {cases.high_80:,.0f}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _whose(found: Matched) -> str:
    return "sets that agree, 8 of 10" if found.kept else "nearest set"
