"""What follows from a change: clocks, places and rules that hold no more, and cases that are withdrawn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from allocator.store import Database, cases, holdings, import_tables, records
from allocator.store.following import Followed, Withdrawn, followed, withdraw
from allocator.store.tables import notices
from tests.allocator.store.build import AREAS, DAY, LATER, at, case, fill

HELD = {"reviewer_id": "R3", "allocated_on": "2026-10-01"}


def changed(database: Database, **fields: Any) -> Followed:
    """What follows once C1 is told of otherwise."""
    with at(database, LATER) as tx:
        before = cases.found_case(tx.connection, "C1")
        import_tables(tx, {"cases": [case(**fields)]}, DAY)
        return followed(tx, before, cases.found_case(tx.connection, "C1"), DAY)


def test_a_corrected_date_moves_both_clocks(database: Database) -> None:
    """Notified a month earlier, it is to be complete a month earlier."""
    fill(database, case())
    found = changed(database, notified_on="2026-08-01")
    assert (found.before.allocate_by, found.after.allocate_by) == (date(2026, 12, 1), date(2026, 11, 1))
    assert (found.before.complete_by, found.after.complete_by) == (date(2027, 3, 1), date(2027, 2, 1))
    assert found.after.days - found.before.days == 31


def test_a_hold_told_late_stops_the_clock_from_its_first_day(database: Database) -> None:
    """Not from the day on which it was told."""
    fill(database, case())
    found = changed(database, on_hold_since="2026-10-01")
    assert (found.before.days, found.after.days) == (62, 30)
    assert found.after.complete_by - found.before.complete_by == timedelta(days=32)


def test_a_case_typed_anew_keeps_its_lead_and_says_what_that_breaks(database: Database) -> None:
    """R3 may lead initial reviews alone; a focused one needs a second as well."""
    fill(database, case(**HELD))
    found = changed(database, review_type="focused")
    assert found.opened == ("second",)
    assert [(one.role, one.reviewer_id, one.rule) for one in found.unmet] == [("lead", "R3", "type")]
    assert "may lead initial reviews" in found.unmet[0].sentence
    with database.read() as connection:
        assert holdings.of_cases(connection, ["C1"])["C1", "lead"].reviewer_id == "R3"


def test_more_hours_than_there_are_are_told(database: Database) -> None:
    """R3 has some 76 hours in eight weeks."""
    fill(database, case(**HELD))
    assert changed(database, hours_left=60).unmet == ()
    assert [one.rule for one in changed(database, hours_left=90).unmet] == ["capacity"]


def test_a_case_in_another_area_stays_with_who_does_not_cover_it(database: Database) -> None:
    """And that is told."""
    fill(database, case(**HELD))
    assert [one.rule for one in changed(database, area="QBB").unmet] == ["area"]


def test_what_nobody_has_breaks_nothing(database: Database) -> None:
    """A second's place opens all the same."""
    fill(database, case())
    found = changed(database, review_type="focused", area="QBB")
    assert (found.opened, found.unmet) == (("second",), ())


@pytest.mark.parametrize(("why", "tables"), [
    ("conflict", {"cases": [case(organisations=["RYY", "RXX"])]}),
    ("conflict", {"interests": [{"reviewer_id": "R3", "kind": "personal", "case_id": "C1"}]}),
    ("conflict", {"organisations": [{"organisation": "RXX"}, {"organisation": "RYY", "parent": "RXX"}]}),
    ("excluded", {"cases": [case(excluded_reviewers=["R3"])]}),
    ("excluded", {"declines": [{"reviewer_id": "R3", "case_id": "C1"}]}),
])  # fmt: skip
def test_a_conflict_told_later_takes_the_case_back(database: Database, why: str, tables: Any) -> None:
    """Whatever it comes of, and with a notice; what the change does not touch stays."""
    post = {"reviewer_id": "R3", "areas": ["QAA"], "hours_per_week": 10, "organisations": ["RXX"]}
    fill(database, case(**HELD), case("C2", organisations=["RZZ"], **HELD))
    with at(database, LATER) as tx:
        assert import_tables(tx, {"reviewers": [post]}, DAY).withdrawn == ()
        assert import_tables(tx, tables, DAY).withdrawn == (Withdrawn("C1", "lead", "R3", why, "QAA"),)
        assert withdraw(tx, DAY, case_ids=["C1"], reviewer_ids=["R3"]) == ()
        assert cases.found_case(tx.connection, "C1").state == "notified"
        assert set(holdings.current(tx.connection)) == {("C2", "lead")}
        told = tx.connection.execute(select(notices)).one()
    assert (told.code, told.case_id, told.reviewer_id, told.area) == (f"withdrawn-{why}", "C1", "R3", "QAA")


def test_a_lock_does_not_keep_a_case_in_conflict(database: Database) -> None:
    """No weight, lock, role or override passes it."""
    fill(database, case(locked=True, **HELD))
    interest = {"reviewer_id": "R3", "kind": "personal", "organisation": "RYY"}
    with at(database, LATER) as tx:
        done = import_tables(tx, {"interests": [interest]}, DAY)
        assert [one.case_id for one in done.withdrawn] == ["C1"]
    with database.read() as connection:
        assert "locked" not in (records.get(connection, "cases", "C1") or records.Record("", "", 0, {})).body


def test_areas_that_are_told_again_change_nothing(database: Database) -> None:
    """Both areas are still as they were."""
    fill(database, case(**HELD))
    with at(database, LATER) as tx:
        import_tables(tx, {"areas": AREAS}, DAY)
        assert withdraw(tx, DAY, case_ids=["C1"]) == ()
