"""Two notifications of one death: one case with one lead and both ids, and two again."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.errors import Conflict
from allocator.store import Database, State, cases, holdings, merging, queue, records
from allocator.store.holdings import Holding
from tests.allocator.store.build import DAY, LATER, at, case, fill


def held(reviewer_id: str, **fields: Any) -> dict[str, Any]:
    """The fields of a case that somebody has."""
    return {"reviewer_id": reviewer_id, "allocated_on": "2026-10-01", **fields}


def stands(database: Database) -> dict[str, tuple[str | None, str | None, str | None]]:
    """By case its state, its lead, and what it is merged into."""
    with database.read() as connection:
        has = holdings.current(connection)
        return {
            one.record_id: (
                one.state,
                has[one.record_id, "lead"].reviewer_id if (one.record_id, "lead") in has else None,
                one.merged_into,
            )
            for one in records.every(connection, "cases")
        }


def planned(database: Database) -> list[str]:
    """The cases of the snapshot."""
    with database.read() as connection:
        return [one.case_id for one in queue(connection, DAY).snapshot.cases]


MERGED = [
    ({}, {}, ("notified", None)),
    (held("R1"), {}, ("allocated", "R1")),
    ({}, held("R2"), ("allocated", "R2")),
    (held("R1"), held("R2"), ("allocated", "R2")),
    (held("R1"), held("R1"), ("allocated", "R1")),
]


@pytest.mark.parametrize(("duplicate", "kept", "expected"), MERGED)
def test_a_merged_case_has_one_lead_and_parts_as_it_was(
    database: Database, duplicate: Any, kept: Any, expected: tuple[str, str | None]
) -> None:
    """Whoever had the duplicate alone has the kept one; where both had somebody the kept one's stays."""
    fill(database, case("C1", **duplicate), case("C2", **kept))
    before = stands(database)
    with at(database, LATER) as tx:
        merging.merge(tx, "C1", "C2")
    found = stands(database)
    assert found["C2"] == (*expected, None)
    assert found["C1"][1:] == (None, "C2")
    assert planned(database) == ["C2"]
    with at(database, LATER) as tx:
        merging.unmerge(tx, "C1")
    assert stands(database) == before
    assert planned(database) == ["C1", "C2"]


def test_work_that_has_begun_goes_on_in_the_kept_case(database: Database) -> None:
    """Its state and the hours left of it move with who does it, and back."""
    fill(database, case("C1", **held("R1", hours_left=5)), case("C2"))
    with at(database) as tx:
        cases.move(tx, "C1", State.IN_REVIEW)
        found = merging.merge(tx, "C1", "C2")
        assert (found.state, found.body["hours_left"]) == ("in_review", 5)
        found = merging.unmerge(tx, "C1")
        assert (found.state, found.body["hours_left"]) == ("in_review", 5)
        assert "hours_left" not in cases.found_case(tx.connection, "C2").body


def test_parted_later_each_has_who_has_it_then(database: Database) -> None:
    """R1 came with the duplicate and lost the case to R2 in the meantime: the duplicate waits."""
    fill(database, case("C1", **held("R1")), case("C2"))
    with at(database) as tx:
        merging.merge(tx, "C1", "C2")
        cases.take_back(tx, "C2", "lead", "undone")
        cases.give(tx, Holding("C2", "lead", "R2", DAY, tx.at))
        merging.unmerge(tx, "C1")
    assert stands(database) == {"C1": ("notified", None, None), "C2": ("allocated", "R2", None)}


def test_what_cannot_be_merged_is_refused(database: Database) -> None:
    """Itself, what is merged already, what others are merged into, and work into a case that has ended."""
    fill(database, *(case(f"C{at}") for at in range(1, 5)), case("C5", **held("R1")))
    with at(database) as tx:
        merging.merge(tx, "C1", "C2")
        cases.move(tx, "C4", State.CLOSED)
    for duplicate, kept in (("C3", "C3"), ("C1", "C3"), ("C3", "C1"), ("C2", "C3"), ("C5", "C4")):
        with pytest.raises(Conflict) as refused, at(database) as tx:
            merging.merge(tx, duplicate, kept)
        assert refused.value.code == "not-mergeable"
    with pytest.raises(Conflict) as refused, at(database) as tx:
        merging.unmerge(tx, "C3")
    assert refused.value.code == "not-merged"
    with pytest.raises(Conflict), at(database) as tx:
        cases.move(tx, "C1", State.CLOSED)
