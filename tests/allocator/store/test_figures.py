"""The store in figures: each counts what it is named for."""

from __future__ import annotations

from datetime import date

from allocator.store import Database, merging
from allocator.store.figures import oldest_waiting_case
from tests.allocator.store.build import at, case, fill

HELD = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}


def oldest(database: Database) -> date | None:
    """When the case was notified that has waited longest."""
    with database.read() as connection:
        return oldest_waiting_case(connection)


def test_the_oldest_waiting_case_is_one_that_waits(database: Database) -> None:
    """Not one out of scope, nor one that somebody has, nor a duplicate."""
    assert oldest(database) is None
    fill(
        database,
        case("C1", notified_on="2026-05-01", out_of_scope="child"),
        case("C2", notified_on="2026-06-01", **HELD),
        case("C3", notified_on="2026-07-01"),
        case("C4", notified_on="2026-08-01"),
    )
    assert oldest(database) == date(2026, 7, 1)
    with at(database) as tx:
        merging.merge(tx, "C3", "C4")
    assert oldest(database) == date(2026, 8, 1)
