"""Shares by type, and who was passed over: counted again from the plan's own rows."""

from __future__ import annotations

from datetime import date

import pytest

from allocator.planned import Planned
from allocator.report import Queue, queue
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, case, snapshot
from tests.allocator.planning import allocated
from tests.allocator.wild import wild


def told(one: Snapshot) -> Queue:
    """What is said of a snapshot's plan."""
    made = allocated(one)
    return queue(Planned.of(one, *made.documents), made.plan.unassigned)


def test_shares_are_of_those_who_wait() -> None:
    """Held ones and those on hold do not count; a type that nobody waits for has no share."""
    held = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "hours_left": 2.0}
    cases = [case(), case("C2", skills=("autism",)), case("C3", **held), case("C4", on_hold_since=AS_OF)]
    initial, focused = told(snapshot(cases)).by_type
    assert (initial.review_type, initial.waiting, initial.placed, initial.percent) == ("initial", 2, 1, 50)
    assert (focused.waiting, focused.placed, focused.percent) == (0, 0, None)


def test_whoever_waits_on_for_a_later_one_is_told_why() -> None:
    """C1 was notified first and asks for what nobody has; C2 of the same day is no later one."""
    early = date(2026, 9, 1)
    cases = [
        case(notified_on=early, skills=("autism",)),
        case("C2", notified_on=early),
        case("C3", notified_on=date(2026, 9, 2)),
        case("C4", notified_on=date(2026, 9, 3)),
    ]
    (passed,) = told(snapshot(cases)).passed_over
    assert (passed.case_id, passed.later, passed.first_later) == ("C1", 2, "C3")
    assert passed.reason == "1 reviewer: 1 lacks autism."


@pytest.mark.parametrize("seed", range(30))
def test_it_is_what_the_rows_say(seed: int) -> None:
    """By going through all pairs of cases."""
    one = wild(seed)
    plan, found = allocated(one).plan, told(one)
    given = {a.case_id for a in plan.assignments if a.role == "lead" and a.change != "kept"}
    none = {u.case_id for u in plan.unassigned if u.role == "lead" and u.reason_code != "on_hold"}
    by_id = {c.case_id: c for c in one.cases}
    passed = {
        name: sum(
            by_id[other].review_type == by_id[name].review_type
            and by_id[other].notified_on > by_id[name].notified_on
            for other in given
        )
        for name in none
    }
    assert {p.case_id: p.later for p in found.passed_over} == {
        n: count for n, count in passed.items() if count
    }
    assert sum(share.placed for share in found.by_type) == len(given)
    assert sum(share.waiting for share in found.by_type) == len(given) + len(none)
