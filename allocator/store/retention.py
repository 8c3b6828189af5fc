"""Retention: what a case said is deleted some time after it has ended, and that it was there stays.

The audit keeps its lines, whose digests are salted by what is deleted with the values: the chain still
verifies, and nothing can be guessed back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from allocator.store import chain
from allocator.store.chain import Entry
from allocator.store.database import Tx
from allocator.store.records import chunks
from allocator.store.states import ENDED
from allocator.store.tables import merges, notices, records, versions


def forget(tx: Tx, before: datetime) -> tuple[str, ...]:
    """The ids of the cases whose values were deleted: those that ended before then, and duplicates."""
    ended = select(records.c.record_id).where(
        records.c.kind == "cases",
        records.c.state.in_([str(state) for state in ENDED]),
        records.c.changed_at < before,
        records.c.area.is_not(None),
    )
    done = set(tx.connection.execute(ended).scalars())
    for some in chunks(sorted(done)):
        merged = select(merges.c.duplicate).where(merges.c.kept.in_(some), merges.c.undone_at.is_(None))
        done |= set(tx.connection.execute(merged).scalars())
    ids = sorted(done)
    for some in chunks(ids):
        _forget(tx, some)
    chain.append(tx, [Entry("forget", "cases", one) for one in ids])
    return tuple(ids)


def _forget(tx: Tx, ids: Sequence[str]) -> None:
    chain.forget(tx, "cases", ids)
    of_cases = (records.c.kind == "cases") & records.c.record_id.in_(ids)
    tx.connection.execute(update(records).where(of_cases).values(body={}, area=None))
    theirs = (versions.c.kind == "cases") & versions.c.record_id.in_(ids)
    tx.connection.execute(update(versions).where(theirs).values(body=None, area=None))
    tx.connection.execute(delete(notices).where(notices.c.case_id.in_(ids)))
    tx.connection.execute(update(merges).where(merges.c.duplicate.in_(ids)).values(before={}))
