"""Why somebody has to see to a case: told where it is so, and not a day or a step too early."""

from __future__ import annotations

from datetime import timedelta

import pytest

from allocator.backlog import Backlog, OpenRows, backlog, needs_of
from allocator.needs import Need, Open
from allocator.reviewers import Decline
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, reviewer, snapshot

HELD = {"reviewer_id": "R1", "allocated_on": AS_OF - timedelta(days=20)}
NO = Decline(reviewer_id="R1", case_id="C1")


def listed(one: Snapshot) -> Backlog:
    """The open cases of a snapshot."""
    return backlog(OpenRows(one))


def test_a_case_that_was_declined_waits_until_somebody_else_leads_it() -> None:
    """Whoever declined it does not lead it, even if they are still named as who was asked."""
    for row in (case(), case(**HELD)):
        one = snapshot([row], declines=(NO,))
        assert Open(one).declined() == {"C1"}
        assert (listed(one).cases[0].is_allocated, listed(one).total.to_allocate) == (
            False,
            1,
        )
    other = snapshot([case(**HELD | {"reviewer_id": "R2"})], [reviewer(), reviewer("R2")], declines=(NO,))
    assert Open(other).declined() == set()
    assert listed(other).cases[0].reviewer_id == "R2"


def test_whoever_is_excluded_does_not_lead_a_case() -> None:
    """They are only named as who had it before."""
    one = snapshot([case(**HELD, excluded_reviewers=("R1",))])
    assert listed(one).total.to_allocate == 1
    assert listed(snapshot([case(**HELD, excluded_reviewers=("R2",))])).total.to_allocate == 0


@pytest.mark.parametrize(("days", "is_told"), [(-10, True), (56, True), (57, False), (None, False)])
def test_a_leaver_is_told_of_within_the_horizon(days: int | None, is_told: bool) -> None:
    """Of eight weeks, and after they have left; with how many cases they have, as second too."""
    leaves = None if days is None else AS_OF + timedelta(days=days)
    people = [reviewer(leaves_on=leaves), reviewer("R2")]
    second = case("C2", **HELD | {"reviewer_id": "R2"}, review_type="focused", second_reviewer_id="R1")
    found = Open(snapshot([case(**HELD), second, case("C3")], people))
    assert [(one.reviewer_id, one.cases) for one in found.leavers()] == [("R1", 2)] * is_told
    assert found.had_by(["R1"]) == {"C1", "C2"}


def test_a_leaver_without_a_case_is_nobodys_concern() -> None:
    """Nor one whose cases are out of scope."""
    people = [reviewer(leaves_on=AS_OF)]
    assert Open(snapshot([case()], people)).leavers() == ()
    assert Open(snapshot([case(**HELD, out_of_scope="child")], people)).leavers() == ()


def test_independence_is_asked_for_where_no_organisation_is_known() -> None:
    """Of whoever has the case and of whoever is to have it, until they have declared it."""
    rows = [case(**HELD, organisations=()), case("C2", organisations=()), case("C3", **HELD), case("C4")]
    found, proposed = Open(snapshot(rows)), [("C2", "R1"), ("C4", "R1")]
    assert found.unconfirmed([], ()) == {"C1"}
    assert found.unconfirmed(proposed, ()) == {"C1", "C2"}
    assert found.unconfirmed(proposed, [("C1", "R1"), ("C2", "R2")]) == {"C2"}


def test_a_place_is_empty_until_somebody_has_it() -> None:
    """A second's as well as a lead's."""
    focused = case("C2", **HELD, review_type="focused")
    found = Open(snapshot([case(**HELD), focused, case("C3")]))
    assert found.still_empty([("C1", "lead"), ("C2", "second"), ("C3", "lead"), ("C9", "lead")]) == {
        "C2",
        "C3",
    }
    assert found.still_empty([("C2", "lead")]) == set()


def test_needs_are_those_of_the_clocks_and_those_that_are_known() -> None:
    """In one order, each once."""
    late = listed(snapshot([case(notified_on=AS_OF - timedelta(days=400))])).cases[0]
    by_clock = (Need.TO_ALLOCATE, Need.OVERDUE, Need.AT_RISK)
    assert needs_of(late, [Need.LEAVER, Need.DECLINED]) == (*by_clock, Need.DECLINED, Need.LEAVER)
    held = listed(snapshot([case(on_hold_since=AS_OF)])).cases[0]
    assert needs_of(held) == (Need.ON_HOLD,)
