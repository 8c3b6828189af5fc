"""What would place a case: the smallest changes, each tried by planning with it.

All single changes stand in one model beside the problem, and the cheapest is asked for with which the case is
placed and nobody whom the plan has placed is given up. The snapshot is then made with it, and a plan of that
must pass the solver's check before the remedy is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pydantic import Field

from allocator.encode import encode
from allocator.errors import InternalFault
from allocator.exact import Ints
from allocator.explain.changeable import Changeable
from allocator.held import Role
from allocator.plan import Part, RoleName
from allocator.snapshot import Snapshot
from solver.amend import Amended, UndecidedError, amend
from solver.check import breaches
from solver.cpsat import CpLimits

LARGEST = 2_000


class Remedy(Part):
    """Changes with which a case is placed, and nobody who was placed is given up."""

    changes: tuple[str, ...] = Field(description="What to change; one, or two where no single one does")
    cost: int = Field(description="Hours of somebody's time, as remedies are ranked")
    cheapest: bool = Field(description="Nothing cheaper of all that was looked at does it")


class Remedied(Part):
    """What would help one empty place."""

    case_id: str
    role: RoleName
    remedies: tuple[Remedy, ...] = Field(description="The cheapest first; none, if decided: no two place it")
    decided: bool = Field(description="Whether there was time to look at all that was to be looked at")


@dataclass(frozen=True, eq=False)
class Remedies:
    """A plan, read for what would place what it leaves empty.

    Parameters
    ----------
    snapshot : what the plan is of
    assignment : ndarray of shape (n_places,), the plan's, which moves nothing by choice
    """

    snapshot: Snapshot
    assignment: Ints

    @cached_property
    def _open(self) -> Changeable:
        return Changeable(self.snapshot)

    def of(self, place: int, limits: CpLimits, count: int = 3) -> Remedied:
        """The cheapest remedies of an empty place, each of another kind or person."""
        facts, places = self._open.encoding.facts, self._open.encoding.places
        row, role = int(places.case[place]), Role(int(places.role[place]))
        found: list[Remedy] = []
        decided = True
        if not facts.clocks.on_hold[row]:
            try:
                for one in self._found(place, limits, count):
                    found.append(one)
            except UndecidedError:
                decided = False
        return Remedied(
            case_id=facts.cases[row].case_id,
            role=role.label,
            remedies=tuple(found),
            decided=decided,
        )

    @property
    def is_small(self) -> bool:
        """Whether all changes of such a problem can be looked at in seconds."""
        return self._open.encoding.problem.n_arcs <= LARGEST

    def _found(self, place: int, limits: CpLimits, count: int) -> Iterator[Remedy]:
        needed = int(self._open.encoding.problem.needs[place])
        fill = {*np.flatnonzero(self.assignment >= 0).tolist(), place, *([needed] if needed >= 0 else [])}
        refused: frozenset[int] = frozenset()
        for _ in range(count):
            answer = self._cheapest(fill, limits, 1, refused)
            if answer is None:
                break
            yield self._tried(answer, fill)
            refused |= self._open.like(answer.chosen)
        if not refused and (answer := self._cheapest(fill, limits, 2)) is not None:
            yield self._tried(answer, fill)

    def _cheapest(
        self, fill: set[int], limits: CpLimits, most: int, refused: frozenset[int] = frozenset()
    ) -> Amended | None:
        return amend(self._open.encoding.problem, fill, self._open.changes(most, refused), limits)

    def _tried(self, answer: Amended, fill: set[int]) -> Remedy:
        """The remedy, once a plan of the snapshot with it has passed the check."""
        chosen = [self._open.options[at][0] for at in answer.chosen]
        snapshot = self.snapshot
        for change in chosen:
            snapshot = change.apply(snapshot)
        problem = encode(snapshot).problem
        faults = breaches(problem, answer.assignment)
        if faults or np.any(answer.assignment[sorted(fill)] < 0):
            tried = "; ".join(change.sentence for change in chosen)
            raise InternalFault(self.snapshot.digest(), [f"remedy {tried}", *faults])
        return Remedy(
            changes=tuple(change.sentence for change in chosen),
            cost=sum(change.cost for change in chosen),
            cheapest=answer.cheapest,
        )
