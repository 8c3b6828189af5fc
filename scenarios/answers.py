"""What a scenario says: each variant in figures with their chance, and what it changes against the base."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from scenarios.demand import WEEK, YEAR, flow
from scenarios.outcome import ENDS, OF, OPEN, Outcome, cost
from scenarios.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Z95: Final = 1.959964
EVERYWHERE: Final = "all areas"
TOTAL: Final = "open"
HALF_A_YEAR: Final = 26
FULL: Final = 0.9
"""A resource that is used beyond this binds."""


class Part(BaseModel):
    """A part of the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Band(Part):
    """A figure over the replications: its mean, and between what nine of ten, or nearly all, lie."""

    mean: float
    low_95: float = Field(description="2.5 % lie below")
    low_80: float = Field(description="10 % lie below")
    high_80: float = Field(description="10 % lie above")
    high_95: float = Field(description="2.5 % lie above")


class Estimate(Part):
    """A mean over the replications, and the interval that it lies in with 95 %."""

    mean: float
    half_width: float


class WeekBands(Part):
    """Open cases at the end of every week, the first entry at the start."""

    stage: str
    mean: tuple[float, ...]
    low_95: tuple[float, ...]
    low_80: tuple[float, ...]
    high_80: tuple[float, ...]
    high_95: tuple[float, ...]


class InTime(Part):
    """A share in time."""

    end: Literal["allocated", "completed"]
    of: Literal["eligible", "all"] = Field(description="eligible: the clock stops while on hold")
    months: float
    share: Estimate | None = Field(description="Of all cases whose clock ended; empty: none did")
    years: tuple[Estimate | None, ...] = Field(description="The same by year")
    target: float | None
    mean_meets: bool | None = Field(description="The mean is at least the target")
    chance: float | None = Field(description="Of a year in which the share is at least the target")
    chance_meets: bool | None = Field(description="That chance is at least the one that is wanted")


class Clearance(Part):
    """From which week on, for half a year, nobody waits who should have been allocated."""

    chance: float = Field(description="Of being there before the run ends")
    week: float | None = Field(description="The middle one of the weeks in which it is reached; empty: never")
    earliest: float | None = Field(description="10 % are earlier")
    latest: float | None = Field(description="10 % are later")


class Days(Part):
    """Days of a completed case, on average."""

    to_allocation: float
    to_beginning: float = Field(description="From there: evidence, and the work before it")
    to_completion: float = Field(description="From there: work, sign-off, returns")


class AreaAnswer(Part):
    """One area, or all."""

    area: str
    notified_a_year: float
    completed_a_year: float
    weeks: tuple[WeekBands, ...]
    at_end: Band = Field(description="Open cases when the run ends")
    in_time: tuple[InTime, ...]
    clearance: Clearance
    wait: Estimate | None = Field(description="Days from notification to allocation, of those allocated")
    at_once: float | None = Field(description="Share of those allocated that did not wait")
    days: Days | None = Field(description="Empty: none was completed")


class GroupAnswer(Part):
    """One group of staff."""

    group: str
    workload: Band | None = Field(description="Hours worked ÷ hours there, as a share; empty: no hours")
    hours: float = Field(description="Worked in a year, on average")
    reviews: float = Field(description="Completed in a year, on average")


class Binds(Part):
    """What keeps reviews from being done sooner."""

    what: Literal["reviewers", "administration", "evidence", "skill", "nothing"]
    says: str
    load: float | None = Field(description="Hours asked for ÷ hours there; above 1 it never settles")
    admin_load: float | None
    settles: bool


class Money(Part):
    """What it costs."""

    a_year: Band
    a_review: float | None
    a_review_in_time: float | None = Field(description="A review completed in time (eligible)")


class Difference(Part):
    """What a variant changes, each replication against the same one of the base."""

    figure: str
    base: float
    here: float
    difference: Estimate
    is_sure: bool = Field(description="Its interval does not hold 0")


class VariantAnswer(Part):
    """One variant."""

    name: str
    change: dict[str, JsonValue]
    replications: int
    says: str
    areas: tuple[AreaAnswer, ...] = Field(
        description="All together first, then each, where there are several"
    )
    groups: tuple[GroupAnswer, ...]
    binds: Binds
    money: Money
    against_base: tuple[Difference, ...]
    fast_differs: tuple[Difference, ...] = Field(
        default=(),
        description="Where the allocation itself is simulated: what the quick discipline gives instead",
    )


