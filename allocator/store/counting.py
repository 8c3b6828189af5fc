"""What published lines use up: a case's hours, a reviewer's year, what a contract has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any, Final

from sqlalchemy import Connection

from allocator.desk import Desk
from allocator.held import Role
from allocator.policy import Policy
from allocator.snapshot import Snapshot
from allocator.store import cases, records
from allocator.store.basis import Seat
from allocator.store.database import Tx
from allocator.store.plans import Line
from allocator.store.policies import policy_of
from allocator.store.records import Record

DECIMALS: Final = 10**6
"""Hours are kept so that no minute is lost in writing them."""


def new_minutes(snapshot: Snapshot, lines: Sequence[Line]) -> dict[Seat, int]:
    """By line what it takes of its reviewer."""
    desk = Desk(snapshot)
    facts = desk.facts
    return {
        one.seat: desk.efforts.minutes(
            facts.case_row[one.case_id], facts.reviewer_row[one.reviewer_id], Role[one.role.upper()], True
        )
        for one in lines
    }


def given_minutes(connection: Connection, lines: Sequence[Line]) -> dict[Seat, int]:
    """By line what it was given, as its case tells."""
    found = records.get_many(connection, "cases", (one.case_id for one in lines))
    hours = {one.seat: found[one.case_id].body.get(cases.HOURS[one.role], 0) for one in lines}
    return {seat: round(60 * much) for seat, much in hours.items()}


def begin_work(tx: Tx, lines: Sequence[Line], minutes: Mapping[Seat, int]) -> None:
    """Let each case have all its hours left, and its administration if it is asked for anew."""
    policy, found = (
        policy_of(tx.connection),
        records.get_many(tx.connection, "cases", (x.case_id for x in lines)),
    )
    bodies = {case_id: dict(one.body) for case_id, one in found.items()}
    for one in lines:
        bodies[one.case_id][cases.HOURS[one.role]] = _hours(minutes[one.seat])
        if one.role == "lead" and one.previous_reviewer_id is None:
            bodies[one.case_id]["admin_hours_left"] = _admin(policy, found[one.case_id])
    records.save(tx, "publish", [replace(found[case_id], body=body) for case_id, body in bodies.items()])


def use_up(tx: Tx, lines: Sequence[Line], minutes: Mapping[Seat, int], sign: int) -> None:
    """Count new leads among their reviewer's year, and in what their provider's contract has left; or not."""
    leads = [one for one in lines if one.role == "lead"]
    people = records.get_many(tx.connection, "reviewers", (one.reviewer_id for one in leads))
    contracts = {one.record_id: one for one in records.every(tx.connection, "contracts")}
    rows = {reviewer_id: dict(one.body) for reviewer_id, one in people.items()}
    terms = {provider: dict(one.body) for provider, one in contracts.items()}
    for one in leads:
        row = rows[one.reviewer_id]
        row["cases_this_year"] = max(0, row.get("cases_this_year", 0) + sign)
        left = terms.get(row.get("provider", ""))
        if left is not None:
            _take(left, "cases_left", sign)
            _take(left, "hours_left", sign * _hours(minutes[one.seat]))
    records.save(tx, "count", [replace(people[key], body=row) for key, row in rows.items()])
    records.save(tx, "count", [replace(contracts[key], body=row) for key, row in terms.items()])


def _admin(policy: Policy, case: Record) -> float:
    return policy.review_types[case.body["review_type"]].admin_hours


def _take(terms: dict[str, Any], name: str, amount: float) -> None:
    if name in terms:
        terms[name] = max(0, round(terms[name] - amount, 6))


def _hours(minutes: int) -> float:
    return ceil(minutes * DECIMALS / 60) / DECIMALS
