"""What came of a variant, told: the figures of its outcome as an answer, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator
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
    Difference,
    Estimate,
    GroupAnswer,
    InTime,
    Money,
    VariantAnswer,
    WeekBands,
)
from scenarios.binding import binds
from scenarios.estimates import estimate, shares, short, year_shares
from scenarios.outcome import ENDS, OF, OPEN, Outcome, cost
from scenarios.scenario import Scenario
from scenarios.units import FULL_TIME
from scenarios.world import Floats, Ints

EVERYWHERE: Final = "all areas"
HALF_A_YEAR: Final = 26


def variant_answer(
    name: str, change: dict[str, JsonValue], scenario: Scenario, found: Outcome
) -> VariantAnswer:
    """One variant in figures."""
    names = [area.name for area in scenario.areas]
    together = _area(EVERYWHERE, scenario, found, slice(None))
    single = (
        [_area(one, scenario, found, slice(at, at + 1)) for at, one in enumerate(names)]
        if len(names) > 1
        else []
    )
    bound = binds(scenario, found)
    return VariantAnswer(
        name=name,
        change=change,
        replications=found.open.shape[0],
        says=_sentence(scenario, together, bound),
        areas=(together, *single),
        groups=tuple(_groups(scenario, found)),
        binds=bound,
        money=_money(scenario, found),
        against_base=(),
    )


def _area(name: str, scenario: Scenario, found: Outcome, areas: slice) -> AreaAnswer:
    open_cases = found.open[:, areas].sum(axis=1)
    years = scenario.run.years
    begun = int(found.begun[:, areas].sum())
    days = found.waits[:, areas].sum(axis=(0, 1)) / begun if begun else None
    return AreaAnswer(
        area=name,
        notified_a_year=short(found.notified[:, areas].sum(axis=(1, 2)).mean() / years),
        completed_a_year=short(found.completed[:, areas].sum(axis=(1, 2)).mean() / years),
        weeks=tuple(_weeks(open_cases)),
        at_end=_band(open_cases[:, -1].sum(axis=1)),
        in_time=tuple(_in_time(scenario, found, areas)),
        wait=_wait(found, areas),
        at_once=_at_once(found, areas),
        clearance=_clearance(found.overdue[:, areas].sum(axis=1)),
        days=None if days is None else Days(**dict(zip(Days.model_fields, map(short, days), strict=True))),
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


def _band(values: Floats | Ints) -> Band:
    low_95, low_80, high_80, high_95 = map(short, np.quantile(values, (0.025, 0.1, 0.9, 0.975)))
    return Band(mean=short(values.mean()), low_95=low_95, low_80=low_80, high_80=high_80, high_95=high_95)


def _in_time(scenario: Scenario, found: Outcome, areas: slice) -> Iterator[InTime]:
    targets = scenario.targets
    for end in ENDS:
        months = targets.allocated_months if end == "allocated" else targets.completed_months
        for of in OF:
            wanted = getattr(targets, end) if of == targets.of else None
            at, kind = ENDS.index(end), OF.index(of)
            due, done = found.due[:, areas, :, at, kind], found.in_time[:, areas, :, at, kind]
            with np.errstate(invalid="ignore", divide="ignore"):
                whole = np.where(
                    due.sum(axis=(1, 2)) > 0, done.sum(axis=(1, 2)) / due.sum(axis=(1, 2)), np.nan
                )
            by_year = year_shares(found, end, of, areas)
            mean = estimate(whole)
            known = by_year[~np.isnan(by_year)]
            chance = short((known >= wanted).mean()) if wanted is not None and len(known) else None
            yield InTime(
                end=end,
                of=of,
                months=months,
                share=mean,
                years=tuple(estimate(by_year[:, year]) for year in range(by_year.shape[1])),
                target=wanted,
                mean_meets=None if wanted is None or mean is None else mean.mean >= wanted,
                chance=chance,
                chance_meets=None if chance is None else chance >= targets.chance,
            )


def _clearance(overdue: Ints) -> Clearance:
    """When the first half-year begins in which nobody waits beyond their day; the last one may be short."""
    late = np.concatenate([np.zeros((len(overdue), 1)), np.cumsum(overdue > 0, axis=1)], axis=1)
    week = np.arange(overdue.shape[1])
    ends = np.minimum(week + HALF_A_YEAR, overdue.shape[1])
    clear = late[:, ends] == late[:, week]
    cleared = clear.any(axis=1)
    known = np.argmax(clear, axis=1)[cleared]
    earliest, middle, latest = np.quantile(known, (0.1, 0.5, 0.9)) if len(known) else (None, None, None)
    return Clearance(
        chance=short(cleared.mean()),
        week=None if middle is None else short(middle),
        earliest=None if earliest is None else short(earliest),
        latest=None if latest is None else short(latest),
    )


def _groups(scenario: Scenario, found: Outcome) -> Iterator[GroupAnswer]:
    years = scenario.run.years
    for at, group in enumerate(scenario.groups):
        there = found.available[:, at]
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(there > 0, found.hours[:, at] / there, 0.0)
        yield GroupAnswer(
            group=group.name,
            workload=_band(share) if there.any() else None,
            hours=short(found.hours[:, at].mean() / years),
            reviews=short(found.reviews[:, at].mean() / years),
        )


def _money(scenario: Scenario, found: Outcome) -> Money:
    each = cost(scenario, found)
    reviews = float(found.reviews.sum(axis=1).mean())
    in_time = float(found.in_time[..., ENDS.index("completed"), 0].sum(axis=(1, 2)).mean())
    return Money(
        a_year=_band(each / scenario.run.years),
        a_review=short(each.mean() / reviews) if reviews else None,
        a_review_in_time=short(each.mean() / in_time) if in_time else None,
    )


def figures(scenario: Scenario, found: Outcome) -> dict[str, Floats]:
    """By name, a figure of each replication: what variants are compared by."""
    open_cases = found.open.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        load = found.hours.sum(axis=1) / found.available.sum(axis=1)
    return {
        "share allocated in time (eligible)": shares(found, "allocated"),
        "share completed in time (eligible)": shares(found),
        "share completed in time (all)": shares(found, of="all"),
        "open at the end": open_cases[:, -1].sum(axis=1).astype(float),
        "to allocate at the end": open_cases[:, -1, 0].astype(float),
        "completed a year": found.completed.sum(axis=(1, 2)) / scenario.run.years,
        "workload": load,
        "£ a year": cost(scenario, found) / scenario.run.years,
    }


def differences(scenario: Scenario, found: Outcome, base: Outcome) -> tuple[Difference, ...]:
    """What a variant changes, each replication that both have against the same one of the base."""
    mine, theirs = figures(scenario, found), figures(scenario, base)
    n = min(found.open.shape[0], base.open.shape[0])
    listed = []
    for name in mine:
        here, there = mine[name][:n], theirs[name][:n]
        known = ~(np.isnan(here) | np.isnan(there))
        between = estimate((here - there)[known])
        if between is not None:
            listed.append(
                Difference(
                    figure=name,
                    base=short(there[known].mean()),
                    here=short(here[known].mean()),
                    difference=between,
                    is_sure=int(known.sum()) > 1 and abs(between.mean) > between.half_width,
                )
            )
    return tuple(listed)


def _sentence(scenario: Scenario, area: AreaAnswer, binds: Binds) -> str:
    """What a commissioner asks first."""
    wte = sum((one.wte or 0.0) + (one.people or 0) * one.hours_a_week / FULL_TIME for one in scenario.groups)
    who, run = f"{wte:.1f} WTE of reviewers", f"{scenario.run.years:g} years"
    run = "1 year" if scenario.run.years == 1 else run
    if not binds.settles:
        return f"{who}: {binds.says}; after {run} {area.at_end.mean:.0f} cases are open."
    completed = next(one for one in area.in_time if one.end == "completed" and one.of == scenario.targets.of)
    clear = area.clearance
    if clear.week is None:
        first = f"the overdue ones are not cleared within {run}"
    elif clear.week == 0:
        first = "no backlog has to be cleared"
    else:
        first = f"the overdue ones are cleared in week {clear.week:.0f}, in {clear.chance:.0%} of runs"
    if completed.share is None:
        return f"{who}: {first}."
    chance = (
        f"; {completed.target:.0%} is met in {completed.chance:.0%} of years"
        if completed.chance is not None
        else ""
    )
    return f"{who}: {first}; {completed.share.mean:.0%} are completed in time ({completed.of}){chance}."
