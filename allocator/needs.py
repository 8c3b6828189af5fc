"""Why somebody has to see to a case: what a snapshot tells of it, beside what a store or a plan knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from pydantic import Field

from allocator.cases import Case
from allocator.plan import Part, RoleName
from allocator.snapshot import Snapshot

Pair = tuple[str, str]
"""A case and a reviewer."""


class Need(StrEnum):
    """What somebody has to see to; a case may have several."""

    TO_ALLOCATE = "to_allocate"
    OVERDUE = "overdue"
    AT_RISK = "at_risk"
    ON_HOLD = "on_hold"
    NOT_PLACEABLE = "not_placeable"
    DECLINED = "declined"
    INDEPENDENCE = "independence"
    LEAVER = "leaver"


BY_CLOCK = (Need.TO_ALLOCATE, Need.OVERDUE, Need.AT_RISK, Need.ON_HOLD)
"""What a case's own clocks tell, without anything of a reviewer or a plan."""


class Leaver(Part):
    """A reviewer who has left, or leaves within the horizon, and still has cases."""

    reviewer_id: str
    leaves_on: date = Field(description="Their last day")
    cases: int = Field(description="Open cases that they have, in whatever area")


class Open:
    """The open cases of a snapshot, with who has each of them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.cases = tuple(one for one in snapshot.cases if one.out_of_scope is None)

    @cached_property
    def refused(self) -> frozenset[Pair]:
        """Case and reviewer of each decline."""
        return frozenset((one.case_id, one.reviewer_id) for one in self.snapshot.declines)

    def lead(self, case: Case) -> str | None:
        """Who leads a case: not whoever declined it or is excluded, and is named as who was asked before."""
        who = case.reviewer_id
        if who is None or who in case.excluded_reviewers or (case.case_id, who) in self.refused:
            return None
        return who

    def holders(self, case: Case) -> Iterator[str]:
        """Yield whoever has a place of a case."""
        yield from (who for who in (self.lead(case), case.second_reviewer_id) if who is not None)

    def declined(self) -> set[str]:
        """The ids of the cases that somebody declined and nobody leads since."""
        asked = {case_id for case_id, _ in self.refused}
        return {one.case_id for one in self.cases if one.case_id in asked and self.lead(one) is None}

    def leavers(self) -> tuple[Leaver, ...]:
        """Who has left, or leaves within the policy's horizon, and has cases; by their last day."""
        last = self.snapshot.as_of + timedelta(weeks=self.snapshot.policy.horizon.weeks)
        has = Counter(who for case in self.cases for who in self.holders(case))
        found = [
            Leaver(reviewer_id=one.reviewer_id, leaves_on=one.leaves_on, cases=has[one.reviewer_id])
            for one in self.snapshot.reviewers
            if one.leaves_on is not None and one.leaves_on <= last and one.reviewer_id in has
        ]
        return tuple(sorted(found, key=lambda one: (one.leaves_on, one.reviewer_id)))

    def had_by(self, reviewer_ids: Collection[str]) -> set[str]:
        """The ids of the cases that some reviewers have."""
        return {one.case_id for one in self.cases if any(who in reviewer_ids for who in self.holders(one))}

    def unknown(self) -> list[Case]:
        """The cases of which no organisation is known: who has them has to say that they are independent."""
        return [one for one in self.cases if not one.organisations]

    def unconfirmed(self, proposed: Iterable[Pair], declared: Collection[Pair]) -> set[str]:
        """The ids of the cases of no known organisation whose reviewer has not declared independence.

        Parameters
        ----------
        proposed : who is to have a case by a plan, beside whoever has it
        """
        unknown = {one.case_id: one for one in self.unknown()}
        pairs = {(case_id, who) for case_id, one in unknown.items() for who in self.holders(one)}
        pairs |= {pair for pair in proposed if pair[0] in unknown}
        return {case_id for case_id, _ in pairs - set(declared)}

    def still_empty(self, seats: Collection[tuple[str, RoleName]]) -> set[str]:
        """The ids of the cases of which one of some places is empty."""
        return {
            one.case_id
            for one in self.cases
            if ((one.case_id, "lead") in seats and self.lead(one) is None)
            or ((one.case_id, "second") in seats and one.second_reviewer_id is None)
        }
