"""A case given by hand: at once, by the rules of publishing, with a reason for another than is advised."""

from __future__ import annotations

import pytest

from allocator.errors import Conflict, Unknown
from allocator.store import Database, State, cases, chain, holdings, records
from allocator.store.about import About, lines_about
from allocator.store.declaring import declare
from allocator.store.giving import departed, give_now
from allocator.store.hearing import check_case
from allocator.store.lines import Choice
from allocator.store.sharing import consent
from tests.allocator.store.build import DAY, REVIEWERS, at, case, fill

HELD = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}


def given(database: Database, who: str, advised: str | None = None, **more: str) -> None:
    """Nothing; C1 goes to somebody, if it may."""
    with at(database) as tx:
        give_now(tx, Choice("C1", more.get("role", "lead"), who, more.get("reason")), advised, DAY)  # type: ignore[arg-type]


def refused(database: Database, code: str, who: str, advised: str | None = None, **more: str) -> Conflict:
    """The refusal of C1 for somebody, after which nothing is otherwise."""
    with pytest.raises(Conflict) as found:
        given(database, who, advised, **more)
    assert found.value.code == code
    return found.value


def test_it_is_theirs_at_once(database: Database) -> None:
    """With its hours, its administration, and one more of their year."""
    fill(database, case())
    given(database, "R1", "R1")
    with database.read() as connection:
        found = cases.found_case(connection, "C1")
        assert found.state == State.ALLOCATED
        assert (found.body["hours_left"], found.body["admin_hours_left"]) == (14.0, 4.0)
        held = holdings.of_cases(connection, ["C1"])["C1", "lead"]
        assert (held.reviewer_id, held.publication) == ("R1", None)
        reviewer = records.get(connection, "reviewers", "R1")
        assert reviewer is not None
        assert reviewer.body["cases_this_year"] == 1
        assert list(departed(connection)) == []


def test_another_than_is_advised_needs_a_reason_and_is_told_of(database: Database) -> None:
    """One of those there are; it stands in the audit."""
    fill(database, case())
    refused(database, "reason-needed", "R3", "R1")
    refused(database, "reason-needed", "R3", "R1", reason="because")
    given(database, "R3", "R1", reason="local_knowledge")
    with database.read() as connection:
        (one,) = departed(connection)
        assert (one.case_id, one.advised, one.reviewer_id, one.reason) == (
            "C1",
            "R1",
            "R3",
            "local_knowledge",
        )
        last = chain.lines(connection, 0)[-1]
        assert (last["action"], last["reason"]) == ("depart", None)
        assert {row["reason"] for row in chain.lines(connection, 0) if row["action"] == "give"} == {
            "local_knowledge"
        }


def test_what_is_about_a_reviewer_names_the_departure_by_which_they_have_a_case(database: Database) -> None:
    """Beside that they were given it; nothing of it is about anybody else."""
    fill(database, case())
    given(database, "R3", "R1", reason="local_knowledge")
    with database.read() as connection:
        theirs, others = (lines_about(connection, About(reviewer_id=who), 0, 99) for who in ("R3", "R2"))
    assert {"give", "depart"} <= {one["action"] for one in theirs}
    assert not {"give", "depart"} & {one["action"] for one in others}


def test_no_rule_is_passed_over(database: Database) -> None:
    """A conflict of interest, an area that did not lend, organisations that are not known."""
    fill(
        database,
        case(),
        case("C2", area="QAA", organisations=[]),
        interests=[{"reviewer_id": "R1", "kind": "personal", "organisation": "RYY"}],
    )
    assert "conflict" in str(refused(database, "rule-broken", "R1").details)
    refused(database, "consent-missing", "R2")
    with at(database) as tx:
        consent(tx, "QBB", "QAA")
    given(database, "R2")
    with at(database) as tx, pytest.raises(Conflict) as found:
        give_now(tx, Choice("C2", "lead", "R3"), None, DAY)
    assert found.value.code == "declaration-missing"
    with at(database) as tx:
        declare(tx, "C2", "R3")
        give_now(tx, Choice("C2", "lead", "R3"), None, DAY)


def test_a_place_that_somebody_has_or_that_is_over(database: Database) -> None:
    """It is refused, whatever else; so is who is not there."""
    fill(database, case(**HELD), case("C2"))
    refused(database, "already-held", "R3")
    with at(database) as tx, pytest.raises(Unknown):
        give_now(tx, Choice("C2", "lead", "R9"), None, DAY)
    with at(database) as tx:
        cases.move(tx, "C1", State.CLOSED)
    refused(database, "not-waiting", "R3")


def test_an_open_hold_or_a_case_out_of_scope_is_given_to_nobody(database: Database) -> None:
    """By the rules of a line: the hold is named."""
    fill(database, case(on_hold_since="2026-10-20"))
    refused(database, "rule-broken", "R1")
    with at(database) as tx:
        found = cases.found_case(tx.connection, "C1")
        body = {k: v for k, v in found.body.items() if k != "on_hold_since"}
        cases.put_cases(tx, check_case(tx.connection, "C1", body | {"out_of_scope": "opt_out"}, DAY))
    refused(database, "rule-broken", "R1")


def test_the_second_place(database: Database) -> None:
    """Somebody else than the lead, once there is one."""
    senior = REVIEWERS[2] | {"reviewer_id": "R4", "skills": ["senior"], "review_types": []}
    fill(database, case(review_type="focused"), reviewers=[*REVIEWERS, senior])
    refused(database, "rule-broken", "R4", role="second")
    given(database, "R1")
    refused(database, "rule-broken", "R1", role="second")
    given(database, "R4", role="second")
    with database.read() as connection:
        assert holdings.of_cases(connection, ["C1"])["C1", "second"].reviewer_id == "R4"
        assert cases.found_case(connection, "C1").body["second_hours_left"] == 3.0


def test_what_a_reviewer_declined_is_new_in_all_but_its_administration(database: Database) -> None:
    """As when a plan gives it to the next one."""
    fill(database, case(**HELD, admin_hours_left=1.0))
    with at(database) as tx:
        cases.take_back(tx, "C1", "lead", "declined")
        give_now(tx, Choice("C1", "lead", "R3"), None, DAY)
    with database.read() as connection:
        assert cases.found_case(connection, "C1").body["admin_hours_left"] == 1.0
