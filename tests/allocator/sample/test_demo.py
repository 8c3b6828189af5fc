"""The demo's snapshot: there, sound, and with something of everything that a coordinator meets."""

from allocator.facts import gather
from allocator.held import who_stays
from allocator.intake import read_snapshot
from allocator.sample import demo_folder
from tests.allocator.sample.build import LATER


def test_the_demo_is_a_sound_queue_of_one_area() -> None:
    """85 cases, 12 reviewers, one area, its own day, and nothing to warn of but assumed hours."""
    reading = read_snapshot(demo_folder(), today=LATER)
    snapshot = reading.snapshot
    assert (len(snapshot.cases), len(snapshot.reviewers), len(snapshot.areas)) == (85, 12, 1)
    assert snapshot.as_of.isoformat() == "2026-09-14"
    assert not reading.warnings


def test_the_demo_has_something_of_everything() -> None:
    """Holds, a linked pair to place, a holder who may not stay, an absence of a fortnight, a locked case."""
    snapshot = read_snapshot(demo_folder(), today=LATER).snapshot
    waiting = [case for case in snapshot.cases if case.reviewer_id is None and case.on_hold_since is None]
    labels = [case.linked_to for case in waiting if case.linked_to]
    assert len(labels) > len(set(labels))
    assert any(case.on_hold_since for case in snapshot.cases)
    assert any(case.locked for case in snapshot.cases)
    assert who_stays(gather(snapshot)).released
    assert any(a.to >= snapshot.as_of and (a.to - a.from_).days >= 6 for a in snapshot.absences)
