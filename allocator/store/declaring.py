"""Independence declared: what a reviewer says to a case of which no organisation is known."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from allocator.errors import Unknown
from allocator.store import cases, records
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.tables import declarations


def declare(tx: Tx, case_id: str, reviewer_id: str) -> None:
    """Nothing; the reviewer has declared that they are independent of a case.

    Raises
    ------
    Unknown
        There is no such case or reviewer.
    """
    cases.found_case(tx.connection, case_id)
    if records.get(tx.connection, "reviewers", reviewer_id) is None:
        raise Unknown("not-found", reviewer_id, f"there is no {reviewer_id} among the reviewers")
    if (case_id, reviewer_id) in declared(tx.connection, [case_id]):
        return
    row = {"case_id": case_id, "reviewer_id": reviewer_id, "declared_at": tx.at, "actor": tx.actor}
    tx.connection.execute(insert(declarations), row)
    append(tx, [Entry("declare", "cases", case_id, None, {"reviewer_id": reviewer_id})])


def declared(connection: Connection, case_ids: Iterable[str]) -> set[tuple[str, str]]:
    """Case and reviewer of each declaration about some cases."""
    found: set[tuple[str, str]] = set()
    for some in records.chunks(sorted(set(case_ids))):
        rows = connection.execute(select(declarations).where(declarations.c.case_id.in_(some)))
        found |= {(row.case_id, row.reviewer_id) for row in rows}
    return found
