"""`diff`: every kind of change between two plans, and what it is put down to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from allocator.diff import Changed, by_cause, diff
from allocator.errors import BadInput
from allocator.reviewers import Absence
from allocator.snapshot import Snapshot
from tests.allocator.build import case, reviewer, snapshot
from tests.allocator.planning import planned

LATER = {"on_hold_since": date(2026, 10, 20), "hold_reason": "coroner"}
AWAY = Absence.model_validate(
    {"reviewer_id": "R1", "from": date(2026, 11, 2), "to": date(2027, 1, 4), "percent": 99}
)
TWO = [reviewer(), reviewer("R2")]


def changes(old: Snapshot, new: Snapshot) -> tuple[Changed, ...]:
    """What differs between the plans of two snapshots."""
    return diff(new, planned(old).as_document(), planned(new).as_document()).changes


def told(old: Snapshot, new: Snapshot) -> tuple[Any, ...]:
    """The one place that differs."""
    (one,) = changes(old, new)
    return one.kind, one.before, one.after, one.cause, one.because


def test_the_same_plan_does_not_differ() -> None:
    """All places are as they were."""
    plan = planned(snapshot([case(), case("C2")], TWO)).as_document()
    found = diff(snapshot([case(), case("C2")], TWO), plan, plan)
    assert (found.same, found.changes) == (2, ())
    assert found.before_plan_id == found.after_plan_id == plan["plan_id"]
    assert found.points["cost"].before == found.points["cost"].after


ONE = snapshot(None, [reviewer()])
BOTH = snapshot(None, TWO)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            ONE,
            snapshot([case(), case("C2", notified_on=date(2026, 10, 30))], [reviewer()]),
            ("new", None, "R1", "case_new", "The case is new."),
        ),
        (
            snapshot([case(), case("C2")], [reviewer()]),
            ONE,
            ("gone", "R1", None, "case_gone", "The case is no longer in the queue."),
        ),
        (
            snapshot([case(), case("C2")], [reviewer()]),
            snapshot([case(), case("C2", out_of_scope="child")], [reviewer()]),
            ("gone", "R1", None, "out_of_scope", "The case is out of scope now."),
        ),
        (
            ONE,
            snapshot([case(review_type="focused")], [reviewer()]),
            ("new", None, None, "type_changed", "Its review type changed."),
        ),
        (
            snapshot([case(review_type="focused")], [reviewer()]),
            ONE,
            ("gone", None, None, "type_changed", "Its review type changed."),
        ),
        (BOTH, snapshot(None, [reviewer("R2")]), ("moved", "R1", "R2", "reviewer_left", "R1 has left.")),
        (
            BOTH,
            snapshot(None, [reviewer(leaves_on=date(2026, 11, 1)), reviewer("R2")]),
            ("moved", "R1", "R2", "reviewer_left", "R1 has left."),
        ),
        (
            ONE,
            snapshot(None, [reviewer(organisations=("RXX",))]),
            ("lost", "R1", None, "rule", "R1 has a conflict of interest."),
        ),
        (
            ONE,
            snapshot(None, [reviewer()], absences=(AWAY,)),
            ("lost", "R1", None, "fewer_hours", "R1 has 231.67 h fewer in the horizon."),
        ),
        (
            ONE,
            snapshot([case(**LATER)], [reviewer()]),
            ("lost", "R1", None, "hold_began", "The case is on hold now."),
        ),
        (
            snapshot([case(**LATER)], [reviewer()]),
            ONE,
            ("placed", None, "R1", "hold_ended", "The case is on hold no more."),
        ),
        (snapshot(None, []), ONE, ("placed", None, "R1", "reviewer_new", "R1 is new.")),
        (
            snapshot(None, [reviewer(hours_per_week=1.0)]),
            ONE,
            ("placed", None, "R1", "more_hours", "R1 has 226.2 h more in the horizon."),
        ),
        (
            snapshot(None, [reviewer(skills=("autism",))]),
            snapshot([case(), case("C0", priority=9, skills=("autism",))], [reviewer(skills=("autism",))]),
            ("new", None, "R1", "case_new", "The case is new."),
        ),
    ],
)
def test_each_change_has_its_cause(old: Snapshot, new: Snapshot, expected: tuple[Any, ...]) -> None:
    """One thing changes in the snapshot, and the place that differs is put down to it."""
    assert told(old, new) == expected


def test_a_choice_is_put_down_to_no_rule() -> None:
    """A more urgent case takes the only hours; whoever had the other could still have it."""
    small = [reviewer(hours_per_week=2.0)]
    found = changes(snapshot(None, small), snapshot([case(), case("C0", priority=9)], small))
    assert [(one.case_id, one.kind, one.cause) for one in found] == [
        ("C0", "new", "case_new"),
        ("C1", "lost", "choice"),
    ]
    assert found[1].because == "R1 could still have it; the later plan chooses otherwise."
    assert list(by_cause(found)) == [("case_new", 1), ("choice", 1)]
    back = changes(snapshot([case(), case("C0", priority=9)], small), snapshot(None, small))
    assert [(one.case_id, one.kind, one.cause) for one in back] == [
        ("C0", "gone", "case_gone"),
        ("C1", "placed", "choice"),
    ]


@pytest.mark.parametrize("table", ["assignments", "unassigned", "workloads", "objective"])
def test_what_is_no_plan_is_refused(table: str) -> None:
    """Each part that is read is read with care."""
    plan = planned(ONE).as_document()
    with pytest.raises(BadInput) as caught:
        diff(ONE, {**plan, table: [{"nothing": "of it"}]}, plan)
    assert [fault.code for fault in caught.value.faults] == ["unreadable-plan"]
