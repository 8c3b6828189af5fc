"""An earlier plan and its prices to begin with: what fits is kept, what is claimed is proved anew."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given

from solver.carried import carried_over
from solver.check import breaches, values
from solver.lp import Duals
from solver.outcome import PRICE_UNIT, Limits, Outcome
from solver.problem import Ints, Problem
from solver.relax import level_start, relax
from solver.search import Search
from solver.solve import solve
from solver.start import Start, repaired
from tests.solver.draws import careless, encoded_sketches, rngs
from tests.solver.instances import Rng, random_sketch
from tests.solver.sketch import Arc, Seat, Sketch, ints, sketch

QUICK = Limits(effort=1)
UNKNOWN = float("nan")


def prices(place: list[float], groups: int = 0) -> Duals:
    """Prices of places alone."""
    return Duals(np.array(place), np.zeros(len(place)), np.zeros(groups), np.array([1.0, 0.0, 0.0]))


def prices_of(outcome: Outcome) -> Duals:
    """The level-1 prices that an outcome was proved by."""
    found = outcome.levels[0].prices
    assert found is not None
    return Duals(
        *(np.asarray(part) / PRICE_UNIT for part in (found.place, found.needs, found.group)),
        levels=np.array([1.0, 0.0, 0.0]),
    )


def assert_sound(problem: Problem, outcome: Outcome) -> None:
    """Fail unless the plan breaks nothing, is worth what is claimed, and not below its bounds."""
    assert outcome.assignment is not None
    assert breaches(problem, outcome.assignment) == []
    assert [level.value for level in outcome.levels] == values(problem, outcome.assignment).tolist()
    assert all(level.fixed <= level.bound <= level.value for level in outcome.levels)


def three_of_two() -> Sketch:
    """Three places of five minutes, two people with ten and five: all fit."""
    return sketch([Seat(case, {0: Arc(5), 1: Arc(5)}, 9) for case in range(3)], [10, 5])


def test_a_plan_that_still_fits_is_kept_whole() -> None:
    """Nothing has changed: what comes back is what went in."""
    start = ints([1, 0, 0])
    assert repaired(three_of_two().problem(), start).tolist() == start.tolist()


def test_of_a_plan_that_no_longer_fits_the_rest_is_kept() -> None:
    """One arc is gone, one reviewer has room for one place of two, one place was somebody unknown's."""
    seats = [Seat(case, {0: Arc(5), 1: Arc(5)}, 9) for case in range(4)]
    seats[3] = Seat(3, {0: Arc(5)}, 9)
    problem = sketch(seats, [5, 9]).problem()
    assert repaired(problem, ints([0, 0, 1, 1])).tolist() == [0, -1, 1, -1]
    assert repaired(problem, ints([0, 99, -7, -1])).tolist() == [0, -1, -1, -1]


def test_a_plan_that_fits_to_the_minute_is_kept_and_one_minute_less_drops_a_place() -> None:
    """The near miss: ten minutes hold two places of five, nine hold one."""
    seats = [Seat(case, {0: Arc(5)}, 9) for case in range(2)]
    assert repaired(sketch(seats, [10]).problem(), ints([0, 0])).tolist() == [0, 0]
    assert repaired(sketch(seats, [9]).problem(), ints([0, 0])).tolist() == [0, -1]


def test_held_work_stays_whatever_the_earlier_plan_says() -> None:
    """Its place goes to its holder; what the earlier plan gave the holder beside it goes if it must."""
    held = Seat(0, {0: Arc(5, slots=0)}, required=True)
    problem = sketch([held, Seat(1, {0: Arc(5), 1: Arc(5)}, 9)], [5, 5]).problem()
    assert repaired(problem, ints([1, 0])).tolist() == [0, -1]
    assert repaired(problem, ints([-1, 1])).tolist() == [0, 1]


def test_a_second_goes_with_its_lead() -> None:
    """What needs a place that cannot be kept is not kept."""
    lead, second = Seat(0, {0: Arc(9)}, 9), Seat(0, {1: Arc(1)}, 4, needs=0)
    assert repaired(sketch([lead, second], [9, 9]).problem(), ints([0, 1])).tolist() == [0, 1]
    assert repaired(sketch([lead, second], [8, 9]).problem(), ints([0, 1])).tolist() == [-1, -1]


@given(encoded_sketches(), rngs)
def test_whatever_it_is_given_a_repaired_plan_is_sound_and_a_solve_is_never_worse(
    plain: Sketch, rng: Rng
) -> None:
    """An assignment that minds no rule, prices that mean nothing: sound, and no worse than the repair."""
    problem, start = plain.problem(), careless(rng, plain)
    mended = repaired(problem, start)
    assert breaches(problem, mended) == []
    wild = rng.choice([UNKNOWN, -1e9, 0.0, 3.0, 1e300], problem.n_places)
    duals = Duals(wild, wild[::-1].copy(), np.full(len(problem.groups.limit), 1e300), np.zeros(3))
    outcome = solve(problem, QUICK, Start(start, duals))
    assert_sound(problem, outcome)
    assert [level.value for level in outcome.levels] <= values(problem, mended).tolist()


