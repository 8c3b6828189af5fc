"""Which runner works on which job: one at a time, on a lease that it renews.

A runner that dies loses its lease, and the job is begun again, though not for ever; what the dead one would
still say is refused. Areas take turns: one that asks for much does not keep the others waiting.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from allocator.errors import Conflict
from allocator.store.database import Tx
from allocator.store.jobs import Job, JobState, end, found_job
from allocator.store.tables import jobs

LEASE_SECONDS = 15.0
MOST_ATTEMPTS = 3


def claim(tx: Tx) -> Job | None:
    """The job whose turn it is, on a lease of the caller's; None if none waits.

    A job whose runner's lease has run out is taken again, and is failed where that was the last attempt.
    """
    _bury(tx)
    waiting = list(tx.connection.execute(select(jobs).where(_is_free(tx.now))))
    if not waiting:
        return None
    row = min(waiting, key=_turn(tx.connection, tx.now))
    lease = secrets.token_hex(8)
    values = {
        "state": JobState.RUNNING,
        "attempt": row.attempt + 1,
        "lease": lease,
        "lease_until": tx.now + timedelta(seconds=LEASE_SECONDS),
        "started_at": tx.at,
        "progress": None,
    }
    tx.connection.execute(update(jobs).where(jobs.c.job_id == row.job_id).values(values))
    return found_job(tx.connection, row.job_id)


def renew(tx: Tx, job: Job, progress: Mapping[str, Any] | None) -> bool:
    """Whether somebody wants it to stop; the lease is a fresh one, and the progress is told.

    Raises
    ------
    Conflict
        `lease-lost`: another runner has it, or it has ended.
    """
    _check_lease(tx, job)
    values: dict[str, Any] = {"lease_until": tx.now + timedelta(seconds=LEASE_SECONDS)}
    if progress is not None:
        values["progress"] = dict(progress)
    tx.connection.execute(update(jobs).where(jobs.c.job_id == job.job_id).values(values))
    return found_job(tx.connection, job.job_id).asked_to_stop


def finish(
    tx: Tx,
    job: Job,
    plan: int | None = None,
    problem: Mapping[str, Any] | None = None,
    answer: bytes | None = None,
) -> None:
    """Nothing; the job has ended with a plan, with an answer for who sent a snapshot, or with why not.

    Raises
    ------
    Conflict
        `lease-lost`: another runner has it, or it has ended. What came of it here counts for nothing.
    """
    _check_lease(tx, job)
    end(tx, [job.job_id], plan, problem, answer)


def give_back(tx: Tx, job: Job) -> None:
    """Nothing; the job waits again, for whoever comes next.

    Raises
    ------
    Conflict
        `lease-lost`: another runner has it, or it has ended.
    """
    _check_lease(tx, job)
    values = {"state": JobState.QUEUED, "lease": None, "lease_until": None, "progress": None}
    tx.connection.execute(update(jobs).where(jobs.c.job_id == job.job_id).values(values))


def running(connection: Connection, now: datetime) -> int:
    """How many jobs somebody works on, as far as their leases tell."""
    query = select(func.count()).where(jobs.c.state == JobState.RUNNING, _is_leased(now))
    return int(connection.execute(query).scalar_one())


def _is_free(now: datetime) -> Any:
    """That nobody has a job: it waits, or its runner's lease has run out."""
    return (jobs.c.state == JobState.QUEUED) | _is_lost(now)


def _is_lost(now: datetime) -> Any:
    """That a runner's lease has run out, or is longer than any: the clock was set back since."""
    return (jobs.c.state == JobState.RUNNING) & ~_is_leased(now)


def _is_leased(now: datetime) -> Any:
    return jobs.c.lease_until.between(now, now + timedelta(seconds=LEASE_SECONDS))


def _turn(connection: Connection, now: datetime) -> Any:
    """How soon a job's turn is: few of its areas' run, theirs began longest ago, it waits longest."""
    busy = select(jobs.c.lane, func.count()).where(jobs.c.state == JobState.RUNNING, _is_leased(now))
    running = {str(lane): int(count) for lane, count in connection.execute(busy.group_by(jobs.c.lane))}
    begun = select(jobs.c.lane, func.max(jobs.c.started_at)).group_by(jobs.c.lane)
    last = {str(lane): at.isoformat() for lane, at in connection.execute(begun) if at is not None}
    return lambda row: (running.get(row.lane, 0), last.get(row.lane, ""), row.made_at, row.job_id)


def _bury(tx: Tx) -> None:
    """Fail what was begun as often as it may be and whose runner is gone."""
    lost = select(jobs.c.job_id).where(_is_lost(tx.now), jobs.c.attempt >= MOST_ATTEMPTS)
    spent = tx.connection.execute(lost)
    detail = f"Whoever made it died {MOST_ATTEMPTS} times; a smaller area or a shorter limit may do."
    end(tx, [row.job_id for row in spent], None, {"code": "killed", "detail": detail})


def _check_lease(tx: Tx, job: Job) -> None:
    row = tx.connection.execute(select(jobs).where(jobs.c.job_id == job.job_id)).first()
    if row is None or row.state != JobState.RUNNING or row.lease != job.lease or row.lease_until < tx.now:
        raise Conflict("lease-lost", job.job_id, f"job {job.job_id} is no longer this runner's")
