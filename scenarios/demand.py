"""What comes in: notifications of each area through seasons, trends and shocks, and each case's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scenarios.draws import Purpose, exponential, spread, uniform
from scenarios.fields import Spread
from scenarios.scenario import Ages, Area, Scenario
from scenarios.units import MONTH, WEEK, YEAR
from scenarios.world import NEVER, Cases

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STEP = 1.0
"""How finely a rate that changes is followed."""


@dataclass(frozen=True, eq=False)
class Flow:
    """The expected number of notifications by day, of one area: at `days`, `count` since the start."""

    days: Floats
    count: Floats

    @property
    def total(self) -> float:
        """Of the whole run."""
        return float(self.count[-1])

    def when(self, expected: Floats) -> Floats:
        """The day by which so many are expected; NEVER beyond the run."""
        if len(self.days) == 2:
            rate = self.total / self.days[-1]
            found = expected / rate if rate else np.full_like(expected, NEVER)
        else:
            found = np.interp(expected, self.count, self.days)
        return np.where(expected < self.total, found, NEVER)


def flow(scenario: Scenario, area: Area) -> Flow:
    """What one area notifies."""
    demand, until = scenario.demand, scenario.run.years * YEAR
    part = area.share / sum(one.share for one in scenario.areas)
    waves = [one for one in scenario.shocks if one.kind == "wave"]
    even = not (demand.trend or demand.season or demand.swing or demand.history or waves)
    if even:
        return Flow(np.array([0.0, until]), np.array([0.0, part * demand.a_year * scenario.run.years]))
    days = np.append(np.arange(0.0, until, STEP), until)
    middle = (days[:-1] + days[1:]) / 2
    rate = np.full(len(middle), demand.a_year / YEAR)
    if demand.history:
        month = np.minimum((middle / MONTH).astype(int), len(demand.history) - 1)
        rate = np.array(demand.history)[month] / MONTH
    known = len(demand.history) * MONTH
    rate = rate * (1.0 + demand.trend) ** (np.maximum(middle - known, 0.0) / YEAR)
    rate = rate * (1.0 + demand.swing * np.sin(2 * np.pi * middle / (WEEK * demand.swing_weeks)))
    if demand.season:
        season = np.array(demand.season) / np.mean(demand.season)
        rate = rate * season[_months(scenario.run.start, len(middle))]
    for one in waves:
        rate = np.where(
            (middle >= WEEK * one.from_week) & (middle < WEEK * one.to_week), rate * one.factor, rate
        )
    return Flow(days, part * np.concatenate([[0.0], np.cumsum(rate * np.diff(days))]))


def expected_cases(scenario: Scenario) -> float:
    """Cases of one replication: what is open at the start, and what is expected to be notified."""
    backlog = scenario.demand.backlog
    new = sum(flow(scenario, area).total for area in scenario.areas)
    return new + (len(backlog.ages) or backlog.waiting) + backlog.in_hand


@lru_cache(maxsize=8)
def _months(start: date, days: int) -> Ints:
    """The month, from 0, of each day."""
    return np.array([(start + timedelta(days=n)).month - 1 for n in range(days)])


def notifications(scenario: Scenario, area: Area, number: int, replications: range) -> Floats:
    """(n_replications, n) days on which an area's cases are notified, NEVER-padded; not always in order."""
    seed, expected = scenario.run.seed, flow(scenario, area)
    if scenario.demand.at_random:
        most = int(expected.total + 6 * np.sqrt(expected.total) + 12)
        reached = np.cumsum(exponential(seed, Purpose.GAP, replications, most, number), axis=1)
        days = expected.when(reached)
    else:
        even = expected.when(np.arange(int(expected.total), dtype=np.float64) + 0.5)
        days = np.tile(even, (len(replications), 1))
    for one in scenario.shocks:
        if one.kind == "system_down":
            down = (days >= WEEK * one.from_week) & (days < WEEK * one.to_week)
            later = uniform(seed, Purpose.RELEASE, replications, days.shape[1], number)
            days = np.where(down, WEEK * (one.to_week + one.release_weeks * later), days)
    return np.where(days < scenario.run.years * YEAR, days, NEVER)


def cases_of(scenario: Scenario, chosen: list[int], replications: range) -> Cases:
    """The cases of some areas together, in the order of notification.

    Parameters
    ----------
    chosen : numbers of the areas; a case's sort is its area's place among them × the sets of skills + its set
    """
    each = [_area_cases(scenario, number, place, replications) for place, number in enumerate(chosen)]
    whole = {
        one.name: np.concatenate([getattr(cases, one.name) for cases in each], axis=1)
        for one in fields(Cases)
    }
    order = np.argsort(whole["notified"], axis=1, kind="stable")
    return Cases(**{name: np.take_along_axis(values, order, 1) for name, values in whole.items()})


