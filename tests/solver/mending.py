"""A plan on the bench: set up, mended by a plunge, and the change carried over, for tests to look at."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from solver import plans, plunge
from solver.agree import Prices, Style
from solver.field import Field, field_of
from solver.plans import Aim, Plan
from solver.plunge import GIVEN_UP
from solver.problem import Ints, Problem
from solver.workshop import GOING, POINT, aim_of, assignment_of, plan_of
from tests.solver.interpreted import interpreted
from tests.solver.sketch import Sketch


@dataclass(frozen=True)
class Bench:
    """A plan, what is minimised, and some prices."""

    problem: Problem
    field: Field
    aim: Aim
    plan: Plan
    prices: Prices
    seed: int
    halt: Ints = dataclasses.field(default_factory=GOING.copy)

    def worth(self, plan: Plan) -> int:
        """All that a plan costs, lateness and bands too."""
        every = np.arange(self.problem.n_places)
        with interpreted():  # what only compiled code calls has no other way in
            beside = plans.extras(self.field, self.aim, plan, np.arange(self.problem.n_reviewers))
            return int(plans.worth_of(self.aim, plan, every, self.aim.penalty)) + int(beside)

    def assignment(self, plan: Plan) -> Ints:
        """The plan as the reviewer of each place."""
        return assignment_of(self.field, plan.item)


@dataclass(frozen=True)
class Mended:
    """What a mend told, the plan it left, the plan that its change was carried over to, and its worths."""

    gained: int
    places: Ints
    plan: Plan
    committed: Plan
    done: bool
    worth_before: int
    worth_after: int

    @property
    def given_up(self) -> bool:
        """True when the plan was left of no use."""
        return self.gained <= GIVEN_UP


def bench_of(plain: Sketch, start: Ints, level: int, seed: int = 0) -> Bench:
    """A sound assignment on the bench, with prices drawn by chance."""
    problem = plain.problem()
    field, rng = field_of(problem), np.random.default_rng(seed)
    aim = aim_of(field, level)
    prices = Prices(
        rng.random(problem.n_places) * np.minimum(aim.penalty, 20 * POINT),
        rng.random(problem.n_places) * POINT * (problem.needs >= 0),
        rng.random(len(problem.groups.limit)) * POINT * (rng.random() < 0.5),
    )
    return Bench(problem, field, aim, plan_of(problem, field, start), prices, seed)


def mended(bench: Bench, reviewers: Ints, style: Style, slack: int = 0, most_empty: int = 60) -> Mended:
    """Plan these reviewers anew, and carry the change over unless it was given up."""
    plan, committed = plans.copy_of(bench.plan), plans.copy_of(bench.plan)
    gained, places, _ = plunge.mend(
        bench.field,
        bench.aim,
        style,
        plan,
        reviewers,
        bench.prices,
        most_empty,
        slack,
        bench.seed,
        bench.halt,
    )
    changed = places[plan.item[places] != committed.item[places]]
    done = gained > GIVEN_UP and bool(plans.commit(bench.field, committed, changed, plan.item[changed]))
    before, after = bench.worth(bench.plan), bench.worth(committed)
    return Mended(int(gained), places, plan, committed, done, before, after)
