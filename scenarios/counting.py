"""The records of a block counted: by replication and area, week by week and year by year."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scenarios.outcome import AT_ONCE, ENDS, OF, OPEN, Outcome
from scenarios.scenario import Scenario
from scenarios.units import FULL_TIME, MONTH, WEEK, YEAR
from scenarios.workforce import Post
from scenarios.world import Cases, Posts, Records, Stage

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
    skill_wait, skill_cases = _by_skill(scenario, cases, records, area, n_areas, until)
    home, group = _homes(chosen, who)
    done = records.completed < until
    last = records.post[done]

    def by_group(values: Floats) -> Floats:
        return _by_group(values, home, group, (n_areas, len(scenario.groups)))

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
        hours=by_group(records.hours),
        available=by_group(_while_held(posts, n_lanes, until, posts.calendar.hours_until)),
        paid=by_group(_paid(scenario, who, posts, n_lanes)),
        reviews=_count((n_lanes, n_areas, len(scenario.groups)), lanes[done], home[last], group[last]),
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
    shape = (area.shape[0], n_areas, years)
    due = np.zeros((*shape, len(ENDS), len(OF)), np.int64)
    in_time = np.zeros_like(due)
    lanes = np.broadcast_to(np.arange(area.shape[0])[:, None], area.shape)
    for end, name in enumerate(ENDS):
        done = _begun(scenario, cases, records) if name == "begun" else getattr(records, name)
        days = scenario.targets.months(name) * MONTH
        for of, limit in enumerate((_limit(cases, days), cases.notified + days)):
            counts = (limit >= first) & (limit < until)
            at = (lanes[counts], area[counts], np.minimum((limit[counts] / YEAR).astype(int), years - 1))
            due[..., end, of] = _count(shape, *at)
            was = (done <= limit)[counts].astype(float)
            in_time[..., end, of] = _count(shape, *at, weights=was)
    return due, in_time


def _begun(scenario: Scenario, cases: Cases, records: Records) -> Floats:
    """The day on which each case was begun; those in hand on which work was done are begun at the start."""
    if scenario.demand.backlog.in_hand_left == 1:
        return records.begun
    return np.where(cases.held, 0.0, records.begun)


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
    scenario: Scenario, cases: Cases, records: Records, area: Ints, n_areas: int, until: float
) -> tuple[Floats, Ints]:
    """How long cases have waited for allocation, without a skill and by skill; those that wait still, too."""
    n = len(scenario.demand.skills)
    shape = (area.shape[0], n_areas)
    wait, count = np.zeros((*shape, n + 1)), np.zeros((*shape, n + 1), np.int64)
    lanes = np.broadcast_to(np.arange(area.shape[0])[:, None], area.shape)
    there = cases.notified < until
    with np.errstate(invalid="ignore"):
        days = np.where(there, np.minimum(records.allocated, until) - cases.notified, 0.0)
    needs = cases.sort & ((1 << n) - 1)
    for at in range(n + 1):
        its = there & ((needs == 0) if at == 0 else (needs >> (at - 1) & 1).astype(bool))
        wait[..., at] = _count(shape, lanes[its], area[its], weights=days[its])
        count[..., at] = _count(shape, lanes[its], area[its])
    return wait, count


def _homes(chosen: list[int], who: list[Post]) -> tuple[Ints, Ints]:
    """(n_posts,) the place of each post's home among the areas, and its group."""
    home, group = [chosen.index(one.home) for one in who], [one.group for one in who]
    return np.array(home or [0], np.int64), np.array(group or [0], np.int64)


def _by_group(values: Floats, home: Ints, group: Ints, shape: tuple[int, int]) -> Floats:
    """(n_lanes, areas, groups) values of posts, added up."""
    found = np.zeros((shape[0] * shape[1], values.shape[0]))
    np.add.at(found, home * shape[1] + group, values.T)
    return found.T.reshape(-1, *shape)


def _while_held(posts: Posts, n_lanes: int, until: float, by_day: Callable[[Ints, Floats], Floats]) -> Floats:
    """(n_lanes, n_posts) of what each post has by some day, as much as it had while it had a holder.

    Parameters
    ----------
    by_day : of posts, lane × n_posts + post, what they have from the start to a day
    """
    n_posts = len(posts.caseload)
    every = np.arange(n_lanes * n_posts)
    whole = by_day(every, np.full(len(every), until)).reshape(n_lanes, n_posts)
    found = whole * posts.is_there
    for column in range(posts.changes.shape[1]):
        lane = np.flatnonzero(posts.changes[:, column] < until)
        post, day = posts.changed[lane, column], posts.changes[lane, column]
        rest = whole[lane, post] - by_day(lane * n_posts + post, day)
        found[lane, post] += np.where(posts.comings[lane, column], rest, -rest)
    return np.asarray(found)


def _paid(scenario: Scenario, who: list[Post], posts: Posts, n_lanes: int) -> Floats:
    """(n_lanes, n_posts) years of a full-time post that are paid: of holders, away or in training too."""
    until = scenario.run.years * YEAR
    days = _while_held(posts, n_lanes, until, lambda at, when: when)
    if not who:
        return days
    groups = [scenario.groups[one.group] for one in who]
    found = WEEK * np.array([one.recruitment_weeks for one in groups])
    ready = found + WEEK * np.array([one.training_weeks for one in groups])
    last = np.array([until if one.to_week is None else min(until, WEEK * one.to_week) for one in groups])
    for column in range(posts.changes.shape[1]):
        lane = np.flatnonzero((posts.changes[:, column] < until) & ~posts.comings[:, column])
        post, left = posts.changed[lane, column], posts.changes[lane, column]
        training = np.minimum(left + ready[post], last[post]) - (left + found[post])
        days[lane, post] += np.maximum(training, 0.0)
    return np.asarray(days / YEAR * np.array([one.hours for one in who]) / FULL_TIME)
