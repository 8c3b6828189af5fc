"""Posts: where they are, what they may take, when they have hours, who leaves and when somebody comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.calendars import Calendar
from scenarios.draws import Purpose, generator
from scenarios.group import Group
from scenarios.scenario import Scenario, Shock
from scenarios.units import WEEK, WEEKS_A_YEAR, YEAR
from scenarios.world import NEVER, Posts, nobody

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Post:
    """One post: which group's, its number in the group, its area, and hours a week contracted."""

    group: int
    number: int
    home: int
    hours: float


def posts_of(scenario: Scenario) -> tuple[Post, ...]:
    """All posts there are, each in its area."""
    found: list[Post] = []
    for at, group in enumerate(scenario.groups):
        homes = homes_of(scenario, group, len(_hours(group)))
        found += [
            Post(at, number, home, hours)
            for number, (home, hours) in enumerate(zip(homes, _hours(group), strict=True))
        ]
    return tuple(found)


def _hours(group: Group) -> list[float]:
    """Contracted hours a week of each post of a group."""
    if group.people is not None:
        return [group.hours_a_week] * group.people
    whole, rest = divmod(group.wte or 0.0, 1.0)
    return [group.hours_a_week] * int(whole) + [rest * group.hours_a_week] * (rest > 1e-9)


def homes_of(scenario: Scenario, group: Group, count: int) -> list[int]:
    """The area of each post: in turn, so that each area has its share of however many there are."""
    chosen = [n for n, area in enumerate(scenario.areas) if not group.areas or area.name in group.areas]
    shares = np.array([scenario.areas[n].share for n in chosen])
    given, homes = np.zeros(len(chosen)), []
    for _ in range(count):
        at = int(np.argmax(shares / (given + 0.5)))
        given[at] += 1
        homes.append(chosen[at])
    return homes


def staff(scenario: Scenario, chosen: Sequence[int], who: Sequence[Post], replications: range) -> Posts:
    """The posts of one pool, in every replication.

    Parameters
    ----------
    chosen : numbers of the pool's areas, in the order of its cases' sorts
    who : its posts
    """
    if not who:
        return nobody(len(replications), len(chosen) << len(scenario.demand.skills))
    groups = [scenario.groups[one.group] for one in who]

    def row(*values: float) -> Floats:
        return np.array(values, dtype=np.float64)

    changes, changed, comings, present = _changes(scenario, who, replications)
    spacing = [YEAR / one.cases_a_year if one.cases_a_year else 0.0 for one in groups]
    first = [-NEVER] * len(who)
    for at, one in enumerate(groups):
        if one.ceiling is not None:
            spacing[at] = max(spacing[at], len(_hours(one)) * YEAR / one.ceiling)
            first[at] = WEEK * one.from_week + who[at].number * YEAR / one.ceiling
    return Posts(
        may=may(scenario, chosen, who),
        caseload=np.array([one.caseload for one in groups], np.int64),
        spacing=row(*spacing),
        first=row(*first),
        returned=row(*(one.returned for one in groups)),
        first_case=row(*(one.first_case for one in groups)),
        cases_to_learn=row(*(max(one.cases_to_learn, 1e-9) for one in groups)),
        half_life=row(*(WEEK * one.forgets_weeks or NEVER for one in groups)),
        starts_experienced=np.array([one.experienced for one in groups], bool),
        is_there=present,
        changes=changes,
        changed=changed,
        comings=comings,
        calendar=_calendar(scenario, who, replications),
    )


def may(scenario: Scenario, chosen: Sequence[int], who: Sequence[Post]) -> Ints:
    """(n_posts, n_sorts) whether a post may take a case of a sort: 1 at home, 2 elsewhere, 0 not."""
    names = [one.name for one in scenario.demand.skills]
    found = np.zeros((len(who), len(chosen) << len(names)), np.int64)
    for row, post in enumerate(who):
        has = sum(1 << at for at, name in enumerate(names) if name in scenario.groups[post.group].skills)
        for place, area in enumerate(chosen):
            near = reach(scenario, post.home, area)
            for skills in range(1 << len(names)):
                if near and not skills & ~has:
                    found[row, (place << len(names)) + skills] = near
    return found


def reach(scenario: Scenario, home: int, area: int) -> int:
    """1 at home, 2 where the pooling reaches, 0 elsewhere."""
    if home == area:
        return 1
    own, other = scenario.areas[home], scenario.areas[area]
    reaches = {
        "own": False,
        "neighbours": other.name in own.neighbours,
        "region": own.region == other.region,
        "country": True,
    }
    return 2 * reaches[scenario.pooling]


def pools(scenario: Scenario) -> list[list[int]]:
    """The areas whose cases and reviewers have to do with each other: each pool apart from the others."""
    todo, found = list(range(len(scenario.areas))), []
    while todo:
        pool, edge = [todo[0]], [todo[0]]
        while edge:
            at = edge.pop()
            near = [n for n in todo if n not in pool and (reach(scenario, at, n) or reach(scenario, n, at))]
            pool += near
            edge += near
        found.append(sorted(pool))
        todo = [n for n in todo if n not in pool]
    return found


