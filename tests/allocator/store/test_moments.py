"""The moments of writes: each is later than the one before it, whatever the clock says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from allocator.store import Database, cases, chain, events, import_tables, queue, records
from allocator.store.holdings import Holding
from allocator.store.lines import lines_of, why_stale
from allocator.store.plans import Made, propose
from allocator.store.queue import newest
from tests.allocator.store.build import DAY, NOW, at, case, fill

BACK = NOW - timedelta(hours=5)
"""What a clock says that was set back."""


def told(database: Database, moment: datetime, priority: int) -> datetime:
    """The moment from which it is known that C1 has a priority."""
    with at(database, moment) as tx:
        import_tables(tx, {"cases": [case(priority=priority)]}, DAY)
        return tx.at


@pytest.mark.parametrize("clock", [NOW, BACK])
def test_each_version_is_known_from_a_moment_of_its_own(database: Database, clock: datetime) -> None:
    """So that each can be asked for as it was known, in the order in which they were written."""
    fill(database, case(priority=1))
    moments = [told(database, clock, priority) for priority in (2, 3, 4)]
    assert moments == sorted(set(moments))
    with database.read() as connection:
        found = records.history(connection, "cases", "C1")
        assert [one.body["priority"] for one in found] == [1, 2, 3, 4]
        assert [one.at for one in found[1:]] == moments
        then = [queue(connection, DAY, moment).snapshot.cases[0].priority for moment in moments]
        assert then == [2, 3, 4]
        assert list(chain.verify(connection)) == []


@pytest.mark.parametrize("clock", [NOW, BACK])
def test_what_changed_after_a_plan_is_never_known_to_it(database: Database, clock: datetime) -> None:
    """Also where the clock says the same moment: its line is stale at once."""
    fill(database, case())
    with database.read() as connection:
        known_at = newest(connection)
    told(database, clock, 5)
    line = {"case_id": "C1", "role": "lead", "reviewer_id": "R1", "change": "new"}
    lines = [line | {"previous_reviewer_id": None}]
    document = {"plan_id": "P", "as_of": DAY.isoformat(), "assignments": lines}
    with at(database, clock) as tx:
        number = propose(tx, Made(document, {}, known_at)).plan
    with database.read() as connection:
        rests = lines_of(connection, number)
        assert list(why_stale(connection, rests)) == [("C1", "lead")]


def test_events_and_the_audit_keep_their_order(database: Database) -> None:
    """By number and by moment alike."""
    fill(database, case(), case("C2"))
    for one, moment in (("C1", NOW + timedelta(hours=1)), ("C2", BACK)):
        with at(database, moment) as tx:
            cases.give(tx, Holding(one, "lead", "R1", DAY, tx.at))
    with database.read() as connection:
        news = events.after(connection, 0, events.Wanted(), 99).events
        lines = chain.lines(connection, 0)
    for found in ([one.at for one in news], [one["at"] for one in lines]):
        assert found
        assert found == sorted(found)
    assert [one.subject for one in news][-1] == "C2"
