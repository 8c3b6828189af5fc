"""A review service as the simulators beside us are told of it: cases, weekly hours, and what is reported.

For the rivals' own Python, which has none of our packages; the rules are those of `scenarios.engine`, written
again. Times are days, work is in hours.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

NEVER = math.inf
WEEK, YEAR = 7.0, 365.25


@dataclass(frozen=True)
class Review:
    """The service.

    Parameters
    ----------
    until, first : days simulated, and before which no case counts
    a_year : notifications; posts, caseload : reviewers, and cases that one has at once
    full, steady : hours of a post in a week, and in the last; away, ill : chances of a week off
    hours, more_hours, more_share, extra_hours, hours_cv : of work: of all, of some, and what does not vary
    evidence, slow, slow_share, evidence_cv : days
    hold_share, hold_after, hold_after_cv, hold_lasts, hold_lasts_cv : days
    sign_off, panel : days from the end of work to the next panel, and between two
    week, priority, overdue, unsafe : points of urgency; allocate, safe : days after which the last two begin
    """

    until: float
    first: float
    a_year: float
    posts: int
    caseload: int
    full: float
    steady: float
    away: float
    ill: float
    hours: float
    more_hours: float
    more_share: float
    extra_hours: float
    hours_cv: float
    evidence: float
    slow: float
    slow_share: float
    evidence_cv: float
    hold_share: float
    hold_after: float
    hold_after_cv: float
    hold_lasts: float
    hold_lasts_cv: float
    sign_off: float
    panel: float
    priority_share: float
    week: float
    priority: float
    overdue: float
    unsafe: float
    allocate: float
    safe: float


@dataclass(slots=True)
class Case:
    """One case: its numbers, and what happened to it; NEVER for what did not."""

    notified: float
    priority: int
    hours: float
    evidence: float
    hold_from: float = NEVER
    hold_to: float = NEVER
    allocated: float = NEVER
    begun: float = NEVER
    finished: float = NEVER
    completed: float = NEVER

    def finish(self, review: Review, begun: float, finished: float) -> None:
        """Say when it was worked on, and by that at which panel it is signed off."""
        self.begun, self.finished = begun, finished
        self.completed = math.ceil((finished + review.sign_off) / review.panel) * review.panel


def new_case(review: Review, random: Random, now: float) -> Case:
    """Return a case that is notified now."""
    hours = review.hours + (review.more_hours if random.random() < review.more_share else 0.0)
    days = review.slow if random.random() < review.slow_share else review.evidence
    case = Case(
        now,
        int(random.random() < review.priority_share),
        lognormal(random, hours, review.hours_cv) + review.extra_hours,
        lognormal(random, days, review.evidence_cv),
    )
    if random.random() < review.hold_share:
        case.hold_from = now + lognormal(random, review.hold_after, review.hold_after_cv)
        case.hold_to = case.hold_from + lognormal(random, review.hold_lasts, review.hold_lasts_cv)
    return case


def lognormal(random: Random, mean: float, cv: float) -> float:
    """Return a number of so large a mean and coefficient of variation."""
    variance = math.log1p(cv * cv)
    return mean * random.lognormvariate(-variance / 2, math.sqrt(variance))


def urgency(review: Review, case: Case, now: float) -> float:
    """Return the points of a case that waits; of equal ones the oldest first."""
    days = now - case.notified
    if case.hold_from < now:
        days -= min(case.hold_to, now) - case.hold_from
    points = review.week * (days // WEEK) + review.priority * case.priority - 1e-6 * case.notified
    if days > review.allocate:
        points += review.overdue
    return points + review.unsafe if days >= review.safe else points


def weekly_hours(review: Review, random: Random) -> list[list[float]]:
    """Return the hours of each post in each week; after the last one the last goes on."""
    weeks = math.ceil(review.until / WEEK)
    return [
        [
            review.full * (random.random() >= review.away) * (random.random() >= review.ill)
            for _ in range(weeks)
        ]
        + [review.steady]
        for _ in range(review.posts)
    ]


def worked_by(weekly: Sequence[float], when: float, hours: float) -> float:
    """Return the day on which so many hours are done by a post that begins now."""
    last = len(weekly) - 1
    week = min(int(when // WEEK), last)
    left = hours + weekly[week] * (when / WEEK - week)
    while left > weekly[week] and week < last:
        left -= weekly[week]
        week += 1
    return WEEK * (week + left / weekly[week]) if weekly[week] else when


def told(review: Review, replications: Sequence[Sequence[Case]], seconds: float) -> dict[str, float]:
    """Return the means over the replications with their half-widths, how many cases, and the CPU seconds."""
    waits, days, completed = [], [], []
    for cases in replications:
        count = [one for one in cases if one.notified >= review.first]
        waits.append(mean([one.allocated - one.notified for one in count if one.allocated < review.until]))
        done = [one for one in cases if one.completed < review.until]
        days.append(mean([one.completed - one.notified for one in done if one.notified >= review.first]))
        completed.append(float(len(done)))
    return {
        **with_half_width("mean_wait_days", waits),
        **with_half_width("mean_days_to_completion", days),
        **with_half_width("completed", completed),
        "cases": sum(map(len, replications)),
        "cpu_seconds": seconds,
    }


def mean(values: Sequence[float]) -> float:
    """Return the mean, 0 of nothing."""
    return statistics.fmean(values) if values else 0.0


def with_half_width(name: str, values: Sequence[float]) -> dict[str, float]:
    """Return the mean of independent values, and half the width of its 95 % interval."""
    width = 1.96 * statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else NEVER
    return {name: mean(values), f"{name}_half_width": width}


@dataclass(frozen=True)
class Line:
    """A plain queue: Poisson arrivals, exponential service, so many servers; none counts before `first`."""

    arrivals: float
    service: float
    servers: int
    until: float
    first: float


def told_of_line(
    line: Line, replications: Sequence[Sequence[tuple[float, float]]], seconds: float
) -> dict[str, float]:
    """Return the mean wait over replications, each of arrivals and beginnings; how many, and CPU seconds."""
    waits = [mean([begun - came for came, begun in one if came >= line.first]) for one in replications]
    cases = sum(map(len, replications))
    return {**with_half_width("mean_wait", waits), "cases": cases, "cpu_seconds": seconds}