@given(encoded_sketches(), rngs)
def test_a_solve_from_its_own_outcome_ends_where_it_began(plain: Sketch, rng: Rng) -> None:
    """The trivially fine case: its own plan and prices give the same values."""
    problem = plain.problem()
    first = solve(problem, Limits(seconds=60))
    assert first.assignment is not None
    again = solve(problem, QUICK, Start(first.assignment, prices_of(first)))
    assert_sound(problem, again)
    assert [level.value for level in again.levels] == [level.value for level in first.levels]


@cache
def _tight() -> tuple[Problem, Outcome]:
    problem = random_sketch(np.random.default_rng(3), 30, 6, density=0.6).problem()
    return problem, solve(problem, Limits(effort=2))


def test_prices_take_the_place_of_the_linear_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    """With them no programme is solved at level 1, and they prove at once what they proved before."""
    problem, first = _tight()
    monkeypatch.setattr("solver.relax.lp_duals", lambda *_: pytest.fail("a linear programme was solved"))
    search = Search(problem, QUICK)
    search.old_prices = prices_of(first)
    proved = first.levels[0].prices
    assert proved is not None
    relax(search, 0, steps=0)
    assert search.bounds[0] >= proved.bound


def test_prices_alone_are_a_start() -> None:
    """Without a plan beside them, nothing is offered but the solve goes through."""
    problem, first = _tight()
    assert_sound(problem, solve(problem, QUICK, Start(None, prices_of(first))))


def test_the_same_start_and_effort_give_the_same_plan() -> None:
    """Byte for byte, and the same bounds."""
    problem, first = _tight()
    start = Start(first.assignment, prices_of(first))
    one, other = (solve(problem, Limits(effort=1, workers=n), start) for n in (1, 2))
    assert one.assignment is not None
    assert other.assignment is not None
    assert one.assignment.tobytes() == other.assignment.tobytes()
    assert [level.bound for level in one.levels] == [level.bound for level in other.levels]


def _carried(problem: Problem, old: Duals, best: Ints | None = None) -> Duals | None:
    lagrangian, _ = level_start(Search(problem, QUICK), 0, lambda: False)
    return carried_over(lagrangian, old, best)


def _twenty(last: float) -> tuple[Problem, Duals]:
    """Twenty alike places of five minutes and one person with time for ten; of the last the price is told."""
    problem = sketch([Seat(case, {0: Arc(5)}, 40) for case in range(20)], [50]).problem()
    return problem, prices([20.0] * 19 + [last])


def test_a_new_place_is_priced_by_what_its_takers_earn_elsewhere() -> None:
    """The one who may take it earns 200 in 50 minutes: 4 a minute, so 20 for its five. Others stay."""
    carried = _carried(*_twenty(UNKNOWN))
    assert carried is not None
    assert carried.place.tolist() == [20.0] * 20


def test_a_place_left_empty_at_no_price_is_priced_like_a_new_one() -> None:
    """Whoever had time for it is gone. If it is filled in the plan, it keeps its price of 0."""
    problem, old = _twenty(0.0)
    everyone = np.zeros(20, np.int64)
    but_the_last = np.where(np.arange(20) == 19, -1, everyone)
    for best, last in ((but_the_last, 20.0), (everyone, 0.0)):
        carried = _carried(problem, old, best)
        assert carried is not None
        assert carried.place[19] == last


@pytest.mark.parametrize(("unknown", "taken"), [(2, True), (3, False)])
def test_prices_of_too_few_places_are_left(unknown: int, taken: bool) -> None:
    """A tenth may be new; where more is, the linear relaxation is asked, and a solve goes through."""
    problem, old = _twenty(20.0)
    old.place[:unknown] = UNKNOWN
    assert (_carried(problem, old) is not None) == taken
    assert_sound(problem, solve(problem, QUICK, Start(None, old)))


def test_prices_beyond_the_penalty_are_cut_to_it() -> None:
    """No place is worth more than leaving it empty costs."""
    carried = _carried(*_twenty(1e300))
    assert carried is not None
    assert carried.place[19] == 40


def test_a_start_of_another_size_is_refused() -> None:
    """Rows that mean something else are no start."""
    problem = three_of_two().problem()
    with pytest.raises(ValueError, match="a start is of 3 places"):
        solve(problem, QUICK, ints([0, 0]))
    with pytest.raises(ValueError, match="a start is of 3 places"):
        solve(problem, QUICK, Start(None, prices([1.0])))
    with pytest.raises(ValueError, match="prices are of 0 groups"):
        solve(problem, QUICK, Start(None, prices([1.0] * 3, groups=1)))


def test_without_old_prices_nothing_is_warm() -> None:
    """The near miss of all of the above: a plan alone leaves the prices to the linear relaxation."""
    problem, _ = _tight()
    search = Search(problem, QUICK)
    relax(search, 0, steps=0)
    assert not search.warm
