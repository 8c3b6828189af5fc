"""Sequences that once ended wrongly: after each the queue can be read, and what is held is held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from allocator.errors import BadInput, Conflict
from allocator.store import (
    Database,
    State,
    cases,
    chain,
    holdings,
    import_tables,
    merging,
    queue,
    records,
)
from allocator.store.answering import Why, decline
from allocator.store.following import withdraw
from allocator.store.holdings import Holding
from allocator.store.lines import approve
from allocator.store.policies import put_policy
from allocator.store.publishing import publish, undo
from allocator.store.retention import forget
from allocator.store.states import HELD
from tests.allocator.store.build import DAY, LATER, NOW, REVIEWERS, at, by_hand, case, fill

LED = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}
BOTH = {"review_type": "focused", **LED, "second_reviewer_id": "R2"}


def has(database: Database) -> dict[tuple[str, str], str]:
    """By place who has it; the queue can be read, the chain holds, and held is who is said to be."""
    with database.read() as connection:
        queue(connection, DAY)
        assert list(chain.verify(connection)) == []
        current = holdings.current(connection)
        for one in records.every(connection, "cases"):
            if one.merged_into is None:
                assert ((one.record_id, "lead") in current) == (one.state in HELD), one
    return {seat: one.reviewer_id for seat, one in current.items()}


def published(database: Database, *lines: tuple[str, str, str], of: dict[str, str] | None = None) -> int:
    """The number of a publication of these lines."""
    with at(database, LATER) as tx:
        number = by_hand(tx, *lines, moved_from=of)
        approve(tx, number)
        return publish(tx, number, DAY).publication


def test_a_second_goes_with_a_lead_who_is_taken_back(database: Database) -> None:
    """Unless the lead is only released; either way the queue can be read, and R2's records be kept."""
    fill(database, case("C1", **BOTH), case("C2", **BOTH))
    with at(database, LATER) as tx:
        cases.take_back(tx, "C1", "lead", "taken_back")
        decline(tx, ("C2", "lead"), "R1", Why("other"), DAY)
    assert has(database) == {("C2", "second"): "R2"}
    with at(database, LATER) as tx:
        interest = {"reviewer_id": "R2", "kind": "personal", "organisation": "RYY"}
        assert [one.case_id for one in import_tables(tx, {"interests": [interest]}, DAY).withdrawn] == ["C2"]
    assert has(database) == {}


@pytest.mark.parametrize(("duplicate", "kept", "expected"), [
    (BOTH, {"review_type": "focused", **LED, "reviewer_id": "R2"}, {("C2", "lead"): "R2"}),
    (BOTH, {"review_type": "initial"}, {("C2", "lead"): "R1"}),
    (LED, {"notified_on": "2026-10-20"}, {("C2", "lead"): "R1"}),
    (BOTH, {"review_type": "focused"}, {("C2", "lead"): "R1", ("C2", "second"): "R2"}),
])  # fmt: skip
def test_what_is_merged_fits_the_case_that_is_kept(
    database: Database, duplicate: Any, kept: Any, expected: Any
) -> None:
    """No second who leads it, none where its type has none, no lead before its day; and back again."""
    fill(database, case("C1", **duplicate), case("C2", **kept))
    before = has(database)
    with at(database, LATER) as tx:
        merging.merge(tx, "C1", "C2")
    assert has(database) == expected
    with at(database, LATER) as tx:
        merging.unmerge(tx, "C1")
    assert has(database) == before


def test_what_is_told_of_a_merged_case_gives_it_to_nobody(database: Database) -> None:
    """The case system goes on telling of both, and of who has them as it last knew."""
    fill(database, case("C1", **LED), case("C2"))
    with at(database, LATER) as tx:
        merging.merge(tx, "C1", "C2")
        import_tables(tx, {"cases": [case("C1", priority=1, **LED)]}, DAY)
    assert has(database) == {("C2", "lead"): "R1"}
    with at(database, LATER) as tx:
        merging.unmerge(tx, "C1")
    assert has(database) == {("C1", "lead"): "R1"}


def test_a_policy_keeps_the_types_that_reviewers_may_lead(database: Database) -> None:
    """Or their rows could not be read any more."""
    with at(database) as tx:
        put_policy(tx, {"review_types": {"initial": {"hours": 14}, "other": {"hours": 9}}})
    fill(database)
    with at(database) as tx:
        import_tables(tx, {"reviewers": [REVIEWERS[2] | {"review_types": ["other"]}]}, DAY)
    with pytest.raises(BadInput) as refused, at(database) as tx:
        put_policy(tx, {"review_types": {"initial": {"hours": 14}}})
    assert [one.value for one in refused.value.faults] == ["other"]
    assert has(database) == {}


def test_after_retention_everything_else_goes_on(database: Database) -> None:
    """The policy, rows that name what was forgotten, the queue as it was known; and its id stays taken."""
    fill(database, case("C1"), case("C2"))
    with at(database, LATER) as tx:
        cases.move(tx, "C1", State.CLOSED)
    with at(database, LATER + timedelta(days=2)) as tx:
        assert forget(tx, LATER + timedelta(days=1)) == ("C1",)
        put_policy(tx, {"horizon": {"weeks": 4}})
        with pytest.raises(BadInput):
            import_tables(tx, {"declines": [{"reviewer_id": "R1", "case_id": "C1"}]}, DAY)
        assert cases.found_case(tx.connection, "C1").area == "QAA"
        with pytest.raises(Conflict) as refused:
            import_tables(tx, {"cases": [case("C1", area="QBB")]}, DAY)
    assert refused.value.code == "forgotten"
    with database.read() as connection:
        assert [one.case_id for one in queue(connection, DAY, NOW).snapshot.cases] == ["C2"]


