"""The smallest workforce that meets the targets with the chance that is wanted, in half posts.

More staff are never worse, so that one group's smallest size is found by halving, on the same random
numbers each time. What is then reported comes from numbers that the search has not seen; if it misses the
target there, the search goes on from the next half post.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from pydantic import Field, JsonValue

from allocator.errors import BadInput, Fault
from scenarios.answers import Estimate, Part
from scenarios.demand import flow
from scenarios.estimates import estimate, shares, short, year_shares
from scenarios.files import changed
from scenarios.outcome import Outcome, cost
from scenarios.run import Stopped, run_variant
from scenarios.scenario import Group, Scenario
from scenarios.units import WEEK, YEAR
from scenarios.world import Floats

HALF: Final = 0.5
MOST_WTE: Final = 4096.0
PATIENCE: Final = 20
"""Half posts that fresh numbers may ask for beyond what the search has found."""
FRESH: Final = 1_000_000
"""The first replication of those that the search has not seen."""
STEADY: Final[dict[str, JsonValue]] = {
    "demand.backlog.waiting": 0,
    "demand.backlog.in_hand": 0,
    "demand.backlog.ages": [],
}
Tell = Callable[[str], None]


class Point(Part):
    """One size of the workforce."""

    wte: float
    chance: float = Field(description="Of a year in which the targets are met")
    share: Estimate | None = Field(description="Completed in time")
    cost: float = Field(description="£ a year")


class Steady(Part):
    """What the targets take for good, without a backlog."""

    wte: float
    fluid_wte: float = Field(description="Below this the work alone is more than there are hours")
    at: Point
    met: bool = Field(description="False: no size that was tried meets them; the best one tried is told")


class Clearing(Part):
    """What clears the backlog by a date, beside what is there for good."""

    weeks: float
    extra_wte: float
    wte_months: float
    cost: float = Field(description="£ in all")
    chance: float
    met: bool


class Sized(Part):
    """How many are needed."""

    scenario: str
    group: str
    says: str
    target: float
    chance: float
    end: str
    of: str
    steady: Steady
    clearing: Clearing | None = Field(description="Empty: it was not asked")
    frontier: tuple[Point, ...] = Field(description="Sizes around it: what each costs, and its chance")
    fresh_replications: int


@dataclass(frozen=True)
class Wanted:
    """What is to be found.

    Parameters
    ----------
    group : the one whose size is sought
    clear_weeks : in so many weeks the backlog is to be cleared; None: not asked
    """

    group: str | None = None
    clear_weeks: float | None = None
    workers: int = 1


class Sizer:
    """One search."""

    def __init__(
        self, scenario: Scenario, wanted: Wanted, tell: Tell = lambda _: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._wanted, self._tell, self._stopped = wanted, tell, stopped
        self.group = _group(scenario, wanted.group)
        self.end, self.target = _target(scenario)
        self._scenario = scenario.model_copy(update={"variants": ()})
        self._steady = changed(self._scenario, STEADY)
        self._known: dict[tuple[float, bool], Outcome] = {}

    def sized(self) -> Sized:
        """How many are needed.

        Raises
        ------
        BadInput
            A post of the group has no hours, or no case is due when it counts.
        Stopped
            Somebody did not want to know it any more.
        """
        floor = fluid(self._steady, self.group)
        if math.isinf(floor):
            hint = "see its hours_a_week, review_share, away_weeks and sickness"
            raise BadInput(
                [Fault("no-hours", "its posts have no hours for reviews", value=self.group.name, hint=hint)]
            )
        wte, point, met = self._least(floor)
        steady = Steady(wte=wte, fluid_wte=short(floor), at=point, met=met)
        clearing = self._clearing(wte) if self._wanted.clear_weeks is not None else None
        around = sorted({max(HALF, wte + step * HALF) for step in range(-4, 5)} | {wte})
        frontier = tuple(self._point(one, fresh=True) for one in around)
        return Sized(
            scenario=self._scenario.name,
            group=self.group.name,
            says=_sentence(self._scenario, steady, clearing),
            target=self.target,
            chance=self._scenario.targets.chance,
            end=self.end,
            of=self._scenario.targets.of,
            steady=steady,
            clearing=clearing,
            frontier=frontier,
            fresh_replications=self._scenario.run.replications,
        )

    def _least(self, floor: float) -> tuple[float, Point, bool]:
        """The smallest size whose chance is enough on the search's numbers, and on fresh ones too."""
        low = math.floor(floor / HALF)  # in half posts; below the floor nothing can do
        high = max(low + 1, 2)
        if np.isnan(self._years(self._outcome(high * HALF, fresh=False))).all():
            hint = "run longer than the months of the target, and let cases come"
            raise BadInput(
                [Fault("nothing-due", "no clock ends when it counts", pointer="/run/years", hint=hint)]
            )
        while not self._meets(high * HALF):
            low, high = high, 2 * high
            if high * HALF > MOST_WTE:
                best = self._point(low * HALF, fresh=True)
                return low * HALF, best, False
        while high - low > 1:
            middle = (low + high) // 2
            if self._meets(middle * HALF):
                high = middle
            else:
                low = middle
        last = high + PATIENCE
        while True:
            point = self._point(high * HALF, fresh=True)
            if point.chance >= self._scenario.targets.chance:
                return high * HALF, point, True
            if high >= last or (high + 1) * HALF > MOST_WTE:
                return high * HALF, point, False
            high += 1

    def _meets(self, wte: float) -> bool:
        return self._point(wte, fresh=False).chance >= self._scenario.targets.chance

    def _point(self, wte: float, fresh: bool) -> Point:
        found = self._outcome(wte, fresh)
        each = self._years(found)
        known = each[~np.isnan(each)]
        return Point(
            wte=wte,
            chance=short(float((known >= self.target).mean())) if len(known) else 0.0,
            share=estimate(shares(found, self.end, self._scenario.targets.of)),
            cost=short(float(cost(self._with(self._steady, wte), found).mean()) / self._scenario.run.years),
        )

    def _years(self, found: Outcome) -> Floats:
        """The shares in time of the years that count."""
        return year_shares(found, self.end, self._scenario.targets.of)[:, self._first_year() :]

    def _first_year(self) -> int:
        """Years at the start that do not count: nothing has had the time to be late."""
        return 1 if self._scenario.run.years > 1.5 else 0

    def _outcome(self, wte: float, fresh: bool) -> Outcome:
        if (wte, fresh) not in self._known:
            if self._stopped():
                raise Stopped
            self._tell(f"{wte:g} WTE")
            first, count = (FRESH if fresh else 0), self._scenario.run.replications
            some = range(first, first + count)
            here, workers = self._with(self._steady, wte), self._wanted.workers
            self._known[wte, fresh] = run_variant(here, some, workers, self._stopped)
        return self._known[wte, fresh]

    def _with(self, scenario: Scenario, wte: float) -> Scenario:
        key = f"groups.{self.group.name}"
        return changed(scenario, {f"{key}.wte": wte, f"{key}.people": None})

    def _clearing(self, steady_wte: float) -> Clearing:
        """The least extra posts, there for so many weeks, after which nothing waits beyond its day."""
        weeks = self._wanted.clear_weeks or 0.0
        low, high, limit = -1, 0, int(MOST_WTE / HALF)
        chance = self._clears(steady_wte, 0.0, weeks)
        while chance < self._scenario.targets.chance and high < limit:
            low, high = high, max(1, 2 * high)
            chance = self._clears(steady_wte, high * HALF, weeks)
        met = chance >= self._scenario.targets.chance
        while met and high - low > 1:
            middle = (low + high) // 2
            now = self._clears(steady_wte, middle * HALF, weeks)
            if now >= self._scenario.targets.chance:
                high, chance = middle, now
            else:
                low = middle
        extra = high * HALF
        months = extra * weeks * WEEK / (YEAR / 12)
        return Clearing(
            weeks=weeks,
            extra_wte=extra,
            wte_months=short(months),
            cost=short(months * self.group.cost / 12),
            chance=chance,
            met=met,
        )

    def _clears(self, wte: float, extra: float, weeks: float) -> float:
        """In which share of runs nothing is overdue to be allocated after so many weeks with extra posts."""
        years = max(weeks * WEEK / YEAR + 1e-6, 2 / 52)
        scenario = self._with(self._scenario, wte + extra)
        run = scenario.run.model_copy(update={"years": years, "measure_from": 0.0})
        brief = scenario.model_copy(update={"run": run})  # shorter than training may be, and that is right
        some = range(FRESH, FRESH + self._scenario.run.replications)
        if self._stopped():
            raise Stopped
        self._tell(f"{wte:g} + {extra:g} WTE for {weeks:g} weeks")
        found = run_variant(brief, some, self._wanted.workers, self._stopped)
        return short(float((found.overdue[:, :, -1].sum(axis=1) == 0).mean()))