def _changes(
    scenario: Scenario, who: Sequence[Post], replications: range
) -> tuple[Floats, Ints, NDArray[np.bool_], NDArray[np.bool_]]:
    """When posts lose a holder and get the next one; and which have one at the start."""
    until, seed = scenario.run.years * YEAR, scenario.run.seed
    groups = [scenario.groups[one.group] for one in who]
    starts = _starts(scenario, who)
    present = np.array([day == 0 for day in starts], bool)
    each: list[list[tuple[float, int, bool]]] = []
    for replication in replications:
        rows: list[tuple[float, int, bool]] = []
        for at, (post, group, day) in enumerate(zip(who, groups, starts, strict=True)):
            last = until if group.to_week is None else min(until, WEEK * group.to_week)
            if day >= last:
                continue
            if day > 0:
                rows.append((day, at, True))
            if group.turnover > 0:
                draw = generator(seed, Purpose.LEAVES, replication, post.group, post.number)
                rows += _turnover(group, at, (day, last), draw)
            if last < until:
                rows.append((last, at, False))
        each.append(sorted(rows))
    most = max((len(rows) for rows in each), default=0)
    shape = (len(replications), most)
    days, which, comes = np.full(shape, NEVER), np.zeros(shape, np.int64), np.zeros(shape, bool)
    for lane, rows in enumerate(each):
        for place, (day, at, is_coming) in enumerate(rows):
            days[lane, place], which[lane, place], comes[lane, place] = day, at, is_coming
    return days, which, comes, present


def _starts(scenario: Scenario, who: Sequence[Post]) -> list[float]:
    """The day from which each post has a holder: of a group that joins by and by, one after the other."""
    step = [group.joining_weeks / max(1, len(_hours(group))) for group in scenario.groups]
    first = [group.from_week + part / 2 for group, part in zip(scenario.groups, step, strict=True)]
    return [WEEK * (first[post.group] + post.number * step[post.group]) for post in who]


def _turnover(
    group: Group, at: int, between: tuple[float, float], draw: np.random.Generator
) -> Iterator[tuple[float, int, bool]]:
    """Yield each day on which a post loses its holder, and on which the next one is ready."""
    day, last = between
    gap = WEEK * (group.recruitment_weeks + group.training_weeks)
    while True:
        day += draw.standard_exponential() * YEAR / group.turnover
        if day >= last:
            return
        yield day, at, False
        day += gap
        if day >= last:
            return
        yield day, at, True


def _calendar(scenario: Scenario, who: Sequence[Post], replications: range) -> Calendar:
    """The hours of each post: evenly, or with weeks away and weeks ill by chance."""
    groups = [scenario.groups[one.group] for one in who]
    full = np.array([one.hours for one in who]) * np.array([one.review_share for one in groups])
    away = np.array([min(1.0, one.away_weeks / WEEKS_A_YEAR) for one in groups])
    ill = np.array([one.sickness for one in groups])
    shocks = [one for one in scenario.shocks if one.kind == "staff_away"]
    if (scenario.steady or not (away.any() or ill.any())) and not shocks:
        return Calendar(full * (1 - away) * (1 - ill) / WEEK)
    weeks = int(np.ceil(scenario.run.years * YEAR / WEEK)) + 1
    weekly = np.empty((len(replications), len(who), weeks))
    for lane, replication in enumerate(replications):
        luck = _luck(scenario, who, replication, weeks)
        weekly[lane] = full[:, None] * (luck[:, 0] >= away[:, None]) * (luck[:, 1] >= ill[:, None])
    if scenario.steady:
        weekly[:] = (full * (1 - away) * (1 - ill))[:, None]
    for one in shocks:
        weekly[:, :, : weeks - 1] *= 1 - one.share * _within(one, weeks - 1)
    weekly[:, :, -1] = full * (1 - away) * (1 - ill)
    return Calendar(full, weekly.reshape(-1, weeks))


def _within(shock: Shock, weeks: int) -> Floats:
    """(n_weeks,) the part of each week that a shock lasts."""
    week = np.arange(weeks)
    lasts = np.minimum(week + 1, shock.to_week) - np.maximum(week, shock.from_week)
    return np.asarray(np.clip(lasts, 0.0, 1.0), np.float64)


def _luck(scenario: Scenario, who: Sequence[Post], replication: int, weeks: int) -> Floats:
    """(n_posts, 2, n_weeks) numbers that decide who is away and who ill: a post's in every variant."""
    found = np.empty((len(who), 2, weeks))
    by_group: dict[int, list[int]] = {}
    for row, post in enumerate(who):
        by_group.setdefault(post.group, []).append(row)
    for group, rows in by_group.items():
        numbers = [who[row].number for row in rows]
        draw = generator(scenario.run.seed, Purpose.AWAY, replication, group)
        found[rows] = draw.random((max(numbers) + 1, 2, weeks))[numbers]
    return found