def _area_cases(scenario: Scenario, number: int, place: int, replications: range) -> Cases:
    demand, work, evidence = scenario.demand, scenario.work, scenario.evidence
    seed = scenario.run.seed
    new = notifications(scenario, scenario.areas[number], number, replications)
    old, held = _backlog(scenario, number, replications)
    notified = np.concatenate([new, old], axis=1)
    count = notified.shape[1]

    def even(purpose: Purpose) -> Floats:
        return uniform(seed, purpose, replications, count, number)

    def varied(mean: float, cv: float, purpose: Purpose, kind: str = "lognormal") -> Floats:
        spec = Spread(mean=mean, cv=cv, kind=kind)
        return spread(spec, seed, purpose, replications, count, number)

    focused = even(Purpose.FOCUSED) < work.focused_share
    hours = varied(1.0, work.cv, Purpose.HOURS, work.kind) * (
        work.initial_hours + work.focused_hours * focused
    )
    if evidence.admin_wte == 0:
        hours = hours + evidence.admin_hours
    rework = work.rework * hours
    is_held = np.concatenate([np.zeros_like(new, dtype=bool), np.broadcast_to(held, old.shape)], axis=1)
    hours = np.where(is_held, hours * demand.backlog.in_hand_left, hours)
    slow = even(Purpose.SLOW) < evidence.slow_share
    waits = varied(1.0, evidence.cv, Purpose.EVIDENCE)
    hold_from, hold_to = _holds(scenario, notified, number, replications)
    skills = np.zeros(notified.shape, np.int64)
    for at, skill in enumerate(demand.skills):
        needs = uniform(seed, Purpose.SKILL, replications, count, number, at) < skill.share
        skills |= needs.astype(np.int64) << at
    return Cases(
        notified=notified,
        sort=(place << len(demand.skills)) + skills,
        priority=(even(Purpose.PRIORITY) < demand.priority_share).astype(np.int64),
        work=hours,
        evidence=waits * np.where(slow, evidence.slow_days, evidence.days),
        admin=np.full(notified.shape, evidence.admin_hours),
        hold_from=hold_from,
        hold_to=hold_to,
        chance_returned=even(Purpose.RETURNED),
        chance_lapsed=even(Purpose.LAPSED),
        rework=rework,
        panel=np.full(notified.shape, work.sign_off_days),
        held=is_held,
    )


def _holds(scenario: Scenario, notified: Floats, number: int, replications: range) -> tuple[Floats, Floats]:
    """From when to when each case is on hold; one whose hold is over when the run begins has none."""
    holds, seed, count = scenario.holds, scenario.run.seed, notified.shape[1]
    nothing = np.full(notified.shape, NEVER)
    if holds.share == 0:
        return nothing, nothing
    has = uniform(seed, Purpose.HOLD, replications, count, number) < holds.share
    start = notified + spread(holds.after, seed, Purpose.HOLD_AFTER, replications, count, number)
    end = start + spread(holds.lasts, seed, Purpose.HOLD_LASTS, replications, count, number)
    has &= (end > 0) & (end > start) & (start < NEVER)
    return np.where(has, start, NEVER), np.where(has, end, NEVER)


def _backlog(scenario: Scenario, number: int, replications: range) -> tuple[Floats, NDArray[np.bool_]]:
    """Days, below 0, on which an area's open cases were notified, and whether somebody has them."""
    backlog = scenario.demand.backlog
    waiting = _open(scenario, number, replications, backlog.ages, (backlog.waiting, backlog.waiting_days))
    in_hand = _open(
        scenario, number, replications, backlog.in_hand_ages, (backlog.in_hand, backlog.in_hand_days), 1
    )
    held = np.repeat([False, True], [waiting.shape[1], in_hand.shape[1]])
    return np.concatenate([waiting, in_hand], axis=1), held


def open_at_start(scenario: Scenario) -> int:
    """The cases that are open when a run begins, of all areas."""
    backlog = scenario.demand.backlog
    return sum(
        sum(map(len, ages.values())) if isinstance(ages, Mapping) else len(ages) or count
        for ages, count in ((backlog.ages, backlog.waiting), (backlog.in_hand_ages, backlog.in_hand))
    )


def waiting_at_start(scenario: Scenario, chosen: Sequence[int]) -> float:
    """The cases of some areas that nobody has when a run begins."""
    backlog, areas = scenario.demand.backlog, [scenario.areas[number] for number in chosen]
    if isinstance(backlog.ages, Mapping):
        return float(sum(len(backlog.ages.get(area.name, ())) for area in areas))
    part = sum(area.share for area in areas) / sum(area.share for area in scenario.areas)
    return part * (len(backlog.ages) or backlog.waiting)


def _open(
    scenario: Scenario, number: int, replications: range, ages: Ages, otherwise: tuple[int, float], *more: int
) -> Floats:
    """Days, below 0, on which some open cases of an area were notified: as they are told, or by chance.

    Parameters
    ----------
    otherwise : how many there are in all areas, and how long ago they were notified on average
    """
    if isinstance(ages, Mapping):
        told = ages.get(scenario.areas[number].name, ())
        return np.tile(-np.array(told, np.float64), (len(replications), 1))
    if ages:
        return np.tile(-np.array(ages)[number :: len(scenario.areas)], (len(replications), 1))
    count, mean = otherwise
    return -_ages(mean, _part(scenario, number, count), scenario.run.seed, replications, number, *more)


def _ages(mean: float, count: int, seed: int, replications: range, *more: int) -> Floats:
    return spread(Spread(mean=mean, kind="exponential"), seed, Purpose.AGE, replications, count, *more) + 1e-3


def _part(scenario: Scenario, number: int, total: int) -> int:
    """What of a whole number falls to an area: by its share, and no case lost."""
    shares = np.cumsum([one.share for one in scenario.areas])
    edges = np.rint(total * np.concatenate([[0.0], shares / shares[-1]])).astype(int)
    return int(edges[number + 1] - edges[number])
