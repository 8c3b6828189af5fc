"""Work that takes its time: a plan to be made is a row, from the wish for it to what came of it.

Whoever works on one has it on a lease: see `allocator.store.leasing`.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, case, func, insert, select, true, update

from allocator.errors import Unknown
from allocator.store.chain import Entry, append
from allocator.store.database import Tx
from allocator.store.events import Kind, News, tell
from allocator.store.tables import jobs

KIND, STOPPED = "jobs", "stopped"
SHARE, UNSHARE = "share", "unshare"
OTHER = "kind"
"""The option that says what a job is that is no plan."""


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = frozenset({JobState.QUEUED, JobState.RUNNING})


@dataclass(frozen=True)
class Wish:
    """A plan that somebody wants.

    Parameters
    ----------
    areas : the areas whose waiting cases are planned; empty: all
    options : how far to search, as `allocator.jobs.Options` reads it
    snapshot : the JSON text of a snapshot that was sent; None: the queue that is kept
    """

    actor: str
    areas: tuple[str, ...]
    options: Mapping[str, Any]
    snapshot: bytes | None = None

    @property
    def lane(self) -> str:
        """Who takes turns with whom: the areas that it is for."""
        return "+".join(self.areas)[:64]


@dataclass(frozen=True)
class Job:
    """A wish, and what has become of it.

    Parameters
    ----------
    sent : whether it is of a snapshot that was sent, which is gone once the job has ended
    lease : names the runner that has it; None: nobody
    progress : seconds, values, bounds and gaps so far; None before the first plan
    plan : the number of the plan that was made
    problem : `code` and `detail` of why there is none, and its `errors`
    shared_with : the role whose people may read it too; None: whoever wished it alone
    """

    job_id: str
    wish: Wish
    sent: bool
    state: JobState
    attempt: int
    lease: str | None
    asked_to_stop: bool
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    progress: Mapping[str, Any] | None
    plan: int | None
    problem: Mapping[str, Any] | None
    shared_with: str | None


def submit(tx: Tx, wish: Wish) -> Job:
    """The job that is now waiting for a runner."""
    job_id = secrets.token_hex(8)
    row = {
        "job_id": job_id,
        "actor": wish.actor,
        "lane": wish.lane,
        "areas": list(wish.areas),
        "options": dict(wish.options),
        "snapshot": None if wish.snapshot is None else zlib.compress(wish.snapshot, 6),
        "sent": wish.snapshot is not None,
        "state": JobState.QUEUED,
        "attempt": 0,
        "asked_to_stop": False,
        "made_at": tx.at,
    }
    tx.connection.execute(insert(jobs), row)
    append(tx, [Entry("submit", KIND, job_id, None, {"areas": list(wish.areas)})])
    return found_job(tx.connection, job_id)


def stop(tx: Tx, job_id: str) -> Job:
    """The job: what runs ends soon and keeps its best plan, what waits ends now.

    Raises
    ------
    Unknown
        There is none of that id.
    """
    job = found_job(tx.connection, job_id)
    if job.state in OPEN and not job.asked_to_stop:
        tx.connection.execute(update(jobs).where(jobs.c.job_id == job_id).values(asked_to_stop=True))
        append(tx, [Entry("stop", KIND, job_id)])
    if job.state is JobState.QUEUED:
        end(tx, [job_id], None, {"code": STOPPED, "detail": "It was stopped before it began."})
    return found_job(tx.connection, job_id)


def share(tx: Tx, job_id: str, role: str | None) -> Job:
    """The job, which others of a role may read now; None: nobody else may any more.

    Raises
    ------
    Unknown
        There is none of that id.
    """
    if found_job(tx.connection, job_id).shared_with != role:
        tx.connection.execute(update(jobs).where(jobs.c.job_id == job_id).values(shared_with=role))
        action, told = (UNSHARE, None) if role is None else (SHARE, {"with": role})
        append(tx, [Entry(action, KIND, job_id, None, told)])
    return found_job(tx.connection, job_id)


def found_job(connection: Connection, job_id: str) -> Job:
    """A job.

    Raises
    ------
    Unknown
        There is none of that id.
    """
    found = find_job(connection, job_id)
    if found is None:
        raise Unknown("not-found", job_id, f"there is no job {job_id}")
    return found


def find_job(connection: Connection, job_id: str) -> Job | None:
    """A job; None if there is none of that id."""
    row = connection.execute(select(jobs).where(jobs.c.job_id == job_id)).first()
    return None if row is None else _job(row)


def answer_of(connection: Connection, job_id: str) -> bytes | None:
    """The JSON text that a job of a snapshot that was sent has for an answer; None if it has none."""
    packed = connection.execute(select(jobs.c.answer).where(jobs.c.job_id == job_id)).scalar()
    return None if packed is None else zlib.decompress(packed)


@dataclass(frozen=True)
class Reader:
    """Who asks for jobs.

    Parameters
    ----------
    areas : whose jobs are theirs too; None: those of all
    """

    actor: str
    role: str
    areas: Collection[str] | None


def plans_of(connection: Connection, reader: Reader, limit: int, job_id: str | None = None) -> list[Job]:
    """The newest plans that are somebody's, so many at most, or the one of an id.

    They are those of snapshots that they sent, and of the queue of areas that are all theirs.
    """
    is_sender = jobs.c.actor == reader.actor
    is_theirs = case((jobs.c.sent, is_sender), else_=_is_within(connection, reader))
    return _latest(connection, jobs.c.options[OTHER].as_string().is_(None) & is_theirs, limit, job_id)


def others_of(
    connection: Connection, reader: Reader, kinds: Collection[str], limit: int, job_id: str | None = None
) -> list[Job]:
    """The newest jobs of some kinds that somebody may read, so many at most, or the one of an id.

    They are those that they wished, and those of areas that are all theirs that are shared with their role.
    """
    is_shared = (jobs.c.shared_with == reader.role) & _is_within(connection, reader)
    is_theirs = (jobs.c.actor == reader.actor) | is_shared
    return _latest(connection, jobs.c.options[OTHER].as_string().in_(kinds) & is_theirs, limit, job_id)


def _latest(connection: Connection, wanted: Any, limit: int, job_id: str | None) -> list[Job]:
    query = select(jobs).where(wanted).order_by(jobs.c.made_at.desc(), jobs.c.job_id).limit(limit)
    if job_id is not None:
        query = query.where(jobs.c.job_id == job_id)
    return [_job(row) for row in connection.execute(query)]


def _is_within(connection: Connection, reader: Reader) -> Any:
    """That a job is of areas that are all somebody's; one of none is of all."""
    if reader.areas is None:
        return true()
    is_postgresql = connection.dialect.name == "postgresql"
    parts = func.jsonb_array_elements_text if is_postgresql else func.json_each
    area = parts(jobs.c.areas).table_valued("value")
    outside = select(area.c.value).where(area.c.value.not_in(reader.areas))
    return (jobs.c.lane != "") & ~outside.exists()


