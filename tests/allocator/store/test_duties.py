"""Duties: done once when they are due, and again even if the clock was set back."""

from __future__ import annotations

from datetime import datetime, timedelta

from allocator.store import Database, duties
from tests.allocator.store.build import NOW, at

DAY = timedelta(days=1)


def taken(database: Database, now: datetime) -> bool:
    """Whether somebody does the duty at a moment of the machine's clock."""
    with at(database, now) as tx:
        return duties.take(tx, "audit", DAY, now)


def test_a_duty_is_done_once_until_it_is_due_again(database: Database) -> None:
    """By one of those who ask; a moment before its time it is not due."""
    assert taken(database, NOW)
    assert not taken(database, NOW)
    assert not taken(database, NOW + DAY - timedelta(seconds=1))
    assert taken(database, NOW + DAY)


def test_a_clock_that_was_set_back_does_not_stop_it(database: Database) -> None:
    """It is done once then, and goes on by that clock."""
    assert taken(database, NOW)
    earlier = NOW - timedelta(hours=2)
    assert taken(database, earlier)
    assert not taken(database, earlier + timedelta(hours=1))
    assert taken(database, earlier + DAY)