def fluid(scenario: Scenario, group: Group) -> float:
    """WTE of a group below which the hours of all that comes in are more than all hours there are."""
    work, evidence = scenario.work, scenario.evidence
    hours = work.initial_hours + work.focused_share * work.focused_hours
    hours += evidence.admin_hours if not evidence.admin_wte else 0.0
    a_year = sum(flow(scenario, area).total for area in scenario.areas) / scenario.run.years
    asked = a_year * hours
    for one in scenario.groups:
        if one.name != group.name:
            asked -= _net(one) * ((one.wte or 0.0) if one.people is None else one.people)
    net = _net(group)
    return max(0.0, asked / net) if net > 0 else math.inf


def _net(group: Group) -> float:
    """Hours a year of one post that is never vacant."""
    weeks = YEAR / WEEK - group.away_weeks
    return group.hours_a_week * group.review_share * (1 - group.sickness) * max(0.0, weeks)


def check(scenario: Scenario, group: str | None) -> None:
    """Nothing, if there is something to find.

    Raises
    ------
    BadInput
        There is no such group, or no target.
    """
    _group(scenario, group)
    _target(scenario)


def _group(scenario: Scenario, name: str | None) -> Group:
    named = [one for one in scenario.groups if name is None or one.name == name]
    if not named:
        known = ", ".join(one.name for one in scenario.groups)
        raise BadInput([Fault("unknown-group", "there is no such group", value=name, hint=f"known: {known}")])
    return named[0]


