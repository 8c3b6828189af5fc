"""Cases in the store: one lead at most, whatever happens, and every state after one that it may follow."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from allocator.errors import BadInput, Conflict, Unknown
from allocator.store import Database, State, Tx, cases, holdings, import_tables, queue, records
from allocator.store.holdings import Holding
from allocator.store.states import MOVES, SAID
from allocator.store.tables import holdings as table
from tests.allocator.store.build import DAY, LATER, NOW, at, case, fill

HELD = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}


def lead(database: Database, case_id: str = "C1") -> str | None:
    """Who leads a case."""
    with database.read() as connection:
        found = holdings.of_cases(connection, [case_id]).get((case_id, "lead"))
    return found and found.reviewer_id


def state(database: Database, case_id: str = "C1") -> str | None:
    """A case's state."""
    with database.read() as connection:
        return cases.found_case(connection, case_id).state


def test_a_case_that_is_notified_waits(database: Database) -> None:
    """And one that is told of with a lead is allocated."""
    fill(database, case(), case("C2", **HELD))
    assert (state(database), lead(database)) == ("notified", None)
    assert (state(database, "C2"), lead(database, "C2")) == ("allocated", "R1")


def test_one_current_lead_a_case_is_the_databases_own_rule(database: Database) -> None:
    """Who goes around the program is refused by the database."""
    fill(database, case(**HELD))
    row = {"case_id": "C1", "role": "lead", "reviewer_id": "R2", "allocated_on": DAY, "given_at": NOW}
    with pytest.raises(IntegrityError), at(database) as tx:
        tx.connection.execute(insert(table), row)
    with at(database) as tx:
        tx.connection.execute(insert(table), row | {"ended_at": NOW})  # one that has ended is no second lead
    assert lead(database) == "R1"


def test_a_case_is_given_once(database: Database) -> None:
    """The second is told that somebody has it, and nothing of theirs is kept."""
    fill(database, case())
    with at(database) as tx:
        cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
    with pytest.raises(Conflict) as refused, at(database) as tx:
        cases.give(tx, Holding("C1", "lead", "R2", DAY, tx.at))
    assert refused.value.code == "already-held"
    assert (lead(database), state(database)) == ("R1", "allocated")


def test_what_is_taken_back_waits_again(database: Database) -> None:
    """Its hours and its lock go with who had it, its clock goes on."""
    fill(database, case(hours_left=3, locked=True, **HELD))
    with at(database, LATER) as tx:
        cases.take_back(tx, "C1", "lead", "undone")
    with database.read() as connection:
        found = cases.found_case(connection, "C1")
        one = queue(connection, DAY).snapshot.cases[0]
    assert (found.state, found.version) == ("notified", 2)
    assert {"hours_left", "locked"}.isdisjoint(found.body)
    assert (one.reviewer_id, one.notified_on.isoformat()) == (None, "2026-09-01")


def test_who_lost_a_case_for_good_is_not_asked_again(database: Database) -> None:
    """In the snapshot it is released: who had it is told, and excluded."""
    fill(database, case(**HELD))
    with at(database, LATER) as tx:
        cases.take_back(tx, "C1", "lead", "declined")
    with database.read() as connection:
        one = queue(connection, DAY).snapshot.cases[0]
    assert (one.reviewer_id, one.excluded_reviewers) == ("R1", ("R1",))


@pytest.mark.parametrize(("code", "act"), [
    ("not-held", lambda tx: cases.take_back(tx, "C1", "lead", "undone")),
    ("not-found", lambda tx: cases.give(tx, Holding("C9", "lead", "R1", DAY, tx.at))),
    ("not-found", lambda tx: cases.give(tx, Holding("C1", "lead", "R9", DAY, tx.at))),
    ("not-allowed", lambda tx: cases.move(tx, "C1", State.IN_REVIEW)),
])  # fmt: skip
def test_what_cannot_be_done_is_refused(database: Database, code: str, act: Any) -> None:
    """With its code, and nothing of it is done."""
    fill(database, case())
    with pytest.raises((Conflict, Unknown)) as refused, at(database) as tx:
        act(tx)
    assert refused.value.code == code
    assert state(database) == "notified"


