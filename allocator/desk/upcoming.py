"""What a reviewer with hours should take next: the most urgent cases that nothing stops them from."""

from __future__ import annotations

from datetime import date

import numpy as np
from pydantic import Field

from allocator.desk.desk import Now
from allocator.exact import Ints, hours, percent
from allocator.held import Role
from allocator.plan import Number, Part, RoleName


class NextCase(Part):
    """One place that the reviewer could take, and what it would do."""

    case_id: str = Field(description="The case")
    role: RoleName = Field(description="The place: lead or second")
    points: int = Field(description="Points of `unallocated` that it would end")
    days_waiting: int = Field(description="Days on its clock")
    hours: Number = Field(description="Hours it takes of them")
    workload_percent_after: Number | None = Field(description="Hours they would have ÷ capacity")
    finish_on: date | None = Field(description="Forecast day of sign-off; empty: not within five years")
    complete_by: date = Field(description="Day by which the review is to be completed")
    on_time: bool = Field(description="finish_on is no later than complete_by")
    others_able: int = Field(description="How many others could take it now")
    late: int = Field(description="Points of `late` that it adds to all that stands")
    cost: int = Field(description="Points of `cost` that it adds")


class NextCases(Part):
    """The answer about one reviewer."""

    reviewer_id: str = Field(description="The reviewer")
    warnings: tuple[str, ...] = Field(description="Publications that do not count, and why")
    workload_percent: Number | None = Field(description="Hours they have ÷ capacity; empty: no capacity")
    hours_left: Number = Field(description="Hours that may still be given to them")
    able: int = Field(description="How many places they could take now, one at a time; the best are listed")
    cases: tuple[NextCase, ...] = Field(description="The best first")


def next_cases(now: Now, reviewer_id: str, top: int = 5) -> NextCases:
    """The best places for one reviewer to take next, each as if it were the only one, most urgent first.

    Parameters
    ----------
    top : int ≥ 1, how many at most

    Raises
    ------
    BadInput
        No such reviewer.
    """
    who = now.desk.reviewer(reviewer_id)
    found: list[tuple[tuple[int, int, int, str], NextCase]] = []
    able = 0
    for role in Role:
        rows, whom = now.could_take(role)
        mine = rows[whom == who]
        able += len(mine)
        others = np.bincount(rows, minlength=len(now.facts.cases)) - 1
        for row in _most_urgent(now, mine, role, top).tolist():
            found.append(_next(now, (row, role), who, int(others[row])))
    given, minutes = int(now.standing.given[who]), now.facts.capacities
    return NextCases(
        reviewer_id=reviewer_id,
        warnings=now.warnings,
        workload_percent=percent(given, int(minutes.capacity[who])),
        hours_left=hours(max(0, int(minutes.limit[who]) - given)),
        able=able,
        cases=tuple(one for _, one in sorted(found, key=lambda pair: pair[0])[:top]),
    )


def _most_urgent(now: Now, rows: Ints, role: Role, top: int) -> Ints:
    """Those of some cases whose place weighs most, so many and all that weigh as much as the last of them."""
    weight = now.desk.penalty_of(rows, role)
    if len(rows) <= top:
        return rows
    return np.asarray(rows[weight >= np.partition(weight, len(rows) - top)[len(rows) - top]])


def _next(
    now: Now, place: tuple[int, Role], who: int, others: int
) -> tuple[tuple[int, int, int, str], NextCase]:
    """A place as it is told, and what it is sorted by."""
    (row, role), facts = place, now.facts
    effect, points = now.effect(row, role, who), int(now.desk.penalty_of(np.array([row]), role)[0])
    case, by = facts.cases[row], int(facts.clocks.complete_by[row])
    late, cost = effect.levels
    return (-points, late, cost, case.case_id), NextCase(
        case_id=case.case_id,
        role=role.label,
        points=points,
        days_waiting=int(facts.clocks.days[row]),
        hours=hours(effect.minutes),
        workload_percent_after=effect.percent[1],
        finish_on=date.fromordinal(effect.finish) if effect.finish else None,
        complete_by=date.fromordinal(by),
        on_time=0 < effect.finish <= by,
        others_able=others,
        late=late,
        cost=cost,
    )
