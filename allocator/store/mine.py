"""What is one reviewer's: the places that they have, and the cases of which they are asked to declare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import Connection

from allocator.cases import Case
from allocator.clocks import clock
from allocator.efforts import Efforts
from allocator.facts import Facts, gather
from allocator.held import Role
from allocator.plan import RoleName
from allocator.store import holdings, records
from allocator.store.declaring import declared
from allocator.store.holdings import Holding
from allocator.store.kinds import CASES
from allocator.store.lines import proposed_to
from allocator.store.queue import around
from allocator.store.records import Record
from allocator.store.states import ENDED, State

Independence = Literal["known", "declared", "to-declare"]
MINUTES: Final = 60


@dataclass(frozen=True)
class Place:
    """A place that a reviewer has.

    Parameters
    ----------
    record, case : as it is kept, and as it is planned
    to_answer : whether they are asked to accept it, or to decline
    complete_by, days : its clock, and how many days are on it
    evidence_ready : the day on which plans reckon with the evidence
    hours : that plans reckon it still takes; None where it is not planned
    """

    record: Record
    case: Case
    held: Holding
    to_answer: bool
    complete_by: date
    days: int
    is_overdue: bool
    evidence_ready: date
    is_evidence_late: bool
    hours: float | None
    independence: Independence


@dataclass(frozen=True)
class Asked:
    """A case that the newest plan proposes to a reviewer, and that no organisation is known of."""

    record: Record
    role: RoleName


def places_of(connection: Connection, reviewer_id: str, day: date) -> list[Place]:
    """All places that a reviewer has, the one that is due first before the others.

    Raises
    ------
    Conflict
        `inconsistent`: records near these do not fit together.
    """
    held = holdings.of_reviewers(connection, [reviewer_id])
    if not held:
        return []
    facts = gather(around(connection, day, reviewers=[reviewer_id]).snapshot)
    cases = {one.case_id: one for one in facts.snapshot.cases}
    stored, told = records.get_many(connection, CASES, cases), declared(connection, cases)
    found = [
        _place(facts, stored[case_id], cases[case_id], one, (case_id, reviewer_id) in told)
        for (case_id, _), one in held.items()
        if case_id in cases
    ]
    return sorted(found, key=lambda one: (one.complete_by, one.case.case_id))


def to_declare(connection: Connection, reviewer_id: str) -> list[Asked]:
    """The cases that a reviewer is asked to declare about before they can be given them, by id."""
    has = holdings.of_reviewers(connection, [reviewer_id])
    lines = [one for one in proposed_to(connection, reviewer_id) if one.seat not in has]
    cases = records.get_many(connection, CASES, (one.case_id for one in lines))
    told = declared(connection, cases)
    return [
        Asked(cases[one.case_id], one.role)
        for one in lines
        if (one.case_id, reviewer_id) not in told and _is_open_and_unknown(cases[one.case_id])
    ]


def _is_open_and_unknown(case: Record) -> bool:
    is_open = case.state not in ENDED and case.merged_into is None
    return is_open and not case.body.get("organisations")


def _place(facts: Facts, record: Record, case: Case, held: Holding, has_declared: bool) -> Place:
    day, at = facts.snapshot.as_of, clock(case, facts.policy, facts.snapshot.as_of)
    ready, on_hold = date.fromordinal(at.evidence_ready), case.on_hold_since is not None
    is_working = not on_hold and record.state != State.AWAITING_SIGN_OFF
    return Place(
        record=record,
        case=case,
        held=held,
        to_answer=held.accepted_at is None and record.state == State.ALLOCATED,
        complete_by=date.fromordinal(at.complete_by),
        days=at.days,
        is_overdue=not on_hold and day.toordinal() > at.complete_by,
        evidence_ready=ready,
        is_evidence_late=is_working and case.evidence_received_on is None and ready < day,
        hours=_hours(facts, case, held),
        independence="known" if case.organisations else "declared" if has_declared else "to-declare",
    )


def _hours(facts: Facts, case: Case, held: Holding) -> float | None:
    row, who = facts.case_row.get(case.case_id), facts.reviewer_row.get(held.reviewer_id)
    if row is None or who is None:
        return None
    return round(Efforts(facts).left(row, who, Role[held.role.upper()]) / MINUTES, 2)
