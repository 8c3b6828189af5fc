"""Every assignment of a small snapshot, judged by the audit alone: no solver, no encoding, no masks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod

from allocator.audit import checks_limits, checks_person
from allocator.audit.auditor import _look
from allocator.audit.checks_lines import work_of
from allocator.audit.facts import ROLES, SECOND
from allocator.audit.levels import cost, late, unallocated
from allocator.audit.rows import read_rows
from allocator.audit.standing import NOBODY
from allocator.audit.view import View
from allocator.snapshot import Snapshot
from tests.system.told import Told, places_of, rough

Values = tuple[int, int, int]
RULES = (*checks_person.CHECKS, *checks_limits.CHECKS)
WHOLE = {"assignment", "held", "locked"}
"""Rules that one line cannot break for good: another line may mend it."""


class Judge:
    """What the audit says of any assignment of one snapshot."""

    def __init__(self, snapshot: Snapshot, max_moves: int = 0) -> None:
        self._snapshot, self._max_moves = snapshot, max_moves
        self._empty = _look(snapshot, rough(snapshot, {}))[0]

    def view(self, told: Told) -> View:
        """The audit's look at an assignment."""
        plan = rough(self._snapshot, told, self._max_moves)
        rows, faults = read_rows(self._empty.facts, self._empty.standing, plan)
        assert not faults
        return replace(self._empty, rows=rows, plan=plan, max_moves=self._max_moves)

    def codes(self, view: View) -> set[str]:
        """The rules it breaks."""
        return {finding.code for check in RULES for finding in check(view)}

    def choices(self) -> dict[str, list[str | None]]:
        """Who may have each place at all, by the audit of one line beside what is held and cannot move."""
        fixed, open_places = self._standing()
        people = [row.reviewer_id for row in self._snapshot.reviewers]
        found: dict[str, list[str | None]] = {place: [who] for place, who in fixed.items()}
        for place in open_places:
            alone = ((who, self.codes(self.view({**fixed, place: who})) - WHOLE) for who in people)
            found[place] = [None, *(who for who, codes in alone if not codes)]
        return found

    def _standing(self) -> tuple[Told, list[str]]:
        """What is held and must stay, and the other places."""
        view, facts = self._empty, self._empty.facts
        fixed, open_places = {}, []
        for place in places_of(self._snapshot):
            case_id, role = place.rsplit(" ", 1)
            holder = int(view.standing.holder[ROLES.index(role), facts.row_of[case_id]])
            if holder != NOBODY and (role == ROLES[SECOND] or not self._max_moves):
                fixed[place] = facts.reviewers[holder].reviewer_id
            else:
                open_places.append(place)
        return fixed, open_places

    def allowed(self) -> Iterator[Values]:
        """The values of every assignment that breaks no rule."""
        choices = self.choices()
        for taken in product(*choices.values()):
            view = self.view({p: who for p, who in zip(choices, taken, strict=True) if who is not None})
            if not self.codes(view):
                working, told = work_of(view)
                yield unallocated(view), late(view, told, working), cost(view)

    def size(self) -> int:
        """How many assignments there are to try."""
        return prod(len(who) for who in self.choices().values())
