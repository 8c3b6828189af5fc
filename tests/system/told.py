"""Plans as anyone might tell them: who takes what, and what the audit alone says of it."""

from __future__ import annotations

from typing import Any

from allocator.audit import Finding, audit
from allocator.snapshot import Snapshot

Told = dict[str, str]
"""Who takes what: "C1 lead" → "R1"; a place that is not named is empty."""
CODES = (
    *("assignment", "hold", "type", "skill", "area", "excluded", "conflict", "available", "capacity"),
    *("open_cases", "year_limit", "contract", "admin", "linked", "locked", "held"),
)
"""The rules of the contract's second section: fifteen by name, and "a held case stays with its holder"."""
_EMPTY = ("change", "previous_reviewer_id", "hours", "distance_km", "start_on", "finish_on", "complete_by")


def places_of(snapshot: Snapshot) -> list[str]:
    """Every place of the cases in scope, held or empty."""
    found = []
    for case in snapshot.cases:
        if case.out_of_scope is None:
            found.append(f"{case.case_id} lead")
            if snapshot.policy.review_types[case.review_type].second is not None:
                found.append(f"{case.case_id} second")
    return found


def rough(snapshot: Snapshot, told: Told, max_moves: int = 0) -> dict[str, Any]:
    """The content of plan.json in which only the places are filled in."""
    filled, empty = [], []
    for place in places_of(snapshot):
        case_id, role = place.rsplit(" ", 1)
        start = {"case_id": case_id, "role": role}
        if place in told:
            blank = {**dict.fromkeys(_EMPTY), "on_time": None, "reason": "told"}
            filled.append({**start, "reviewer_id": told[place], **blank})
        else:
            empty.append({**start, "reason_code": "", "reason": "told", "remedy": None})
    return {"max_moves": max_moves, "assignments": filled, "unassigned": empty}


def broken_rules(snapshot: Snapshot, told: Told, max_moves: int = 0) -> list[Finding]:
    """What the whole audit finds of rules broken."""
    found = audit(snapshot, rough(snapshot, told, max_moves), None)
    return [finding for finding in found if finding.code in CODES]


def codes_broken(snapshot: Snapshot, told: Told, max_moves: int = 0) -> set[str]:
    """The rules' codes alone."""
    return {finding.code for finding in broken_rules(snapshot, told, max_moves)}
