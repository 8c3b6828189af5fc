"""Problems of every odd shape, each in a short time: a sound plan, a bound, and no worse than greedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import isfinite

import numpy as np
import pytest

from solver.check import breaches, values
from solver.greedy import greedy
from solver.outcome import Limits, Outcome, Proof
from solver.problem import Problem
from solver.search import Search
from solver.solve import solve
from tests.solver.instances import Rng, random_sketch
from tests.solver.sketch import UNLIMITED, Arc, Limit, Seat, Sketch, sketch

SHORT = Limits(seconds=2.0, workers=2)


def _plain(rng: Rng, n_cases: int, n_reviewers: int, load: float = 1.0, areas: int = 1) -> Sketch:
    """Cases of an hour to a day, each for the reviewers of its area, who have so much time for all of it."""
    seats, total = [], np.zeros(n_reviewers)
    for case in range(n_cases):
        takers = range(case % areas, n_reviewers, areas)
        arcs = {r: Arc(int(rng.integers(60, 480)), int(rng.integers(0, 9))) for r in takers}
        for r, arc in arcs.items():
            total[r] += arc.minutes / len(arcs)
        seats.append(Seat(case, arcs, int(rng.integers(10, 100))))
    return sketch(seats, np.ceil(total / load).astype(int).tolist())


def _alike(rng: Rng) -> Sketch:
    seats = [Seat(case, dict.fromkeys(range(20), Arc(60, 5)), 50) for case in range(100)]
    return sketch(seats, [240] * 20)


def _linked(rng: Rng) -> Sketch:
    plain = _plain(rng, 60, 12)
    return replace(plain, seats=tuple(replace(seat, link=0) for seat in plain.seats))


def _together(rng: Rng, n_cases: int = 60, n_reviewers: int = 12) -> Sketch:
    """Links, seconds and three groups: an area's minutes, a contract's cases, and pairs of reviewers."""
    plain = _plain(rng, n_cases, n_reviewers)
    seats: list[Seat] = []
    for case, seat in enumerate(plain.seats):
        lead = len(seats)
        seats.append(replace(seat, link=case % 7 if case % 3 == 0 else -1, late_points=case % 5))
        if case % 2:
            short = {r: replace(arc, minutes=30, slots=0) for r, arc in seat.arcs.items()}
            seats.append(Seat(case, {r: arc for r, arc in short.items() if r % 3}, 15, needs=lead))
    pairs = [(place, r) for place, seat in enumerate(seats) for r in seat.arcs]
    limits = (
        Limit(6000, {(p, r): seats[p].arcs[r].minutes for p, r in pairs if p % 3 == 0}),
        Limit(9, {(p, r): 1 for p, r in pairs if r < 4}),
        Limit(12, {(p, r): 1 for p, r in pairs if seats[p].needs >= 0}),
    )
    bands = ((600, 1200),) * n_reviewers
    return replace(
        plain, seats=tuple(seats), slots=(4,) * n_reviewers, limits=limits, thresholds=bands, rates=(1, 2)
    )


SHAPES: dict[str, Callable[[Rng], Sketch]] = {
    "one case a reviewer": lambda rng: _plain(rng, 40, 40),
    "two cases a reviewer": lambda rng: _plain(rng, 80, 40),
    "all alike": _alike,
    "one huge area": lambda rng: _plain(rng, 200, 30),
    "36 areas apart": lambda rng: _plain(rng, 216, 108, areas=36),
    "ten times too little time": lambda rng: _plain(rng, 100, 15, load=10.0),
    "ten times too much time": lambda rng: _plain(rng, 100, 15, load=0.1),
    "everyone linked": _linked,
    "one case": lambda rng: _plain(rng, 1, 10),
    "no case": lambda rng: _plain(rng, 0, 10),
    "one reviewer": lambda rng: _plain(rng, 60, 1, load=2.0),
    "no reviewer who may take any": lambda rng: sketch([Seat(case, {}, 5) for case in range(9)], [60]),
    "nobody has time": lambda rng: replace(_plain(rng, 30, 5), capacity=(0,) * 5),
    "no slots": lambda rng: replace(_plain(rng, 30, 5), slots=(0,) * 5),
    "links, seconds and groups": _together,
    "some of everything": lambda rng: random_sketch(rng, 80, 12, density=0.4),
}


def assert_sound_and_bounded(problem: Problem, outcome: Outcome) -> None:
    """Fail unless the plan is sound and each level is told truly, with a bound and a finite gap."""
    assert outcome.assignment is not None
    assert breaches(problem, outcome.assignment) == []
    assert [level.value for level in outcome.levels] == values(problem, outcome.assignment).tolist()
    for level in outcome.levels:
        assert level.fixed <= level.bound <= level.value
        assert isfinite(level.gap)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_a_sound_plan_with_a_bound(shape: str) -> None:
    """In two seconds, and never worse than the first plan."""
    problem = SHAPES[shape](np.random.default_rng(1)).problem()
    first = Search(problem, Limits())
    greedy(first)
    outcome = solve(problem, SHORT)
    assert_sound_and_bounded(problem, outcome)
    assert [level.value for level in outcome.levels] <= first.best_values.tolist()


@pytest.mark.parametrize("shape", ["all alike", "one case", "no case", "nobody has time", "no slots"])
def test_easy_shapes_are_proved(shape: str) -> None:
    """Nothing is left open where there is nothing to choose, or all is alike."""
    outcome = solve(SHAPES[shape](np.random.default_rng(1)).problem(), SHORT)
    assert outcome.levels[0].proof == Proof.OPTIMAL


def test_all_is_placed_where_there_is_ten_times_the_time() -> None:
    """Nothing stays empty, and that is proved."""
    outcome = solve(SHAPES["ten times too much time"](np.random.default_rng(1)).problem(), SHORT)
    assert (outcome.levels[0].value, outcome.levels[0].proof) == (0, Proof.OPTIMAL)


def jobs(rng: Rng, n_jobs: int, n_agents: int, kind: str = "C") -> Sketch:
    """A generalised assignment problem as the public ones of types C and D are made: every job to one agent.

    Chu & Beasley 1997, doi:10.1016/S0305-0548(96)00032-9.
    """
    size = (n_agents, n_jobs)
    minutes = rng.integers(5, 26, size) if kind == "C" else rng.integers(1, 101, size)
    points = rng.integers(10, 51, size) if kind == "C" else 111 - minutes + rng.integers(-10, 11, size)
    seats = [
        Seat(
            job,
            {a: Arc(int(minutes[a, job]), int(points[a, job]), slots=0) for a in range(n_agents)},
            required=True,
            movable=True,
        )
        for job in range(n_jobs)
    ]
    room = (0.8 * minutes.sum(axis=1) / n_agents).astype(int).tolist()
    return sketch(seats, room, slots=(UNLIMITED,) * n_agents)


@pytest.mark.parametrize("kind", ["C", "D"])
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 9))])
def test_every_job_of_a_tight_assignment_is_placed(seed: int, kind: str) -> None:
    """25 jobs and 5 agents with a fifth too little time for all to be done by anyone: a plan is found."""
    problem = jobs(np.random.default_rng(seed), 25, 5, kind).problem()
    outcome = solve(problem, Limits(seconds=5.0, workers=2))
    assert_sound_and_bounded(problem, outcome)
    assert outcome.levels[2].gap < 0.05


def test_every_job_is_placed_where_neither_scip_nor_cp_sat_helps() -> None:
    """Sixty jobs and ten agents: prices and repair alone find a plan."""
    problem = jobs(np.random.default_rng(4), 60, 10).problem()
    outcome = solve(problem, Limits(seconds=5.0, workers=2), without={"mip", "cpsat"})
    assert_sound_and_bounded(problem, outcome)
    assert outcome.levels[2].gap < 0.05


@pytest.mark.parametrize("n_cases", [24, pytest.param(60, marks=pytest.mark.slow)])
def test_the_same_effort_gives_the_same_plan_for_any_number_of_workers(n_cases: int) -> None:
    """Work, not time, is the limit, and it is done in one order."""
    problem = _together(np.random.default_rng(2), n_cases, n_cases // 5).problem()
    one, two = (solve(problem, Limits(effort=1, seed=3, workers=n)) for n in (1, 2))
    assert one.assignment is not None
    assert two.assignment is not None
    assert one.assignment.tolist() == two.assignment.tolist()
    assert [level.bound for level in one.levels] == [level.bound for level in two.levels]
