"""What a performance report is worked out from: what happened, as it was known at a moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from allocator.clocks import month_later
from allocator.holds import NONE, Holds
from allocator.policy import Policy
from allocator.span import Span

COMPLETED, CLOSED, RETURNED = "completed", "closed_without_review", "returned"
"""States of a case that the report counts."""


class Move(NamedTuple):
    """That a case came to be in a state."""

    on: date
    state: str


@dataclass(frozen=True)
class Review:
    """A case that is to be reviewed, from its notification on. One that is merged into another is none.

    Parameters
    ----------
    notified_on, review_type : None where retention has deleted them
    in_scope : False: it is not for review
    state : the one that it is in, as far as it is known
    moves : when it was completed, closed or returned, the first first
    led : when somebody led it, what was undone left out
    """

    area: str
    notified_on: date | None
    review_type: str | None
    in_scope: bool = True
    state: str | None = None
    moves: tuple[Move, ...] = ()
    holds: Holds = NONE
    led: tuple[Span, ...] = ()

    @property
    def allocated_on(self) -> date | None:
        """The day on which somebody led it first."""
        return min((one.since for one in self.led), default=None)

    @property
    def completed_on(self) -> date | None:
        """The day on which it was completed, the last time if it was opened again."""
        return self._ended(COMPLETED)

    @property
    def closed_on(self) -> date | None:
        """The day on which it was closed without a review."""
        return self._ended(CLOSED)

    def _ended(self, state: str) -> date | None:
        if self.state != state:
            return None
        return max((one.on for one in self.moves if one.state == state), default=None)


@dataclass(frozen=True)
class Place:
    """That a reviewer was given a place of a case.

    Parameters
    ----------
    lender, borrower : the reviewer's home and the case's area
    is_lead : False: the second's
    completed : whether the review was completed with them
    """

    reviewer_id: str
    lender: str
    borrower: str
    is_lead: bool
    span: Span
    completed: bool = False


@dataclass(frozen=True)
class Person:
    """A reviewer.

    Parameters
    ----------
    hours : a week
    """

    reviewer_id: str
    area: str
    employment: str
    hours: float
    starts_on: date | None = None
    leaves_on: date | None = None

    def works(self, first: date, last: date) -> bool:
        """Whether they are a reviewer on one of some days."""
        return (self.starts_on or first) <= last and (self.leaves_on or last) >= first


def due_on(notified_on: date, months: int, held_days: int) -> date:
    """The last day on which something is in time that is due so many months after the notification."""
    return date.fromordinal(month_later(notified_on, months) + held_days)


class Advised(NamedTuple):
    """A line of a plan that was published; `departure` is why somebody else was chosen than was advised."""

    area: str
    on: date
    departure: str | None


class Lending(NamedTuple):
    """That an area lent its reviewers to another, whatever the case, or for some."""

    lender: str
    borrower: str
    span: Span
    every_case: bool


@dataclass(frozen=True)
class Facts:
    """All of it.

    Parameters
    ----------
    areas : whose report it is; empty: of all areas
    """

    policy: Policy
    reviews: tuple[Review, ...] = ()
    places: tuple[Place, ...] = ()
    people: tuple[Person, ...] = ()
    lines: tuple[Advised, ...] = ()
    lendings: tuple[Lending, ...] = ()
    areas: Collection[str] = field(default_factory=frozenset)

    def wants(self, area: str) -> bool:
        """Whether the report is about an area."""
        return not self.areas or area in self.areas
