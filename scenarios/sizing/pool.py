"""One pool is sized: the areas whose reviewers and cases have to do with each other, and with no others."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pydantic import JsonValue

from allocator.errors import BadInput, Fault
from scenarios.demand import waiting_at_start
from scenarios.files import changed
from scenarios.run import Stopped, run_pools
from scenarios.scenario import End, Scenario
from scenarios.sizing.groups import Sought, asked, by_area, grid_of, within
from scenarios.sizing.search import Grid, Point, Search, confirmed
from scenarios.sizing.trial import Trial
from scenarios.units import WEEK, YEAR

FRESH: Final = 1_000_000
"""The first replication of those that the search has not seen."""
STEADY: Final[dict[str, JsonValue]] = {
    "demand.backlog.waiting": 0,
    "demand.backlog.in_hand": 0,
    "demand.backlog.ages": [],
    "demand.backlog.in_hand_ages": [],
}


@dataclass(frozen=True)
class Desk:
    """What all pools of a search share.

    Parameters
    ----------
    scenario : with its backlog, without variants
    groups : those that are sought
    wanted : the share of each end; chance : how often
    """

    scenario: Scenario
    groups: tuple[Sought, ...]
    wanted: Mapping[End, float]
    workers: int
    tell: Callable[[str], None]
    stopped: Callable[[], bool]

    @cached_property
    def steady(self) -> Scenario:
        """The scenario without a backlog."""
        return changed(self.scenario, STEADY)

    @property
    def chance(self) -> float:
        """The chance that is wanted."""
        return self.scenario.targets.chance

    @property
    def first_year(self) -> int:
        """Years at the start that do not count: nothing has had the time to be late."""
        return 1 if self.scenario.run.years > 1.5 else 0


class Pool:
    """One pool, and what is known of its sizes.

    Parameters
    ----------
    areas : their numbers
    """

    def __init__(self, desk: Desk, areas: list[int]) -> None:
        self.desk, self.areas = desk, areas
        self.groups = tuple(within(desk.groups, areas))
        self.a_year, self.rest = asked(desk.steady, self.groups, areas)
        grid = grid_of(self.groups, self.a_year, self.rest)
        self.search = Search(grid, lambda point: self._chance(self.trial(point, fresh=False)))
        self._fresh: dict[Point, Trial] = {}

    def least(self) -> tuple[Point, bool]:
        """The cheapest size that meets the targets, by fresh numbers too; and whether there is one."""
        return confirmed(self.search, lambda point: self._chance(self.fresh(point)), self.desk.chance)

    def fresh(self, point: Point) -> Trial:
        """What comes of a size, by numbers that the search has not seen."""
        if point not in self._fresh:
            self._fresh[point] = self.trial(point, fresh=True)
        return self._fresh[point]

    def trial(self, point: Point, fresh: bool) -> Trial:
        """What comes of a size for good."""
        return self._tried(self.desk.steady, point, fresh)

    def clearing(self, steady: Point, weeks: float) -> tuple[Point, Trial, bool]:
        """The cheapest posts beside those for good, after so many weeks with which nobody is overdue.

        What comes of them by fresh numbers, and whether that is enough.
        """
        years = max(weeks * WEEK / YEAR + 1e-6, 2 / 52)
        run = self.desk.scenario.run.model_copy(update={"years": years, "measure_from": 0.0})
        brief = self.desk.scenario.model_copy(update={"run": run})  # training may take longer than that

        def trial(extra: Point, fresh: bool) -> Trial:
            both = tuple(one + more for one, more in zip(steady, extra, strict=True))
            return self._tried(brief, both, fresh, f" for {weeks:g} weeks")

        search = Search(self._extra_grid(years), lambda extra: trial(extra, fresh=False).all_clear())
        found: dict[Point, Trial] = {}

        def fresh(extra: Point) -> float:
            found[extra] = trial(extra, fresh=True)
            return found[extra].all_clear()

        extra, met = confirmed(search, fresh, self.desk.chance)
        return extra, found[extra] if extra in found else trial(extra, fresh=True), met

    def fluid(self) -> tuple[float, float]:
        """WTE and £ a year that the work which others cannot do takes at least."""
        wte = min((one.wte / one.reviews for one in self.groups), default=0.0)
        pounds = min((one.a_year / one.reviews for one in self.groups), default=0.0)
        return self.rest * wte, self.rest * pounds

    def _extra_grid(self, years: float) -> Grid:
        """Where to look for what clears a backlog: from what it takes alone."""
        waiting = waiting_at_start(self.desk.scenario, self.areas) / years
        grid = grid_of(self.groups, max(self.a_year, waiting), waiting)
        return Grid(grid.steps, 0.0, grid.first, grid.most)

    def _tried(self, scenario: Scenario, point: Point, fresh: bool, lasts: str = "") -> Trial:
        desk = self.desk
        if desk.stopped():
            raise Stopped
        desk.tell(self._words(point) + lasts + (", on fresh numbers" if fresh else ""))
        first, count = (FRESH if fresh else 0), scenario.run.replications
        sized = by_area(scenario, desk.groups, {tuple(self.areas): point})
        found = run_pools(sized, [self.areas], range(first, first + count), desk.workers, desk.stopped)
        return Trial.of(sized, self.areas, found)

    def _chance(self, trial: Trial) -> float:
        found = trial.chance(self.desk.wanted, self.desk.first_year)
        if found is None:
            hint = "run longer than the months of the target, and let cases come"
            raise BadInput(
                [Fault("nothing-due", "no clock ends when it counts", pointer="/run/years", hint=hint)]
            )
        return found

    def _words(self, point: Point) -> str:
        """What is tried now, for whoever waits."""
        pairs = zip(self.groups, point, strict=True)
        posts = ", ".join(f"{count * one.step:g} {one.group.name}" for one, count in pairs)
        areas = [self.desk.scenario.areas[n].name for n in self.areas]
        where = f"{areas[0]}: " if len(areas) < len(self.desk.scenario.areas) else ""
        return f"{where}{posts or 'as it is'}"


def steps_of(groups: tuple[Sought, ...], point: Point) -> dict[str, float]:
    """Posts, or people, of each group, in the order of the scenario."""
    pairs = sorted(zip(groups, point, strict=True), key=lambda pair: pair[0].number)
    return {one.group.name: count * one.step for one, count in pairs}


def wte_in(groups: tuple[Sought, ...], point: Point) -> float:
    """WTE of a size."""
    return math.fsum(one.wte * count for one, count in zip(groups, point, strict=True))
