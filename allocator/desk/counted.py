"""A snapshot with what was published since it was taken, as if the case system had told of it.

Nobody has worked on any of it yet, so all its hours are left; a year's cases and contracts are down by it.
"""

from __future__ import annotations

from math import ceil

from allocator.desk.desk import Now
from allocator.held import Role
from allocator.places import Contract
from allocator.reviewers import Reviewer
from allocator.snapshot import Snapshot

DECIMALS = 10**6


def counted(now: Now) -> Snapshot:
    """The snapshot in which all that was published, and is not ignored, is held from its day."""
    snapshot = now.facts.snapshot
    if not now.filled.new.any():
        return snapshot
    held = _held(now)
    cases = (case.model_copy(update=held.get(case.case_id)) for case in snapshot.cases)
    people = (_with_leads(one, now) for one in snapshot.reviewers)
    contracts = (_with_less(one, now) for one in snapshot.contracts)
    update = {"cases": tuple(cases), "reviewers": tuple(people), "contracts": tuple(contracts)}
    return snapshot.model_copy(update=update)


def _held(now: Now) -> dict[str, dict[str, object]]:
    """By case, what the case system would tell of who has it new."""
    facts, filled, held = now.facts, now.filled, dict[str, dict[str, object]]()
    columns = (filled.case, filled.role, filled.reviewer, filled.minutes)
    for row, role, who, minutes in zip(*(one[filled.new].tolist() for one in columns), strict=True):
        case, reviewer_id = facts.cases[row], facts.reviewers[who].reviewer_id
        update = held.setdefault(case.case_id, {})
        if role == Role.SECOND:
            update |= {"second_reviewer_id": reviewer_id, "second_hours_left": minutes / 60}
            continue
        update |= {
            "reviewer_id": reviewer_id,
            "allocated_on": facts.snapshot.as_of,
            "hours_left": minutes / 60,
        }
        if case.reviewer_id is None:
            update["admin_hours_left"] = facts.policy.review_types[case.review_type].admin_hours
    return held


def _with_leads(one: Reviewer, now: Now) -> Reviewer:
    """The reviewer, with what they lead new among their year's cases."""
    more = int(now.standing.new_leads[now.facts.reviewer_row[one.reviewer_id]])
    return one.model_copy(update={"cases_this_year": (one.cases_this_year or 0) + more} if more else None)


def _with_less(one: Contract, now: Now) -> Contract:
    """The contract, with what is left of it; hours so that no minute is lost in writing them."""
    left = now.standing.bought_left[one.provider]
    hours = None if left.minutes is None else ceil(max(0, left.minutes) * DECIMALS / 60) / DECIMALS
    cases = None if left.cases is None else max(0, left.cases)
    return one.model_copy(update={"cases_left": cases, "hours_left": hours})