class ScenarioAnswer(Part):
    """All of it."""

    scenario: str
    digest: str
    seed: int
    versions: dict[str, str]
    assumptions: tuple[str, ...] = Field(description="Keys whose values have no public source")
    variants: tuple[VariantAnswer, ...]


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
    binds = _binds(scenario, found)
    return VariantAnswer(
        name=name,
        change=change,
        replications=found.open.shape[0],
        says=_sentence(scenario, together, binds),
        areas=(together, *single),
        groups=tuple(_groups(scenario, found)),
        binds=binds,
        money=_money(scenario, found),
        against_base=(),
    )


def shares(found: Outcome, end: str = "completed", of: str = "eligible") -> Floats:
    """(n,) share in time of each replication; not a number where no clock ended."""
    at, kind = ENDS.index(end), OF.index(of)
    due, done = found.due[..., at, kind].sum(axis=(1, 2)), found.in_time[..., at, kind].sum(axis=(1, 2))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(due > 0, done / due, np.nan))


def year_shares(found: Outcome, end: str, of: str, areas: slice = slice(None)) -> Floats:
    """(n, years) share in time of each replication and year; not a number where no clock ended."""
    at, kind = ENDS.index(end), OF.index(of)
    due, done = found.due[:, areas, :, at, kind].sum(axis=1), found.in_time[:, areas, :, at, kind].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(due > 0, done / due, np.nan))


def estimate(values: Floats) -> Estimate | None:
    """The mean of those that are numbers; None of none."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    half = Z95 * known.std(ddof=1) / np.sqrt(len(known)) if len(known) > 1 else float("inf")
    return Estimate(mean=_short(known.mean()), half_width=_short(half if np.isfinite(half) else 0.0))


def _area(name: str, scenario: Scenario, found: Outcome, areas: slice) -> AreaAnswer:
    open_cases = found.open[:, areas].sum(axis=1)
    years = scenario.run.years
    begun = int(found.begun[:, areas].sum())
    days = found.waits[:, areas].sum(axis=(0, 1)) / begun if begun else None
    return AreaAnswer(
        area=name,
        notified_a_year=_short(found.notified[:, areas].sum(axis=(1, 2)).mean() / years),
        completed_a_year=_short(found.completed[:, areas].sum(axis=(1, 2)).mean() / years),
        weeks=tuple(_weeks(open_cases)),
        at_end=_band(open_cases[:, -1].sum(axis=1)),
        in_time=tuple(_in_time(scenario, found, areas)),
        wait=_wait(found, areas),
        at_once=_at_once(found, areas),
        clearance=_clearance(found.overdue[:, areas].sum(axis=1)),
        days=None if days is None else Days(**dict(zip(Days.model_fields, map(_short, days), strict=True))),
    )


def _wait(found: Outcome, areas: slice) -> Estimate | None:
    """The mean of the replications' mean days until allocation."""
    days, count = found.waited[:, areas].sum(axis=1), found.allocated[:, areas].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return estimate(np.asarray(np.where(count > 0, days / count, np.nan)))


def _at_once(found: Outcome, areas: slice) -> float | None:
    count = int(found.allocated[:, areas].sum())
    return _short(found.at_once[:, areas].sum() / count) if count else None


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
    return WeekBands(stage=stage, **{key: tuple(map(_short, row)) for key, row in rows.items()})


def _band(values: Floats | Ints) -> Band:
    low_95, low_80, high_80, high_95 = map(_short, np.quantile(values, (0.025, 0.1, 0.9, 0.975)))
    return Band(mean=_short(values.mean()), low_95=low_95, low_80=low_80, high_80=high_80, high_95=high_95)


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
            chance = _short((known >= wanted).mean()) if wanted is not None and len(known) else None
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
        chance=_short(cleared.mean()),
        week=None if middle is None else _short(middle),
        earliest=None if earliest is None else _short(earliest),
        latest=None if latest is None else _short(latest),
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
            hours=_short(found.hours[:, at].mean() / years),
            reviews=_short(found.reviews[:, at].mean() / years),
        )


