"""A case that its source tells of, beside what the source said before and what was done here since.

Who has the case and where it is follow the same rule as its fields: the source's word counts where it is
news, and nobody has done otherwise here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from allocator.plan import RoleName
from allocator.store.holdings import Holding
from allocator.store.records import Record
from allocator.store.sources import HOLDERS, Said
from allocator.store.states import ENDED, HELD, State

WORK: Final = HELD - {State.ALLOCATED}
"""States in which somebody leads a case and has begun."""
NOTHING: Final = Said(-1)


@dataclass(frozen=True)
class Told:
    """A case that a source tells of, and what is known of it.

    Parameters
    ----------
    before : what the source said last; None: nothing
    record : None for a case that is not kept yet
    held : who has which place now
    """

    case_id: str
    said: Said
    before: Said | None
    record: Record | None
    held: Mapping[RoleName, Holding]

    @property
    def last(self) -> Said:
        """What the source said last, were it nothing."""
        return self.before or NOTHING

    @property
    def state(self) -> State:
        """Where the case is now."""
        return State(self.record.state) if self.record and self.record.state else State.NOTIFIED

    @property
    def is_merged(self) -> bool:
        """Whether it is a duplicate: who has it, and how far it is, is told of the other case."""
        return self.record is not None and self.record.merged_into is not None

    @property
    def is_where_it_was_put(self) -> bool:
        """Whether the case is where the source's last word put it, and was moved by nobody since."""
        return self.state == _target(self.last, "lead" in self.held)

    @property
    def names_another_state(self) -> bool:
        """Whether the state that the source names is news."""
        return self.said.stage != self.last.stage

    @property
    def reopens(self) -> bool:
        """Whether the case has ended, and waits again: the source takes its own word back, or says so."""
        if self.state not in ENDED or self.is_merged:
            return False
        if self.is_where_it_was_put:
            return self.said.stage not in ENDED
        return self.names_another_state and self.said.stage is State.REOPENED

    @property
    def is_over(self) -> bool:
        """Whether the case has ended, here or by what the source says now."""
        if self.state in ENDED:
            return not self.reopens
        return self.said.stage in ENDED and (self.is_where_it_was_put or self.names_another_state)

    @cached_property
    def holders(self) -> dict[RoleName, str]:
        """By place who has it, once the source was heard."""
        if self.is_over or self.is_merged:
            return {}
        each = {role: self._holder(role) for role in HOLDERS}
        lead, second = each["lead"], each["second"]
        if second is not None and (second == lead or (lead is None and "lead" in self.said.holders)):
            each["second"] = None  # by what happened here; what is wrong as it was sent stays for the intake
        if lead is None and "second" in self.held:
            each["second"] = None
        return {role: who for role, who in each.items() if who is not None}

    @property
    def released(self) -> tuple[RoleName, ...]:
        """The places that the source's own earlier word gave, and that it gives otherwise now."""
        if self.is_over or self.is_merged:
            return ()
        return tuple(role for role in HOLDERS if self._is_released(role))

    def _holder(self, role: RoleName) -> str | None:
        told, has = self.said.holders.get(role), self.held.get(role)
        if told == self.last.holders.get(role):
            return has.reviewer_id if has else None
        return told if has is None or self._is_released(role) else has.reviewer_id

    def _is_released(self, role: RoleName) -> bool:
        has, told, before = self.held.get(role), self.said.holders.get(role), self.last.holders.get(role)
        if has is None or told in (before, has.reviewer_id) or has.reviewer_id != before:
            return False
        is_untouched = role == "second" or self.is_where_it_was_put
        return has.publication is None and has.accepted_at is None and is_untouched

    @property
    def next_state(self) -> State | None:
        """The state that the case is in once the source was heard; None: that in which it is."""
        has_lead, stage = "lead" in self.holders, self.said.stage
        if self.is_merged:
            return None
        if self.is_where_it_was_put:
            return _target(self.said, has_lead)
        if not self.names_another_state:
            return None
        if stage in WORK:
            return stage if has_lead and self.state not in ENDED else None
        return stage if stage in ENDED or self.reopens else None


def _target(said: Said, has_lead: bool) -> State:
    """Where a source's word alone puts a case."""
    if said.stage in ENDED:
        return State(said.stage)
    if has_lead:
        return State(said.stage) if said.stage in WORK else State.ALLOCATED
    return State.REOPENED if said.stage is State.REOPENED else State.NOTIFIED
