"""The oracle by hand: each constraint fine, broken on purpose and nearly broken; each level's points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from solver.check import CONSTRAINTS, breaches, values
from solver.problem import LEVELS
from tests.solver.sketch import Arc, Limit, Seat, Sketch, ints, sketch

EITHER = {0: Arc(), 1: Arc()}


@dataclass(frozen=True)
class Case:
    """A problem, and three assignments: one is fine, one breaks a constraint, one nearly does."""

    constraint: str
    plain: Sketch
    fine: tuple[int, ...]
    breach: tuple[int, ...]
    sentence: str
    near_miss: tuple[int, ...]


HELD = Seat(0, {0: Arc(slots=0)}, required=True)
OPEN = Seat(1, EITHER)
FIVE = {0: Arc(5), 1: Arc(5)}

CASES = (
    Case(
        "arcs",
        sketch([Seat(0, {0: Arc()}), OPEN], [9, 9]),
        (0, 0),
        (1, 0),
        "place 0 may not go to reviewer 1",
        (-1, 1),
    ),
    Case("required", sketch([HELD, OPEN], [9, 9]), (0, 1), (-1, 1), "place 0 is required but empty", (0, -1)),
    Case(
        "needs",
        sketch([Seat(0, EITHER), Seat(0, EITHER, needs=0)], [9, 9]),
        (0, 1),
        (-1, 1),
        "place 1 is filled but place 0, which it needs, is not",
        (0, -1),
    ),
    Case(
        "distinct",
        sketch([Seat(0, EITHER), Seat(0, EITHER), Seat(1, EITHER)], [9, 9]),
        (0, 1, 1),
        (1, 1, 0),
        "reviewer 1 fills two places of case 0",
        (1, -1, 1),
    ),
    Case(
        "linked",
        sketch([Seat(0, EITHER, link=0), Seat(1, EITHER, link=0), Seat(2, EITHER, link=1)], [9, 9]),
        (0, 0, 0),
        (0, 1, 0),
        "link 0 has 2 reviewers",
        (0, -1, 1),
    ),
    Case(
        "capacity",
        sketch([Seat(0, FIVE), Seat(1, FIVE)], [10, 9]),
        (0, 1),
        (1, 1),
        "reviewer 1 has 10 minutes of 9",
        (0, 0),
    ),
    Case(
        "slots",
        sketch([Seat(0, EITHER), Seat(1, EITHER)], [9, 9], slots=(2, 1)),
        (0, 1),
        (1, 1),
        "reviewer 1 has 2 slots of 1",
        (0, 0),
    ),
    Case(
        "groups",
        sketch(
            [Seat(0, EITHER), Seat(1, EITHER)],
            [9, 9],
            limits=(Limit(0, {}), Limit(5, {(0, 0): 3, (1, 0): 3, (1, 1): 2})),
        ),
        (1, 0),
        (0, 0),
        "group 1 has 6 of 5",
        (0, 1),
    ),
)
by_constraint = pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)


def test_every_constraint_has_its_case() -> None:
    """The table above follows the oracle's list."""
    assert [case.constraint for case in CASES] == [constraint.__name__ for constraint in CONSTRAINTS]


@by_constraint
def test_what_is_fine_passes(case: Case) -> None:
    """An assignment far from any limit breaks nothing."""
    assert breaches(case.plain.problem(), ints(case.fine)) == []


@by_constraint
def test_a_breach_is_told_in_one_sentence(case: Case) -> None:
    """The constraint broken on purpose is the only one told of, and told once."""
    assert breaches(case.plain.problem(), ints(case.breach)) == [case.sentence]


@by_constraint
def test_a_near_miss_passes(case: Case) -> None:
    """An assignment at the very limit breaks nothing."""
    assert breaches(case.plain.problem(), ints(case.near_miss)) == []


@by_constraint
def test_nothing_but_held_work_passes(case: Case) -> None:
    """Leaving empty what may be is always sound."""
    held = ints(0 if seat.required else -1 for seat in case.plain.seats)
    assert breaches(case.plain.problem(), held) == []


def test_an_assignment_of_another_length_is_refused_at_once() -> None:
    """A wrong shape is one sentence, not an IndexError."""
    problem = sketch([OPEN], [9, 9]).problem()
    assert breaches(problem, ints([0, 0])) == ["assignment has shape (2,); it must be (1,)"]


def test_every_breach_is_told_at_once() -> None:
    """Two constraints broken are two sentences."""
    problem = sketch([HELD, Seat(1, FIVE)], [4, 4]).problem()
    assert breaches(problem, ints([-1, 1])) == [
        "place 0 is required but empty",
        "reviewer 1 has 5 minutes of 4",
    ]


