"""What came of one variant: by replication and area, week by week and year by year; and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from scenarios.group import Group
from scenarios.scenario import End, Scenario
from scenarios.world import Stage

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OPEN: Final = (
    Stage.TO_ALLOCATE, Stage.IN_EVIDENCE, Stage.NOT_BEGUN, Stage.IN_PROGRESS, Stage.AWAITING_SIGN_OFF,
    Stage.ON_HOLD,
)  # fmt: skip
"""The stages of an open case, in the order of `Outcome.open`."""
ENDS: Final[tuple[End, ...]] = get_args(End)
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
    due, in_time : (n, areas, years, 3 ends, 2 of) cases whose clock reached its limit in a year, and those of
        them that were allocated, begun, or completed, by then
    notified, completed : (n, areas, years) cases
    waits : (n, areas, 3) days summed from notification to allocation, from there to the beginning, from there
        to completion, over the cases of `begun`; begun : (n, areas) completed cases that count
    waited, allocated, at_once : (n, areas) days from notification to allocation, summed over the cases
        allocated that were notified when it counts; how many these are, and how many did not wait at all
    hours, available, reviews : (n, areas, groups) worked, there to be worked, and reviews completed, by posts
        at home in an area
    paid : (n, areas, groups) years of full-time posts that had a holder, at work or not
    skill_wait, skill_cases : (n, areas, skills + 1) days waited for allocation, and cases; without a skill,
        and by skill
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
    paid: Floats
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


def beside(pools: list[Outcome], order: list[int]) -> Outcome:
    """The pools of a scenario as one: areas in their order.

    Parameters
    ----------
    order : the numbers of the areas, as the pools have them
    """
    found = {}
    for one in fields(Outcome):
        parts = [getattr(pool, one.name) for pool in pools]
        if one.name == "asked_again":
            found[one.name] = np.sum(parts, axis=0)
        else:
            whole = np.concatenate(parts, axis=1)
            found[one.name] = whole if one.name == "admin_hours" else whole[:, np.argsort(order)]
    return Outcome(**found)


def cost(scenario: Scenario, found: Outcome, areas: Sequence[int] | None = None) -> Floats:
    """(n, areas) £ of each replication: posts while they have a holder, reviews bought, administration.

    Administration, and a minimum that is paid in any case, are divided by the shares of the areas.

    Parameters
    ----------
    areas : the numbers of the outcome's areas; None: all there are
    """
    chosen = range(len(scenario.areas)) if areas is None else areas
    shares = np.array([scenario.areas[n].share for n in chosen])
    whole = sum(one.share for one in scenario.areas)
    years, evidence = scenario.run.years, scenario.evidence
    total = np.tile(evidence.admin_wte * evidence.admin_cost * years * shares / whole, (len(found.open), 1))
    for at, group in enumerate(scenario.groups):
        if group.kind == "provider":
            total += group.price * _bought(scenario, group, found.reviews[:, :, at], chosen)
        else:
            total += group.cost * found.paid[:, :, at]
    return total


def _bought(scenario: Scenario, group: Group, reviews: Ints, areas: Sequence[int]) -> Floats:
    """(n, areas) reviews that are paid: those done, and what is missing of the areas' part of the minimum."""
    its = [one.share if not group.areas or one.name in group.areas else 0.0 for one in scenario.areas]
    shares = np.array(its)[list(areas)]
    if not shares.any():
        return reviews.astype(np.float64)
    least = group.minimum * scenario.run.years * shares.sum() / sum(its)
    missing = np.maximum(least - reviews.sum(axis=1), 0.0)
    return np.asarray(reviews + missing[:, None] * shares / shares.sum())
