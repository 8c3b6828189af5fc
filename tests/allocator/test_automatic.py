"""The automatic rule: a line with nothing to look at, and one breach of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.automatic import Waits, automatic
from allocator.intake import parse_snapshot
from allocator.snapshot import Snapshot
from tests.allocator.store.build import DAY


def snapshot_of(**fields: Any) -> Snapshot:
    """One case and three reviewers: the second is another area's, and so is the third, who covers it too."""
    plain = {"case_id": "C1", "area": "QAA", "notified_on": "2026-09-01", "review_type": "initial"}
    document = {
        "as_of": DAY.isoformat(),
        "areas": [{"area": "QAA", "neighbours": ["QBB"]}, {"area": "QBB"}],
        "reviewers": [
            {"reviewer_id": "R1", "areas": ["QAA"], "hours_per_week": 9},
            {"reviewer_id": "R2", "areas": ["QBB"], "hours_per_week": 9},
            {"reviewer_id": "R3", "areas": ["QBB", "QAA"], "hours_per_week": 9},
        ],
        "cases": [{**plain, "organisations": ["RYY"], **fields}],
    }
    return parse_snapshot(document, today=DAY).snapshot


def line(**fields: Any) -> dict[str, Any]:
    """A line of plan.json."""
    plain = {"case_id": "C1", "role": "lead", "reviewer_id": "R1", "change": "new", "on_time": True}
    return {**plain, **fields}


def plan(*lines: dict[str, Any], **states: str) -> dict[str, Any]:
    """The parts of plan.json that count."""
    loads = [{"reviewer_id": who, "state": states.get(who, "ok")} for who in ("R1", "R2", "R3")]
    return {"assignments": list(lines), "workloads": loads}


LEAD = ("C1", "lead")


def test_a_line_with_nothing_to_look_at_waits_for_nobody() -> None:
    """Its own area's reviewer, known organisations, room, in time."""
    assert automatic(snapshot_of(), plan(line()), ()) == {LEAD: ()}


@pytest.mark.parametrize(
    ("told", "fields", "states", "fragile", "why"),
    [
        ({"change": "moved"}, {}, {}, (), Waits.MOVED),
        ({"reviewer_id": "R2"}, {}, {}, (), Waits.OTHER_AREA),
        ({"reviewer_id": "R3"}, {}, {}, (), Waits.OTHER_AREA),
        ({}, {"organisations": []}, {}, (), Waits.INDEPENDENCE),
        ({}, {}, {"R1": "full"}, (), Waits.WORKLOAD),
        ({}, {}, {"R1": "over"}, (), Waits.WORKLOAD),
        ({"on_time": False}, {}, {}, (), Waits.LATE),
        ({"on_time": None}, {}, {}, (), Waits.LATE),
        ({}, {}, {}, ("C1",), Waits.FRAGILE),
    ],
)
def test_each_reason_by_itself(told: Any, fields: Any, states: Any, fragile: Any, why: Waits) -> None:
    """And no other."""
    assert automatic(snapshot_of(**fields), plan(line(**told), **states), fragile) == {LEAD: (why,)}


def test_near_misses_wait_for_nobody() -> None:
    """Somebody else's workload, another case that is fragile; what is kept is no line at all."""
    assert automatic(snapshot_of(), plan(line(), R2="over"), ("C2",)) == {LEAD: ()}
    assert automatic(snapshot_of(), plan(line(change="kept", on_time=False)), ("C1",)) == {}


def test_both_places_of_a_case_wait_together() -> None:
    """A second is of no use to a case whose lead waits, nor the other way round."""
    found = automatic(snapshot_of(), plan(line(), line(role="second", reviewer_id="R2")), ())
    assert found == {LEAD: (Waits.OTHER_PLACE,), ("C1", "second"): (Waits.OTHER_AREA,)}
