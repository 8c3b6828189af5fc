"""What keeps reviews from being done sooner: reviewers, administration, a skill, else evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from scenarios.answers import Binds
from scenarios.capacity import review_hours, reviews_a_year
from scenarios.demand import flow
from scenarios.estimates import short
from scenarios.outcome import Outcome
from scenarios.scenario import Scenario
from scenarios.units import WEEK, YEAR
from scenarios.workforce import pools, posts_of, reach

FULL: Final = 0.9
"""A resource that is used beyond this binds."""
Said = tuple[Literal["reviewers", "administration", "evidence", "skill", "nothing"], str]


def binds(scenario: Scenario, found: Outcome) -> Binds:
    """What binds in all areas; where some of those apart never settle, what binds in the worst of them."""
    apart = pools(scenario)
    each = {tuple(pool): binds_in(scenario, found, pool) for pool in apart}
    stuck = {pool: one for pool, one in each.items() if not one.settles}
    if len(apart) == 1:
        return each[tuple(apart[0])]
    if not stuck:
        return binds_in(scenario, found, range(len(scenario.areas)))
    worst = max(stuck, key=lambda pool: math.inf if stuck[pool].load is None else stuck[pool].load or 0.0)
    others = len(stuck) - 1
    where = listed([scenario.areas[n].name for n in worst])
    more = f", and {others} more like it" if others else ""
    return stuck[worst].model_copy(update={"says": f"{stuck[worst].says} (in {where}{more})"})


def binds_in(scenario: Scenario, found: Outcome, areas: Sequence[int]) -> Binds:
    """The first in some areas that is short of what is asked of it.

    Parameters
    ----------
    areas : their numbers; whole pools, whose reviewers have to do with no other area
    """
    evidence, years = scenario.evidence, scenario.run.years
    asked = sum(flow(scenario, scenario.areas[n]).total for n in areas)
    by_hours, able = _reviews(scenario, found, areas)
    load = asked / able if able > 0 else None
    part = sum(scenario.areas[n].share for n in areas) / sum(one.share for one in scenario.areas)
    admin_there = evidence.admin_wte * part * evidence.admin_week * YEAR / WEEK * years
    admin_load = asked * evidence.admin_hours / admin_there if admin_there > 0 else None
    nobody = [scenario.areas[n].name for n in _without(scenario, found, areas)]
    settles = not nobody and load is not None and load < 1 and (admin_load is None or admin_load < 1)
    if load is None:
        what, says = _nobody([])
    elif nobody:
        what, says = _nobody(nobody)
    else:
        there_is = "there is" if able > 0.999 * by_hours else "they may take at once or in a year"
        what, says = _bottleneck(scenario, found, areas, (load, admin_load), there_is)
    return Binds(
        what=what,
        says=says,
        load=None if load is None else short(load),
        admin_load=None if admin_load is None else short(admin_load),
        settles=settles,
    )


def listed(names: Sequence[str]) -> str:
    """Some names in a sentence; of many the first ones, and how many more."""
    if len(names) > 3:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _reviews(scenario: Scenario, found: Outcome, areas: Sequence[int]) -> tuple[float, float]:
    """Reviews in the run that the posts at home in some areas have hours for, and those that they may do."""
    years, by_hours, able = scenario.run.years, 0.0, 0.0
    everybody = posts_of(scenario)
    for at, group in enumerate(scenario.groups):
        homes = [post.home for post in everybody if post.group == at]
        here = sum(home in areas for home in homes)
        hours = float(found.available[:, areas, at].sum(axis=1).mean())
        if hours <= 0 or not here:
            continue
        each = review_hours(scenario) * (1 + group.returned * scenario.work.rework)
        by_hours += hours / each if each else math.inf
        most = here * reviews_a_year(scenario, group, hours / (here * years))
        able += years * min(most, (group.ceiling or math.inf) * here / len(homes))
    return by_hours, able


def _without(scenario: Scenario, found: Outcome, areas: Sequence[int]) -> list[int]:
    """Those of some areas whose cases nobody may take who has hours."""
    there = np.flatnonzero(found.available.sum(axis=(0, 2)) > 0).tolist()
    return [n for n in areas if not any(reach(scenario, home, n) for home in there)]


def _nobody(names: Sequence[str]) -> Said:
    return "reviewers", f"nobody reviews the cases of {listed(names)}" if names else "nobody reviews"


def _bottleneck(
    scenario: Scenario,
    found: Outcome,
    areas: Sequence[int],
    loads: tuple[float, float | None],
    there_is: str,
) -> Said:
    """What is short where somebody reviews every area's cases.

    Parameters
    ----------
    loads : of reviewers, and of administration; there_is : what reviewers have
    """
    load, admin_load = loads
    if load >= 1:
        says = f"more is asked of reviewers than {there_is} ({load:.0%}): the queue grows without end"
        return "reviewers", says
    if admin_load is not None and admin_load >= 1:
        says = f"more is asked of administration than there is ({admin_load:.0%}): it never settles"
        return "administration", says
    skill = _short_skill(scenario, found, areas)
    if skill is not None:
        return "skill", skill
    if admin_load is not None and admin_load > FULL:
        return "administration", f"administration is used to {admin_load:.0%}"
    if load > FULL:
        return "reviewers", f"reviewers are used to {load:.0%} of what {there_is}"
    days = found.waits[:, areas].sum(axis=(0, 1)) / max(1, found.begun[:, areas].sum())
    if days[1] > days[0]:
        says = f"from allocation to the beginning it takes {days[1]:.0f} days, most of it for evidence"
        return "evidence", says
    return "nothing", f"nothing is short: reviewers are used to {load:.0%} of what {there_is}"


def _short_skill(scenario: Scenario, found: Outcome, areas: Sequence[int]) -> str | None:
    """What is said of a skill whose cases wait much longer than others; None: there is none."""
    days, count = found.skill_wait[:, areas].sum(axis=(0, 1)), found.skill_cases[:, areas].sum(axis=(0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        wait = days / count
    for at, skill in enumerate(scenario.demand.skills, start=1):
        if wait[at] > 1.5 * wait[0] + WEEK:
            return (
                f"cases that need {skill.name} wait {wait[at]:.0f} days for a reviewer, others {wait[0]:.0f}"
            )
    return None
