"""The one way in: the optimum wherever it can be known, and always a sound plan, whenever it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver import solve as solving
from solver.check import breaches, values
from solver.outcome import Limits, Outcome, Progress, Proof
from solver.problem import LEVELS, Ints, Problem
from solver.search import Search
from solver.solve import Method, UnsoundPlanError, solve
from tests.solver.draws import Solved, encoded_sketches, rngs, seeds, sound
from tests.solver.instances import Rng, new_reviewer, random_sketch, shuffle
from tests.solver.sketch import Arc, Seat, Sketch, ints, sketch

PATIENT = Limits(seconds=60)
MOMENTS = 100


def proved_values(plain: Sketch) -> list[int]:
    """The values of the optimum, all of which must be proved."""
    outcome = solve(plain.problem(), PATIENT)
    assert outcome.proof == Proof.OPTIMAL
    return [level.value for level in outcome.levels]


def assert_sound(problem: Problem, outcome: Outcome) -> None:
    """Fail unless there is a plan that breaks nothing, is worth what is claimed, and not below its bounds."""
    assert outcome.assignment is not None
    assert breaches(problem, outcome.assignment) == []
    assert [level.value for level in outcome.levels] == values(problem, outcome.assignment).tolist()
    assert all(level.fixed <= level.bound <= level.value for level in outcome.levels)


def test_every_brute_forced_problem_is_proved_optimal(
    brute_forced: list[Solved], outcomes: list[Outcome]
) -> None:
    """Two hundred problems of up to 6 × 4: each level's value is that of trying everything, and proved."""
    assert len(brute_forced) >= 200
    for known, outcome in zip(brute_forced, outcomes, strict=True):
        assert_sound(known.problem, outcome)
        assert [level.name for level in outcome.levels] == [*LEVELS]
        assert [level.value for level in outcome.levels] == [*known.worth]
        assert {level.proof for level in outcome.levels} == {Proof.OPTIMAL}


@given(encoded_sketches(4, 3), rngs)
def test_the_order_of_places_and_reviewers_does_not_change_the_values(plain: Sketch, rng: Rng) -> None:
    """Rows shuffled, every level's proved value is the same."""
    assert proved_values(plain) == proved_values(shuffle(rng, plain))


@given(encoded_sketches(4, 3), rngs)
def test_one_more_reviewer_or_hour_never_makes_it_worse(plain: Sketch, rng: Rng) -> None:
    """Level 1 is no higher, and where it is equal nor is the next, whoever comes or has more time."""
    more = plain.with_minutes(int(rng.integers(plain.n_reviewers)), int(rng.integers(1, 20)))
    before = proved_values(plain)
    assert proved_values(more) <= before
    assert proved_values(new_reviewer(rng, plain)) <= before


@given(encoded_sketches(), seeds)
def test_the_same_seed_and_effort_give_the_same_plan(plain: Sketch, seed: int) -> None:
    """Byte for byte, and the same bounds."""
    one, other = (solve(plain.problem(), Limits(effort=1, seed=seed)) for _ in range(2))
    assert one.assignment is not None
    assert other.assignment is not None
    assert one.assignment.tobytes() == other.assignment.tobytes()
    assert [level.bound for level in one.levels] == [level.bound for level in other.levels]


class Countdown:
    """Something that is asked whether to stop, and says so from its n-th answer on."""

    def __init__(self, n: int) -> None:
        self.left = n

    def __call__(self) -> bool:
        """True from the n-th answer on."""
        self.left -= 1
        return self.left < 0


@pytest.fixture(scope="module")
def asks(brute_forced: list[Solved]) -> int:
    """How often an uninterrupted solve asks, at most, whether to stop."""
    counters = [Countdown(10**6) for _ in range(10)]
    for counter, known in zip(counters, brute_forced, strict=False):
        solve(known.problem, PATIENT, cancelled=counter)
    return max(10**6 - counter.left for counter in counters)


def test_cancelled_at_any_moment_there_is_a_sound_plan(brute_forced: list[Solved], asks: int) -> None:
    """A hundred moments by chance: a plan that breaks nothing, with no bound above what is possible."""
    rng = np.random.default_rng(11)
    for known in brute_forced[-MOMENTS:]:
        outcome = solve(known.problem, PATIENT, cancelled=Countdown(int(rng.integers(asks))))
        assert_sound(known.problem, outcome)
        for level, best in zip(outcome.levels, known.worth, strict=True):
            assert level.bound <= best
            if level.value != best:
                break


@pytest.mark.parametrize("after", [0.0, 0.1, 0.4, 1.0])
def test_a_mid_size_solve_returns_when_cancelled(after: float) -> None:
    """A hundred cases and twelve reviewers: long before its time is up, the best so far comes back sound."""
    problem = random_sketch(np.random.default_rng(1), 100, 12, density=0.4).problem()
    asked = threading.Event()
    timer = threading.Timer(after, asked.set)
    timer.start()
    outcome = solve(problem, Limits(seconds=600, workers=2), cancelled=asked.is_set)
    timer.cancel()
    assert_sound(problem, outcome)