def counts(connection: Connection) -> dict[str, int]:
    """How many jobs are in each state."""
    query = select(jobs.c.state, func.count()).group_by(jobs.c.state)
    return {str(state): int(count) for state, count in connection.execute(query)}


def end(
    tx: Tx,
    job_ids: Iterable[str],
    plan: int | None,
    problem: Mapping[str, Any] | None,
    answer: bytes | None = None,
) -> None:
    """Nothing; the jobs have ended, with a plan, with an answer or with why not."""
    for job_id in job_ids:
        values = {
            "state": JobState.FAILED if problem else JobState.DONE,
            "plan": plan,
            "problem": None if problem is None else dict(problem),
            "ended_at": tx.at,
            "lease": None,
            "lease_until": None,
            "snapshot": None,
            "answer": None if answer is None else zlib.compress(answer, 6),
        }
        tx.connection.execute(update(jobs).where(jobs.c.job_id == job_id).values(values))
        told = {"plan": plan} if problem is None else {"code": problem["code"]}
        append(tx, [Entry("end", KIND, job_id, None, told)])
        if problem is not None:
            _tell_failure(tx, job_id, str(problem["code"]))


def _tell_failure(tx: Tx, job_id: str, code: str) -> None:
    """Tell that a plan of the queue is none; who stopped it, or sent a snapshot, looks at the job."""
    job = found_job(tx.connection, job_id)
    if not job.sent and OTHER not in job.wish.options and code != STOPPED:
        tell(tx, [News(Kind.FAILED, job_id, {"job": job_id, "code": code}, job.wish.areas or (None,))])


def _job(row: Row[Any]) -> Job:
    sent = None if row.snapshot is None else zlib.decompress(row.snapshot)
    return Job(
        job_id=row.job_id,
        wish=Wish(row.actor, tuple(row.areas), row.options, sent),
        sent=row.sent,
        state=JobState(row.state),
        attempt=row.attempt,
        lease=row.lease,
        asked_to_stop=row.asked_to_stop,
        made_at=row.made_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        progress=row.progress,
        plan=row.plan,
        problem=row.problem,
        shared_with=row.shared_with,
    )
