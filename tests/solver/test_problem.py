"""The immutable instance: what is refused, how arcs are found and left out, and that nothing changes it."""

from __future__ import annotations

import numpy as np
import pytest

from solver.problem import NO_LIMIT, Bands, Groups, Problem, ProblemError
from tests.solver.sketch import Arc, Limit, Seat, ints, sketch


def example() -> Problem:
    """A held lead, one that may move, an open lead and its second; five arcs and two groups over them."""
    seats = [
        Seat(0, {1: Arc(4, slots=0)}, required=True),
        Seat(1, {0: Arc(5, points=1), 2: Arc(6, slots=0)}, required=True, movable=True),
        Seat(2, {0: Arc(7)}, 9, 3),
        Seat(2, {1: Arc(8)}, 2, needs=2),
    ]
    limits = (Limit(6, {(0, 1): 1, (2, 0): 2, (3, 1): 3}), Limit(4, {(1, 2): 4}))
    return sketch(seats, [30, 30, 30], limits=limits).problem()


WRONG: dict[str, dict[str, object]] = {
    "rank has shape (3,); it must be (4,)": {"rank": ints([0, 1, 2])},
    "movable has shape (1,); it must be (4,)": {"movable": np.array([True])},
    "arc_due has shape (2,); it must be (5,)": {"arc_due": ints([1, 1])},
    "arc_start has shape (4,); it must be (5,)": {"arc_start": ints([0, 1, 3, 5])},
    "slots has shape (2,); it must be (3,)": {"slots": ints([1, 1])},
    "bands.threshold must have shape (n_reviewers, n_bands)": {"bands": Bands.none(2)},
    "arc_start must run from 0 to n_arcs": {"arc_start": ints([0, 1, 3, 4, 4])},
    "arc_start must not fall": {"arc_start": ints([0, 3, 1, 4, 5])},
    "arc_reviewer must be 0 … 2": {"arc_reviewer": ints([1, 0, 3, 0, 1])},
    "arcs must ascend by reviewer within each place": {"arc_reviewer": ints([1, 2, 0, 0, 1])},
    "needs must be −1 … 3": {"needs": ints([-1, -1, -1, 4])},
    "arc_due must be ≥ −1": {"arc_due": ints([-2, 0, 0, 0, 0])},
    "groups.arc must be arc rows": {"groups": Groups.of([(1, ints([5]), ints([1]))])},
    "bands.scale and bands.divisor must be > 0": {"bands": Bands(np.zeros((3, 1), np.int64), ints([1]), 0)},
    "a required place needs an arc": {"required": np.array([True] * 4), "arc_start": ints([0, 1, 3, 3, 5])},
    "a required place that may not move has one arc": {"movable": np.zeros(4, np.bool_)},
    "penalty must be ≥ 0": {"penalty": ints([0, 0, -1, 0])},
    "late_points must be ≥ 0": {"late_points": ints([0, 0, -1, 0])},
    "arc_minutes must be ≥ 0": {"arc_minutes": ints([1, 1, 1, 1, -1])},
    "arc_slots must be ≥ 0": {"arc_slots": ints([1, 1, 1, 1, -1])},
    "capacity must be ≥ 0": {"capacity": ints([1, -1, 1])},
    "slots must be ≥ 0": {"slots": ints([1, -1, 1])},
}


@pytest.mark.parametrize("message", WRONG)
def test_what_is_no_problem_is_refused_with_the_reason(message: str) -> None:
    """Each fault has its sentence."""
    with pytest.raises(ProblemError) as refused:
        example().replace(**WRONG[message])
    assert str(refused.value) == message


def test_two_arcs_of_one_reviewer_for_one_place_are_refused() -> None:
    """Ascending means strictly: nobody may take the same place in two ways."""
    with pytest.raises(ProblemError, match="ascend"):
        example().replace(arc_reviewer=ints([1, 0, 0, 0, 1]))


def test_a_problem_of_nothing_is_a_problem() -> None:
    """No places and no reviewers are sound input."""
    empty = sketch([], []).problem()
    assert (empty.n_places, empty.n_arcs, empty.n_reviewers) == (0, 0, 0)
    assert empty.arcs_of(ints([])).tolist() == []


@pytest.mark.parametrize("name", ["case", "arc_minutes", "capacity", "required"])
def test_a_problem_cannot_be_changed(name: str) -> None:
    """Its arrays refuse to be written to."""
    with pytest.raises(ValueError, match="read-only"):
        getattr(example(), name)[0] = 1


def test_replace_leaves_the_first_problem_alone() -> None:
    """A variation is another problem."""
    before = example()
    after = before.replace(capacity=ints([30, 20, 31]))
    assert before.capacity.tolist() == [30, 30, 30]
    assert after.capacity.tolist() == [30, 20, 31]
    assert after.arc_minutes is before.arc_minutes


