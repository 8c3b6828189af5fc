"""Independent parts: found as they are, solved apart, and put together to what the whole would have been."""

from __future__ import annotations

import threading
from dataclasses import replace

import joblib
import numpy as np
import pytest
from hypothesis import given

from solver import decompose
from solver.check import breaches, values
from solver.components import component_of, parts_of
from solver.greedy import greedy
from solver.lp import Duals
from solver.outcome import PRICE_UNIT, BoundedBy, LevelOutcome, Limits, Outcome, Progress, Proof
from solver.problem import Problem
from solver.reduce import drop_hopeless
from solver.relax import prove_first_level
from solver.search import Search
from solver.solve import run_methods, solve
from tests.solver.brute import optimum
from tests.solver.draws import rngs, sound
from tests.solver.instances import Rng, random_sketch
from tests.solver.sketch import Arc, Limit, Seat, Sketch, sketch
from tests.solver.stacks import stacked

PATIENT = Limits(seconds=60)
LEVELS_OPEN = (("unallocated", 4), ("late", 5), ("cost", 5))


def plain_components(plain: Sketch) -> list[int]:
    """The component of each place by union-find one pair at a time; −1 without arcs."""
    above: dict[object, object] = {}

    def root(node: object) -> object:
        while above.setdefault(node, node) != node:
            node = above[node]
        return node

    def unite(one: object, other: object) -> None:
        above[root(one)] = root(other)

    for place, seat in enumerate(plain.seats):
        unite(place, ("case", seat.case))
        for reviewer in seat.arcs:
            unite(place, ("reviewer", reviewer))
        if seat.needs >= 0:
            unite(place, seat.needs)
        if seat.link >= 0:
            unite(place, ("link", seat.link))
    for number, limit in enumerate(plain.limits):
        for place, _ in limit.amounts:
            unite(place, ("limit", number))
    numbers: dict[object, int] = {}
    return [
        numbers.setdefault(root(place), len(numbers)) if seat.arcs else -1
        for place, seat in enumerate(plain.seats)
    ]


def sparse(rng: Rng) -> Sketch:
    """A problem of a few that have nothing in common, with few arcs each and some of its limits."""
    plain = stacked(
        [random_sketch(rng, int(rng.integers(1, 5)), 3, 0.25) for _ in range(int(rng.integers(1, 4)))]
    )
    kept = [limit for limit in plain.limits if rng.random() < 0.3]
    order = rng.permutation(len(plain.seats)).tolist()
    return replace(plain, limits=tuple(kept)).shuffled(order, range(plain.n_reviewers))


def twins(seed: int, n_cases: int = 4, n_reviewers: int = 3) -> tuple[list[Sketch], Sketch]:
    """Three problems with everything in them, and the one that they make side by side."""
    rng = np.random.default_rng(seed)
    each = [random_sketch(rng, n_cases, n_reviewers).without_holders() for _ in range(3)]
    each = [replace(plain, scale=each[0].scale, divisor=each[0].divisor) for plain in each]
    return each, stacked(each)


def same(one: Outcome, other: Outcome) -> bool:
    """True when the plan and all that is said of it are the same."""
    assert one.assignment is not None
    assert other.assignment is not None
    told = [[(k.value, k.bound, k.bounded_by, k.proof) for k in outcome.levels] for outcome in (one, other)]
    return one.assignment.tobytes() == other.assignment.tobytes() and told[0] == told[1]


@given(rngs)
def test_components_are_those_of_a_plain_union_find(rng: Rng) -> None:
    """Numbered by their first place, whatever joins them; places without arcs are in none."""
    plain = sparse(rng)
    assert component_of(plain.problem()).tolist() == plain_components(plain)


@given(rngs)
def test_what_is_sound_in_the_parts_is_sound_together(rng: Rng) -> None:
    """A plan of the whole is one of each part, worth as much, and put together it is the plan again."""
    plain = sparse(rng)
    problem, whole = drop_hopeless(plain.problem()), sound(rng, plain)
    parts = parts_of(problem, component_of(problem))
    merged, worth = np.full(problem.n_places, -1), np.zeros(3, np.int64)
    for part in parts:
        mine = part.start(whole)
        assert breaches(part.problem, mine) == []
        merged, worth = part.merged(merged, mine), worth + values(part.problem, mine)
    worth[0] += problem.penalty[np.diff(problem.arc_start) == 0].sum()
    assert merged.tolist() == whole.tolist()
    assert worth.tolist() == values(problem, whole).tolist()
    assert sum(part.problem.n_arcs for part in parts) == problem.n_arcs


def test_many_components_share_parts_and_lose_no_arc() -> None:
    """A hundred cases of one reviewer each, and parts for seven: none is cut in two."""
    problem = sketch([Seat(case, {case: Arc()}, 1) for case in range(100)], [1] * 100).problem()
    parts = parts_of(problem, component_of(problem), 7)
    assert len(parts) == 7
    assert sorted(place for part in parts for place in part.places.tolist()) == list(range(100))


def two_seats(amounts: dict[tuple[int, int], int]) -> Problem:
    """Two cases of a reviewer each, and a limit over some of their arcs."""
    seats = [Seat(0, {0: Arc()}, 1), Seat(1, {1: Arc()}, 1)]
    return sketch(seats, [9, 9], limits=(Limit(1, amounts),)).problem()


def test_a_limit_joins_what_it_is_over() -> None:
    """Over both cases it makes one component; over one of them it leaves two."""
    assert component_of(two_seats({(0, 0): 1, (1, 1): 1})).tolist() == [0, 0]
    assert component_of(two_seats({(0, 0): 1})).tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(15))
