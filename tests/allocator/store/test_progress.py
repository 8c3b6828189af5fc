"""How far a review is, as whoever does it says: hours and evidence, which plans count from then on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from allocator.errors import BadInput, Conflict, Unknown
from allocator.store import Database, cases, import_tables, queue
from allocator.store.progress import Progress, tell
from tests.allocator.store.build import DAY, LATER, at, case, fill

HELD = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}
SECOND = {"review_type": "focused", "second_reviewer_id": "R2"}


def says(database: Database, role: Any = "lead", who: str | None = "R1", **said: Any) -> Any:
    """What C1 says once somebody says something of it."""
    with at(database, LATER) as tx:
        return tell(tx, ("C1", role), Progress(**said), DAY, who).body


def test_what_is_said_counts_in_the_queue_and_the_rest_stays(database: Database) -> None:
    """Hours of the lead, of administration, and the day on which the evidence is expected."""
    fill(database, case(**HELD, admin_hours_left=2, priority=3))
    says(database, hours_left=6.5, expected_on=date(2027, 1, 4))
    says(database, admin_hours_left=1)
    with database.read() as connection:
        (found,) = queue(connection, DAY).snapshot.cases
    assert (found.hours_left, found.admin_hours_left, found.priority) == (6.5, 1.0, 3)
    assert (found.evidence_expected_on, found.evidence_received_on) == (date(2027, 1, 4), None)
    assert found.reviewer_id == "R1"


def test_evidence_has_one_day_at_a_time(database: Database) -> None:
    """What was expected has come; or it had not all come after all."""
    fill(database, case(**HELD))
    says(database, expected_on=DAY)
    found = says(database, received_on=DAY)
    assert ("evidence_expected_on" in found, found["evidence_received_on"]) == (False, "2026-11-02")
    found = says(database, expected_on=DAY + timedelta(days=9))
    assert ("evidence_received_on" in found, found["evidence_expected_on"]) == (False, "2026-11-11")


def test_a_seconds_hours_are_the_seconds(database: Database) -> None:
    """And nobody says anything of a place that is not theirs; a coordinator does, for whoever has it."""
    fill(database, case(**HELD, **SECOND))
    found = says(database, "second", "R2", hours_left=1.5)
    assert found["second_hours_left"] == 1.5
    assert "hours_left" not in found
    with pytest.raises(Conflict) as refused:
        says(database, "second", hours_left=9)
    assert refused.value.code == "not-yours"
    assert says(database, who=None, hours_left=9)["hours_left"] == 9


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"received_on": DAY + timedelta(days=1)}, ["not-yet"]),
        ({"expected_on": DAY - timedelta(days=1)}, ["past"]),
        ({"received_on": DAY, "expected_on": DAY}, ["evidence-twice"]),
        ({"received_on": DAY + timedelta(days=1), "expected_on": DAY - timedelta(days=1)},
         ["evidence-twice", "not-yet", "past"]),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused_and_nothing_is_kept(
    database: Database, said: dict[str, date], codes: list[str]
) -> None:
    """Every fault at once."""
    fill(database, case(**HELD))
    with pytest.raises(BadInput) as refused:
        says(database, hours_left=3, **said)
    assert [one.code for one in refused.value.faults] == codes
    with database.read() as connection:
        assert "hours_left" not in cases.found_case(connection, "C1").body


def test_an_import_that_is_silent_takes_nothing_back(database: Database) -> None:
    """What it does say counts; of a case that waits again the hours are gone, and the evidence stays."""
    fill(database, case(**HELD))
    says(database, hours_left=6.5, admin_hours_left=1, expected_on=date(2027, 1, 4))
    with at(database, LATER) as tx:
        import_tables(tx, {"cases": [case(priority=2)]}, DAY)
        found = cases.found_case(tx.connection, "C1").body
    assert (found["hours_left"], found["admin_hours_left"], found["priority"]) == (6.5, 1, 2)
    assert found["evidence_expected_on"] == "2027-01-04"
    with at(database, LATER) as tx:
        import_tables(tx, {"cases": [case(hours_left=4, evidence_received_on="2026-11-01")]}, DAY)
        found = cases.found_case(tx.connection, "C1").body
    assert (found["hours_left"], found["evidence_received_on"]) == (4, "2026-11-01")
    assert "evidence_expected_on" not in found
    with at(database, LATER) as tx:
        cases.take_back(tx, "C1", "lead", "taken_back")
        import_tables(tx, {"cases": [case()]}, DAY)
        found = cases.found_case(tx.connection, "C1").body
    assert ("hours_left" in found, found["evidence_received_on"]) == (False, "2026-11-01")


def test_nobody_says_how_far_what_nobody_has_is(database: Database) -> None:
    """Nor of a case that there is not."""
    fill(database, case())
    with pytest.raises(Conflict) as refused:
        says(database, hours_left=3)
    assert refused.value.code == "not-held"
    with pytest.raises(Unknown), at(database) as tx:
        tell(tx, ("C9", "lead"), Progress(), DAY)
