"""Held work stays: what may release it is worked out here once more, from the contract's sentences alone."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.allocate import PlanRequest, allocate
from allocator.cases import Case
from allocator.intake import Reading
from allocator.plan import Plan
from allocator.reviewers import Interest, Reviewer
from allocator.snapshot import Snapshot
from tests.examples import dear
from tests.system.documents import PLAIN, Document, reading, stopped_clock
from tests.system.draws import documents
from tests.system.samples import sample

SAMPLES = range(1, 13)


def same_as(snapshot: Snapshot, code: str) -> str:
    """Where following successor, then parent, as far as they go, ends."""
    table = {row.organisation: row for row in snapshot.organisations}
    while code in table and (then := table[code].successor or table[code].parent):
        code = then
    return code


def horizon_end(snapshot: Snapshot, who: Reviewer) -> date:
    """The last day whose work is handed out to a reviewer."""
    horizon = snapshot.policy.horizon
    usual = horizon.day_job_weeks if who.employment == "day_job" else horizon.weeks
    return snapshot.as_of + timedelta(days=7 * (who.horizon_weeks or usual) - 1)


def months_later(day: date, months: int) -> date:
    """So many calendar months on, clamped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def lasts(snapshot: Snapshot, one: Interest, who: Reviewer) -> bool:
    """Whether an interest counts still, or counts already."""
    if one.from_ is not None and one.from_ > horizon_end(snapshot, who):
        return False
    if one.to is None or one.case_id is not None or one.kind == "involvement":
        return True
    return months_later(one.to, snapshot.policy.conflict.cooling_off_months) > snapshot.as_of


def stands_against(snapshot: Snapshot, case: Case, who: Reviewer) -> bool:
    """Whether a conflict, an exclusion or a decline forbids a reviewer a case."""
    if who.reviewer_id in case.excluded_reviewers:
        return True
    if any((d.reviewer_id, d.case_id) == (who.reviewer_id, case.case_id) for d in snapshot.declines):
        return True
    involved = {same_as(snapshot, code) for code in case.organisations}
    if snapshot.policy.conflict.commissioner_is_conflict:
        commissioners = (row.organisation for row in snapshot.areas if row.area == case.area)
        involved |= {same_as(snapshot, code) for code in commissioners if code}
    if involved & {same_as(snapshot, code) for code in who.organisations}:
        return True
    mine = (one for one in snapshot.interests if one.reviewer_id == who.reviewer_id)
    lasting = [one for one in mine if lasts(snapshot, one, who)]
    named = any(one.case_id == case.case_id for one in lasting)
    return named or any(
        one.organisation and same_as(snapshot, one.organisation) in involved for one in lasting
    )


def stays(snapshot: Snapshot, case: Case, holder: str) -> bool:
    """Whether a holder keeps the place by the contract."""
    who = {row.reviewer_id: row for row in snapshot.reviewers}.get(holder)
    if who is None or (who.leaves_on is not None and who.leaves_on < snapshot.as_of):
        return False
    return not stands_against(snapshot, case, who)


def out_of_place(snapshot: Snapshot, plan: Plan) -> list[str]:
    """Held places that are not with their holder though they should be, or are though they should not."""
    lines = {(row.case_id, row.role): row for row in plan.assignments}
    found = []
    for case in snapshot.cases:
        for role, holder in (("lead", case.reviewer_id), ("second", case.second_reviewer_id)):
            if holder is None or case.out_of_scope:
                continue
            row = lines.get((case.case_id, "lead" if role == "lead" else "second"))
            is_there = row is not None and (row.reviewer_id, row.change) == (holder, "kept")
            if is_there != stays(snapshot, case, holder):
                found.append(f"{case.case_id} {role}: held by {holder}, {row}")
    return found


@dear()
@given(documents())
def test_no_held_place_moves_or_is_dropped_unless_a_rule_forces_it(one: Document) -> None:
    """And where a rule forces it, it does: a hundred whole snapshots by chance."""
    read = reading(one)
    assert out_of_place(read.snapshot, allocate(read, PLAIN, stopped_clock).plan) == []


@pytest.mark.parametrize("seed", SAMPLES)
def test_no_held_place_of_a_made_up_queue_moves_unless_a_rule_forces_it(tmp_path: Path, seed: int) -> None:
    """Queues of forty cases at twice the work there are hours for: dropping held work would be worth it."""
    read = sample(tmp_path, 40, 6, seed, load=2.0)
    plan = allocate(read, PlanRequest(effort=1, workers=1, seed=seed), stopped_clock).plan
    assert any(row.change == "kept" for row in plan.assignments)
    assert out_of_place(read.snapshot, plan) == []


@dear()
@given(documents(), st.integers(1, 3))
def test_with_leave_to_move_no_more_moves_than_that_and_none_that_may_not(one: Document, most: int) -> None:
    """Seconds, locked and linked cases and those on hold stay as ever; nobody is dropped."""
    read = reading(one)
    snapshot = read.snapshot
    plan = allocate(Reading(snapshot), replace(PLAIN, max_moves=most), stopped_clock).plan
    moved = [text for text in out_of_place(snapshot, plan) if "change='moved'" in text]
    assert len(moved) <= most
    assert out_of_place(snapshot, plan) == moved
    bound = {c.case_id for c in snapshot.cases if c.locked or c.linked_to or c.on_hold_since}
    assert not [text for text in moved if text.split()[0] in bound or text.split()[1] == "second:"]
