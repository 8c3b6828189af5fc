"""What came of one variant: by replication and area, week by week and year by year."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scenarios.scenario import Scenario
from scenarios.units import FULL_TIME, MONTH, WEEK, WEEKS_A_YEAR, YEAR
from scenarios.workforce import Post
from scenarios.world import Cases, Posts, Records, Stage

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OPEN: Final = (
    Stage.TO_ALLOCATE, Stage.IN_EVIDENCE, Stage.NOT_BEGUN, Stage.IN_PROGRESS, Stage.AWAITING_SIGN_OFF,
    Stage.ON_HOLD,
)  # fmt: skip
"""The stages of an open case, in the order of `Outcome.open`."""
ENDS: Final = ("allocated", "completed")
OF: Final = ("eligible", "all")
AT_ONCE: Final = 1e-9
"""Days that are none: sums of days differ in their last digits."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of some replications: the first axis of every array. The second, if named, is the areas'.

    Parameters
    ----------
    open : (n, areas, weeks + 1, stages) open cases at the end of each week, the first entry at the start
    overdue : (n, areas, weeks + 1) cases that wait although they should have been allocated
    due, in_time : (n, areas, years, 2 ends, 2 of) cases whose clock reached its limit in a year, and those of
        them that were allocated, or completed, by then
    notified, completed : (n, areas, years) cases
    waits : (n, areas, 3) days summed from notification to allocation, from there to the beginning, from there
        to completion, over the cases of `begun`; begun : (n, areas) completed cases that count
    waited, allocated, at_once : (n, areas) days from notification to allocation, summed over the cases
        allocated that were notified when it counts; how many these are, and how many did not wait at all
    hours, available, reviews : (n, groups) worked, there to be worked, and reviews completed
    skill_wait, skill_cases : (n, skills + 1) days waited for allocation, and cases; without a skill, and by
        skill
    admin_hours : (n, pools); asked_again : (n,) requests for evidence that had lapsed
    """

    open: Ints
    overdue: Ints
    due: Ints
    in_time: Ints
    notified: Ints
    completed: Ints
    waits: Floats
    begun: Ints
    waited: Floats
    allocated: Ints
    at_once: Ints
    hours: Floats
    available: Floats
    reviews: Ints
    skill_wait: Floats
    skill_cases: Ints
    admin_hours: Floats
    asked_again: Ints


def joined(parts: list[Outcome]) -> Outcome:
    """Replications one after the other."""
    return Outcome(
        **{one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Outcome)}
    )


AREAS_BESIDE = ("open", "overdue", "due", "in_time", "notified", "completed", "waits", "begun", "waited",
                "allocated", "at_once", "admin_hours")  # fmt: skip


def beside(pools: list[Outcome], order: list[int]) -> Outcome:
    """The pools of a scenario as one: areas in their order, groups added up."""
    found = {}
    for one in fields(Outcome):
        parts = [getattr(pool, one.name) for pool in pools]
        if one.name in AREAS_BESIDE:
            whole = np.concatenate(parts, axis=1)
            found[one.name] = whole if one.name == "admin_hours" else whole[:, np.argsort(order)]
        else:
            found[one.name] = np.sum(parts, axis=0)
    return Outcome(**found)


def outcome_of(
    scenario: Scenario, chosen: list[int], who: list[Post], cases: Cases, posts: Posts, records: Records
) -> Outcome:
    """What came of one pool.

    Parameters
    ----------
    chosen : its areas; who : its posts
    """
    n_lanes, n_areas = cases.notified.shape[0], len(chosen)
    area = cases.sort >> len(scenario.demand.skills)
    until = scenario.run.years * YEAR
    years = int(np.ceil(scenario.run.years - 1e-9))
    due, in_time = _in_time(scenario, cases, records, area, n_areas, years)
    lanes = np.broadcast_to(np.arange(n_lanes)[:, None], area.shape)

    def by_year(day: Floats) -> Ints:
        counts = (day >= 0) & (day < until)
        year = np.minimum((day[counts] / YEAR).astype(int), years - 1)
        return _count((n_lanes, n_areas, years), lanes[counts], area[counts], year)

    waited, allocated, at_once = _until_allocated(scenario, cases, records, lanes, area, n_areas)
    waits, begun = _waits(scenario, cases, records, lanes, area, n_areas)
    group = np.array([one.group for one in who] or [0])
    skill_wait, skill_cases = _by_skill(scenario, cases, records, lanes, until)
    done = records.completed < until
    return Outcome(
        open=_open(records, area, n_areas, until),
        overdue=_overdue(scenario, cases, records, lanes, area, n_areas),
        due=due,
        in_time=in_time,
        notified=by_year(cases.notified),
        completed=by_year(records.completed),
        waits=waits,
        begun=begun,
        waited=waited,
        allocated=allocated,
        at_once=at_once,
        hours=_by_group(records.hours, group, len(scenario.groups)),
        available=_by_group(_available(posts, n_lanes, until), group, len(scenario.groups)),
        reviews=_count((n_lanes, len(scenario.groups)), lanes[done], group[records.post[done]]),
        skill_wait=skill_wait,
        skill_cases=skill_cases,
        admin_hours=records.admin_hours[:, None],
        asked_again=records.asked_again.sum(axis=1),
    )


def _count(shape: tuple[int, ...], *index: Ints, weights: Floats | None = None) -> NDArray[np.int64]:
    """How many there are at each place."""
    flat = np.ravel_multi_index(index, shape) if len(index[0]) else np.empty(0, np.int64)
    found = np.bincount(flat, weights, minlength=int(np.prod(shape)))
    return found.reshape(shape)


def _open(records: Records, area: Ints, n_areas: int, until: float) -> Ints:
    """Open cases by stage at the end of every week: changes of stage, added up."""
    weeks = int(np.floor(until / WEEK + 1e-9))
    shape = (area.shape[0], n_areas, weeks + 2, len(Stage))
    week = np.minimum(np.ceil(np.maximum(records.at, 0.0) / WEEK), weeks + 1)
    week = np.where(np.isfinite(week), week, weeks + 1).astype(np.int64)
    where = area[records.lane, records.case]
    came = _count(shape, records.lane, where, week, records.stage)
    went = _count(shape, records.lane, where, week, records.before)
    totals = np.cumsum(came - went, axis=2)[:, :, : weeks + 1]
    return np.asarray(totals[..., [int(stage) for stage in OPEN]])


def _overdue(
    scenario: Scenario, cases: Cases, records: Records, lanes: Ints, area: Ints, n_areas: int
) -> Ints:
    """Cases that wait although their day is over, at the end of every week."""
    until = scenario.run.years * YEAR
    weeks = int(np.floor(until / WEEK + 1e-9))
    limit = _limit(cases, scenario.targets.allocated_months * MONTH)
    late = (records.allocated > limit) & (limit < until)
    shape = (area.shape[0], n_areas, weeks + 2)

    def at(day: Floats) -> Ints:
        week = np.ceil(np.maximum(day[late], 0.0) / WEEK)
        return np.minimum(np.where(np.isfinite(week), week, weeks + 1), weeks + 1).astype(np.int64)

    came = _count(shape, lanes[late], area[late], at(limit))
    went = _count(shape, lanes[late], area[late], at(records.allocated))
    return np.asarray(np.cumsum(came - went, axis=2)[:, :, : weeks + 1])


def _limit(cases: Cases, days: float) -> Floats:
    """The day on which a clock of so many days ends: a hold that begins before stops it."""
    plain = cases.notified + days
    with np.errstate(invalid="ignore"):
        held = np.where(cases.hold_from < plain, cases.hold_to - cases.hold_from, 0.0)
    return np.asarray(plain + held)


def _in_time(
    scenario: Scenario, cases: Cases, records: Records, area: Ints, n_areas: int, years: int
) -> tuple[Ints, Ints]:
    """Cases whose clock ended in each year of the run, and those done by then; stopped by holds, and not."""
    until, first = scenario.run.years * YEAR, scenario.run.measure_from * YEAR
    months = (scenario.targets.allocated_months, scenario.targets.completed_months)
    shape = (area.shape[0], n_areas, years)
    due = np.zeros((*shape, len(ENDS), len(OF)), np.int64)
    in_time = np.zeros_like(due)
    lanes = np.broadcast_to(np.arange(area.shape[0])[:, None], area.shape)
    for end, (limit_months, done) in enumerate(
        zip(months, (records.allocated, records.completed), strict=True)
    ):
        days = limit_months * MONTH
        for of, limit in enumerate((_limit(cases, days), cases.notified + days)):
            counts = (limit >= first) & (limit < until)
            at = (lanes[counts], area[counts], np.minimum((limit[counts] / YEAR).astype(int), years - 1))
            due[..., end, of] = _count(shape, *at)
            was = (done <= limit)[counts].astype(float)
            in_time[..., end, of] = _count(shape, *at, weights=was)
    return due, in_time


def _waits(
    scenario: Scenario, cases: Cases, records: Records, lanes: Ints, area: Ints, n_areas: int
) -> tuple[Floats, Ints]:
    """Days of each part of the way, summed over the cases completed that were notified when it counts."""
    first = scenario.run.measure_from * YEAR
    counts = (records.completed < scenario.run.years * YEAR) & (cases.notified >= first)
    at = (lanes[counts], area[counts])
    shape = (area.shape[0], n_areas)
    marks = (cases.notified, records.allocated, records.begun, records.completed)
    parts = (
        [_count(shape, *at, weights=later[counts] - earlier[counts]) for earlier, later in pairwise(marks)]
        if counts.any()
        else [np.zeros(shape)] * 3
    )
    return np.stack(parts, axis=-1).astype(np.float64), _count(shape, *at)


def _until_allocated(
    scenario: Scenario, cases: Cases, records: Records, lanes: Ints, area: Ints, n_areas: int
) -> tuple[Floats, Ints, Ints]:
    """Days until allocation summed, over how many cases, and how many of them were allocated at once."""
    first, until = scenario.run.measure_from * YEAR, scenario.run.years * YEAR
    counts = (records.allocated < until) & (cases.notified >= first)
    days = records.allocated[counts] - cases.notified[counts]
    at, shape = (lanes[counts], area[counts]), (area.shape[0], n_areas)
    now = days <= AT_ONCE
    return (
        _count(shape, *at, weights=days).astype(np.float64),
        _count(shape, *at),
        _count(shape, at[0][now], at[1][now]),
    )


def _by_skill(
    scenario: Scenario, cases: Cases, records: Records, lanes: Ints, until: float
) -> tuple[Floats, Ints]:
    """How long cases have waited for allocation, without a skill and by skill; those that wait still, too."""
    n = len(scenario.demand.skills)
    shape = (lanes.shape[0], n + 1)
    wait, count = np.zeros(shape), np.zeros(shape, np.int64)
    there = cases.notified < until
    with np.errstate(invalid="ignore"):
        days = np.where(there, np.minimum(records.allocated, until) - cases.notified, 0.0)
    needs = cases.sort & ((1 << n) - 1)
    for at in range(n + 1):
        its = there & ((needs == 0) if at == 0 else (needs >> (at - 1) & 1).astype(bool))
        wait[:, at], count[:, at] = (days * its).sum(axis=1), its.sum(axis=1)
    return wait, count


def _by_group(values: Floats, group: Ints, n_groups: int) -> Floats:
    """Values by post added up by group."""
    found = np.zeros((values.shape[0], n_groups))
    for at in range(n_groups):
        found[:, at] = values[:, group == at].sum(axis=1)
    return found


def _available(posts: Posts, n_lanes: int, until: float) -> Floats:
    """(n_lanes, n_posts) hours that were there: of each post's calendar, while it had a holder."""
    n_posts = len(posts.caseload)
    every = np.arange(n_lanes * n_posts)
    whole = posts.calendar.hours_until(every, np.full(len(every), until)).reshape(n_lanes, n_posts)
    found = whole * posts.is_there
    for column in range(posts.changes.shape[1]):
        lane = np.flatnonzero(posts.changes[:, column] < until)
        post, day = posts.changed[lane, column], posts.changes[lane, column]
        rest = whole[lane, post] - posts.calendar.hours_until(lane * n_posts + post, day)
        found[lane, post] += np.where(posts.comings[lane, column], rest, -rest)
    return np.asarray(found)


def cost(scenario: Scenario, found: Outcome) -> Floats:
    """£ of each replication: posts while they had a holder, reviews bought, administration."""
    years = scenario.run.years
    total = np.full(found.hours.shape[0], scenario.evidence.admin_wte * scenario.evidence.admin_cost * years)
    for at, group in enumerate(scenario.groups):
        if group.kind == "provider":
            total += group.price * np.maximum(found.reviews[:, at], group.minimum * years)
            continue
        net = group.review_share * (1 - group.away_weeks * WEEK / YEAR) * (1 - group.sickness)
        if net > 0:
            contracted = found.available[:, at] / net  # hours of those who were there, at work or not
            total += group.cost * contracted / (FULL_TIME * WEEKS_A_YEAR)
    return total
