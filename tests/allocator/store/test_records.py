"""Records: every version is kept, and what was known on an earlier day can be asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from allocator.clocks import clock
from allocator.errors import BadInput, Conflict, Unknown
from allocator.store import Database, cases, import_tables, queue, records
from allocator.store.holdings import Holding
from allocator.store.policies import policy_of, put_policy
from allocator.store.writing import check_row, put, remove
from tests.allocator.store.build import AREAS, DAY, LATER, NOW, REVIEWERS, at, case, fill

NEXT_DAY = NOW + timedelta(days=1)
AWAY = {"reviewer_id": "R1", "from": "2026-11-02", "to": "2026-11-06"}


def put_one(
    database: Database, kind: str, record_id: str, row: Any, expected: int | None = None
) -> records.Record:
    """One row, kept."""
    with at(database, LATER) as tx:
        checked = check_row(tx.connection, kind, record_id, row, DAY)
        wanted = None if expected is None else {record_id: expected}
        return put(tx, kind, checked, wanted)[0]


def test_a_record_has_a_version_for_each_change(database: Database) -> None:
    """The same again is no change."""
    fill(database)
    same, other = (REVIEWERS[0] | {"hours_per_week": hours} for hours in (20, 25))
    assert put_one(database, "reviewers", "R1", same).version == 1
    assert put_one(database, "reviewers", "R1", other).version == 2
    with database.read() as connection:
        found = records.history(connection, "reviewers", "R1")
    assert [(one.version, one.body["hours_per_week"], one.at) for one in found] == [
        (1, 20, NOW),
        (2, 25, LATER),
    ]


def test_a_version_can_be_asked_for(database: Database) -> None:
    """Who changes what somebody else changed since is told, and nothing is kept."""
    fill(database)
    put_one(database, "reviewers", "R1", REVIEWERS[0] | {"hours_per_week": 25}, expected=1)
    with pytest.raises(Conflict) as refused:
        put_one(database, "reviewers", "R1", REVIEWERS[0] | {"hours_per_week": 30}, expected=1)
    assert (refused.value.code, refused.value.record_id) == ("changed-since", "R1")
    with pytest.raises(Conflict):
        put_one(database, "reviewers", "R9", REVIEWERS[0] | {"reviewer_id": "R9"}, expected=1)
    put_one(database, "reviewers", "R9", REVIEWERS[0] | {"reviewer_id": "R9"}, expected=0)


def test_the_queue_as_it_was_known(database: Database) -> None:
    """Corrections, a lead given, a policy changed: on the day before none of it was known."""
    fill(database, case(), case("C2"))
    with at(database, NEXT_DAY) as tx:
        import_tables(
            tx, {"cases": [case(notified_on="2026-08-01"), case("C2", on_hold_since="2026-10-01")]}, DAY
        )
        cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
        put_policy(tx, {"clocks": {"complete_months": 9}})
    with database.read() as connection:
        before, now = queue(connection, DAY, LATER).snapshot, queue(connection, DAY).snapshot
        assert queue(connection, DAY, NEXT_DAY).snapshot == now
    old, new = before.cases[0], now.cases[0]
    assert (old.notified_on.isoformat(), old.reviewer_id) == ("2026-09-01", None)
    assert (new.notified_on.isoformat(), new.reviewer_id) == ("2026-08-01", "R1")
    assert (before.cases[1].on_hold_since, now.cases[1].on_hold_since.isoformat()) == (None, "2026-10-01")
    days = [clock(one.cases[0], one.policy, DAY).complete_by for one in (before, now)]
    assert days[1] - days[0] > 30


def test_what_is_said_of_a_reviewer_can_be_taken_back(database: Database) -> None:
    """It counts no more, and stands in the history; a reviewer cannot, nor what is not there."""
    fill(database)
    put_one(database, "absences", "A1", AWAY)
    with database.read() as connection:
        assert len(queue(connection, DAY).snapshot.absences) == 1
    with at(database, LATER) as tx:
        assert remove(tx, "absences", "A1", 1).version == 2
    with database.read() as connection:
        assert queue(connection, DAY).snapshot.absences == ()
        assert [one.removed for one in records.history(connection, "absences", "A1")] == [False, True]
    put_one(database, "absences", "A1", AWAY)
    with database.read() as connection:
        assert len(queue(connection, DAY).snapshot.absences) == 1
    for kind, record_id, kind_of_error in (("reviewers", "R1", Conflict), ("absences", "A9", Unknown)):
        with pytest.raises(kind_of_error), at(database, LATER) as tx:
            remove(tx, kind, record_id)


def test_areas_and_organisations_follow_their_dates(database: Database) -> None:
    """Until an area has closed its cases are its own; until an organisation has, its successor is another."""
    dated = {"closes_on": "2026-11-10"}
    old, new = {"area": "QOLD", "successors": ["QAA"], **dated}, {"organisation": "RNEW"}
    moved = {"organisation": "ROLD", "successor": "RNEW", **dated}
    fill(database)
    with at(database) as tx:
        import_tables(tx, {"areas": [*AREAS, old], "organisations": [new, moved]}, DAY)
        import_tables(tx, {"cases": [case(area="QOLD", organisations=["RNEW"])]}, DAY)
    with database.read() as connection:
        before, after = (queue(connection, DAY + timedelta(days=days)).snapshot for days in (8, 9))
    assert [one.cases[0].area for one in (before, after)] == ["QOLD", "QAA"]
    assert [one.organisations[1].successor for one in (before, after)] == [None, "RNEW"]


@pytest.mark.parametrize(("kind", "row", "code", "pointer"), [
    ("reviewers", {"areas": ["QAA"]}, "missing-column", ""),
    ("reviewers", {"areas": ["QZZ"], "hours_per_week": 1}, "dangling-reference", "/areas"),
    ("reviewers", {"areas": ["QAA"], "hours_per_week": 99}, "out-of-range", "/hours_per_week"),
    ("reviewers", {"reviewer_id": "R2", "areas": ["QAA"], "hours_per_week": 1}, "other-id", "/reviewer_id"),
    ("reviewers", {"areas": ["QAA"], "hours_per_week": 1, "nmae": 1}, "unknown-column", "/nmae"),
    ("areas", {"closes_on": "soon"}, "not-a-date", "/closes_on"),
    ("absences", AWAY | {"reviewer_id": "R9"}, "dangling-reference", "/reviewer_id"),
    ("cases", case("R1", review_type="other"), "unknown-review-type", "/review_type"),
])  # fmt: skip
def test_a_row_with_a_fault_is_told_where(
    database: Database, kind: str, row: Any, code: str, pointer: str
) -> None:
    """With the code that a snapshot's has, and a pointer into the row."""
    fill(database)
    with pytest.raises(BadInput) as refused, at(database) as tx:
        check_row(tx.connection, kind, "R1", row, DAY)
    assert [(one.code, one.pointer) for one in refused.value.faults] == [(code, pointer)]


def test_the_order_of_review_types_is_kept(database: Database) -> None:
    """The first is the base, whatever its name is."""
    types = {"zebra": {"hours": 10}, "apple": {"hours": 20}}
    with at(database) as tx:
        put_policy(tx, {"review_types": types})
        assert list(policy_of(tx.connection).review_types)[:2] == ["zebra", "apple"]


def test_a_policy_keeps_the_types_that_cases_have(database: Database) -> None:
    """Or says which are in use; and one that was changed since is not overwritten."""
    fill(database, case())
    with pytest.raises(BadInput) as refused, at(database) as tx:
        put_policy(tx, {"review_types": {"other": {"hours": 10}}})
    assert [one.code for one in refused.value.faults] == ["type-in-use"]
    with at(database) as tx:
        put_policy(tx, {"horizon": {"weeks": 4}}, expected=0)
    with pytest.raises(Conflict), at(database) as tx:
        put_policy(tx, {"horizon": {"weeks": 5}}, expected=0)