def _binds(scenario: Scenario, found: Outcome) -> Binds:
    """The first that is short of what is asked of it: reviewers, administration, a skill, else evidence."""
    work, evidence, years = scenario.work, scenario.evidence, scenario.run.years
    asked = sum(flow(scenario, area).total for area in scenario.areas)
    hours = work.initial_hours + work.focused_share * work.focused_hours
    hours += evidence.admin_hours if not evidence.admin_wte else 0.0
    returned = float(np.mean([one.returned for one in scenario.groups]))
    each = hours * (1 + returned * work.rework)
    there = float(found.available.sum(axis=1).mean())
    usable = sum(_usable(scenario, found, each))
    load = asked * each / usable if usable > 0 else None
    admin_there = evidence.admin_wte * evidence.admin_week * YEAR / WEEK * years
    admin_load = asked * evidence.admin_hours / admin_there if admin_there > 0 else None
    settles = load is not None and load < 1 and (admin_load is None or admin_load < 1)
    there_is = "there is" if usable > 0.999 * there else "they may take at once or in a year"
    what, says = _bottleneck(scenario, found, load, admin_load, there_is)
    return Binds(
        what=what,
        says=says,
        load=None if load is None else _short(load),
        admin_load=None if admin_load is None else _short(admin_load),
        settles=settles,
    )


def _usable(scenario: Scenario, found: Outcome, each: float) -> Iterator[float]:
    """Yield of each group the hours that it can use: what there is, or less where it may not take more cases.

    Parameters
    ----------
    each : hours of a review
    """
    evidence, years = scenario.evidence, scenario.run.years
    days = evidence.days + evidence.slow_share * (evidence.slow_days - evidence.days)
    days = 0.0 if evidence.on_notification else days
    for at, group in enumerate(scenario.groups):
        there = float(found.available[:, at].mean())
        posts = math.ceil(group.wte or 0) if group.people is None else group.people
        if not there or not each:
            yield there
            continue
        of_one = group.caseload * YEAR / (days + each / (there / (posts * years * YEAR)))
        most = posts * min(of_one, group.cases_a_year or math.inf)
        yield min(there, each * years * min(most, group.ceiling or math.inf))


def _bottleneck(
    scenario: Scenario, found: Outcome, load: float | None, admin_load: float | None, there_is: str
) -> tuple[Literal["reviewers", "administration", "evidence", "skill", "nothing"], str]:
    if load is None:
        return "reviewers", "nobody reviews"
    if load >= 1:
        return (
            "reviewers",
            f"more is asked of reviewers than {there_is} ({load:.0%}): the queue grows without end",
        )
    if admin_load is not None and admin_load >= 1:
        return (
            "administration",
            f"more is asked of administration than there is ({admin_load:.0%}): it never settles",
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        wait = found.skill_wait.sum(axis=0) / found.skill_cases.sum(axis=0)
    for at, skill in enumerate(scenario.demand.skills, start=1):
        if wait[at] > 1.5 * wait[0] + WEEK:
            return (
                "skill",
                f"cases that need {skill.name} wait {wait[at]:.0f} days for a reviewer, others {wait[0]:.0f}",
            )
    if admin_load is not None and admin_load > FULL:
        return "administration", f"administration is used to {admin_load:.0%}"
    if load > FULL:
        return "reviewers", f"reviewers are used to {load:.0%} of what {there_is}"
    days = found.waits.sum(axis=(0, 1)) / max(1, found.begun.sum())
    if days[1] > days[0]:
        return (
            "evidence",
            f"from allocation to the beginning it takes {days[1]:.0f} days, most of it for evidence",
        )
    return "nothing", f"nothing is short: reviewers are used to {load:.0%} of what {there_is}"


def _money(scenario: Scenario, found: Outcome) -> Money:
    each = cost(scenario, found)
    reviews = float(found.reviews.sum(axis=1).mean())
    in_time = float(found.in_time[..., ENDS.index("completed"), 0].sum(axis=(1, 2)).mean())
    return Money(
        a_year=_band(each / scenario.run.years),
        a_review=_short(each.mean() / reviews) if reviews else None,
        a_review_in_time=_short(each.mean() / in_time) if in_time else None,
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
                    base=_short(there[known].mean()),
                    here=_short(here[known].mean()),
                    difference=between,
                    is_sure=int(known.sum()) > 1 and abs(between.mean) > between.half_width,
                )
            )
    return tuple(listed)


def _sentence(scenario: Scenario, area: AreaAnswer, binds: Binds) -> str:
    """What a commissioner asks first."""
    wte = sum((one.wte or 0.0) + (one.people or 0) * one.hours_a_week / 37.5 for one in scenario.groups)
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


def needed(half_width: float, values: Sequence[Floats]) -> int:
    """How many replications would bring the widest interval of some shares to a half-width."""
    most = 0.0
    for each in values:
        known = each[~np.isnan(each)]
        if len(known) > 1:
            most = max(most, (Z95 * known.std(ddof=1) / half_width) ** 2)
    return int(np.ceil(most))


def _short(value: Any) -> float:
    """Six digits: more would tell nothing, and differ from machine to machine."""
    return float(f"{float(value):.6g}")
