"""What is one reviewer's: their places with clocks, and the cases that they are asked to declare about."""

from __future__ import annotations

from datetime import date

from allocator.store import Database, cases
from allocator.store.answering import accept
from allocator.store.declaring import declare
from allocator.store.mine import Place, places_of, to_declare
from allocator.store.states import State
from tests.allocator.store.build import DAY, LATER, at, by_hand, case, fill

HELD = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}


def mine(database: Database, who: str = "R1") -> list[Place]:
    """What somebody has."""
    with database.read() as connection:
        return places_of(connection, who, DAY)


def asked(database: Database, who: str = "R1") -> list[str]:
    """The cases of which somebody is asked to declare."""
    with database.read() as connection:
        return [one.record.record_id for one in to_declare(connection, who)]


def test_each_has_their_own_and_what_is_due_comes_first(database: Database) -> None:
    """As lead or second; what waits, or is another's, is nobody's here."""
    second = {"review_type": "focused", "reviewer_id": "R2", "second_reviewer_id": "R1"}
    fill(
        database,
        case("C1", **HELD),
        case("C2", **HELD, notified_on="2026-08-01"),
        case("C3", **second, allocated_on="2026-10-01", notified_on="2026-07-01"),
        case("C4"),
    )
    found = mine(database)
    assert [(one.case.case_id, one.held.role) for one in found] == [
        ("C3", "second"),
        ("C2", "lead"),
        ("C1", "lead"),
    ]
    assert found[0].complete_by == date(2027, 1, 1)
    assert [one.case.case_id for one in mine(database, "R2")] == ["C3"]
    assert mine(database, "R3") == []


def test_it_is_answered_once(database: Database) -> None:
    """Accepted, or begun: nobody asks any more."""
    fill(database, case("C1", **HELD), case("C2", **HELD), case("C3", **HELD))
    with at(database, LATER) as tx:
        accept(tx, "C1", "lead", "R1")
        cases.move(tx, "C2", State.IN_REVIEW)
    assert {one.case.case_id: one.to_answer for one in mine(database)} == {
        "C1": False, "C2": False, "C3": True,
    }  # fmt: skip


def test_evidence_is_late_once_its_day_has_passed(database: Database) -> None:
    """42 days from the allocation, or the day on which it was expected; not on hold, not once it has come."""
    late, held = {"allocated_on": "2026-09-20"}, {"reviewer_id": "R1"}
    fill(
        database,
        case("C1", **held, **late),
        case("C2", **held, allocated_on="2026-09-21"),
        case("C3", **held, **late, evidence_expected_on="2026-11-02"),
        case("C4", **held, **late, evidence_expected_on="2026-11-01"),
        case("C5", **held, **late, evidence_received_on="2026-10-01"),
        case("C6", **held, **late, on_hold_since="2026-10-01"),
    )
    assert [one.case.case_id for one in mine(database) if one.is_evidence_late] == ["C1", "C4"]


def test_hours_are_those_that_plans_count(database: Database) -> None:
    """As told, or assumed; none of what is not planned."""
    fill(
        database,
        case("C1", **HELD, hours_left=6.5),
        case("C2", **HELD),
        case("C3", **HELD, out_of_scope="opt_out"),
    )
    assert [one.hours for one in mine(database)] == [6.5, 11.03, None]  # 14 hours × 119 of 151 days


def test_independence_is_asked_about_where_nothing_could_be_checked(database: Database) -> None:
    """Of what somebody has, until they declare."""
    fill(database, case("C1", **HELD), case("C2", **HELD, organisations=[]))
    assert [one.independence for one in mine(database)] == ["known", "to-declare"]
    with at(database, LATER) as tx:
        declare(tx, "C2", "R1")
    assert [one.independence for one in mine(database)] == ["known", "declared"]


def test_who_is_to_have_a_case_is_asked_by_the_newest_plan(database: Database) -> None:
    """Only of cases without organisations that wait, and until they have declared."""
    fill(
        database,
        case("C1", organisations=[]),
        case("C2", organisations=[]),
        case("C3"),
        case("C4", organisations=[]),
    )
    with at(database) as tx:
        by_hand(tx, ("C1", "lead", "R1"), ("C2", "lead", "R1"), ("C3", "lead", "R1"), ("C4", "lead", "R1"))
        by_hand(tx, ("C2", "lead", "R3"))
        cases.move(tx, "C4", State.CLOSED)
    assert asked(database) == ["C1"]
    assert asked(database, "R3") == ["C2"]
    with at(database, LATER) as tx:
        declare(tx, "C1", "R1")
    assert asked(database) == []
