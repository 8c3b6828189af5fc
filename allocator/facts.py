"""A snapshot read into rows: in-scope cases and reviewers by number, with what the rules ask of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.calendar import Capacities, capacities
from allocator.cases import Case
from allocator.clocks import Clocks, clocks
from allocator.exact import Ints
from allocator.geography import Floats, Spots, area_points, case_spots, kilometres, reviewer_spots
from allocator.independence import Barred, conflicts, exclusions
from allocator.policy import Policy
from allocator.reviewers import Reviewer
from allocator.snapshot import Snapshot

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of a snapshot before any rule is applied.

    Cases out of scope are not among `cases`. Row i of an array is case i or reviewer i of the two tuples.
    `type_of` is each case's review type as a number, in the policy's order.
    """

    snapshot: Snapshot
    cases: tuple[Case, ...]
    reviewers: tuple[Reviewer, ...]
    case_row: dict[str, int]
    reviewer_row: dict[str, int]
    clocks: Clocks
    capacities: Capacities
    conflicts: Barred
    exclusions: Barred
    case_at: Spots
    reviewer_at: Spots
    case_area: Ints
    home_area: Ints
    type_of: Ints

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.snapshot.policy

    @property
    def n_reviewers(self) -> int:
        """How many reviewers there are, whether or not they may take anything."""
        return len(self.reviewers)

    def kilometres(self, cases: Ints, reviewers: Ints) -> Floats:
        """Kilometres between case rows and reviewer rows, not a number where a position is not known."""
        return kilometres(self.case_at, self.reviewer_at, (cases, reviewers))

    def is_away(self, cases: Ints, reviewers: Ints) -> Bools:
        """Whether each case's area is not the reviewer's home area."""
        return np.asarray(self.case_area[cases] != self.home_area[reviewers])


def gather(snapshot: Snapshot, before: Facts | None = None) -> Facts:
    """The snapshot's facts, each worked out once.

    Parameters
    ----------
    before : facts of a snapshot with rows in common, the same objects: what is known of those is taken over
    """
    policy, as_of = snapshot.policy, snapshot.as_of
    if before is not None and (before.policy is not policy or before.snapshot.as_of != as_of):
        before = None
    cases = tuple(c for c in snapshot.cases if c.out_of_scope is None)
    reviewer_row = {r.reviewer_id: i for i, r in enumerate(snapshot.reviewers)}
    if before is not None and _has_the_same_people(snapshot, before.snapshot):
        minutes = before.capacities
    else:
        minutes = capacities(snapshot.reviewers, snapshot.absences, policy, as_of)
    known = {} if before is None else dict(zip(map(id, before.cases), before.clocks.each, strict=True))
    points = area_points(snapshot.areas)
    areas: dict[str, int] = {}
    types = {name: number for number, name in enumerate(policy.review_types)}
    return Facts(
        snapshot=snapshot,
        cases=cases,
        reviewers=snapshot.reviewers,
        case_row={c.case_id: i for i, c in enumerate(cases)},
        reviewer_row=reviewer_row,
        clocks=clocks(cases, policy, as_of, known),
        capacities=minutes,
        conflicts=conflicts(snapshot, cases, reviewer_row, minutes.horizon_ends),
        exclusions=exclusions(snapshot, cases, reviewer_row),
        case_at=case_spots(cases, points),
        reviewer_at=reviewer_spots(snapshot.reviewers, points),
        case_area=row_array([areas.setdefault(c.area, len(areas)) for c in cases]),
        home_area=row_array([areas.setdefault(r.areas[0], len(areas)) for r in snapshot.reviewers]),
        type_of=row_array([types[c.review_type] for c in cases]),
    )


def _has_the_same_people(one: Snapshot, other: Snapshot) -> bool:
    return one.reviewers is other.reviewers and one.absences is other.absences


def row_array(values: list[int]) -> Ints:
    """The values as an array of rows, also when there are none."""
    return np.array(values, dtype=np.int64)
