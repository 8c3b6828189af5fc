"""What a line of a plan rests on, so that it is known whether any of that has changed since.

A line is stale only if its case, its reviewer's hours, holdings, absences or interests, or a rule that it met
has changed. What else comes or goes makes it no worse.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import Connection

from allocator.plan import RoleName
from allocator.policy import Policy
from allocator.store import holdings, records
from allocator.store.kinds import POLICY
from allocator.store.policies import policy_of

Seat = tuple[str, RoleName]
Basis = dict[str, str]
RULES = {"horizon", "review_types", "conflict", "geography", "capacity"}
"""The parts of the policy that the rules read; weights and assumptions only say what is better."""
ABOUT = ("absences", "declines", "interests")
"""What is said of a reviewer beside their row."""
SAYS = {
    "case": "{case} has changed",
    "reviewer": "the hours, cases, absences or interests of {reviewer} have changed",
    "rules": "the policy's rules have changed",
    "area": "the area of {case} has changed",
    "contract": "the contract of the provider of {reviewer} ends on another day",
}


def bases(connection: Connection, lines: Mapping[Seat, str]) -> dict[Seat, Basis]:
    """By place what it rests on that the reviewer given here has it; of what is not there: nothing."""
    cases = records.get_many(connection, "cases", (case_id for case_id, _ in lines))
    reviewers = records.get_many(connection, "reviewers", lines.values())
    areas = {one.record_id: one.version for one in records.every(connection, "areas")}
    contracts = {one.record_id: one.body.get("ends_on", "") for one in records.every(connection, "contracts")}
    stamps, rules = _stamps(connection, lines.values()), _digest(_rules(policy_of(connection)))
    found: dict[Seat, Basis] = {}
    for (case_id, role), reviewer_id in lines.items():
        case, reviewer = cases.get(case_id), reviewers.get(reviewer_id)
        provider = reviewer.body.get("provider") if reviewer else None
        found[case_id, role] = {
            "case": f"{case.version}" if case else "",
            "reviewer": stamps.get(reviewer_id, ""),
            "rules": rules,
            "area": f"{areas.get(case.area or '', 0)}" if case else "",
            "contract": str(contracts.get(provider or "", "none")),
        }
    return found


def changed(before: Basis, now: Basis, seat: Seat, reviewer_id: str) -> Iterator[str]:
    """Yield a sentence for each thing that is not as it was."""
    for part, sentence in SAYS.items():
        if before.get(part) != now[part]:
            yield sentence.format(case=seat[0], reviewer=reviewer_id)


def outdated(basis: Basis, parts: Iterable[str]) -> Basis:
    """The same, of which some parts are not as they are now, nor will be."""
    return basis | dict.fromkeys(parts, "")


def changed_since(
    connection: Connection, moment: datetime, lines: Mapping[Seat, str]
) -> dict[Seat, set[str]]:
    """By place the parts that it rests on and that have changed since a moment."""
    since = {
        kind: records.changed_since(connection, kind, moment)
        for kind in ("cases", "reviewers", "areas", POLICY, *ABOUT)
    }
    people = {str(one.body.get("reviewer_id")) for kind in ABOUT for one in since[kind]}
    people |= {one.record_id for one in since["reviewers"]} | holdings.changed_since(connection, moment)
    other_cases, other_areas = ({one.record_id for one in since[kind]} for kind in ("cases", "areas"))
    cases = records.get_many(connection, "cases", (case_id for case_id, _ in lines))
    found: dict[Seat, set[str]] = {}
    for seat, who in lines.items():
        case = cases.get(seat[0])
        is_other = {
            "case": seat[0] in other_cases,
            "reviewer": who in people,
            "rules": bool(since[POLICY]),
            "area": case is not None and case.area in other_areas,
        }
        found[seat] = {part for part, other in is_other.items() if other}
    return found


def _stamps(connection: Connection, reviewer_ids: Iterable[str]) -> dict[str, str]:
    """By reviewer one word that changes with their row, what is said of them, and what they have."""
    wanted = set(reviewer_ids)
    told: dict[str, list[Any]] = {
        one.record_id: [one.version] for one in records.get_many(connection, "reviewers", wanted).values()
    }
    for kind in ABOUT:
        for one in records.about(connection, kind, wanted):
            told.setdefault(str(one.body["reviewer_id"]), []).append([kind, one.record_id, one.version])
    for (case_id, role), held in sorted(holdings.of_reviewers(connection, wanted).items()):
        told.setdefault(held.reviewer_id, []).append([case_id, role])
    return {reviewer_id: _digest(each) for reviewer_id, each in told.items()}


def _rules(policy: Policy) -> Any:
    types = {"order": list(policy.review_types)}
    return policy.model_dump(mode="json", include=RULES) | types


def _digest(content: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()[:16]
