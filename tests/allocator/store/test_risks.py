"""Deadlines at risk: each is told once, on the day from which it is so, and not of what cannot help it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from allocator.jobs import Keeper
from allocator.jobs.keeper import Duty
from allocator.store import Database, State, cases, events, import_tables, records, risks
from allocator.store.events import Kind, News, Wanted
from allocator.store.policies import policy_of
from allocator.store.retention import forget
from allocator.store.risks import Risk
from allocator.store.tables import risks as table
from tests.allocator.store.build import DAY, NOW, at, case, fill

LED = {"reviewer_id": "R1", "allocated_on": "2026-09-02"}


def at_risk(database: Database, day: date, case_id: str = "C1") -> list[tuple[str, date]]:
    """What is at risk of a case on a day, told or not."""
    with database.read() as connection:
        record = cases.found_case(connection, case_id)
        found = list(risks.risks_of(record, policy_of(connection), day))
    return [(one.risk, one.due) for one in found]


def told(database: Database) -> list[tuple[str, str]]:
    """What was told so far."""
    with database.read() as connection:
        found = events.after(connection, 0, Wanted(kinds=[Kind.AT_RISK]), 9_999).events
    return [(one.subject, str(one.data["risk"])) for one in found]


def kept(database: Database, day: date, times: int = 1) -> None:
    """Let what is due be done on a day."""
    moment = NOW + timedelta(days=(day - DAY).days)
    for number in range(times):
        Keeper(database, lambda at=number: moment + timedelta(minutes=10 * at)).run_one()


@pytest.mark.parametrize(("more", "day", "expected"), [
    ({}, "2026-11-16", []),
    ({}, "2026-11-17", [(Risk.ALLOCATE_NEAR, date(2026, 12, 1))]),
    ({}, "2026-12-01", [(Risk.ALLOCATE_NEAR, date(2026, 12, 1))]),
    ({}, "2026-12-02", [(Risk.ALLOCATE_PASSED, date(2026, 12, 1))]),
    (LED, "2026-12-02", []),
    ({}, "2026-12-10", [(Risk.ALLOCATE_PASSED, date(2026, 12, 1))]),
    (LED, "2027-03-01", [(Risk.COMPLETE_NEAR, date(2027, 3, 1))]),
    (LED, "2027-03-02", [(Risk.COMPLETE_PASSED, date(2027, 3, 1))]),
    ({"hold_days": 30}, "2026-11-17", []),
    ({"hold_days": 30}, "2026-12-17", [(Risk.ALLOCATE_NEAR, date(2026, 12, 31))]),
    ({"on_hold_since": "2026-10-01", "hold_reason": "coroner"}, "2027-06-01", []),
    ({"out_of_scope": "opt_out"}, "2027-06-01", []),
])  # fmt: skip
def test_a_day_comes_near_and_passes(database: Database, more: Any, day: str, expected: Any) -> None:
    """As the clocks say, two weeks before; a hold stops them, and what somebody has is allocated."""
    fill(database, case("C1", **more))
    assert at_risk(database, date.fromisoformat(day)) == expected


def test_work_that_is_still_to_be_done_brings_the_last_day_forward(database: Database) -> None:
    """Of a case that waits its evidence and its sign-off, of one that waits for its sign-off nothing."""
    fill(database, case("C1"), case("C2", **LED))
    with database.read() as connection:
        kind = policy_of(connection).review_types["initial"]
    last = date(2027, 3, 1) - timedelta(days=kind.sign_off_days + 14)
    near = [(Risk.COMPLETE_NEAR, date(2027, 3, 1))]
    assert at_risk(database, last - timedelta(days=1), "C2") == []
    assert at_risk(database, last, "C2") == near
    waits = last - timedelta(days=kind.evidence_days)
    assert at_risk(database, waits - timedelta(days=1))[1:] == []
    assert at_risk(database, waits)[1:] == near
    with at(database) as tx:
        cases.move(tx, "C2", State.IN_REVIEW)
        cases.move(tx, "C2", State.AWAITING_SIGN_OFF)
    assert at_risk(database, last, "C2") == []
    assert at_risk(database, date(2027, 3, 2), "C2") == [(Risk.COMPLETE_PASSED, date(2027, 3, 1))]


def test_each_is_told_once_and_once_more_if_its_day_has_moved(database: Database) -> None:
    """By however many look for it; a day that moved and came near again is another one."""
    fill(database, case("C1"), case("C2", area="QBB", **LED))
    kept(database, date(2026, 11, 20), times=3)
    assert told(database) == [("C1", "allocate-by-near")]
    with at(database) as tx:
        import_tables(tx, {"cases": [case("C1", hold_days=30)]}, DAY)
    kept(database, date(2026, 11, 25))
    assert told(database) == [("C1", "allocate-by-near")]
    kept(database, date(2026, 12, 20), times=2)
    kept(database, date(2027, 1, 2), times=2)
    assert told(database) == [
        ("C1", name) for name in ("allocate-by-near", "allocate-by-near", "allocate-by-passed")
    ]
    kept(database, date(2028, 1, 1), times=2)
    assert told(database)[3:] == [("C1", "complete-by-passed"), ("C2", "complete-by-passed")]


def test_a_day_that_had_passed_came_near_and_passes_again_is_told_again(database: Database) -> None:
    """Whoever reads events was told last that it is only near; as they are if it is nearer than they know."""
    fill(database, case("C1"))
    kept(database, date(2026, 12, 2), times=2)
    for hold, day in ((30, 20), (0, 21), (25, 22), (24, 23)):
        with at(database) as tx:
            import_tables(tx, {"cases": [case("C1", hold_days=hold)]}, DAY)
        kept(database, date(2026, 12, day), times=2)
    risky = [risk.removeprefix("allocate-by-") for _, risk in told(database) if risk.startswith("allocate")]
    assert risky == ["passed", "near", "passed", "near", "near"]


def test_what_was_told_of_a_forgotten_case_is_forgotten(database: Database) -> None:
    """The day in it would say when it was notified."""
    fill(database, case("C1"), case("C2"))
    kept(database, date(2026, 12, 2))
    with at(database) as tx:
        cases.move(tx, "C1", State.CLOSED)
    with at(database, NOW.replace(year=2030)) as tx:
        forget(tx, NOW.replace(year=2029))
        assert set(tx.connection.execute(select(table.c.case_id)).scalars()) == {"C2"}


def test_many_are_told_in_short_writes(database: Database) -> None:
    """A queue that is brought in late has all of its days passed."""
    fill(database, *(case(f"N{number}", notified_on="2024-01-01") for number in range(600)))
    kept(database, DAY)
    assert len(told(database)) == 2 * 600
    with database.read() as connection:
        assert {one.version for one in records.every(connection, "cases")} == {1}


def test_what_is_due_is_done_by_one(database: Database) -> None:
    """However many look; it is due again after its time, and what fails is not done again at once."""
    done: list[str] = []

    def breaks(*_: Any) -> None:
        done.append("b")
        raise ValueError

    each = (
        Duty("a", timedelta(minutes=10), lambda database, now: done.append("a")),
        Duty("b", timedelta(hours=1), breaks),
    )
    for minutes in (0, 1, 9, 10, 60):
        for _ in range(2):
            keeper = Keeper(database, lambda at=minutes: NOW + timedelta(minutes=at), each)
            try:
                while keeper.run_one():
                    pass
            except ValueError:
                continue
    assert done == ["a", "b", "a", "a", "b"]


def test_old_events_are_deleted_each_day(database: Database) -> None:
    """Among what is due."""
    fill(database)
    with at(database) as tx:
        events.tell(tx, [News(Kind.MOVED, "C1", {}, ["QAA"])] * 3)
    keeper = Keeper(database, lambda: NOW + timedelta(days=91))
    while keeper.run_one():
        pass
    with database.read() as connection:
        assert events.oldest(connection) == events.newest(connection) == 3
