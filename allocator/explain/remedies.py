"""What would place a case: the smallest changes, each tried by planning with it.

All single changes stand in one model beside the problem, and the cheapest is asked for with which the case is
placed and nobody whom the plan has placed is given up. The snapshot is then made with it, and a plan of that
must pass the solver's check before the remedy is told. In a large plan the model is of the reviewers nearest
to having the case, and everyone else keeps what they have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from pydantic import Field

from allocator.encode import Encoding, encode
from allocator.errors import InternalFault
from allocator.exact import Ints
from allocator.explain.changeable import Changeable, Open
from allocator.explain.changes import AnyChange
from allocator.explain.nearest import nearest, only
from allocator.held import Role
from allocator.plan import Part, RoleName
from allocator.snapshot import Snapshot
from solver.amend import Amended, UndecidedError, amend
from solver.check import breaches
from solver.cpsat import CpLimits
from solver.part import part_of

LARGEST = 2_000
"""Pairs of places and reviewers of a problem whose changes are all looked at, in a second or so."""
NEAR, SECONDS_NEAR = 1_000, 1.0
"""The same of the nearest in a large problem, and for each question: what is told there is tried, and is not
said to be the cheapest of all."""


class Remedy(Part):
    """Changes with which a case is placed, and nobody who was placed is given up."""

    changes: tuple[str, ...] = Field(description="What to change; one, or two where no single one does")
    steps: tuple[AnyChange, ...] = Field(default=(), description="The same as values, which can be tried")
    cost: int = Field(description="Hours of somebody's time, as remedies are ranked")
    cheapest: bool = Field(description="Nothing cheaper of all that was looked at does it")


class Remedied(Part):
    """What would help one empty place."""

    case_id: str
    role: RoleName
    remedies: tuple[Remedy, ...] = Field(description="The cheapest first; none, if decided: no two place it")
    decided: bool = Field(description="Whether all was looked at; in a large plan not, where none was found")


@dataclass(frozen=True, eq=False)
class Remedies:
    """A plan, read for what would place what it leaves empty.

    Parameters
    ----------
    snapshot : what the plan is of
    assignment : ndarray of shape (n_places,), the plan's
    max_moves : int ≥ 0, how many held leads it may move by choice
    """

    snapshot: Snapshot
    assignment: Ints
    max_moves: int = 0

    def of(self, place: int, limits: CpLimits, count: int = 3) -> Remedied:
        """The cheapest remedies of an empty place, each of another kind or person.

        In a large problem those of the reviewers nearest to having it, and no more is said of the others.
        """
        facts, places = self._now.facts, self._now.places
        row, role = int(places.case[place]), Role(int(places.role[place]))
        found: list[Remedy] = []
        decided = True
        if not facts.clocks.on_hold[row]:
            try:
                for one in self._found(place, limits, count):
                    found.append(one)
                decided = bool(found) or self._is_small
            except UndecidedError:
                decided = False
        return Remedied(
            case_id=facts.cases[row].case_id,
            role=role.label,
            remedies=tuple(found),
            decided=decided,
        )

    @cached_property
    def _now(self) -> Encoding:
        return encode(self.snapshot, self.max_moves)

    @property
    def _is_small(self) -> bool:
        """Whether all changes of such a problem can be looked at in a second."""
        return self._now.problem.n_places * self._now.problem.n_reviewers <= LARGEST

    @cached_property
    def _all(self) -> Changeable:
        return Changeable(self.snapshot, self.max_moves)

    def _open(self, place: int, fill: set[int]) -> Open:
        """What may be changed for those looked at, and their part of what is to be filled."""
        if self._is_small:
            changeable, near = self._all, np.arange(self._now.problem.n_reviewers)
        else:
            near = nearest(self._now, self.assignment, place, NEAR)
            rule = only(self._now, self.assignment, place, near)
            changeable = Changeable(self.snapshot, self.max_moves, rule)
        problem = changeable.encoding.problem
        kept = problem.keep_arcs(np.isin(problem.arc_place, list(fill)))
        return changeable.open(part_of(kept, self.assignment, near))

    def _found(self, place: int, limits: CpLimits, count: int) -> Iterator[Remedy]:
        needed = int(self._now.problem.needs[place])
        wanted = {place, needed} if needed >= 0 else {place}
        fill = wanted | {*np.flatnonzero(self.assignment >= 0).tolist()}
        open_to = self._open(place, fill)
        if not wanted <= {*open_to.part.places.tolist()}:
            return
        if not self._is_small:
            limits = replace(limits, seconds=min(limits.seconds, SECONDS_NEAR))
        refused: frozenset[int] = frozenset()
        ask = partial(amend, open_to.part.problem, range(len(open_to.part.places)))
        for _ in range(count):
            answer = ask(open_to.changes(1, refused), limits)
            if answer is None:
                break
            yield self._tried(open_to, answer, fill)
            refused |= open_to.like(answer.chosen)
        if not refused and (answer := ask(open_to.changes(2, refused), limits)) is not None:
            yield self._tried(open_to, answer, fill)

    def _tried(self, open_to: Open, answer: Amended, fill: set[int]) -> Remedy:
        """The remedy, once a plan of the snapshot with it has passed the check."""
        chosen = [open_to.options[at][0] for at in answer.chosen]
        snapshot = self.snapshot
        for change in chosen:
            snapshot = change.apply(snapshot)
        assignment = open_to.part.merged(self.assignment, answer.assignment)
        faults = breaches(encode(snapshot, self.max_moves).problem, assignment)
        if faults or np.any(assignment[sorted(fill)] < 0):
            tried = "; ".join(change.sentence for change in chosen)
            raise InternalFault(self.snapshot.digest(), [f"remedy {tried}", *faults])
        return Remedy(
            changes=tuple(change.sentence for change in chosen),
            steps=tuple(chosen),
            cost=sum(change.cost for change in chosen),
            cheapest=answer.cheapest and self._is_small,
        )
