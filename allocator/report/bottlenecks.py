"""What ten more hours of each kind would place: a reviewer more with just those, and all planned anew.

For each area and each set of skills that a waiting case without a lead asks for. The reviewer is made up: at
home in that area, with those skills, without an interest, for every type of review.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field

from allocator.encode import Encoding, encode
from allocator.exact import Ints
from allocator.held import Role
from allocator.plan import Part
from allocator.planned import Planned
from allocator.reviewers import Reviewer
from allocator.snapshot import Snapshot
from solver.check import values
from solver.outcome import Limits
from solver.problem import Problem
from solver.solve import solve

MORE_HOURS = 10
MOST = 12
"""Kinds of hours that are tried: those that the most cases without a lead ask for."""
SMALL = 6_000
"""Arcs of a problem that is planned anew for each."""
NOBODY_LIKE = "ten more hours"


class Bottleneck(Part):
    """One kind of hours, and what ten more of them would place."""

    area: str
    skills: tuple[str, ...] = Field(description="Of the reviewer; none where the cases ask for none")
    waiting: int = Field(description="Cases without a lead in that area that ask for just those")
    places: int = Field(description="Places more that are filled with ten more hours; less than 0: fewer")
    points: int = Field(description="Points of level 1 fewer")
    proof: Literal["exact", "at_least"] = Field(
        description="Both plans are proved best at level 1; or the points are no fewer than these"
    )


@dataclass(frozen=True)
class _Kind:
    area: str
    skills: tuple[str, ...]
    waiting: int


def bottlenecks(
    snapshot: Snapshot,
    planned: Planned,
    limits: Limits,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Bottleneck, ...] | None:
    """What ten more hours of each kind would place, the most points first; None: too large to plan anew.

    Parameters
    ----------
    limits : of planning anew, for each kind
    """
    if planned.encoding.problem.n_arcs > SMALL:
        return None
    kinds = list(_kinds(planned))[:MOST]
    if not kinds:
        return ()
    before = _level_one(planned.encoding.problem, planned.assignment, limits, stopped)
    found = [_tried(snapshot, planned, kind, before, (limits, stopped)) for kind in kinds]
    return tuple(sorted(found, key=lambda one: (-one.points, one.area, one.skills)))


def _kinds(planned: Planned) -> Iterator[_Kind]:
    """Area and skills of the cases that nobody leads and that are not on hold, the most frequent first."""
    encoding = planned.encoding
    places, facts = encoding.places, encoding.facts
    empty = (planned.assignment < 0) & (places.role == Role.LEAD) & ~facts.clocks.on_hold[places.case]
    cases = [facts.cases[row] for row in places.case[empty].tolist()]
    counts = Counter((case.area, tuple(sorted(case.skills))) for case in cases)
    for (area, skills), waiting in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield _Kind(area, skills, waiting)


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
    before: _Found,
    how: tuple[Limits, Callable[[], bool]],
) -> Bottleneck:
    encoding = with_hours(snapshot, kind.area, kind.skills, planned.encoding.totals.max_moves)
    after = _level_one(encoding.problem, before.assignment, *how)
    return Bottleneck(
        area=kind.area,
        skills=kind.skills,
        waiting=kind.waiting,
        places=int((after.assignment >= 0).sum() - (before.assignment >= 0).sum()),
        points=before.points - after.points,
        proof="exact" if before.proved and after.proved else "at_least",
    )


def with_hours(snapshot: Snapshot, area: str, skills: tuple[str, ...], max_moves: int = 0) -> Encoding:
    """The problem with one reviewer more, the last, who has ten hours of a kind and nothing against them."""
    taken = {one.reviewer_id for one in snapshot.reviewers}
    name = next(name for name in _names() if name not in taken)
    more = Reviewer(reviewer_id=name, areas=(area,), hours_per_week=60.0, skills=skills)
    encoding = encode(snapshot.model_copy(update={"reviewers": (*snapshot.reviewers, more)}), max_moves)
    capacity = encoding.problem.capacity.copy()
    capacity[-1] = min(60 * MORE_HOURS, int(capacity[-1]))
    problem = encoding.problem.replace(capacity=capacity)
    return Encoding(**{**vars(encoding), "problem": problem}).lean()


def _names() -> Iterator[str]:
    yield NOBODY_LIKE
    yield from (f"{NOBODY_LIKE} {count}" for count in np.arange(2, 10_000).tolist())