def _target(scenario: Scenario) -> tuple[str, float]:
    targets = scenario.targets
    if targets.completed is not None:
        return "completed", targets.completed
    if targets.allocated is not None:
        return "allocated", targets.allocated
    hint = "targets.completed = 0.95"
    raise BadInput([Fault("no-target", "there is nothing to meet", pointer="/targets", hint=hint)])


def _sentence(scenario: Scenario, steady: Steady, clearing: Clearing | None) -> str:
    target = (
        scenario.targets.completed if scenario.targets.completed is not None else scenario.targets.allocated
    )
    if not steady.met:
        return (
            f"No size up to {steady.wte:g} WTE meets {target:.0%} in {scenario.targets.chance:.0%} of years."
        )
    first = (
        f"{steady.wte:g} WTE meet {target:.0%} in {steady.at.chance:.0%} of years, for £{steady.at.cost:,.0f}"
        " a year"
        f" (the work alone takes {steady.fluid_wte:.1f})"
    )
    if clearing is None:
        return f"{first}."
    if not clearing.met:
        return f"{first}; the backlog cannot be cleared in {clearing.weeks:g} weeks."
    more = (
        f"{clearing.extra_wte:g} WTE more for {clearing.weeks:g} weeks ({clearing.wte_months:.0f} WTE-months"
    )
    return f"{first}; {more}, £{clearing.cost:,.0f}) clear the backlog in {clearing.chance:.0%} of runs."


def sized(scenario: Scenario, wanted: Wanted, tell: Tell = lambda _: None) -> Sized:
    """How many are needed.

    Raises
    ------
    BadInput
        There is no such group, or no target.
    """
    return Sizer(scenario, wanted, tell).sized()
