"""One plan that several workers better at a time: what they minimise and change, and the best of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext

import numpy as np

from solver.agree import Prices, Style
from solver.field import Field, field_of
from solver.kinds import EVERYONE, HUGE, WHOLE, Kinds
from solver.lp import Duals
from solver.neighbours import neighbours
from solver.plans import Aim, Plan, commit, copy_of, put_all, worth_of
from solver.plunge import GIVEN_UP, mend
from solver.problem import Bools, Ints, Problem
from solver.search import Search
from solver.watch import watched

POINT = 1_000_000
MOST_EMPTY = 200
HEATED = 0.5
NEWS_EVERY = 0.2
MANY_ARCS = 2_000_000
GOING = np.zeros(1, np.int64)
STALE_TURNS = 3


def aim_of(field: Field, level: int) -> Aim:
    """What to minimise while a level is worked on: its points, with the levels below to break ties.

    A level above counts for 20 of the points of this one, so that it is hardly ever given up for it.
    """
    weights = {0: (POINT, 20, 1), 1: (20 * POINT, POINT, 50), 2: (400 * POINT, 20 * POINT, POINT)}[level]
    late = weights[1] * field.late_points[field.place]
    alone = field.minutes > field.due
    ordered = level > 0 and bool(late.any())
    cost = weights[2] * field.points + np.where(alone, late, 0)
    penalty = weights[0] * field.penalty
    forbidding = 4 * (int(penalty.max(initial=0)) + int(cost.max(initial=0)) + 1)
    return Aim(
        cost=cost,
        penalty=penalty + forbidding * field.required,
        late=np.where(alone, 0, late) if ordered else np.zeros_like(late),
        bands=weights[2] if level == 2 else 0,
        forbidding=forbidding,
    )


def prices_of(duals: Duals) -> Prices:
    """Prices in the measure of an aim."""
    return Prices(duals.place * POINT, duals.needs * POINT, duals.group * POINT)


def plan_of(problem: Problem, field: Field, assignment: Ints | None, beside: Ints | None = None) -> Plan:
    """The plan of an assignment, and what of a second one fits beside it; without one, what is in every plan.

    What does not fit together is left out.
    """
    plan = Plan(
        np.full(problem.n_places, -1, np.int64),
        field.capacity.copy(),
        field.slot_limit.copy(),
        field.group_limit.copy(),
    )
    row = np.full(problem.n_arcs + 1, -1, np.int64)
    row[field.arc] = np.arange(problem.n_arcs)
    first = np.flatnonzero(problem.forced) if assignment is None else problem.arcs_of(assignment)
    second = np.zeros(0, np.int64) if beside is None else problem.arcs_of(beside)
    second = second[second >= 0]
    for arcs in (first, second[~problem.forced[second]]):
        used = arcs[arcs >= 0]
        after = problem.needs[problem.arc_place[used]] >= 0  # what needs another place comes after it
        put_all(field, plan, row[np.concatenate([used[~after], used[after]])])
    return plan


def assignment_of(field: Field, item: Ints) -> Ints:
    """The reviewer of each place of a plan, −1 where it is empty."""
    assignment, filled = np.full(len(item), -1, np.int64), item >= 0
    assignment[filled] = field.reviewer[item[filled]]
    return assignment


class Workshop:
    """One plan that several workers better at a time, and the best it has been."""

    def __init__(self, search: Search, duals: Duals, level: int) -> None:
        self.search, self.problem, self.level = search, search.thinned(level), level
        self.field = field_of(self.problem)
        self.aim = aim_of(self.field, level)
        self.prices = prices_of(duals)
        self.plan = plan_of(self.problem, self.field, search.best)
        self.busy: Bools = np.zeros(self.problem.n_reviewers, dtype=bool)
        self.lock = threading.RLock()
        self.worth = self._worth()
        self.best, self.best_worth, self.told = self.plan.item.copy(), self.worth, self.worth
        self.last_news = search.seconds
        self.since_gain = 0
        self.edition = 0  # how often the plan was replaced whole: what a part gains holds for one edition
        self.kinds = Kinds(int(np.count_nonzero(np.diff(self.problem.arc_start))), self.problem.n_arcs)

    def _worth(self) -> int:
        every = np.arange(self.problem.n_places)
        return int(worth_of(self.aim, self.plan, every, self.aim.penalty))

    @property
    def stale(self) -> bool:
        """True when everyone was in a few parts since the last gain."""
        return self.since_gain > STALE_TURNS * max(10, self.problem.n_reviewers / 4)

    def plunge_whole(
        self, seed: int, style: Style | None = None, stopped: Callable[[], bool] | None = None
    ) -> tuple[int, int]:
        """Plan all anew from the prices, and go on from that if none was better yet; the work, the gain.

        Parameters
        ----------
        style : one that suits the size, if none is given
        stopped : when to fill what is left as it comes
        """
        halt = np.zeros(1, np.int64)
        with watched(stopped, lambda: halt.fill(1)) if stopped else nullcontext():
            return self._plunge_whole(seed, style or self._style(), halt)

    def _style(self) -> Style:
        return WHOLE if self.problem.n_arcs <= MANY_ARCS else HUGE

    def _plunge_whole(self, seed: int, style: Style, halt: Ints) -> tuple[int, int]:
        with self.lock:
            worth, slack, after = self.worth, self.best_worth - self.worth, copy_of(self.plan)
        everyone, every_place = np.arange(self.problem.n_reviewers), self.problem.n_places
        gained, _, work = mend(
            self.field, self.aim, style, after, everyone, self.prices, every_place, slack, seed, halt
        )
        with self.lock:
            least = self.best_worth
            if gained > GIVEN_UP and worth - int(gained) <= self.best_worth:
                self._replace(after, worth - int(gained))
                self._keep_best()
            return int(work), least - self.best_worth

    def better_part(self, heat: float, rng: np.random.Generator) -> None:
        """Plan a few reviewers or all anew by a plunge, whichever has been worth most lately."""
        with self.lock:
            kind = self.kinds.draw(rng)
        size, style = self.kinds.kinds[kind]
        seeds = rng.integers(2**31, size=2)
        if size == EVERYONE:
            work, gain = self.plunge_whole(int(seeds[0]), style)
        else:
            slack = int(heat * rng.random() ** 2) if rng.random() < HEATED else 0
            work, gain = self._plunge_part(size, style, slack, seeds)
        with self.lock:
            self.since_gain += 1
            self.kinds.note(kind, float(gain), work)
            if self.worth > self.best_worth + 20 * heat:
                self._go_back()

    def _plunge_part(self, size: int, style: Style, slack: int, seeds: Ints) -> tuple[int, int]:
        """Plan a few reviewers anew, at a loss of up to `slack`; the work it was, and what the best gained.

        Lateness and bands hang on all that a reviewer has, so what a part gains holds only in the plan it
        was taken from.
        """
        with self.lock:
            reviewers = neighbours(self.field, self.plan, self.busy, size, seeds[0])
            if not len(reviewers):
                return 1, 0
            self.busy[reviewers] = True
            before, after, edition = self.plan.item.copy(), copy_of(self.plan), self.edition
        gained, places, work = mend(
            self.field, self.aim, style, after, reviewers, self.prices, MOST_EMPTY, slack, seeds[1], GOING
        )
        with self.lock:
            self.busy[reviewers] = False
            least = self.best_worth
            if gained > GIVEN_UP and edition == self.edition:
                self._carry_over(before, after.item, places, int(gained))
            return int(work), least - self.best_worth

    def _carry_over(self, before: Ints, after: Ints, places: Ints, gained: int) -> bool:
        """Take a change of these places over, if none of them has changed since and it still fits.

        Another worker may have filled a place that was empty before: the gain would not be what it was.
        """
        changed = places[after[places] != before[places]]
        with self.lock:
            if not len(changed) or np.any(self.plan.item[changed] != before[changed]):
                return False
            if not commit(self.field, self.plan, changed, after[changed]):
                return False
            self.worth -= gained
            self._keep_best()
            return True

    def _keep_best(self) -> None:
        """Remember the plan if none was better yet."""
        if self.worth < self.best_worth:
            if self.worth < self.best_worth - POINT // 2:
                self.since_gain = 0
            self.best, self.best_worth = self.plan.item.copy(), self.worth

    def _replace(self, plan: Plan, worth: int) -> None:
        """Go on from another plan."""
        self.plan, self.worth, self.edition = plan, worth, self.edition + 1

    def _go_back(self) -> None:
        """Let the plan be the best again."""
        self._replace(plan_of(self.problem, self.field, self.assignment()), self.best_worth)

    def assignment(self) -> Ints:
        """The best plan as the reviewer of each place, −1 where it is empty."""
        return assignment_of(self.field, self.best)

    def tell(self, always: bool = False) -> None:
        """Offer the best plan to the search, now and then."""
        with self.lock:
            if self.best_worth >= self.told or not (
                always or self.search.seconds - self.last_news > NEWS_EVERY
            ):
                return
            self.told, self.last_news = self.best_worth, self.search.seconds
            assignment = self.assignment()
        self.search.offer(assignment, "repair")

    def take(self, assignment: Ints) -> None:
        """Go on from a plan that another method found, if it is one of these arcs."""
        if np.any((self.problem.arcs_of(assignment) < 0) & (assignment >= 0)):
            return
        with self.lock:
            self._replace(plan_of(self.problem, self.field, assignment), 0)
            self.worth = self._worth()
            self.best, self.best_worth, self.told = self.plan.item.copy(), self.worth, self.worth
