"""What published lines use up: a case's hours, a reviewer's year, what a contract has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Final

from allocator.desk import Desk
from allocator.held import Role
from allocator.policy import Policy
from allocator.snapshot import Snapshot
from allocator.store import cases, records
from allocator.store.basis import Seat
from allocator.store.database import Tx
from allocator.store.lines import Line
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


@dataclass(frozen=True)
class Used:
    """What one published lead used up.

    Parameters
    ----------
    year : whether it counts among its reviewer's year
    provider : whose contract it counts in; None for none
    cases, hours : what that has less; None where it has no such limit
    """

    reviewer_id: str
    year: bool
    provider: str | None
    cases: int | None
    hours: float | None


def use_up(tx: Tx, lines: Sequence[Line], minutes: Mapping[Seat, int]) -> dict[Seat, Used]:
    """By lead what it used up: it counts among its reviewer's year, and in what their provider has left."""
    leads = [one for one in lines if one.role == "lead"]
    people = records.get_many(tx.connection, "reviewers", (one.reviewer_id for one in leads))
    contracts = {one.record_id: one for one in records.every(tx.connection, "contracts")}
    used = {}
    for one in leads:
        provider = people[one.reviewer_id].body.get("provider")
        terms = contracts[provider].body if provider in contracts else {}
        cases_left = 1 if "cases_left" in terms else None
        hours = _hours(minutes[one.seat]) if "hours_left" in terms else None
        used[one.seat] = Used(one.reviewer_id, True, provider if terms else None, cases_left, hours)
    _count(tx, list(used.values()), 1)
    return used


def give_back(tx: Tx, lines: Sequence[Line]) -> None:
    """Nothing; what the lines used up counts no more."""
    used = [(one.before or {}).get("used") for one in lines]
    _count(tx, [Used(**one) for one in used if one], -1)


def _count(tx: Tx, used: Sequence[Used], sign: int) -> None:
    people = records.get_many(tx.connection, "reviewers", (one.reviewer_id for one in used))
    contracts = records.get_many(tx.connection, "contracts", (one.provider for one in used if one.provider))
    rows = {key: dict(one.body) for key, one in people.items()}
    terms = {key: dict(one.body) for key, one in contracts.items()}
    for one in used:
        row = rows[one.reviewer_id]
        row["cases_this_year"] = max(0, row.get("cases_this_year", 0) + sign)
        if one.provider in terms:
            _take(terms[one.provider], "cases_left", one.cases, sign)
            _take(terms[one.provider], "hours_left", one.hours, sign)
    records.save(tx, "count", [replace(people[key], body=row) for key, row in rows.items()])
    records.save(tx, "count", [replace(contracts[key], body=row) for key, row in terms.items()])


def _take(terms: dict[str, Any], name: str, amount: float | None, sign: int) -> None:
    if amount is not None and name in terms:
        terms[name] = max(0, round(terms[name] - sign * amount, 6))


def _admin(policy: Policy, case: Record) -> float:
    return policy.review_types[case.body["review_type"]].admin_hours


def _hours(minutes: int) -> float:
    return ceil(minutes * DECIMALS / 60) / DECIMALS
