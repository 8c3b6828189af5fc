"""A few reviewers' part of a problem: the rest stays, and what is sound in the part is sound in the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from solver.check import breaches, values
from solver.part import part_of
from solver.reduce import drop_hopeless
from tests.solver.draws import rngs, sketches, sound, wandered
from tests.solver.instances import Rng
from tests.solver.sketch import Arc, Limit, Seat, Sketch, ints, sketch


def _some(rng: Rng, n_reviewers: int) -> np.ndarray:
    """Rows of some reviewers, at least one, ascending."""
    return np.sort(rng.choice(n_reviewers, int(rng.integers(1, n_reviewers + 1)), replace=False))


@given(sketches(), rngs)
def test_a_part_left_as_it_is_is_the_whole_again(plain: Sketch, rng: Rng) -> None:
    """The part's share of a plan is sound in the part, and merged it is the same plan."""
    problem, whole = plain.problem(), sound(rng, plain)
    part = part_of(problem, whole, _some(rng, problem.n_reviewers))
    start = part.start(whole)
    assert breaches(part.problem, start) == []
    assert part.merged(whole, start).tolist() == whole.tolist()


@given(sketches(), rngs)
def test_what_is_sound_in_the_part_is_sound_in_the_whole(plain: Sketch, rng: Rng) -> None:
    """Any sound plan of the part merges into a sound plan, and every level changes by as much."""
    problem, whole = plain.problem(), sound(rng, plain)
    part = part_of(problem, whole, _some(rng, problem.n_reviewers))
    start = part.start(whole)
    solved = wandered(rng, part.problem, start)
    merged = part.merged(whole, solved)
    assert breaches(problem, merged) == []
    gained = values(part.problem, solved) - values(part.problem, start)
    assert gained.tolist() == (values(problem, merged) - values(problem, whole)).tolist()


@given(sketches(), rngs)
def test_the_part_of_everyone_is_the_whole(plain: Sketch, rng: Rng) -> None:
    """With every reviewer in it, all arcs and all limits of the problem are in the part."""
    problem, whole = drop_hopeless(plain.problem()), sound(rng, plain)
    part = part_of(problem, whole, np.arange(problem.n_reviewers))
    assert part.problem.n_arcs == problem.n_arcs
    assert part.problem.groups.limit.tolist() == problem.groups.limit.tolist()
    assert part.places.tolist() == np.flatnonzero(np.diff(problem.arc_start)).tolist()


EITHER = {0: Arc(), 1: Arc()}


def test_a_lead_whose_second_is_outside_must_stay_filled() -> None:
    """The part may pass the lead on, but not leave it empty: the second, not in it, needs it."""
    seats = [Seat(0, EITHER | {2: Arc()}, 5), Seat(0, EITHER, 3, needs=0)]
    part = part_of(sketch(seats, [9, 9, 9]).problem(), ints([0, 1]), ints([0, 2]))
    assert part.places.tolist() == [0]
    assert part.problem.required.tolist() == part.problem.movable.tolist() == [True]
    assert part.reviewers[part.problem.arc_reviewer].tolist() == [0, 2]


def test_a_second_whose_lead_is_outside_and_empty_is_not_in_the_part() -> None:
    """Nobody in the part may take the lead, so the second stays empty as well."""
    seats = [Seat(0, {1: Arc()}, 5), Seat(0, {0: Arc()}, 3, needs=0), Seat(1, {0: Arc()}, 3)]
    part = part_of(sketch(seats, [9, 9]).problem(), ints([-1, -1, -1]), ints([0]))
    assert part.places.tolist() == [2]


def test_a_link_with_a_reviewer_outside_is_closed_to_the_part() -> None:
    """The label's reviewer is not in the part; its empty place is therefore not either."""
    seats = [Seat(0, EITHER, 5, link=0), Seat(1, EITHER, 5, link=0), Seat(2, EITHER, 5)]
    part = part_of(sketch(seats, [9, 9]).problem(), ints([1, -1, -1]), ints([0]))
    assert part.places.tolist() == [2]


def test_a_group_s_limit_is_what_the_rest_leaves_of_it() -> None:
    """Of a limit of 5, the plan outside uses 3; the part's own use is its own to plan."""
    seats = [Seat(0, EITHER, 5), Seat(1, EITHER, 5)]
    limits = (Limit(5, {(0, 0): 2, (0, 1): 2, (1, 0): 3, (1, 1): 3}),)
    part = part_of(sketch(seats, [9, 9], limits=limits).problem(), ints([0, 1]), ints([0]))
    assert part.problem.groups.limit.tolist() == [2]
    assert part.problem.groups.amount.tolist() == [2]


@pytest.mark.parametrize("reviewers", [[0], [1], [0, 1]])
def test_held_work_of_the_part_stays_in_it(reviewers: list[int]) -> None:
    """Minutes that are held count against the capacity of the part as well."""
    seats = [Seat(0, {0: Arc(6, slots=0)}, required=True), Seat(1, EITHER, 5)]
    part = part_of(sketch(seats, [6, 6]).problem(), ints([0, -1]), ints(reviewers))
    assert part.problem.forced_minutes.sum() == (6 if 0 in reviewers else 0)