def test_parts_together_are_worth_what_trying_everything_finds(seed: int) -> None:
    """Every level's value is the sum of the brute-forced optima, and proved: by the parts alone."""
    each, whole = twins(seed)
    best = [found[1] for found in map(optimum, each) if found is not None]
    outcome = solve(whole.problem(), PATIENT)
    assert [level.value for level in outcome.levels] == [sum(column) for column in zip(*best, strict=True)]
    assert outcome.proof == Proof.OPTIMAL
    assert all(level.bound == level.value for level in outcome.levels)


@pytest.mark.parametrize("seed", range(10))
def test_what_the_parts_prove_is_what_the_whole_has(seed: int) -> None:
    """With no other method after them, the plan is optimal at each level, and so are the bounds' sums."""
    each, whole = twins(seed)
    best = [found[1] for found in map(optimum, each) if found is not None]
    search = Search(whole.problem(), PATIENT)
    greedy(search)
    decompose.apart(search, run_methods)
    total = [sum(column) for column in zip(*best, strict=True)]
    assert search.best_values.tolist() == total
    assert search.bounds.tolist() == total
    assert search.best is not None
    assert breaches(search.problem, search.best) == []


def test_prices_of_the_parts_are_prices_of_the_whole() -> None:
    """Put side by side they prove what they are said to: each reviewer's best bundle is in one part alone."""
    _, whole = twins(3)
    search = Search(whole.problem(), PATIENT)
    greedy(search)
    decompose.apart(search, run_methods)
    prices = search.prices[0]
    assert prices is not None
    again = Search(whole.problem(), PATIENT)
    scaled = (part / PRICE_UNIT for part in (prices.place, prices.needs, prices.group))
    prove_first_level(again, Duals(*scaled, np.array([1.0, 0.0, 0.0])))
    assert again.prices[0] is not None
    assert again.prices[0].bound == prices.bound <= search.bounds[0]


def test_a_lower_level_s_bounds_are_summed_only_below_proved_levels() -> None:
    """What bounds plans no worse in one part says nothing of those no worse in all: no sum meanwhile."""
    levels = [
        LevelOutcome(name, 5, 0, bound, Proof.BEST_FOUND, BoundedBy.SEARCH) for name, bound in LEVELS_OPEN
    ]
    search = Search(twins(1)[1].problem(), PATIENT)
    greedy(search)
    before = search.bounds.tolist()
    decompose._add_up(search, [Outcome(None, tuple(levels), 0.0, "test")] * 3)
    assert search.bounds.tolist() == before


def _refuse(*arguments: object, **options: object) -> None:
    raise AssertionError("nothing is to be solved apart")


@pytest.mark.parametrize("seed", range(5))
def test_one_part_alone_is_not_solved_apart(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all hangs together, or but for a tenth, nothing is sent to anyone."""
    monkeypatch.setattr(decompose, "Parallel", _refuse)
    rng = np.random.default_rng(seed)
    plain = random_sketch(rng, 8, 3, 1.0)
    linked = replace(
        plain,
        limits=(*plain.limits, Limit(99, {(p, r): 1 for p, s in enumerate(plain.seats) for r in s.arcs})),
    )
    small = sketch([Seat(0, {0: Arc()}, 1)], [1], thresholds=((0, 0),), rates=(1, 2))
    for one in (linked, stacked([linked, small])):
        assert solve(one.problem(), Limits(effort=1)).assignment is not None


def test_more_than_there_is_time_for_is_not_solved_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty pairs in a hundredth of a second: the whole is searched together."""
    monkeypatch.setattr(decompose, "Parallel", _refuse)
    assert solve(twins(0)[1].problem(), Limits(seconds=0.01)).assignment is not None


def large() -> Problem:
    """Three problems that nobody proves in a moment, side by side."""
    return stacked([random_sketch(np.random.default_rng(seed), 60, 8, 0.5) for seed in range(3)]).problem()


def test_the_same_effort_gives_the_same_plan_with_any_workers() -> None:
    """However the parts fall to the workers: the same bytes, the same bounds."""
    problem = twins(5, 20, 5)[1].problem()
    one, two = (solve(problem, Limits(effort=1, seed=7, workers=n)) for n in (1, 2))
    assert same(one, two)


def test_processes_give_what_threads_give() -> None:
    """What is sent can be read elsewhere, and comes back the same."""
    problem = twins(2, 12, 4)[1].problem()
    threads = solve(problem, Limits(effort=1, workers=2))
    with joblib.parallel_config(backend="loky"):
        processes = solve(problem, Limits(effort=1, workers=2))
    assert same(threads, processes)


@pytest.mark.parametrize("news", [1, 3, 10])
def test_cancelled_while_parts_run_the_best_so_far_comes_back(news: int) -> None:
    """After so much news of the parts: a sound plan, long before the time is up, and no bound above it."""
    heard: list[Progress] = []
    asked = threading.Event()

    def hear(progress: Progress) -> None:
        heard.append(progress)
        if sum(one.method == "apart" for one in heard) >= news:
            asked.set()

    problem = large()
    outcome = solve(problem, Limits(seconds=600, workers=2), progress=hear, cancelled=asked.is_set)
    assert asked.is_set()
    assert outcome.assignment is not None
    assert breaches(problem, outcome.assignment) == []
    assert [level.value for level in outcome.levels] == values(problem, outcome.assignment).tolist()
    assert all(level.bound <= level.value for level in outcome.levels)


def test_a_part_that_fails_stops_the_others() -> None:
    """The fault is told, and nobody goes on working for ten minutes."""

    def fail(search: Search) -> None:
        raise RuntimeError("a fault")

    search = Search(large(), Limits(seconds=600, workers=2))
    with pytest.raises(RuntimeError, match="a fault"):
        decompose.apart(search, fail)
