"""Bounds by prices: never above the optimum, at any level, and recomputed from the prices alone."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.ascent import ascend
from solver.check import values
from solver.greedy import greedy
from solver.outcome import BoundedBy, Limits, Outcome, Prices
from solver.problem import LEVELS, Ints, Problem
from solver.reduce import drop_hopeless, fixed_values
from solver.relax import level_start, relax
from solver.search import Search
from solver.solve import solve
from tests.solver.draws import Solved, rngs, sketches, sound
from tests.solver.instances import Rng, random_sketch
from tests.solver.sketch import Arc, Limit, Seat, Sketch, sketch

UNIT = 1000
LEVEL_ROWS = range(len(LEVELS))


def bound_by_prices(problem: Problem, plan: Ints, level: int, steps: int = 30) -> tuple[int, Prices]:
    """What prices alone prove of a level, over plans no worse than `plan` at those above, and the prices."""
    search = Search(problem, Limits(seconds=100))
    search.offer(plan, "given")
    search.bounds[:] = 0
    relax(search, level, steps)
    prices = search.prices[level]
    assert prices is not None
    return int(search.bounds[level]), prices


@pytest.fixture(scope="module")
def bounds(brute_forced: list[Solved]) -> list[tuple[int, ...]]:
    """The three bounds by prices of every brute-forced problem."""
    return [
        tuple(bound_by_prices(solved.problem, solved.assignment, level)[0] for level in LEVEL_ROWS)
        for solved in brute_forced
    ]


def assert_no_bound_is_above_its_optimum(
    brute_forced: list[Solved], bounds: list[tuple[int, ...]], level: int, times: Fraction = Fraction(1)
) -> None:
    """Fail if any bound of the level, times a factor, exceeds what the best plan has."""
    for solved, found in zip(brute_forced, bounds, strict=True):
        assert times * found[level] <= solved.worth[level]


@pytest.mark.parametrize("level", LEVEL_ROWS, ids=LEVELS)
def test_no_bound_is_above_the_optimum(
    brute_forced: list[Solved], bounds: list[tuple[int, ...]], level: int
) -> None:
    """On every brute-forced problem each level's bound by prices is at most the optimum."""
    assert_no_bound_is_above_its_optimum(brute_forced, bounds, level)


@pytest.mark.parametrize("level", LEVEL_ROWS, ids=LEVELS)
def test_bounds_a_thousandth_higher_would_be_caught(
    brute_forced: list[Solved], bounds: list[tuple[int, ...]], level: int
) -> None:
    """The check has teeth: every bound times 1.001 makes the same assertion fail."""
    with pytest.raises(AssertionError):
        assert_no_bound_is_above_its_optimum(brute_forced, bounds, level, Fraction(1001, 1000))


@pytest.mark.parametrize("level", LEVEL_ROWS, ids=LEVELS)
def test_bounds_by_prices_are_worth_having(
    brute_forced: list[Solved], bounds: list[tuple[int, ...]], level: int
) -> None:
    """Where the optimum is above what is fixed, they reach it in at least one of four problems."""
    open_ones = [
        found[level] == solved.worth[level]
        for solved, found in zip(brute_forced, bounds, strict=True)
        if solved.worth[level] > fixed_values(drop_hopeless(solved.problem), solved.worth[0])[level]
    ]
    assert sum(open_ones) >= len(open_ones) / 4


@given(sketches(5, 3), rngs, st.sampled_from([1, 2]))
def test_a_lower_level_is_bounded_over_plans_as_good_above(plain: Sketch, rng: Rng, level: int) -> None:
    """From any plan, not only the best: no plan as good at the levels above is below the bound."""
    problem = plain.problem()
    given_plan, other = sound(rng, plain), sound(rng, plain)
    bound, _ = bound_by_prices(problem, given_plan, level, steps=20)
    for plan in (given_plan, other):
        worth, most = values(problem, plan), values(problem, given_plan)
        assert np.any(worth[:level] > most[:level]) or worth[level] >= bound


