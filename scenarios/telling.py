"""What came of a variant, told: the figures of its outcome as an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import numpy as np
from pydantic import JsonValue

from scenarios.answers import (
    TOTAL,
    AreaAnswer,
    Band,
    Binds,
    Clearance,
    Days,
    Estimate,
    GroupAnswer,
    InTime,
    Money,
    VariantAnswer,
    WeekBands,
)
from scenarios.binding import binds, binds_in
from scenarios.estimates import band, estimate, shares, short, year_shares
from scenarios.outcome import ENDS, OF, OPEN, Outcome, cost
from scenarios.scenario import Scenario
from scenarios.sentences import sentence
from scenarios.workforce import pools
from scenarios.world import Floats, Ints

EVERYWHERE: Final = "all areas"
HALF_A_YEAR: Final = 26
SURE: Final = 0.9
"""Of all runs, by when so many are there is told."""


def variant_answer(
    name: str, change: dict[str, JsonValue], scenario: Scenario, found: Outcome
) -> VariantAnswer:
    """One variant in figures."""
    names = [area.name for area in scenario.areas]
    bound = binds(scenario, found)
    spent = cost(scenario, found)
    together = _area(EVERYWHERE, scenario, found, spent, slice(None), bound)
    single: list[AreaAnswer] = []
    if len(names) > 1:
        of_pool = {n: binds_in(scenario, found, pool) for pool in pools(scenario) for n in pool}
        single = [
            _area(one, scenario, found, spent, slice(at, at + 1), of_pool[at]) for at, one in enumerate(names)
        ]
    return VariantAnswer(
        name=name,
        change=change,
        replications=found.open.shape[0],
        says=sentence(scenario, together),
        areas=(together, *single),
        groups=tuple(_groups(scenario, found)),
        binds=bound,
        money=together.money,
        against_base=(),
    )


def _area(
    name: str, scenario: Scenario, found: Outcome, spent: Floats, areas: slice, bound: Binds
) -> AreaAnswer:
    """One area, or all.

    Parameters
    ----------
    spent : (n, areas) £
    """
    open_cases = found.open[:, areas].sum(axis=1)
    years = scenario.run.years
    hours, there = (each[:, areas].sum(axis=(1, 2)) for each in (found.hours, found.available))
    begun = int(found.begun[:, areas].sum())
    days = found.waits[:, areas].sum(axis=(0, 1)) / begun if begun else None
    return AreaAnswer(
        area=name,
        notified_a_year=short(found.notified[:, areas].sum(axis=(1, 2)).mean() / years),
        completed_a_year=short(found.completed[:, areas].sum(axis=(1, 2)).mean() / years),
        weeks=tuple(_weeks(open_cases)),
        at_end=band(open_cases[:, -1].sum(axis=1)),
        in_time=tuple(_in_time(scenario, found, areas)),
        wait=_wait(found, areas),
        at_once=_at_once(found, areas),
        clearance=_clearance(scenario, found.overdue[:, areas].sum(axis=1)),
        days=None if days is None else Days(**dict(zip(Days.model_fields, map(short, days), strict=True))),
        workload=_workload(hours, there),
        money=_money(scenario, found, spent[:, areas].sum(axis=1), areas),
        binds=bound,
    )


def _wait(found: Outcome, areas: slice) -> Estimate | None:
    """The mean of the replications' mean days until allocation."""
    days, count = found.waited[:, areas].sum(axis=1), found.allocated[:, areas].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return estimate(np.asarray(np.where(count > 0, days / count, np.nan)))


def _at_once(found: Outcome, areas: slice) -> float | None:
    count = int(found.allocated[:, areas].sum())
    return short(found.at_once[:, areas].sum() / count) if count else None


def _weeks(open_cases: Ints) -> Iterator[WeekBands]:
    yield _week_bands(TOTAL, open_cases.sum(axis=2))
    for at, stage in enumerate(OPEN):
        yield _week_bands(stage.name.lower(), open_cases[:, :, at])


