"""What it would cost the whole plan to give a place to someone else, by level: exact, or between two numbers.

A pair is forced and all is planned anew, from the plan as it is: where that is proved, the difference is the
price. In large plans only the reviewers near the pair are planned anew, and the price lies between what
prices prove and what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter

import numpy as np

from allocator.encode import Encoding
from allocator.exact import Ints
from allocator.explain.alternatives import (
    Alternative,
    LevelPrice,
    Swap,
    at_least,
    cost_in_words,
    others_in_words,
)
from allocator.held import Role
from allocator.plan import LevelName
from allocator.planned import Planned
from allocator.snapshot import Snapshot
from solver.check import values
from solver.forced import Floors, forced, nearby
from solver.lp import Duals
from solver.outcome import Limits, Outcome
from solver.part import part_of
from solver.problem import LEVELS
from solver.solve import solve

SMALL = 6_000
"""Arcs of a problem that is planned anew whole for each pair."""
LEAST_SECONDS = 0.1
"""The shortest search that is worth its start: where there is less for each, the first ones are searched."""


@dataclass(frozen=True, eq=False)
class Weighing:
    """A plan read for questions about its pairs.

    Parameters
    ----------
    encoding : the snapshot's problem
    assignment : ndarray of shape (n_places,), the plan's
    duals : its certificate's prices of level 1, or None
    """

    encoding: Encoding
    assignment: Ints
    duals: Duals | None
    seed: int = 1

    @staticmethod
    def of(snapshot: Snapshot, plan: Mapping[str, object], certificate: object) -> Weighing:
        """The weighing of a plan as it was written, of the snapshot that it was made from.

        Raises
        ------
        BadInput
            The plan or its certificate is not what it is said to be.
        """
        planned = Planned.of(snapshot, plan, certificate)
        return Weighing(planned.encoding, planned.assignment, planned.duals)

    def alternatives(
        self, row: int, role: Role, seconds: float, only: int | None = None, effort: int | None = None
    ) -> Iterator[Alternative]:
        """Everyone else who may have an open place and for whom there is room, the cheapest floor first.

        Parameters
        ----------
        seconds : for all of them together
        only : one reviewer's row, or None for all
        effort : a fixed amount of work for each instead of time
        """
        place = self.place(row, role)
        if self.encoding.places.holder[place] >= 0:
            return
        who, floor = self._floors(place)
        wanted = (who != self.assignment[place]) & ((who == only) | (only is None))
        order = np.lexsort((who[wanted], floor[wanted]))
        pairs = list(zip(who[wanted][order].tolist(), floor[wanted][order].tolist(), strict=True))
        until = perf_counter() + seconds
        for at, (reviewer, least) in enumerate(pairs):
            left = until - perf_counter()
            share = max(LEAST_SECONDS, left / (len(pairs) - at))
            if effort is None and left < LEAST_SECONDS:
                yield self._floor_alone(reviewer, least)
            elif self.is_small:
                yield self._whole(place, reviewer, least, Limits(share, effort, 0.0, self.seed, 1))
            else:
                yield self._near(place, reviewer, least, Limits(share, effort, 0.0, self.seed, 1))

    def floors(self, row: int, role: Role) -> list[tuple[str, int]]:
        """Everyone else who may have an open place, and points of level 1 that cost at least; least first."""
        place = self.place(row, role)
        if self.encoding.places.holder[place] >= 0:
            return []
        who, floor = self._floors(place)
        more = np.maximum(0, floor - int(self.values[0]))
        each = zip(more.tolist(), who.tolist(), strict=True)
        return [(self._id(one), least) for least, one in sorted(each) if one != self.assignment[place]]

    @property
    def is_small(self) -> bool:
        """Whether all is planned anew for each question."""
        return self.encoding.problem.n_arcs <= SMALL

    def place(self, row: int, role: Role) -> int:
        """The number of a case's place, which it has."""
        places = self.encoding.places
        return int(np.flatnonzero((places.case == row) & (places.role == role))[0])

    def _floors(self, place: int) -> tuple[Ints, Ints]:
        problem = self.encoding.problem
        if self._prices is not None:
            return self._prices.of(place)
        who = problem.arc_reviewer[problem.arc_start[place] : problem.arc_start[place + 1]]
        return who, np.zeros(len(who), np.int64)

    @cached_property
    def _prices(self) -> Floors | None:
        return None if self.duals is None else Floors(self.encoding.problem, self.duals)

    @cached_property
    def values(self) -> Ints:
        """The plan's points at each level."""
        return values(self.encoding.problem, self.assignment)

    def _whole(self, place: int, reviewer: int, least: int, limits: Limits) -> Alternative:
        problem = self.encoding.problem
        one = forced(problem, place, reviewer)
        start = self.assignment.copy()
        start[place] = reviewer
        outcome = solve(one, limits, start)
        answer = outcome.assignment
        if answer is None or answer[place] < 0:
            proved = bool(outcome.levels) and outcome.levels[0].bound >= int(one.penalty[place])
            return self._none(reviewer, least, proved)
        return self._told(
            place, reviewer, _prices(self.values, values(problem, answer), least, outcome), answer
        )

    def _near(self, place: int, reviewer: int, least: int, limits: Limits) -> Alternative:
        problem = self.encoding.problem
        part = part_of(problem, self.assignment, nearby(problem, self.assignment, place, reviewer))
        at, who = np.flatnonzero(part.places == place), np.flatnonzero(part.reviewers == reviewer)
        if not len(at):
            return self._floor_alone(reviewer, least)
        begin = part.start(self.assignment)
        begin[at[0]] = who[0]
        outcome = solve(forced(part.problem, int(at[0]), int(who[0])), limits, begin)
        if outcome.assignment is None or outcome.assignment[at[0]] < 0:
            return self._floor_alone(reviewer, least)
        answer = part.merged(self.assignment, outcome.assignment)
        prices = _prices(self.values, values(problem, answer), least, None)
        return self._told(place, reviewer, prices, answer)

    def _told(
        self, place: int, reviewer: int, prices: dict[LevelName, LevelPrice], answer: Ints
    ) -> Alternative:
        exact = all(price.floor == price.found for price in prices.values())
        name, swaps = self._id(reviewer), self._swaps(place, answer)
        return Alternative(
            reviewer_id=name,
            proof="exact" if exact else "interval",
            prices=prices,
            changes=swaps,
            sentence=f"{name} could have it {cost_in_words(prices, exact)}.{others_in_words(swaps)}",
        )

    def _floor_alone(self, reviewer: int, least: int) -> Alternative:
        name, floor = self._id(reviewer), least - int(self.values[0])
        prices = dict.fromkeys(LEVELS[1:], LevelPrice(floor=None, found=None))
        return Alternative(
            reviewer_id=name,
            proof="floor",
            prices={LEVELS[0]: LevelPrice(floor=floor, found=None), **prices},
            changes=(),
            sentence=f"{name} {at_least(floor)}.",
        )

    def _none(self, reviewer: int, least: int, proved: bool) -> Alternative:
        if not proved:
            return self._floor_alone(reviewer, least)
        nothing = LevelPrice(floor=None, found=None)
        name = self._id(reviewer)
        sentence = f"{name} could not have it, whatever else a plan does."
        prices = dict.fromkeys(LEVELS, nothing)
        return Alternative(reviewer_id=name, proof="impossible", prices=prices, changes=(), sentence=sentence)

    def _swaps(self, asked: int, answer: Ints) -> tuple[Swap, ...]:
        """What else changes hands, but for the place asked about."""
        places, facts = self.encoding.places, self.encoding.facts
        changed = np.flatnonzero(answer != self.assignment)
        return tuple(
            Swap(
                case_id=facts.cases[places.case[place]].case_id,
                role=Role(int(places.role[place])).label,
                before=self._name(int(self.assignment[place])),
                after=self._name(int(answer[place])),
            )
            for place in changed[changed != asked].tolist()
        )

    def _name(self, reviewer: int) -> str | None:
        return None if reviewer < 0 else self._id(reviewer)

    def _id(self, reviewer: int) -> str:
        return self.encoding.facts.reviewers[reviewer].reviewer_id


def _prices(before: Ints, after: Ints, least: int, outcome: Outcome | None) -> dict[LevelName, LevelPrice]:
    """What each level costs; a floor of a lower level holds for plans as good as that found above it."""
    floors: list[int | None] = [least - int(before[0]), None, None]
    for level, told in enumerate(() if outcome is None else outcome.levels):
        proved, known = told.bound - int(before[level]), floors[level]
        floors[level] = proved if known is None else max(proved, known)
        if told.bound != int(after[level]):
            break
    found = (after - before).tolist()
    each = [LevelPrice(floor=floor, found=cost) for floor, cost in zip(floors, found, strict=True)]
    return {"unallocated": each[0], "late": each[1], "cost": each[2]}