def test_an_undone_move_is_as_it_was(database: Database) -> None:
    """In review, accepted, with its hours; and the first publication can be undone after it."""
    fill(database, case("C1"))
    first = published(database, ("C1", "lead", "R1"))
    with at(database, LATER) as tx:
        holdings.accept(tx, holdings.of_cases(tx.connection, ["C1"])["C1", "lead"])
        cases.move(tx, "C1", State.IN_REVIEW)
    with database.read() as connection:
        before = cases.found_case(connection, "C1"), holdings.current(connection)
    second = published(database, ("C1", "lead", "R3"), of={"C1": "R1"})
    assert has(database) == {("C1", "lead"): "R3"}
    with at(database, LATER) as tx:
        undo(tx, second, DAY)
    with database.read() as connection:
        after = cases.found_case(connection, "C1"), holdings.current(connection)
    assert (after[0].body, after[0].state) == (before[0].body, before[0].state)
    assert {seat: (one.reviewer_id, one.accepted_at, one.publication) for seat, one in after[1].items()} == {
        ("C1", "lead"): ("R1", before[1]["C1", "lead"].accepted_at, first)
    }
    with at(database, LATER) as tx:
        cases.take_back(tx, "C1", "lead", "taken_back")
        with pytest.raises(Conflict):
            undo(tx, first, DAY)
    assert has(database) == {}


def test_undo_gives_a_case_back_to_nobody_who_declined_it(database: Database) -> None:
    """R1 was moved from it, had it again and declined: what counts is who had it last before."""
    fill(database, case("C1", **LED))
    published(database, ("C1", "lead", "R3"), of={"C1": "R1"})
    published(database, ("C1", "lead", "R1"), of={"C1": "R3"})
    with at(database, LATER) as tx:
        decline(tx, ("C1", "lead"), "R1", Why("family"), DAY)
    with database.read() as connection:
        before = queue(connection, DAY).snapshot.cases
    last = published(database, ("C1", "lead", "R3"))
    with at(database, LATER) as tx:
        undo(tx, last, DAY)
    assert has(database) == {}
    with database.read() as connection:
        assert queue(connection, DAY).snapshot.cases == before


def test_undo_gives_back_what_was_taken(database: Database) -> None:
    """Whatever the case system says of the hours meanwhile."""
    who = REVIEWERS[0] | {"employment": "provider", "provider": "p"}
    fill(database, case("C1"), contracts=[{"provider": "p", "hours_left": 50}])
    with at(database) as tx:
        import_tables(tx, {"reviewers": [who]}, DAY)
    number = published(database, ("C1", "lead", "R1"))
    with at(database, LATER) as tx:
        import_tables(tx, {"cases": [case("C1", priority=1)]}, DAY)
        undo(tx, number, DAY)
    with database.read() as connection:
        assert queue(connection, DAY).snapshot.contracts[0].hours_left == 50


def test_a_case_that_is_opened_again_is_not_locked(database: Database) -> None:
    """The lock was its holder's; and undone, it is still opened again."""
    fill(database, case("C1", locked=True, **LED))
    with at(database, LATER) as tx:
        for state in (State.IN_REVIEW, State.AWAITING_SIGN_OFF, State.COMPLETED, State.REOPENED):
            cases.move(tx, "C1", state)
    number = published(database, ("C1", "lead", "R3"))
    with database.read() as connection:
        assert "locked" not in cases.found_case(connection, "C1").body
    with at(database, LATER) as tx:
        undo(tx, number, DAY)
        assert cases.found_case(tx.connection, "C1").state == "reopened"


def test_who_has_a_case_is_another_version_of_it(database: Database) -> None:
    """A second told of, a second taken back: whoever read it before is told."""
    fill(database, case("C1", review_type="focused", **LED))
    versions = []
    with at(database, LATER) as tx:
        import_tables(tx, {"cases": [case("C1", **BOTH)]}, DAY)
        versions.append(cases.found_case(tx.connection, "C1").version)
        cases.take_back(tx, "C1", "second", "taken_back")
        versions.append(cases.found_case(tx.connection, "C1").version)
    assert versions == [2, 3]


def test_what_was_known_at_a_moment_stays_so(database: Database) -> None:
    """A write whose clock is behind is not written into the past."""
    fill(database, case("C1"), moment=LATER)
    with at(database, NOW) as tx:
        assert tx.at > LATER
        cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
    with database.read() as connection:
        assert queue(connection, DAY, NOW).snapshot.cases == ()


def test_what_does_not_fit_together_names_no_row(database: Database) -> None:
    """It may be another area's: it is said that there is one, and not which."""
    fill(database, case("C1", **LED))
    with at(database) as tx:
        broken = records.get(tx.connection, "cases", "C1")
        assert broken is not None
        records.save(
            tx, "put", [records.Record("cases", "C1", 0, {**broken.body, "review_type": "none"}, "allocated")]
        )
        with pytest.raises(Conflict) as refused:
            withdraw(tx, DAY, reviewer_ids=["R1"])
    assert (refused.value.code, refused.value.details) == ("inconsistent", ())
