"""One plan that several workers better at a time: what they minimise and change, and the best of it."""

from __future__ import annotations

import threading

import numpy as np

from solver.agree import Prices, Style
from solver.field import Field, field_of
from solver.lp import Duals
from solver.neighbours import neighbours
from solver.plans import Aim, Plan, commit, copy_of, put_all, worth_of
from solver.plunge import GIVEN_UP, mend
from solver.problem import Bools, Ints, Problem
from solver.search import Search

POINT = 1_000_000
MOST_EMPTY = 200
SIZES = (15, 30, 60, 120, 250)
QUICK = Style(steps=10, share=0.08, noise=0.1, states=600, crowd=0.0)
CROWDED = QUICK._replace(steps=12, share=0.06, crowd=0.1)
CAREFUL = QUICK._replace(steps=24, share=0.03, states=1000)
TRY_ALL, BY_CHANCE, FORGET, PATIENCE = 2, 0.5, 0.97, 30
WHOLE_STYLE = Style(steps=24, share=0.03, noise=0.02, states=4000, crowd=0.02)
HEATED = 0.5
NEWS_EVERY = 0.2
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


class _Kinds:
    """Kinds of parts, and which of them gain most for their work."""

    def __init__(self, n_places: int) -> None:
        sizes = [size for size in SIZES if size <= max(SIZES[1], n_places)]
        self.kinds = [(size, style) for size in sizes for style in (QUICK, CROWDED, CAREFUL)]
        self.gain, self.work = np.zeros(len(self.kinds)), np.full(len(self.kinds), 1e-9)
        self.tried = np.zeros(len(self.kinds), np.int64)
        self.idle = 0

    def draw(self, rng: np.random.Generator) -> int:
        """The kind to try next: each a few times, then mostly the one that has gained most lately."""
        fewest = int(self.tried.argmin())
        if self.tried[fewest] < TRY_ALL:
            return fewest
        if rng.random() < BY_CHANCE or self.idle > PATIENCE:
            return int(rng.integers(len(self.kinds)))
        return int((self.gain / (self.work + self.work.mean())).argmax())

    def note(self, kind: int, gain: float) -> None:
        """Remember what one try brought; older ones count less and less."""
        size, style = self.kinds[kind]
        self.tried[kind] += 1
        self.idle = 0 if gain > 0 else self.idle + 1
        self.gain *= FORGET
        self.work *= FORGET
        self.gain[kind] += gain
        self.work[kind] += size * style.steps / style.share


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
        self.kinds = _Kinds(self.problem.n_places)

    def _worth(self) -> int:
        every = np.arange(self.problem.n_places)
        return int(worth_of(self.aim, self.plan, every, self.aim.penalty))

    @property
    def stale(self) -> bool:
        """True when everyone was in a few parts since the last gain."""
        return self.since_gain > STALE_TURNS * max(10, self.problem.n_reviewers / 4)

    def plunge_whole(self, seed: int) -> bool:
        """Plan everything anew from the prices; True if that is the best so far, which it then is."""
        with self.lock:
            worth, after = self.worth, copy_of(self.plan)
        everyone = np.arange(self.problem.n_reviewers)
        slack = 0
        gained, _ = mend(
            self.field,
            self.aim,
            WHOLE_STYLE,
            after,
            everyone,
            self.prices,
            self.problem.n_places,
            slack,
            seed,
        )
        with self.lock:
            if worth - int(gained) >= self.best_worth:
                return False
            self.plan, self.worth = after, worth - int(gained)
            self.best, self.best_worth, self.since_gain = after.item.copy(), self.worth, 0
            return True

    def plunge_part(self, heat: float, rng: np.random.Generator) -> None:
        """Plan a few reviewers anew by a plunge; a loss of up to a share of `heat` is taken now and then."""
        seeds = rng.integers(2**31, size=2)
        kind = self.kinds.draw(rng)
        size, style = self.kinds.kinds[kind]
        slack = int(heat * rng.random() ** 2) if rng.random() < HEATED else 0
        with self.lock:
            reviewers = neighbours(self.field, self.plan, self.busy, size, seeds[0])
            if not len(reviewers):
                return
            self.busy[reviewers] = True
            before, after = self.plan.item.copy(), copy_of(self.plan)
        gained, places = mend(
            self.field, self.aim, style, after, reviewers, self.prices, MOST_EMPTY, slack, seeds[1]
        )
        with self.lock:
            self.busy[reviewers] = False
            self.since_gain += 1
            least = self.best_worth
            if gained > GIVEN_UP:
                self._carry_over(before, after.item, places, int(gained))
            self.kinds.note(kind, float(least - self.best_worth))
            if self.worth > self.best_worth + 20 * heat:
                self._go_back()

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
            if self.worth < self.best_worth:
                if self.worth < self.best_worth - POINT // 2:
                    self.since_gain = 0
                self.best, self.best_worth = self.plan.item.copy(), self.worth
            return True

    def _go_back(self) -> None:
        """Let the plan be the best again."""
        self.plan = plan_of(self.problem, self.field, self.assignment())
        self.worth = self.best_worth

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
            self.plan = plan_of(self.problem, self.field, assignment)
            self.worth = self._worth()
            self.best, self.best_worth, self.told = self.plan.item.copy(), self.worth, self.worth