def test_time_that_is_up_ends_a_solve_with_a_sound_plan() -> None:
    """However short the time, there is a plan."""
    problem = random_sketch(np.random.default_rng(2), 60, 10, density=0.4).problem()
    assert_sound(problem, solve(problem, Limits(seconds=1e-6)))


@given(encoded_sketches(), rngs)
def test_a_start_is_never_made_worse(plain: Sketch, rng: Rng) -> None:
    """Stopped at once, the outcome is at least as good as the sound plan it was given."""
    problem, start = plain.problem(), sound(rng, plain)
    outcome = solve(problem, PATIENT, start, cancelled=lambda: True)
    assert_sound(problem, outcome)
    assert [level.value for level in outcome.levels] <= values(problem, start).tolist()


def test_an_unsound_start_is_not_followed() -> None:
    """A start that breaks a rule is left, and the optimum found all the same."""
    problem = sketch([Seat(case, {0: Arc(5)}, 3 + case) for case in range(2)], [5]).problem()
    outcome = solve(problem, PATIENT, ints([0, 0]))
    assert_sound(problem, outcome)
    assert [level.value for level in outcome.levels] == [3, 0, 0]


def test_without_limits_the_usual_ones_hold() -> None:
    """A small problem needs none to be named."""
    problem = sketch([Seat(0, {0: Arc(5)}, 3)], [5]).problem()
    assert solve(problem).proof == Proof.OPTIMAL


@given(encoded_sketches(), st.sampled_from([0.25, 1.0]))
def test_a_gap_that_is_enough_is_kept_to(plain: Sketch, gap: float) -> None:
    """Asked for a gap, each level is optimal or within it, and says which."""
    problem = plain.problem()
    outcome = solve(problem, Limits(seconds=60, gap=gap))
    assert_sound(problem, outcome)
    for level in outcome.levels:
        assert level.gap <= gap
        assert level.proof == (Proof.OPTIMAL if level.gap == 0 else Proof.WITHIN_GAP)


def test_news_never_gets_worse(brute_forced: list[Solved]) -> None:
    """Values fall level by level, level-1 bounds rise, time goes on, and the last news is the outcome."""
    for known in brute_forced[:20]:
        news: list[Progress] = []
        outcome = solve(known.problem, PATIENT, progress=news.append)
        assert all(after.values <= before.values for before, after in pairwise(news))
        assert all(after.bounds[0] >= before.bounds[0] for before, after in pairwise(news))
        assert all(after.seconds >= before.seconds for before, after in pairwise(news))
        assert news[-1].values == tuple(level.value for level in outcome.levels)


def test_where_no_plan_is_sound_there_is_none() -> None:
    """Held work of one case with one holder: no assignment, no levels, and nothing proved."""
    held = Seat(0, {0: Arc(slots=0)}, required=True)
    outcome = solve(sketch([held, held], [9]).problem(), Limits(seconds=0.2))
    assert outcome.assignment is None
    assert outcome.levels == ()
    assert outcome.proof == Proof.BEST_FOUND


def test_a_problem_of_nothing_is_solved() -> None:
    """No places: an empty plan, proved."""
    outcome = solve(sketch([], [9]).problem(), PATIENT)
    assert outcome.assignment is not None
    assert outcome.assignment.tolist() == []
    assert outcome.proof == Proof.OPTIMAL


def _returning(assignment: Ints) -> Callable[[Search], None]:
    """A method that goes past `offer` and leaves an assignment of its own as the best."""

    def run(search: Search) -> None:
        search.best, search.best_values = assignment, np.zeros(3, np.int64)

    return run


def test_rubbish_from_a_method_never_leaves_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that breaks the problem is refused at the door, with its breaches."""
    problem = sketch([Seat(case, {0: Arc(5)}, 3) for case in range(2)], [5]).problem()
    rubbish = Method("rubbish", lambda search: True, _returning(ints([0, 0])))
    monkeypatch.setattr(solving, "METHODS", (rubbish,))
    with pytest.raises(UnsoundPlanError, match="reviewer 0 has 10 minutes of 5"):
        solve(problem, PATIENT)


def test_a_method_that_does_not_suit_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list says when each is worth trying."""
    never = Method("never", lambda search: False, _returning(ints([9, 9])))
    monkeypatch.setattr(solving, "METHODS", (never, *solving.METHODS))
    problem = sketch([Seat(case, {0: Arc(5)}, 3) for case in range(2)], [5]).problem()
    assert_sound(problem, solve(problem, PATIENT))


def test_a_method_left_out_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ablation names what is not to run; a name that nobody has is a mistake, not everything."""
    rubbish = Method("rubbish", lambda search: True, _returning(ints([9, 9])))
    monkeypatch.setattr(solving, "METHODS", (rubbish, *solving.METHODS))
    problem = sketch([Seat(case, {0: Arc(5)}, 3) for case in range(2)], [5]).problem()
    assert_sound(problem, solve(problem, PATIENT, without={"rubbish"}))
    with pytest.raises(ValueError, match="no method is named rubish"):
        solve(problem, PATIENT, without={"rubish"})
