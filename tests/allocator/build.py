"""Small snapshots for tests: everything plain unless the test says otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

from allocator.cases import Case
from allocator.policy import Policy
from allocator.reviewers import Reviewer
from allocator.snapshot import Snapshot

AS_OF = date(2026, 11, 2)  # a Monday; the next bank holiday is Christmas Day


def case(case_id: str = "C1", **fields: Any) -> Case:
    """A plain initial case of area QYG, notified on 1 October 2026."""
    plain = {
        "area": "QYG",
        "notified_on": date(2026, 10, 1),
        "review_type": "initial",
        "organisations": ("RXX",),
    }
    return Case(case_id=case_id, **(plain | fields))


def reviewer(reviewer_id: str = "R1", **fields: Any) -> Reviewer:
    """A plain dedicated reviewer at home in QYG, 30 hours a week."""
    return Reviewer(reviewer_id=reviewer_id, **({"areas": ("QYG",), "hours_per_week": 30.0} | fields))


def policy(**sections: Any) -> Policy:
    """The shipped policy with some sections changed, each given as a dictionary of its keys."""
    shipped = Policy().model_dump()
    return Policy.model_validate({**shipped, **{k: {**shipped[k], **v} for k, v in sections.items()}})


def snapshot(cases: Any = None, reviewers: Any = None, **tables: Any) -> Snapshot:
    """A snapshot of these cases and reviewers; one plain one each unless given."""
    tables = {"as_of": AS_OF, "policy": Policy()} | tables
    cases = (case(),) if cases is None else tuple(cases)
    reviewers = (reviewer(),) if reviewers is None else tuple(reviewers)
    return Snapshot(cases=cases, reviewers=reviewers, **tables)
