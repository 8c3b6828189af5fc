"""What ten more hours of each kind would place: given to whom they help most, and all planned anew.

For each area and each set of skills that a waiting case without a lead asks for. The hours may go to anybody
who has those skills and covers the area, or to somebody new who does, has no interest and may do every type.
In a large plan the reviewers nearest to one of those cases are planned anew, everyone else as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from pydantic import Field

from allocator.encode import Encoding, encode
from allocator.exact import Ints
from allocator.explain.nearest import nearest
from allocator.facts import Facts
from allocator.held import Role
from allocator.plan import Part
from allocator.planned import Planned
from allocator.reviewers import Reviewer
from allocator.rules import Bools
from allocator.snapshot import Snapshot
from solver import part as parts
from solver.amend import Amendment, best_with
from solver.check import values
from solver.cpsat import CpLimits
from solver.outcome import Limits
from solver.problem import Problem
from solver.solve import solve

MORE_HOURS, MOST_HOURS = 10, 60
MOST = 12
"""Kinds of hours that are tried: those that the most cases without a lead ask for."""
SMALL = 6_000
"""Arcs of a problem that is planned anew whole for each."""
NEAR = 1_000
"""Arcs among the reviewers of a larger one who are."""
SOMEBODY_NEW = "somebody new"


class Bottleneck(Part):
    """One kind of hours, and what ten more of them would place."""

    area: str
    skills: tuple[str, ...] = Field(description="Of the reviewer; none where the cases ask for none")
    waiting: int = Field(description="Cases without a lead in that area that ask for just those")
    given_to: str | None = Field(description="Whom they help most; empty: somebody new")
    places: int = Field(description="Places more that are filled with ten more hours; less than 0: fewer")
    points: int = Field(description="Points of level 1 fewer")
    proof: Literal["exact", "at_least", "near"] = Field(
        description="Both plans are proved best at level 1; or the points are no fewer than these; or, in a "
        "large plan, they are those of the nearest reviewers planned anew without and with the hours"
    )


@dataclass(frozen=True)
class _Kind:
    """Hours of an area and skills: how many cases wait for just those, and the place of one of them."""

    area: str
    skills: tuple[str, ...]
    waiting: int
    place: int


def bottlenecks(
    snapshot: Snapshot,
    planned: Planned,
    limits: Limits,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Bottleneck, ...]:
    """What ten more hours of each kind would place, the most points first.

    Parameters
    ----------
    limits : of planning anew, for each kind
    """
    kinds = list(_kinds(planned))[:MOST]
    if not kinds:
        return ()
    problem = planned.encoding.problem
    before = None
    if problem.n_arcs <= SMALL:
        before = _level_one(problem, planned.assignment, limits, stopped)
    found = [_tried(snapshot, planned, kind, before, (limits, stopped)) for kind in kinds]
    return tuple(sorted(found, key=lambda one: (-one.points, one.area, one.skills)))


def _kinds(planned: Planned) -> Iterator[_Kind]:
    """Area and skills of the cases that nobody leads and that are not on hold, the most frequent first."""
    encoding = planned.encoding
    places, facts = encoding.places, encoding.facts
    empty = (planned.assignment < 0) & (places.role == Role.LEAD) & ~facts.clocks.on_hold[places.case]
    waiting: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for place in np.flatnonzero(empty).tolist():
        case = facts.cases[int(places.case[place])]
        waiting.setdefault((case.area, tuple(sorted(case.skills))), []).append(place)
    for (area, skills), each in sorted(waiting.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield _Kind(area, skills, len(each), each[0])


@dataclass(frozen=True, eq=False)
class _Found:
    """The best plan found of level 1, and whether it is proved."""

    assignment: Ints
    points: int
    proved: bool


def _level_one(problem: Problem, start: Ints, limits: Limits, stopped: Callable[[], bool]) -> _Found:
    outcome = solve(problem, limits, start, cancelled=stopped)
    assignment = start if outcome.assignment is None else outcome.assignment
    points = int(values(problem, assignment)[0])
    return _Found(assignment, points, bool(outcome.levels) and outcome.levels[0].bound == points)


def _tried(
    snapshot: Snapshot,
    planned: Planned,
    kind: _Kind,
    whole: _Found | None,
    how: tuple[Limits, Callable[[], bool]],
) -> Bottleneck:
    """What ten hours of a kind do beside the best plan without them; None: beside that of the nearest."""
    limits, stopped = how
    encoding, choices = with_hours(snapshot, kind.area, kind.skills, planned.encoding.totals.max_moves)
    if whole is None:
        part, choices = _near(planned, kind, encoding, choices)
        problem, rows = part.problem, part.reviewers
        before = _level_one(problem, part.start(planned.assignment), limits, stopped)
    else:
        problem, rows, before = encoding.problem, np.arange(encoding.problem.n_reviewers), whole
    amendments = [Amendment(1, minutes={row: more}) for row, more in choices.items()]
    cp = CpLimits(limits.seconds, limits.effort and float(limits.effort), 1, limits.seed)
    found = best_with(problem, amendments, before.assignment, cp, stopped)
    after = before.assignment if found is None else found.assignment
    new = encoding.facts.n_reviewers - 1
    who = new if found is None else int(rows[list(choices)[found.chosen]])
    proved = before.proved and found is not None and found.optimal
    return Bottleneck(
        area=kind.area,
        skills=kind.skills,
        waiting=kind.waiting,
        given_to=None if who == new else encoding.facts.reviewers[who].reviewer_id,
        places=int((after >= 0).sum() - (before.assignment >= 0).sum()),
        points=before.points - int(values(problem, after)[0]),
        proof="near" if whole is None else "exact" if proved else "at_least",
    )


def _near(
    planned: Planned, kind: _Kind, encoding: Encoding, choices: dict[int, int]
) -> tuple[parts.Part, dict[int, int]]:
    """The part of whoever is nearest to a case of a kind, and of somebody new; by its rows, their minutes."""
    near = nearest(planned.encoding, planned.assignment, kind.place, NEAR)
    rows = np.append(near, encoding.problem.n_reviewers - 1)
    part = parts.part_of(encoding.problem, planned.assignment, rows)
    more = {at: choices[row] for at, row in enumerate(rows.tolist()) if row in choices}
    return part, more


def with_hours(
    snapshot: Snapshot, area: str, skills: tuple[str, ...], max_moves: int = 0
) -> tuple[Encoding, dict[int, int]]:
    """The problem in which ten hours of a kind may be given to one reviewer; by row, their minutes more.

    The last row is somebody new, who has no minutes without them.
    """
    new = Reviewer(reviewer_id=_name(snapshot), areas=(area,), hours_per_week=0.0, skills=skills)
    snapshot = snapshot.model_copy(update={"reviewers": (*snapshot.reviewers, new)})
    now = encode(snapshot, max_moves)
    able = _able(now.facts, area, skills)
    most = encode(_busier(snapshot, able), max_moves)
    problem = _with_limits_of(most.problem, now.problem, able)
    limit, room = now.facts.capacities.limit, now.problem.capacity
    more = {
        row: max(0, int(limit[row] - room[row]) + 60 * MORE_HOURS) for row in np.flatnonzero(able).tolist()
    }
    return replace(now, problem=problem), more


def _able(facts: Facts, area: str, skills: tuple[str, ...]) -> Bools:
    """Who has the skills and covers the area, shape (n_reviewers,); by distance or anywhere, who has them."""
    neighbours = next((one.neighbours for one in facts.snapshot.areas if one.area == area), ())
    by_area = facts.policy.geography.rule == "area"
    return np.array(
        [
            set(skills) <= set(one.skills)
            and (not by_area or area in one.areas or one.areas[0] in neighbours)
            for one in facts.reviewers
        ],
        np.bool_,
    )


def _busier(snapshot: Snapshot, able: Bools) -> Snapshot:
    """The snapshot in which they have all the hours there are: so nothing but a rule stops them."""
    people = tuple(
        one.model_copy(update={"hours_per_week": float(MOST_HOURS)}) if may else one
        for one, may in zip(snapshot.reviewers, able.tolist(), strict=True)
    )
    return snapshot.model_copy(update={"reviewers": people})


def _with_limits_of(most: Problem, now: Problem, able: Bools) -> Problem:
    """The arcs of one problem under the limits of another; those that only hours open are theirs alone."""
    key, own = (one.arc_place * now.n_reviewers + one.arc_reviewer for one in (most, now))
    opened = able[most.arc_reviewer] & (most.arc_minutes > 0)
    limits = replace(most.groups, limit=now.groups.limit)
    problem = most.replace(capacity=now.capacity, slots=now.slots, groups=limits)
    return problem.keep_arcs(np.isin(key, own) | opened)


def _name(snapshot: Snapshot) -> str:
    """An id that nobody has."""
    taken, name = {one.reviewer_id for one in snapshot.reviewers}, SOMEBODY_NEW
    while name in taken:
        name += "+"
    return name
