"""What the properties are tried on: hypothesis strategies, and assignments made without care."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from solver.check import breaches
from solver.problem import Ints, Problem
from tests.solver.brute import EMPTY, is_sound
from tests.solver.instances import Rng, equal_efforts, random_sketch
from tests.solver.sketch import Seat, Sketch, ints

CARELESS_SHARE = 0.05
FILLED_SHARE = 0.75

seeds = st.integers(0, 2**31 - 1)
rngs = seeds.map(np.random.default_rng)


@dataclass(frozen=True)
class Solved:
    """A problem with the best assignment found by trying everything, and its worth."""

    plain: Sketch
    problem: Problem
    assignment: Ints
    worth: tuple[int, int, int]


def sketches(max_cases: int = 6, max_reviewers: int = 4) -> st.SearchStrategy[Sketch]:
    """Random problems up to a size."""
    return st.builds(random_sketch, rngs, st.integers(1, max_cases), st.integers(2, max_reviewers))


def encoded_sketches(max_cases: int = 6, max_reviewers: int = 4) -> st.SearchStrategy[Sketch]:
    """Random problems in which, as in all that is encoded, nobody may take a seat beside their own."""
    return sketches(max_cases, max_reviewers).map(Sketch.without_holders)


def paced_sketches() -> st.SearchStrategy[Sketch]:
    """Random problems whose efforts are equal."""
    return st.builds(equal_efforts, rngs, st.integers(1, 6), st.integers(2, 4))


def careless(rng: Rng, plain: Sketch) -> Ints:
    """An assignment that minds no rule but, mostly, who may take a place."""
    return ints(_someone(rng, list(seat.arcs), plain.n_reviewers) for seat in plain.seats)


def sound(rng: Rng, plain: Sketch) -> Ints:
    """A sound assignment: held work with its holders, then whoever chance and the rules allow."""
    chosen = [holder(seat) if seat.required else EMPTY for seat in plain.seats]
    for place in rng.permutation(len(chosen)).tolist():
        before = chosen[place]
        chosen[place] = _someone(rng, list(plain.seats[place].arcs), 0)
        if not is_sound(plain, chosen):
            chosen[place] = before
    return ints(chosen)


def holder(seat: Seat) -> int:
    """Who holds a held place: the one whose arc takes no slot."""
    return next(who for who, arc in seat.arcs.items() if arc.slots == 0)


def _someone(rng: Rng, takers: list[int], n_reviewers: int) -> int:
    """Mostly one of the takers, sometimes nobody, and rarely just any reviewer, if there are any."""
    if n_reviewers and rng.random() < CARELESS_SHARE:
        return int(rng.integers(n_reviewers))
    return int(rng.choice(takers)) if takers and rng.random() < FILLED_SHARE else EMPTY


def wandered(rng: Rng, problem: Problem, start: Ints, steps: int = 20) -> Ints:
    """A sound assignment that so many random changes of one place, each kept if it is sound, lead to."""
    here = start.copy()
    for _ in range(steps if problem.n_places else 0):
        place = int(rng.integers(problem.n_places))
        takers = problem.arc_reviewer[problem.arc_start[place] : problem.arc_start[place + 1]]
        step = here.copy()
        step[place] = _someone(rng, takers.tolist(), 0)
        here = step if not breaches(problem, step) else here
    return here
