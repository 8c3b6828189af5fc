"""Giving one case by hand: a place that nobody has is somebody's at once, by the rules of publishing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from allocator.errors import Conflict
from allocator.plan import RoleName
from allocator.snapshot import Snapshot
from allocator.store import cases, chain, holdings
from allocator.store.chain import Entry, append
from allocator.store.counting import begin_work, new_minutes, use_up
from allocator.store.database import Tx
from allocator.store.holdings import Holding
from allocator.store.lines import REASONS, Choice, Line, LineState
from allocator.store.obstacles import unobstructed
from allocator.store.queue import around
from allocator.store.records import Record
from allocator.store.tables import audit_lines

DEPART = "depart"
"""What the audit calls it that somebody is chosen who is not advised."""


@dataclass(frozen=True)
class Departed:
    """That a case was given to another reviewer than was advised."""

    case_id: str
    role: RoleName
    advised: str
    reviewer_id: str
    reason: str


def give_now(tx: Tx, choice: Choice, advised: str | None, day: date) -> Record:
    """The case, once the reviewer who is chosen has a place of it that nobody had.

    Parameters
    ----------
    advised : whom the desk suggests first; None: nobody

    Raises
    ------
    Unknown
        There is no such case or reviewer.
    Conflict
        `already-held`; `not-waiting`; `reason-needed`: somebody else is advised, and no reason of those there
        are is given; `declaration-missing`, `consent-missing`, `rule-broken`: as of a line that is published.
    """
    who = choice.reviewer_id or advised or ""
    cases.givable(tx.connection, choice.case_id, who)
    held = holdings.of_cases(tx.connection, [choice.case_id]).get((choice.case_id, choice.role))
    if held is not None:
        raise Conflict("already-held", choice.case_id, f"{held.reviewer_id} is its {choice.role}")
    departs = advised is not None and who != advised
    if departs and choice.reason not in REASONS:
        message = f"{advised} is suggested first as its {choice.role}; give a reason: {', '.join(REASONS)}"
        raise Conflict("reason-needed", choice.case_id, message)
    line = _line(tx.connection, choice, who, advised, day)
    snapshot = unobstructed(tx.connection, choice.case_id, [line], day)
    _give(replace(tx, reason=choice.reason) if departs else tx, line, snapshot, day)
    if departs:
        told = {"role": line.role, "reviewer_id": who, "advised": advised, "reason": choice.reason}
        append(tx, [Entry(DEPART, "cases", choice.case_id, None, told)])
    return cases.found_case(tx.connection, choice.case_id)


def departed(connection: Connection) -> Iterator[Departed]:
    """Yield each case that was given by hand to another reviewer than was advised, the newest first."""
    for one in reversed(chain.lines(connection, 0, where=audit_lines.c.action == DEPART)):
        if one["after"]:  # else retention deleted it
            yield Departed(one["record_id"], **one["after"])


def _line(connection: Connection, choice: Choice, who: str, advised: str | None, day: date) -> Line:
    """The same as the line of a plan that would say it."""
    near = around(connection, day, [choice.case_id]).snapshot.cases
    case = next((one for one in near if one.case_id == choice.case_id), None)
    released = case.reviewer_id if case and choice.role == "lead" else None
    return Line(
        case_id=choice.case_id,
        role=choice.role,
        advised=advised or who,
        reviewer_id=who,
        previous_reviewer_id=released,
        state=LineState.APPROVED,
        reason=choice.reason,
        advice=None,
        basis={},
        before=None,
        publication=None,
    )


def _give(tx: Tx, line: Line, snapshot: Snapshot, day: date) -> None:
    """Let the reviewer have the place, and count what it uses up."""
    minutes = new_minutes(snapshot, [line])
    cases.give(tx, Holding(line.case_id, line.role, line.reviewer_id, day, tx.at))
    begin_work(tx, [line], minutes)
    use_up(tx, [line], minutes)
