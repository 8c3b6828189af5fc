"""How a plan shares the load: its spread, who carries which cases, and who did how many reviews."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from pydantic import Field

from allocator.efforts import second_of
from allocator.facts import row_array
from allocator.held import Role
from allocator.plan import Number, Part
from allocator.planned import Planned
from allocator.reviewers import Reviewer
from allocator.withholding import SMALL, hidden

DISTANT_KM = 50.0
FEW = 5
"""Reviews in a year: who leads fewer learns slowly, and forgets."""
Trait = Literal["employment", "area", "experience"]
EXPERIENCE = (("none yet", 1), ("1 to 4", 5), ("5 to 19", 20), ("20 or more", None))


class Spread(Part):
    """How unequal the workload is, of those who have capacity."""

    reviewers: int = Field(description="Who have capacity")
    largest: Number = Field(description="Largest workload, per cent of the capacity")
    mean: Number = Field(description="Mean workload, per cent")
    gini: Number = Field(description="Gini coefficient: 0 all alike, near 1 one has all")
    deviation: Number = Field(description="√(Σx² − (Σx)²/n) of the workloads")


class Carried(Part):
    """What one group of reviewers leads in the plan; a count that is withheld is empty."""

    trait: Trait
    group: str
    reviewers: int | None
    leads: int | None = Field(description="Cases led, those on hold included")
    focused: int | None = Field(description="Those of a type with a second reviewer")
    distant: int | None = Field(description="Those more than 50 km away, or away from home if not known")
    overdue: int | None = Field(description="Those whose day to be complete has passed")


class Year(Part):
    """Leads of each reviewer since the policy's year began, the plan's new ones included."""

    leads: int | None = Field(description="All of them; empty if withheld")
    by_reviewer: dict[str, int] = Field(description="By reviewer; empty in what is published")
    done_by_few: Number | None = Field(
        description="Per cent of them led by people with fewer than five; empty: none, or withheld"
    )
    people_with_few: int | None = Field(description="How many people that is, of those with any")


class Fairness(Part):
    """How a plan shares the load."""

    workload: Spread
    before: Spread = Field(description="The same of what is held, before the plan")
    carried: tuple[Carried, ...] = Field(description="By employment, home area and reviews completed so far")
    year: Year


def fairness(planned: Planned, published: bool = False) -> Fairness:
    """How a plan shares the load.

    Parameters
    ----------
    published : withhold counts of 1 to 5, and name no reviewer
    """
    capacity, given = planned.encoding.facts.capacities.capacity, planned.standing
    carried = tuple(row for trait in _TRAITS for row in _carried(planned, trait, published))
    return Fairness(
        workload=spread(given.given, capacity),
        before=spread(given.kept, capacity),
        carried=carried,
        year=_year(planned, published),
    )


def spread(minutes: np.ndarray, capacity: np.ndarray) -> Spread:
    """How unequal so many minutes of so much capacity are."""
    some = capacity > 0
    loads = np.sort(100.0 * minutes[some] / capacity[some])
    n, total = len(loads), float(loads.sum())
    ranks = 2 * np.arange(1, n + 1) - n - 1
    squares = float((loads**2).sum()) - (total**2 / n if n else 0.0)
    return Spread(
        reviewers=n,
        largest=round(float(loads.max(initial=0.0)), 1),
        mean=round(total / n, 1) if n else 0,
        gini=round(float((ranks * loads).sum()) / (n * total), 3) if total else 0,
        deviation=round(sqrt(max(0.0, squares)), 1),
    )


@dataclass(frozen=True)
class _Lead:
    """One case led: by whom, and what it is."""

    reviewer: int
    focused: bool
    distant: bool
    overdue: bool


def _leads(planned: Planned) -> Iterator[_Lead]:
    facts, filled = planned.encoding.facts, planned.filled
    now = facts.snapshot.as_of.toordinal()
    for one in filled.each():
        if one.role is Role.LEAD:
            far = float(facts.kilometres(row_array([one.row]), row_array([one.reviewer]))[0])
            away = facts.cases[one.row].area != facts.reviewers[one.reviewer].areas[0]
            yield _Lead(
                one.reviewer,
                second_of(facts, one.row) is not None,
                far > DISTANT_KM if far == far else away,
                int(facts.clocks.complete_by[one.row]) < now,
            )


def _experience(reviewer: Reviewer) -> str:
    done = reviewer.completed_reviews
    if done is None:
        return "not known"
    return next(name for name, below in EXPERIENCE if below is None or done < below)


_TRAITS: dict[Trait, Callable[[Reviewer], str]] = {
    "employment": lambda reviewer: reviewer.employment,
    "area": lambda reviewer: reviewer.areas[0],
    "experience": _experience,
}


def _carried(planned: Planned, trait: Trait, published: bool) -> Iterator[Carried]:
    people = planned.encoding.facts.reviewers
    group_of = [_TRAITS[trait](reviewer) for reviewer in people]
    groups = sorted(set(group_of), key=_order)
    leads = [(group_of[one.reviewer], one) for one in _leads(planned)]
    columns: list[Sequence[int | None]] = [
        [group_of.count(group) for group in groups],
        [sum(of == group for of, _ in leads) for group in groups],
        [sum(of == group and one.focused for of, one in leads) for group in groups],
        [sum(of == group and one.distant for of, one in leads) for group in groups],
        [sum(of == group and one.overdue for of, one in leads) for group in groups],
    ]
    if published:
        columns = [withheld(column) for column in columns]
    for group, (n, led, focused, distant, overdue) in zip(groups, zip(*columns, strict=True), strict=True):
        yield Carried(
            trait=trait,
            group=group,
            reviewers=n,
            leads=led,
            focused=focused,
            distant=distant,
            overdue=overdue,
        )


def _order(group: str) -> tuple[int, str]:
    """Experience by how much, all else by name."""
    names = [name for name, _ in EXPERIENCE]
    return (names.index(group) if group in names else -1, group)


def withheld(column: Iterable[int | None]) -> list[int | None]:
    """The counts without those of 1 to 5, and without those that would tell them beside the total."""
    counts = list(column)
    away = hidden([count or 0 for count in counts])
    return [None if at in away.rows else count for at, count in enumerate(counts)]


def _year(planned: Planned, published: bool) -> Year:
    people = planned.encoding.facts.reviewers
    new = planned.standing.new_leads.tolist()
    by_reviewer = {
        one.reviewer_id: (one.cases_this_year or 0) + more for one, more in zip(people, new, strict=True)
    }
    counts = [count for count in by_reviewer.values() if count]
    few = [count for count in counts if count < FEW]
    share = round(100 * sum(few) / sum(counts), 1) if counts else None
    hide = published and (len(few) in SMALL or sum(few) in SMALL or sum(counts) in SMALL)
    return Year(
        leads=None if hide and sum(counts) in SMALL else sum(counts),
        by_reviewer={} if published else by_reviewer,
        done_by_few=None if hide else share,
        people_with_few=None if hide else len(few),
    )
