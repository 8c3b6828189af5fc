"""Held cases: who stays with which, and who is released and why.

A held case stays with its holder, unless an exclusion, a decline or a conflict forbids it, or the holder has
left or is not in the snapshot. The same holds for the second reviewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np

from allocator.cases import Case
from allocator.exact import Ints
from allocator.facts import Facts, row_array
from allocator.plan import RoleName

NOBODY_YET, SEVERAL = -1, -2


class Role(IntEnum):
    """The two places of a case."""

    LEAD = 0
    SECOND = 1

    @property
    def label(self) -> RoleName:
        """The role's word in the plan."""
        return "lead" if self is Role.LEAD else "second"


class Why(StrEnum):
    """Why a holder does not stay."""

    MISSING = "missing"
    LEFT = "left"
    EXCLUDED = "excluded"
    CONFLICT = "conflict"


def holder_of(case: Case, role: Role) -> str | None:
    """Who has a case's place in the snapshot, by id; None for nobody."""
    return case.reviewer_id if role is Role.LEAD else case.second_reviewer_id


@dataclass(frozen=True)
class Release:
    """A holder who does not stay, and why."""

    reviewer_id: str
    why: Why


@dataclass(frozen=True, eq=False)
class Held:
    """Who stays with which case.

    Parameters
    ----------
    lead, second : ndarray of shape (n_cases,): the holder's row, −1 if the place is open
    released : by case row and role, the holder who does not stay
    sure_lead : ndarray of shape (n_cases,): as `lead`, but −1 where the lead may change hands by choice
    link_holder : ndarray of shape (n_cases,): who holds a case of the same label, −1 for nobody (or no
        label), −2 for several people
    """

    lead: Ints
    second: Ints
    released: dict[tuple[int, Role], Release]
    sure_lead: Ints
    link_holder: Ints

    def of(self, role: Role) -> Ints:
        """The holders of one role."""
        return self.lead if role is Role.LEAD else self.second


def who_stays(facts: Facts) -> Held:
    """Every held place, kept or released."""
    released: dict[tuple[int, Role], Release] = {}
    kept: dict[Role, Ints] = {}
    for role in Role:
        holders = [holder_of(case, role) for case in facts.cases]
        kept[role] = row_array(
            [
                NOBODY_YET if who is None else _kept(facts, (row, role), who, released)
                for row, who in enumerate(holders)
            ]
        )
    lead = kept[Role.LEAD]
    return Held(lead, kept[Role.SECOND], released, lead, _link_holders(facts, lead))


def nobody_stays(facts: Facts) -> Held:
    """What a plan would start from if held cases were all new; for tests of the audit."""
    nobody = np.full(len(facts.cases), NOBODY_YET, np.int64)
    return Held(nobody, nobody, {}, nobody, nobody)


def _kept(
    facts: Facts, place: tuple[int, Role], holder: str, released: dict[tuple[int, Role], Release]
) -> int:
    """The row of the one who has a place and stays, −1 if they do not: a release is noted."""
    why = _why_not(facts, place[0], holder)
    if why is None:
        return facts.reviewer_row[holder]
    released[place] = Release(holder, why)
    return NOBODY_YET


def _why_not(facts: Facts, row: int, holder: str) -> Why | None:
    """Why the holder does not stay, None if they do."""
    if holder not in facts.reviewer_row:
        return Why.MISSING
    reviewer = facts.reviewer_row[holder]
    leaves_on = facts.reviewers[reviewer].leaves_on
    if leaves_on is not None and leaves_on < facts.snapshot.as_of:
        return Why.LEFT
    if facts.conflicts.bars(row, reviewer):
        return Why.CONFLICT
    return Why.EXCLUDED if facts.exclusions.bars(row, reviewer) else None


def _link_holders(facts: Facts, lead: Ints) -> Ints:
    """Whoever holds a case with the same label."""
    holders: dict[str, set[int]] = {}
    for case, holder in zip(facts.cases, lead.tolist(), strict=True):
        if case.linked_to is not None and holder >= 0:
            holders.setdefault(case.linked_to, set()).add(holder)
    one = {label: next(iter(who)) if len(who) == 1 else SEVERAL for label, who in holders.items()}
    return row_array([one.get(c.linked_to, NOBODY_YET) if c.linked_to else NOBODY_YET for c in facts.cases])