def _into(tx: Tx, case_id: str, wanted: State) -> None:
    """Bring a case that waits into a state, by a way that is allowed."""
    ways = {
        State.NOTIFIED: (),
        State.ALLOCATED: (State.ALLOCATED,),
        State.IN_REVIEW: (State.ALLOCATED, State.IN_REVIEW),
        State.AWAITING_SIGN_OFF: (State.ALLOCATED, State.IN_REVIEW, State.AWAITING_SIGN_OFF),
        State.RETURNED: (State.ALLOCATED, State.IN_REVIEW, State.AWAITING_SIGN_OFF, State.RETURNED),
        State.COMPLETED: (State.ALLOCATED, State.IN_REVIEW, State.AWAITING_SIGN_OFF, State.COMPLETED),
        State.CLOSED: (State.CLOSED,),
        State.REOPENED: (State.CLOSED, State.REOPENED),
    }
    for step in ways[wanted]:
        if step is State.ALLOCATED:
            cases.give(tx, Holding(case_id, "lead", "R1", DAY, tx.at))
        else:
            cases.move(tx, case_id, step)


def test_every_state_follows_where_it_may_and_nowhere_else(database: Database) -> None:
    """All 64 pairs: those of the table are done, the others refused."""
    pairs = list(product(State, State))
    fill(database, *(case(f"C{at}") for at in range(len(pairs))))
    for number, (old, new) in enumerate(pairs):
        case_id = f"C{number}"
        with at(database) as tx:
            _into(tx, case_id, old)
        if new in MOVES[old] & SAID:
            with at(database) as tx:
                cases.move(tx, case_id, new)
            assert state(database, case_id) == new
            continue
        with pytest.raises(Conflict, match=new) as refused, at(database) as tx:
            cases.move(tx, case_id, new)
        assert (refused.value.code, state(database, case_id)) == ("not-allowed", old)
    with database.read() as connection:
        held = holdings.current(connection)
        ended = {
            one.record_id
            for one in records.every(connection, "cases")
            if one.state in ("completed", "closed_without_review", "notified", "reopened")
        }
    assert not {case_id for case_id, _ in held} & ended


def test_who_has_a_case_is_not_changed_by_being_told_of(database: Database) -> None:
    """A row that is silent leaves it, one that says the same does too, one that says another has a fault."""
    fill(database, case(**HELD))
    with at(database, LATER) as tx:
        import_tables(tx, {"cases": [case(priority=1)]}, DAY)
        import_tables(tx, {"cases": [case(priority=2, **HELD)]}, DAY)
    assert lead(database) == "R1"
    with pytest.raises(BadInput) as refused, at(database, LATER) as tx:
        import_tables(tx, {"cases": [case(priority=3, **HELD | {"reviewer_id": "R2"})]}, DAY)
    (fault,) = refused.value.faults
    assert (fault.code, fault.pointer) == ("other-holder", "/cases/0/reviewer_id")
    assert lead(database) == "R1"


def test_a_case_that_has_ended_is_given_to_nobody(database: Database) -> None:
    """Neither by giving it nor by being told of it."""
    fill(database, case())
    with at(database) as tx:
        cases.move(tx, "C1", State.CLOSED)
    with pytest.raises(Conflict), at(database) as tx:
        cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
    with pytest.raises(BadInput) as refused, at(database) as tx:
        import_tables(tx, {"cases": [case(**HELD)]}, DAY)
    assert [one.code for one in refused.value.faults] == ["case-ended"]


def test_the_snapshot_has_what_waits_and_what_is_held(database: Database) -> None:
    """What has ended is not in it, nor what is said of it; what awaits its sign-off takes no hours more."""
    decline = {"reviewer_id": "R1", "case_id": "C1"}
    fill(database, case(), case("C2", hours_left=9, **HELD), case("C3"), declines=[decline])
    with at(database) as tx:
        cases.move(tx, "C1", State.CLOSED)
        cases.move(tx, "C2", State.IN_REVIEW)
        cases.move(tx, "C2", State.AWAITING_SIGN_OFF)
    with database.read() as connection:
        found = queue(connection, DAY).snapshot
    assert [one.case_id for one in found.cases] == ["C2", "C3"]
    assert (found.cases[0].reviewer_id, found.cases[0].hours_left) == ("R1", 0)
    assert found.declines == ()
