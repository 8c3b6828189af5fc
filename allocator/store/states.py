"""The states of a case, and which may follow which."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a case is on its way from the notification to the end of its review."""

    NOTIFIED = "notified"
    ALLOCATED = "allocated"
    IN_REVIEW = "in_review"
    AWAITING_SIGN_OFF = "awaiting_sign_off"
    RETURNED = "returned"
    COMPLETED = "completed"
    CLOSED = "closed_without_review"
    REOPENED = "reopened"


WAITING: Final = frozenset({State.NOTIFIED, State.REOPENED})
"""Nobody leads it."""
HELD: Final = frozenset({State.ALLOCATED, State.IN_REVIEW, State.AWAITING_SIGN_OFF, State.RETURNED})
"""Somebody leads it."""
ENDED: Final = frozenset({State.COMPLETED, State.CLOSED})
"""It is no longer planned."""

MOVES: Final[dict[State, frozenset[State]]] = {
    State.NOTIFIED: frozenset({State.ALLOCATED, State.CLOSED}),
    State.ALLOCATED: frozenset({State.IN_REVIEW, State.NOTIFIED, State.CLOSED}),
    State.IN_REVIEW: frozenset({State.AWAITING_SIGN_OFF, State.NOTIFIED, State.CLOSED}),
    State.AWAITING_SIGN_OFF: frozenset({State.RETURNED, State.COMPLETED, State.NOTIFIED, State.CLOSED}),
    State.RETURNED: frozenset({State.AWAITING_SIGN_OFF, State.NOTIFIED, State.CLOSED}),
    State.COMPLETED: frozenset({State.REOPENED}),
    State.CLOSED: frozenset({State.REOPENED}),
    State.REOPENED: frozenset({State.ALLOCATED, State.CLOSED}),
}
"""What may follow. To be allocated a case is given to somebody, to be notified again it is taken back: both
are done with the holding, and never said of the state alone."""
SAID: Final = frozenset(State) - {State.NOTIFIED, State.ALLOCATED}
"""States that can be said of a case by themselves."""


def may_follow(old: State, new: State) -> bool:
    """Whether a case may go from one state to another."""
    return new in MOVES[old]