def best_bundle(problem: Problem, prices: Prices, reviewer: int) -> int:
    """The most, in thousandths, that a reviewer's new places bring, by a table of minutes × slots."""
    free = int(problem.capacity[reviewer] - problem.forced_minutes[reviewer])
    options: dict[int, list[tuple[int, int, int]]] = {}
    for arc in np.flatnonzero((problem.arc_reviewer == reviewer) & ~problem.forced).tolist():
        option = (int(problem.arc_minutes[arc]), int(problem.arc_slots[arc]), _gain(problem, prices, arc))
        options.setdefault(int(problem.case[problem.arc_place[arc]]), []).append(option)
    rows = min(int(problem.slots[reviewer]), len(options)) + 1
    table = np.zeros((rows, free + 1), np.int64)
    for case in options.values():
        before, table = table, table.copy()
        for minutes, slots, gain in case:
            if minutes <= free and slots < rows:
                moved = before[: rows - slots, : free + 1 - minutes] + gain
                into = table[slots:, minutes:]
                np.maximum(into, moved, out=into)
    return int(table.max())


def _gain(problem: Problem, prices: Prices, arc: int) -> int:
    """What an arc brings: its place's price, less what it needs and uses, and what it lets be filled."""
    place, g = int(problem.arc_place[arc]), problem.groups
    enabled = int(prices.needs[problem.needs == place].sum())
    needed = int(prices.needs[place]) if problem.needs[place] >= 0 else 0
    mine = g.arc == arc
    toll = int((prices.group[g.of_member] * g.amount)[mine].sum())
    return int(prices.place[place]) - needed + enabled - toll


