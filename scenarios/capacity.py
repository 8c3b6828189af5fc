"""What one post can do at most, and what is asked of all: the sums before any simulation."""

from __future__ import annotations

import math

from scenarios.group import Group
from scenarios.scenario import Scenario
from scenarios.units import FULL_TIME, WEEKS_A_YEAR, YEAR


def posts_in(group: Group) -> float:
    """How many posts a group has; a part-time one counts as a part."""
    return (group.wte or 0.0) if group.people is None else float(group.people)


def wte_of(group: Group) -> float:
    """Full-time posts of a group: its wte, or what its people's hours make."""
    return posts_in(group) * (1.0 if group.people is None else group.hours_a_week / FULL_TIME)


def review_hours(scenario: Scenario) -> float:
    """Hours of a reviewer that a review takes on average, before any is returned."""
    work, evidence = scenario.work, scenario.evidence
    hours = work.initial_hours + work.focused_share * work.focused_hours
    return hours + (evidence.admin_hours if not evidence.admin_wte else 0.0)


def net_hours(group: Group) -> float:
    """Hours a year that one post, never vacant, has for reviews."""
    weeks = max(0.0, WEEKS_A_YEAR - group.away_weeks)
    return group.hours_a_week * group.review_share * (1 - group.sickness) * weeks


def reviews_a_year(scenario: Scenario, group: Group, hours: float) -> float:
    """Reviews that a post with so many hours a year can do: by them, its caseload, its cases a year."""
    evidence = scenario.evidence
    each = review_hours(scenario) * (1 + group.returned * scenario.work.rework)
    if hours <= 0:
        return 0.0
    days = evidence.days + evidence.slow_share * (evidence.slow_days - evidence.days)
    days = (0.0 if evidence.on_notification else days) + each / (hours / YEAR)
    by_hours = hours / each if each else math.inf
    by_caseload = group.caseload * YEAR / days if days else math.inf
    return min(by_hours, by_caseload, group.cases_a_year or math.inf)
