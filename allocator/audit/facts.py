"""What the snapshot says, as arrays: one entry a case in scope, one a reviewer, each in the order of ids."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.audit.clock import Clock, clock_of
from allocator.audit.diary import Diaries, read_diaries
from allocator.audit.efforts import Efforts, read_efforts
from allocator.audit.exact import Bools, Ints, exact, half_up
from allocator.cases import Case
from allocator.policy import Policy, ReviewType
from allocator.reviewers import Reviewer
from allocator.snapshot import Snapshot

LEAD, SECOND = 0, 1
ROLES = ("lead", "second")


@dataclass(frozen=True)
class Facts:
    """The snapshot in rows: cases in scope and reviewers are named by their index.

    Parameters
    ----------
    penalty : ndarray of shape (2, n_cases), dtype=np.int64
        Points of level 1 for an empty lead place and for an empty second place.
    complete_day, ready_day, sign_off_days : ndarray of shape (n_cases,), dtype=np.int64
        complete_by and the day the evidence is there, counted from as_of; days of sign-off.
    rank : ndarray of shape (n_cases,), dtype=np.int64
        The place of the case in every reviewer's order of work.
    area_of : ndarray of shape (n_cases,), dtype=np.int64
        The case's area, as an index of `areas`.
    """

    snapshot: Snapshot
    cases: tuple[Case, ...]
    clocks: tuple[Clock, ...]
    row_of: dict[str, int]
    seat_of: dict[str, int]
    areas: tuple[str, ...]
    diaries: Diaries
    efforts: Efforts
    type_of: Ints
    on_hold: Bools
    has_second: Bools
    urgency: Ints
    penalty: Ints
    complete_day: Ints
    ready_day: Ints
    sign_off_days: Ints
    rank: Ints
    area_of: Ints

    @property
    def policy(self) -> Policy:
        """Return the snapshot's policy."""
        return self.snapshot.policy

    @property
    def reviewers(self) -> tuple[Reviewer, ...]:
        """Return the reviewers in the order of their index."""
        return self.snapshot.reviewers

    def kind(self, row: int) -> ReviewType:
        """Return the review type of a case."""
        return self.policy.review_types[self.cases[row].review_type]

    def label(self, row: int, role: int) -> str:
        """Return a place as a reader of the plan knows it."""
        return f"case {self.cases[row].case_id}, {ROLES[role]}"


def gather(snapshot: Snapshot) -> Facts:
    """Return the facts of a snapshot."""
    policy, as_of = snapshot.policy, snapshot.as_of
    cases = tuple(case for case in snapshot.cases if case.out_of_scope is None)
    clocks = tuple(clock_of(case, policy, as_of) for case in cases)
    kinds = [policy.review_types[case.review_type] for case in cases]
    names = {name: index for index, name in enumerate(policy.review_types)}
    areas = tuple(sorted({case.area for case in cases}))
    area_index = {area: index for index, area in enumerate(areas)}
    return Facts(
        snapshot=snapshot,
        cases=cases,
        clocks=clocks,
        row_of={case.case_id: row for row, case in enumerate(cases)},
        seat_of={reviewer.reviewer_id: seat for seat, reviewer in enumerate(snapshot.reviewers)},
        areas=areas,
        diaries=read_diaries(snapshot),
        efforts=read_efforts(cases, snapshot),
        type_of=_ints([names[case.review_type] for case in cases]),
        on_hold=np.array([case.on_hold_since is not None for case in cases], dtype=np.bool_),
        has_second=np.array([kind.second is not None for kind in kinds], dtype=np.bool_),
        urgency=_ints([clock.urgency for clock in clocks]),
        penalty=_penalties(clocks, kinds, policy),
        complete_day=_ints([(clock.complete_by - as_of).days for clock in clocks]),
        ready_day=_ints([(clock.evidence_ready - as_of).days for clock in clocks]),
        sign_off_days=_ints([kind.sign_off_days for kind in kinds]),
        rank=_ranks(cases, clocks),
        area_of=_ints([area_index[case.area] for case in cases]),
    )


def _ints(values: list[int]) -> Ints:
    """Return whole numbers as an array, an empty one too."""
    return np.array(values, dtype=np.int64)


def _penalties(clocks: tuple[Clock, ...], kinds: list[ReviewType], policy: Policy) -> Ints:
    """Return the points of an empty lead place and an empty second place, 0 where there is none."""
    base = exact(policy.base_type.hours)
    share = {id(kind): (exact(kind.hours) / base, _second_share(kind, base)) for kind in kinds}
    weighed = [(clock.urgency, id(kind)) for clock, kind in zip(clocks, kinds, strict=True)]
    points = {one: [half_up(one[0] * part) for part in share[one[1]]] for one in set(weighed)}
    return np.array([points[one] for one in weighed], dtype=np.int64).reshape(-1, 2).T


def _second_share(kind: ReviewType, base: Fraction) -> Fraction:
    """Return what a second place weighs against a lead place of the base type."""
    return exact(kind.second.hours) / (2 * base) if kind.second else Fraction(0)


def _ranks(cases: tuple[Case, ...], clocks: tuple[Clock, ...]) -> Ints:
    """Return the place of each case in the order of work, the same for every reviewer."""
    keys = [
        (max(clock.work_due, clock.evidence_ready), case.notified_on, case.case_id)
        for case, clock in zip(cases, clocks, strict=True)
    ]
    rank = np.empty(len(cases), dtype=np.int64)
    rank[sorted(range(len(cases)), key=keys.__getitem__)] = np.arange(len(cases))
    return rank
