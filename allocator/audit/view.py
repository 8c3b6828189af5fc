"""Everything the checks of a plan read: the snapshot's facts beside the plan's lines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from allocator.audit.exact import Bools, Ints
from allocator.audit.facts import LEAD, Facts
from allocator.audit.finding import Finding
from allocator.audit.room import Room
from allocator.audit.rows import Line, Rows
from allocator.audit.standing import NOBODY, Standing, tally
from allocator.audit.tables import Tables


@dataclass(frozen=True)
class View:
    """A plan seen against its snapshot."""

    facts: Facts
    tables: Tables
    standing: Standing
    room: Room
    rows: Rows
    plan: Line
    max_moves: int

    @property
    def moved(self) -> Bools:
        """Return the cases whose lead changes hands by choice."""
        holder, given = self.standing.holder[LEAD], self.rows.given[LEAD]
        changed: Bools = (holder != NOBODY) & (given != NOBODY) & (given != holder)
        return changed

    def minutes_given(self, *, new: bool | None = None) -> Ints:
        """Return each reviewer's minutes in the plan: all, or only new ones, or only held ones."""
        rows = self.rows
        chosen = np.ones_like(rows.kept) if new is None else rows.kept != new
        return tally(rows.reviewer[chosen], rows.minutes[chosen], len(self.facts.reviewers))

    def leads_given(self, *, new_only: bool = False) -> Ints:
        """Return each reviewer's leads in the plan, or only the new ones."""
        chosen = self.rows.new_leads() if new_only else self.rows.role == LEAD
        return np.bincount(self.rows.reviewer[chosen], minlength=len(self.facts.reviewers))


Check = Callable[[View], Iterator[Finding]]
