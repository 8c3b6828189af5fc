"""Retention: what a case said is deleted some time after it has ended, and that it was there stays.

The audit keeps its lines, whose digests are salted by what is deleted with the values: the chain still
verifies, and nothing can be guessed back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from allocator.store import chain, events, quarantine, sessions, sources
from allocator.store.chain import Entry
from allocator.store.database import Tx
from allocator.store.records import chunks
from allocator.store.repeats import KEPT
from allocator.store.states import ENDED
from allocator.store.tables import (
    audit_lines,
    jobs,
    merges,
    notices,
    plan_lines,
    plans,
    records,
    repeats,
    risks,
    versions,
)


def forget(tx: Tx, before: datetime) -> tuple[str, ...]:
    """The ids of the cases whose values were deleted: those that ended before then, and duplicates.

    With them goes what plans of that time said, what came of jobs that ended then, the answers that are
    kept for calls sent again, who was signed in then, what rows said that were set aside until then, and
    events whose own time is over.
    """
    gone = (audit_lines.c.kind == "cases") & (audit_lines.c.action == chain.FORGET)
    ended = select(records.c.record_id).where(
        records.c.kind == "cases",
        records.c.state.in_([str(state) for state in ENDED]),
        records.c.changed_at < before,
        records.c.merged_into.is_(None),
        records.c.record_id.not_in(select(audit_lines.c.record_id).where(gone)),
    )
    done = set(tx.connection.execute(ended).scalars())
    for some in chunks(sorted(done)):
        merged = select(merges.c.duplicate).where(merges.c.kept.in_(some), merges.c.undone_at.is_(None))
        done |= set(tx.connection.execute(merged).scalars())
    ids = sorted(done)
    for some in chunks(ids):
        _forget(tx, some)
    old = plans.c.made_at < before
    tx.connection.execute(update(plans).where(old).values(document=b"", certificate=b""))
    of_old = plan_lines.c.plan.in_(select(plans.c.plan).where(old))
    tx.connection.execute(update(plan_lines).where(of_old).values(advice=None))
    over = jobs.c.ended_at < before
    tx.connection.execute(update(jobs).where(over).values(answer=None, problem=None, progress=None))
    tx.connection.execute(delete(repeats).where(repeats.c.answered_at < tx.now - KEPT))
    sessions.forget_before(tx, before)
    quarantine.forget(tx, ids, before)
    events.forget_before(tx, tx.now - events.KEPT)
    chain.append(tx, [Entry(chain.FORGET, "cases", one) for one in ids])
    return tuple(ids)


def _forget(tx: Tx, ids: Sequence[str]) -> None:
    chain.forget(tx, "cases", ids)
    sources.forget(tx, ids)
    of_cases = (records.c.kind == "cases") & records.c.record_id.in_(ids)
    tx.connection.execute(update(records).where(of_cases).values(body={}))
    theirs = (versions.c.kind == "cases") & versions.c.record_id.in_(ids)
    tx.connection.execute(update(versions).where(theirs).values(body=None))
    tx.connection.execute(delete(notices).where(notices.c.case_id.in_(ids)))
    tx.connection.execute(delete(risks).where(risks.c.case_id.in_(ids)))
    tx.connection.execute(update(plan_lines).where(plan_lines.c.case_id.in_(ids)).values(advice=None))
    tx.connection.execute(update(merges).where(merges.c.duplicate.in_(ids)).values(before={}))
