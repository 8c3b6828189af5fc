"""Parts of a plan planned anew from prices: sound, worth exactly what they say, given up only with reason."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver import agree, dice, plans, plunge
from solver.agree import Prices, Style
from solver.check import breaches
from solver.kinds import BRISK, CAREFUL, CROWDED, QUICK, WHOLE
from solver.offers import Part
from solver.problem import Ints
from solver.workshop import POINT
from tests.solver.draws import rngs, seeds, sketches, sound
from tests.solver.instances import Rng, random_sketch
from tests.solver.interpreted import interpreted
from tests.solver.mending import Bench, bench_of, mended
from tests.solver.sketch import Arc, Seat, Sketch, ints, sketch

every_level = st.sampled_from([0, 1, 2])
every_style = st.sampled_from([QUICK, CROWDED, CAREFUL, BRISK, WHOLE, QUICK._replace(states=3)])
slacks = st.sampled_from([0, POINT, 1000 * POINT])


def assert_mended_rightly(bench: Bench, reviewers: Ints, style: Style, slack: int, most_empty: int) -> None:
    """Fail unless the change is given up, or sound and worth exactly what it is said to gain."""
    found = mended(bench, reviewers, style, slack, most_empty)
    if found.given_up:
        return
    before, after = bench.assignment(bench.plan), bench.assignment(found.committed)
    changed = np.flatnonzero(bench.assignment(found.plan) != before)
    assert set(changed.tolist()) <= set(found.places.tolist())
    assert found.done or not len(changed)
    assert after.tolist() == bench.assignment(found.plan).tolist()
    assert breaches(bench.problem, after) == []
    assert found.worth_before - found.worth_after == found.gained >= -slack
    held = np.isin(before, reviewers)
    assert held[changed][before[changed] >= 0].all()
    assert np.isin(after[changed][after[changed] >= 0], reviewers).all()
    assert np.count_nonzero(~held[found.places]) <= most_empty


@given(sketches(), rngs, every_level, every_style, slacks, st.sampled_from([0, 2, 60]))
def test_a_part_planned_anew_is_sound_and_worth_what_it_says(
    plain: Sketch, rng: Rng, level: int, style: Style, slack: int, most_empty: int
) -> None:
    """Some reviewers' work at any prices: the whole plan stays sound and its sum changes by the gain.

    So it does of one that is halted, as some are, which fills what is left as it comes.
    """
    bench = bench_of(plain, sound(rng, plain), level, int(rng.integers(2**31)))
    bench.halt[:] = rng.random() < 0.3
    reviewers = rng.permutation(plain.n_reviewers)[: int(rng.integers(1, plain.n_reviewers + 1))]
    assert_mended_rightly(bench, reviewers, style, slack, most_empty)


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("seed", range(10))
def test_a_larger_part_planned_anew_is_sound_and_worth_what_it_says(seed: int, level: int) -> None:
    """Of forty cases and eight reviewers, again and again from the plan that came of it."""
    rng = np.random.default_rng(seed)
    plain = random_sketch(rng, 40, 8, density=0.5)
    start = sound(rng, plain)
    for turn in range(6):
        bench = bench_of(plain, start, level, turn)
        reviewers = rng.permutation(8)[: int(rng.integers(1, 9))]
        assert_mended_rightly(bench, reviewers, (QUICK, CROWDED, WHOLE)[turn % 3], POINT * turn, 60)
        start = bench.assignment(mended(bench, reviewers, QUICK, POINT * turn).committed)


def test_a_plunge_that_is_halted_looks_at_no_prices_and_fills_what_fits() -> None:
    """Three cases and hours for two: two are placed, at once."""
    plain = sketch([Seat(case, {0: Arc(5)}, 9) for case in range(3)], [10])
    bench = bench_of(plain, ints([-1, -1, -1]), 0)
    bench.halt[:] = 1
    found = mended(bench, ints([0]), WHOLE)
    assert np.count_nonzero(bench.assignment(found.committed) == 0) == 2


def test_held_work_is_not_left_for_however_much() -> None:
    """A movable lead of ten hours, and thirty dear hours beside: it stays with its holder."""
    lead = Seat(0, {0: Arc(10, slots=0)}, required=True, movable=True)
    seats = [lead, *(Seat(case, {0: Arc(1)}, 9) for case in range(1, 31))]
    plain = sketch(seats, [10])
    for seed in range(10):
        bench = bench_of(plain, ints([0, *[-1] * 30]), 0, seed)
        assert_mended_rightly(bench, ints([0]), QUICK, 0, 60)
        assert bench.assignment(mended(bench, ints([0]), QUICK).committed)[0] == 0


def the_rest(bench: Bench, plan: plans.Plan, reviewers: Ints, places: Ints, penalty: Ints) -> int:
    """The least that these empty places cost in any sound filling by these reviewers, all tried."""
    field, best = bench.field, int(penalty.sum())
    inside = set(reviewers.tolist())
    options = [
        [-1, *(int(i) for i in field.items[field.items_start[p] : field.items_start[p + 1]])] for p in places
    ]
    options = [[i for i in some if i < 0 or int(field.reviewer[i]) in inside] for some in options]
    before = int(plans.extras(field, bench.aim, plan, reviewers))
    for items in product(*options):
        trial = plans.copy_of(plan)
        if plans.commit(field, trial, places, ints(items)):
            cost = int(plans.worth_of(bench.aim, trial, places, penalty))
            best = min(best, cost + int(plans.extras(field, bench.aim, trial, reviewers)) - before)
    return best


@given(sketches(3, 3), rngs, seeds, every_level)
def test_what_prices_prove_of_a_part_is_never_above_its_best_filling(
    plain: Sketch, rng: Rng, seed: int, level: int
) -> None:
    """At exact states and without crowding the first value is a bound: no part with better is given up."""
    style = Style(steps=8, share=0.2, noise=0.1, states=10**6, crowd=0.0)
    bench = bench_of(plain, sound(rng, plain), level, seed)
    field, plan, penalty = bench.field, bench.plan, bench.aim.penalty.copy()
    reviewers = np.flatnonzero(rng.random(plain.n_reviewers) < 0.7)
    with interpreted():
        held, _ = plunge._free(field, plan, reviewers)
        empties = plunge._empties(field, bench.aim, plan, reviewers, held, 60, dice.dice(seed))
        places = np.concatenate([held, empties])
        for p in places:
            if plans.is_needed(field, plan, p):
                penalty[p] += bench.aim.forbidding
        row = np.full(bench.problem.n_places, -1)
        row[places] = np.arange(len(places))
        part = Part(reviewers, places, penalty[places], row, np.zeros(1, np.int64))
        pool = plunge._active(field, plan, part, plunge._pool(field, part))
        if not len(pool):
            return
        mine = Prices(bench.prices.place[places], bench.prices.needs[places], bench.prices.group.copy())
        proved = agree.agree(
            field,
            bench.aim,
            style,
            plan,
            part,
            pool,
            mine,
            2**60,
            np.zeros(len(pool)),
            dice.dice(seed),
        )
        best = the_rest(bench, plan, reviewers, places, penalty[places])
        there = int(plans.extras(field, bench.aim, plan, reviewers))
    assert proved <= best + there + len(pool)  # each gain is rounded to the nearest