def recomputed(problem: Problem, prices: Prices) -> int:
    """The level-1 bound that prices prove, from the formula alone."""
    g = problem.groups
    can_be_filled = np.diff(problem.arc_start) > 0
    open_places = ~problem.required | problem.movable
    optional = open_places & ~(problem.required & can_be_filled)
    total = int(prices.place[open_places].sum())
    total += int(np.minimum(0, UNIT * problem.penalty - prices.place)[optional].sum())
    spent = np.zeros(len(g.limit), np.int64)
    np.add.at(spent, g.of_member, g.amount * problem.forced[g.arc])
    total -= int((prices.group * (g.limit - spent)).sum())
    total -= sum(best_bundle(problem, prices, reviewer) for reviewer in range(problem.n_reviewers))
    nobody = int(problem.penalty[~can_be_filled].sum())
    return max(nobody, -(-total // UNIT))


def assert_prices_prove_what_they_claim(problem: Problem, outcome: Outcome) -> None:
    """Fail unless level 1's prices give exactly the bound they claim, which is no more than what is told."""
    level = outcome.levels[0]
    prices = level.prices
    assert prices is not None
    assert prices.bound == recomputed(drop_hopeless(problem), prices)
    assert prices.bound <= level.bound
    assert prices.bound == level.bound or level.bounded_by != BoundedBy.PRICES
    assert np.all(prices.needs >= 0)
    assert np.all(prices.group >= 0)
    assert prices.levels.tolist() == [UNIT, 0, 0]


def test_level_1_bounds_are_recomputed_from_their_prices(
    brute_forced: list[Solved], outcomes: list[Outcome]
) -> None:
    """A table of minutes and slots, written here, gives exactly the bound each outcome's prices claim."""
    for solved, outcome in zip(brute_forced, outcomes, strict=True):
        assert_prices_prove_what_they_claim(solved.problem, outcome)


def test_there_are_prices_however_soon_a_solve_is_stopped(brute_forced: list[Solved]) -> None:
    """Stopped at once, the prices prove little, but what they claim is so."""
    for solved in brute_forced[:60]:
        outcome = solve(solved.problem, Limits(seconds=60), cancelled=lambda: True)
        assert_prices_prove_what_they_claim(solved.problem, outcome)


@given(sketches(5, 4), rngs, st.sampled_from([0, 1, 2]), st.sampled_from([0, 1, 20]))
def test_steps_never_end_at_worse_prices(plain: Sketch, rng: Rng, level: int, steps: int) -> None:
    """They end at prices that prove at least what they began with."""
    search = Search(plain.problem(), Limits(seconds=100))
    search.offer(sound(rng, plain), "given")
    lagrangian, start = level_start(search, level, lambda: False)
    best = ascend(lagrangian, start, steps, lambda: 0.0, lambda: False)
    proved = [lagrangian.bound(prices) for prices in (lagrangian.clip(start), best)]
    assert None not in proved
    assert proved == sorted(proved)  # type: ignore[type-var]


def test_steps_stop_when_they_are_to() -> None:
    """Asked to at once, or with no time left, they keep the prices they began with."""
    search = Search(random_sketch(np.random.default_rng(3), 12, 4).problem(), Limits(seconds=100))
    greedy(search)
    lagrangian, start = level_start(search, 0, lambda: False)
    begun = lagrangian.clip(start)
    for prices in (
        ascend(lagrangian, start, 50, lambda: 0.0, lambda: True),
        ascend(lagrangian, start, 50, lambda: 1.0, lambda: False),
    ):
        np.testing.assert_array_equal(prices.place, begun.place)
    assert lagrangian.bound(start, lambda: True) is None


def test_any_prices_prove_a_bound(brute_forced: list[Solved]) -> None:
    """Even prices drawn by chance bound level 1 from below: validity needs no good prices."""
    rng = np.random.default_rng(7)
    for solved in brute_forced:
        problem = drop_hopeless(solved.problem)
        prices = Prices(
            bound=0,
            place=rng.integers(-2000, 15_000, problem.n_places),
            needs=rng.integers(0, 3000, problem.n_places),
            group=rng.integers(0, 900, len(problem.groups.limit)),
            levels=np.array([UNIT, 0, 0]),
        )
        assert recomputed(problem, prices) <= solved.worth[0]


def test_a_mid_size_problem_s_bound_is_recomputed_too() -> None:
    """Sixty cases and ten reviewers with thousands of minutes, which the search reckons coarsely."""
    plain = random_sketch(np.random.default_rng(5), 60, 10, density=0.4)
    small = plain.problem()
    problem = small.replace(arc_minutes=60 * small.arc_minutes, capacity=60 * small.capacity)
    bound, prices = bound_by_prices(problem, sound(np.random.default_rng(6), plain), 0)
    assert bound == prices.bound == recomputed(drop_hopeless(problem), prices)


def priced(plain: Sketch) -> Search:
    """A search after greedy's plan and level-1 prices."""
    search = Search(plain.problem(), Limits())
    greedy(search)
    relax(search, 0)
    return search


def test_prices_before_any_plan_prove_what_is_so(brute_forced: list[Solved]) -> None:
    """With nothing to aim at, prices stay within the penalties, and the bound below the optimum."""
    for solved in brute_forced[:40]:
        search = Search(solved.problem, Limits(seconds=100))
        relax(search, 0, steps=20)
        prices = search.prices[0]
        assert prices is not None
        assert np.all(np.abs(prices.place) <= UNIT * 10**6)
        assert search.bounds[0] <= solved.worth[0]


def test_a_bound_by_hand() -> None:
    """Three places of 5, 3 and 2 for one reviewer with time for one: at least 5 points stay empty."""
    plain = sketch([Seat(case, {0: Arc()}, penalty) for case, penalty in enumerate((5, 3, 2))], [1])
    search = priced(plain)
    assert search.bounds[0] == 5
    assert search.bounded_by[0] == BoundedBy.PRICES


def test_a_bound_by_hand_where_a_group_binds() -> None:
    """Two places of 4 and one of 3 in a group of one each: one is filled, and 7 points stay empty."""
    seats = [Seat(case, {case: Arc()}, penalty) for case, penalty in enumerate((4, 4, 3))]
    plain = sketch(seats, [1, 1, 1], limits=(Limit(1, {(case, case): 1 for case in range(3)}),))
    assert priced(plain).bounds[0] == 7


def test_a_bound_by_hand_where_a_second_needs_its_lead() -> None:
    """A second worth 9 needs a lead worth 1, whose only taker has no time for both cases: 3 stay empty."""
    seats = [Seat(0, {0: Arc()}, 1), Seat(0, {1: Arc()}, 9, needs=0), Seat(1, {0: Arc()}, 3)]
    assert priced(sketch(seats, [1, 1])).bounds[0] == 3


def test_prices_can_be_found_without_a_linear_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Glop does not finish in time, ascent from rough prices still bounds every level."""
    monkeypatch.setattr("solver.relax.lp_duals", lambda *given: None)
    plain = sketch([Seat(case, {0: Arc()}, penalty) for case, penalty in enumerate((5, 3, 2))], [1])
    bounds = [bound_by_prices(plain.problem(), np.array([0, -1, -1]), level)[0] for level in LEVEL_ROWS]
    assert 0 < bounds[0] <= 5
    assert bounds[1:] == [0, 0]
