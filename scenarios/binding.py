"""What keeps reviews from being done sooner: reviewers, administration, a skill, else evidence."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final, Literal

import numpy as np

from scenarios.answers import Binds
from scenarios.demand import flow
from scenarios.estimates import short
from scenarios.outcome import Outcome
from scenarios.scenario import Scenario
from scenarios.units import WEEK, YEAR

FULL: Final = 0.9
"""A resource that is used beyond this binds."""


def binds(scenario: Scenario, found: Outcome) -> Binds:
    """The first that is short of what is asked of it: reviewers, administration, a skill, else evidence."""
    work, evidence, years = scenario.work, scenario.evidence, scenario.run.years
    asked = sum(flow(scenario, area).total for area in scenario.areas)
    hours = work.initial_hours + work.focused_share * work.focused_hours
    hours += evidence.admin_hours if not evidence.admin_wte else 0.0
    returned = float(np.mean([one.returned for one in scenario.groups]))
    each = hours * (1 + returned * work.rework)
    there = float(found.available.sum(axis=1).mean())
    usable = sum(_usable(scenario, found, each))
    load = asked * each / usable if usable > 0 else None
    admin_there = evidence.admin_wte * evidence.admin_week * YEAR / WEEK * years
    admin_load = asked * evidence.admin_hours / admin_there if admin_there > 0 else None
    settles = load is not None and load < 1 and (admin_load is None or admin_load < 1)
    there_is = "there is" if usable > 0.999 * there else "they may take at once or in a year"
    what, says = _bottleneck(scenario, found, load, admin_load, there_is)
    return Binds(
        what=what,
        says=says,
        load=None if load is None else short(load),
        admin_load=None if admin_load is None else short(admin_load),
        settles=settles,
    )


def _usable(scenario: Scenario, found: Outcome, each: float) -> Iterator[float]:
    """Yield of each group the hours that it can use: what there is, or less where it may not take more cases.

    Parameters
    ----------
    each : hours of a review
    """
    evidence, years = scenario.evidence, scenario.run.years
    days = evidence.days + evidence.slow_share * (evidence.slow_days - evidence.days)
    days = 0.0 if evidence.on_notification else days
    for at, group in enumerate(scenario.groups):
        there = float(found.available[:, at].mean())
        posts = math.ceil(group.wte or 0) if group.people is None else group.people
        if not there or not each:
            yield there
            continue
        of_one = group.caseload * YEAR / (days + each / (there / (posts * years * YEAR)))
        most = posts * min(of_one, group.cases_a_year or math.inf)
        yield min(there, each * years * min(most, group.ceiling or math.inf))


def _bottleneck(
    scenario: Scenario, found: Outcome, load: float | None, admin_load: float | None, there_is: str
) -> tuple[Literal["reviewers", "administration", "evidence", "skill", "nothing"], str]:
    if load is None:
        return "reviewers", "nobody reviews"
    if load >= 1:
        return (
            "reviewers",
            f"more is asked of reviewers than {there_is} ({load:.0%}): the queue grows without end",
        )
    if admin_load is not None and admin_load >= 1:
        return (
            "administration",
            f"more is asked of administration than there is ({admin_load:.0%}): it never settles",
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        wait = found.skill_wait.sum(axis=0) / found.skill_cases.sum(axis=0)
    for at, skill in enumerate(scenario.demand.skills, start=1):
        if wait[at] > 1.5 * wait[0] + WEEK:
            return (
                "skill",
                f"cases that need {skill.name} wait {wait[at]:.0f} days for a reviewer, others {wait[0]:.0f}",
            )
    if admin_load is not None and admin_load > FULL:
        return "administration", f"administration is used to {admin_load:.0%}"
    if load > FULL:
        return "reviewers", f"reviewers are used to {load:.0%} of what {there_is}"
    days = found.waits.sum(axis=(0, 1)) / max(1, found.begun.sum())
    if days[1] > days[0]:
        return (
            "evidence",
            f"from allocation to the beginning it takes {days[1]:.0f} days, most of it for evidence",
        )
    return "nothing", f"nothing is short: reviewers are used to {load:.0%} of what {there_is}"
