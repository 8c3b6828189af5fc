"""SCIP on one level: every rule in it, nothing claimed that is not so, and it can be stopped."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from dataclasses import replace

import numpy as np
import pytest

from solver.check import breaches
from solver.greedy import greedy
from solver.mip import Programme, mip, suits
from solver.outcome import BoundedBy, Limits
from solver.search import Search
from tests.solver.brute import optimum
from tests.solver.draws import Solved
from tests.solver.instances import random_sketch
from tests.solver.sketch import Arc, Seat, Sketch, sketch


def solved(search: Search) -> Search:
    """The search after the programme, which like in `solve` comes after the first plan."""
    greedy(search)
    mip(search)
    return search


def test_level_1_is_the_optimum_found_by_trying_everything(brute_forced: list[Solved]) -> None:
    """Seconds, links, groups, slots and held work: value and bound both meet the optimum."""
    for one in brute_forced[:60]:
        search = solved(Search(one.problem, Limits(seconds=100)))
        assert search.best_values[0] == search.bounds[0] == one.worth[0]


def test_a_generalised_assignment_is_solved_at_the_level_of_its_points() -> None:
    """Small ones, some with a place that may stay empty: the optimum of trying everything, and proved."""
    for seed in range(30):
        plain = small_jobs(np.random.default_rng(seed))
        best = optimum(plain)
        if best is None:
            continue
        search = Search(plain.problem(), Limits(seconds=100))
        greedy(search)
        for _ in range(2):  # level 1 first where it is open
            if suits(search) and not search.proved():
                mip(search)
        assert search.best_values.tolist() == [*best[1]]
        assert search.bounds[0] == best[1][0]
        assert search.bounds[2] == best[1][2]


def small_jobs(rng: np.random.Generator) -> Sketch:
    """Six jobs and three agents with little time; one job in five may be left."""
    seats = []
    for job in range(6):
        left = bool(rng.random() < 0.2)
        arcs = {a: Arc(int(rng.integers(1, 9)), int(rng.integers(0, 20)), slots=0) for a in range(3)}
        seats.append(Seat(job, arcs, 7 * left, required=not left, movable=not left))
    return sketch(seats, rng.integers(8, 16, 3).tolist())


def test_the_points_are_minimised_among_plans_that_leave_no_more() -> None:
    """Two jobs for one who has time for one: the dear one is filled if only so much may be left."""
    seats = [Seat(0, {0: Arc(points=9)}, 5), Seat(1, {0: Arc(points=1)}, 3)]
    problem = sketch(seats, [1]).problem()
    assert _least(Programme(problem, level=2, most=3)) == (9, [0, -1])
    assert _least(Programme(problem, level=2, most=5)) == (1, [-1, 0])
    assert _least(Programme(problem, level=2, most=8)) == (0, [-1, -1])
    assert _least(Programme(problem)) == (3, [0, -1])


def _least(programme: Programme) -> tuple[int, list[int]]:
    """The least objective of any choice of columns that keeps every row, and its assignment."""
    rows = np.zeros((programme.n_rows, programme.n_columns))
    rows[programme.row, programme.column] = programme.value
    best: tuple[int, list[int]] | None = None
    for choice in itertools.product((0, 1), repeat=programme.n_columns):
        used = rows @ choice
        worth = programme.offset + int(programme.objective @ choice[: programme.problem.n_arcs])
        fits = np.all(used >= programme.low) and np.all(used <= programme.high)
        if fits and (best is None or worth < best[0]):
            best = worth, programme.assignment(np.flatnonzero(choice)).tolist()
    assert best is not None
    return best


def test_it_suits_what_is_linear_and_small() -> None:
    """Points of arcs alone are its own; lateness and workload are left to others, and nothing to no one."""
    held = [Seat(0, {0: Arc(points=3), 1: Arc(points=2)}, required=True, movable=True)]
    assert suits(Search(sketch(held, [9, 9]).problem(), Limits()))
    assert not suits(Search(sketch([], [9]).problem(), Limits()))
    bands = sketch(held, [9, 9], thresholds=((0,), (0,)), rates=(1,)).problem()
    assert not suits(Search(bands, Limits()))
    late = [replace(held[0], late_points=4, arcs={0: Arc(due=0), 1: Arc(due=3)})]
    search = Search(sketch(late, [9, 9]).problem(), Limits())
    assert not suits(search)
    assert search.open_level() == 1


def test_every_rule_is_in_the_programme() -> None:
    """What the programme answers breaks nothing, on problems too large to try everything."""
    for seed in range(10):
        problem = random_sketch(np.random.default_rng(seed), 12, 5).problem()
        search = solved(Search(problem, Limits(seconds=100)))
        assert search.best is not None
        assert breaches(problem, search.best) == []
        assert search.bounds[0] == search.best_values[0]


def test_links_are_left_out_of_no_bound() -> None:
    """Two linked places, and nobody with time for both: the smaller stays empty, and that is proved."""
    seats = [Seat(0, {0: Arc(5), 1: Arc(5)}, 4, link=0), Seat(1, {0: Arc(5), 1: Arc(5)}, 3, link=0)]
    plain = sketch(seats, [5, 5])
    best = optimum(plain)
    assert best is not None
    search = solved(Search(plain.problem(), Limits(seconds=100)))
    assert search.bounds[0] == best[1][0] == 3
    assert search.bounded_by[0] == BoundedBy.SEARCH


def test_a_search_that_is_cancelled_keeps_its_plan() -> None:
    """Asked to stop before it began, the programme makes nothing worse."""
    problem = random_sketch(np.random.default_rng(3), 12, 5).problem()
    search = Search(problem, Limits(seconds=100), cancelled=lambda: search.best is not None)
    greedy(search)
    before = int(search.best_values[0])
    mip(search)
    assert search.best_values[0] <= before
    assert search.best is not None
    assert breaches(problem, search.best) == []


def test_the_same_effort_gives_the_same_plan() -> None:
    """A limit on nodes, not on time."""
    problem = random_sketch(np.random.default_rng(5), 20, 6).problem()
    plans = [solved(Search(problem, Limits(effort=1))).best for _ in range(2)]
    np.testing.assert_array_equal(plans[0], plans[1])


def test_rows_and_entries_agree() -> None:
    """Every entry stands in a row and a column that exist."""
    programme = Programme(random_sketch(np.random.default_rng(7), 9, 4).problem())
    assert len(programme.low) == len(programme.high) == programme.n_rows
    assert programme.row.max() < programme.n_rows
    assert programme.column.max() < programme.n_columns


@pytest.mark.skipif(os.name == "nt", reason="a signal to oneself ends the process on Windows")
def test_a_ctrl_c_in_scip_is_heard_by_the_program() -> None:
    """SCIP takes no interrupt away from whoever listens: it would end SCIP alone, not what comes after."""
    deep, asked, heard = threading.Event(), threading.Event(), threading.Event()

    def cancelled() -> bool:
        if deep.is_set() and not asked.is_set():
            asked.set()
            os.kill(os.getpid(), signal.SIGINT)
        return asked.is_set()

    problem = random_sketch(np.random.default_rng(1), 150, 30).problem()
    search = Search(problem, Limits(seconds=100), cancelled=cancelled)
    greedy(search)
    before = signal.signal(signal.SIGINT, lambda *_: heard.set())
    try:
        deep.set()
        mip(search)
    finally:
        signal.signal(signal.SIGINT, before)
    assert asked.is_set()
    assert heard.is_set()