def _week_bands(stage: str, values: Ints) -> WeekBands:
    low_95, low_80, high_80, high_95 = np.quantile(values, (0.025, 0.1, 0.9, 0.975), axis=0)
    rows = {
        "mean": values.mean(axis=0),
        "low_95": low_95,
        "low_80": low_80,
        "high_80": high_80,
        "high_95": high_95,
    }
    return WeekBands(stage=stage, **{key: tuple(map(short, row)) for key, row in rows.items()})


def _in_time(scenario: Scenario, found: Outcome, areas: slice) -> Iterator[InTime]:
    targets = scenario.targets
    for end in ENDS:
        for of in OF:
            wanted = targets.share(end) if of == targets.of else None
            by_year = year_shares(found, end, of, areas)
            mean = estimate(shares(found, end, of, areas))
            known = by_year[~np.isnan(by_year)]
            chance = short((known >= wanted).mean()) if wanted is not None and len(known) else None
            yield InTime(
                end=end,
                of=of,
                months=targets.months(end),
                share=mean,
                years=tuple(estimate(by_year[:, year]) for year in range(by_year.shape[1])),
                target=wanted,
                mean_meets=None if wanted is None or mean is None else mean.mean >= wanted,
                chance=chance,
                chance_meets=None if chance is None else chance >= targets.chance,
            )


def _clearance(scenario: Scenario, overdue: Ints) -> Clearance:
    """When the first half-year begins in which nobody waits beyond their day; the last one may be short."""
    late = np.concatenate([np.zeros((len(overdue), 1)), np.cumsum(overdue > 0, axis=1)], axis=1)
    week = np.arange(overdue.shape[1])
    ends = np.minimum(week + HALF_A_YEAR, overdue.shape[1])
    clear = late[:, ends] == late[:, week]
    cleared = clear.any(axis=1)
    known = np.argmax(clear, axis=1)[cleared]
    earliest, middle, latest = np.quantile(known, (0.1, 0.5, 0.9)) if len(known) else (None, None, None)
    needed = int(np.ceil(SURE * len(clear) - 1e-9))
    sure = float(np.sort(known)[needed - 1]) if needed <= len(known) else None
    return Clearance(
        chance=short(cleared.mean()),
        week=None if middle is None else short(middle),
        earliest=None if earliest is None else short(earliest),
        latest=None if latest is None else short(latest),
        day=None if middle is None else _day(scenario, float(middle)),
        sure_week=sure,
        sure_day=None if sure is None else _day(scenario, sure),
    )


def _day(scenario: Scenario, week: float) -> date | None:
    """The day on which a week of the run begins; None where the calendar ends before."""
    try:
        return scenario.run.start + timedelta(weeks=int(week))
    except OverflowError:
        return None


def _groups(scenario: Scenario, found: Outcome) -> Iterator[GroupAnswer]:
    years = scenario.run.years
    for at, group in enumerate(scenario.groups):
        hours, there = found.hours[:, :, at].sum(axis=1), found.available[:, :, at].sum(axis=1)
        yield GroupAnswer(
            group=group.name,
            workload=_workload(hours, there),
            hours=short(hours.mean() / years),
            reviews=short(found.reviews[:, :, at].sum(axis=1).mean() / years),
        )


def _workload(hours: Floats, there: Floats) -> Band | None:
    """Hours worked ÷ hours there, of each replication; None where there are none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return band(np.where(there > 0, hours / there, 0.0)) if there.any() else None


def _money(scenario: Scenario, found: Outcome, spent: Floats, areas: slice) -> Money:
    """What some areas pay, and what they have of it: reviews completed of their cases.

    Parameters
    ----------
    spent : (n,) £
    """
    reviews = float(found.completed[:, areas].sum(axis=(1, 2)).mean())
    in_time = float(found.in_time[:, areas, :, ENDS.index("completed"), 0].sum(axis=(1, 2)).mean())
    return Money(
        a_year=band(spent / scenario.run.years),
        a_review=short(spent.mean() / reviews) if reviews else None,
        a_review_in_time=short(spent.mean() / in_time) if in_time else None,
    )