def test_no_limit_of_slots_is_no_limit() -> None:
    """Where slots are not limited, any number of new leads is sound."""
    problem = sketch([Seat(case, {0: Arc(0)}) for case in range(50)], [0]).problem()
    assert breaches(problem, np.zeros(50, np.int64)) == []


def test_a_reviewer_who_is_not_there_may_take_nothing() -> None:
    """A row beyond the reviewers' is nobody's, though the next place may go to reviewer 0."""
    problem = sketch([Seat(0, {0: Arc()}), Seat(1, {0: Arc()})], [9, 9]).problem()
    assert breaches(problem, ints([2, -1])) == ["place 0 may not go to reviewer 2"]


def test_a_problem_without_arcs_allows_nobody() -> None:
    """With no arcs at all, a filled place is a breach and an empty one is not."""
    problem = sketch([Seat(0, {}, 7)], [9]).problem()
    assert breaches(problem, ints([0])) == ["place 0 may not go to reviewer 0"]
    assert breaches(problem, ints([-1])) == []
    assert values(problem, ints([-1])).tolist() == [7, 0, 0]


def _values(plain: Sketch, *assignment: int) -> dict[str, int]:
    return dict(zip(LEVELS, values(plain.problem(), ints(assignment)).tolist(), strict=True))


def test_level_1_is_the_penalties_of_empty_places() -> None:
    """Of penalties 3, 5 and 7, leaving out the second and third costs 12."""
    plain = sketch([Seat(c, {0: Arc(0)}, penalty) for c, penalty in enumerate((3, 5, 7))], [9])
    assert _values(plain, 0, -1, -1)["unallocated"] == 12
    assert _values(plain, 0, 0, 0)["unallocated"] == 0


def test_level_2_adds_up_each_reviewer_s_minutes_in_rank_order() -> None:
    """Ten minutes due at 10 are in time when first, and late by one after one minute of other work."""
    long = Seat(0, {0: Arc(10, due=10), 1: Arc(10, due=10)}, late_points=4, rank=1)
    short = Seat(1, {0: Arc(1, due=1)}, late_points=2, rank=0)
    plain = sketch([long, short], [99, 99])
    assert _values(plain, 0, -1)["late"] == 0
    assert _values(plain, 0, 0)["late"] == 4
    assert _values(plain, 1, 0)["late"] == 0


def test_level_2_ignores_work_that_comes_later() -> None:
    """The same two the other way round: the short one, one minute due at 1, is late behind the long one."""
    long = Seat(0, {0: Arc(10, due=10)}, late_points=4, rank=0)
    short = Seat(1, {0: Arc(1, due=10)}, late_points=2, rank=1)
    assert _values(sketch([long, short], [99]), 0, 0)["late"] == 2


def test_level_2_counts_what_is_late_in_any_case() -> None:
    """Due −1 is late even for work of no minutes; due 0 is not."""
    seats = [Seat(0, {0: Arc(0, due=-1)}, late_points=6), Seat(1, {0: Arc(0, due=0)}, late_points=3)]
    assert _values(sketch(seats, [9]), 0, 0)["late"] == 6


def test_level_2_counts_no_empty_place() -> None:
    """A place that stays empty is at level 1, never late."""
    assert _values(sketch([Seat(0, {0: Arc(due=-1)}, 1, 6)], [9]), -1)["late"] == 0


def test_level_3_is_points_of_arcs_and_of_workload() -> None:
    """20 points of arcs, and floor((2 × 10 + 3 × 5) / 10) = 3 for 30 minutes over 20 and 25; none at 20."""
    seats = [Seat(0, {0: Arc(20, points=13), 1: Arc(20)}), Seat(1, {0: Arc(10, points=7)})]
    plain = sketch(seats, [99, 99], thresholds=((20, 25), (20, 25)), rates=(2, 3), divisor=10)
    assert _values(plain, 0, 0)["cost"] == 20 + 3
    assert _values(plain, 1, -1)["cost"] == 0
    assert _values(plain, 1, 0)["cost"] == 7


def test_level_3_scales_minutes_before_the_threshold() -> None:
    """At scale 10, 3 minutes are 30: 5 over 25, which is 5 points at rate 3 over divisor 3."""
    plain = sketch([Seat(0, {0: Arc(3)})], [9], thresholds=((25,),), rates=(3,), scale=10, divisor=3)
    assert _values(plain, 0)["cost"] == 5
