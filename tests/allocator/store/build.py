"""A small service to test with: two areas, three reviewers, and cases as they are notified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from allocator.store import Database, Tx, import_tables
from allocator.store.plans import Made, propose

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

AREAS = [{"area": "QAA", "neighbours": ["QBB"]}, {"area": "QBB"}]
REVIEWERS = [
    {"reviewer_id": "R1", "areas": ["QAA"], "hours_per_week": 20, "skills": ["senior"]},
    {"reviewer_id": "R2", "areas": ["QBB"], "hours_per_week": 20, "skills": ["senior"]},
    {"reviewer_id": "R3", "areas": ["QAA"], "hours_per_week": 10, "review_types": ["initial"]},
]


def case(case_id: str = "C1", **fields: Any) -> dict[str, Any]:
    """A case as a case system tells of it."""
    plain = {"area": "QAA", "notified_on": "2026-09-01", "review_type": "initial", "organisations": ["RYY"]}
    return {"case_id": case_id, **plain, **fields}


def at(database: Database, moment: datetime = NOW) -> AbstractContextManager[Tx]:
    """A write at a moment."""
    return database.write("key:test", lambda: moment)


def by_hand(tx: Tx, *lines: tuple[str, str, str], moved_from: Mapping[str, str] | None = None) -> int:
    """The number of a plan whose lines are given here, good or not."""
    told = [
        {
            "case_id": case_id,
            "role": role,
            "reviewer_id": who,
            "change": "new",
            "previous_reviewer_id": (moved_from or {}).get(case_id),
        }
        for case_id, role, who in lines
    ]
    document = {"plan_id": "by-hand", "as_of": DAY.isoformat(), "assignments": told}
    return propose(tx, Made(document, {}, tx.at)).plan


def fill(
    database: Database, *cases: Mapping[str, Any], moment: datetime = NOW, **tables: Sequence[Any]
) -> None:
    """Nothing; the database has the two areas, the three reviewers and these cases."""
    document = {"areas": AREAS, "reviewers": REVIEWERS, "cases": cases, **tables}
    with at(database, moment) as tx:
        import_tables(tx, document, DAY)
