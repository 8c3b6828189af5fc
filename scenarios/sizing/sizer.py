"""The use case: a scenario in, how many are needed out, by group and area.

Areas apart are sized one by one, each so that it meets the targets with the chance that is wanted. More staff
are never worse, so that most sizes need not be tried; those that are meet the same random numbers. What is
told comes from numbers that the search has not seen; where they refuse what it found, it goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scenarios.estimates import short
from scenarios.scenario import Scenario
from scenarios.sizing.answers import AreaSize, Clearing, Point, Sized, Steady
from scenarios.sizing.groups import Least, names_of, posts_by_area, sought, targets
from scenarios.sizing.pool import Desk, Pool, steps_of, wte_in
from scenarios.sizing.search import Point as Steps
from scenarios.sizing.sentences import Found, sentence
from scenarios.sizing.trial import Trial, beside
from scenarios.units import WEEK, YEAR
from scenarios.workforce import pools

LEVELS: Final = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""Chances that the frontier tells the price of."""
MONTHS: Final = 12
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What is to be found.

    Parameters
    ----------
    groups : those whose size is sought; none: the first one
    least : of what there should be least
    clear_weeks : in so many weeks the backlog is to be cleared; None: not asked
    """

    groups: tuple[str, ...] = ()
    least: Least = "cost"
    clear_weeks: float | None = None
    workers: int = 1


@dataclass(frozen=True)
class PoolSize:
    """What was found for one pool.

    Parameters
    ----------
    steps, at : its size, and what comes of it; extra, clears : the same of what clears its backlog
    """

    pool: Pool
    steps: Steps
    at: Trial
    met: bool
    extra: Steps = ()
    clears: Trial | None = None
    is_cleared: bool = True


def check(scenario: Scenario, groups: Sequence[str]) -> None:
    """Nothing, if there is something to find.

    Raises
    ------
    BadInput
        There is no such group, its posts have no hours, or there is no target.
    """
    sought(scenario, groups, "cost")
    targets(scenario)


def sized(
    scenario: Scenario,
    wanted: Wanted,
    tell: Tell = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Sized:
    """How many are needed.

    Raises
    ------
    BadInput
        There is no such group, its posts have no hours, there is no target, or no case is due when it counts.
    Stopped
        Somebody did not want to know it any more.
    """
    plain = scenario.model_copy(update={"variants": ()})
    groups = sought(plain, wanted.groups, wanted.least)
    desk = Desk(plain, groups, targets(plain), wanted.workers, tell, stopped)
    parts = [_pool_size(Pool(desk, areas), wanted.clear_weeks) for areas in pools(plain)]
    fluid = [part.pool.fluid() for part in parts]
    steady = Steady(
        at=_point(desk, parts, [part.steps for part in parts]),
        met=all(part.met for part in parts),
        fluid_wte=short(sum(wte for wte, _ in fluid)),
        fluid_cost=short(sum(pounds for _, pounds in fluid)),
    )
    clearing = None if wanted.clear_weeks is None else _clearing(parts, wanted.clear_weeks)
    return Sized(
        scenario=plain.name,
        groups=tuple(names_of(groups)),
        least=wanted.least,
        says=_says(desk, parts, steady, clearing),
        chance=desk.chance,
        of=plain.targets.of,
        steady=steady,
        clearing=clearing,
        frontier=_frontier(desk, parts, steady.at),
        areas=tuple(_areas(desk, parts)),
        fresh_replications=plain.run.replications,
    )


def _says(desk: Desk, parts: Sequence[PoolSize], steady: Steady, clearing: Clearing | None) -> str:
    names = [[desk.scenario.areas[n].name for n in part.pool.areas] for part in parts if not part.met]
    found = Found(steady, clearing, len(parts), tuple(name for each in names for name in each))
    return sentence(desk.chance, found)


def _pool_size(pool: Pool, clear_weeks: float | None) -> PoolSize:
    steps, met = pool.least()
    found = PoolSize(pool, steps, pool.fresh(steps), met)
    if clear_weeks is None:
        return found
    extra, clears, is_cleared = pool.clearing(steps, clear_weeks)
    return PoolSize(pool, steps, found.at, met, extra, clears, is_cleared)


def _point(desk: Desk, parts: Sequence[PoolSize], sizes: Sequence[Steps]) -> Point:
    """One size in all areas, by fresh numbers.

    Parameters
    ----------
    sizes : of each part
    """
    trials = [part.pool.fresh(steps) for part, steps in zip(parts, sizes, strict=True)]
    whole = beside(trials, [n for part in parts for n in part.pool.areas])
    chances = [trial.chance(desk.wanted, desk.first_year) for trial in trials]
    return Point(
        groups=_added(parts, sizes),
        wte=short(_wte(parts, sizes)),
        chance=min(chance or 0.0 for chance in chances),
        shares=tuple(whole.shares(desk.scenario, desk.wanted)),
        cost=whole.money(),
    )


def _added(parts: Sequence[PoolSize], sizes: Sequence[Steps]) -> dict[str, float]:
    """Posts of each group in all parts."""
    found: dict[str, float] = {}
    for part, steps in zip(parts, sizes, strict=True):
        for name, posts in steps_of(part.pool.groups, steps).items():
            found[name] = found.get(name, 0.0) + posts
    return found


def _wte(parts: Sequence[PoolSize], sizes: Sequence[Steps]) -> float:
    return sum(wte_in(part.pool.groups, steps) for part, steps in zip(parts, sizes, strict=True))


def _frontier(desk: Desk, parts: Sequence[PoolSize], answer: Point) -> tuple[Point, ...]:
    """The cheapest size for each of some chances, the answer among them; none that a cheaper one beats."""
    found = [answer]
    for level in LEVELS:
        sizes = [part.pool.search.cheapest(level) for part in parts]
        if level != desk.chance and all(steps is not None for steps in sizes):
            found.append(_point(desk, parts, [steps for steps in sizes if steps is not None]))
    best, listed = -1.0, []
    for point in sorted(found, key=lambda one: (one.cost, -one.chance)):
        if point == answer or point.chance > best:
            listed.append(point)
            best = max(best, point.chance)
    return tuple(one for at, one in enumerate(listed) if one not in listed[:at])


def _clearing(parts: Sequence[PoolSize], weeks: float) -> Clearing:
    extra = [part.extra for part in parts]
    wte = _wte(parts, extra)
    trials = [part.clears for part in parts if part.clears is not None]
    whole = beside(trials, [n for part in parts for n in part.pool.areas])
    a_year = sum(
        one.a_year * count for part in parts for one, count in zip(part.pool.groups, part.extra, strict=True)
    )
    months = weeks * WEEK / (YEAR / MONTHS)
    return Clearing(
        weeks=weeks,
        groups=_added(parts, extra),
        extra_wte=short(wte),
        wte_months=short(wte * months),
        cost=short(a_year * months / MONTHS),
        chance=whole.all_clear(),
        met=all(part.is_cleared for part in parts),
    )


def _areas(desk: Desk, parts: Sequence[PoolSize]) -> Iterator[AreaSize]:
    """Yield what falls to each area, in their order."""
    found = [(n, part) for part in parts for n in part.pool.areas]
    for n, part in sorted(found, key=lambda pair: pair[0]):
        at = part.pool.areas.index(n)
        here = slice(at, at + 1)
        groups = _posts(desk, part, part.steps, n)
        yield AreaSize(
            area=desk.scenario.areas[n].name,
            groups=groups,
            wte=short(sum(one.wte / one.step * groups.get(one.group.name, 0.0) for one in desk.groups)),
            extra=_posts(desk, part, part.extra, n) if part.extra else {},
            chance=part.at.chance(desk.wanted, desk.first_year, here),
            shares=tuple(part.at.shares(desk.scenario, desk.wanted, here)),
            cost=part.at.money(here),
            met=part.met,
            cleared=part.is_cleared,
        )


def _posts(desk: Desk, part: PoolSize, steps: Steps, area: int) -> dict[str, float]:
    """Of each group that may be there, the posts at home in an area."""
    sizes = {tuple(part.pool.areas): steps}
    by_number = sorted((one for one in part.pool.groups if area in one.areas), key=lambda one: one.number)
    return {
        one.group.name: posts_by_area(desk.scenario, one, desk.groups, sizes).get(area, 0.0)
        for one in by_number
    }
