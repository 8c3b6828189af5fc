"""Small snapshots, and rough plans for them: places right or wrong, the numbers beside them left out."""

from datetime import date
from typing import Any

from allocator.audit import audit
from allocator.audit.auditor import _look
from allocator.audit.bound import proved
from allocator.audit.choice import Choice, read_choice
from allocator.audit.levels import Unavoidable
from allocator.audit.prices import Reader
from allocator.audit.rows import Line
from allocator.audit.shared import Shared, read_shared
from allocator.cases import Case
from allocator.policy import Policy
from allocator.reviewers import Reviewer
from allocator.snapshot import Snapshot

AS_OF = date(2026, 11, 2)
"""A Monday; the next bank holiday is Christmas Day."""

Given = dict[str, str]
"""Who gets what: "C1 lead" → "R1"."""


def case(case_id: str = "C1", **more: Any) -> Case:
    """Return an initial case of area QA, notified a month ago."""
    return Case(
        **{
            "case_id": case_id,
            "area": "QA",
            "notified_on": date(2026, 10, 1),
            "review_type": "initial",
            **more,
        }
    )


def focused(case_id: str = "C1", **more: Any) -> Case:
    """Return a focused case, which has a second reviewer."""
    return case(case_id, **{"review_type": "focused", **more})


def holds(reviewer_id: str = "R1", **more: Any) -> dict[str, Any]:
    """Return the fields of a case that a reviewer has held for a month."""
    return {"reviewer_id": reviewer_id, "allocated_on": date(2026, 10, 2), **more}


def reviewer(reviewer_id: str = "R1", **more: Any) -> Reviewer:
    """Return a senior reviewer at home in QA with 30 hours a week: 360 minutes a day, 234 hours in all."""
    usual = {"areas": ("QA",), "hours_per_week": 30.0, "skills": ("senior",)}
    return Reviewer(**{"reviewer_id": reviewer_id, **usual, **more})


def policy(**more: Any) -> Policy:
    """Return the shipped policy with some keys changed, such as conflict={"cooling_off_months": 12}."""
    shipped = Policy().model_dump()
    return Policy.model_validate({key: {**shipped[key], **more.get(key, {})} for key in shipped})


def snap(*rows: Case | Reviewer, **tables: Any) -> Snapshot:
    """Return a snapshot of cases and reviewers, and whatever tables are given beside them."""
    cases = tuple(row for row in rows if isinstance(row, Case))
    reviewers = tuple(row for row in rows if isinstance(row, Reviewer))
    return Snapshot(**{"as_of": AS_OF, "cases": cases, "reviewers": reviewers, **tables})


def rough(snapshot: Snapshot, given: Given, max_moves: int = 0) -> dict[str, Any]:
    """Return a plan in which only the places count."""
    places = []
    for row in snapshot.cases:
        if row.out_of_scope is None:
            places.append((row.case_id, "lead"))
            if snapshot.policy.review_types[row.review_type].second is not None:
                places.append((row.case_id, "second"))
    filled = [(case_id, role, given.get(f"{case_id} {role}")) for case_id, role in places]
    blank = dict.fromkeys(
        ("change", "previous_reviewer_id", "hours", "distance_km", "start_on", "finish_on", "complete_by")
    )
    return {
        "max_moves": max_moves,
        "assignments": [
            {**blank, "case_id": c, "role": role, "reviewer_id": who, "on_time": None, "reason": "x"}
            for c, role, who in filled
            if who
        ],
        "unassigned": [
            {"case_id": c, "role": role, "reason_code": "", "reason": "x", "remedy": None}
            for c, role, who in filled
            if not who
        ],
    }


RULES = {"assignment", "hold", "type", "skill", "area", "excluded", "conflict", "available", "capacity"}
RULES |= {"open_cases", "year_limit", "contract", "admin", "linked", "locked", "held"}


def broken(snapshot: Snapshot, given: Given, max_moves: int = 0) -> set[str]:
    """Return the codes of the rules that the audit finds broken."""
    return {finding.code for finding in audit(snapshot, rough(snapshot, given, max_moves), None)} & RULES


def relaxed(snapshot: Snapshot, max_moves: int = 0) -> tuple[Choice, tuple[Shared, ...]]:
    """Return what a plan of the snapshot may choose, and what its reviewers share."""
    view = _look(snapshot, rough(snapshot, {}))[0]
    fixed = Unavoidable(view.facts, view.tables, view.standing, moves=max_moves > 0)
    choice = read_choice(view.facts, view.tables, view.standing, fixed)
    return choice, read_shared(choice, fixed, max_moves)


def proves(snapshot: Snapshot, entry: Line, higher: tuple[int, ...] = (), max_moves: int = 0) -> int:
    """Return the bound that a certificate's entry proves for the level below those whose values are given."""
    choice, shared = relaxed(snapshot, max_moves)
    faults: list[str] = []
    prices = Reader(entry, faults).prices(choice, shared, higher)
    assert not faults
    return proved(choice, prices)


def found(findings: list[Any]) -> set[tuple[str, str]]:
    """Return codes and places of findings."""
    return {(finding.code, finding.where) for finding in findings}
