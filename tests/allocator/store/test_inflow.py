"""What was notified since the store began: counted once, of the areas that are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from allocator.store import Database, cases, import_tables, merging
from allocator.store.inflow import inflow
from tests.allocator.store.build import DAY, NOW, at, case, fill

LATER = NOW + timedelta(days=100)


def new(case_id: str, days: int, **more: object) -> dict[str, object]:
    """A case that was notified so many days after the store began."""
    return case(case_id, notified_on=(DAY + timedelta(days=days)).isoformat(), **more)


def told(database: Database, moment: datetime, *rows: Mapping[str, object]) -> None:
    """Nothing; the store is told of some cases at a moment."""
    with at(database, moment) as tx:
        import_tables(tx, {"cases": rows}, moment.date())


def test_what_came_before_the_store_is_not_counted(database: Database) -> None:
    """Of it only what was still open was ever told; the day of the beginning is not a whole one."""
    fill(database, case("OLD"))
    told(database, LATER, new("SAME", 0), new("FIRST", 1), new("C2", 9, area="QBB"))
    with database.read() as connection:
        found = inflow(connection, LATER.date())
        here = inflow(connection, LATER.date(), ("QBB",))
    assert (found.since, found.until, found.days) == (DAY + timedelta(days=1), LATER.date(), 99)
    assert [one.notified_on for one in found.cases] == [
        DAY + timedelta(days=9),
        DAY + timedelta(days=1),
    ]
    assert [one.area for one in here.cases] == ["QBB"]


def test_a_year_is_looked_back_at_most(database: Database) -> None:
    """And nothing beyond the day."""
    fill(database, case("OLD"))
    moment = NOW + timedelta(days=500)
    told(database, moment, new("C1", 134), new("C2", 135), new("C3", 499), new("C4", 500))
    with database.read() as connection:
        found = inflow(connection, moment.date())
    assert (found.days, len(found.cases)) == (365, 2)


def test_what_is_no_review_is_not_counted_and_a_hold_is_told(database: Database) -> None:
    """Out of scope, a duplicate, closed without a review: none of these; a completed one is."""
    fill(database, case("OLD"))
    held = {"on_hold_since": (DAY + timedelta(days=9)).isoformat()}
    told(
        database,
        LATER,
        new("SCOPE", 5, out_of_scope="child"),
        new("TWICE", 5),
        new("CLOSED", 5),
        new("HELD", 6, **held),
        new("WAS", 7, hold_days=12),
        new("PLAIN", 8),
    )
    with at(database, LATER) as tx:
        merging.merge(tx, "TWICE", "PLAIN")
        cases.move(tx, "CLOSED", cases.State.CLOSED)
    with database.read() as connection:
        found = inflow(connection, LATER.date())
    assert [(one.notified_on.day, one.was_held) for one in found.cases] == [(8, True), (10, False), (9, True)]


def test_an_empty_store_tells_nothing(database: Database) -> None:
    """No line, no day."""
    with database.read() as connection:
        assert inflow(connection, DAY).days == 0
