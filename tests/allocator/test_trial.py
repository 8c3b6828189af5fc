"""Changes that are tried: the place is filled, nobody is given up, and what is wrong with them is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from allocator.edit import Trial, try_changes
from allocator.errors import BadInput
from allocator.explain import Priced, explain
from allocator.explain.changes import Change, MoreAdmin, MoreHours, MoreOfContract, NewSkill
from allocator.places import Area, Contract
from allocator.planned import Planned
from allocator.snapshot import Snapshot
from allocator.written import Seat
from solver.outcome import Limits
from tests.allocator.build import AS_OF, case, reviewer, snapshot
from tests.allocator.planning import allocated

LIMITS = Limits(effort=1, workers=1)
LEAD: Seat = ("C1", "lead")


def tried(one: Snapshot, *changes: Change, seat: Seat = LEAD) -> Trial:
    """What changes of a snapshot do to its plan."""
    return try_changes(Planned.of(one, *allocated(one).documents), seat, changes, LIMITS)


def test_hours_place_a_case() -> None:
    """Who gets it, and how full they are with the hours that they have then."""
    told = tried(snapshot(None, [reviewer(hours_per_week=1.0)]), MoreHours("R1", 1, 8))
    assert told.changes == ("1 more hour a week for R1, for 8 weeks",)
    assert told.placed
    assert [(one.case_id, one.role, one.before, one.after) for one in told.hands] == [
        ("C1", "lead", None, "R1")
    ]
    assert told.points["unallocated"] < 0
    assert told.follows == ("R1 goes from 0 % to 89.7 % workload.",)


def test_too_little_places_nothing() -> None:
    """It is told that it does not, and nothing changes hands."""
    told = tried(snapshot([case(skills=("autism", "bsl"))]), NewSkill("R1", "bsl"))
    assert (told.placed, told.hands) == (False, ())
    assert told.points == {"unallocated": 0, "late": 0, "cost": 0}


def test_others_stay_where_they_are_if_that_will_do() -> None:
    """And change hands, nobody given up, if it will not."""
    waits = case("C1", skills=("bsl",))
    free = snapshot([waits, case("C2")], [reviewer(), reviewer("R2")])
    assert [one.case_id for one in tried(free, NewSkill("R1", "bsl")).hands] == ["C1"]
    people = [reviewer(skills=("autism",), max_open_cases=1), reviewer("R2", max_open_cases=1)]
    full = snapshot([waits, case("C2", notified_on=AS_OF - timedelta(60))], people)
    taken = allocated(full).plan.assignments[0].reviewer_id
    told = tried(full, NewSkill(taken, "bsl"))
    assert told.placed
    assert {one.case_id: one.after for one in told.hands} == {
        "C1": taken, "C2": "R2" if taken == "R1" else "R1"
    }  # fmt: skip


def test_a_remedy_does_what_it_says() -> None:
    """Each that an explanation offers places its case when it is tried."""
    one = snapshot([case(skills=("bsl",)), case("C2")], [reviewer(hours_per_week=2.0), reviewer("R2")])
    plan, certificate = allocated(one).documents
    (place,) = explain(one, plan, "C1", priced=Priced(certificate, effort=1)).places
    assert place.remedies
    for remedy in place.remedies:
        told = tried(one, *remedy.steps)
        assert told.changes == remedy.changes
        assert told.placed
        assert all(hand.after for hand in told.hands)


def test_what_is_wrong_with_a_change_is_told() -> None:
    """Of all of them: nobody, too much, or a limit that there is not."""
    one = snapshot(None, areas=(Area(area="QYG"),), contracts=(Contract(provider="p", cases_left=1),))
    changes = [
        MoreHours("R9", 1, 8),
        MoreHours("R1", 40, 8),
        MoreAdmin("QYG", 1, 8),
        MoreOfContract("p", "hours_left", 4),
        MoreOfContract("q", "cases_left", 1),
        MoreOfContract("p", "cases_left", 1),
    ]
    with pytest.raises(BadInput) as caught:
        tried(one, *changes)
    assert [(fault.code, fault.pointer) for fault in caught.value.faults] == [
        ("unknown-reviewer", "/changes/0/reviewer_id"),
        ("out-of-range", "/changes/1/hours"),
        ("no-such-limit", "/changes/2"),
        ("no-such-limit", "/changes/3"),
        ("no-such-limit", "/changes/4"),
    ]
    with pytest.raises(BadInput):
        tried(one, seat=("C1", "second"))
