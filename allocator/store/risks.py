"""Deadlines at risk: which open cases come near a day of theirs, or have passed it, and were not told of.

Each is told once, and once more only if the day has moved since, as it does when a hold has ended. That a day
comes near which had passed takes back that it had: passes it again, that is told again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from allocator.cases import Case
from allocator.clocks import SAFE_START_DAYS, Clock, clock
from allocator.policy import Policy
from allocator.store import events, records
from allocator.store.database import Tx
from allocator.store.events import Kind, News
from allocator.store.kinds import CASES
from allocator.store.policies import policy_of
from allocator.store.records import Record, chunks
from allocator.store.states import HELD, WAITING, State
from allocator.store.tables import risks


class Risk(StrEnum):
    """What is at risk of a case."""

    ALLOCATE_NEAR = "allocate-by-near"
    ALLOCATE_PASSED = "allocate-by-passed"
    COMPLETE_NEAR = "complete-by-near"
    COMPLETE_PASSED = "complete-by-passed"


PASSED: Final = {Risk.ALLOCATE_NEAR: Risk.ALLOCATE_PASSED, Risk.COMPLETE_NEAR: Risk.COMPLETE_PASSED}
"""What is no more so once a day is near that had passed."""


@dataclass(frozen=True)
class AtRisk:
    """A case one of whose days is near, or has passed.

    Parameters
    ----------
    due : that day
    """

    case_id: str
    risk: Risk
    due: date


def new_risks(connection: Connection, day: date, case_ids: Collection[str] | None = None) -> list[AtRisk]:
    """What is at risk on a day and has not been told, of some cases or of all, by case."""
    if case_ids is None:
        found = records.in_states(connection, CASES, WAITING | HELD)
    else:
        found = list(records.get_many(connection, CASES, case_ids).values())
    found.sort(key=lambda one: one.record_id)
    policy, told = policy_of(connection), _told(connection, [one.record_id for one in found])
    each = (one for record in found for one in risks_of(record, policy, day))
    return [one for one in each if told.get((one.case_id, one.risk)) != one.due]


def overdue(connection: Connection, day: date) -> int:
    """How many cases still wait after the day by which they were to be allocated."""
    waiting, policy = records.in_states(connection, CASES, WAITING), policy_of(connection)
    each = (one for record in waiting for one in risks_of(record, policy, day))
    return sum(one.risk is Risk.ALLOCATE_PASSED for one in each)


def tell(tx: Tx, day: date, case_ids: Collection[str]) -> list[AtRisk]:
    """What is at risk of some cases, told: each is an event, and is not told again."""
    found = new_risks(tx.connection, day, case_ids)
    for one in found:
        over = [one.risk, *([PASSED[one.risk]] if one.risk in PASSED else ())]
        is_it = (risks.c.case_id == one.case_id) & risks.c.risk.in_(over)
        tx.connection.execute(delete(risks).where(is_it))
    rows = [{"case_id": one.case_id, "risk": one.risk, "due": one.due, "told_at": tx.at} for one in found]
    if rows:
        tx.connection.execute(insert(risks), rows)
    events.tell(tx, [News(Kind.AT_RISK, one.case_id, {"risk": one.risk}) for one in found])
    return found


def risks_of(record: Record, policy: Policy, day: date) -> Iterator[AtRisk]:
    """Yield what is at risk of a case on a day: nothing while it is on hold, has ended, or is not planned."""
    body, is_open = record.body, record.state in WAITING | HELD and record.merged_into is None
    is_stopped = "on_hold_since" in body or "out_of_scope" in body
    if not is_open or is_stopped or body.get("review_type") not in policy.review_types:
        return
    at, now = clock(Case.model_validate(body), policy, day), day.toordinal()
    days = [(Risk.COMPLETE_NEAR, Risk.COMPLETE_PASSED, _last_start(record, at), at.complete_by)]
    if record.state in WAITING:
        first = at.allocate_by - SAFE_START_DAYS
        days.insert(0, (Risk.ALLOCATE_NEAR, Risk.ALLOCATE_PASSED, first, at.allocate_by))
    for near, passed, first, due in days:
        if now >= first or now > due:
            risk = passed if now > due else near
            yield AtRisk(record.record_id, risk, date.fromordinal(due))


def _last_start(record: Record, at: Clock) -> int:
    """The day from which a case may be too late to be completed in time, by what is still to be done."""
    if record.state in WAITING:
        return at.last_safe_start
    return at.complete_by if record.state == State.AWAITING_SIGN_OFF else at.work_due - SAFE_START_DAYS


def _told(connection: Connection, case_ids: Collection[str]) -> dict[tuple[str, str], date]:
    """By case and risk, the day that was told."""
    found: dict[tuple[str, str], date] = {}
    for some in chunks(sorted(case_ids)):
        rows = connection.execute(select(risks).where(risks.c.case_id.in_(some)))
        found |= {(row.case_id, row.risk): row.due for row in rows}
    return found
