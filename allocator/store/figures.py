"""The store in a few figures, of all areas together: for whoever watches over it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, func, select

from allocator.store import jobs as jobs_store
from allocator.store import orders
from allocator.store.kinds import CASES
from allocator.store.states import WAITING, State
from allocator.store.tables import jobs, records


def cases_by_state(connection: Connection) -> dict[str, int]:
    """How many cases are in each state; a duplicate is none."""
    query = select(records.c.state, func.count()).where(
        records.c.kind == "cases", records.c.merged_into.is_(None)
    )
    found = {row[0]: row[1] for row in connection.execute(query.group_by(records.c.state))}
    return {str(state): found.get(str(state), 0) for state in State}


def jobs_by_state(connection: Connection) -> dict[str, int]:
    """How many jobs are in each state."""
    query = select(jobs.c.state, func.count()).group_by(jobs.c.state)
    found = {row[0]: row[1] for row in connection.execute(query)}
    return {str(state): found.get(str(state), 0) for state in jobs_store.JobState}


def oldest_waiting_case(connection: Connection) -> date | None:
    """When the case was notified that has waited longest; None while none does. One out of scope does not."""
    first = func.min(records.c.body["notified_on"].as_string())
    oldest = connection.execute(
        select(first).where(
            records.c.kind == CASES,
            records.c.state.in_(sorted(WAITING)),
            records.c.removed.is_(False),
            records.c.merged_into.is_(None),
            records.c.body["out_of_scope"].as_string().is_(None),
        )
    ).scalar()
    return None if oldest is None else date.fromisoformat(oldest)


def failed_orders(connection: Connection) -> int:
    """How many standing orders made no plan when they were last to make one."""
    return sum(bool((one.outcome or {}).get("problem")) for one in orders.every(connection))


def oldest_waiting_job(connection: Connection) -> datetime | None:
    """When the job was asked for that has waited longest; None while none waits."""
    waiting = jobs.c.state == str(jobs_store.JobState.QUEUED)
    return connection.execute(select(func.min(jobs.c.made_at)).where(waiting)).scalar()