def test_arcs_of_finds_the_arc_of_each_filled_place() -> None:
    """Empty places and reviewers who may not take theirs have no arc."""
    problem = example()
    assert problem.arc_place.tolist() == [0, 1, 1, 2, 3]
    assert problem.arcs_of(ints([1, 2, 0, -1])).tolist() == [0, 2, 3, -1]
    assert problem.arcs_of(ints([0, 1, 2, 2])).tolist() == [-1, -1, -1, -1]


def test_what_is_held_and_may_not_move_is_forced() -> None:
    """The first arc is in every plan, with its four minutes; those of the movable lead are not."""
    problem = example()
    assert problem.forced.tolist() == [True, False, False, False, False]
    assert problem.forced_minutes.tolist() == [0, 4, 0]


def test_keep_arcs_renumbers_places_and_groups() -> None:
    """Without the movable lead's first arc and the open lead's, what is left is counted anew."""
    kept = example().keep_arcs(np.array([True, False, True, False, True]))
    assert kept.arc_start.tolist() == [0, 1, 2, 2, 3]
    assert kept.arc_minutes.tolist() == [4, 6, 8]
    assert kept.groups.start.tolist() == [0, 2, 3]
    assert kept.groups.arc.tolist() == [0, 2, 1]
    assert kept.groups.amount.tolist() == [1, 3, 4]
    assert kept.groups.limit.tolist() == [6, 4]


def test_keeping_every_arc_changes_nothing() -> None:
    """All arcs kept, all arrays are as they were."""
    problem = example()
    kept = problem.keep_arcs(np.ones(5, np.bool_))
    for name in ("arc_start", "arc_reviewer", "arc_minutes", "arc_points", "arc_slots", "arc_due"):
        assert getattr(kept, name).tolist() == getattr(problem, name).tolist()
    assert kept.groups.arc.tolist() == problem.groups.arc.tolist()


def test_a_group_that_loses_its_arcs_stays_a_group() -> None:
    """Groups keep their numbers, so that prices of groups keep their meaning."""
    groups = example().groups.kept_arcs(np.array([True, True, False, True, True]))
    assert groups.start.tolist() == [0, 3, 3]
    assert groups.of_member.tolist() == [0, 0, 0]


def test_no_groups_and_no_bands_cost_nothing() -> None:
    """The plain ones are empty, whichever way they are made."""
    assert Groups.of([]).limit.tolist() == Groups.none().limit.tolist() == []
    assert Bands.none(2).points(ints([0, 1]), ints([5, 99])).tolist() == [0, 0]
    assert int(NO_LIMIT) > 10**9


def test_bands_are_points_for_minutes_over_each_threshold() -> None:
    """Reviewer 1's load of 100 is 40 over 60 and 10 over 90: floor((40 × 1 + 10 × 2) / 7) = 8."""
    bands = Bands(np.array([[0, 0], [60, 90]]), ints([1, 2]), scale=2, divisor=7)
    assert bands.points(ints([1, 1, 1]), ints([30, 31, 50])).tolist() == [0, 0, 8]


@pytest.mark.parametrize("part", ["bands", "groups"])
def test_the_parts_of_a_problem_cannot_be_changed(part: str) -> None:
    """Limits of groups and thresholds of bands are as fixed as the rest."""
    problem = example()
    arrays = {"bands": problem.bands.threshold, "groups": problem.groups.limit}
    assert not arrays[part].flags.writeable


def test_making_a_problem_leaves_the_caller_s_arrays_alone() -> None:
    """Whoever made the arrays may still write to theirs, and the problem does not follow."""
    capacity = ints([30, 30, 30])
    problem = example().replace(capacity=capacity)
    capacity[0] = 1
    assert problem.capacity.tolist() == [30, 30, 30]


PROMISED: dict[str, dict[str, object]] = {
    "groups.limit must be ≥ 0": {"groups": Groups.of([(-1, ints([0]), ints([1]))])},
    "groups.amount must be ≥ 0": {"groups": Groups.of([(1, ints([0]), ints([-1]))])},
    "bands.rate must be ≥ 0": {"bands": Bands(np.zeros((3, 1), np.int64), ints([-1]))},
    "bands.threshold must be ≥ 0": {"bands": Bands(np.full((3, 1), -1), ints([1]))},
    "held work must fit": {"capacity": ints([30, 3, 30])},
    "arc_points must be ≥ 0": {"arc_points": ints([0, 0, 0, -1, 0])},
}


@pytest.mark.parametrize("rule", PROMISED)
def test_what_the_docstrings_promise_is_checked(rule: str) -> None:
    """Ranges that every method leans on are refused like the others; the kernel needs free minutes ≥ 0."""
    with pytest.raises(ProblemError):
        example().replace(**PROMISED[rule])
