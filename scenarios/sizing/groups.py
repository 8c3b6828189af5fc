"""Whose size is sought: what a step of each group costs and can do, and who is where for so many steps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from allocator.errors import BadInput, Fault
from scenarios.capacity import net_hours, posts_in, reviews_a_year
from scenarios.demand import flow
from scenarios.group import Group
from scenarios.outcome import ENDS
from scenarios.scenario import End, Scenario
from scenarios.sizing.search import Grid, Point, Step
from scenarios.units import FULL_TIME, WEEKS_A_YEAR, YEAR
from scenarios.workforce import homes_of

HALF: Final = 0.5
MOST_TIMES: Final = 16
"""So many times what the work alone takes is tried: beyond, more staff change nothing."""
LEAST_TRIED: Final = 4.0
"""Posts that are tried in any case."""
SLOW: Final = 2.0
"""Who takes so many times the days of the quickest may do harm: what they take is late."""
THOUSANDTHS: Final = 1000
A_WTE: Final = 10**9
"""Where least WTE is sought it comes before all money, and money decides between equals."""
Least = Literal["cost", "wte"]


@dataclass(frozen=True)
class Sought:
    """A group whose size is sought: in half posts, or in so many people as make one of their hours.

    Parameters
    ----------
    number : its place among the groups; areas : numbers of those in which it may be
    reviews : that one step can do in a year; price : of a step, whole
    a_year : £ of a step a year, never vacant and fully used
    days : that an hour of reviews takes one of them
    """

    group: Group
    number: int
    areas: tuple[int, ...]
    step: float
    wte: float
    reviews: float
    price: int
    a_year: float
    days: float


def sought(scenario: Scenario, names: Sequence[str], least: Least) -> tuple[Sought, ...]:
    """The groups of some names, the quick ones that do most for their price last; without names the first.

    Raises
    ------
    BadInput
        There is no such group, or its posts have no hours.
    """
    known = {one.name: at for at, one in enumerate(scenario.groups)}
    listed = ", ".join(known)
    faults = [
        Fault("unknown-group", "there is no such group", value=name, hint=f"known: {listed}")
        for name in names
        if name not in known
    ]
    if faults:
        raise BadInput(faults)
    chosen = dict.fromkeys(names) or dict.fromkeys(list(known)[:1])
    found = [_sought(scenario, known[name], least) for name in chosen]
    hint = "see its hours_a_week, review_share, away_weeks and sickness"
    faults = [
        Fault("no-hours", "its posts have no hours for reviews", value=one.group.name, hint=hint)
        for one in found
        if not one.reviews
    ]
    if faults:
        raise BadInput(faults)
    quick = _quick(found)
    return tuple(sorted(found, key=lambda one: (one.days <= quick, -one.price / one.reviews, one.number)))


def _quick(groups: Sequence[Sought]) -> float:
    """The most days of an hour of reviews that do no harm."""
    return SLOW * min((one.days for one in groups), default=0.0)


def _sought(scenario: Scenario, number: int, least: Least) -> Sought:
    group = scenario.groups[number]
    step = HALF if group.people is None else max(1.0, round(HALF * FULL_TIME / (group.hours_a_week or 1.0)))
    wte = step * (1.0 if group.people is None else group.hours_a_week / FULL_TIME)
    reviews = step * reviews_a_year(scenario, group, net_hours(group))
    pounds = step * group.cost * group.hours_a_week / FULL_TIME
    a_year = group.price * reviews if group.kind == "provider" else pounds
    price = round(a_year * (1.0 if group.kind == "provider" else _held(group)))
    if least == "wte":
        price += round(THOUSANDTHS * wte) * A_WTE
    areas = tuple(n for n, one in enumerate(scenario.areas) if not group.areas or one.name in group.areas)
    days = YEAR / (net_hours(group) or 1.0)
    return Sought(group, number, areas, step, wte, reviews, price, a_year, days)


def _held(group: Group) -> float:
    """The share of the time in which a post has a holder, in the long run: the rest is not paid."""
    training = group.turnover * group.training_weeks / WEEKS_A_YEAR
    return (1 + training) / (1 + training + group.turnover * group.recruitment_weeks / WEEKS_A_YEAR)


def asked(scenario: Scenario, groups: Sequence[Sought], areas: Sequence[int]) -> tuple[float, float]:
    """Reviews a year that some areas ask for, and what of them the groups that are not sought cannot do."""
    a_year = sum(flow(scenario, scenario.areas[n]).total for n in areas) / scenario.run.years
    numbers, done = {one.number for one in groups}, 0.0
    for at, group in enumerate(scenario.groups):
        count = math.ceil(posts_in(group))
        if at in numbers or not count:
            continue
        here = sum(home in areas for home in homes_of(scenario, group, count)) / count
        most = posts_in(group) * reviews_a_year(scenario, group, net_hours(group))
        done += here * min(most, group.ceiling or math.inf)
    return a_year, max(0.0, a_year - done)


def grid_of(groups: Sequence[Sought], a_year: float, rest: float) -> Grid:
    """Where to look for sizes that do so many reviews a year, of which others cannot do a rest."""
    shares = [a_year / len(groups) / one.reviews for one in groups]
    part = rest / a_year if a_year else 0.0
    first = tuple(max(1, math.ceil(part * share)) for share in shares)
    most = tuple(
        max(math.ceil(MOST_TIMES * len(groups) * share), round(LEAST_TRIED / one.step), count)
        for share, one, count in zip(shares, groups, first, strict=True)
    )
    quick = _quick(groups)
    steps = tuple(Step(one.price, one.reviews, one.days > quick) for one in groups)
    return Grid(steps, rest, first, most)


def by_area(scenario: Scenario, groups: Sequence[Sought], sizes: dict[tuple[int, ...], Point]) -> Scenario:
    """The scenario with each group that is sought as groups of their own, one an area, of some sizes.

    Parameters
    ----------
    sizes : of each pool, by the numbers of its areas, how many steps of those groups that may be there
    """
    found: list[Group] = []
    numbers = {one.number: one for one in groups}
    for at, group in enumerate(scenario.groups):
        if at not in numbers:
            found.append(group)
            continue
        posts = posts_by_area(scenario, numbers[at], groups, sizes)
        found += [_there(scenario, numbers[at], area, posts.get(area, 0.0)) for area in numbers[at].areas]
    return scenario.model_copy(update={"groups": tuple(found)})


def posts_by_area(
    scenario: Scenario, one: Sought, groups: Sequence[Sought], sizes: dict[tuple[int, ...], Point]
) -> dict[int, float]:
    """Of a group that is sought, how many posts each area has for some sizes."""
    found: dict[int, float] = {}
    for pool, point in sizes.items():
        here = [other.number for other in within(groups, pool)]
        if one.number not in here:
            continue
        posts = point[here.index(one.number)] * one.step
        names = tuple(scenario.areas[n].name for n in pool if n in one.areas)
        homes = homes_of(scenario, one.group.model_copy(update={"areas": names}), math.ceil(posts))
        for number, home in enumerate(homes):
            found[home] = found.get(home, 0.0) + min(1.0, posts - number)
    return found


def within(groups: Sequence[Sought], areas: Sequence[int]) -> list[Sought]:
    """Those groups that may be in some of the areas."""
    return [one for one in groups if any(n in areas for n in one.areas)]


def _there(scenario: Scenario, one: Sought, area: int, posts: float) -> Group:
    """A group's posts of one area, with that area's part of what is agreed for the whole of it."""
    group, place = one.group, scenario.areas[area]
    part = place.share / sum(scenario.areas[n].share for n in one.areas)
    name = group.name if len(one.areas) == 1 else f"{group.name}, {place.name}"
    size = {"wte": posts} if group.people is None else {"people": round(posts)}
    agreed = {"minimum": group.minimum * part, "ceiling": group.ceiling and group.ceiling * part}
    return group.model_copy(update={"name": name, "areas": (place.name,), **size, **agreed})


def targets(scenario: Scenario) -> dict[End, float]:
    """What is wanted: the share of each end that has one.

    Raises
    ------
    BadInput
        Nothing is.
    """
    found = {end: share for end in ENDS if (share := scenario.targets.share(end)) is not None}
    if not found:
        hint = "targets.completed = 0.95"
        raise BadInput([Fault("no-target", "there is nothing to meet", pointer="/targets", hint=hint)])
    return found


def names_of(groups: Sequence[Sought]) -> Iterator[str]:
    """Yield the groups' names, in the order of the scenario."""
    yield from (one.group.name for one in sorted(groups, key=lambda one: one.number))
