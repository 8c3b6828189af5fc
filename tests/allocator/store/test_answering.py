"""What a reviewer says to a case: they do it, or it waits again at once and they are not asked again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from allocator.clocks import clock
from allocator.errors import BadInput, Conflict, Unknown
from allocator.store import Database, cases, holdings, queue
from allocator.store.answering import Why, accept, decline
from allocator.store.holdings import Holding
from allocator.store.tables import notices
from tests.allocator.store.build import DAY, LATER, at, case, fill

HELD = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}


def says(database: Database, reason: str, record: Any = None, who: str = "R1") -> int:
    """How often C1 was declined, once somebody declines it."""
    with at(database, LATER) as tx:
        return decline(tx, ("C1", "lead"), who, Why(reason, record), DAY).declines


def test_a_case_is_accepted_once(database: Database) -> None:
    """Saying so again changes nothing; only who has it can."""
    fill(database, case(**HELD))
    with at(database, LATER) as tx:
        first = accept(tx, "C1", "lead", "R1")
    with at(database) as tx:
        assert accept(tx, "C1", "lead", "R1") == first
    assert first.accepted_at == LATER
    for case_id, who, kind in (("C1", "R2", Conflict), ("C9", "R1", Unknown)):
        with pytest.raises(kind), at(database) as tx:
            accept(tx, case_id, "lead", who)


@pytest.mark.parametrize("reason", ["skill", "family", "other"])
def test_a_declined_case_waits_at_once_and_its_clock_goes_on(database: Database, reason: str) -> None:
    """Who declined it is excluded, anybody else may have it."""
    fill(database, case(**HELD))
    with database.read() as connection:
        before = queue(connection, DAY).snapshot
    assert says(database, reason) == 1
    with database.read() as connection:
        after = queue(connection, DAY).snapshot
        assert cases.found_case(connection, "C1").state == "notified"
        assert holdings.current(connection) == {}
    assert [(one.case_id, one.reviewer_id, one.reason) for one in after.declines] == [("C1", "R1", reason)]
    clocks = [clock(one.cases[0], one.policy, DAY) for one in (before, after)]
    assert clocks[0] == clocks[1]


def test_a_conflict_asks_for_the_interest(database: Database) -> None:
    """Which then counts for every case."""
    fill(database, case(**HELD))
    with pytest.raises(BadInput) as refused:
        says(database, "conflict")
    assert [(one.code, one.pointer) for one in refused.value.faults] == [("interest-needed", "/interest")]
    with pytest.raises(BadInput) as refused:
        says(database, "conflict", {"kind": "wrong", "organisation": "RYY"})
    assert refused.value.faults[0].pointer == "/interest/kind"
    says(database, "conflict", {"kind": "personal", "organisation": "RYY", "reviewer_id": "R2"})
    with database.read() as connection:
        found = queue(connection, DAY).snapshot
    assert [(one.reviewer_id, one.organisation) for one in found.interests] == [("R1", "RYY")]


def test_too_little_time_asks_for_the_absence(database: Database) -> None:
    """Which then takes its hours."""
    fill(database, case(**HELD))
    with pytest.raises(BadInput) as refused:
        says(database, "capacity")
    assert refused.value.faults[0].code == "absence-needed"
    says(database, "capacity", {"from": "2026-11-02", "to": "2026-12-24"})
    with database.read() as connection:
        assert [one.reviewer_id for one in queue(connection, DAY).snapshot.absences] == ["R1"]


def test_the_second_time_goes_to_a_coordinator(database: Database) -> None:
    """With a notice; and somebody who does not have a case cannot decline it."""
    fill(database, case(**HELD))
    assert says(database, "family") == 1
    with pytest.raises(Conflict):
        says(database, "family")
    with at(database, LATER) as tx:
        assert tx.connection.execute(select(notices)).all() == []
        cases.give(tx, Holding("C1", "lead", "R3", DAY, tx.at))
    assert says(database, "other", who="R3") == 2
    with database.read() as connection:
        told = connection.execute(select(notices)).one()
        assert {one.reviewer_id for one in queue(connection, DAY).snapshot.declines} == {"R1", "R3"}
    assert (told.code, told.case_id, told.area) == ("declined-again", "C1", "QAA")


def test_a_reason_is_one_of_those_there_are(database: Database) -> None:
    """And a wrong one leaves the case where it is."""
    fill(database, case(**HELD))
    with pytest.raises(BadInput) as refused:
        says(database, "because")
    assert refused.value.faults[0].code == "unknown-reason"
    with database.read() as connection:
        assert set(holdings.current(connection)) == {("C1", "lead")}
